from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.check_ins import CheckIn
from services.revisions import AsOf, in_force, not_before
from tests import factories

THEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
MOMENTS = st.datetimes(timezones=st.just(UTC))


@settings(deadline=None)
@given(MOMENTS, st.none() | MOMENTS)
def test_a_revision_never_holds_from_before_its_predecessor(now, previous):
    held_from = not_before(now, previous)
    assert held_from >= now
    assert previous is None or held_from >= previous
    assert held_from in {now, previous}


def test_at_every_instant_one_revision_is_in_force_or_none(database):
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    hour = timedelta(hours=1)
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        for version, (start, end) in enumerate([(0, 2), (2, 2), (2, 5), (5, None)], start=1):
            factories.check_in(
                session,
                patient,
                date(2026, 11, 20),
                version=version,
                known_from=THEN + start * hour,
                known_until=None if end is None else THEN + end * hour,
            )
    with database.read(clinic_id) as session:
        held = [
            session.scalars(select(CheckIn.version).where(in_force(CheckIn, AsOf(THEN + after * hour)))).all()
            for after in (-1, 0, 1, 2, 4, 5, 100)
        ]
        now = session.scalars(select(CheckIn.version).where(in_force(CheckIn))).all()
    assert held == [[], [1], [1], [3], [3], [4], [4]]
    assert now == [4]
