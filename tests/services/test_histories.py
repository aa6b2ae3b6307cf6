"""Rows become what the core asks for: each patient's own, in order, as known at an instant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from clinical.baseline import AssessedBaseline
from clinical.check_in import Reading, Severity, SideEffect
from clinical.events import DatedEvent, EventKind
from clinical.half_benefit_recall import HalfBenefitRecall as HalfBenefitRecallValue
from clinical.infusion import GivenInfusion, InfusionReason
from clinical.score import Instrument, Score
from models.clinics import Clinic
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from services.histories import histories, side_effects_by_day, treatments
from services.reports.known_at import revision_history_of
from services.revisions import AsOf
from tests import factories
from tests.factories import LONG_AGO

TODAY = date(2026, 11, 21)
ZONE = ZoneInfo(factories.ZONE)
LATER = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


def test_readings_and_infusions_come_in_order_and_only_what_counts(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for back in (0, 2, 5):
            factories.check_in(session, patient, TODAY - timedelta(days=back), mood=back)
        factories.check_in(session, patient, TODAY - timedelta(days=3), removed=True)
        for back, status in ((1, "completed"), (9, "stopped"), (4, "not_done"), (-3, "scheduled")):
            factories.infusion(session, patient, TODAY - timedelta(days=back), status=status)
        factories.infusion(session, patient, TODAY - timedelta(days=7), removed=True)
        factories.protocol(session, patient, min_interval_days=21)
        found = histories(session, session.get_one(Clinic, clinic_id), [patient.id])[patient.id]
    assert [(reading.day, reading.mood) for reading in found.readings] == [
        (TODAY - timedelta(days=back), back) for back in (5, 2, 0)
    ]
    assert found.infusions == tuple(
        GivenInfusion(TODAY - timedelta(days=back), InfusionReason.SCHEDULED) for back in (9, 1)
    )
    assert (found.protocol.min_interval_days, found.protocol.max_interval_days) == (21, 35)


def test_a_reading_carries_each_answer_at_its_place(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        row = factories.check_in(session, patient, TODAY, mood=1, anxiety=2, enjoyment=3, benefit_left=40)
        found = histories(session, session.get_one(Clinic, clinic_id), [patient.id])[patient.id]
    assert found.readings == (Reading(TODAY, 1, 2, 3, 40, row.recorded_at),)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ({}, True),
        ({"entry_mode": "backfill"}, False),
        ({"clock_suspect": True}, False),
        ({"reported_by": "staff", "patient_version": 1}, False),
        ({"reported_by": "staff"}, True),
        ({"reported_by": "import"}, True),
        ({"reported_by": "import", "recorded_at": datetime.combine(TODAY, time(12), ZONE)}, False),
        ({"recorded_at": datetime.combine(TODAY, time(12), ZONE)}, True),
    ],
)
def test_the_time_of_an_answer_is_given_only_where_it_is_known(given, known, database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        row = factories.check_in(session, patient, TODAY, **given)
        clinic = session.get_one(Clinic, clinic_id)
        (reading,) = histories(session, clinic, [patient.id])[patient.id].readings
        (replayed,) = revision_history_of(session, clinic, patient.id).at(LATER).readings
    assert reading.answered_at == (row.recorded_at if known else None)
    assert replayed == reading


def test_infusions_and_forms_carry_their_time_and_entered_totals_none(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        infusion = factories.infusion(session, patient, TODAY)
        form = factories.form(session, patient, TODAY)
        late = factories.form(
            session, patient, TODAY - timedelta(days=2), recorded_at=form.recorded_at - timedelta(days=1)
        )
        factories.score(session, patient, TODAY - timedelta(days=9))
        clinic = session.get_one(Clinic, clinic_id)
        found = histories(session, clinic, [patient.id])[patient.id]
        replayed = revision_history_of(session, clinic, patient.id).at(LATER)
        for history in (found, replayed):
            assert [each.started_at for each in history.infusions] == [infusion.started_at]
            assert {score.day: score.answered_at for score in history.scores} == {
                form.local_date: form.recorded_at,
                late.local_date: None,
                TODAY - timedelta(days=9): None,
            }


def test_scores_come_in_order_and_a_baseline_where_one_was_judged(database, clinic_id):
    with database.write(clinic_id) as session:
        patient, other = factories.patient(session), factories.patient(session)
        for back, total in ((3, 9), (30, 18)):
            factories.score(session, patient, TODAY - timedelta(days=back), total=total)
        factories.score(session, patient, TODAY - timedelta(days=9), removed=True)
        factories.baseline(session, patient, mood=2, anxiety=None)
        factories.baseline(session, other, removed=True)
        found = histories(session, session.get_one(Clinic, clinic_id), [patient.id, other.id])
    assert found[patient.id].scores == (
        Score(TODAY - timedelta(days=30), Instrument.PHQ_9, 18),
        Score(TODAY - timedelta(days=3), Instrument.PHQ_9, 9),
    )
    assert found[patient.id].baseline == AssessedBaseline(factories.LONG_AGO.date(), 2, None)
    assert (found[other.id].scores, found[other.id].baseline) == ((), None)


def test_scores_and_baselines_are_those_known_at_an_instant(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        score = factories.score(session, patient, TODAY, total=4)
        judged = factories.baseline(session, patient, mood=4)
        score.known_until = judged.known_until = LATER
        session.flush()
        factories.score(session, patient, TODAY, total=8, version=2, known_from=LATER)
        factories.baseline(session, patient, mood=8, version=2, known_from=LATER)
        clinic = session.get_one(Clinic, clinic_id)

        def known(instant: datetime | None) -> tuple[list[int], int | None]:
            as_of = None if instant is None else AsOf(instant)
            history = histories(session, clinic, [patient.id], as_of)[patient.id]
            judged = history.baseline.mood if history.baseline else None
            return [score.total for score in history.scores], judged

        assert known(factories.LONG_AGO - timedelta(days=1)) == ([], None)
        assert known(LATER - timedelta(seconds=1)) == ([4], 4)
        assert known(LATER) == known(None) == ([8], 8)


def test_each_patient_gets_their_own(database, clinic_id):
    with database.write(clinic_id) as session:
        answering, silent = factories.patient(session), factories.patient(session)
        factories.check_in(session, answering, TODAY)
        ids = [answering.id, silent.id]
        found = histories(session, session.get_one(Clinic, clinic_id), ids)
        assert side_effects_by_day(session, ids)[silent.id] == []
    assert [len(found[patient_id].readings) for patient_id in ids] == [1, 0]


def test_what_was_known_at_an_instant_is_neither_later_nor_ended(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        edited = factories.check_in(session, patient, TODAY, mood=2)
        edited.known_until = LATER
        session.flush()
        factories.check_in(session, patient, TODAY, mood=9, version=2, known_from=LATER)
        clinic = session.get_one(Clinic, clinic_id)
        moods = [
            [reading.mood for reading in histories(session, clinic, [patient.id], as_of)[patient.id].readings]
            for as_of in (
                AsOf(LATER - timedelta(days=9)),
                AsOf(LATER - timedelta(seconds=1)),
                AsOf(LATER),
                None,
            )
        ]
    assert moods == [[], [2], [9], [9]]


def test_side_effects_are_given_for_the_days_on_which_they_were_asked_for(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        factories.check_in(session, patient, TODAY, side_effects=[{"code": "nausea", "severity": "severe"}])
        factories.check_in(session, patient, TODAY - timedelta(days=1), side_effects=None)
        factories.check_in(session, patient, TODAY - timedelta(days=2), side_effects=[])
        found = side_effects_by_day(session, [patient.id])[patient.id]
    assert found == [(TODAY - timedelta(days=2), ()), (TODAY, (SideEffect("nausea", Severity.SEVERE),))]


def test_ten_queries_do_for_any_number_of_patients(database, clinic_id):
    with database.write(clinic_id) as session:
        ids = [factories.patient(session).id for _ in range(12)]
    asked: list[str] = []
    with database.read(clinic_id) as session:
        clinic = session.get_one(Clinic, clinic_id)
        event.listen(session, "do_orm_execute", lambda state: asked.append(str(state.statement)))
        histories(session, clinic, ids)
    assert len(asked) == 10


def test_a_whole_form_counts_as_a_score_and_wins_over_a_total_entered_for_its_day(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        factories.score(session, patient, TODAY, total=20)
        factories.score(session, patient, TODAY, instrument="gad-7", total=3)
        early = datetime(2026, 11, 21, 8, tzinfo=UTC)
        factories.form(session, patient, TODAY, total=9)
        factories.form(session, patient, TODAY, total=11, recorded_at=early)
        factories.form(session, patient, TODAY - timedelta(days=1), total=None, answers={"9": 0})
        factories.form(session, patient, TODAY - timedelta(days=2), removed=True)
        clinic = session.get_one(Clinic, clinic_id)
        found = histories(session, clinic, [patient.id])[patient.id]
        past = revision_history_of(session, clinic, patient.id).at(LATER)
    assert found.scores == (Score(TODAY, Instrument.GAD_7, 3), Score(TODAY, Instrument.PHQ_9, 9))
    assert past.scores == found.scores


def test_a_recall_is_of_the_infusions_day_if_that_was_given_and_else_of_the_answers(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        clinic = session.get_one(Clinic, clinic_id)

        def recalls() -> list[tuple[int, int | None]]:
            """Days ago, and days recalled."""
            found = histories(session, clinic, [patient.id])[patient.id].half_benefit_recalls
            assert revision_history_of(session, clinic, patient.id).at(LATER).half_benefit_recalls == found
            return [((TODAY - recall.asked_on).days, recall.days) for recall in found]

        def answered(ago: int, asked_at: Infusion, **given: Any) -> HalfBenefitRecall:
            at = datetime.combine(TODAY - timedelta(days=ago), time(23, 30), ZONE)
            return factories.half_benefit_recall(
                session, asked_at, answered_at=at, known_from=LONG_AGO, **given
            )

        first, second, third = (
            factories.infusion(session, patient, TODAY - timedelta(days=ago)) for ago in (90, 60, 30)
        )
        booked = factories.infusion(session, patient, TODAY, status="scheduled")
        assert recalls() == []
        answered(88, first, days=1)
        answered(57, second, days=14)
        assert recalls() == [(90, 1), (60, 14)]
        # Before the infusion: "not gone" then does not reach as far as the infusion.
        early = answered(35, third, answer="not_gone", days=None)
        of_booked = answered(2, booked, days=20)
        assert recalls() == [(90, 1), (60, 14), (35, None), (2, 20)]
        booked.status = "not_done"
        assert recalls()[-1] == (2, 20)
        booked.status = "completed"
        assert recalls()[-1] == (2, 20)
        of_booked.answered_at = datetime.combine(TODAY, time(23), ZONE)
        assert recalls()[-1] == (0, 20)
        of_booked.answer, of_booked.days = "cannot_say", None
        early.removed = True
        assert recalls() == [(90, 1), (60, 14)]
        second.removed = True
        assert recalls() == [(90, 1)]


def test_a_booking_that_was_moved_leaves_one_recall_about_the_infusion_before(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        factories.infusion(session, patient, TODAY - timedelta(days=30))
        moved = factories.infusion(session, patient, TODAY - timedelta(days=6), status="not_done")
        given = factories.infusion(session, patient, TODAY)
        factories.half_benefit_recall(session, moved, days=12)
        factories.half_benefit_recall(session, given, days=15)
        clinic = session.get_one(Clinic, clinic_id)
        found = histories(session, clinic, [patient.id])[patient.id].half_benefit_recalls
        assert found == (HalfBenefitRecallValue(TODAY, 15),)
        assert revision_history_of(session, clinic, patient.id).at(LATER).half_benefit_recalls == found


@pytest.mark.either_database
def test_recalls_are_those_known_at_an_instant_with_the_infusion_as_it_was_known_then(database, clinic_id):
    def at(days: float) -> datetime:
        return LATER - timedelta(days=days)

    answered_at = at(15)
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        day = (LATER - timedelta(days=10)).date()
        factories.infusion(session, patient, LATER.date() - timedelta(days=60), known_from=at(59))
        booked = factories.infusion(
            session, patient, day, status="scheduled", known_from=at(30), known_until=at(9)
        )
        whole = {"id": booked.id, "version": 2, "known_from": at(9), "known_until": at(5)}
        factories.infusion(session, patient, day, **whole)
        moved = whole | {"version": 3, "known_from": at(5), "known_until": None}
        factories.infusion(session, patient, day - timedelta(days=8), **moved)
        one = {"answered_at": answered_at, "known_from": at(14), "known_until": at(7)}
        factories.half_benefit_recall(session, booked, days=20, **one)
        factories.half_benefit_recall(
            session, booked, days=22, version=2, answered_at=answered_at, known_from=at(7), known_until=at(3)
        )
        factories.half_benefit_recall(
            session, booked, version=3, answered_at=answered_at, known_from=at(3), removed=True
        )
        answered_on = answered_at.astimezone(ZONE).date()
        expected = [
            (14.5, ()),
            (13, ((answered_on, 20),)),
            (8, ((answered_on, 20),)),
            (6, ((answered_on, 22),)),
            (4, ((day - timedelta(days=8), 22),)),
            (2, ()),
            (0, ()),
        ]
        clinic = session.get_one(Clinic, clinic_id)
        past = revision_history_of(session, clinic, patient.id)
        for days, recalls in expected:
            found = histories(session, clinic, [patient.id], AsOf(at(days)))[patient.id]
            assert tuple((each.asked_on, each.days) for each in found.half_benefit_recalls) == recalls, days
            assert past.at(at(days)) == found
        shared = AsOf(at(6), without_removed_of=patient.id)
        assert histories(session, clinic, [patient.id], shared)[patient.id].half_benefit_recalls == ()


@pytest.mark.either_database
def test_doses_requests_and_changes_of_medication_are_those_known_at_an_instant(database, clinic_id):
    def at(days: float) -> datetime:
        return LATER - timedelta(days=days)

    asked, day = TODAY - timedelta(days=9), TODAY - timedelta(days=5)
    with database.write(clinic_id) as session:
        patient, other = factories.patient(session), factories.patient(session)
        given = factories.infusion(session, patient, day, known_from=at(8), known_until=at(6))
        second = {"id": given.id, "version": 2, "known_from": at(6), "known_until": None}
        factories.infusion(session, patient, day, dose_mg=50.0, requested_on=asked, **second)
        one = {"id": uuid4(), "kind": "medication_change", "visibility": "staff"}
        factories.event(session, patient, day, **one, known_from=at(5), known_until=at(3))
        factories.event(session, patient, day, **one, version=2, known_from=at(3), removed=True, note=None)
        factories.event(session, patient, asked)
        factories.event(session, other, asked, kind="medication_change")
        clinic = session.get_one(Clinic, clinic_id)
        past = revision_history_of(session, clinic, patient.id)
        changed = (DatedEvent(day, EventKind.MEDICATION_CHANGE),)
        before, after = (35.0, None), (50.0, asked)
        for days, dose, events in ((7, before, ()), (4, after, changed), (1, after, ())):
            stored = histories(session, clinic, [patient.id], AsOf(at(days)))[patient.id]
            for found in (stored, past.at(at(days))):
                (infusion,) = found.infusions
                assert (infusion.dose_mg, infusion.requested_on) == dose, days
                assert found.events == events, days


def test_a_patients_recalls_are_nobody_elses(database, clinic_id):
    with database.write(clinic_id) as session:
        patients = [factories.patient(session) for _ in range(2)]
        for patient in patients:
            factories.infusion(session, patient, TODAY - timedelta(days=30))
        factories.half_benefit_recall(session, factories.infusion(session, patients[0], TODAY))
        factories.infusion(session, patients[1], TODAY)
        found = histories(session, session.get_one(Clinic, clinic_id), [each.id for each in patients])
    assert [len(found[each.id].half_benefit_recalls) for each in patients] == [1, 0]


def test_treatments_are_the_histories_without_any_answers(database, clinic_id):
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for ago in (40, 20):
            factories.infusion(session, patient, TODAY - timedelta(days=ago))
        factories.check_in(session, patient, TODAY)
        factories.treatment_course(session, patient, TODAY - timedelta(days=25))
        factories.response_review(session, patient, TODAY, decision="extend", additional_infusion_count=2)
        clinic = session.get_one(Clinic, clinic_id)
        whole = histories(session, clinic, [patient.id])[patient.id]
        treated = treatments(session, clinic, [patient.id])[patient.id]
    assert whole.readings
    assert treated == replace(whole, readings=())
    assert treated.courses[0].induction_infusion_count == 8
