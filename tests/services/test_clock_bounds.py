"""A server's clock that was wrong for a while, ahead or behind: nothing waits for an instant it wrote."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from models.accounts import Account, Invitation, SignIn
from models.outbox import Delivery
from models.reports import ForecastReport, ForecastReportJob
from services import accounts, clock_bounds, tokens
from services.access import Role
from services.errors import InvitationSpent
from services.event_log import by_command
from services.reports.forecast_jobs import LEASE, Progress, work
from services.safety import outbox
from services.safety.outbox import GIVE_UP_AFTER
from tests import factories
from tests.on_call import run_once
from tests.webhook_receiver import webhook_receiver

pytestmark = pytest.mark.either_database

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
JUMPS = [timedelta(minutes=-10), timedelta(minutes=10), timedelta(days=-40), timedelta(days=40)]
AHEAD = NOW + timedelta(days=40)
DAY = date(2026, 11, 21)


@pytest.fixture
def clinic_id(database):
    with database.write() as session:
        return factories.clinic(session, time_zone="America/Chicago").id


@pytest.fixture
def hook():
    with webhook_receiver() as received:
        yield received


@pytest.fixture
def opened(database, clinic_id, hook):
    """Open an alert at an instant, in a clinic whose on-call is notified after half an hour."""

    def at(instant):
        with database.write(clinic_id) as session:
            factories.safety_settings(session, on_call_webhook=f"http://127.0.0.1:{hook.port}/")
            factories.alert(session, factories.patient(session), DAY, opened_at=instant)

    return at


def test_an_instant_is_ahead_beyond_the_leeway_and_a_period_beyond_its_longest():
    second, hour = timedelta(seconds=1), timedelta(hours=1)
    assert not clock_bounds.is_ahead(NOW + clock_bounds.LEEWAY, NOW)
    assert clock_bounds.is_ahead(NOW + clock_bounds.LEEWAY + second, NOW)
    ends = (NOW, NOW + second, NOW + hour + clock_bounds.LEEWAY, NOW + hour + clock_bounds.LEEWAY + second)
    assert [clock_bounds.is_over(end, NOW, hour) for end in ends] == [True, False, False, True]


@pytest.mark.parametrize("jump", JUMPS)
def test_an_alert_that_was_opened_while_the_clock_was_wrong_escalates_within_the_clinics_time(
    database, opened, hook, jump
):
    opened(NOW + jump)
    for seconds in (2, 30 * 60):
        run_once(database, NOW + timedelta(seconds=seconds))
    assert len(hook.bodies) == 1


def test_an_alert_opened_by_a_server_whose_clock_is_a_little_ahead_waits_its_time(database, opened, hook):
    opened(NOW + timedelta(seconds=50))
    assert run_once(database, NOW).escalated == 0
    assert run_once(database, NOW + timedelta(minutes=30)).escalated == 0
    assert run_once(database, NOW + timedelta(minutes=31)).escalated == 1
    assert len(hook.bodies) == 1


@pytest.mark.parametrize("jump", JUMPS)
def test_a_message_that_failed_while_the_clock_was_wrong_is_tried_again_within_the_longest_delay(
    database, clinic_id, opened, hook, jump
):
    opened(NOW - timedelta(hours=1))
    hook.status = 503
    run_once(database, NOW)
    run_once(database, NOW + jump)
    with database.read(clinic_id) as session:
        assert session.scalars(select(Delivery)).one().state == "waiting"
    hook.status = 204
    minutes = range(1, 20)
    assert sum(run_once(database, NOW + timedelta(minutes=each)).delivered for each in minutes) == 1


def test_no_message_is_given_up_after_a_few_tries_or_tried_for_ever(database, clinic_id, opened, hook):
    opened(NOW - timedelta(hours=1))
    hook.status = 503
    run_once(database, AHEAD)
    for days in range(1, 5):
        run_once(database, AHEAD + days * GIVE_UP_AFTER)
    with database.write(clinic_id) as session:
        delivery = session.scalars(select(Delivery)).one()
        assert delivery.state == "waiting"
        # As far as it would be by now with a clock that was set back since.
        delivery.attempt_count, delivery.due_at = outbox.MAX_ATTEMPTS, NOW
    run_once(database, NOW)
    with database.read(clinic_id) as session:
        assert session.scalars(select(Delivery)).one().state == "given_up"


def test_a_report_goes_on_after_a_clock_that_was_ahead(database, clinic_id):
    def made(now):
        return work(database, clinic_id, now, lambda: 0.0)

    with database.write(clinic_id) as session:
        factories.patient(session)
    assert made(AHEAD) is Progress.MADE
    assert (made(NOW), made(NOW)) == (Progress.MADE, Progress.NOTHING_DUE)
    with database.read(clinic_id) as session:
        assert session.scalars(select(ForecastReport.generated_at)).all() == [NOW]
    with database.write(clinic_id) as session:
        job = session.scalars(select(ForecastReportJob)).one()
        job.leased_until, job.began_at, job.requested_at = AHEAD + LEASE, AHEAD, AHEAD
    assert (made(NOW), made(NOW)) == (Progress.MADE, Progress.NOTHING_DUE)
    with database.read(clinic_id) as session:
        assert session.scalar(select(func.max(ForecastReport.generated_at))) == NOW


def test_a_code_that_a_clock_ahead_made_is_not_accepted(database, clinic_id):
    def code_of(now):
        with database.write() as session:
            account = factories.account(session, clinic_id, Role.CLINICIAN, password_hash=None)
            return accounts.invite(session, account, by_command(now), timedelta(hours=1))[0]

    def accepted(code, now):
        with database.write() as session:
            return accounts.lock_invited_account(session, code, now)

    usual, ahead = code_of(NOW), code_of(AHEAD)
    assert accepted(usual, NOW - timedelta(seconds=50))
    for code, now in ((usual, NOW + timedelta(hours=1)), (ahead, NOW)):
        with pytest.raises(InvitationSpent):
            accepted(code, now)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Invitation)) == 2


def test_staff_who_signed_in_while_the_clock_was_ahead_sign_in_again_and_patients_do_not(database, clinic_id):
    def signed_in(role):
        with database.write() as session:
            account = factories.account(session, clinic_id, role)
            lasting = {"created_at": AHEAD, "expires_at": AHEAD + tokens.STAFF_LIFETIME}
            row = factories.sign_in(session, account.id, **lasting)
        with database.read() as session:
            return tokens.actor_of(session, account.id, row.id, frozenset(), NOW) is not None

    assert (signed_in(Role.CLINICIAN), signed_in(Role.PATIENT)) == (False, True)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SignIn)) == 2
        assert session.scalar(select(func.count()).select_from(Account)) == 2
