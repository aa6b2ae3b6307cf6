"""Record and correct infusions; nothing is ever erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinical.dose import DoseWarning, dose_warnings
from clinical.holds import HoldReason
from clinical.infusion import GIVEN, InfusionReason, InfusionRecord, InfusionStatus
from clinical.local_day import CLOCK_TOLERANCE
from clinical.sentences import Sentence
from models.clinics import Clinic
from models.infusion_sessions import DischargeCheck, InfusionSession
from models.infusions import Infusion
from services import event_log
from services.access import CARE_TEAM, Actor, Role, role_names
from services.baselines import current_baseline
from services.context import Context
from services.errors import Conflict, FieldError, Forbidden, Invalid, ServiceError
from services.event_log import Concerned, Event
from services.infusion_records import dose_limits, holds_against, override_stamps, record_stamps, wrong_record
from services.infusion_times import validate_no_overlap, wrong_request, wrong_times
from services.revisions import Page, PageRequest, Revisions, WriteOutcome, WriteResult, in_force
from services.treatment_courses import last_began_on, rated_on

BOOKED: Final = ("started_at", "ended_at", "time_zone", "status", "requested_on")
"""What the front desk enters of an infusion, and why one was not given."""
NOTHING_RECORDED: Final = InfusionRecord()


@dataclass(frozen=True, slots=True)
class InfusionDraft:
    """What the clinic records of one infusion; `dose_mg` is the total given, `weight_kg` that day's.

    `requested_on` is the day on which the patient asked for it, None where that was not recorded.
    """

    started_at: datetime
    ended_at: datetime | None
    time_zone: str
    dose_mg: float | None
    weight_kg: float | None
    route: str
    status: InfusionStatus
    reason: InfusionReason
    record: InfusionRecord = NOTHING_RECORDED
    requested_on: date | None = None

    @property
    def dose(self) -> tuple[float | None, float | None]:
        """Dose in mg and weight in kg."""
        return self.dose_mg, self.weight_kg


class NotCleared(ServiceError):
    """The consultation does not clear this infusion, and the clinic refuses it; `hold_codes` names why."""

    code = "not_cleared"
    detail = Sentence(
        "The consultation does not clear this patient for treatment, and this clinic then "
        "refuses infusions. A clinician can record the consultation; what was given already is "
        "recorded with override_reason."
    )


class _Infusions(Revisions[Infusion, InfusionDraft]):
    table = Infusion
    draft = InfusionDraft
    key = ("id",)
    order = ("started_at", "id")

    def extra_columns(self, draft: InfusionDraft) -> dict[str, Any]:
        """Return the day in its own time zone, the dose limits it exceeds, and what is overridden."""
        stamps = record_stamps(self.ctx, draft.record, draft.dose, self.current)
        overridden = override_stamps(self.ctx, draft.record, self._holds(draft), self.current)
        return {"local_date": _local_date(draft), **stamps, **overridden}

    def booking(self, draft: InfusionDraft) -> InfusionDraft:
        """Return a booking with what was entered before; raises Forbidden for more than a booking."""
        current = self.current_value
        given = current is not None and current.status in GIVEN
        of_booking = InfusionRecord(not_done_reason=draft.record.not_done_reason)
        if given or draft.status in GIVEN or draft.dose != (None, None) or draft.record != of_booking:
            detail = Sentence(
                "The front desk books, moves and cancels infusions; what was given is the care team's."
            )
            raise Forbidden(detail, required_roles=role_names(CARE_TEAM))
        if current is None:
            return draft
        record = replace(current.record, not_done_reason=draft.record.not_done_reason)
        return replace(current, record=record, **{name: getattr(draft, name) for name in BOOKED})

    def validate(self, draft: InfusionDraft) -> None:
        """Refuse times that cannot be, or that contradict other infusions, the baseline or its session.

        A dose above the clinic's limits needs a confirmation.
        """
        span = draft.started_at, draft.ended_at
        found = [
            *wrong_times(draft.status, span, _local_date(draft), self.ctx.now),
            *wrong_request(draft.requested_on, _local_date(draft), self._latest_today(draft)),
            *wrong_record(self.ctx, draft.record, draft.dose),
        ]
        if found:
            raise Invalid(*found)
        validate_no_overlap(self.ctx.session, (self.patient.id, self.key_values[0]), draft.status, span)
        self._validate_after_baseline(draft)
        self._validate_cleared(draft)
        if self.current is not None:
            self._validate_within_session(self.current, draft)

    def _latest_today(self, draft: InfusionDraft) -> date:
        return (self.ctx.now + CLOCK_TOLERANCE).astimezone(ZoneInfo(draft.time_zone)).date()

    def _holds(self, draft: InfusionDraft) -> tuple[HoldReason, ...]:
        return holds_against(self.ctx.session, self.patient.id, draft.status, _local_date(draft))

    def _validate_cleared(self, draft: InfusionDraft) -> None:
        """Refuse, where the clinic wants so, what is new and not cleared by the consultation."""
        current = self.current
        if current is not None and not current.removed:
            # A correction of something else leaves what was booked or given as it was.
            stored = (InfusionStatus(current.status) in GIVEN, current.local_date)
            if stored == (draft.status in GIVEN, _local_date(draft)) and current.status != "not_done":
                return
        clinic = self.ctx.session.get_one(Clinic, self.patient.clinic_id)
        # What was given must be recorded, whatever the setting.
        overridden = draft.status in GIVEN and draft.record.override_reason is not None
        if not clinic.refuse_unsuitable or overridden:
            return
        holds = self._holds(draft)
        if holds:
            members: dict[str, Any] = {"hold_codes": [str(hold.code) for hold in holds]}
            raise NotCleared(**(members if sees_all(self.ctx.actor) else {}))

    def _validate_after_baseline(self, draft: InfusionDraft) -> None:
        if draft.status not in GIVEN:
            return
        session, day = self.ctx.session, _local_date(draft)
        # A course may have a rated baseline of its own; the patient's is that of the last course.
        assessed_on = rated_on(session, self.patient.id, day)
        began_on = last_began_on(session, self.patient.id)
        if assessed_on is None and (began_on is None or day >= began_on):
            baseline = current_baseline(session, self.patient.id)
            assessed_on = None if baseline is None or baseline.removed else baseline.assessed_on
        if assessed_on is not None and day < assessed_on:
            sentence = Sentence(
                "The baseline was judged after this day: withdraw it, or date it before the infusion."
            )
            raise Conflict(FieldError("/started_at", "before_baseline", sentence))

    def _validate_within_session(self, current: Infusion, draft: InfusionDraft) -> None:
        """Refuse a correction that starts before the recorded arrival, ends after leaving, or undoes a dose.

        What is there before a start (arrival, checks, vital signs) may belong to an infusion that was not
        given: the patient came, was measured and was sent home.
        """
        around, left_at = self._session_around(current)
        if draft.status not in GIVEN:
            if current.status in GIVEN and (
                left_at or (around and (around.rate_changes or around.side_effects))
            ):
                sentence = Sentence(
                    "Its session or discharge check says that it was given; one entered in error is removed."
                )
                raise Conflict(FieldError("/status", "given", sentence))
            return
        if around is not None and draft.started_at < around.arrived_at:
            sentence = Sentence("The session says that they arrived later: correct it first.")
            raise Conflict(FieldError("/started_at", "before_arrival", sentence))
        if left_at is not None and (draft.ended_at or draft.started_at) > left_at:
            sentence = Sentence("The discharge check says that they left before: correct it first.")
            raise Conflict(FieldError("/ended_at", "after_leaving", sentence))

    def _session_around(self, current: Infusion) -> tuple[InfusionSession | None, datetime | None]:
        around = self.ctx.session.scalar(
            select(InfusionSession).where(
                InfusionSession.patient_id == current.patient_id,
                InfusionSession.infusion_id == current.id,
                in_force(InfusionSession),
            )
        )
        left_at = self.ctx.session.scalar(
            select(DischargeCheck.left_at).where(
                DischargeCheck.patient_id == current.patient_id,
                DischargeCheck.infusion_id == current.id,
                in_force(DischargeCheck),
            )
        )
        return around, left_at


def put(
    ctx: Context,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: InfusionDraft,
    expected_version: int | None,
) -> WriteResult[Infusion]:
    """Record an infusion under the id its client gave it, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for times that cannot be or a dose above
    the clinic's limits that nobody confirmed, NotCleared for what the consultation does not clear in a clinic
    that refuses it, and Conflict when it overlaps another infusion, contradicts its
    session, or lies before the day of the baseline.
    Who books only leaves what the care team entered as it is, and raises Forbidden for more than a booking.
    """
    infusion = _Infusions.lock(ctx, patient_id, infusion_id)
    if not sees_all(ctx.actor):
        draft = infusion.booking(draft)
    stored = infusion.append(draft, expected_version)
    if stored.outcome is not WriteOutcome.UNCHANGED and stored.value.overridden_at == ctx.now:
        holds, concerned = stored.value.overridden_holds, Concerned(patient_id=infusion.patient.id)
        details = {"infusion_id": str(infusion_id), "hold_codes": holds}
        event_log.record(ctx, Event.HOLD_OVERRIDDEN, concerned, **details)
    return stored


def warnings(ctx: Context, stored: Infusion) -> tuple[HoldReason | DoseWarning, ...]:
    """Return why the consultation does not clear a stored infusion, and what its dose was not compared with.

    Nothing of the consultation where that was overridden, and nothing at all for the front desk.
    """
    if not sees_all(ctx.actor):
        return ()
    of_dose = dose_warnings(stored.dose_mg, stored.weight_kg, dose_limits(ctx.session))
    if stored.override_reason is not None:
        return of_dose
    status = InfusionStatus(stored.status)
    return (*holds_against(ctx.session, stored.patient_id, status, stored.local_date), *of_dose)


def sees_all(actor: Actor) -> bool:
    """Return whether somebody is shown a whole infusion, rather than when it is booked and its status."""
    return not actor.has(Role.FRONT_DESK) or actor.has(*CARE_TEAM)


def remove(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, expected_version: int | None
) -> WriteResult[Infusion]:
    """Mark an infusion as entered in error; its revisions stay."""
    return _Infusions.lock(ctx, patient_id, infusion_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> Infusion:
    """Return one infusion; raises Gone for one entered in error."""
    return _Infusions.read(ctx, patient_id, infusion_id)


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[Infusion]:
    """Return a page of a patient's infusions, in order of start."""
    return _Infusions.page(ctx, patient_id, wanted)


def revisions(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, wanted: PageRequest
) -> Page[Infusion]:
    """Return a page of the revisions of an infusion, in order."""
    return _Infusions.revisions(ctx, patient_id, infusion_id, wanted=wanted)


def _local_date(draft: InfusionDraft) -> date:
    return draft.started_at.astimezone(ZoneInfo(draft.time_zone)).date()
