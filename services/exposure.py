"""How much a patient was given and how often, and the reasons to hold shown with the outlook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.current_course import all_courses, course_on, current_course, earlier_courses
from clinical.exposure import Dose, Exposure, ExposureLimits, exposure, hold_reasons
from clinical.history import History
from clinical.holds import HoldReason
from clinical.infusion import GIVEN
from clinical.protocol import last_infusion
from clinical.side_effect_course import AskedDay, urinary_days
from clinical.suitability import (
    Answer,
    Consulted,
    consultation_holds,
    consulted_for_earlier_course,
)
from clinical.vitals import ExceededLimit
from models.clinics import Clinic
from models.infusion_sessions import InfusionSession
from models.infusions import Infusion
from services.columns import from_json
from services.consultations import consulted_by
from services.context import Context
from services.histories import histories, side_effects_by_day
from services.infusion_sessions.settings import settings_in_force
from services.revisions import AsOf, in_force


@dataclass(frozen=True, slots=True)
class Exposed:
    """A patient's exposure with the reasons to hold that follow from it, and the last dose; None without."""

    exposure: Exposure
    reasons: tuple[HoldReason, ...]
    last_dose: Dose | None = None


@dataclass(slots=True)
class Checked:
    """What was given to a patient in order of start, and what was found before it.

    Days with urinary symptoms, and the pressures above the clinic's limits before the last infusion.
    """

    doses: list[Dose] = field(default_factory=list)
    urinary: list[date] = field(default_factory=list)
    above_hold: tuple[ExceededLimit, ...] = ()


NOTHING_FOUND = Checked()


@dataclass(frozen=True, slots=True)
class Facts:
    """The inputs of reasons to hold other than the history, for many patients at once."""

    limits: ExposureLimits
    checked: Mapping[UUID, Checked]
    consulted: Mapping[UUID, Consulted]


@dataclass(frozen=True, slots=True)
class Infused:
    """The day of the last infusion, and that of the last one of earlier courses; None without one."""

    last_on: date | None
    earlier_course_on: date | None


def read(ctx: Context, patient_id: UUID | None) -> Exposed:
    """Return what a patient was given until the present day of theirs, and the reasons to hold."""
    session, now = ctx.session, ctx.now
    patient = ctx.load_patient(patient_id)
    today = local_day.today(now, patient.time_zone, patient.day_start_hour)
    clinic = session.get_one(Clinic, patient.clinic_id)
    history = histories(session, clinic, [patient.id])[patient.id]
    asked = side_effects_by_day(session, [patient.id])[patient.id]
    return exposed(facts_of(session, [patient.id]), patient.id, history, asked, today)


def facts_of(session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None) -> Facts:
    """Look up what reasons to hold rest on, in three queries however many patients there are."""
    settings = settings_in_force(session, as_of)
    limits = ExposureLimits(
        settings.max_infusions_in_30_days,
        settings.max_infusions_in_90_days,
        settings.max_infusions_in_365_days,
        settings.shortest_interval_days,
    )
    checked: dict[UUID, Checked] = {}
    columns = (
        Infusion.patient_id,
        Infusion.status,
        Infusion.local_date,
        Infusion.dose_mg,
        Infusion.weight_kg,
        Infusion.route,
        InfusionSession.urinary_symptoms,
        InfusionSession.above_hold,
    )
    of_infusion = and_(
        InfusionSession.patient_id == Infusion.patient_id,
        InfusionSession.infusion_id == Infusion.id,
        in_force(InfusionSession, as_of),
    )
    # One given without a session is the last one all the same: what an earlier one found no longer counts.
    counts = or_(Infusion.status.in_([str(word) for word in GIVEN]), InfusionSession.infusion_id.is_not(None))
    query = (
        select(*columns)
        .outerjoin(InfusionSession, of_infusion)
        .where(
            Infusion.patient_id.in_(patient_ids),
            Infusion.removed.is_(False),
            in_force(Infusion, as_of),
            counts,
        )
        .order_by(Infusion.started_at)
    )
    for patient_id, status, day, mg, kg, route, urinary, above in session.execute(query):
        found = checked.setdefault(patient_id, Checked())
        if status in GIVEN:
            found.doses.append(Dose(day, mg, kg, route))
        if urinary == Answer.YES:
            found.urinary.append(day)
        found.above_hold = tuple(from_json(ExceededLimit, each) for each in above or ())
    return Facts(limits, checked, consulted_by(session, patient_ids, as_of))


def exposed(
    facts: Facts, patient_id: UUID, history: History, asked: Sequence[AskedDay], today: date
) -> Exposed:
    """Return one patient's exposure and reasons to hold on a day; `history` is that of all courses."""
    doses = [dose for dose in facts.checked.get(patient_id, NOTHING_FOUND).doses if dose.day <= today]
    given = _exposure(doses, history, today)
    earlier = [last_infusion(each.infusions, today) for each in earlier_courses(history, today)]
    infused = Infused(
        last_infusion(history.infusions, today), max((day for day in earlier if day), default=None)
    )
    reasons = _reasons(facts, patient_id, given, asked, infused)
    return Exposed(given, reasons, doses[-1] if doses else None)


def _exposure(doses: Sequence[Dose], history: History, today: date) -> Exposure:
    known = current_course(history, today)
    course, earlier = course_on(history, today), known.protocol.earlier
    planned = known.protocol.induction_infusion_count
    return exposure(
        doses,
        planned if earlier is None else max(planned - earlier.infusion_count, 1),
        today,
        course.began_on if course is not None and known.earlier_courses else None,
        next((each.earlier for each in all_courses(history) if each.earlier is not None), None),
    )


def _reasons(
    facts: Facts,
    patient_id: UUID,
    given: Exposure,
    asked: Sequence[AskedDay],
    infused: Infused,
) -> tuple[HoldReason, ...]:
    known = facts.consulted.get(patient_id)
    consulted = (
        *consultation_holds(known, given.today, infused.last_on),
        *consulted_for_earlier_course(known, infused.earlier_course_on, given.today),
    )
    checked = facts.checked.get(patient_id, NOTHING_FOUND)
    days = [*urinary_days(asked), *checked.urinary]
    return (*consulted, *hold_reasons(given, facts.limits, days, checked.above_hold))
