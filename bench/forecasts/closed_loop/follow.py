"""Follow a simulated patient for two years under a policy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.forecasts.closed_loop.policies import AT_HALF, Booking, Evening, Policy
from bench.simulation.decided_courses import Circumstances, Clinic, Running, begun, infused


@dataclass(frozen=True, slots=True)
class Followed:
    """The two years after the induction of one patient.

    `intervals` are the days from each infusion to the next, the induction's last one included; the interval
    that is not over by then is left out. `days_below` are days with less than half of the benefit left.
    """

    patient: int
    responds: bool
    intervals: tuple[int, ...]
    days_below: int


def follow(drawn: Circumstances, policy: Policy) -> Followed:
    """Return what became of a patient under a policy."""
    running = followed_course(drawn, policy)
    return Followed(
        drawn.number,
        drawn.person.responds,
        tuple(cycle.end - cycle.start for cycle in running.course.cycles[:-1]),
        days_below_half(running),
    )


def followed_course(drawn: Circumstances, policy: Policy) -> Running:
    """Return the patient at the end of the two years, every infusion decided by the policy."""
    running = begun(drawn, Clinic(policy.questions, policy.plan.max_interval_days))
    while (booking := _booked(drawn, running, policy)) is not None:
        running = infused(drawn, running, booking.day, booking.reason)
    return running


def days_below_half(running: Running) -> int:
    """Return the days after the induction on which less than half of the benefit is left."""
    return int(np.count_nonzero(running.days.left[running.course.induction[-1] :] < AT_HALF))


def _booked(drawn: Circumstances, running: Running, policy: Policy) -> Booking | None:
    """Return the booking that ends the running cycle, None if it lies behind the days that are followed."""
    cycle = running.course.cycles[-1]
    for since in range(policy.first_evening, cycle.end - cycle.start):
        booking = policy.book(_evening(drawn, running, since))
        if booking is not None:
            return booking if cycle.start + booking.day < drawn.end else None
    return None


def _evening(drawn: Circumstances, running: Running, since: int) -> Evening:
    cycle = running.course.cycles[-1]
    today = cycle.start + since
    # The patient calls when half is felt to be left, which truly is `felt_at`.
    felt = float(running.days.left[today]) + AT_HALF - drawn.felt_at[cycle.number - 1]
    return Evening(since, today, running.patient, felt if drawn.person.responds else None, cycle.half_gone)
