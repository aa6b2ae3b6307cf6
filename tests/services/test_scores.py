from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from clinical.instruments.catalogue import CATALOGUE
from clinical.score import KINDS, STEPS, Instrument, Rater
from services.access import Actor, Role
from services.context import Context
from services.errors import Invalid
from services.revisions import PageRequest
from services.scores import Entry, Occasion, page, put
from tests import factories

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def clinician(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    return Actor(uuid4(), clinic_id, frozenset({Role.CLINICIAN}))


@pytest.mark.parametrize("instrument", Instrument)
def test_no_total_beyond_its_own_questionnaire_is_stored(database, clinician, instrument):
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        known = KINDS[instrument].highest
        highest = known or 48
        for total in (-1, highest + 1):
            entry = Entry(total) if known else Entry(total, 0, highest)
            with pytest.raises(Invalid) as refused:
                put(Context(session, clinician, NOW), patient.id, Occasion(instrument, TODAY), entry, None)
            assert [error.pointer for error in refused.value.errors] == ["/total"]
        assert page(Context(session, clinician, NOW), patient.id, PageRequest(10)).items == []
        assert patient.change_seq == 0


def test_a_page_goes_on_after_the_questionnaire_it_stopped_at(database, clinician):
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        for name in ("zung", "phq-9", "gad-7"):
            factories.score(session, patient, TODAY, instrument=name)
        ctx = Context(session, clinician, NOW)
        first = page(ctx, patient.id, PageRequest(2))
        assert [score.instrument for score in first.items] == ["gad-7", "phq-9"]
        rest = page(ctx, patient.id, PageRequest(10, position=first.next_position)).items
        assert [score.instrument for score in rest] == ["zung"]


def test_totals_go_up_by_what_the_questionnaires_asked_here_count_an_item():
    assert {Instrument(asked.code): asked.factor for asked in CATALOGUE if asked.factor != 1} == STEPS


@pytest.mark.parametrize("instrument", Instrument)
def test_every_total_at_the_ends_of_its_range_is_stored(database, clinician, instrument):
    known = KINDS[instrument].highest
    highest = known or 48
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        for back, total in enumerate((0, highest)):
            entry = Entry(total, 0, highest, Rater.CLINICIAN)
            occasion = Occasion(instrument, TODAY - timedelta(days=back))
            stored = put(Context(session, clinician, NOW), patient.id, occasion, entry, None).value
            assert (stored.total, stored.highest) == (total, None if known else highest)
            assert stored.rater == "clinician"


@pytest.mark.parametrize(
    ("instrument", "entry", "wrong"),
    [
        (Instrument.CADSS, Entry(9), ["/lowest", "/highest"]),
        (Instrument.CADSS, Entry(9, lowest=0), ["/highest"]),
        (Instrument.C_SSRS, Entry(9, 9, 9), ["/highest"]),
        (Instrument.C_SSRS, Entry(3, 4, 9), ["/total"]),
        (Instrument.PHQ_9, Entry(9, 0, 24), ["/highest"]),
        (Instrument.GAD_7, Entry(9, 1, 21), ["/highest"]),
        (Instrument.OCI_12, Entry(9, 0, 47), ["/highest"]),
        (Instrument.EDE_QS, Entry(37), ["/total"]),
        (Instrument.Y_BOCS, Entry(41), ["/total"]),
        (Instrument.DAST_10, Entry(11), ["/total"]),
        (Instrument.DAYS_OF_USE, Entry(29), ["/total"]),
        (Instrument.WHO_5, Entry(7), ["/total"]),
    ],
)
def test_a_range_is_stated_where_none_is_known_and_only_there(database, clinician, instrument, entry, wrong):
    with database.write(clinician.clinic_id) as session:
        patient = factories.patient(session)
        with pytest.raises(Invalid) as refused:
            put(Context(session, clinician, NOW), patient.id, Occasion(instrument, TODAY), entry, None)
    assert [error.pointer for error in refused.value.errors] == wrong
