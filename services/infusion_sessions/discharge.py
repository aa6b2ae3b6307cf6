"""Record how somebody left after an infusion; every revision is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.infusion import GIVEN
from clinical.infusion_session import NEAREST, AccompaniedBy, DischargeChecks, monitoring_minutes
from clinical.suitability import Answer
from models.infusion_sessions import DischargeCheck
from models.infusions import Infusion
from models.patients import Patient
from services import infusions
from services.access import Actor, load_patient
from services.check_ins import Outcome
from services.errors import FieldError, Invalid, NotFound
from services.infusion_sessions import timeline
from services.infusion_sessions.settings import settings_in_force
from services.revisions import check_version, in_force, next_revision

NOT_CHECKED = DischargeChecks()


@dataclass(frozen=True, slots=True)
class DischargeDraft:
    """When and with whom somebody left, and what was looked at before."""

    left_at: datetime
    accompanied_by: AccompaniedBy
    checks: DischargeChecks = NOT_CHECKED


@dataclass(frozen=True, slots=True)
class Discharged:
    """One revision of a discharge check with the infusion after which somebody left."""

    row: DischargeCheck
    infusion: Infusion

    @property
    def draft(self) -> DischargeDraft:
        """What the revision says."""
        return _said(self.row)

    @property
    def monitoring_minutes(self) -> int | None:
        """Minutes between the infusion's end and leaving; None where no end is known."""
        return monitoring_minutes(self.infusion.ended_at, self.row.left_at)

    @property
    def minimum_monitoring_met(self) -> bool | None:
        """Whether that was the minimum that the clinic had set then; None where nobody can say."""
        stayed = self.monitoring_minutes
        return None if stayed is None else stayed >= self.row.minimum_monitoring_minutes


@dataclass(frozen=True, slots=True)
class Kept:
    """A discharge check as it stands after a write, and whether the write changed it."""

    discharged: Discharged
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: DischargeDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a discharge check, or recognise that it is stored already; each revision is kept.

    Leaving before the clinic's minimum stay is kept and shown, not refused. Raises NotFound or Gone where
    the infusion is not there, VersionRequired or Stale as check-ins do, and Invalid for an impossible time or
    an infusion that was not given.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    infusion = infusions.read(session, actor, patient_id, infusion_id)
    current = _current(session, patient.id, infusion_id)
    if current is not None and _said(current) == draft:
        return Kept(Discharged(current, infusion), Outcome.UNCHANGED)
    shown = None if current is None else Discharged(current, infusion)
    check_version(current, expected_version, shown)
    found = list(_wrong_times(session, draft.left_at, infusion, now))
    if found:
        raise Invalid(*found)
    row = _revise(session, actor, patient, infusion_id, current, draft, now)
    return Kept(Discharged(row, infusion), Outcome.CREATED if current is None else Outcome.UPDATED)


def read(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> Discharged:
    """Give the discharge check of an infusion; raises NotFound where nobody recorded one."""
    infusion = infusions.read(session, actor, patient_id, infusion_id)
    found = _current(session, infusion.patient_id, infusion_id)
    if found is None:
        raise NotFound
    return Discharged(found, infusion)


def _wrong_times(
    session: Session, left_at: datetime, infusion: Infusion, now: datetime
) -> Iterable[FieldError]:
    arrived_at = timeline.arrival(session, infusion.patient_id, infusion.id)
    last = timeline.last_moment(session, infusion.patient_id, infusion.id)
    if infusion.status not in GIVEN:
        yield FieldError("/left_at", "not_given", "Nobody leaves after an infusion that was not given.")
    elif left_at > now:
        yield FieldError("/left_at", "in_the_future", "This has not happened yet.")
    elif arrived_at is not None and left_at < arrived_at:
        yield FieldError("/left_at", "before_arrival", "Nobody leaves before they arrived.")
    elif left_at < (infusion.ended_at or infusion.started_at):
        yield FieldError("/left_at", "before_end", "Nobody leaves before their infusion has ended.")
    elif abs(left_at - infusion.started_at) > NEAREST:
        yield FieldError("/left_at", "outside_session", "It lies more than a day from the infusion's start.")
    elif last is not None and left_at < last:
        sentence = "The session or a vital sign says that they were still there: correct it first."
        yield FieldError("/left_at", "before_last_seen", sentence)


def _current(session: Session, patient_id: UUID, infusion_id: UUID) -> DischargeCheck | None:
    return session.scalar(
        select(DischargeCheck).where(
            DischargeCheck.patient_id == patient_id,
            DischargeCheck.infusion_id == infusion_id,
            in_force(DischargeCheck),
        )
    )


def _said(row: DischargeCheck) -> DischargeDraft:
    checks = DischargeChecks(
        Answer(row.oriented),
        Answer(row.steady_gait),
        Answer(row.blood_pressure_near_start),
        Answer(row.nausea_controlled),
        Answer(row.safety_asked),
    )
    return DischargeDraft(row.left_at, AccompaniedBy(row.accompanied_by), checks)


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    infusion_id: UUID,
    current: DischargeCheck | None,
    draft: DischargeDraft,
    now: datetime,
) -> DischargeCheck:
    following = next_revision(session, current, now)
    row = DischargeCheck(
        patient_id=patient.id,
        infusion_id=infusion_id,
        left_at=draft.left_at,
        accompanied_by=str(draft.accompanied_by),
        **{name: str(value) for name, value in asdict(draft.checks).items()},
        minimum_monitoring_minutes=settings_in_force(session).minimum_monitoring_minutes,
        recorded_by=actor.id,
        **following,
    )
    session.add(row)
    session.flush()
    return row
