"""Record how a patient left after an infusion; every revision stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from clinical.infusion import GIVEN
from clinical.infusion_session import NEAREST, AccompaniedBy, DischargeChecks, monitoring_minutes
from clinical.sentences import Sentence
from models.infusion_sessions import DischargeCheck
from models.infusions import Infusion
from services import infusions
from services.context import Context
from services.errors import FieldError, Invalid
from services.infusion_sessions import timeline
from services.infusion_sessions.settings import settings_in_force
from services.revisions import Revisions, WriteResult

NOT_CHECKED = DischargeChecks()


@dataclass(frozen=True, slots=True)
class DischargeDraft:
    """When and with whom a patient left, and what was checked before."""

    left_at: datetime
    accompanied_by: AccompaniedBy
    checks: DischargeChecks = NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Discharged:
    """One revision of a discharge check with the infusion after which the patient left."""

    row: DischargeCheck
    infusion: Infusion

    @property
    def draft(self) -> DischargeDraft:
        """The draft that the revision stores."""
        return _DischargeChecks.to_draft(self.row)

    @property
    def monitoring_minutes(self) -> int | None:
        """Minutes between the infusion's end and leaving; None where no end is known."""
        return monitoring_minutes(self.infusion.ended_at, self.row.left_at)

    @property
    def minimum_monitoring_met(self) -> bool | None:
        """Whether that was the minimum that the clinic had set then; None where it is not known."""
        stayed = self.monitoring_minutes
        return None if stayed is None else stayed >= self.row.minimum_monitoring_minutes


class _DischargeChecks(Revisions[DischargeCheck, DischargeDraft]):
    table = DischargeCheck
    draft = DischargeDraft
    key = ("infusion_id",)
    increments_change_seq = False
    infusion: Infusion

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the check; raises NotFound or Gone where the infusion is not there."""
        check = super().lock(ctx, patient_id, *key)
        check.infusion = infusions.read(ctx, patient_id, key[0])
        return check

    def validate(self, draft: DischargeDraft) -> None:
        """Refuse an impossible time, or an infusion that was not given."""
        if found := list(_wrong_times(self.ctx, draft.left_at, self.infusion)):
            raise Invalid(*found)

    def extra_columns(self, draft: DischargeDraft) -> dict[str, Any]:  # noqa: ARG002  it does not depend on the draft
        """Return the minimum stay of the time."""
        return {"minimum_monitoring_minutes": settings_in_force(self.ctx.session).minimum_monitoring_minutes}

    def current_for_error(self) -> Discharged | None:
        """Return the current check with its infusion."""
        return None if self.current is None else Discharged(self.current, self.infusion)


def put(
    ctx: Context,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: DischargeDraft,
    expected_version: int | None,
) -> WriteResult[Discharged]:
    """Store a discharge check, or recognise that it is stored already; every revision stays.

    Leaving before the clinic's minimum stay is stored and shown, not refused. Raises NotFound or Gone where
    the infusion is not there, VersionRequired or Stale as check-ins do, and Invalid for an impossible time or
    an infusion that was not given.
    """
    check = _DischargeChecks.lock(ctx, patient_id, infusion_id)
    stored = check.append(draft, expected_version)
    return WriteResult(Discharged(stored.value, check.infusion), stored.outcome)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> Discharged:
    """Return the discharge check of an infusion; raises NotFound where nobody recorded one."""
    infusion = infusions.read(ctx, patient_id, infusion_id)
    return Discharged(_DischargeChecks.read(ctx, patient_id, infusion_id), infusion)


def _wrong_times(ctx: Context, left_at: datetime, infusion: Infusion) -> Iterable[FieldError]:
    arrived_at = timeline.arrival(ctx.session, infusion.patient_id, infusion.id)
    last = timeline.last_moment(ctx.session, infusion.patient_id, infusion.id)
    if infusion.status not in GIVEN:
        yield FieldError(
            "/left_at", "not_given", Sentence("Nobody leaves after an infusion that was not given.")
        )
    elif left_at > ctx.now:
        yield FieldError("/left_at", "in_the_future", Sentence("This has not happened yet."))
    elif arrived_at is not None and left_at < arrived_at:
        yield FieldError("/left_at", "before_arrival", Sentence("Nobody leaves before they arrived."))
    elif left_at < (infusion.ended_at or infusion.started_at):
        yield FieldError("/left_at", "before_end", Sentence("Nobody leaves before their infusion has ended."))
    elif abs(left_at - infusion.started_at) > NEAREST:
        yield FieldError(
            "/left_at", "outside_session", Sentence("It lies more than a day from the infusion's start.")
        )
    elif last is not None and left_at < last:
        sentence = Sentence("The session or a vital sign says that they were still there: correct it first.")
        yield FieldError("/left_at", "before_last_seen", sentence)
