"""A clinic's infusions of some days, with what to check before each one that is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.booking import BookingCode, BookingFinding
from clinical.check_in import Severity
from clinical.holds import HoldCode, HoldReason
from clinical.infusion import GIVEN, InfusionStatus
from clinical.infusion_checks import (
    InfusionCheck,
    InfusionCheckFacts,
    Override,
    SevereSideEffects,
    infusion_checks,
)
from clinical.medical_history import MedicalHistoryEntry, MedicalList, holds_on
from clinical.sentences import Sentence
from clinical.side_effects import LABELS
from clinical.translations import stored_sentence
from models.clinics import Clinic
from models.database import Database
from models.infusion_sessions import InfusionSession
from models.infusions import Infusion
from models.outlooks import CachedOutlook
from models.patients import Patient
from services import infusions
from services.access import own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.half_benefit_recalls import answered_at_infusions
from services.medical_history import entries_of
from services.outlooks import current as current_outlooks
from services.outlooks.current import OutlookSnapshot
from services.revisions import Page, PageRequest, after_position, in_force, position_of

MAX_DAYS: Final = 62
"""Longest period of one list, days. Operational."""
ORDER: Final = (Infusion.started_at, Infusion.patient_id, Infusion.id)


@dataclass(frozen=True, slots=True)
class ClinicInfusion:
    """One infusion of the list, and its patient.

    `summary` is the patient's; it and `checklist` are None for those who are shown bookings alone, and the
    checklist is empty for an infusion that is not booked any more. `recall_answered` is whether the recall
    question was answered, None where it is not asked.
    """

    infusion: Infusion
    patient: Patient
    summary: Mapping[str, Any] | None = None
    checklist: tuple[InfusionCheck, ...] | None = None
    recall_answered: bool | None = None


def page(
    ctx: Context,
    database: Database,
    clinic_id: UUID,
    statuses: Sequence[InfusionStatus],
    wanted: PageRequest,
) -> Page[ClinicInfusion]:
    """Return a page of a clinic's infusions in order of their start; without days, those of today.

    Days are those of the infusions' own time zones, today is the clinic's. The number of queries does not
    grow with the infusions. Raises NotFound for another clinic, and Invalid for a period that is too long.
    """
    own_clinic(ctx.actor, clinic_id)
    first, last = _period(ctx, wanted)
    query = select(Infusion).where(
        Infusion.local_date.between(first, last),
        Infusion.status.in_([str(status) for status in statuses]),
        Infusion.removed.is_(False),
        in_force(Infusion),
    )
    found = list(ctx.session.scalars(after_position(query, ORDER, wanted)))
    items = found[: wanted.limit]
    next_position = position_of(items[-1], ORDER) if len(found) > wanted.limit else None
    return Page(_rows(ctx, database, clinic_id, items), next_position)


def _period(ctx: Context, wanted: PageRequest) -> tuple[date, date]:
    """Return the first and the last day; with one of them the other is the same day."""
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    today = local_day.today(ctx.now, clinic.time_zone, 0)
    first = wanted.first or wanted.last or today
    last = wanted.last or first
    if last - first >= timedelta(days=MAX_DAYS):
        sentence = Sentence("Ask for at most {number} days at a time.", number=MAX_DAYS)
        raise Invalid(FieldError("to", "period_too_long", sentence, "parameter"))
    return first, last


def _rows(
    ctx: Context, database: Database, clinic_id: UUID, items: Sequence[Infusion]
) -> list[ClinicInfusion]:
    session, ids = ctx.session, sorted({each.patient_id for each in items})
    if not infusions.sees_all(ctx.actor):
        patients = _patients(session, ids)
        return [ClinicInfusion(each, patients[each.patient_id]) for each in items]
    summaries = _summaries(ctx, database, clinic_id, ids)
    patients = _patients(session, ids)
    entries, severe = entries_of(session, ids), _severe_side_effects(session, ids)
    recalled = answered_at_infusions(session, session.get_one(Clinic, clinic_id), items)
    rows = []
    for each in items:
        patient, summary = patients[each.patient_id], summaries[each.patient_id]
        checks: tuple[InfusionCheck, ...] = ()
        if each.status == InfusionStatus.SCHEDULED:
            today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
            facts = InfusionCheckFacts(
                day=each.local_date,
                today=today,
                discharged=patient.discharged_at is not None,
                severe=severe.get(patient.id),
                recall_answered=recalled.get(each.id),
                override=None
                if each.override_reason is None
                else Override(frozenset(each.overridden_holds), each.override_reason),
                allergies=_names(entries[patient.id], MedicalList.ALLERGIES, each.local_date),
                medications=_names(entries[patient.id], MedicalList.MEDICATIONS, each.local_date),
                **_facts_of(summary),
            )
            checks = infusion_checks(facts)
        rows.append(ClinicInfusion(each, patient, summary, checks, recalled.get(each.id)))
    return rows


def _patients(session: Session, ids: Sequence[UUID]) -> dict[UUID, Patient]:
    return {each.id: each for each in session.scalars(select(Patient).where(Patient.id.in_(ids)))}


def _summaries(
    ctx: Context, database: Database, clinic_id: UUID, ids: Sequence[UUID]
) -> dict[UUID, dict[str, Any]]:
    """Return the current summary of each patient."""
    current_outlooks.refresh(ctx.session, database, clinic_id, ctx.now)
    query = (
        select(*current_outlooks.CACHED_COLUMNS)
        .select_from(Patient)
        .join(Clinic, Clinic.id == Patient.clinic_id)
        .join(CachedOutlook, current_outlooks.IS_FRESH)
        .where(Patient.id.in_(ids))
    )
    found: list[OutlookSnapshot] = [
        current_outlooks.snapshot_of(row) for row in ctx.session.execute(query, {"now": ctx.now})
    ]
    summaries = {each.patient_id: each.summary for each in found}
    for patient_id in set(ids) - summaries.keys():
        # Discharged, or changed since the refresh: computed alone, since a check must not be left out.
        summaries[patient_id] = current_outlooks.snapshot(ctx, database, patient_id).summary
    return summaries


def _facts_of(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts that the document of a summary states."""
    due_on = summary["response_review_due_on"]
    return {
        "alert_count": summary["open_alert_count"],
        "holds": [
            HoldReason(
                HoldCode(each["code"]),
                stored_sentence(each["text"]),
                each["numbers"],
                each["against_treatment"],
                _day(each["since_on"]),
            )
            for each in summary["reasons_to_hold"]
        ],
        "booking_findings": [
            BookingFinding(
                BookingCode(each["code"]), date.fromisoformat(each["day"]), stored_sentence(each["text"])
            )
            for each in summary["booking"]["findings"]
        ],
        "review_due_on": _day(due_on),
    }


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _names(
    entries: Sequence[tuple[MedicalList, MedicalHistoryEntry]], wanted: MedicalList, day: date
) -> list[str]:
    return [
        entry.name if entry.dosage is None else f"{entry.name} ({entry.dosage})"
        for name, entry in entries
        if name is wanted and holds_on(entry, day)
    ]


def _severe_side_effects(session: Session, ids: Sequence[UUID]) -> dict[UUID, SevereSideEffects]:
    """Return the severe side effects in each patient's last session."""
    given = (
        Infusion.patient_id.in_(ids),
        Infusion.status.in_([str(status) for status in GIVEN]),
        Infusion.removed.is_(False),
        in_force(Infusion),
    )
    last = (
        select(Infusion.patient_id, func.max(Infusion.started_at).label("started_at"))
        .where(*given)
        .group_by(Infusion.patient_id)
        .subquery()
    )
    query = (
        select(Infusion.patient_id, Infusion.local_date, InfusionSession.side_effects)
        .join(last, and_(last.c.patient_id == Infusion.patient_id, last.c.started_at == Infusion.started_at))
        .join(
            InfusionSession,
            and_(
                InfusionSession.clinic_id == Infusion.clinic_id,
                InfusionSession.patient_id == Infusion.patient_id,
                InfusionSession.infusion_id == Infusion.id,
            ),
        )
        .where(*given, in_force(InfusionSession))
    )
    return {
        patient_id: SevereSideEffects(day, _severe(effects))
        for patient_id, day, effects in session.execute(query)
    }


def _severe(effects: Sequence[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    codes = dict.fromkeys(each["code"] for each in effects if each["severity"] == Severity.SEVERE)
    return tuple(LABELS[code] for code in codes)
