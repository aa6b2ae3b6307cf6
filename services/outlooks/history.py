"""When an outlook began to say something else, and what it said: shown or not, it is put on record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from clinical.outlook import NoForecastReason, Outlook
from clinical.outlook.visibility import Mode
from models.accounts import Account
from models.clinics import Clinic
from models.outlooks import OutlookChange, OutlookDecision
from models.patients import Patient
from services.access import Actor, Role, load_patient
from services.errors import ServiceError
from services.outlooks.documents import outlook_document


@dataclass(frozen=True, slots=True)
class Forecasted:
    """A forecast as it was made for one patient, and whether anybody could see it."""

    patient_id: UUID
    said: Outlook
    shown: bool


class NothingShown(ServiceError):
    """The clinic does not show its forecasts: none to decide on, and none of before to read."""

    code = "nothing_shown"
    detail = "This clinic does not show its forecasts."


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as it is told: with the name of whoever made it, and with no more than may be told.

    `status` and `recommended_on` are what the outlook said, None where no forecast is shown; `reason` is a
    clinician's own words, None for an integration.
    """

    row: OutlookDecision
    decided_by: Mapping[str, Any]
    status: str | None
    recommended_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of the record, and the decisions that were made while it stood."""

    change: OutlookChange
    decisions: tuple[DecisionView, ...]

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as it was given when it began to say this."""
        return self.change.outlook


def note_changes(session: Session, found: Sequence[Forecasted], now: datetime) -> None:
    """Put on record every forecast that says something else than the one recorded last.

    Something else is another status, another refusal or another recommended day; and being shown, or no
    longer, since what was shown must be on record from its first day. A time of being switched off is one
    entry, and none for a patient of whom nothing is on record.
    """
    before = _last(session, [each.patient_id for each in found])
    for each in found:
        said = each.said
        number, *last = before.get(each.patient_id, (0,))
        off = NoForecastReason.SWITCHED_OFF
        if said.no_forecast_reason is off and (not last or last[1] == off):
            continue
        if last == [str(said.status), _word(said.no_forecast_reason), said.recommended_on, each.shown]:
            continue
        session.add(
            OutlookChange(
                patient_id=each.patient_id,
                number=number + 1,
                computed_at=now,
                today=said.today,
                status=str(said.status),
                no_forecast_reason=_word(said.no_forecast_reason),
                recommended_on=said.recommended_on,
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

    Raises NothingShown in a clinic that does not show its forecasts: those shown before are forecasts too.
    """
    patient = load_patient(session, actor, patient_id)
    if not forecasts_shown(session, patient):
        raise NothingShown
    query = select(OutlookChange).where(OutlookChange.patient_id == patient.id)
    if before is not None:
        query = query.where(OutlookChange.number < before)
    changes = session.scalars(query.order_by(OutlookChange.number.desc()).limit(limit)).all()
    decided = _decisions(session, patient.id, [change.number for change in changes])
    by_entry = defaultdict(list)
    for told in decision_views(session, actor, decided, forecasts=True):
        by_entry[told.row.change_number].append(told)
    return [Past(change, tuple(by_entry[change.number])) for change in changes]


def forecasts_shown(session: Session, patient: Patient) -> bool:
    """Tell whether the patient's clinic shows its forecasts today."""
    return session.get_one(Clinic, patient.clinic_id).outlook_mode == Mode.SHOWN


def decision_views(
    session: Session, actor: Actor, rows: Sequence[OutlookDecision], *, forecasts: bool
) -> list[DecisionView]:
    """Give decisions as the actor may read them, without what the outlook said unless `forecasts`."""
    query = select(Account.id, Account.display_name).where(
        Account.clinic_id == actor.clinic_id, Account.id.in_({row.decided_by for row in rows})
    )
    names = {account.id: account.display_name for account in session.execute(query)}
    return [
        DecisionView(
            row=row,
            decided_by={"id": row.decided_by, "display_name": names[row.decided_by]},
            status=row.status if forecasts else None,
            recommended_on=row.recommended_on if forecasts else None,
            reason=None if actor.role is Role.INTEGRATION else row.reason,
        )
        for row in rows
    ]


def _decisions(session: Session, patient_id: UUID, numbers: Sequence[int]) -> list[OutlookDecision]:
    query = select(OutlookDecision).where(
        OutlookDecision.patient_id == patient_id, OutlookDecision.change_number.in_(numbers)
    )
    return list(session.scalars(query.order_by(OutlookDecision.decided_at, OutlookDecision.id)))


def _last(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    columns = (
        OutlookChange.status,
        OutlookChange.no_forecast_reason,
        OutlookChange.recommended_on,
        OutlookChange.shown,
    )
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
