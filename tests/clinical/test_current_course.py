from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given

from clinical.baseline import AssessedBaseline
from clinical.current_course import (
    NEW_COURSE_GAP_DAYS,
    all_courses,
    course_on,
    current_course,
    earlier_courses,
    numbered,
    proposed_course,
)
from clinical.half_benefit_recall import HalfBenefitRecall
from clinical.history import History
from clinical.infusion import GivenInfusion
from clinical.protocol import (
    Phase,
    PhaseKind,
    Protocol,
    ProtocolWindow,
    cycle_starts,
    first_infusion,
    infusion_days,
    phase,
    protocol_window,
)
from clinical.treatment_course import (
    CourseKind,
    EarlierTreatment,
    ProposedCourse,
    RecordedReview,
    ReviewDecision,
    TreatmentCourse,
)
from tests.clinical.courses import INDUCTION, course, day, histories, todays

BACK = day(614)
AGAIN = TreatmentCourse(UUID(int=2), 2, CourseKind.RE_INDUCTION, began_on=BACK)
ELSEWHERE = EarlierTreatment(9, last_infusion_on=day(0))


def back_after_614_days(*courses: TreatmentCourse, given_again: int = 3) -> History:
    first = course(until=40)
    again = (GivenInfusion(day(614 + 3 * number)) for number in range(given_again))
    return replace(first, infusions=(*first.infusions, *again), courses=courses)


def transferred(earlier: EarlierTreatment, *given: int) -> History:
    moved = TreatmentCourse(UUID(int=1), 1, CourseKind.TRANSFERRED_IN, began_on=day(10), earlier=earlier)
    infusions = tuple(GivenInfusion(day(number)) for number in given)
    return History((), infusions, Protocol(), courses=(moved,))


def phase_on(history: History, today: int) -> Phase:
    known = current_course(history, day(today))
    return phase(known.protocol, known.infusions, day(today))


@given(histories(), todays())
def test_a_history_without_recorded_courses_stays_as_it_is(history, today):
    assert current_course(history, today) is history
    assert earlier_courses(history, today) == ()


def test_a_second_course_has_its_own_induction():
    known = current_course(back_after_614_days(AGAIN), day(621))
    assert [infusion.day for infusion in known.infusions] == [day(614), day(617), day(620)]
    found = phase(known.protocol, known.infusions, day(621))
    assert (found.kind, found.infusions_given_count, found.infusions_planned_count) == (
        PhaseKind.INDUCTION,
        3,
        6,
    )
    assert cycle_starts(known.protocol, known.infusions, day(621)) == ()


def test_infusions_before_the_first_recorded_course_are_a_course_that_nobody_recorded():
    history = back_after_614_days(AGAIN)
    first, second = all_courses(history)
    assert (first.id, first.number, first.kind, first.began_on) == (
        None,
        1,
        CourseKind.INITIAL,
        INDUCTION[0],
    )
    assert second == AGAIN
    assert course_on(history, day(613)) == first
    assert course_on(history, day(614)) == second


def test_an_initial_course_holds_the_infusions_before_its_planned_beginning():
    planned = TreatmentCourse(UUID(int=1), 1, CourseKind.INITIAL, began_on=INDUCTION[1])
    history = replace(course(), courses=numbered([planned], course().infusions))
    assert [each.number for each in all_courses(history)] == [1]
    assert current_course(history, day(3)).infusions == history.infusions


def test_courses_are_numbered_in_order_of_their_beginning():
    infusions = course().infusions
    later = replace(AGAIN, number=0, began_on=day(900))
    assert [each.began_on for each in numbered([later, AGAIN], infusions)] == [BACK, day(900)]
    assert [each.number for each in numbered([later, AGAIN], infusions)] == [2, 3]
    assert [each.number for each in numbered([later, AGAIN], ())] == [1, 2]


def test_earlier_courses_end_before_the_next_begins():
    history = replace(
        back_after_614_days(AGAIN),
        readings=(*course(until=40).readings, *(replace(r, day=day(620)) for r in course().readings[:1])),
    )
    (first,) = earlier_courses(history, day(621))
    assert infusion_days(first.infusions, day(621)) == INDUCTION
    assert first.readings[-1].day < BACK
    assert current_course(history, day(621)).earlier_courses == (first,)
    assert earlier_courses(history, day(600)) == ()


def test_restricting_twice_changes_nothing():
    history = back_after_614_days(AGAIN)
    for today in (day(20), day(621)):
        once = current_course(history, today)
        assert current_course(once, today) == once
    assert [current_course(each, day(621)) for each in earlier_courses(history, day(621))] == list(
        earlier_courses(history, day(621))
    )


def test_a_course_overrides_the_plan_and_the_plans_pause_and_end_stay_with_their_own_course():
    plan = Protocol(paused_on=day(30), ended_on=day(60))
    again = replace(AGAIN, induction_infusion_count=4, induction_days=14)
    history = replace(back_after_614_days(again), protocol=plan)
    known = current_course(history, day(621)).protocol
    assert (known.induction_infusion_count, known.induction_days) == (4, 14)
    assert (known.paused_on, known.ended_on) == (None, None)
    later = replace(history, protocol=replace(plan, paused_on=day(618), ended_on=None))
    assert phase_on(later, 621).kind is PhaseKind.PAUSED


def test_a_course_that_has_ended_is_completed():
    ended = replace(AGAIN, ended_on=day(700))
    assert phase_on(back_after_614_days(ended), 699).kind is PhaseKind.INDUCTION
    assert phase_on(back_after_614_days(ended), 700).kind is PhaseKind.COMPLETED


def test_a_rated_baseline_belongs_to_the_course_whose_first_infusion_follows_it():
    before_first = AssessedBaseline(INDUCTION[0] - timedelta(days=2), 3)
    before_second = AssessedBaseline(day(610), 2)
    history = back_after_614_days(AGAIN)
    old = replace(history, baseline=before_first)
    assert current_course(old, day(621)).baseline is None
    assert earlier_courses(old, day(621))[0].baseline == before_first
    new = replace(history, baseline=before_second)
    assert current_course(new, day(621)).baseline == before_second
    assert earlier_courses(new, day(621))[0].baseline is None


def test_a_courses_own_rated_baseline_comes_first():
    own = AssessedBaseline(day(612), 1)
    history = replace(
        back_after_614_days(replace(AGAIN, baseline=own)), baseline=AssessedBaseline(day(610), 2)
    )
    assert current_course(history, day(621)).baseline == own


def test_a_patient_transferred_in_after_induction_is_in_maintenance_before_any_infusion_here():
    history = transferred(ELSEWHERE)
    known = current_course(history, day(12))
    assert phase(known.protocol, known.infusions, day(12)) == Phase(PhaseKind.MAINTENANCE)
    assert cycle_starts(known.protocol, known.infusions, day(12)) == (day(0),)
    assert protocol_window(known.protocol, known.infusions, day(12)) == ProtocolWindow(day(14), day(28))
    assert first_infusion(known.protocol, known.infusions, day(12)) is None


def test_each_infusion_here_then_opens_a_cycle():
    known = current_course(transferred(ELSEWHERE, 12, 30), day(35))
    assert cycle_starts(known.protocol, known.infusions, day(35)) == (day(0), day(12), day(30))


def test_an_induction_begun_elsewhere_goes_on_here():
    history = transferred(EarlierTreatment(4, day(-12), day(0)), 12, 15)
    assert phase_on(history, 11) == Phase(PhaseKind.INDUCTION, 4, 6)
    assert phase_on(history, 12) == Phase(PhaseKind.INDUCTION, 5, 6)
    known = current_course(history, day(16))
    assert cycle_starts(known.protocol, known.infusions, day(16)) == (day(15),)
    assert first_infusion(known.protocol, known.infusions, day(16)) == day(-12)


def test_without_the_day_of_the_last_infusion_elsewhere_the_first_cycle_opens_here():
    known = current_course(transferred(EarlierTreatment(9), 12), day(12))
    assert cycle_starts(known.protocol, known.infusions, day(11)) == ()
    assert protocol_window(known.protocol, known.infusions, day(11)) is None
    assert cycle_starts(known.protocol, known.infusions, day(12)) == (day(12),)


@pytest.mark.parametrize(("today", "proposed"), [(84, False), (85, True)])
def test_a_long_open_interval_proposes_a_new_course(today, proposed):
    found = proposed_course(course(), day(today), NEW_COURSE_GAP_DAYS)
    expected = ProposedCourse(CourseKind.RE_INDUCTION, 85, day(0), None)
    assert found == (expected if proposed else None)


def test_the_first_infusion_after_a_long_interval_proposes_the_day_it_began():
    history = back_after_614_days()
    expected = ProposedCourse(CourseKind.RE_INDUCTION, 614, day(0), day(614))
    assert proposed_course(history, day(621), NEW_COURSE_GAP_DAYS) == expected
    assert proposed_course(replace(history, courses=(AGAIN,)), day(621), NEW_COURSE_GAP_DAYS) is None


@pytest.mark.parametrize(("reviewed", "proposed"), [(84, True), (85, False), (116, False), (115, False)])
def test_a_review_since_the_interval_became_long_dismisses_the_proposal(reviewed, proposed):
    review = RecordedReview(day(reviewed), ReviewDecision.CONTINUE_MAINTENANCE)
    history = replace(course(), reviews=(review,))
    assert (proposed_course(history, day(116), NEW_COURSE_GAP_DAYS) is not None) is proposed


def test_an_interval_that_goes_on_for_as_long_again_is_proposed_again():
    review = RecordedReview(day(90), ReviewDecision.CONTINUE_MAINTENANCE)
    open_interval = replace(course(), reviews=(review,))
    assert proposed_course(open_interval, day(174), NEW_COURSE_GAP_DAYS) is None
    assert proposed_course(open_interval, day(175), NEW_COURSE_GAP_DAYS) is not None
    back = replace(back_after_614_days(), reviews=(review,))
    assert proposed_course(back, day(621), NEW_COURSE_GAP_DAYS) is not None
    again = replace(review, reviewed_on=day(616))
    assert proposed_course(replace(back, reviews=(again,)), day(621), NEW_COURSE_GAP_DAYS) is None


def test_a_planned_course_is_not_proposed_again():
    history = replace(back_after_614_days(AGAIN, given_again=0))
    assert proposed_course(history, day(600), NEW_COURSE_GAP_DAYS) is None


@pytest.mark.parametrize("plan", [Protocol(ended_on=day(50)), Protocol(paused_on=day(50))])
def test_after_the_end_and_in_a_pause_only_an_infusion_proposes_a_new_course(plan):
    resting = replace(course(), protocol=plan)
    assert proposed_course(resting, day(200), NEW_COURSE_GAP_DAYS) is None


def test_an_infusion_after_the_courses_end_proposes_a_new_course():
    ended = replace(course(), protocol=Protocol(ended_on=day(50)))
    infused = replace(ended, infusions=(*ended.infusions, GivenInfusion(day(60))))
    expected = ProposedCourse(CourseKind.RE_INDUCTION, 60, day(0), day(60), after_end=True)
    assert proposed_course(infused, day(61), NEW_COURSE_GAP_DAYS) == expected
    reviewed = replace(infused, reviews=(RecordedReview(day(61), ReviewDecision.CONTINUE_MAINTENANCE),))
    assert proposed_course(reviewed, day(61), NEW_COURSE_GAP_DAYS) is None


def test_nothing_given_proposes_nothing():
    assert proposed_course(History((), (), Protocol()), day(0), NEW_COURSE_GAP_DAYS) is None
    assert course_on(History((), (), Protocol()), day(0)) is None


@pytest.mark.parametrize(
    ("plan", "kind"),
    [
        (Protocol(ended_on=day(50)), PhaseKind.COMPLETED),
        (Protocol(paused_on=day(50)), PhaseKind.PAUSED),
    ],
)
def test_a_course_that_is_planned_ends_no_pause_and_undoes_no_end(plan, kind):
    resting = replace(course(), protocol=plan)
    first = TreatmentCourse(UUID(int=1), 1, CourseKind.INITIAL, began_on=day(0))
    planned = replace(resting, courses=(first, replace(AGAIN, began_on=day(90))))
    for history in (resting, planned):
        known = current_course(history, day(60))
        assert phase(known.protocol, known.infusions, day(60)).kind is kind
    begun = current_course(planned, day(90))
    assert phase(begun.protocol, begun.infusions, day(90)).kind is PhaseKind.NOT_STARTED


def test_a_recall_belongs_to_the_course_of_the_infusion_that_it_is_about():
    recalls = tuple(HalfBenefitRecall(day(number), 5) for number in (30, 614, 640))
    known = replace(back_after_614_days(AGAIN), half_benefit_recalls=recalls)
    assert current_course(known, day(600)).half_benefit_recalls == recalls[:2]
    (first,) = earlier_courses(known, day(650))
    assert first.half_benefit_recalls == recalls[:2]
    assert current_course(known, day(650)).half_benefit_recalls == recalls[2:]


def test_a_recall_about_another_clinics_infusion_belongs_to_the_course_that_went_on_here():
    earlier = EarlierTreatment(9, last_infusion_on=day(595))
    moved = replace(AGAIN, kind=CourseKind.TRANSFERRED_IN, earlier=earlier)
    recalls = tuple(HalfBenefitRecall(day(number), 5) for number in (30, 595, 614))
    known = replace(back_after_614_days(moved), half_benefit_recalls=recalls)
    assert current_course(known, day(650)).half_benefit_recalls == recalls[2:]
    (first,) = earlier_courses(known, day(650))
    assert first.half_benefit_recalls == recalls[:2]
