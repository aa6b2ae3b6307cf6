"""The phone's push and pull: operations carried out one by one; changes since; a digest to compare."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarResult, Select, and_, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.check_in import CheckInDraft
from clinical.instruments.response import FormDraft
from clinical.sentences import Sentence
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.questionnaires import QuestionnaireResponse
from models.scores import Score
from models.sync import PushResult
from services import check_ins
from services.context import Context
from services.dates import NotBegun, date_errors
from services.errors import Conflict, CursorExpired, FieldError
from services.questionnaires import responses
from services.revisions import WriteResult, in_force
from services.scores import record_id_of

RESULT_LIFETIME: Final = timedelta(days=30)
"""How long the result of a pushed operation is stored, and so how late a phone may retry it. A proposal: a
phone retries within a quarter of an hour while it is online. Operational."""

T = TypeVar("T")
Row = TypeVar("Row", CheckIn, Infusion, Score, QuestionnaireResponse)


@dataclass(frozen=True, slots=True)
class Change:
    """A record of a patient's that changed with `change_seq`."""

    type: str
    id: str
    row: CheckIn | Infusion | Score | QuestionnaireResponse
    removed: bool


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


class PushResults:
    """The results of a patient's earlier operations by their idempotency keys, under the patient's lock.

    Of two identical pushes at the same time the second waits for the first's lock, and is answered with the
    results that the first stored. Results are deleted after RESULT_LIFETIME, with the patient's next push.
    """

    def __init__(self, ctx: Context, op_ids: Iterable[UUID]) -> None:
        self._ctx, self._patient_id = ctx, ctx.load_patient(None, lock=True).id
        of_patient = PushResult.patient_id == self._patient_id
        expired = of_patient, PushResult.stored_at < ctx.now - RESULT_LIFETIME
        if ctx.session.scalar(select(PushResult.op_id).where(*expired).limit(1)) is not None:
            ctx.session.execute(delete(PushResult).where(*expired))
        rows = ctx.session.scalars(
            select(PushResult).where(of_patient, PushResult.op_id.in_(map(str, op_ids)))
        )
        self._stored = {row.op_id: row for row in rows}

    def find(self, op_id: UUID, content_hash: str) -> dict[str, Any] | None:
        """Return the result of an operation that was pushed before; raises Conflict for another content."""
        row = self._stored.get(str(op_id))
        if row is not None and row.content_hash != content_hash:
            sentence = Sentence("Another operation was pushed under this op_id: give each operation its own.")
            raise Conflict(FieldError("/op_id", "op_id_reused", sentence))
        return None if row is None else row.result

    def store(self, op_id: UUID, content_hash: str, result: dict[str, Any]) -> None:
        """Store the final result of an operation, to be returned when it is pushed again."""
        row = PushResult(
            patient_id=self._patient_id,
            op_id=str(op_id),
            content_hash=content_hash,
            result=result,
            stored_at=self._ctx.now,
        )
        self._ctx.session.add(row)
        self._stored[row.op_id] = row

    def revision(self, key: date | UUID, version: int) -> CheckIn | QuestionnaireResponse | None:
        """Return the revision that the conflict of an operation showed, by the key of its record."""
        query: Select[Any]
        if isinstance(key, UUID):
            form = QuestionnaireResponse
            query = select(form).where(form.id == key, form.version == version)
            query = query.where(form.patient_id == self._patient_id)
        else:
            query = select(CheckIn).where(CheckIn.local_date == key, CheckIn.version == version)
            query = query.where(CheckIn.patient_id == self._patient_id)
        found: CheckIn | QuestionnaireResponse | None = self._ctx.session.scalar(query)
        return found


def content_hash(key: date | UUID, draft: CheckInDraft | FormDraft | None, base_version: int | None) -> str:
    """Return the SHA-256 of what an operation means, however its JSON was written.

    `key` is the day of a check-in or the id of a form. Where two drafts differ in `recorded_at` and
    `time_zone` alone, they mean the same, as they do in `check_ins.put`.
    """
    answers = {} if draft is None else asdict(draft)
    for name in ("recorded_at", "time_zone"):
        answers.pop(name, None)
    if answers.get("side_effects"):
        answers["side_effects"] = sorted(answers["side_effects"], key=itemgetter("code"))
    content = [str(key), base_version or 0, draft is None, answers]
    return sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def put_or_remove_check_in(
    ctx: Context, local_date: date, draft: CheckInDraft | None, base_version: int | None
) -> WriteResult[CheckIn]:
    """Carry out one operation of a push in a savepoint of its own; no draft means to remove the day.

    The operations before it stay carried out, whatever it raises: NotBegun, or what `check_ins` raises.
    """
    _check_begun(ctx, local_date, "local_date", "parameter")

    def carry_out() -> WriteResult[CheckIn]:
        if draft is None:
            return check_ins.remove(ctx, None, local_date, base_version)
        return check_ins.put(ctx, None, local_date, draft, base_version)

    return _in_savepoint(ctx.session, carry_out)


def put_form(
    ctx: Context, response_id: UUID, draft: FormDraft, base_version: int | None
) -> responses.FormResult:
    """Store one form of a push in a savepoint of its own; raises NotBegun, or what `responses.put` raises."""
    _check_begun(ctx, draft.local_date, "/local_date", "body")
    return _in_savepoint(ctx.session, lambda: responses.put(ctx, None, response_id, draft, base_version))


def _check_begun(ctx: Context, day: date, pointer: str, place: str) -> None:
    """Refuse a day ahead before anything else is compared: the same operation is accepted once it begins."""
    if not local_day.has_begun_somewhere(day, ctx.now):
        raise NotBegun(*date_errors(day, ctx.now, pointer, place=place))


def _in_savepoint(session: Session, carry_out: Callable[[], T]) -> T:
    try:
        with session.begin_nested():
            return carry_out()
    except IntegrityError:
        # Not expected, since the patient's lock is held: the savepoint keeps the operations before this one,
        # and a second run finds what the constraint reported.
        with session.begin_nested():
            return carry_out()


def changes(ctx: Context, patient_id: UUID | None, since: int, limit: int) -> Changes:
    """Return the records that changed after `since`, each once and in its current version.

    Raises CursorExpired when the patient's count is below `since`: this is not the server that gave it.
    """
    session = ctx.session
    patient = ctx.load_patient(patient_id)
    if since > patient.change_seq:
        raise CursorExpired
    # Up to the `change_seq` read above: later changes belong to the next page.
    span = (since, patient.change_seq)
    days = _changed(session, CheckIn, patient.id, span, limit)
    infusions = _changed(session, Infusion, patient.id, span, limit)
    entered = _changed(session, Score, patient.id, span, limit)
    # Of a questionnaire the total is a change, once it has one, and when it has one no more.
    had_total = or_(QuestionnaireResponse.total.is_not(None), QuestionnaireResponse.version > 1)
    answered = _changed(session, QuestionnaireResponse, patient.id, span, limit, had_total)
    found = [Change("check_in", str(day.local_date), day, day.removed) for day in days]
    found += [Change("infusion", str(infusion.id), infusion, infusion.removed) for infusion in infusions]
    found += [
        Change("score", record_id_of(row.instrument, row.local_date), row, row.removed) for row in entered
    ]
    found += [Change("score", str(row.id), row, row.removed or row.total is None) for row in answered]
    found.sort(key=lambda change: change.row.change_seq)
    has_more = len(found) > limit
    page = found[:limit]
    return Changes(page, page[-1].row.change_seq if has_more else patient.change_seq, has_more)


def _changed(
    session: Session,
    table: type[Row],
    patient_id: UUID,
    span: tuple[int, int],
    limit: int,
    *only: ColumnElement[bool],
) -> ScalarResult[Row]:
    since, until = span
    within = and_(table.change_seq > since, table.change_seq <= until, *only)
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
