"""Compute outlooks, cache them, and return the cached one while nothing that it was computed from changes.

The row of `cached_outlooks` carries the versions of everything it was computed from. Whatever changes a
patient's outlook also increments their `change_seq` in the same transaction, so that equal versions mean
fresh, and no cache entry is ever invalidated explicitly. Equal versions give equal text on one processor;
across processors floats may differ in the last digits, which `clinical.outlook.fields` removes but for
values at the boundary of a rounding step. The stored text is returned as it is, wherever it was computed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Text, and_, bindparam, select
from sqlalchemy import cast as as_type
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.booking import BookingReview
from clinical.current_course import current_course, proposed_course
from clinical.holds import HoldReason
from clinical.outlook import ENGINE_VERSION, outlook
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.response_review import review_finding, review_state, stop_finding
from clinical.worklist_entry import seen_attention
from models.clinics import Clinic
from models.database import Database, refresh_snapshot
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.tenancy import prepared
from services import clock_bounds, custom_instruments
from services.access import Actor, load_patient, patient_of
from services.clinic_settings import mode_shown, prior_in_use, recalibration_in_use, settings_as_of
from services.columns import to_json
from services.context import Context
from services.daily_rating_choices import asked_by_patient
from services.errors import NotFound
from services.exposure import exposed, facts_of
from services.histories import histories, side_effects_by_day
from services.infusion_bookings import decided_bookings, review
from services.infusion_sessions import settings as session_settings
from services.outlooks.documents import document, outlook_document
from services.outlooks.history import ComputedForecast, last_change_number, record_changes
from services.questionnaires.schedules import Forms, forms_of
from services.revisions import AsOf, as_of_for
from services.safety.alerts import OpenAlerts, open_alerts
from services.summaries import PatientFacts, SummaryFacts, booked_infusions, summarize
from services.worklist_attention import Organisation, attention_facts, urgency

BATCH = 200
"""Patients whose outlooks are computed at a time. Operational."""
MAX_BATCHES = 100
"""Maximum batches of one request. Operational."""
LONGEST_FRESH = timedelta(hours=26)
"""Longest time for which an outlook is cached: a day, and the hour of a clock change. Operational."""


@dataclass(frozen=True, slots=True)
class OutlookSnapshot:
    """One patient's summary and outlook as the JSON text that is stored, and their `outlook_id`.

    `outlook_id` is also the ETag: a request that names it is answered 304 without parsing either text.
    `is_current` is false for those of an earlier instant, whose `outlook_id` is an ETag only.
    """

    patient_id: UUID
    outlook_id: str
    summary_text: str
    outlook_text: str
    is_current: bool = True

    @property
    def summary(self) -> dict[str, Any]:
        """The summary as a document."""
        return cast("dict[str, Any]", json.loads(self.summary_text))

    @property
    def outlook(self) -> dict[str, Any]:
        """The outlook as a document."""
        return cast("dict[str, Any]", json.loads(self.outlook_text))

    @property
    def outlook_with_id(self) -> dict[str, Any]:
        """The outlook with its `outlook_id`, which a decision on it has to send; a past one has none."""
        return {"outlook_id": self.outlook_id, **self.outlook} if self.is_current else self.outlook


@dataclass(frozen=True, slots=True)
class ComputedOutlook:
    """A row for the cache, which holds what may be shown, and the forecast for the history."""

    row: CachedOutlook
    forecast: ComputedForecast


CACHED_COLUMNS = (
    CachedOutlook.patient_id,
    CachedOutlook.change_seq,
    CachedOutlook.settings_version,
    CachedOutlook.engine_version,
    CachedOutlook.today,
    as_type(CachedOutlook.summary, Text).label("summary"),
    as_type(CachedOutlook.outlook, Text).label("outlook"),
)
"""The columns that `snapshot_of` reads; documents as text, since a reader with the ETag needs no parsing."""

IS_FRESH = and_(
    CachedOutlook.patient_id == Patient.id,
    CachedOutlook.change_seq == Patient.change_seq,
    CachedOutlook.settings_version == Clinic.version + session_settings.VERSION + custom_instruments.VERSION,
    CachedOutlook.engine_version == ENGINE_VERSION,
    CachedOutlook.fresh_from <= bindparam("now"),
    CachedOutlook.fresh_until > bindparam("now"),
)
"""Whether the cached outlook is what would be computed at `now`; joins Patient, Clinic and CachedOutlook."""

_CURRENT = prepared(
    select(Patient.id, *CACHED_COLUMNS)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(CachedOutlook, IS_FRESH)
    .where(Patient.id == bindparam("patient"))
)
_STALE = prepared(
    select(Patient)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(CachedOutlook, IS_FRESH)
    .where(Patient.discharged_at.is_(None), CachedOutlook.patient_id.is_(None))
    .order_by(Patient.id)
    .limit(BATCH)
)


def snapshot(ctx: Context, database: Database, patient_id: UUID | None) -> OutlookSnapshot:
    """Return a patient's current outlook from the cache, computed and cached first if it is stale.

    Raises NotFound.
    """
    which = {"patient": patient_of(ctx.actor, patient_id), "now": ctx.now}
    found = ctx.session.execute(_CURRENT, which).one_or_none()
    if found is None:
        raise NotFound
    _, *cached = found
    if cached[0] is not None:
        return snapshot_of(cached)
    patient = ctx.load_patient(patient_id)
    (computed,) = _compute(ctx.session, [patient], ctx.now)
    # A read does not wait for a busy database: uncached, the next reader computes the same.
    with suppress(OperationalError):
        _store_separately(database, patient.clinic_id, [computed], ctx.now)
    return _snapshot(computed.row)


def snapshot_in_transaction(ctx: Context, patient: Patient) -> OutlookSnapshot:
    """Return the current outlook of a locked patient, and make sure that the history has its forecast.

    What is computed is stored in the same transaction.
    """
    _, *cached = ctx.session.execute(_CURRENT, {"patient": patient.id, "now": ctx.now}).one()
    if cached[0] is not None and last_change_number(ctx.session, patient.id):
        return snapshot_of(cached)
    (computed,) = _compute(ctx.session, [patient], ctx.now)
    store(ctx.session, patient.clinic_id, [computed], ctx.now)
    ctx.session.flush()
    return _snapshot(computed.row)


def snapshot_of(columns: Sequence[Any]) -> OutlookSnapshot:
    """Return the snapshot that the values of CACHED_COLUMNS hold."""
    patient_id, change_seq, settings_version, engine_version, today, summary, outlook_text = columns
    outlook_id = outlook_id_of(change_seq, settings_version, engine_version, today)
    return OutlookSnapshot(patient_id, outlook_id, summary, outlook_text)


def snapshot_as_of(
    session: Session, actor: Actor, patient_id: UUID | None, as_of: datetime
) -> OutlookSnapshot:
    """Return the outlook that today's engine computes from what was known at an earlier instant.

    The clinic's settings are those of that instant; but a forecast is shown only if it is shown today too.
    Nothing is stored. Raises NotFound.
    """
    patient = load_patient(session, actor, patient_id)
    known = as_of_for(actor, patient.id, as_of)
    (computed,) = _compute(session, [patient], as_of, known)
    removed = "" if known is None or known.without_removed_of is None else "-without-removed"
    return _snapshot(computed.row, f"-{as_of.timestamp():.6f}{removed}")


def refresh(session: Session, database: Database, clinic_id: UUID, now: datetime) -> int:
    """Compute and cache every stale outlook of a clinic; return how many were stored."""
    refreshed = 0
    for _ in range(MAX_BATCHES):
        stale = list(session.scalars(_STALE, {"now": now}))
        if not stale:
            return refreshed
        refreshed += _store_separately(database, clinic_id, _compute(session, stale, now), now)
        refresh_snapshot(session)
    return refreshed


def _snapshot(row: CachedOutlook, instant: str = "") -> OutlookSnapshot:
    outlook_id = outlook_id_of(row.change_seq, row.settings_version, row.engine_version, row.today) + instant
    return OutlookSnapshot(
        row.patient_id, outlook_id, json.dumps(row.summary), json.dumps(row.outlook), is_current=not instant
    )


def outlook_id_of(change_seq: int, settings_version: int, engine_version: str, today: date) -> str:
    """Return the ETag and `outlook_id` of an outlook: the versions of everything it was computed from."""
    return f"s{change_seq}-{settings_version}-{engine_version}-{today:%Y%m%d}"


def _compute(
    session: Session, patients: Sequence[Patient], now: datetime, as_of: AsOf | None = None
) -> list[ComputedOutlook]:
    """Compute outlooks and summaries of patients of one clinic, in as many queries as for one patient."""
    ids = [patient.id for patient in patients]
    clinic = session.get_one(Clinic, patients[0].clinic_id)
    # All versions only grow, so that each change gives a new sum. Read before the data: a change in between
    # makes the row stale, and never a stale row look fresh.
    versions = select(session_settings.VERSION + custom_instruments.VERSION)
    settings_version = clinic.version + session.scalars(versions).one()
    instant = None if as_of is None else as_of.instant
    settings = settings_as_of(session, clinic, instant)
    mode, prior = mode_shown(settings, clinic), prior_in_use(session, settings)
    recalibration = recalibration_in_use(session, settings)
    known = histories(session, clinic, ids, as_of)
    effects = side_effects_by_day(session, ids, as_of)
    booked = booked_infusions(session, ids, as_of)
    decided, alerts = decided_bookings(session, ids, instant), open_alerts(session, ids, instant)
    forms, facts = forms_of(session, ids, as_of), facts_of(session, ids, as_of)
    asked = asked_by_patient(session, ids, as_of)
    computed = []
    for patient in patients:
        today = local_day.today(now, patient.time_zone, patient.day_start_hour)
        whole, patient_effects = known[patient.id], effects[patient.id]
        history = current_course(whole, today)
        visible = shown(history, today, mode, prior, recalibration)
        treated = exposed(facts, patient.id, whole, patient_effects, today)
        holds = treated.reasons
        booking = review(history, visible, booked[patient.id], decided.get(patient.id))
        response = review_state(history, settings.review_after_days, today)
        organisation = replace(
            _organisation(patient, alerts.get(patient.id), booking, holds),
            review_due=review_finding(response, today),
            stop_decided=stop_finding(history, response, today),
        )
        proposed = proposed_course(whole, today, settings.new_course_gap_days)
        found = urgency(history, attention_facts(history, visible, organisation), proposed)
        named = PatientFacts(
            patient.record_number,
            patient.display_name,
            patient.time_zone,
            patient.day_start_hour,
            asked.get(patient.id, ()),
            treated.last_dose,
            treated.exposure,
            found.phq_9,
            facts.consulted.get(patient.id),
            response.due_on if response is not None and response.awaited else None,
        )
        summary_facts = SummaryFacts(
            patient=named,
            effects=patient_effects,
            booked=booked[patient.id],
            open_alert_count=organisation.alert_count,
            forms=forms.get(patient.id, Forms()),
            reasons_to_hold=holds,
            attention=found.attention,
            headline=found.headline,
            proposed_course=proposed,
            booking=booking,
        )
        summary = summarize(patient.id, whole, today, summary_facts)
        seen = seen_attention(found.attention, today, booking, holds, summary.last_infusion_on)
        row = CachedOutlook(
            patient_id=patient.id,
            change_seq=patient.change_seq,
            settings_version=settings_version,
            engine_version=ENGINE_VERSION,
            today=today,
            fresh_from=now - clock_bounds.LEEWAY,
            fresh_until=min(
                local_day.turn_of_day(now, patient.time_zone, patient.day_start_hour), now + LONGEST_FRESH
            ),
            status=str(visible.status),
            attention_level=found.attention.level,
            attention_since=found.attention.since,
            due_on=visible.recommended_on or visible.protocol_latest_on or date.max,
            not_booked=seen.not_booked,
            attention=to_json(seen),
            summary=document(summary),
            outlook={
                "headline": found.outlook_headline,
                "reasons_to_hold": document(holds),
                **outlook_document(visible),
            },
        )
        # In a silent trial the forecast itself goes to the history, hidden, to be evaluated later.
        forecast = visible
        if mode is Mode.SILENT and as_of is None:
            forecast = outlook(history, today, prior, recalibration)
        computed.append(ComputedOutlook(row, ComputedForecast(patient.id, forecast, mode is Mode.SHOWN)))
    return computed


def _organisation(
    patient: Patient,
    alerts: OpenAlerts | None,
    booking: BookingReview,
    holds: tuple[HoldReason, ...],
) -> Organisation:
    return Organisation(
        alert_count=0 if alerts is None else alerts.count,
        acknowledged_alert_count=0 if alerts is None else alerts.acknowledged_count,
        alert_since=None
        if alerts is None
        else local_day.today(alerts.since, patient.time_zone, patient.day_start_hour),
        booked_on=booking.booked_on,
        booking_conflict=booking.conflict,
        holds=holds,
    )


def _store_separately(
    database: Database, clinic_id: UUID, computed: Sequence[ComputedOutlook], now: datetime
) -> int:
    """Store outlooks in a short write transaction of their own, after computing; return how many."""
    try:
        with database.write(clinic_id) as session:
            return store(session, clinic_id, computed, now)
    except IntegrityError:
        # Another reader inserted the same patient's row first: equal to ours, or found stale next time.
        return 0


def store(session: Session, clinic_id: UUID, computed: Sequence[ComputedOutlook], now: datetime) -> int:
    """Cache outlooks in place of older ones, and record changed forecasts in the history; return how many."""
    query = select(CachedOutlook).where(
        CachedOutlook.patient_id.in_([each.row.patient_id for each in computed])
    )
    # A reference to each row, or the session would forget it and merge would query it again.
    cached = {row.patient_id: row for row in session.scalars(query)}
    # A reader who computed from newer data has stored already; an older result must not replace it.
    newer = [each for each in computed if not _is_older(each.row, cached.get(each.row.patient_id), now)]
    record_changes(session, [each.forecast for each in newer], now)
    for each in newer:
        write = session.merge if each.row.patient_id in cached else session.add
        write(_copy(each.row, clinic_id))
    return len(newer)


def _is_older(row: CachedOutlook, cached: CachedOutlook | None, now: datetime) -> bool:
    """Return whether a row was computed from older data than the cached one.

    The day decides last: a patient who travels west is a day back, but that is a newer `change_seq`. The day
    of a clock that is ahead of ours decides nothing.
    """
    if cached is None or cached.engine_version != row.engine_version:
        return False
    ours, theirs = (row.change_seq, row.settings_version), (cached.change_seq, cached.settings_version)
    if ours == theirs:
        return row.today < cached.today and cached.fresh_from <= now
    return ours[0] < theirs[0] or ours[1] < theirs[1]


def _copy(row: CachedOutlook, clinic_id: UUID) -> CachedOutlook:
    values = {name: getattr(row, name) for name in CachedOutlook.__mapper__.columns.keys()}  # noqa: SIM118
    return CachedOutlook(**{**values, "clinic_id": clinic_id})
