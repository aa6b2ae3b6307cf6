"""When a response review is due, what it rests on, and how it extends a series."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from clinical.current_course import current_course
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.instruments.change import ChangeVerdict
from clinical.outlook import outlook
from clinical.outlook.mode import Mode
from clinical.outlook.visibility import shown
from clinical.protocol import PhaseKind, phase
from clinical.response_review import response_review, review_finding, review_state, with_extensions
from clinical.score import Instrument, Score
from clinical.treatment_course import CourseKind, RecordedReview, ReviewDecision, TreatmentCourse
from tests.clinical.courses import FIRST_INFUSION, OPENED, course, day

SERIES = course(until=12)
EXTENDED = ReviewDecision.EXTEND


def reviewed(history: History, *reviews: RecordedReview) -> History:
    return with_extensions(replace(history, reviews=reviews))


def given(history: History, *days: date) -> History:
    return replace(history, infusions=(*history.infusions, *(GivenInfusion(each) for each in days)))


@pytest.mark.parametrize(("since", "due"), [(0, False), (6, False), (7, True), (13, True)])
def test_it_is_due_some_days_after_the_last_infusion_of_the_series(since, due):
    state = review_state(SERIES, 7, day(since))
    assert state is not None
    assert (state.series_last_on, state.due_on, state.is_due) == (OPENED, day(7), due)


def test_none_is_due_while_the_series_is_not_complete():
    incomplete = replace(SERIES, infusions=SERIES.infusions[:-1])
    assert review_state(incomplete, 7, day(20)) is None


@pytest.mark.parametrize("decision", [each for each in ReviewDecision if each is not EXTENDED])
def test_a_recorded_review_makes_it_done(decision):
    state = review_state(reviewed(SERIES, RecordedReview(day(5), decision)), 7, day(9))
    assert state is not None
    assert not state.is_due
    assert state.recorded is not None
    assert state.recorded.decision is decision


def test_a_review_of_an_earlier_day_does_not():
    early = RecordedReview(day(-1), ReviewDecision.CONTINUE_MAINTENANCE)
    state = review_state(reviewed(SERIES, early), 7, day(9))
    assert state is not None
    assert state.is_due


def test_the_next_infusion_goes_on_to_maintenance():
    state = review_state(given(SERIES, day(9)), 7, day(10))
    assert state is not None
    assert not state.is_due


def test_the_finding_names_the_day():
    assert review_finding(review_state(SERIES, 7, day(6)), day(6)) is None
    assert review_finding(review_state(SERIES, 7, day(7)), day(7)) == (day(7), "Response review due today.")
    assert review_finding(review_state(SERIES, 7, day(9)), day(9)) == (
        day(7),
        "Response review due since 26 March.",
    )


def test_an_extension_is_planned_at_the_pace_of_the_series_and_reviewed_after_its_last_infusion():
    longer = reviewed(SERIES, RecordedReview(day(7), EXTENDED, 2))
    assert longer.protocol.induction_infusion_count == 8
    now = phase(longer.protocol, longer.infusions, day(8))
    assert (now.kind, now.infusions_given_count, now.infusions_planned_count) == (PhaseKind.INDUCTION, 6, 8)
    assert now.days_behind == 0
    assert review_state(longer, 7, day(20)) is None
    complete = given(longer, day(9), day(13))
    state = review_state(complete, 7, day(20))
    assert state is not None
    assert (state.series_last_on, state.is_due, state.recorded) == (day(13), True, None)


def test_two_extensions_add_up():
    longer = reviewed(SERIES, RecordedReview(day(7), EXTENDED, 2), RecordedReview(day(20), EXTENDED, 1))
    assert longer.protocol.induction_infusion_count == 9


def test_an_extension_belongs_to_the_course_that_holds_its_day():
    second = TreatmentCourse(None, 2, CourseKind.RE_INDUCTION, day(200))
    recorded = replace(second, id=uuid4())
    both = replace(SERIES, courses=(recorded,))
    in_first = reviewed(both, RecordedReview(day(7), EXTENDED, 2))
    assert current_course(in_first, day(8)).protocol.induction_infusion_count == 8
    assert current_course(in_first, day(210)).protocol.induction_infusion_count == 6
    in_second = reviewed(both, RecordedReview(day(230), EXTENDED, 3))
    assert current_course(in_second, day(8)).protocol.induction_infusion_count == 6
    assert current_course(in_second, day(230)).protocol.induction_infusion_count == 9


def test_it_rests_on_totals_and_ratings_against_the_courses_baseline():
    scores = (
        Score(FIRST_INFUSION - timedelta(days=2), Instrument.PHQ_9, 18),
        Score(day(6), Instrument.GAD_7, 9),
        Score(day(7), Instrument.PHQ_9, 4),
    )
    history = replace(SERIES, scores=scores)
    found = response_review(history, outlook(history, day(8)), 7)
    assert [(each.instrument, each.before, each.total) for each in found.totals] == [
        ("gad-7", None, 9),
        ("phq-9", 18, 4),
    ]
    change = found.totals[1].change
    assert change is not None
    assert (change.response, change.remission, change.reliable_change) == (
        True,
        True,
        ChangeVerdict.IMPROVED,
    )
    mood = found.ratings[0]
    assert mood.before.mean is not None
    assert mood.now.mean is not None
    assert (mood.measure, mood.before.answered, mood.now.answered) == ("mood", 14, 7)
    assert mood.now.mean > mood.before.mean + 2


def test_the_gain_has_its_range_only_where_a_forecast_is_shown():
    visible = outlook(SERIES, day(8))
    found = response_review(SERIES, visible, 7)
    assert found.gain is not None
    assert found.gain.lo80 < found.gain.median < found.gain.hi80
    assert found.gain.median == visible.gain
    for mode in (Mode.SILENT, Mode.OFF):
        assert response_review(SERIES, shown(SERIES, day(8), mode), 7).gain is None
