"""The phone's push and pull: operations carried out one by one; changes since; a digest to compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ScalarResult, and_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinical.check_in import CheckInDraft
from clinical.instruments.response import FormDraft
from models.check_ins import CheckIn
from models.infusions import Infusion
from services import check_ins
from services.context import Context
from services.errors import CursorExpired
from services.questionnaires import responses
from services.revisions import WriteResult, in_force

T = TypeVar("T")
Row = TypeVar("Row", CheckIn, Infusion)


@dataclass(frozen=True, slots=True)
class Change:
    """A record of a patient's that changed with `change_seq`."""

    type: str
    id: str
    row: CheckIn | Infusion


@dataclass(frozen=True, slots=True)
class Changes:
    """A run of changes in order, up to `next_seq`."""

    changes: list[Change]
    next_seq: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class MonthDigest:
    """How many days of a month are answered, and a hash of their answers."""

    month: str
    count: int
    sha256: str


def put_or_remove_check_in(
    ctx: Context, local_date: date, draft: CheckInDraft | None, base_version: int | None
) -> WriteResult[CheckIn]:
    """Carry out one operation of a push in a savepoint of its own; no draft means to remove the day.

    The operations before it stay carried out, whatever it raises.
    """

    def carry_out() -> WriteResult[CheckIn]:
        if draft is None:
            return check_ins.remove(ctx, None, local_date, base_version)
        return check_ins.put(ctx, None, local_date, draft, base_version)

    return _in_savepoint(ctx.session, carry_out)


def put_form(
    ctx: Context, response_id: UUID, draft: FormDraft, base_version: int | None
) -> responses.FormResult:
    """Store one form of a push in a savepoint of its own; raises what `questionnaires.responses.put` does."""
    return _in_savepoint(ctx.session, lambda: responses.put(ctx, None, response_id, draft, base_version))


def _in_savepoint(session: Session, carry_out: Callable[[], T]) -> T:
    try:
        with session.begin_nested():
            return carry_out()
    except IntegrityError:
        # A concurrent twin stored it first. Look again: this is the same request sent twice.
        with session.begin_nested():
            return carry_out()


def changes(ctx: Context, patient_id: UUID | None, since: int, limit: int) -> Changes:
    """Return what changed after `since`, each thing once and as it is now.

    Raises CursorExpired when the patient's count is below `since`: this is not the server that gave it.
    """
    session = ctx.session
    patient = ctx.load_patient(patient_id)
    if since > patient.change_seq:
        raise CursorExpired
    # Not beyond the count read above: what is stored meanwhile comes with the next page, all of it in order.
    span = (since, patient.change_seq)
    days = _changed(session, CheckIn, patient.id, span, limit)
    infusions = _changed(session, Infusion, patient.id, span, limit)
    changed = [Change("check_in", str(day.local_date), day) for day in days]
    given = [Change("infusion", str(infusion.id), infusion) for infusion in infusions]
    found = sorted([*changed, *given], key=lambda change: change.row.change_seq)
    has_more = len(found) > limit
    page = found[:limit]
    return Changes(page, page[-1].row.change_seq if has_more else patient.change_seq, has_more)


def _changed(
    session: Session, table: type[Row], patient_id: UUID, span: tuple[int, int], limit: int
) -> ScalarResult[Row]:
    since, until = span
    within = and_(table.change_seq > since, table.change_seq <= until)
    query = (
        select(table)
        .where(table.patient_id == patient_id, within, in_force(table))
        .order_by(table.change_seq)
        .limit(limit + 1)
    )
    return session.scalars(query)


def digest(ctx: Context, patient_id: UUID | None, first: date | None, last: date | None) -> list[MonthDigest]:
    """Count and hash the answered days month by month; docs/sync.md specifies how a phone does the same."""
    patient = ctx.load_patient(patient_id)
    query = select(CheckIn).where(
        CheckIn.patient_id == patient.id, CheckIn.removed.is_(False), in_force(CheckIn)
    )
    if first is not None:
        query = query.where(CheckIn.local_date >= first)
    if last is not None:
        query = query.where(CheckIn.local_date <= last)
    months: dict[str, list[str]] = defaultdict(list)
    for row in ctx.session.scalars(query.order_by(CheckIn.local_date)):
        months[row.local_date.isoformat()[:7]].append(digest_line(row))
    return [
        MonthDigest(month, len(lines), sha256("".join(lines).encode()).hexdigest())
        for month, lines in sorted(months.items())
    ]


def digest_line(row: CheckIn) -> str:
    """Write a day as the digest hashes it: its date and answers, in a form any language can make."""
    return "\t".join(_digest_fields(row)) + "\n"


def _digest_fields(row: CheckIn) -> Iterator[str]:
    yield row.local_date.isoformat()
    for rating in (row.mood, row.enjoyment, row.anxiety):
        yield "-" if rating is None else str(rating)
    if row.side_effects is None:
        yield "-"
    else:
        yield ",".join(f"{effect['code']}={effect['severity']}" for effect in row.side_effects)
    yield "-" if row.note is None else sha256(row.note.encode()).hexdigest()
    # At the end and only where answered: a phone that does not know the question agrees on all other days.
    if row.benefit_left is not None:
        yield str(row.benefit_left)
    if row.ratings is not None:
        yield ",".join(f"{code}={rating}" for code, rating in sorted(row.ratings.items()))
