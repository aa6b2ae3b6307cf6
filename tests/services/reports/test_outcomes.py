"""The outcomes of a clinic, counted from what its database holds."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

from clinical.score import Instrument
from clinical.suitability import Indication
from clinical.treatment_course import CourseKind
from models.safety import SafetyAnswer
from services.access import Actor, Role
from services.context import Context
from services.errors import Invalid, NotFound
from services.reports.outcomes import OutcomesRequest, SmallGroups, outcomes
from services.reports.outcomes_data import CourseFilter
from tests import factories

pytestmark = pytest.mark.either_database

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def on(day: int) -> date:
    return FIRST + timedelta(days=day)


def safety(session, of, day, answer):
    row = SafetyAnswer(
        patient_id=of.id, local_date=day, version=1, answer=answer, known_from=NOW, known_until=None
    )
    row.clinic_id = of.clinic_id
    session.add(row)


@pytest.fixture
def clinic_id(database):
    """Twelve treated patients, seven of whom responded; and everything that must not be counted."""
    with database.write() as session:
        here, there = factories.clinic(session).id, factories.clinic(session).id
    for clinic_id in (here, there):
        with database.write(clinic_id) as session:
            for number in range(12):
                _patient(session, number)
            untreated = factories.patient(session)
            factories.score(session, untreated, on(0), total=20)
    return here


def _patient(session, number):
    responds = number < 7
    patient = factories.patient(session, enrolled_at=NOW - timedelta(days=120))
    factories.consultation(session, patient, indication="major_depression")
    factories.infusion(session, patient, on(-1), removed=True)
    factories.infusion(session, patient, on(-2), status="scheduled")
    factories.infusion(session, patient, on(0))
    factories.score(session, patient, on(-3), total=20)
    # What was entered at first and corrected since says nothing any more.
    factories.score(session, patient, on(21), total=27 if responds else 0, known_until=NOW)
    factories.form(session, patient, on(21), total=4 if responds else 19)
    factories.form(session, patient, on(28), total=None)
    factories.score(session, patient, on(49), total=4)
    for day, answer in ((-9, 0), (-1, 2), (2, 0 if number < 6 else 2), (4, 2), (5, 0), (9, 0)):
        safety(session, patient, on(day), answer)
    effects = [{"code": "nausea", "severity": "mild"}] if number < 5 else []
    factories.check_in(session, patient, on(0), side_effects=effects)
    factories.check_in(session, patient, on(1), side_effects=[{"code": "headache", "severity": "mild"}])


def ask(database, clinic_id, of=None, role=Role.CLINICIAN, **wanted):
    actor = Actor(uuid4(), clinic_id, frozenset({role}))
    known = {name: wanted.pop(name) for name in ("instrument", "small_groups") if name in wanted}
    with database.read(clinic_id) as session:
        request = OutcomesRequest(CourseFilter(**wanted), **known)
        return outcomes(Context(session, actor, NOW), of or clinic_id, request)


def test_outcomes_are_counted_from_current_records_of_the_clinic(database, clinic_id):
    found = ask(database, clinic_id)
    assert found["treated_count"] == 12
    response = next(one for one in found["rates"] if one["outcome"] == "response")
    figure = {
        "suppressed": False,
        "numerator": 7,
        "denominator": 12,
        "share": 0.5833,
        "lo95": 0.3195,
        "hi95": 0.8067,
    }
    assert response["rows"] == [{"indication": word, **figure} for word in ("all", "major_depression")]
    (loss,) = found["loss_of_response"]
    assert (loss["patient_count"], loss["points"][-1]["elapsed_days"], loss["points"][-1]["surviving"]) == (
        7,
        28,
        1,
    )
    assert found["relief_at_day_3"]["numerator"] == 6
    effects = {row["code"]: row for row in found["side_effect_rates"]["rows"]}
    assert (effects["nausea"]["numerator"], effects["nausea"]["denominator"]) == (5, 12)
    assert (effects["headache"]["numerator"], effects["headache"]["denominator"]) == (0, 12)
    assert found["days_answered"]["median"] == round(2 / 92, 4)


def test_outcomes_take_twelve_queries_for_any_number_of_patients(database, clinic_id):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    ask(database, clinic_id)
    assert len([statement for statement in asked if "SELECT" in statement]) == 12


def test_an_empty_clinic_has_no_figures(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    found = ask(database, clinic_id)
    assert (found["treated_count"], found["rates"], found["loss_of_response"]) == (0, [], [])
    assert found["side_effect_rates"]["rows"] == []
    assert found["days_answered"]["patient_count"] == 0


def row(found, instrument, outcome, indication="all"):
    rate = next(one for one in found["rates"] if (one["instrument"], one["outcome"]) == (instrument, outcome))
    return next((one for one in rate["rows"] if one["indication"] == indication), None)


def counted(found, instrument, outcome, indication="all"):
    one = row(found, instrument, outcome, indication)
    return one and (one["numerator"], one["denominator"])


ALDER, BIRCH = uuid4(), uuid4()
TABLE = {
    # Each patient's total before and after treatment.
    "phq-9": [(20, 10), (20, 11), (20, 4), (20, 26), (10, 15), (10, 16)],
    "gad-7": [(14, 7), (14, 8), (14, 4), (14, 18), (3, 0), (20, 10)],
    "who-5": [(20, 40), (20, 8), (20, 12), (40, 30), (40, 48), (0, 100)],
    "y-bocs": [(30, 19), (30, 20), (30, 12), (30, 31), (20, 13), (12, 0)],
}
INDICATIONS = ("ocd", "ocd", "ocd", "ptsd", "ptsd", None)


@pytest.fixture
def six(database):
    """Six patients with a total before and after by each of four instruments."""
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        for number, indication in enumerate(INDICATIONS):
            patient = factories.patient(session, enrolled_at=NOW - timedelta(days=120))
            decided = {"decision": "suitable", "decided_by": ALDER if number < 2 else BIRCH}
            if indication:
                factories.consultation(session, patient, indication=indication, **decided)
            factories.infusion(session, patient, on(number))
            for instrument, totals in TABLE.items():
                before, after = totals[number]
                factories.score(session, patient, on(-1), instrument=instrument, total=before)
                factories.score(session, patient, on(30), instrument=instrument, total=after)
    return clinic_id


def test_figures_of_four_instruments_equal_a_table_made_by_hand(database, six):
    found = ask(database, six)
    # PHQ-9: half lost by 10 and 4 of 20; 4 or less by 4; 6 points worse by 26 and 16.
    assert counted(found, "phq-9", "response") == (2, 6)
    assert counted(found, "phq-9", "remission") == (1, 6)
    assert counted(found, "phq-9", "worse") == (2, 6)
    # GAD-7: who began at 3 can neither respond nor remit.
    assert counted(found, "gad-7", "response") == (3, 5)
    assert counted(found, "gad-7", "remission") == (1, 5)
    assert counted(found, "gad-7", "worse") == (1, 6)
    # WHO-5: higher is better; no response was published; worse by 10 points: 8 of 20, and 30 of 40.
    assert [one["outcome"] for one in found["rates"] if one["instrument"] == "who-5"] == ["worse"]
    assert counted(found, "who-5", "worse") == (2, 6)
    # Y-BOCS: 35 % lost by 19 and 12 of 30, and by 13 of 20; one began in remission; worse by any change: 31.
    assert counted(found, "y-bocs", "response") == (3, 5)
    assert counted(found, "y-bocs", "remission") == (1, 5)
    assert counted(found, "y-bocs", "worse") == (1, 6)
    by_indication = {name: counted(found, "phq-9", "response", name) for name in ("ocd", "ptsd")}
    assert by_indication == {"ocd": (2, 3), "ptsd": (0, 2)}
    assert counted(found, "phq-9", "response", "not_recorded") == (0, 1)
    means = {one["instrument"]: one for one in found["changes"]}
    # Changes of -10, -9, -16, 6, 5 and 6: squares about their mean of -3 add up to 480, over 5 is 96.
    assert means["phq-9"] == {
        "instrument": "phq-9",
        "direction": "higher_is_worse",
        "suppressed": False,
        "patient_count": 6,
        "mean_before": 16.67,
        "mean_after": 13.67,
        "mean_change": -3.0,
        "sd_change": 9.8,
    }
    assert (means["who-5"]["direction"], means["who-5"]["mean_change"]) == ("higher_is_better", 16.33)


# Ten patients, all treated on day 0: totals of days -3, 14 and 42, the last that counts, and of day 49; None
# where there is none. By hand: responded, in remission, worse; "-" where the patient is in no such count.
HAND_TABLE = {
    "phq-9": [
        (20, 15, 10, None, "yes no no"),  # half lost, exactly
        (20, 8, 4, None, "yes yes no"),
        (18, 12, 10, None, "no no no"),
        (15, 18, 21, None, "no no yes"),  # 6 points worse
        (15, 18, 20, None, "no no no"),  # 5
        (22, 9, None, None, "yes no no"),  # discharged on day 15: the last total counts
        (19, None, None, None, "- - -"),  # discharged before the first total
        (None, 12, 6, None, "- - -"),  # never asked before treatment
        (4, 3, 2, None, "- - no"),  # in remission before treatment
        (16, None, None, 2, "- - -"),  # a form without a total, and a total that is too late
    ],
    "gad-7": [
        (14, 10, 7, None, "yes no no"),
        (16, 6, 3, None, "yes yes no"),
        (15, 9, 8, None, "no no no"),
        (10, 12, 14, None, "no no yes"),  # 4 points worse
        (10, 12, 13, None, "no no no"),  # 3
        (18, 9, None, None, "yes no no"),
        (12, None, None, None, "- - -"),
        (None, 8, 5, None, "- - -"),
        (4, 6, 8, None, "- - yes"),
        (13, None, None, 2, "- - -"),
    ],
    "pcl-5": [  # No response is published.
        (50, 40, 28, None, "- yes no"),
        (60, 40, 29, None, "- no no"),
        (45, 40, 35, None, "- no no"),
        (40, 50, 58, None, "- no yes"),  # 18 points worse
        (40, 50, 57, None, "- no no"),  # 17
        (55, 20, None, None, "- yes no"),
        (48, None, None, None, "- - -"),
        (None, 30, 20, None, "- - -"),
        (28, 30, 20, None, "- - no"),
        (52, None, None, 10, "- - -"),
    ],
}
HAND_MEANS = {
    # Before, after, change and its standard deviation, of the seven with both totals: 114, 76 and -38 in all,
    # squares 654; 87, 62 and -25, squares 389; 318, 247 and -71, squares 3447.
    "phq-9": (16.29, 10.86, -5.43, 8.64),
    "gad-7": (12.43, 8.86, -3.57, 7.07),
    "pcl-5": (45.43, 35.29, -10.14, 21.32),
}
DISCHARGED_ON = {5: 15, 6: 5}
"""Day on which patients of the tables were discharged, by their line."""


@pytest.fixture
def ten(database):
    """The patients of the tables, six of them treated for depression, three for PTSD."""
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        for line in range(10):
            day = DISCHARGED_ON.get(line)
            patient = factories.patient(
                session,
                enrolled_at=NOW - timedelta(days=120),
                discharged_at=day and datetime(2026, 3, 2, 18, tzinfo=UTC) + timedelta(days=day),
            )
            if line:
                factories.consultation(
                    session, patient, indication="major_depression" if line < 7 else "ptsd"
                )
            factories.infusion(session, patient, on(0))
            for instrument, table in HAND_TABLE.items():
                for day, total in zip((-3, 14, 42, 49), table[line], strict=False):
                    if total is not None:
                        factories.score(session, patient, on(day), instrument=instrument, total=total)
                if line == 9:
                    factories.form(session, patient, on(28), instrument=instrument, total=None)
    return clinic_id


def by_hand(instrument, place, lines=range(10)):
    """Count the yes and the rest among the lines of a table, as (numerator, denominator)."""
    marks = [HAND_TABLE[instrument][line][4].split()[place] for line in lines]
    return marks.count("yes"), len(marks) - marks.count("-")


def test_missing_totals_and_patients_who_left_are_counted_as_in_tables_made_by_hand(database, ten):
    found = ask(database, ten)
    assert found["treated_count"] == 10
    outside = ask(database, ten, role=Role.INTEGRATION)
    for instrument, means in HAND_MEANS.items():
        for place, outcome in enumerate(("response", "remission", "worse")):
            if (instrument, outcome) == ("pcl-5", "response"):
                continue
            for group, lines in {
                "all": range(10),
                "not_recorded": [0],
                "major_depression": range(1, 7),
                "ptsd": range(7, 10),
            }.items():
                expected = by_hand(instrument, place, lines)
                # A group of whom nobody can be judged has no row.
                assert counted(found, instrument, outcome, group) == (expected if expected[1] else None)
            # Fewer than five reached it, so it leaves the clinic neither for all nor by indication.
            assert row(outside, instrument, outcome) == {"indication": "all", "suppressed": True}
            assert row(outside, instrument, outcome, "major_depression") in (
                None,
                {"indication": "major_depression", "suppressed": True},
            )
        for report in (found, outside):
            change = next(one for one in report["changes"] if one["instrument"] == instrument)
            assert change["patient_count"] == 7
            names = ("mean_before", "mean_after", "mean_change", "sd_change")
            assert tuple(change[name] for name in names) == pytest.approx(means, abs=0.005)
    assert not any(one["outcome"] == "response" and one["instrument"] == "pcl-5" for one in found["rates"])


def test_one_instrument_is_answered_alone_and_also_without_outcomes(database, six):
    found = ask(database, six, instrument="gad-7")
    assert {one["instrument"] for one in found["rates"]} == {"gad-7"}
    assert counted(found, "gad-7", "response") == (3, 5)
    assert [one["instrument"] for one in found["changes"]] == ["gad-7"]
    nobody = ask(database, six, instrument="madrs")
    assert [one["outcome"] for one in nobody["rates"]] == ["response", "remission", "worse"]
    assert row(nobody, "madrs", "worse") == {
        "indication": "all",
        "suppressed": False,
        "numerator": 0,
        "denominator": 0,
    }
    assert nobody["changes"][0]["patient_count"] == 0


@pytest.mark.parametrize("instrument", Instrument)
def test_every_instrument_of_the_catalogue_has_its_outcomes(database, six, instrument):
    found = ask(database, six, instrument=str(instrument))
    assert "worse" in {one["outcome"] for one in found["rates"]}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"first": on(3)}, (0, 3)),
        ({"last": on(1)}, (1, 2)),
        ({"first": on(1), "last": on(2)}, (1, 2)),
        ({"indication": Indication.OCD}, (2, 3)),
        ({"indication": Indication.OTHER}, None),
        ({"clinician_id": ALDER}, (1, 2)),
        ({"clinician_id": BIRCH}, (1, 3)),
        ({"course_kind": CourseKind.INITIAL}, (2, 6)),
        ({"course_kind": CourseKind.RE_INDUCTION}, None),
    ],
)
def test_courses_are_selected_by_period_indication_clinician_and_kind(database, six, wanted, expected):
    found = ask(database, six, **wanted)
    assert found["treated_count"] == (expected[1] if expected else 0)
    if expected:
        assert counted(found, "phq-9", "response") == expected
    assert {"benefit_lasted", "outlooks"}.isdisjoint(found)


def test_each_course_has_its_own_outcome(database, six):
    later = on(0) + timedelta(days=40)
    with database.write(six) as session:
        patient = factories.patient(session, enrolled_at=NOW - timedelta(days=400))
        factories.treatment_course(session, patient, later)
        factories.infusion(session, patient, on(0) - timedelta(days=300))
        factories.infusion(session, patient, later)
        for day, total in (
            (on(0) - timedelta(days=300), 20),
            (on(0) - timedelta(days=270), 2),
            (later - timedelta(days=2), 18),
            (later + timedelta(days=30), 17),
        ):
            factories.score(session, patient, day, total=total)
    again = ask(database, six, course_kind=CourseKind.RE_INDUCTION)
    assert counted(again, "phq-9", "response") == (0, 1)
    first = ask(database, six)
    assert counted(first, "phq-9", "response") == (3, 7)
    assert first["treated_count"] == 7


def test_what_leaves_the_clinic_has_no_small_groups(database, six):
    for hidden in (
        ask(database, six, small_groups=SmallGroups.SUPPRESSED),
        ask(database, six, role=Role.INTEGRATION),
    ):
        assert row(hidden, "phq-9", "response") == {"indication": "all", "suppressed": True}
        assert "not shown" in hidden["statement"]
    shown = ask(database, six)
    assert "single patients may be recognised" in shown["statement"]


@pytest.mark.parametrize(
    ("wanted", "pointers"),
    [
        ({"first": on(0), "indication": Indication.OCD}, ["from", "indication"]),
        ({"small_groups": SmallGroups.SHOWN}, ["small_groups"]),
        ({"clinician_id": ALDER}, ["clinician_id"]),
    ],
)
def test_an_integration_filters_nothing(database, six, wanted, pointers):
    with pytest.raises(Invalid) as refused:
        ask(database, six, role=Role.INTEGRATION, **wanted)
    assert [error.pointer for error in refused.value.errors] == pointers


def test_another_clinics_outcomes_are_not_found(database, clinic_id):
    with pytest.raises(NotFound):
        ask(database, clinic_id, of=uuid4())
