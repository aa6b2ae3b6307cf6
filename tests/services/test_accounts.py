"""An account is accepted once, however many codes were created and used at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest

from models.accounts import Account
from services import accounts
from services.accounts import NewCredentials
from services.errors import InvitationSpent
from services.event_log import by_command
from services.passwords import NewPassword
from tests import factories

HASHED = NewPassword("hash")
NOW = factories.LONG_AGO + timedelta(days=1)
ADDRESS = "192.0.2.7"
WEEK = timedelta(days=7)


@pytest.fixture
def account_id(database) -> UUID:
    with database.write() as session:
        clinic = factories.clinic(session)
        return factories.account(session, clinic.id, email=None, password_hash=None).id


def test_after_an_account_was_accepted_no_other_code_of_it_works(database, account_id):
    with database.write() as session:
        for code in ("1" * 26, "2" * 26):
            factories.invitation(session, account_id, code=code)
        accounts.accept(session, "1" * 26, NewCredentials("theirs@clinic.test", HASHED), ADDRESS, NOW)
    with database.write() as session, pytest.raises(InvitationSpent):
        accounts.accept(
            session,
            "2" * 26,
            NewCredentials("somebody@elsewhere.test", NewPassword("another hash")),
            ADDRESS,
            NOW,
        )
    with database.read() as session:
        assert session.get_one(Account, account_id).email == "theirs@clinic.test"


def test_a_code_of_a_disabled_account_does_not_work(database, account_id):
    with database.write() as session:
        factories.invitation(session, account_id)
        session.get_one(Account, account_id).disabled_at = NOW
    with database.write() as session, pytest.raises(InvitationSpent):
        accounts.accept(
            session, factories.INVITATION_CODE, NewCredentials("theirs@clinic.test", HASHED), ADDRESS, NOW
        )


def test_of_codes_created_at_once_one_works(database, account_id):
    def make(_: int) -> str:
        with database.write() as session:
            return accounts.invite(session, session.get_one(Account, account_id), by_command(NOW), WEEK)[0]

    with ThreadPoolExecutor(6) as pool:
        codes = list(pool.map(make, range(6)))
    good = []
    for code in codes:
        with database.read() as session:
            try:
                accounts.lock_invited_account(session, code, NOW)
            except InvitationSpent:
                continue
            good.append(code)
    assert len(good) == 1


def test_no_code_is_created_while_an_earlier_one_is_being_used(database, account_id):
    with database.write() as session:
        factories.invitation(session, account_id)

    def make() -> None:
        with database.write() as session:
            accounts.invite(session, session.get_one(Account, account_id), by_command(NOW), WEEK)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            accounts.accept(
                session, factories.INVITATION_CODE, NewCredentials("theirs@clinic.test", HASHED), ADDRESS, NOW
            )
            session.flush()
            making = pool.submit(make)
            # Long enough for it to have looked, and to wait.
            with pytest.raises(TimeoutError):
                making.result(timeout=0.5)
        # It is for a reset, then: the code that was used stays used.
        making.result()
    with database.write() as session, pytest.raises(InvitationSpent):
        accounts.accept(
            session, factories.INVITATION_CODE, NewCredentials("theirs@clinic.test", HASHED), ADDRESS, NOW
        )
