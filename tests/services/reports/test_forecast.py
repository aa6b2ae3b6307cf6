"""A clinic's backtest: each past day from what was known then, stored, and added up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select

from clinical import local_day
from clinical.outlook import outlook
from clinical.outlook.evaluation.retrospective import Finding
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.patients import Patient
from models.reports import BacktestedPatient, ForecastReport
from models.treatment_courses import TreatmentCourse
from services.access import Actor, Role
from services.errors import NotFound
from services.histories import histories
from services.outlooks.documents import document
from services.reports.backtest import OUTLOOK, RULES, from_json, to_json
from services.reports.forecast import (
    NoReportYet,
    SettingsChanged,
    latest,
    replay_patient,
    start_backtest,
    store_report,
)
from services.reports.forecast_figures import figures
from services.reports.known_at import revision_history_of
from services.revisions import AsOf
from tests import factories

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 3, 30, tzinfo=UTC)  # half past nine in the evening in Chicago
TODAY = date(2026, 11, 21)
INDUCTION = (130, 127, 123, 120, 116, 113)
MAINTENANCE = (83, 53, 23)
MOODS = (8, 8, 8, 8, 8, 8, 7, 7, 7, 7, 6, 6, 6, 5, 5, 5, 4, 4)


def mood_on(back: int) -> int:
    """The mood of so many days ago: low before the first infusion, then high after each, and wearing off."""
    since = min((given - back for given in (*INDUCTION[-1:], *MAINTENANCE) if given >= back), default=None)
    if since is None:
        return 3 if back > INDUCTION[0] else 8
    return MOODS[since] if since < len(MOODS) else 3


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def patient_id(database, clinic_id):
    """Somebody with three finished cycles of thirty days, who answers two days of three."""
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for back in (*INDUCTION, *MAINTENANCE):
            factories.infusion(session, patient, TODAY - timedelta(days=back))
        for back in range(150):
            if back % 3:
                day, mood = TODAY - timedelta(days=back), mood_on(back)
                factories.check_in(session, patient, day, mood=mood, enjoyment=mood, anxiety=10 - mood)
        return patient.id


@pytest.fixture
def replay(database, clinic_id, patient_id):
    def through(now: datetime = NOW, *, force: bool = False):
        return replay_patient(database, start_backtest(database, clinic_id, now), patient_id, force=force)

    return through


def test_every_finished_cycle_is_scored_and_replayed_by_every_rule(replay):
    cycles = replay()
    assert [(cycle.reference.number, cycle.reference.interval) for cycle in cycles] == [
        (1, 30),
        (2, 30),
        (3, 30),
    ]
    for cycle in cycles:
        assert cycle.reference.finding is Finding.SEEN
        assert 10 <= (cycle.reference.half_gone or 0) <= 17
        assert set(cycle.predictions) == {OUTLOOK, *RULES}
        # On its own day the infusion was recorded within the hour.
        assert [prediction.day for prediction in cycle.predictions[OUTLOOK]] == list(range(30))


def test_a_replayed_prediction_is_the_outlook_of_that_day(replay, database, clinic_id, patient_id):
    (_, second, _) = replay()
    for since in (5, 12, 25):
        day = second.reference.start + timedelta(days=since)
        end = local_day.end_of(day, factories.ZONE, 4) - timedelta(seconds=1)
        with database.read(clinic_id) as session:
            clinic = session.get_one(Clinic, clinic_id)
            known = histories(session, clinic, [patient_id], AsOf(end))[patient_id]
        result = outlook(known, day)
        (prediction,) = [prediction for prediction in second.predictions[OUTLOOK] if prediction.day == since]
        assert prediction.p_half_lost == result.p_half_lost
        assert result.due_median_on is not None
        assert prediction.median is not None
        assert 0 <= (result.due_median_on - second.reference.start).days - prediction.median < 1


def test_a_target_measure_chosen_later_is_that_of_every_replayed_day(replay, database, clinic_id, patient_id):
    by_wellbeing = replay()
    with database.write(clinic_id) as session:
        for row in session.scalars(select(CheckIn)):
            # The same course in a rating whose 10 is worst, the mood flat.
            row.ratings, row.mood, row.enjoyment, row.anxiety = {"craving": row.anxiety}, 5, 5, 5
        patient = session.get_one(Patient, (clinic_id, patient_id))
        patient.change_seq += 1
        session.add(
            TreatmentCourse(
                patient_id=patient_id,
                id=uuid4(),
                version=1,
                kind="initial",
                began_on=TODAY - timedelta(days=INDUCTION[0]),
                target_measure="craving",
                removed=False,
                recorded_by=patient.account_id,
                known_from=NOW - timedelta(days=1),
                known_until=None,
            )
        )
    by_craving = replay()
    assert [cycle.reference.half_gone for cycle in by_craving] == [
        cycle.reference.half_gone for cycle in by_wellbeing
    ]
    assert by_craving[2].predictions[OUTLOOK][14].median == by_wellbeing[2].predictions[OUTLOOK][14].median
    assert from_json(to_json(by_craving)) == by_craving
    assert figures([by_craving], [])["statement"].endswith(
        "3 of the 3 finished cycles are by an optional rating in place of wellbeing, the target measure of "
        "their courses, and counted with the others."
    )


def test_as_of_excludes_records_stored_later(replay, database, clinic_id, patient_id):
    before = replay()
    day = before[1].reference.start + timedelta(days=10)
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        for back in range(4):
            late = day - timedelta(days=back)
            if (TODAY - late).days % 3 == 0:
                factories.check_in(
                    session, patient, late, mood=0, enjoyment=0, anxiety=10, known_from=NOW, received_at=NOW
                )
    after = replay()
    assert after[0].predictions == before[0].predictions
    assert after[1].predictions == before[1].predictions
    assert after[1].reference != before[1].reference  # but looking back, it counts


def test_an_infusion_recorded_late_was_not_known_until_then(replay, database, clinic_id, patient_id):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        factories.infusion(
            session, patient, TODAY - timedelta(days=13), known_from=NOW - timedelta(days=10, hours=12)
        )
        factories.infusion(session, patient, TODAY)
    *_, last = replay()
    assert last.reference.interval == 13
    assert [prediction.day for prediction in last.predictions[OUTLOOK]][:2] == [3, 4]


def test_as_of_any_instant_equals_the_history_stored_then(database, clinic_id, patient_id):
    moments = [NOW - timedelta(days=days, hours=7) for days in (0, 1, 30, 52, 113, 140, 400)]
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        edited = factories.check_in(session, patient, TODAY - timedelta(days=30), known_until=moments[1])
        factories.check_in(
            session, patient, edited.local_date, version=2, mood=1, known_from=moments[1], removed=True
        )
        factories.protocol(
            session, patient, max_interval_days=42, known_from=moments[3], known_until=moments[2]
        )
        factories.protocol(session, patient, version=2, known_from=moments[2], paused_on=TODAY)
    with database.read(clinic_id) as session:
        clinic = session.get_one(Clinic, clinic_id)
        past = revision_history_of(session, clinic, patient_id)
        for moment in moments:
            assert past.at(moment) == histories(session, clinic, [patient_id], AsOf(moment))[patient_id]


def test_a_replay_is_stored_and_reused_while_nothing_changes(replay, database, clinic_id):
    first = replay()
    with database.write(clinic_id) as session:
        stored = session.scalars(select(BacktestedPatient)).one()
        assert from_json(stored.replay) == first
        stored.replay = {**stored.replay, "cycles": stored.replay["cycles"][:1]}
    assert replay() == replay(NOW + timedelta(days=40)) == first[:1]
    assert replay(force=True) == first


@pytest.mark.parametrize(
    "given",
    [{"change_seq": 3}, {"clinic_version": 9}, {"engine_version": "0"}, {"last_day": date(2026, 1, 1)}],
    ids=["another count", "other settings", "another engine", "before an infusion that lay ahead"],
)
def test_a_replay_of_other_inputs_is_computed_again(given, replay, database, clinic_id):
    first = replay()
    with database.write(clinic_id) as session:
        stored = session.scalars(select(BacktestedPatient)).one()
        stored.replay = {"cycles": [], "infusion_ahead": "last_day" in given}
        for name, value in given.items():
            setattr(stored, name, value)
    assert replay() == first


def test_days_on_which_the_plan_was_paused_have_no_forecast(replay, database, clinic_id, patient_id):
    start = TODAY - timedelta(days=MAINTENANCE[0])
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        pause = {"paused_on": start + timedelta(days=5), "resumes_on": start + timedelta(days=9)}
        factories.protocol(session, patient, **pause)
    days = [prediction.day for prediction in replay()[1].predictions[OUTLOOK]]
    assert days == [*range(5), *range(9, 30)]


def test_a_report_adds_up_and_is_the_one_served(replay, database, clinic_id):
    actor = Actor(clinic_id, clinic_id, frozenset({Role.ADMIN}))
    with database.read(clinic_id) as session, pytest.raises(NoReportYet):
        latest(session, actor, clinic_id)
    store_report(database, start_backtest(database, clinic_id, NOW - timedelta(days=1)), [])
    cycles = replay()
    report = store_report(database, start_backtest(database, clinic_id, NOW), [cycles] * 2 + [[]])
    assert (
        report["patient_count"],
        report["cycle_counts"]["finished_count"],
        report["cycle_counts"]["scored_count"],
    ) == (2, 6, 6)
    assert (report["first_on"], report["last_on"]) == ("2026-07-31", "2026-10-29")
    assert [rule["rule"] for rule in report["rules"]] == [OUTLOOK, *RULES]
    assert [group["cycle_range"] for group in report["by_cycle"]] == ["1", "2 to 3"]
    with database.read(clinic_id) as session:
        served = latest(session, actor, clinic_id)
        assert (served.report, served.generated_at) == (document(report), NOW)
        assert session.scalar(select(func.count()).select_from(ForecastReport)) == 2
        with pytest.raises(NotFound):
            latest(session, replace(actor, clinic_id=uuid4()), clinic_id)


def test_the_statement_names_a_prior_estimated_from_these_patients(database, clinic_id):
    assert (
        "flatters it" not in store_report(database, start_backtest(database, clinic_id, NOW), [])["statement"]
    )
    with database.write(clinic_id) as session:
        factories.estimated_prior(session, name="clinic-1")
        session.get_one(Clinic, clinic_id).outlook_prior = "clinic-1"
    report = store_report(database, start_backtest(database, clinic_id, NOW), [])
    assert report["prior_version"] == "clinic-1"
    assert "flatters it" in report["statement"]


def test_the_replay_uses_the_prior_in_use(replay, own_prior):
    published = replay()
    own_prior()
    first = [cycles[0].predictions[OUTLOOK][7].median or 0 for cycles in (published, replay())]
    assert first[1] > first[0] + 5


@pytest.fixture
def own_prior(database, clinic_id):
    """Have the clinic take a prior of its own into use."""

    def into_use() -> None:
        with database.write(clinic_id) as session:
            factories.estimated_prior(session, name="clinic-1", median_days=60.0, spread=0.2)
            clinic = session.get_one(Clinic, clinic_id)
            clinic.outlook_prior, clinic.version = "clinic-1", clinic.version + 1

    return into_use


def test_a_backtest_ends_when_the_settings_change(own_prior, database, clinic_id, patient_id):
    begun = start_backtest(database, clinic_id, NOW)
    own_prior()
    with pytest.raises(SettingsChanged):
        replay_patient(database, begun, patient_id)
    assert replay_patient(database, start_backtest(database, clinic_id, NOW), patient_id)


def test_a_report_never_names_another_prior_than_its_replays_used(own_prior, database, clinic_id, patient_id):
    begun = start_backtest(database, clinic_id, NOW)
    cycles = replay_patient(database, begun, patient_id)
    own_prior()
    with pytest.raises(SettingsChanged):
        store_report(database, begun, [cycles])
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(ForecastReport)) == 0


def test_a_report_takes_the_write_lock_only_to_store(replay, database, clinic_id):
    begun, cycles = start_backtest(database, clinic_id, NOW), replay()
    written = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _note(connection, _cursor, statement, *_more):
        reads = connection.get_execution_options().get("afterglow_reads")
        if not (reads or statement.startswith(("BEGIN", "PRAGMA"))):
            written.append(statement.split()[0])

    store_report(database, begun, [cycles])
    # A report that a clock ahead of ours dated is deleted with it.
    assert written == ["DELETE", "INSERT"]


@pytest.mark.parametrize("kind", ["postgresql"])  # in SQLite one writer waits for the other
def test_of_two_concurrent_replays_of_a_patient_both_are_answered(replay, database, clinic_id):
    others: list[object] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def _somebody_else_is_faster(_connection, _cursor, statement, *_more):
        if statement.startswith("INSERT") and not others:
            others.append(statement)
            others.append(replay())

    assert replay() == others[1]
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(BacktestedPatient)) == 1


def test_replayed_cycles_survive_json(replay):
    cycles = replay()
    assert from_json(to_json(cycles)) == cycles
