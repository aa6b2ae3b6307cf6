"""Quotas a day: of an account, by kind and by subject, counted with what is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services import quotas
from services.errors import QuotaExceeded
from services.quotas import Quota

NOW = datetime(2026, 11, 21, 21, 30, tzinfo=UTC)
EVENTS = Quota("events", 3)


@pytest.fixture
def count(database):
    author_id, subject_id = uuid4(), uuid4()

    def counted(quota=EVENTS, author=author_id, subject=subject_id, now=NOW):
        with database.write() as session:
            quotas.count(session, quota, author, subject, now)

    return counted


def test_a_quota_holds_until_the_day_ends(count):
    for _ in range(3):
        count()
    with pytest.raises(QuotaExceeded) as refused:
        count()
    assert refused.value.members == {"quota": "events", "most_a_day": 3}
    assert refused.value.retry_after == 2.5 * 3600 + 1
    with pytest.raises(QuotaExceeded):
        count(now=NOW + timedelta(hours=2))
    for _ in range(3):
        count(now=NOW + timedelta(seconds=refused.value.retry_after))


def test_kinds_authors_and_subjects_are_counted_apart(count):
    for _ in range(3):
        count()
    count(author=uuid4())
    count(subject=uuid4())
    count(quota=Quota("scores", 1))
    with pytest.raises(QuotaExceeded):
        count()


def test_what_is_rolled_back_is_not_counted(count, database):
    author_id, subject_id = uuid4(), uuid4()
    for _ in range(5):
        with database.write() as session:
            quotas.count(session, EVENTS, author_id, subject_id, NOW)
            session.flush()
            session.rollback()
    for _ in range(3):
        count(author=author_id, subject=subject_id)


def test_a_clock_that_was_ahead_for_a_moment_leaves_no_quota_used_up(count):
    for _ in range(3):
        count(now=NOW + timedelta(days=40))
    count()
