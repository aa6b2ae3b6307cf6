"""The history of a patient's outlooks: each change of status, reason or date, shown or not."""

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
    """A forecast computed for one patient, and whether it was shown."""

    patient_id: UUID
    outlook: Outlook
    shown: bool


class NothingShown(ServiceError):
    """The clinic does not show its forecasts: none to decide on, and no earlier ones to read."""

    code = "nothing_shown"
    detail = "This clinic does not show its forecasts."


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as the reader may see it, with the name of the clinician.

    `status` and `recommended_on` are those of the outlook, None where no forecast is shown; `reason` is a
    clinician's own words, None for an integration.
    """

    row: OutlookDecision
    decided_by: Mapping[str, Any]
    status: str | None
    recommended_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of the history, and the decisions made while it was current."""

    change: OutlookChange
    decisions: tuple[DecisionView, ...]

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as it was at the change."""
        return self.change.outlook


def note_changes(session: Session, found: Sequence[Forecasted], now: datetime) -> None:
    """Add to the history every forecast that differs from the patient's latest entry.

    It differs by another status, reason for no forecast or recommended day; and by being shown, or no
    longer, since what was shown must be in the history from its first day. A time of being switched off is
    one entry, and none for a patient without history.
    """
    before = _last(session, [each.patient_id for each in found])
    for each in found:
        forecast = each.outlook
        number, *last = before.get(each.patient_id, (0,))
        off = NoForecastReason.SWITCHED_OFF
        if forecast.no_forecast_reason is off and (not last or last[1] == off):
            continue
        if last == [
            str(forecast.status),
            _word(forecast.no_forecast_reason),
            forecast.recommended_on,
            each.shown,
        ]:
            continue
        session.add(
            OutlookChange(
                patient_id=each.patient_id,
                number=number + 1,
                computed_at=now,
                today=forecast.today,
                status=str(forecast.status),
                no_forecast_reason=_word(forecast.no_forecast_reason),
                recommended_on=forecast.recommended_on,
                shown=each.shown,
                engine_version=forecast.engine_version,
                prior_version=forecast.prior_version,
                outlook=outlook_document(forecast),
            )
        )


def last_number(session: Session, patient_id: UUID) -> int:
    """Return the number of a patient's latest entry, 0 where there is none."""
    query = select(func.max(OutlookChange.number)).where(OutlookChange.patient_id == patient_id)
    return session.scalar(query) or 0


def history(
    session: Session, actor: Actor, patient_id: UUID | None, before: int | None, limit: int
) -> list[Past]:
    """Return a patient's history, the newest entry first: those under number `before`.

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
    for view in decision_views(session, actor, decided, forecasts=True):
        by_entry[view.row.change_number].append(view)
    return [Past(change, tuple(by_entry[change.number])) for change in changes]


def forecasts_shown(session: Session, patient: Patient) -> bool:
    """Return whether the patient's clinic shows its forecasts today."""
    return session.get_one(Clinic, patient.clinic_id).outlook_mode == Mode.SHOWN


def decision_views(
    session: Session, actor: Actor, rows: Sequence[OutlookDecision], *, forecasts: bool
) -> list[DecisionView]:
    """Return decisions as the actor may read them, without the forecast unless `forecasts`."""
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
