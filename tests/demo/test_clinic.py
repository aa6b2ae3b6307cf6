"""The demo clinic is believable, whole and the same every time."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from clinical import local_day
from clinical.check_in import Reading
from clinical.current_course import current_course
from clinical.history import History
from clinical.infusion import GIVEN, GivenInfusion
from clinical.instruments.instrument import score
from clinical.instruments.phq9 import PHQ_9
from clinical.outlook import NoForecastReason, Status, outlook
from clinical.protocol import PhaseKind, phase
from clinical.side_effects import CODES
from demo import clinic as demo_clinic
from demo import ids as demo_ids
from models.accounts import Account
from models.api_clients import ApiClient
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.infusions import Infusion
from models.outbox import Delivery
from models.outlooks import CachedOutlook
from models.patients import Patient
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.safety import SafetyAlert, SafetyAnswer
from models.scores import Score
from models.treatment_courses import TreatmentCourse
from services import passwords
from services.histories import histories
from services.outlooks.current import refresh
from services.protocols import ProtocolDraft, in_effect, to_draft
from services.safety.lists import State, state_of
from services.tokens import client_grant
from services.worklist_entries import list_states
from tests import factories
from tests.demo.made_up import NOW, made_up_now
from tests.effort import sample

SECRET = "a" * 64
CLINIC = Clinic(induction_infusion_count=6, induction_days=21, min_interval_days=14, max_interval_days=28)


class Rows:
    """The made-up rows by their kind, before any database has seen them."""

    def __init__(self, now, made_up=None):
        self.now = now
        made_up = list(demo_clinic.patient_rows(now)) if made_up is None else made_up
        self.accounts = [row for row in made_up if isinstance(row, Account)]
        self.patients = [row for row in made_up if isinstance(row, Patient)]
        self.protocols = [row for row in made_up if isinstance(row, Protocol)]
        self.check_ins = [row for row in made_up if isinstance(row, CheckIn)]
        self.infusions = [row for row in made_up if isinstance(row, Infusion)]
        self.forms = [row for row in made_up if isinstance(row, QuestionnaireResponse)]
        self.scores = [row for row in made_up if isinstance(row, Score)]
        self.schedules = [row for row in made_up if isinstance(row, QuestionnaireSchedule)]
        self.baselines = [row for row in made_up if isinstance(row, Baseline)]
        self.answers = [row for row in made_up if isinstance(row, SafetyAnswer)]
        self.alerts = [row for row in made_up if isinstance(row, SafetyAlert)]
        self.deliveries = [row for row in made_up if isinstance(row, Delivery)]

    def revisions(self):
        """Give the revisions of each day and of each infusion."""
        found: dict[tuple[UUID, Any], list[Any]] = defaultdict(list)
        for row in self.check_ins:
            found[row.patient_id, row.local_date].append(row)
        for given in self.infusions:
            found[given.patient_id, given.id].append(given)
        return [sorted(rows, key=lambda row: row.version) for rows in found.values()]


@pytest.fixture(scope="module")
def rows():
    return Rows(NOW, made_up_now())


def outlooks(rows):
    """The outlook of every patient, computed from the rows."""
    readings, infusions = defaultdict(list), defaultdict(list)
    for row in rows.check_ins:
        if row.known_until is None:
            reading = Reading(row.local_date, row.mood, row.anxiety, row.enjoyment, row.benefit_left)
            readings[row.patient_id].append(reading)
    for row in rows.infusions:
        if row.known_until is None and row.status in GIVEN:
            infusions[row.patient_id].append(GivenInfusion(row.local_date, row.reason))
    plans = {row.patient_id: to_draft(row) for row in rows.protocols}
    found = []
    for patient in rows.patients:
        history = History(
            tuple(sorted(readings[patient.id], key=lambda reading: reading.day)),
            tuple(sorted(infusions[patient.id])),
            in_effect(CLINIC, plans.get(patient.id, ProtocolDraft())),
        )
        today = local_day.today(rows.now, patient.time_zone, patient.day_start_hour)
        found.append(outlook(history, today))
    return found


@pytest.mark.parametrize("days", sample("days of a demo", [0, 1, 2, 3, 4, 5, 6, 99, 465], 4))
def test_every_status_and_every_refusal_occurs_whatever_the_day(days):
    found = outlooks(Rows(NOW + timedelta(days=days)))
    counts = Counter(forecast.status for forecast in found)
    assert set(counts) == set(Status)
    assert counts[Status.NOT_DUE] >= 5
    # Two are a clinic's choice, and one is of a course with a target measure, of which there are none here.
    of_a_course = set(NoForecastReason) - {
        NoForecastReason.NOT_SHOWN,
        NoForecastReason.SWITCHED_OFF,
        NoForecastReason.TARGET_NOT_ANSWERED,
    }
    assert {forecast.no_forecast_reason for forecast in found} == {None, *of_a_course}


def test_there_are_about_75_patients_over_about_eight_months(rows):
    assert 65 <= len(rows.patients) <= 85
    assert 4_000 <= len(rows.check_ins) <= 9_000
    back = next(patient.id for patient in rows.patients if "came back" in patient.display_name)
    first = min(row.local_date for row in rows.check_ins if row.patient_id != back)
    assert timedelta(days=200) <= NOW.date() - first <= timedelta(days=250)


def test_nothing_is_known_before_it_happened_or_after_now(rows):
    for row in rows.check_ins:
        assert row.recorded_at <= row.received_at == row.known_from <= rows.now
        assert local_day.days_late(row.local_date, row.recorded_at, row.received_at, row.time_zone) <= 7
    for row in rows.infusions:
        assert row.known_from <= rows.now
        assert (row.status == "scheduled") == (row.started_at > rows.now)
        assert row.status not in GIVEN or row.started_at < row.ended_at < row.known_from
    assert all(
        row.known_from <= rows.now for row in (*rows.protocols, *rows.scores, *rows.forms, *rows.baselines)
    )
    assert all(row.enrolled_at <= rows.now for row in rows.patients)
    for row in rows.alerts:
        moments = [row.opened_at, row.escalated_at, row.acknowledged_at, row.closed_at]
        known = [moment for moment in moments if moment is not None]
        assert known == sorted(known)
        assert known[-1] <= rows.now


@pytest.mark.parametrize("hour", sample("hours of a demo", [0, 5, 11, 23], 4))
def test_the_hour_at_which_it_is_made_does_not_matter(hour):
    made_up = Rows(NOW.replace(hour=hour))
    test_nothing_is_known_before_it_happened_or_after_now(made_up)


def test_each_patients_changes_are_numbered_in_the_order_they_were_learnt(rows):
    changes = defaultdict(list)
    for row in (*rows.check_ins, *rows.infusions, *rows.scores, *rows.forms):
        changes[row.patient_id].append((row.change_seq, row.known_from))
    for patient in rows.patients:
        ordered = sorted(changes[patient.id])
        assert [number for number, _ in ordered] == list(range(1, patient.change_seq + 1))
        assert all(before <= after for (_, before), (_, after) in pairwise(ordered))


def test_a_correction_ends_one_revision_where_the_next_begins(rows):
    corrected = 0
    for revisions in rows.revisions():
        assert [row.version for row in revisions] == list(range(1, len(revisions) + 1))
        assert revisions[-1].known_until is None
        assert all(before.known_until == after.known_from for before, after in pairwise(revisions))
        corrected += len(revisions) > 1
    assert corrected > 50


def test_days_are_filled_in_later_and_sent_late(rows):
    modes = Counter(row.entry_mode for row in rows.check_ins)
    assert 0.02 < modes["backfill"] / modes.total() < 0.2
    assert sum(row.received_at - row.recorded_at > timedelta(hours=12) for row in rows.check_ins) > 50


def test_many_are_asked_for_enjoyment_and_some_answer_only_on_weekdays(rows):
    asked = {row.patient_id for row in rows.check_ins if row.enjoyment is not None}
    assert 0.4 < len(asked) / len(rows.patients) < 0.95
    weekends: Counter[UUID] = Counter()
    for row in rows.check_ins:
        weekends[row.patient_id] += row.local_date.weekday() >= 5
    assert list(weekends.values()).count(0) >= 4


def test_most_rate_the_benefit_left_every_seventh_day_and_it_wears_off(rows):
    given = defaultdict(set)
    for row in rows.infusions:
        if row.status in GIVEN:
            given[row.patient_id].add(row.local_date)
    answered, rated = Counter[bool](), defaultdict(list)
    for row in rows.check_ins:
        days = [day for day in given[row.patient_id] if day <= row.local_date]
        since = (row.local_date - max(days)).days if days else 0
        if row.benefit_left is not None:
            assert since > 0
            assert since % 7 == 0
            assert len(days) >= 6
            rated[since].append(row.benefit_left)
        elif since > 0 and since % 7 == 0 and len(days) >= 6:
            answered[False] += 1
        answered[True] += row.benefit_left is not None
    assert 0.6 < answered[True] / answered.total() < 0.8
    means = {since: sum(points) / len(points) for since, points in rated.items()}
    assert means[7] > means[14] > means[21] > means[28]
    assert all(0 <= points <= 100 for each in rated.values() for points in each)


def test_many_fill_in_a_phq_9_before_after_and_each_month(rows):
    by_patient = defaultdict(list)
    for row in sorted([*rows.scores, *rows.forms], key=lambda row: row.local_date):
        assert (row.instrument, row.local_date.weekday() < 5) == ("phq-9", True)
        by_patient[row.patient_id].append(row)
    assert 0.5 < len(by_patient) / len(rows.patients) < 0.98
    shown = by_patient[rows.patients[0].id]
    assert len(shown) > 20
    assert {(after.local_date - before.local_date).days for before, after in pairwise(shown)} == {7}
    assert shown[0].total - 4 > max(row.total for row in shown[4:7])
    assert all(0 <= row.total <= 27 for row in rows.scores)


def test_a_few_fill_in_their_phq_9s_here_as_arranged(rows):
    mine = {row.patient_id for row in rows.forms}
    assert rows.patients[0].id in mine
    assert mine <= {row.patient_id for row in rows.schedules} == {row.id for row in rows.patients[:5]}
    for row in rows.forms:
        scored = score(PHQ_9, row.answers)
        assert scored
        assert scored.total == row.total
        first = row.patient_id == rows.patients[0].id and row is rows.forms[0]
        assert row.answers["9"] == int(first)


def test_one_patients_baseline_was_judged_before_the_first_infusion(rows):
    (judged,) = rows.baselines
    given = [
        row.local_date
        for row in rows.infusions
        if row.patient_id == judged.patient_id and row.status in GIVEN
    ]
    assert judged.assessed_on < min(given)
    assert min(row.local_date for row in rows.check_ins if row.patient_id == judged.patient_id) >= min(given)


def test_side_effects_cluster_on_the_infusions_day_and_the_next(rows):
    given = defaultdict(set)
    for row in rows.infusions:
        if row.status in GIVEN:
            given[row.patient_id].add(row.local_date)
    result = defaultdict(list)
    for row in rows.check_ins:
        if row.side_effects is None:
            continue
        since = [(row.local_date - day).days for day in given[row.patient_id] if day <= row.local_date]
        result[min(since, default=99)].append(len(row.side_effects))
        assert {effect["code"] for effect in row.side_effects} <= CODES
    means = {since: sum(counts) / len(counts) for since, counts in result.items()}
    assert means[0] > means[1] > 2 * means[3]


def test_doses_and_times_are_those_of_a_clinic(rows):
    for row in rows.infusions:
        assert row.local_date.weekday() < 5
        if row.status == "completed":
            assert 35 <= (row.ended_at - row.started_at) / timedelta(minutes=1) <= 50
            assert 20 <= row.dose_mg <= 60
    assert {row.reason for row in rows.infusions} >= {"scheduled", "symptoms_returned", "convenience"}


def test_demo_patients_are_recognisably_fictional(rows):
    addresses = [account.invited_email for account in rows.accounts]
    assert all(re.fullmatch(r"[a-z]+\.[a-z]+@patients\.example", address) for address in addresses)
    assert len(set(addresses)) == len(addresses)
    assert len({patient.display_name for patient in rows.patients}) == len(rows.patients)
    assert len({patient.time_zone for patient in rows.patients}) >= 6


def test_every_patient_has_an_account_and_one_of_them_can_sign_in(rows):
    accounts = {account.id: account for account in rows.accounts}
    assert len(accounts) == len(rows.patients)
    for patient in rows.patients:
        assert accounts[patient.account_id].patient_id == patient.id
        assert accounts[patient.account_id].roles == "patient"
    (able,) = [account for account in rows.accounts if account.password_hash]
    assert able.email == demo_clinic.PATIENT.name
    assert all(account.email is None for account in rows.accounts if account is not able)


def test_two_demos_of_one_moment_are_alike(rows):
    def gist(made_up):
        return [
            (row.patient_id, row.local_date, row.version, row.mood, row.known_from)
            for row in made_up.check_ins
        ]

    assert gist(Rows(NOW)) == gist(rows)


def test_it_is_stored_whole_with_every_status_and_phase(database):
    with database.write(demo_ids.CLINIC_ID) as session:
        assert demo_clinic.is_empty(session)
        made = demo_clinic.fill(session, SECRET, NOW)
    with database.read(demo_ids.CLINIC_ID) as session:
        assert demo_clinic.exists(session)
        counted = [
            session.scalar(select(func.count()).select_from(kind)) for kind in (Patient, CheckIn, Infusion)
        ]
        assert counted == [made.patients, made.check_ins, made.infusions]
        _see_everybody(session)
        _sign_in(session)
        _meet_the_examples(session, database)


def _meet_the_examples(session, database):
    """Compare the clinic with the page that says which patient is an example of what."""
    refresh(session, database, demo_ids.CLINIC_ID, NOW)
    with database.read(demo_ids.CLINIC_ID) as renewed:
        columns = Patient.record_number, Patient.display_name, CachedOutlook.status, CachedOutlook.summary
        query = select(*columns).join(CachedOutlook, CachedOutlook.patient_id == Patient.id)
        found = {number: rest for number, *rest in renewed.execute(query)}
    page = Path("docs/demo.md").read_text(encoding="utf-8")
    stated = re.findall(r"^\| ([^|]+) \| (LB-\d+) \| `(\w+)` \| `?(\w+)`? \|", page, re.MULTILINE)
    labelled = {number for number, (name, *_) in found.items() if name.endswith(")")}
    assert labelled == {number for _, number, *_ in stated}
    for label, number, status, first in stated:
        name, found_status, summary = found[number]
        reasons = [reason["code"] for reason in summary["attention"]["reasons"]]
        assert (name.partition(" (")[2], found_status) == (f"{label})", status), number
        assert (reasons or ["none"])[0] == first, number
    assert found["LB-1064"][2]["course"]["number"] == 2
    assert found["LB-1065"][2]["course"]["kind"] == "transferred_in"
    assert found["LB-1074"][2]["response_review_due_on"] is None
    assert found["LB-1075"][2]["headline"]["en"].startswith(
        "Overdue. Half of the benefit has probably gone, by intrusive thoughts ("
    )
    assert f"{len(found)} patients" in page
    with database.read(demo_ids.CLINIC_ID) as renewed:
        hidden = sorted(each.state for each in list_states(renewed, NOW).values())
    assert hidden == ["handled", "snoozed"]


def _see_everybody(session):
    clinic = session.get_one(Clinic, demo_ids.CLINIC_ID)
    assert clinic.outlook_mode == "shown"  # a demo that shows nothing would be none
    patients = {patient.id: patient for patient in session.scalars(select(Patient))}
    found = {}
    for patient_id, history in histories(session, clinic, list(patients)).items():
        patient = patients[patient_id]
        today = local_day.today(NOW, patient.time_zone, patient.day_start_hour)
        found[patient.record_number] = outlook(history, today)
        known = current_course(history, today)
        assert found[patient.record_number].phase == phase(known.protocol, known.infusions, today)
    assert {forecast.status for forecast in found.values()} == set(Status)
    assert {forecast.phase.kind for forecast in found.values()} == set(PhaseKind)
    assert {1, 2, 3, 4, 5} <= {forecast.phase.infusions_given_count for forecast in found.values()}
    shown = found["LB-1001"]
    assert shown.no_forecast_reason is None
    assert (shown.gain or 0) > 2
    assert shown.finished_cycle_count >= 3


def _sign_in(session):
    *people, integration = demo_clinic.logins(SECRET)
    for login in people:
        account = session.scalar(select(Account).where(Account.email == login.name))
        assert account.roles == login.role
        assert passwords.matches(account.password_hash, login.password)
        assert passwords.weakness(login.password) is None
    grant = client_grant(session, integration.name, integration.password, None, NOW)
    assert set(grant.scopes) == {"summary:read", "trends:read"}


def test_one_alert_is_open_one_escalated_and_acknowledged_and_the_others_closed(rows):
    states = Counter(state_of(alert) for alert in rows.alerts)
    assert (states[State.OPEN], states[State.ACKNOWLEDGED]) == (1, 1)
    assert states[State.CLOSED] >= 5
    assert len(rows.answers) > 100
    endorsed = [answer for answer in rows.answers if answer.answer > 0]
    assert len(endorsed) == sum(alert.source == "daily_answer" for alert in rows.alerts)
    (waiting,) = [alert for alert in rows.alerts if state_of(alert) == State.OPEN]
    assert NOW - waiting.opened_at < timedelta(minutes=30)
    (escalated,) = [alert for alert in rows.alerts if alert.escalated_at]
    assert escalated.opened_at < escalated.escalated_at < escalated.acknowledged_at
    (result,) = rows.deliveries
    assert (result.alert_id, result.state) == (escalated.id, "delivered")


def test_the_secret_follows_the_servers_key(database):
    with database.write() as session:
        factories.clinic(session, id=demo_ids.CLINIC_ID)
        demo_clinic.set_client_secret(session, SECRET)
        assert session.get(ApiClient, demo_ids.CLIENT_ID) is None
        factories.api_client(session, demo_ids.CLINIC_ID, id=demo_ids.CLIENT_ID)
        demo_clinic.set_client_secret(session, "another")
    with database.read() as session:
        assert (
            client_grant(session, str(demo_ids.CLIENT_ID), "another", None, NOW).subject == demo_ids.CLIENT_ID
        )


def test_one_patient_came_back_after_two_years_and_one_from_another_clinic(rows):
    of = {patient.display_name.partition(" (")[2].rstrip(")"): patient.id for patient in rows.patients}
    courses = defaultdict(list)
    for row in made_up_now():
        if isinstance(row, TreatmentCourse):
            courses[row.patient_id].append(row)
    assert [row.kind for row in courses[of["came back after two years"]]] == ["initial", "re_induction"]
    (moved,) = courses[of["transferred in"]]
    assert (moved.kind, moved.earlier_infusion_count) == ("transferred_in", 7)
    given = [row for row in rows.infusions if row.patient_id == of["transferred in"]]
    assert {row.local_date for row in given if row.status in GIVEN} > set()
    assert all(row.local_date > moved.earlier_last_infusion_on for row in given)


def test_who_answers_at_six_was_not_yet_infused_at_eleven(rows):
    (patient,) = [row for row in rows.patients if "answers at six" in row.display_name]
    given = {
        row.local_date: row.started_at
        for row in rows.infusions
        if row.patient_id == patient.id and row.status in GIVEN
    }
    answered = [row for row in rows.check_ins if row.patient_id == patient.id and row.local_date in given]
    assert answered
    live = [row for row in answered if row.entry_mode == "live" and row.version == 1]
    assert all(row.recorded_at < given[row.local_date] for row in live)
    last = [row for row in answered if row.local_date == max(given)]
    assert {"code": "dizziness", "severity": "severe"} in last[-1].side_effects


def test_everybody_else_answers_an_infusions_day_after_it(rows):
    morning = {row.id for row in rows.patients if "answers at six" in row.display_name}
    given = {
        (row.patient_id, row.local_date): row.started_at for row in rows.infusions if row.status in GIVEN
    }
    for row in rows.check_ins:
        start = given.get((row.patient_id, row.local_date))
        if start is not None and row.patient_id not in morning:
            assert row.recorded_at > start
