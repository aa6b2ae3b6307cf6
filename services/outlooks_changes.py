"""When an outlook began to say something else, and what it said: shown or not, it is put on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from clinical.outlook import Outlook
from clinical.outlook.showing import Mode
from models.clinics import Clinic
from models.outlooks import OutlookChange, OutlookDecision
from services.access import Actor, load_patient
from services.outlooks_documents import outlook_document


@dataclass(frozen=True, slots=True)
class Forecasted:
    """A forecast as it was made for one patient, and whether anybody could see it."""

    patient_id: UUID
    said: Outlook
    shown: bool


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of the record, and the decisions that were made while it stood."""

    change: OutlookChange
    decisions: tuple[OutlookDecision, ...]

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as it was given when it began to say this."""
        return self.change.outlook


def note_changes(session: Session, found: Sequence[Forecasted], now: datetime) -> None:
    """Put on record every forecast that says something else than the one recorded last.

    Something else is another status, another refusal or another recommended day; and being shown, or no
    longer, since what was shown must be on record from its first day.
    """
    before = _last(session, [each.patient_id for each in found])
    for each in found:
        said = each.said
        number, *last = before.get(each.patient_id, (0,))
        if last == [str(said.status), _word(said.refusal), said.recommended, each.shown]:
            continue
        session.add(
            OutlookChange(
                patient_id=each.patient_id,
                number=number + 1,
                noticed_at=now,
                today=said.today,
                status=str(said.status),
                refusal=_word(said.refusal),
                recommended=said.recommended,
                shown=each.shown,
                engine_version=said.engine_version,
                prior_version=said.prior_version,
                outlook=outlook_document(said),
            )
        )


def last_number(session: Session, patient_id: UUID) -> int:
    """The number of a patient's latest entry, 0 where there is none."""
    query = select(func.max(OutlookChange.number)).where(OutlookChange.patient_id == patient_id)
    return session.scalar(query) or 0


def history(
    session: Session, actor: Actor, patient_id: UUID | None, before: int | None, limit: int
) -> list[Past]:
    """List what a patient's outlook said before, the newest first: those under number `before`.

    A clinic that does not show its forecasts sees those that were shown when they were made, and no other.
    """
    patient = load_patient(session, actor, patient_id)
    query = select(OutlookChange).where(OutlookChange.patient_id == patient.id)
    if session.get_one(Clinic, patient.clinic_id).outlook_mode != Mode.SHOWN:
        query = query.where(OutlookChange.shown.is_(True))
    if before is not None:
        query = query.where(OutlookChange.number < before)
    changes = session.scalars(query.order_by(OutlookChange.number.desc()).limit(limit)).all()
    decided = _decisions(session, patient.id, [change.number for change in changes])
    return [Past(change, tuple(decided[change.number])) for change in changes]


def _decisions(
    session: Session, patient_id: UUID, numbers: Sequence[int]
) -> dict[int, list[OutlookDecision]]:
    query = select(OutlookDecision).where(
        OutlookDecision.patient_id == patient_id, OutlookDecision.change_number.in_(numbers)
    )
    found = defaultdict(list)
    for decision in session.scalars(query.order_by(OutlookDecision.decided_at, OutlookDecision.id)):
        found[decision.change_number].append(decision)
    return found


def _last(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    columns = OutlookChange.status, OutlookChange.refusal, OutlookChange.recommended, OutlookChange.shown
    latest = (
        select(OutlookChange.patient_id, func.max(OutlookChange.number))
        .where(OutlookChange.patient_id.in_(patient_ids))
        .group_by(OutlookChange.patient_id)
    )
    query = select(OutlookChange.patient_id, OutlookChange.number, *columns).where(
        tuple_(OutlookChange.patient_id, OutlookChange.number).in_(latest)
    )
    return {patient_id: tuple(rest) for patient_id, *rest in session.execute(query)}


def _word(word: Any) -> str | None:
    return None if word is None else str(word)
