"""Record what happened around an infusion, from arrival on; every revision stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

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
from clinical.sentences import Sentence
from clinical.vitals import exceeded_hold_limits
from models.clinics import Clinic
from models.infusion_sessions import DischargeCheck, InfusionSession, VitalSigns
from models.infusions import Infusion
from services import infusions
from services.columns import from_columns, to_columns
from services.context import Context
from services.errors import FieldError, Invalid
from services.half_benefit_recalls import answered_at_infusions
from services.infusion_sessions.settings import settings_in_force
from services.revisions import Page, PageRequest, Revisions, WriteResult, in_force

NOT_CHECKED = PreChecks()


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session whole, as the clinic records it; the infusion itself has its start and end."""

    arrived_at: datetime
    pre_checks: PreChecks = NOT_CHECKED
    rate_changes: tuple[RateChange, ...] = ()
    side_effects: tuple[SessionEffect, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    dissociation: Dissociation | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """One revision of a session with the infusion around which it happened.

    `recall_answered` is whether the recall question was answered at the infusion; None where it is not asked.
    """

    row: InfusionSession
    infusion: Infusion
    recall_answered: bool | None = None

    @property
    def draft(self) -> SessionDraft:
        """The draft that the revision stores."""
        return _Sessions.to_draft(self.row)


class _Sessions(Revisions[InfusionSession, SessionDraft]):
    table = InfusionSession
    draft = SessionDraft
    key = ("infusion_id",)
    infusion: Infusion

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the session; raises NotFound or Gone where the infusion is not there."""
        around = super().lock(ctx, patient_id, *key)
        around.infusion = infusions.read(ctx, patient_id, key[0])
        return around

    @classmethod
    def to_draft(cls, row: InfusionSession) -> SessionDraft:
        """Return the session that a row stores."""
        rated = None
        if row.dissociation_scale and row.dissociation_total is not None and row.dissociation_at is not None:
            scale = DissociationScale(row.dissociation_scale)
            rated = Dissociation(scale, row.dissociation_total, row.dissociation_at)
        return from_columns(SessionDraft, row, dissociation=rated)

    def to_columns(self, draft: SessionDraft) -> dict[str, Any]:
        """Return the columns, with everything in order of time."""
        ordered = _in_order(draft)
        columns = to_columns(replace(ordered, dissociation=None))
        del columns["dissociation"]
        rated = draft.dissociation
        return {
            **columns,
            "dissociation_scale": None if rated is None else str(rated.scale),
            "dissociation_total": None if rated is None else rated.total,
            "dissociation_at": None if rated is None else rated.rated_at,
        }

    def extra_columns(self, draft: SessionDraft) -> dict[str, Any]:
        """Return which limits of the time the blood pressure before it exceeded."""
        checks, hold = draft.pre_checks, settings_in_force(self.ctx.session).hold
        return {
            "above_hold": [
                asdict(each) for each in exceeded_hold_limits(checks.systolic, checks.diastolic, hold)
            ]
        }

    def validate(self, draft: SessionDraft) -> None:
        """Refuse what cannot have happened then, naming each field at fault."""
        left_at = leaving(self.ctx.session, self.patient.id, self.infusion.id)
        found = [
            *_wrong_times(draft, self.infusion, left_at, self.ctx.now),
            *_wrong_arrival(draft, self.infusion),
            *_wrong_rates(draft, self.infusion),
            *_wrong_effects(draft, self.infusion),
            *_wrong_numbers(draft),
        ]
        if found:
            raise Invalid(*found)

    def current_for_error(self) -> Recorded | None:
        """Return the current revision with its infusion."""
        return None if self.current is None else _recorded(self.ctx, self.current, self.infusion)


def _recorded(ctx: Context, row: InfusionSession, infusion: Infusion) -> Recorded:
    """Return the current revision of a session, and whether the recall question was answered."""
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    answered = answered_at_infusions(ctx.session, clinic, [infusion])
    return Recorded(row, infusion, answered.get(infusion.id))


def put(
    ctx: Context,
    patient_id: UUID | None,
    infusion_id: UUID,
    draft: SessionDraft,
    expected_version: int | None,
) -> WriteResult[Recorded]:
    """Store a session, or recognise that it is stored already; every revision stays.

    Raises NotFound or Gone where the infusion is not there, VersionRequired or Stale as check-ins do, and
    Invalid, naming each field at fault, for what cannot have happened then.
    """
    around = _Sessions.lock(ctx, patient_id, infusion_id)
    stored = around.append(draft, expected_version)
    return WriteResult(_recorded(ctx, stored.value, around.infusion), stored.outcome)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> Recorded:
    """Return the session of an infusion; raises NotFound where nobody recorded one."""
    infusion = infusions.read(ctx, patient_id, infusion_id)
    return _recorded(ctx, _Sessions.read(ctx, patient_id, infusion_id), infusion)


def revisions(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, wanted: PageRequest
) -> Page[Recorded]:
    """Return a page of the revisions of a session, in order."""
    infusion = infusions.read(ctx, patient_id, infusion_id)
    found = _Sessions.revisions(ctx, patient_id, infusion_id, wanted=wanted)
    return found.of([Recorded(row, infusion) for row in found.items])


def arrival(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """Return when the patient arrived for an infusion; None where nobody recorded it."""
    found = _Sessions.find(session, patient_id, infusion_id)
    return None if found is None else found.arrived_at


def leaving(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """Return when the patient left after an infusion; None where nobody recorded it."""
    return session.scalar(
        select(DischargeCheck.left_at).where(
            DischargeCheck.patient_id == patient_id,
            DischargeCheck.infusion_id == infusion_id,
            in_force(DischargeCheck),
        )
    )


def last_moment(session: Session, patient_id: UUID, infusion_id: UUID) -> datetime | None:
    """Return the last moment at which the patient was there by what is recorded; None where nothing is."""
    measured = session.scalar(
        select(func.max(VitalSigns.measured_at)).where(
            VitalSigns.patient_id == patient_id,
            VitalSigns.infusion_id == infusion_id,
            VitalSigns.marked_in_error_at.is_(None),
        )
    )
    found = _Sessions.find(session, patient_id, infusion_id)
    seen = (
        []
        if found is None
        else [at for place, at in _times(_Sessions.to_draft(found)) if not _at_home(place)]
    )
    return max(seen if measured is None else [*seen, measured], default=None)


def _in_order(draft: SessionDraft) -> SessionDraft:
    effects = sorted(draft.side_effects, key=lambda each: (each.onset_at, each.code, each.severity))
    return replace(
        draft,
        rate_changes=tuple(sorted(draft.rate_changes)),
        side_effects=tuple(effects),
        interventions=tuple(sorted(draft.interventions)),
    )


def _wrong_times(
    draft: SessionDraft, infusion: Infusion, left_at: datetime | None, now: datetime
) -> Iterable[FieldError]:
    for pointer, moment in _times(draft):
        if moment > now:
            yield FieldError(pointer, "in_the_future", Sentence("This has not happened yet."))
        elif abs(moment - infusion.started_at) > NEAREST:
            yield FieldError(
                pointer, "outside_session", Sentence("It lies more than a day from the infusion's start.")
            )
        elif moment < draft.arrived_at:
            yield FieldError(pointer, "before_arrival", Sentence("It lies before the arrival."))
        elif left_at is not None and moment > left_at and not _at_home(pointer):
            yield FieldError(
                pointer, "after_leaving", Sentence("The discharge check says that they had left.")
            )


def _at_home(pointer: str) -> bool:
    """Whether it may happen after leaving: what began here may end there.

    What begins there is for the day's check-in to report.
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
        yield FieldError(
            "/arrived_at", "after_start", Sentence("Nobody arrives after their infusion has started.")
        )


def _wrong_rates(draft: SessionDraft, infusion: Infusion) -> Iterable[FieldError]:
    known: set[datetime] = set()
    for at, each in enumerate(draft.rate_changes):
        pointer = f"/rate_changes/{at}/changed_at"
        if infusion.status not in GIVEN:
            yield FieldError(pointer, "not_given", Sentence("This infusion was not given."))
        elif not infusion.started_at <= each.at <= (infusion.ended_at or each.at):
            yield FieldError(pointer, "outside_infusion", Sentence("The infusion was not running then."))
        elif each.at in known:
            yield FieldError(pointer, "named_twice", Sentence("It runs at one rate at a time."))
        known.add(each.at)


def _wrong_effects(draft: SessionDraft, infusion: Infusion) -> Iterable[FieldError]:
    for at, each in enumerate(draft.side_effects):
        if infusion.status not in GIVEN:
            yield FieldError(
                f"/side_effects/{at}/onset_at", "not_given", Sentence("This infusion was not given.")
            )
        if each.ended_at is not None and each.ended_at < each.onset_at:
            yield FieldError(
                f"/side_effects/{at}/ended_at", "before_onset", Sentence("It ends after it begins.")
            )


def _wrong_numbers(draft: SessionDraft) -> Iterable[FieldError]:
    systolic, diastolic = draft.pre_checks.systolic, draft.pre_checks.diastolic
    yield from wrong_pressure("/pre_checks", systolic, diastolic)
    rated = draft.dissociation
    if rated is not None and rated.total > MAX_DISSOCIATION[rated.scale]:
        sentence = Sentence(
            "A total of this scale lies from 0 to {highest}.", highest=MAX_DISSOCIATION[rated.scale]
        )
        yield FieldError("/dissociation/total", "off_scale", sentence)


def wrong_pressure(place: str, systolic: int | None, diastolic: int | None) -> Iterable[FieldError]:
    """Name what is wrong with a blood pressure: half of one, or one upside down."""
    if (systolic is None) != (diastolic is None):
        missing = "systolic" if systolic is None else "diastolic"
        yield FieldError(f"{place}/{missing}", "required", Sentence("A blood pressure has two numbers."))
    if systolic is not None and diastolic is not None and systolic <= diastolic:
        yield FieldError(f"{place}/systolic", "below_diastolic", Sentence("Systolic is the higher number."))
