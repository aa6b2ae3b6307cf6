"""Record every change of an outlook, visible or not, and list past outlooks with the decisions on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from clinical.outlook import NoForecastReason, Outlook
from clinical.outlook.mode import Mode
from clinical.sentences import Sentence
from clinical.target_measure import TargetMeasure
from models.accounts import Account
from models.clinics import Clinic
from models.outlooks import OutlookChange, OutlookDecision
from models.patients import Patient
from services.access import Role
from services.context import Context
from services.errors import ServiceError
from services.outlooks.documents import outlook_document
from services.revisions import Page, PageRequest, paged


@dataclass(frozen=True, slots=True)
class ComputedForecast:
    """The outlook computed for one patient, and whether it was visible to anyone."""

    patient_id: UUID
    outlook: Outlook
    shown: bool


class NothingShown(ServiceError):
    """The clinic does not show its forecasts, neither current nor past ones, and so takes no decisions."""

    code = "nothing_shown"
    detail = Sentence("This clinic does not show its forecasts.")


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as one actor may read it, with the display name of the clinician who made it.

    `status` and `recommended_on` are those of the outlook, None where no forecast is shown; `reason` is a
    clinician's own words, None for an API client.
    """

    row: OutlookDecision
    decided_by: Mapping[str, Any]
    status: str | None
    recommended_on: date | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class PastOutlook:
    """One entry of the history, and the decisions that were made while it was the current one."""

    change: OutlookChange
    decisions: tuple[DecisionView, ...]

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as it was computed when the entry was recorded."""
        return self.change.outlook


def record_changes(session: Session, forecasts: Sequence[ComputedForecast], now: datetime) -> None:
    """Add an entry for each forecast that differs from the patient's last entry.

    It differs by its status, its reason for no forecast, its recommended day or its target measure; and by
    becoming visible or hidden, since whatever was shown must be recorded from its first day. A period of
    being switched off is one entry, and none for a patient without entries.
    """
    before = _latest_entries(session, [each.patient_id for each in forecasts])
    for each in forecasts:
        outlook, reason = each.outlook, each.outlook.no_forecast_reason
        reason_code = None if reason is None else str(reason)
        number, *last = before.get(each.patient_id, (0,))
        off = NoForecastReason.SWITCHED_OFF
        if reason is off and (not last or last[1] == off):
            continue
        measure = str(outlook.target_measure)
        if last == [str(outlook.status), reason_code, outlook.recommended_on, each.shown, measure]:
            continue
        session.add(
            OutlookChange(
                patient_id=each.patient_id,
                number=number + 1,
                computed_at=now,
                today=outlook.today,
                status=str(outlook.status),
                no_forecast_reason=reason_code,
                recommended_on=outlook.recommended_on,
                shown=each.shown,
                engine_version=outlook.engine_version,
                prior_version=outlook.prior_version,
                outlook=outlook_document(outlook),
            )
        )


def last_change_number(session: Session, patient_id: UUID) -> int:
    """Return the number of a patient's latest entry, 0 where there is none."""
    query = select(func.max(OutlookChange.number)).where(OutlookChange.patient_id == patient_id)
    return session.scalar(query) or 0


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[PastOutlook]:
    """Return a page of a patient's past outlooks, in the order of their numbers; its days are `today`.

    Raises NothingShown in a clinic that does not show its forecasts: past ones are forecasts too.
    """
    session, patient = ctx.session, ctx.load_patient(patient_id)
    if not forecasts_shown(session, patient):
        raise NothingShown
    query = select(OutlookChange).where(OutlookChange.patient_id == patient.id)
    if wanted.first is not None:
        query = query.where(OutlookChange.today >= wanted.first)
    if wanted.last is not None:
        query = query.where(OutlookChange.today <= wanted.last)
    found = paged(session, query, (OutlookChange.number,), wanted)
    decided = _decisions(session, patient.id, [change.number for change in found.items])
    by_entry = defaultdict(list)
    for view in decision_views(ctx, decided, forecasts=True):
        by_entry[view.row.change_number].append(view)
    items = [PastOutlook(change, tuple(by_entry[change.number])) for change in found.items]
    return Page(items, found.next_position)


def forecasts_shown(session: Session, patient: Patient) -> bool:
    """Return whether the patient's clinic shows its forecasts today."""
    return session.get_one(Clinic, patient.clinic_id).outlook_mode == Mode.SHOWN


def decision_views(ctx: Context, rows: Sequence[OutlookDecision], *, forecasts: bool) -> list[DecisionView]:
    """Return decisions as the actor may read them, without the outlook's own values unless `forecasts`."""
    query = select(Account.id, Account.display_name).where(
        Account.clinic_id == ctx.actor.clinic_id, Account.id.in_({row.decided_by for row in rows})
    )
    names = {account.id: account.display_name for account in ctx.session.execute(query)}
    return [
        DecisionView(
            row=row,
            decided_by={"id": row.decided_by, "display_name": names[row.decided_by]},
            status=row.status if forecasts else None,
            recommended_on=row.recommended_on if forecasts else None,
            reason=None if ctx.actor.has(Role.INTEGRATION) else row.reason,
        )
        for row in rows
    ]


def _decisions(session: Session, patient_id: UUID, numbers: Sequence[int]) -> list[OutlookDecision]:
    query = select(OutlookDecision).where(
        OutlookDecision.patient_id == patient_id, OutlookDecision.change_number.in_(numbers)
    )
    return list(session.scalars(query.order_by(OutlookDecision.decided_at, OutlookDecision.id)))


def _latest_entries(session: Session, patient_ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
    columns = (
        OutlookChange.status,
        OutlookChange.no_forecast_reason,
        OutlookChange.recommended_on,
        OutlookChange.shown,
        # Entries from before a measure could be chosen have none.
        func.coalesce(
            OutlookChange.outlook["target_measure"].as_string(), literal(str(TargetMeasure.WELLBEING))
        ),
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
