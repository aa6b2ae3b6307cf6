"""Files of patients, infusions and totals become records, or say line by line why not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from imports import records
from imports.lines import Report, store
from imports.records import RecordSettings
from imports.table_file import Unreadable
from models.clinics import Clinic
from models.infusions import Infusion
from models.patients import Patient
from models.scores import Score
from services.access import Actor, Role
from services.context import Context
from tests import factories

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ZONE = "America/Chicago"


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def admin(database, clinic_id):
    with database.write() as session:
        account = factories.account(session, clinic_id, Role.ADMIN)
        return Actor(account.id, clinic_id, frozenset({Role.ADMIN}))


@pytest.fixture
def patient_id(database, clinic_id):
    with database.write(clinic_id) as session:
        return factories.patient(session, record_number="MRN-7", time_zone=ZONE).id


@pytest.fixture
def imported(database, admin):
    """Import a file; returns what became of its lines, or what is worth a look: columns and codes."""

    def run(kind, text, patient_id=None, *, warnings=False):
        parsed = records.parse(text.encode(), kind, RecordSettings(ZONE, patient_id))
        report = Report(refused=list(parsed.refused))
        with database.write(admin.clinic_id) as session:
            store(Context(session, admin, NOW), parsed.lines, report)
        found = {line: str(outcome) for line, outcome in report.outcomes.items()}
        if warnings:
            return {
                each.line: [(error.pointer, error.code) for error in each.errors] for each in report.warnings
            }
        return found | {
            each.line: [(error.pointer, error.code) for error in each.errors] for each in report.refused
        }

    return run


def test_an_infusion_is_given_at_noon_in_the_clinic_unless_its_time_is_known(
    database, clinic_id, patient_id, imported
):
    text = 'date,time,time_zone,dose_mg,status\n2026-11-03,,,35,\n2026-11-06,9:30,Asia/Tokyo,"35,5",stopped\n'
    assert imported("infusions", text, patient_id) == {2: "created", 3: "created"}
    with database.read(clinic_id) as session:
        first, second = session.scalars(select(Infusion).order_by(Infusion.started_at))
    assert (first.started_at, first.status, first.reason) == (
        datetime(2026, 11, 3, 18, tzinfo=UTC),
        "completed",
        "scheduled",
    )
    assert (second.started_at, second.dose_mg, second.status) == (
        datetime(2026, 11, 6, 0, 30, tzinfo=UTC),
        35.5,
        "stopped",
    )
    assert second.local_date == date(2026, 11, 6)


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ("2026-11-31,9:30,,35", [("date", "not_a_date")]),
        ("2026-11-03,25:00,,35", [("time", "not_a_time")]),
        ("2026-11-03,9:30,9:00,35", [("end_time", "not_after_start")]),
        ("2026-11-03,9:30,,much", [("dose_mg", "not_a_number")]),
        ("2026-11-03,9:30,,9999", [("dose_mg", "out_of_range")]),
        ("2026-12-03,9:30,,35", [("date", "in_the_future")]),
        (",9:30,,35", [("date", "required")]),
    ],
)
def test_of_an_infusion_that_cannot_be_the_column_at_fault_is_named(imported, patient_id, cells, faults):
    text = f"date,time,end_time,dose_mg\n{cells}\n"
    assert imported("infusions", text, patient_id) == {2: faults}


def test_an_infusion_above_the_dose_limits_is_imported_with_its_confirmation(
    imported, database, clinic_id, patient_id
):
    with database.write(clinic_id) as session:
        factories.session_settings(session, max_dose_mg_per_kg=1)
    text = "date;dose_mg;weight_kg;dose_confirmation\n2026-11-03;84;70;\n2026-11-10;84;70;Titrated.\n"
    assert imported("infusions", text, patient_id) == {
        2: [("dose_confirmation", "dose_limit_exceeded")],
        3: "created",
    }


def test_why_an_infusion_was_not_given_is_imported(imported, patient_id):
    text = "date;status;not_done_reason\n2026-11-03;not_done;\n2026-11-10;not_done;no_escort\n"
    assert imported("infusions", text, patient_id) == {2: [("not_done_reason", "required")], 3: "created"}


def test_infusions_that_overlap_one_recorded_by_hand_are_refused(imported, database, clinic_id, patient_id):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        factories.infusion(session, patient, date(2026, 11, 3))
    text = "date,time,end_time\n2026-11-03,10:15,11:00\n"
    assert imported("infusions", text, patient_id) == {2: [("date", "overlaps")]}


def test_a_line_names_its_own_patient_and_none_but_the_one_named(imported, patient_id):
    text = "record_number,date,instrument,total\nMRN-7,2026-11-03,phq-9,17\nMRN-8,2026-11-03,phq-9,17\n"
    assert imported("scores", text) == {2: "created", 3: [("record_number", "unknown_patient")]}
    assert imported("scores", text, patient_id)[2] == "unchanged"
    with pytest.raises(Unreadable, match="record_number"):
        imported("scores", "date,instrument,total\n")


@pytest.mark.parametrize(
    ("cells", "faults"),
    [
        ("2026-11-03,phq-9,28,,", [("total", "off_scale")]),
        ("2026-11-03,phq-9,many,,", [("total", "not_whole")]),
        ("2026-11-03,phq-99,2,,", [("instrument", "unknown_instrument")]),
        ("3.11.2026,phq-9,2,,", [("date", "not_a_date")]),
        ("2026-11-24,phq-9,2,,", [("date", "not_begun")]),
        ("2026-11-03,cadss,2,,", [("lowest", "required"), ("highest", "required")]),
        ("2026-11-03,phq-9,2,0,40", [("highest", "another_range")]),
    ],
)
def test_of_a_total_that_cannot_be_the_column_at_fault_is_named(imported, patient_id, cells, faults):
    text = f"date,instrument,total,lowest,highest\n{cells}\n"
    assert imported("scores", text, patient_id) == {2: faults}


def test_a_total_that_differs_or_was_removed_is_left_as_it_is(imported, database, clinic_id, patient_id):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        factories.score(session, patient, date(2026, 11, 3), total=9)
        factories.score(session, patient, date(2026, 11, 4), removed=True)
    text = "date,instrument,total\n2026-11-03,PHQ-9,17\n2026-11-04,phq-9,14\n"
    assert imported("scores", text, patient_id) == {2: [("total", "differs")], 3: [("total", "removed")]}


def test_our_own_csv_of_scores_leaves_questionnaires_answered_here_alone(
    imported, database, clinic_id, patient_id
):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        form = factories.form(session, patient, date(2026, 11, 3)).id
    header = "local_date,instrument,total,source,record_id,version,lowest,highest,rater\n"
    text = (
        f"{header}2026-11-03,phq-9,8,questionnaire,{form},1,0,27,self\n"
        "2026-11-04,phq-9,14,entered,phq-9/2026-11-04,1,0,27,\n"
    )
    assert imported("scores", text, patient_id) == {2: "unchanged", 3: "created"}
    with database.read(clinic_id) as session:
        (stored,) = session.scalars(select(Score))
    assert (stored.local_date, stored.total, stored.source) == (date(2026, 11, 4), 14, "imported")


def test_a_patient_is_enrolled_once_with_the_clinics_zone(imported):
    text = "record_number,display_name,time_zone,day_start_hour,email\n"
    text += "LB-1,Fern Hollow,,,\nLB-2,Ash Field,Europe/Lisbon,0,ash@mail.example\nLB-3,X,Mars,13,nobody\n"
    faults = [
        ("time_zone", "unknown_time_zone"),
        ("day_start_hour", "out_of_range"),
        ("email", "not_an_email"),
    ]
    first = imported("patients", text)
    assert (first[2], first[3], sorted(first[4])) == ("created", "created", sorted(faults))
    assert imported("patients", text)[3] == "unchanged"


def test_an_infusion_that_no_consultation_clears_is_stored_with_a_warning(
    imported, database, patient_id, clinic_id
):
    text = "date,dose_mg,weight_kg,override_reason\n2026-03-03,35,70,\n2026-03-10,35,70,Agreed by telephone\n"
    assert imported("infusions", text, patient_id, warnings=True) == {2: [("date", "no_consultation")]}
    with database.read(clinic_id) as session:
        stored = session.scalars(select(Infusion).order_by(Infusion.started_at)).all()
    assert [row.override_reason for row in stored] == [None, "Agreed by telephone"]
    # Imported again, they are the same infusions.
    assert imported("infusions", text, patient_id) == {2: "unchanged", 3: "unchanged"}


def test_a_clinic_that_refuses_takes_what_was_given_with_a_reason(imported, database, patient_id, clinic_id):
    with database.write(clinic_id) as session:
        session.get_one(Clinic, clinic_id).refuse_unsuitable = True
    text = "date,override_reason\n2026-03-03,\n2026-03-10,Agreed by telephone\n"
    assert imported("infusions", text, patient_id) == {2: [("date", "not_cleared")], 3: "created"}


def test_a_dose_above_the_limit_names_the_dose(imported, database, patient_id, clinic_id):
    with database.write(clinic_id) as session:
        factories.session_settings(session, max_dose_mg=100)
    assert imported("infusions", "date,dose_mg\n2026-03-03,900\n", patient_id) == {
        2: [("dose_mg", "dose_limit_exceeded")]
    }


@pytest.mark.usefixtures("patient_id")
def test_whose_line_it_is_that_is_not_known(imported):
    text = "record_number,date\n,2026-03-03\nMRN-9,2026-03-03\nMRN-7,\n"
    assert imported("infusions", text) == {
        2: [("record_number", "required")],
        3: [("record_number", "unknown_patient")],
        4: [("date", "required")],
    }
