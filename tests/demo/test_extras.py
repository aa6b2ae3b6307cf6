"""The demo clinic shows extra ratings, events and costs at a few of its patients."""

from __future__ import annotations

from models.check_ins import CheckIn
from models.costs import InfusionCost
from models.daily_ratings import EnabledRatings
from models.events import Event
from models.patients import Patient
from tests.demo.made_up import NOW, made_up_now


def test_a_few_patients_have_ratings_events_and_costs_and_nothing_lies_ahead():
    rows = made_up_now()
    first = next(row for row in rows if isinstance(row, Patient)).id
    ratings_of = {row.patient_id: row.codes for row in rows if isinstance(row, EnabledRatings)}
    assert first in ratings_of
    assert 3 <= len(ratings_of) <= 10
    answered = [row for row in rows if isinstance(row, CheckIn) and row.patient_id == first]
    assert all(sorted(row.ratings or {}) == ratings_of[first] for row in answered)
    events = [row for row in rows if isinstance(row, Event)]
    prices = [row for row in rows if isinstance(row, InfusionCost)]
    assert {row.kind for row in events} == {"psychotherapy", "life_event", "medication_change", "annotation"}
    assert {row.coverage for row in prices} == {"none", "reimbursed"}
    assert all(row.known_from <= NOW for row in events)
    assert all(row.known_from <= NOW for row in prices)
