"""Record what happened around an infusion, from arrival on; every revision is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.check_in import Severity
from clinical.infusion import GIVEN
from clinical.infusion_session import (
    MAX_DISSOCIATION,
    NEAREST,
    Dissociation,
    DissociationScale,
    Intervention,
    PreChecks,
    RateChange,
    SessionEffect,
)
from clinical.suitability import Answer
from clinical.vitals import exceeded_hold_limits
from models.infusion_sessions import DischargeCheck, InfusionSession, VitalSigns
from models.infusions import Infusion
from models.patients import Patient
from services import infusions
from services.access import Actor, load_patient
from services.check_ins import Outcome
from services.errors import FieldError, Invalid, NotFound
from services.infusion_sessions.settings import settings_in_force
from services.revisions import check_version, in_force, next_revision

NOT_CHECKED = PreChecks()


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session whole, as the clinic tells it; the infusion itself says when it started and ended."""

    arrived_at: datetime
    pre_checks: PreChecks = NOT_CHECKED
    rate_changes: tuple[RateChange, ...] = ()
    side_effects: tuple[SessionEffect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    dissociation: Dissociation | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One revision of a session with the infusion around which it happened."""

    row: InfusionSession
    infusion: Infusion

    @property
    def draft(self) -> SessionDraft:
        """What the revision says."""
        return said(self.row)


@dataclass(frozen=True, slots=True)
class Kept:
    """A session as it stands after a write, and whether the write changed it."""

    recorded: Recorded
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: SessionDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a session, or recognise that it is stored already; each revision is kept.

    Raises NotFound or Gone where the infusion is not there, VersionRequired or Stale as check-ins do, and
    Invalid, naming each field at fault, for what cannot have happened then.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    infusion = infusions.read(session, actor, patient_id, infusion_id)
    current = _current(session, patient.id, infusion_id)
    if current is not None and said(current) == _in_order(draft):
        return Kept(Recorded(current, infusion), Outcome.UNCHANGED)
    shown = None if current is None else Recorded(current, infusion)
    check_version(current, expected_version, shown)
    _validate(draft, infusion, leaving(session, patient.id, infusion_id), now)
    row = _revise(session, actor, patient, infusion_id, current, _in_order(draft), now)
    return Kept(Recorded(row, infusion), Outcome.CREATED if current is None else Outcome.UPDATED)


def read(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> Recorded:
    """Give the session of an infusion; raises NotFound where nobody recorded one."""
    infusion = infusions.read(session, actor, patient_id, infusion_id)
    found = _current(session, infusion.patient_id, infusion_id)
    if found is None:
        raise NotFound
    return Recorded(found, infusion)


def revisions(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> list[Recorded]:
    """List every revision of a session, in order."""
    infusion = infusions.read(session, actor, patient_id, infusion_id)
    query = select(InfusionSession).where(
        InfusionSession.patient_id == infusion.patient_id, InfusionSession.infusion_id == infusion_id
    )
    found = [Recorded(row, infusion) for row in session.scalars(query.order_by(InfusionSession.version))]
    if not found:
        raise NotFound
    return found


def arrival(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """When somebody arrived for an infusion; None where nobody recorded it."""
    found = _current(session, patient_id, infusion_id)
    return None if found is None else found.arrived_at


def leaving(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """When somebody left after an infusion; None where nobody recorded it."""
    return session.scalar(
        select(DischargeCheck.left_at).where(
            DischargeCheck.patient_id == patient_id,
            DischargeCheck.infusion_id == infusion_id,
            in_force(DischargeCheck),
        )
    )


def last_moment(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """The last moment at which somebody was still there by what is recorded; None where nothing says so."""
    measured = session.scalar(
        select(func.max(VitalSigns.measured_at)).where(
            VitalSigns.patient_id == patient_id,
            VitalSigns.infusion_id == infusion_id,
            VitalSigns.marked_in_error_at.is_(None),
        )
    )
    found = _current(session, patient_id, infusion_id)
    seen = [] if found is None else [at for place, at in _times(said(found)) if not _at_home(place)]
    return max(seen if measured is None else [*seen, measured], default=None)


def said(row: InfusionSession) -> SessionDraft:
    """What a stored revision says."""
    dissociation = None
    if row.dissociation_scale and row.dissociation_total is not None and row.dissociation_at is not None:
        scale = DissociationScale(row.dissociation_scale)
        dissociation = Dissociation(scale, row.dissociation_total, row.dissociation_at)
    return SessionDraft(
        row.arrived_at,
        PreChecks(
            row.systolic,
            row.diastolic,
            Answer(row.fasting),
            Answer(row.escort),
            Answer(row.urinary_symptoms),
            Answer(row.medication_changed),
            Answer(row.safety_asked),
        ),
        tuple(RateChange(_instant(each["at"]), each["mg_per_hour"]) for each in row.rate_changes),
        tuple(
            SessionEffect(
                _instant(each["onset_at"]),
                each["code"],
                Severity(each["severity"]),
                None if each["ended_at"] is None else _instant(each["ended_at"]),
            )
            for each in row.side_effects
        ),
        tuple(Intervention(_instant(each["at"]), each["what"]) for each in row.interventions),
        dissociation,
    )


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _in_order(draft: SessionDraft) -> SessionDraft:
    effects = sorted(draft.side_effects, key=lambda each: (each.onset_at, each.code, each.severity))
    return SessionDraft(
        draft.arrived_at,
        draft.pre_checks,
        tuple(sorted(draft.rate_changes)),
        tuple(effects),
        tuple(sorted(draft.interventions)),
        draft.dissociation,
    )


def _current(session: Session, patient_id: UUID, infusion_id: UUID) -> InfusionSession | None:
    return session.scalar(
        select(InfusionSession).where(
            InfusionSession.patient_id == patient_id,
            InfusionSession.infusion_id == infusion_id,
            in_force(InfusionSession),
        )
    )


def _validate(draft: SessionDraft, infusion: Infusion, left_at: datetime | None, now: datetime) -> None:
    found = [
        *_wrong_times(draft, infusion, left_at, now),
        *_wrong_arrival(draft, infusion),
        *_wrong_rates(draft, infusion),
        *_wrong_effects(draft, infusion),
        *_wrong_numbers(draft),
    ]
    if found:
        raise Invalid(*found)


def _wrong_times(
    draft: SessionDraft, infusion: Infusion, left_at: datetime | None, now: datetime
) -> Iterable[FieldError]:
    for pointer, moment in _times(draft):
        if moment > now:
            yield FieldError(pointer, "in_the_future", "This has not happened yet.")
        elif abs(moment - infusion.started_at) > NEAREST:
            yield FieldError(pointer, "outside_session", "It lies more than a day from the infusion's start.")
        elif moment < draft.arrived_at:
            yield FieldError(pointer, "before_arrival", "It lies before the arrival.")
        elif left_at is not None and moment > left_at and not _at_home(pointer):
            yield FieldError(pointer, "after_leaving", "The discharge check says that they had left.")


def _at_home(pointer: str) -> bool:
    """Whether it may happen after leaving: what began here may end there.

    What begins there is for the day's check-in to tell.
    """
    return pointer.endswith("/ended_at")


def _times(draft: SessionDraft) -> Iterable[tuple[str, datetime]]:
    yield "/arrived_at", draft.arrived_at
    for at, change in enumerate(draft.rate_changes):
        yield f"/rate_changes/{at}/changed_at", change.at
    for at, effect in enumerate(draft.side_effects):
        yield f"/side_effects/{at}/onset_at", effect.onset_at
        if effect.ended_at is not None:
            yield f"/side_effects/{at}/ended_at", effect.ended_at
    for at, done in enumerate(draft.interventions):
        yield f"/interventions/{at}/done_at", done.at
    if draft.dissociation is not None:
        yield "/dissociation/rated_at", draft.dissociation.rated_at


def _wrong_arrival(draft: SessionDraft, infusion: Infusion) -> Iterable[FieldError]:
    if infusion.status in GIVEN and draft.arrived_at > infusion.started_at:
        yield FieldError("/arrived_at", "after_start", "Nobody arrives after their infusion has started.")


def _wrong_rates(draft: SessionDraft, infusion: Infusion) -> Iterable[FieldError]:
    known: set[datetime] = set()
    for at, each in enumerate(draft.rate_changes):
        pointer = f"/rate_changes/{at}/changed_at"
        if infusion.status not in GIVEN:
            yield FieldError(pointer, "not_given", "This infusion was not given.")
        elif not infusion.started_at <= each.at <= (infusion.ended_at or each.at):
            yield FieldError(pointer, "outside_infusion", "The infusion was not running then.")
        elif each.at in known:
            yield FieldError(pointer, "named_twice", "It runs at one rate at a time.")
        known.add(each.at)


def _wrong_effects(draft: SessionDraft, infusion: Infusion) -> Iterable[FieldError]:
    for at, each in enumerate(draft.side_effects):
        if infusion.status not in GIVEN:
            yield FieldError(f"/side_effects/{at}/onset_at", "not_given", "This infusion was not given.")
        if each.ended_at is not None and each.ended_at < each.onset_at:
            yield FieldError(f"/side_effects/{at}/ended_at", "before_onset", "It ends after it begins.")


def _wrong_numbers(draft: SessionDraft) -> Iterable[FieldError]:
    systolic, diastolic = draft.pre_checks.systolic, draft.pre_checks.diastolic
    yield from wrong_pressure("/pre_checks", systolic, diastolic)
    rated = draft.dissociation
    if rated is not None and rated.total > MAX_DISSOCIATION[rated.scale]:
        sentence = f"A total of this scale lies from 0 to {MAX_DISSOCIATION[rated.scale]}."
        yield FieldError("/dissociation/total", "off_scale", sentence)


def wrong_pressure(place: str, systolic: int | None, diastolic: int | None) -> Iterable[FieldError]:
    """Name what is wrong with a blood pressure: half of one, or one upside down."""
    if (systolic is None) != (diastolic is None):
        missing = "systolic" if systolic is None else "diastolic"
        yield FieldError(f"{place}/{missing}", "required", "A blood pressure has two numbers.")
    if systolic is not None and diastolic is not None and systolic <= diastolic:
        yield FieldError(f"{place}/systolic", "below_diastolic", "Systolic is the higher number.")


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    infusion_id: UUID,
    current: InfusionSession | None,
    draft: SessionDraft,
    now: datetime,
) -> InfusionSession:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    checks, rated = draft.pre_checks, draft.dissociation
    above = exceeded_hold_limits(checks.systolic, checks.diastolic, settings_in_force(session).hold)
    row = InfusionSession(
        patient_id=patient.id,
        infusion_id=infusion_id,
        arrived_at=draft.arrived_at,
        **{name: _stored(value) for name, value in asdict(checks).items()},
        above_hold=[asdict(each) for each in above],
        rate_changes=[_document(each) for each in draft.rate_changes],
        side_effects=[_document(each) for each in draft.side_effects],
        interventions=[_document(each) for each in draft.interventions],
        dissociation_scale=None if rated is None else str(rated.scale),
        dissociation_total=None if rated is None else rated.total,
        dissociation_at=None if rated is None else rated.rated_at,
        recorded_by=actor.id,
        **following,
    )
    session.add(row)
    session.flush()
    return row


def _stored(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, datetime) else str(value) if isinstance(value, str) else value
    )


def _document(value: Any) -> dict[str, Any]:
    return {name: _stored(member) for name, member in asdict(value).items()}
