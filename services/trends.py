"""A patient's series, as of any day: points, level and band, gaps named."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from uuid import UUID

from clinical import local_day
from clinical.check_in import SCALE_MAX
from clinical.daily_ratings import CODES, answers
from clinical.events import DatedEvent
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.local_day import EARLIEST_DATE
from clinical.outlook import Outlook
from clinical.outlook.visibility import shown
from clinical.outlook.wellbeing_series import daily
from clinical.protocol import days_after
from clinical.sentences import Sentence
from clinical.side_effects import burden
from clinical.trend import Average, Measure, Rating, Trend, ratings, trend, weeks
from models.clinics import Clinic
from services.access import Part, Role, may_see_outlooks
from services.clinic_settings import mode_shown, prior_in_use, settings_as_of
from services.context import Context
from services.dates import first_day
from services.errors import Forbidden
from services.events import marks
from services.histories import histories, side_effects_by_day
from services.revisions import as_of_for

MAX_BURDEN = 100.0
"""Highest burden of a day that a trend shows. Source: a definition."""
LEAD_IN = 60
"""Answers before the first day drawn that a chart's level is computed from. Answers before the first day
drawn that its level is worked out from, too. Answered daily, with a noise and a step that
clinical.trend takes for typical, a level forgets an eighth each day: what was before has a thousandth
of its weight left. Source: a proposal."""


class TrendMeasure(StrEnum):
    """What a trend can be asked of."""

    MOOD = "mood"
    ENJOYMENT = "enjoyment"
    ANXIETY = "anxiety"
    SIDE_EFFECT_BURDEN = "side_effect_burden"
    RUMINATION = "rumination"
    CRAVING = "craving"
    INTRUSIVE_THOUGHTS = "intrusive_thoughts"
    EATING_URGES = "eating_urges"
    FOCUS = "focus"
    ENERGY = "energy"
    SLEEP = "sleep"


EXTRA = frozenset(measure for measure in TrendMeasure if str(measure) in CODES)
"""The extra daily ratings: returned by name, or where they were ever answered."""


class Resolution(StrEnum):
    """A point a day, or a mean a week."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which trend is wanted: None for every measure, and for the open ends of the period.

    `most_days` is how many days can be drawn, up to the last: the series are then not of a whole life, but of
    those days and the answers that lead in to them.
    """

    measure: TrendMeasure | None = None
    first: date | None = None
    last: date | None = None
    resolution: Resolution = Resolution.DAY
    as_of: datetime | None = None
    most_days: int | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """One measure's trend; `weeks` is empty at a resolution of days, `trend.days` at one of weeks."""

    measure: TrendMeasure
    trend: Trend
    weeks: tuple[Average, ...]


@dataclass(frozen=True, slots=True)
class Trends:
    """A patient's series from `first_on` to `last_on`, and the infusions and events among them."""

    patient_id: UUID
    change_seq: int
    today: date
    first_on: date
    last_on: date
    resolution: Resolution
    series: tuple[Series, ...]
    infusions: tuple[GivenInfusion, ...]
    events: tuple[tuple[UUID, DatedEvent], ...]


@dataclass(frozen=True, slots=True)
class Pictured:
    """What a picture is drawn from: the trends, and for an actor who may see it the outlook of that day.

    `wellbeing` is the trend of the one reading a day that the outlook makes of the measures, None where no
    outlook is shown or no cycle has opened, and where the outlook is by an optional rating, one of the
    trends.
    """

    trends: Trends
    outlook: Outlook | None
    wellbeing: Trend | None


def trends(ctx: Context, patient_id: UUID | None, asked: Asked) -> Trends:
    """Return a patient's series. A missing day is a gap: never a zero, never the day before again.

    They are of the last 26 weeks unless a first day is named. Raises Invalid for more than five years, and
    Forbidden for a delegate who asks what was known before: that holds what was corrected or removed.
    """
    patient = ctx.load_patient(patient_id)
    today = local_day.today(asked.as_of or ctx.now, patient.time_zone, patient.day_start_hour)
    found, _, _ = _found(ctx, patient_id, replace(asked, first=first_day(asked.first, asked.last, today)))
    return found


def pictured(ctx: Context, patient_id: UUID | None, asked: Asked) -> Pictured:
    """Return a patient's series with the outlook; without it for a patient, who is never shown one."""
    found, history, clinic = _found(ctx, patient_id, asked)
    if not may_see_outlooks(ctx.actor):
        return Pictured(found, None, None)
    wellbeing = None
    if asked.measure is None:
        last = min(asked.last or found.today, found.today)
        points = _chosen(daily(history, found.today), asked, last)
        wellbeing = trend(points) if points else None
    settings = settings_as_of(ctx.session, clinic, asked.as_of)
    mode, prior = mode_shown(settings, clinic), prior_in_use(ctx.session, settings)
    return Pictured(found, shown(history, found.today, mode, prior), wellbeing)


def _found(ctx: Context, patient_id: UUID | None, asked: Asked) -> tuple[Trends, History, Clinic]:
    session, actor = ctx.session, ctx.actor
    if asked.as_of is not None and actor.has(Role.DELEGATE):
        raise Forbidden(Sentence("A delegate may read current trends only: leave as_of out."))
    patient = ctx.load_patient(patient_id)
    clinic = session.get_one(Clinic, patient.clinic_id)
    known = as_of_for(actor, patient.id, asked.as_of)
    history = histories(session, clinic, [patient.id], known)[patient.id]
    today = local_day.today(asked.as_of or ctx.now, patient.time_zone, patient.day_start_hour)
    last = min(asked.last or today, today)
    points = _points(ctx, patient.id, history, asked)
    found = Trends(
        patient.id,
        patient.change_seq,
        today,
        asked.first or EARLIEST_DATE,
        last,
        asked.resolution,
        tuple(
            _series(measure, _chosen(found, asked, last), asked.resolution)
            for measure, found in points.items()
        ),
        tuple(
            given
            for given in history.infusions
            if actor.is_shown(Part.INFUSIONS) and _within(given.day, asked.first, last)
        ),
        tuple(
            (key, event)
            for key, event in marks(ctx, patient.id, known)
            if _within(event.day, asked.first, last)
        ),
    )
    return found, history, clinic


def _points(
    ctx: Context, patient_id: UUID, history: History, asked: Asked
) -> dict[TrendMeasure, tuple[Rating, ...]]:
    """The answers to each measure wanted, in order of day."""
    found = {TrendMeasure(measure.value): ratings(history.readings, measure) for measure in Measure}
    if asked.measure in {None, TrendMeasure.SIDE_EFFECT_BURDEN}:
        known = as_of_for(ctx.actor, patient_id, asked.as_of)
        effects = side_effects_by_day(ctx.session, [patient_id], known)[patient_id]
        found[TrendMeasure.SIDE_EFFECT_BURDEN] = tuple(Rating(day, burden(named)) for day, named in effects)
    if asked.measure is None or asked.measure in EXTRA:
        for measure in TrendMeasure:
            if measure in EXTRA:
                given = answers(history.readings, measure)
                if given or measure is asked.measure:
                    found[measure] = given
    return found if asked.measure is None else {asked.measure: found[asked.measure]}


def _series(measure: TrendMeasure, points: tuple[Rating, ...], resolution: Resolution) -> Series:
    highest = MAX_BURDEN if measure is TrendMeasure.SIDE_EFFECT_BURDEN else SCALE_MAX
    if resolution is Resolution.WEEK:
        return Series(measure, trend((), highest=highest), weeks(points))
    return Series(measure, trend(points, highest=highest), ())


def _chosen(points: Sequence[Rating], asked: Asked, last: date) -> tuple[Rating, ...]:
    """The points that were asked for; where they are drawn, no more than lead in to those drawn."""
    chosen = tuple(point for point in points if _within(point.day, asked.first, last))
    if asked.most_days is None:
        return chosen
    before = bisect_left(chosen, days_after(last, 1 - asked.most_days), key=attrgetter("day"))
    return chosen[max(before - LEAD_IN, 0) :]


def _within(day: date, first: date | None, last: date) -> bool:
    return (first is None or first <= day) and day <= last
