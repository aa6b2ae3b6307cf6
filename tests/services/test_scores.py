from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from clinical.score import HIGHEST_TOTAL, Instrument
from services.access import Actor, Role
from services.errors import Invalid
from services.scores import Occasion, put, totals
from tests import builders

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
TODAY = date(2026, 11, 21)


@pytest.fixture
def clinician(sessions):
    with sessions.writing() as session:
        clinic_id = builders.clinic(session).id
    return Actor(uuid4(), clinic_id, Role.CLINICIAN)


@pytest.mark.parametrize("instrument", Instrument)
def test_no_total_beyond_its_own_questionnaire_is_kept_whoever_asks(sessions, clinician, instrument):
    with sessions.writing(clinician.clinic_id) as session:
        patient = builders.patient(session)
        for total in (-1, HIGHEST_TOTAL[instrument] + 1):
            with pytest.raises(Invalid) as refused:
                put(session, clinician, patient.id, Occasion(instrument, TODAY), total, None, NOW)
            assert [error.pointer for error in refused.value.errors] == ["/total"]
        assert totals(session, clinician, patient.id, (None, None), None, 10) == []
        assert patient.change_seq == 0


def test_a_page_goes_on_after_the_questionnaire_it_stopped_at(sessions, clinician):
    with sessions.writing(clinician.clinic_id) as session:
        patient = builders.patient(session)
        for name in ("zung", "phq-9", "gad-7"):
            builders.score(session, patient, TODAY, instrument=name)
        after = Occasion(Instrument.PHQ_9, TODAY)
        rest = totals(session, clinician, patient.id, (None, None), after, 10)
        assert [score.instrument for score in rest] == ["zung"]
