"""Consents among many at once: who takes one back waits for who takes it up, and each of them ends."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event

from models.accounts import Account
from services import accounts, consents
from services.access import Actor, Role, load_patient
from services.accounts import NewCredentials
from services.context import Context
from services.errors import InvitationSpent
from services.passwords import NewPassword
from services.revisions import PageRequest
from tests import factories

HASHED = NewPassword("hash")
NOW = factories.LONG_AGO + timedelta(days=1)
ADDRESS = "192.0.2.7"


@pytest.fixture
def cast_of_two(database):
    """A patient with a consent that nobody took up, and somebody's delegate."""
    with database.write() as session:
        clinic_id = factories.clinic(session).id
    with database.write(clinic_id) as session:
        patient = factories.patient(session)
        waiting = factories.account(session, clinic_id, Role.DELEGATE, email=None, password_hash=None)
        consent = factories.consent(session, patient, waiting.id)
        factories.invitation(session, waiting.id)
        delegate = factories.account(session, clinic_id, Role.DELEGATE)
        owner = Actor(patient.account_id, clinic_id, frozenset({Role.PATIENT}), patient_id=patient.id)
        reader = Actor(delegate.id, clinic_id, frozenset({Role.DELEGATE}))
        return clinic_id, owner, reader, consent.id, waiting.id


def test_a_consent_taken_back_while_a_delegate_adds_it_is_spent_for_them(database, cast_of_two):
    clinic_id, owner, delegate, consent_id, _ = cast_of_two

    def take_up() -> None:
        with database.write(clinic_id) as session:
            consents.accept(Context(session, delegate, NOW), factories.INVITATION_CODE)

    with ThreadPoolExecutor(1) as pool:
        with database.write(clinic_id) as session:
            load_patient(session, owner, None, lock=True)
            taking = pool.submit(take_up)
            with pytest.raises(TimeoutError):
                taking.result(timeout=0.5)
            assert (
                consents.revoke(Context(session, owner, NOW), None, consent_id).state
                is consents.State.REVOKED
            )
        with pytest.raises(InvitationSpent):
            taking.result()


def test_a_consent_taken_back_while_its_account_is_taken_up_leaves_that_account_usable(database, cast_of_two):
    clinic_id, owner, _, consent_id, account_id = cast_of_two

    def revoke() -> None:
        with database.write(clinic_id) as session:
            consents.revoke(Context(session, owner, NOW), None, consent_id)

    with ThreadPoolExecutor(1) as pool:
        with database.write() as session:
            accounts.accept(
                session,
                factories.INVITATION_CODE,
                NewCredentials("theirs@delegates.test", HASHED),
                ADDRESS,
                NOW,
            )
            session.flush()
            revoking = pool.submit(revoke)
            with pytest.raises(TimeoutError):
                revoking.result(timeout=0.5)
        revoking.result()
    with database.read(clinic_id) as session:
        account = session.get_one(Account, account_id)
        assert (account.email, account.disabled_at) == ("theirs@delegates.test", None)
        assert consents.read(Context(session, owner, NOW), None, consent_id).state is consents.State.REVOKED


def test_a_list_of_consents_asks_the_same_however_many_there_are(database, cast_of_two):
    clinic_id, owner, *_ = cast_of_two
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: asked.append(1))

    def list_all() -> tuple[int, int]:
        before = len(asked)
        with database.read(clinic_id) as session:
            found = consents.page(Context(session, owner, NOW), None, PageRequest(200)).items
        return len(found), len(asked) - before

    assert list_all()[0] == 1
    few = list_all()[1]
    with database.write(clinic_id) as session:
        patient = load_patient(session, owner, None)
        for _ in range(9):
            factories.consent(session, patient, factories.account(session, clinic_id, Role.DELEGATE).id)
    assert list_all() == (10, few)
