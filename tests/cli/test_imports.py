"""`flask import` stores files: once, line by line, on behalf of somebody."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import func, select

from cli import imports as module
from cli.imports import imports
from clinical.sentences import Sentence
from imports import diaries
from imports.diaries import DiarySettings
from imports.files import Importer
from imports.lines import ParsedLine, Report, reasons
from imports.scales import OURS
from models.accounts import Account
from models.check_ins import CheckIn
from models.infusions import Infusion
from models.patients import Patient
from models.scores import Score
from services.access import Actor, Role
from services.context import Context
from services.errors import FieldError, Invalid, NotFound
from tests import factories

SAMPLE = Path(__file__).parents[2] / "docs" / "samples" / "diary.csv"
ZONE = "America/Chicago"


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session).id


@pytest.fixture
def patient_id(database, clinic_id):
    with database.write(clinic_id) as session:
        return factories.patient(session, record_number="MRN-7", time_zone=ZONE).id


@pytest.fixture
def admin_id(database, clinic_id):
    with database.write() as session:
        return factories.account(session, clinic_id, Role.ADMIN, email="head@clinic.example").id


@pytest.fixture
def terminal(settings, database, patient_id, admin_id):  # noqa: ARG001  they are to be there
    """Run the command as a person at a terminal would, on the patient's behalf unless another is named."""
    app = Flask("terminal")
    app.cli.add_command(imports)
    app.extensions.update(settings=settings, database=database)

    def run(file, *arguments, patient="MRN-7", scale="0-10", kind="check-ins", text=None):
        given = ["import", kind, str(file), *arguments]
        given += [] if patient is None else ["--patient", str(patient)]
        given += [] if scale is None or kind != "check-ins" else ["--scale", scale]
        return app.test_cli_runner().invoke(args=given, input=text)

    return run


@pytest.fixture
def diary(tmp_path):
    """Write a diary's file."""

    def write(text):
        file = tmp_path / "diary.csv"
        file.write_text(text, encoding="utf-8")
        return file

    return write


def stored(database, clinic_id):
    with database.read(clinic_id) as session:
        return list(session.scalars(select(CheckIn).order_by(CheckIn.local_date, CheckIn.version)))


def test_a_diary_is_stored_on_behalf_of_the_clinics_admin(
    terminal, database, clinic_id, patient_id, admin_id
):
    done = terminal(SAMPLE)
    assert done.exit_code == 0, done.output
    assert done.stdout == "6 stored, 0 unchanged, 0 refused\n"
    rows = stored(database, clinic_id)
    assert {(row.patient_id, row.recorded_by, row.version) for row in rows} == {(patient_id, admin_id, 1)}
    assert rows[2].local_date == date(2026, 3, 3)
    assert rows[2].recorded_at == datetime(2026, 3, 4, 2, 55, tzinfo=UTC)
    assert (rows[2].mood, rows[2].enjoyment, rows[2].anxiety) == (5, 4, 6)
    assert [effect["code"] for effect in rows[2].side_effects] == ["dissociation", "nausea"]
    with database.read(clinic_id) as session:
        assert session.get_one(Patient, (clinic_id, patient_id)).change_seq == 6


def test_running_it_twice_changes_nothing(terminal, database, clinic_id, patient_id):
    terminal(SAMPLE)
    again = terminal(SAMPLE, patient=patient_id)
    assert again.exit_code == 0
    assert again.stdout == "0 stored, 6 unchanged, 0 refused\n"
    assert len(stored(database, clinic_id)) == 6


def test_a_diary_is_the_same_in_another_time_zone(terminal, database, clinic_id):
    terminal(SAMPLE)
    before = [(row.version, row.recorded_at) for row in stored(database, clinic_id)]
    again = terminal(SAMPLE, "--time-zone", "Asia/Tokyo")
    assert (again.exit_code, again.stdout) == (0, "0 stored, 6 unchanged, 0 refused\n")
    assert [(row.version, row.recorded_at) for row in stored(database, clinic_id)] == before


def test_a_day_with_other_answers_is_refused_and_not_overwritten(terminal, database, clinic_id, diary):
    terminal(diary("date,mood,anxiety\n2026-03-01,4,5\n"))
    done = terminal(diary("date,mood,anxiety\n2026-03-01,9,5\n2026-03-02,4,4\n"))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "line 2: date: Something else is stored for this already; it was left as it is. (differs)",
        "1 stored, 0 unchanged, 1 refused",
    ]
    assert [row.mood for row in stored(database, clinic_id)] == [4, 4]


def test_an_invalid_line_is_named_without_its_content(terminal, database, clinic_id, diary):
    done = terminal(diary("date,mood,note\n2026-03-01,77,a private note\n2026-03-02,4,\n"))
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "line 2: mood: Send a whole number from 0 to 10. (out_of_range)",
        "1 stored, 0 unchanged, 1 refused",
    ]
    assert "77" not in done.output
    assert "private" not in done.output
    assert [row.anxiety for row in stored(database, clinic_id)] == [None]


def test_a_dry_run_validates_and_stores_nothing(terminal, database, clinic_id, diary):
    terminal(diary("date,mood\n2026-03-01,4\n2026-03-02,4\n"))
    done = terminal(diary("date,mood\n2026-03-01,9\n2026-03-02,4\n2026-03-03,4\n"), "--dry-run")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == "1 would be stored, 1 unchanged, 1 refused"
    assert len(stored(database, clinic_id)) == 2


def test_a_long_diary_is_stored_in_parts_and_reports_its_progress(
    terminal, database, clinic_id, diary, monkeypatch
):
    monkeypatch.setattr(module, "REPORT_EVERY", 200)
    days = [date.fromordinal(date(2024, 1, 1).toordinal() + number) for number in range(240)]
    lines = "".join(f"{day},{day.day % 11}\n" for day in days)
    done = terminal(diary("date,mood\n" + lines))
    assert done.stdout == "240 stored, 0 unchanged, 0 refused\n"
    assert done.stderr == "200 of 240 lines\n"
    assert [row.change_seq for row in stored(database, clinic_id)] == list(range(1, 241))


def test_a_removed_day_stays_removed(terminal, database, clinic_id, diary, patient_id):
    with database.write(clinic_id) as session:
        patient = session.get_one(Patient, (clinic_id, patient_id))
        factories.check_in(session, patient, date(2026, 3, 1), removed=True)
    done = terminal(diary("date,mood\n2026-03-01,4\n"))
    assert done.exit_code == 1
    assert "(removed)" in done.stdout


def test_a_named_member_of_staff_is_recorded(terminal, database, clinic_id):
    with database.write() as session:
        nurse = factories.account(session, clinic_id, Role.CLINICIAN, email="nurse@clinic.example").id
    assert terminal(SAMPLE, "--as", "Nurse@clinic.example").exit_code == 0
    assert {row.recorded_by for row in stored(database, clinic_id)} == {nurse}


def test_a_patient_may_not_import_a_diary(terminal, database, clinic_id, patient_id):
    with database.read(clinic_id) as session:
        account_id = session.scalar(select(Patient.account_id).where(Patient.id == patient_id))
        email = session.scalar(select(Account.email).where(Account.id == account_id))
    refused = terminal(SAMPLE, "--as", email or "nobody@clinic.example")
    assert refused.exit_code == 1
    assert "No clinician, nurse or admin" in refused.stderr


def test_billing_may_not_import_a_diary(terminal, database, clinic_id):
    with database.write() as session:
        factories.account(session, clinic_id, Role.BILLING, email="billing@clinic.example")
    refused = terminal(SAMPLE, "--as", "billing@clinic.example")
    assert refused.exit_code == 1
    assert "No clinician, nurse or admin" in refused.stderr


def test_staff_of_another_clinic_do_not_see_the_patient(terminal, database, clinic_id):
    with database.write() as session:
        other = factories.clinic(session).id
        factories.account(session, other, Role.ADMIN, email="stranger@clinic.example")
    refused = terminal(SAMPLE, "--as", "stranger@clinic.example")
    assert refused.exit_code == 1
    assert "no such patient" in refused.stderr
    assert stored(database, clinic_id) == []


def test_a_record_number_of_two_clinics_needs_a_member_of_staff(terminal, database):
    with database.write() as session:
        other = factories.clinic(session).id
    with database.write(other) as session:
        factories.patient(session, record_number="MRN-7")
    assert "--as" in terminal(SAMPLE).stderr
    assert terminal(SAMPLE, "--as", "head@clinic.example").exit_code == 0


def test_the_zone_is_the_patients_unless_another_is_named(terminal, database, clinic_id, diary):
    terminal(diary("date,time,mood\n2026-07-01,20:00,4\n"))
    terminal(diary("date,time,mood\n2026-07-02,20:00,4\n"), "--time-zone", "Asia/Tokyo")
    rows = stored(database, clinic_id)
    assert [row.time_zone for row in rows] == [ZONE, "Asia/Tokyo"]
    assert [row.recorded_at.hour for row in rows] == [1, 11]


def test_a_daylio_export_is_imported_as_it_is(terminal, database, clinic_id, diary):
    done = terminal(
        diary(
            "full_date,date,weekday,time,mood,activities,note_title,note\n"
            "2026-07-01,1 July,Wednesday,21:00,good,,,\n"
            "2026-07-01,1 July,Wednesday,20:00,bad,,,\n"
        )
    )
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "line 3: not used: a later entry of its day was",
        "1 stored, 0 unchanged, 0 refused, 1 not used",
    ]
    assert [row.mood for row in stored(database, clinic_id)] == [7]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("mood\n4\n", (), "no date"),
        ("date,mood\n", ("--time-zone", "Nowhere"), "time zone"),
        ("date,mood\n", ("--as", "nobody@clinic.example"), "No clinician, nurse or admin"),
    ],
)
def test_an_unusable_file_is_an_error(terminal, diary, text, arguments, message):
    refused = terminal(diary(text), *arguments)
    assert refused.exit_code == 1
    assert message in refused.stderr


def test_an_unknown_patient_is_refused(terminal):
    assert "no such patient" in terminal(SAMPLE, patient="MRN-8").stderr


def test_a_clinic_without_an_admin_needs_a_member_of_staff(terminal, database, clinic_id, admin_id):
    with database.write() as session:
        session.get_one(Account, admin_id).disabled_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert "--as" in terminal(SAMPLE).stderr
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(CheckIn)) == 0


def test_a_day_that_somebody_stores_meanwhile_is_recognised(database, clinic_id, patient_id, admin_id):
    now = datetime(2026, 4, 1, tzinfo=UTC)
    actor = Actor(admin_id, clinic_id, frozenset({Role.ADMIN}))
    parsed = diaries.parse(b"date,mood\n2026-03-01,4\n", patient_id, DiarySettings(ZONE, OURS), now)
    reports: list[Report] = []
    importing = Thread(target=lambda: reports.append(Importer(database, actor, now).store(parsed)))
    with database.write(clinic_id) as session:
        parsed.lines[0].store(Context(session, actor, now))
        importing.start()
        sleep(0.5)  # long enough for it to look, and to wait for us
    importing.join()
    assert [(report.counts, report.refused) for report in reports] == [({"unchanged": 1}, [])]
    assert len(stored(database, clinic_id)) == 1


def test_every_refusal_becomes_a_reason():
    def refused(_ctx):
        raise NotFound

    line = ParsedLine(2, refused, "date", {"local_date": "date"})
    not_begun = FieldError("local_date", "not_begun", Sentence("Not yet."), "parameter")
    assert [(error.pointer, error.code) for error in reasons(Invalid(not_begun), line)] == [
        ("date", "not_begun")
    ]
    assert [(error.pointer, error.code) for error in reasons(NotFound(), line)] == [("date", "not_found")]


def test_the_scale_of_a_file_of_ratings_from_one_to_five_is_to_be_stated(
    terminal, database, clinic_id, diary
):
    file = diary("date,mood\n2026-03-01,4\n2026-03-02,1\n")
    refused = terminal(file, scale=None)
    assert (refused.exit_code, "state their scale" in refused.stderr) == (1, True)
    assert terminal(file, scale="1-5").exit_code == 0
    assert [row.mood for row in stored(database, clinic_id)] == [8, 0]
    assert {row.reported_by for row in stored(database, clinic_id)} == {"import"}
    assert terminal(file, "--direction", "lower-is-better", scale="1-5").stdout.count("(differs)") == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--scale", "5-1"), "A scale is"),
        (("--moods", "a,b,c"), "five different words"),
        (("--direction", "sideways"), "lower-is-better"),
    ],
)
def test_options_that_cannot_be_are_refused(terminal, diary, arguments, message):
    refused = terminal(diary("date,mood\n"), *arguments, scale=None)
    assert refused.exit_code == 2
    assert message in refused.stderr


def test_a_file_is_read_from_standard_input_too(terminal, database, clinic_id):
    done = terminal("-", text="date,mood\n2026-03-01,7\n")
    assert done.stdout == "1 stored, 0 unchanged, 0 refused\n"
    assert [row.mood for row in stored(database, clinic_id)] == [7]


def test_a_warning_is_printed_and_is_no_refusal(terminal, diary):
    done = terminal(diary(f"date,mood,note\n2026-03-01,7,{'x' * 2001}\n"))
    assert done.exit_code == 0
    assert done.stdout.startswith("line 2: warning: note: The note was cut")


def test_patients_infusions_and_scores_are_imported_once(terminal, database, clinic_id, diary):
    patients = diary("record_number,display_name\nMRN-8,Fern Hollow\nMRN-9,\nMRN-7,Another Name\n")
    done = terminal(patients, kind="patients", patient=None)
    assert done.stdout.splitlines() == [
        "line 3: display_name: A value is needed. (required)",
        "line 4: record_number: Another patient has this record number. (taken)",
        "1 stored, 0 unchanged, 2 refused",
    ]
    assert terminal(patients, kind="patients", patient=None).stdout.endswith(
        "0 stored, 1 unchanged, 2 refused\n"
    )
    infusions = diary(
        "record_number,date,time,end_time,dose_mg,weight_kg\n"
        'MRN-8,2026-03-01,9:30,10:10,"35,5",70\n'
        "MRN-8,2026-03-04,9:30,,35,\n"
        "MRN-6,2026-03-04,9:30,,35,\n"
        "MRN-8,2026-03-07,9:30,9:00,35,\n"
    )
    for expected in ("2 stored, 0 unchanged, 2 refused", "0 stored, 2 unchanged, 2 refused"):
        done = terminal(infusions, kind="infusions", patient=None)
        assert done.exit_code == 1
        refused = [line for line in done.stdout.splitlines()[:-1] if "warning" not in line]
        assert [line.rpartition(" (")[2] for line in refused] == ["unknown_patient)", "not_after_start)"]
        assert done.stdout.splitlines()[-1] == expected
    scores = diary("date,instrument,total\n2026-03-01,PHQ-9,17\n2026-03-02,phq-9,28\n2026-03-03,phq-8,4\n")
    for expected in ("1 stored, 0 unchanged, 2 refused", "0 stored, 1 unchanged, 2 refused"):
        done = terminal(scores, kind="scores", patient="MRN-8")
        assert [line.split(":")[1].strip() for line in done.stdout.splitlines()[:2]] == [
            "total",
            "instrument",
        ]
        assert done.stdout.splitlines()[-1] == expected
    with database.read(clinic_id) as session:
        given = session.scalars(select(Infusion).order_by(Infusion.started_at)).all()
        assert [(row.dose_mg, row.weight_kg, row.status) for row in given] == [
            (35.5, 70, "completed"),
            (35, None, "completed"),
        ]
        (score,) = session.scalars(select(Score))
        assert (score.total, score.source, score.local_date) == (17, "imported", date(2026, 3, 1))


def test_a_dry_run_stores_no_patient(terminal, database, clinic_id, diary):
    done = terminal(
        diary("record_number,display_name\nMRN-8,Fern\n"), "--dry-run", kind="patients", patient=None
    )
    assert done.stdout == "1 would be stored, 0 unchanged, 0 refused\n"
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.count()).select_from(Patient)) == 1


def test_a_file_of_several_patients_needs_their_record_numbers(terminal, diary):
    refused = terminal(diary("date,instrument,total\n"), kind="scores", patient=None)
    assert "record_number" in refused.stderr


def test_without_a_patient_the_only_clinic_is_meant_and_of_several_one_is_named(terminal, database, diary):
    with database.write() as session:
        other = factories.clinic(session).id
        factories.account(session, other, Role.ADMIN, email="other@clinic.example")
    file = diary("record_number,display_name\nMRN-8,Fern\n")
    assert "--as" in terminal(file, kind="patients", patient=None).stderr
    done = terminal(file, "--as", "other@clinic.example", kind="patients", patient=None)
    assert done.exit_code == 0
