"""Some of the demo clinic's patients answer the recall question, as the server would accept it."""

from __future__ import annotations

from collections import Counter, defaultdict

from clinical.infusion import GIVEN
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from models.patients import Patient
from tests.demo.made_up import NOW, made_up_now

INDUCTION = 6


def test_some_patients_recall_the_infusion_before_in_maintenance_and_in_every_way():
    made = made_up_now()
    patients = [row for row in made if isinstance(row, Patient)]
    recalls = [row for row in made if isinstance(row, HalfBenefitRecall)]
    given = defaultdict(list)
    for row in made:
        if isinstance(row, Infusion) and row.known_until is None and row.status in GIVEN:
            given[row.patient_id].append(row)
    assert 10 < len({row.patient_id for row in recalls}) < len(patients) / 2
    assert not [row for row in recalls if row.patient_id == patients[0].id]
    counted = Counter(row.answer for row in recalls)
    assert set(counted) == {"days", "not_gone", "cannot_say"}
    assert counted["days"] > counted["cannot_say"]
    for row in recalls:
        course = sorted(given[row.patient_id], key=lambda each: each.started_at)
        (asked_at,) = [each for each in course if each.id == row.infusion_id]
        place = course.index(asked_at)
        assert place >= INDUCTION
        interval = (asked_at.local_date - course[place - 1].local_date).days
        assert row.days is None or 1 <= row.days <= interval
        assert row.answered_at < asked_at.started_at <= NOW
