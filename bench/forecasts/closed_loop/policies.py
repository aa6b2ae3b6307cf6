"""Policies that decide on which day the next infusion is given.

Every evening a policy names the day on which it wants the next infusion. A clinic needs notice: the infusion
is booked on the first evening on which that day, moved into the plan's window, is at most `notice` days
away, for that day or as soon as the notice permits, and is not moved afterwards.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from bench.simulation.cohort import Patient, Question, history
from clinical.infusion import InfusionReason
from clinical.outlook.evaluation import seven_day_mean
from clinical.outlook.forecast import SCHEDULE_QUANTILE, NoForecast, forecast
from clinical.outlook.model.half_benefit_time import days_at
from clinical.outlook.model.patient_state import fit_cycle, state_after
from clinical.outlook.status import planned_day
from clinical.protocol import Protocol

NOTICE: Final = 5
"""Days from booking an infusion to the infusion; a proposal."""

AT_HALF: Final = 0.5
"""Share of the gain that a patient who calls feels to be left."""

NOTHING: Final[frozenset[Question]] = frozenset()

PLAN: Final = Protocol()
"""The window that a new clinic starts from."""


@dataclass(frozen=True, slots=True)
class Evening:
    """The evening `since` days after the last infusion, on the day `today` of the diary.

    Of `patient` only `history(patient, today)` may be used. `felt` is the share of the gain that the patient
    feels to be left, None where there is no benefit; `half_gone` is the truth, for the oracle alone.
    """

    since: int
    today: int
    patient: Patient
    felt: float | None
    half_gone: float


@dataclass(frozen=True, slots=True)
class Booking:
    """The next infusion, `day` days after the last one, and why it is given then."""

    day: int
    reason: InfusionReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(ABC):
    """A policy within a plan's window; `questions` are those that its clinic asks.

    With `calls_at` the patient is also given an infusion on calling: when no more than that share of the
    gain is felt to be left.
    """

    plan: Protocol = PLAN
    notice: int = NOTICE
    calls_at: float | None = None
    questions: frozenset[Question] = NOTHING

    @property
    def first_evening(self) -> int:
        """The first evening on which anything can be booked, days after the last infusion."""
        return max(self.plan.min_interval_days - self.notice, 0)

    @abstractmethod
    def wanted(self, evening: Evening) -> float:
        """Return the day on which the next infusion is wanted, days after the last one."""

    def book(self, evening: Evening) -> Booking | None:
        """Return what is booked on an evening on which nothing is booked yet."""
        day, reason = self._in_window(self.wanted(evening)), InfusionReason.SCHEDULED
        if self._called(evening):
            day, reason = min(day, self._in_window(evening.since)), InfusionReason.SYMPTOMS_RETURNED
        if day - evening.since > self.notice:
            return None
        return Booking(max(day, evening.since + self.notice), reason)

    def _called(self, evening: Evening) -> bool:
        # On the day of an infusion its benefit is only beginning.
        if self.calls_at is None or evening.felt is None or evening.since == 0:
            return False
        return evening.felt <= self.calls_at

    def _in_window(self, day: float) -> int:
        return min(max(ceil(day), self.plan.min_interval_days), self.plan.max_interval_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar(Policy):
    """Every so many days."""

    days: int

    def wanted(self, _: Evening) -> float:
        """Return the calendar's day."""
        return self.days


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall(Policy):
    """When the patient calls, by the plan's latest day at the latest."""

    def wanted(self, _: Evening) -> float:
        """Return the plan's latest day."""
        return self.plan.max_interval_days


@dataclass(frozen=True, slots=True, kw_only=True)
class SevenDayMean(Policy):
    """As soon as half is lost with a probability of `alarm_at` by the mean of seven days."""

    alarm_at: float

    def wanted(self, evening: Evening) -> float:
        """Return today on an alarm, the plan's latest day without one."""
        known = history(evening.patient, evening.today)
        found = seven_day_mean(known, evening.patient.day(evening.today))
        p_half_lost = None if found is None else found.p_half_lost
        is_alarm = p_half_lost is not None and p_half_lost >= self.alarm_at
        return evening.since if is_alarm else self.plan.max_interval_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommended(Policy):
    """On the outlook's recommended day, the `quantile` of the day on which half of the benefit is lost."""

    quantile: float

    def wanted(self, evening: Evening) -> float:
        """Return the recommended day of a forecast made today, the plan's latest day without one."""
        known = history(evening.patient, evening.today)
        made = forecast(known, evening.patient.day(evening.today))
        if isinstance(made, NoForecast):
            return self.plan.max_interval_days
        if self.quantile == SCHEDULE_QUANTILE:
            return planned_day(made, self.plan)
        used = made.model_input
        state = state_after(used.baseline, used.finished_cycles)
        (plan_by,) = days_at(fit_cycle(state, used.running_cycle).posterior, self.quantile)
        return planned_day(replace(made, plan_by=plan_by), self.plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oracle(Policy):
    """On the true day on which half is lost, times `factor`: a bound, not what a clinic could do."""

    factor: float
    notice: int = 0

    def wanted(self, evening: Evening) -> float:
        """Return the true day times the factor."""
        return self.factor * evening.half_gone
