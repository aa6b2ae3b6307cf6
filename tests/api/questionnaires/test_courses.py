"""A questionnaire's totals against the patient's own before treatment, over HTTP."""

from __future__ import annotations

from datetime import date, timedelta

from models.patients import Patient
from tests import factories

FIRST = date(2026, 9, 1)


def test_forms_and_entered_totals_make_one_course_and_the_form_wins(client, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for back in (0, 3, 6):
            factories.infusion(session, patient, FIRST + timedelta(days=back))
        factories.score(session, patient, FIRST - timedelta(days=2), total=18)
        factories.score(session, patient, FIRST + timedelta(days=14), total=25)
        factories.form(session, patient, FIRST + timedelta(days=14))
        factories.form(session, patient, FIRST + timedelta(days=20), total=None, answers={"1": 3})
        factories.score(session, patient, FIRST + timedelta(days=28), total=4)
        factories.score(session, patient, FIRST + timedelta(days=42), total=12)
        factories.score(session, patient, FIRST + timedelta(days=49), total=11)
        factories.score(session, patient, FIRST + timedelta(days=49), instrument="madrs", total=30)
    path = f"/v1/patients/{people.patient.patient_id}/questionnaire-courses/phq-9"
    result = client.get(path, headers=people.clinician.headers).json
    assert result["before_treatment"] == {"local_date": "2026-08-30", "total": 18}
    assert [(point["local_date"], point["total"], point["band"]) for point in result["points"]] == [
        ("2026-08-30", 18, "moderately severe"),
        ("2026-09-15", 8, "mild"),
        ("2026-09-29", 4, "minimal"),
        ("2026-10-13", 12, "moderate"),
        ("2026-10-20", 11, "moderate"),
    ]
    assert [(point.get("response"), point.get("remission")) for point in result["points"]] == [
        (None, None),
        (True, False),
        (True, True),
        (False, False),
        (False, False),
    ]
    assert [point.get("reliable_change") for point in result["points"][1:]] == ["improved"] * 4
    assert result["relapse"] == {"local_date": "2026-10-13", "confirmed_on": "2026-10-20"}
    assert result["thresholds"]["citations"]["reliable_change_points"]
    assert client.get(path, headers=people.integration.headers).json == result


def test_without_a_total_before_treatment_nothing_is_judged(client, people, database):
    with database.write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        factories.score(session, patient, FIRST, instrument="cadss", total=9, lowest=0, highest=92)
    path = f"/v1/patients/{people.patient.patient_id}/questionnaire-courses/cadss"
    result = client.get(path, headers=people.clinician.headers).json
    assert result == {"instrument": "cadss", "points": [{"local_date": "2026-09-01", "total": 9}]}
