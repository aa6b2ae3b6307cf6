"""The part of a history that belongs to one treatment course.

A recorded course holds the infusions from its `began_on` up to the day before the next course's. Infusions
before the first recorded course belong to an earlier one that nobody recorded, except before an initial
course, which holds them itself. A patient without recorded courses has one course, of all infusions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from clinical.baseline import AssessedBaseline
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.protocol import Protocol, is_paused, treatment_days
from clinical.treatment_course import CourseKind, ProposedCourse, TreatmentCourse

NEW_COURSE_GAP_DAYS: Final = 84
"""Longest interval within a course, days: a longer one proposes a new course. Source: maintenance at most
once in twelve weeks (Smith-Apeldoorn 2022); that a longer interval begins a new course is a proposal. Changed
by: an admin, `PATCH /v1/clinics/{id}/settings`."""


def numbered(
    courses: Sequence[TreatmentCourse], infusions: Sequence[GivenInfusion]
) -> tuple[TreatmentCourse, ...]:
    """Return recorded courses in order, numbered from 1, or from 2 where an earlier one was not recorded."""
    ordered = sorted(courses, key=lambda course: course.began_on)
    first = 2 if ordered and _has_unrecorded(ordered[0], infusions) else 1
    return tuple(replace(course, number=number) for number, course in enumerate(ordered, start=first))


def all_courses(history: History) -> tuple[TreatmentCourse, ...]:
    """Return every course in order, also the one of infusions before the first recorded course."""
    recorded = history.courses
    if recorded and not _has_unrecorded(recorded[0], history.infusions):
        return recorded
    first = min((infusion.day for infusion in history.infusions), default=None)
    if first is None:
        return ()
    return (TreatmentCourse(None, 1, CourseKind.INITIAL, began_on=first), *recorded)


def course_on(history: History, today: date) -> TreatmentCourse | None:
    """Return the course that holds `today`, before the first the first; None without any."""
    courses = all_courses(history)
    return courses[_place(courses, today)] if courses else None


def current_course(history: History, today: date) -> History:
    """Return the history restricted to the course that holds `today`.

    Its infusions are those of the course, its plan and target measure the course's, its rated baseline the
    one that belongs to the course, its recalls those about its infusions; readings and scores stay, since
    those before the first infusion are the course's baseline. A history without recorded courses is returned
    as it is, and a restricted one too.
    """
    if not history.courses or history.earlier_courses:
        return history
    courses = all_courses(history)
    place = _place(courses, today)
    restricted = _restricted(history, courses, place, has_plan=True)
    if place == 0:
        return restricted
    return replace(restricted, earlier_courses=_before(history, courses, place))


def earlier_courses(history: History, today: date) -> tuple[History, ...]:
    """Return the histories of the courses before the one that holds `today`, oldest first."""
    return current_course(history, today).earlier_courses


def proposed_course(history: History, today: date, gap_days: int) -> ProposedCourse | None:
    """Return the new course that an interval of more than `gap_days` in the current course suggests.

    The latest such interval counts, the running one included; an infusion after the course's end suggests a
    new course too, and no infusion after its end, or in a pause, none. None with a course planned already,
    and for an interval since whose suggestion a clinician recorded a response review: it decided otherwise.
    """
    if any(planned.began_on > today for planned in history.courses):
        return None
    course = current_course(history, today)
    days = treatment_days(course.protocol, course.infusions, today)
    if not days:
        return None
    ended = course.protocol.ended_on
    resting = (ended is not None and ended <= today) or is_paused(course.protocol, today)
    intervals = [*pairwise(days), (days[-1], today)]
    for before, after in reversed(intervals):
        interval, is_open = (after - before).days, after == today != days[-1]
        has_ended = ended is not None and before <= ended < after and not is_open
        is_long = interval > gap_days and not (is_open and resting)
        if (is_long or has_ended) and not _reviewed(history, (before, after), gap_days, today):
            began_on = None if is_open else after
            return ProposedCourse(CourseKind.RE_INDUCTION, interval, before, began_on, not is_long)
    return None


def _reviewed(history: History, interval: tuple[date, date], gap_days: int, today: date) -> bool:
    """Return whether a clinician reviewed the patient knowing of the interval, and recorded no new course.

    A review counts from the day on which the interval became too long, or on which it ended if it is no long
    one; an interval that goes on for as long again is proposed again.
    """
    before, after = interval
    since = min(after, before + timedelta(days=gap_days + 1))
    return any(
        since <= review.reviewed_on <= today and (after - review.reviewed_on).days <= gap_days
        for review in history.reviews
    )


def _has_unrecorded(first: TreatmentCourse, infusions: Sequence[GivenInfusion]) -> bool:
    if first.kind is CourseKind.INITIAL:
        return False
    return any(infusion.day < first.began_on for infusion in infusions)


def _place(courses: Sequence[TreatmentCourse], today: date) -> int:
    return max(sum(course.began_on <= today for course in courses) - 1, 0)


def _before(history: History, courses: Sequence[TreatmentCourse], place: int) -> tuple[History, ...]:
    """Return the courses before one, each with the readings and scores of its own time only."""
    found = []
    for number in range(place):
        until = courses[number + 1].began_on
        restricted = _restricted(history, courses, number, has_plan=False)
        found.append(
            replace(
                restricted,
                readings=tuple(reading for reading in history.readings if reading.day < until),
                scores=tuple(score for score in history.scores if score.day < until),
            )
        )
    return tuple(found)


def _restricted(
    history: History, courses: Sequence[TreatmentCourse], place: int, *, has_plan: bool
) -> History:
    """Return the history of one course; `has_plan`: the patient's plan is that of this one.

    It is that of the course in force, also while a later one is planned already.
    """
    course = courses[place]
    begins = date.min if place == 0 else course.began_on
    until = courses[place + 1].began_on if place + 1 < len(courses) else None
    infusions = tuple(
        infusion
        for infusion in history.infusions
        if begins <= infusion.day and (until is None or infusion.day < until)
    )
    after = date.min if place == 0 else _recalled_after(course)
    last = _recalled_after(courses[place + 1]) if place + 1 < len(courses) else date.max
    recalls = tuple(recall for recall in history.half_benefit_recalls if after < recall.asked_on <= last)
    return replace(
        history,
        infusions=infusions,
        protocol=_plan(history.protocol, course, has_plan=has_plan),
        baseline=course.baseline or _baseline(history, courses, place),
        courses=(course,),
        target_measure=course.target_measure,
        target_baseline=course.target_baseline,
        half_benefit_recalls=recalls,
    )


def _recalled_after(course: TreatmentCourse) -> date:
    """Return the day after which a recall is about an infusion of the course.

    On the day of its first infusion it is about the one before: of the course before, or of another clinic.
    """
    elsewhere = None if course.earlier is None else course.earlier.last_infusion_on
    return course.began_on if elsewhere is None else min(elsewhere, course.began_on)


def _plan(protocol: Protocol, course: TreatmentCourse, *, has_plan: bool) -> Protocol:
    """Return the plan of a course, without a pause or an end of the plan from before it began."""
    paused = protocol.paused_on is not None and protocol.paused_on >= course.began_on and has_plan
    ended_on = course.ended_on
    if ended_on is None and has_plan and protocol.ended_on is not None:
        ended_on = protocol.ended_on if protocol.ended_on >= course.began_on else None
    return replace(
        protocol,
        induction_infusion_count=course.induction_infusion_count or protocol.induction_infusion_count,
        induction_days=course.induction_days or protocol.induction_days,
        paused_on=protocol.paused_on if paused else None,
        resumes_on=protocol.resumes_on if paused else None,
        ended_on=ended_on,
        earlier=course.earlier,
    )


def _baseline(history: History, courses: Sequence[TreatmentCourse], place: int) -> AssessedBaseline | None:
    """Return the patient's rated baseline if the first infusion that follows it is this course's."""
    rated = history.baseline
    if rated is None or (place > 0 and rated.assessed_on <= courses[place - 1].began_on):
        return None
    if place + 1 < len(courses) and rated.assessed_on > courses[place].began_on:
        return None
    return rated
