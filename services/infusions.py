"""Record and correct infusions; nothing is ever erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from clinical.infusion import GIVEN, InfusionReason, InfusionStatus
from models.infusion_sessions import DischargeCheck, InfusionSession
from models.infusions import Infusion
from services.baselines import current_baseline
from services.context import Context
from services.errors import Conflict, FieldError, Invalid
from services.infusion_times import validate_no_overlap, wrong_times
from services.revisions import Page, PageRequest, Revisions, WriteResult, in_force


@dataclass(frozen=True, slots=True)
class InfusionDraft:
    """What the clinic records of one infusion; `dose_mg` is the total given, `weight_kg` that day's."""

    started_at: datetime
    ended_at: datetime | None
    time_zone: str
    dose_mg: float | None
    weight_kg: float | None
    route: str
    status: InfusionStatus
    reason: InfusionReason


class _Infusions(Revisions[Infusion, InfusionDraft]):
    table = Infusion
    draft = InfusionDraft
    key = ("id",)
    order = ("started_at", "id")

    def extra_columns(self, draft: InfusionDraft) -> dict[str, Any]:
        """Return the day on which it started, in its own time zone."""
        return {"local_date": _local_date(draft)}

    def validate(self, draft: InfusionDraft) -> None:
        """Refuse times that cannot be, or that contradict other infusions, the baseline or its session."""
        span = draft.started_at, draft.ended_at
        if found := list(wrong_times(draft.status, span, _local_date(draft), self.ctx.now)):
            raise Invalid(*found)
        validate_no_overlap(self.ctx.session, (self.patient.id, self.key_values[0]), draft.status, span)
        self._validate_after_baseline(draft)
        if self.current is not None:
            self._validate_within_session(self.current, draft)

    def _validate_after_baseline(self, draft: InfusionDraft) -> None:
        if draft.status not in GIVEN:
            return
        baseline = current_baseline(self.ctx.session, self.patient.id)
        if baseline is not None and not baseline.removed and _local_date(draft) < baseline.assessed_on:
            sentence = "The baseline was judged after this day: withdraw it, or date it before the infusion."
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
                sentence = (
                    "Its session or discharge check says that it was given; one entered in error is removed."
                )
                raise Conflict(FieldError("/status", "given", sentence))
            return
        if around is not None and draft.started_at < around.arrived_at:
            sentence = "The session says that they arrived later: correct it first."
            raise Conflict(FieldError("/started_at", "before_arrival", sentence))
        if left_at is not None and (draft.ended_at or draft.started_at) > left_at:
            sentence = "The discharge check says that they left before: correct it first."
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

    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for times that cannot be, and Conflict
    when it overlaps another infusion, contradicts its session, or lies before the day of the baseline.
    """
    return _Infusions.lock(ctx, patient_id, infusion_id).append(draft, expected_version)


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


def revisions(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> list[Infusion]:
    """Return every revision of an infusion, in order."""
    return _Infusions.revisions(ctx, patient_id, infusion_id)


def _local_date(draft: InfusionDraft) -> date:
    return draft.started_at.astimezone(ZoneInfo(draft.time_zone)).date()
