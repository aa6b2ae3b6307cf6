"""A believable clinic to look at: made up from first to last, and the same every time but for its dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.outlook.visibility import Mode
from demo import (
    extras,
    infusion_sessions,
    outlooks,
    questionnaires,
    safety,
    sharing,
)
from demo.courses import Course, Profile, course
from demo.infusion_sessions import Recorded
from demo.people import CLINIC_ZONE, Person, people
from demo.profiles import profiles
from demo.records import DAY_START_HOUR, Habits, at, rows, uuid_from
from models.access_log import AccessLogEntry
from models.accounts import Account
from models.api_clients import ApiClient
from models.baselines import Baseline
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.consents import Consent
from models.costs import InfusionCost
from models.daily_ratings import EnabledRatings
from models.events import Event
from models.infusions import Infusion
from models.outbox import Delivery
from models.patients import Patient
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.safety import SafetyAlert, SafetyAnswer
from models.scores import Score
from services import passwords, tokens
from services.access import Role, Scope
from services.protocols import ProtocolDraft, in_effect

SEED: Final = "Lantern Bay"
CLINIC_NAME: Final = "Lantern Bay Clinic (demo)"
OPENED_DAYS_AGO: Final = 270

SCORED: Final = 0.95
"""The share of the patients who fill in PHQ-9s; the one who signs in does."""

FILLING_IN: Final = 5
"""How many patients are asked here, the one who signs in first; of others the clinic enters the totals."""

Row = (
    Account
    | Patient
    | Protocol
    | CheckIn
    | Infusion
    | Score
    | Baseline
    | QuestionnaireResponse
    | QuestionnaireSchedule
    | SafetyAnswer
    | SafetyAlert
    | Delivery
    | Recorded
    | EnabledRatings
    | Event
    | InfusionCost
    | Consent
    | AccessLogEntry
)

_IDS = Random(SEED)  # noqa: S311  made-up data, where being the same every time is the point
CLINIC_ID: Final = uuid_from(_IDS)
CLINICIAN_ID: Final = uuid_from(_IDS)
ADMIN_ID: Final = uuid_from(_IDS)
CLIENT_ID: Final = uuid_from(_IDS)
DELEGATE_ID: Final = uuid_from(_IDS)
READERS: Final = {
    Role.CLINICIAN: CLINICIAN_ID,
    Role.INTEGRATION: CLIENT_ID,
    Role.DELEGATE: DELEGATE_ID,
}


@dataclass(frozen=True, slots=True)
class Login:
    """What one role of the demo clinic signs in with; the words are no secret: the clinic is made up."""

    role: Role
    name: str
    words: str


PATIENT: Final = Login(Role.PATIENT, "demo.patient@patients.example", "amber-harbour-lantern-dusk")
CLINICIAN: Final = Login(Role.CLINICIAN, "demo.clinician@clinic.example", "copper-harbour-lantern-noon")
ADMIN: Final = Login(Role.ADMIN, "demo.admin@clinic.example", "silver-harbour-lantern-dawn")
DELEGATE: Final = Login(Role.DELEGATE, "demo.partner@patients.example", "golden-harbour-lantern-noon")


@dataclass(frozen=True, slots=True)
class Made:
    """How much was made up."""

    patients: int
    check_ins: int
    infusions: int


def logins(client_secret: str) -> tuple[Login, ...]:
    """Give one login for each role; an integration's is its client id and secret."""
    integration = Login(Role.INTEGRATION, str(CLIENT_ID), client_secret)
    return PATIENT, DELEGATE, CLINICIAN, ADMIN, integration


def is_there(session: Session) -> bool:
    """Tell whether the demo clinic was made here."""
    return session.get(Clinic, CLINIC_ID) is not None


def is_empty(session: Session) -> bool:
    """Tell whether there is no clinic at all."""
    return session.scalar(select(Clinic.id).limit(1)) is None


def fill(session: Session, client_secret: str, now: datetime) -> Made:
    """Make up the clinic, its staff and its patients' courses, up to the patients' present day.

    The session is one opened for CLINIC_ID.
    """
    opened = now - timedelta(days=OPENED_DAYS_AGO)
    session.add(_clinic(opened))
    session.flush()
    session.add(_account(CLINICIAN_ID, "Dr. Hazel Hollowell", Role.CLINICIAN, opened, CLINICIAN))
    session.add(_account(ADMIN_ID, "Rowan Tidewater", Role.ADMIN, opened, ADMIN))
    session.add(_account(DELEGATE_ID, "Linden Hart", Role.DELEGATE, opened, DELEGATE))
    session.add(_client(client_secret, opened, now))
    session.add(safety.settings(CLINIC_ID, ADMIN_ID, opened))
    session.add(infusion_sessions.settings(CLINIC_ID, ADMIN_ID, opened))
    made: Counter[type] = Counter()
    for row in patients_rows(now):
        if isinstance(row, (Account, Delivery)):
            # One patient at a time: a flush looks at each new row against all the others. And a message
            # refers to its alert, which the session learns from no relationship.
            session.flush()
        session.add(row)
        made[type(row)] += 1
        if isinstance(row, Patient):
            # What follows refers to the patient, which the session learns from no relationship.
            session.flush()
    session.flush()
    outlooks.decide(session, CLINICIAN_ID)
    return Made(made[Patient], made[CheckIn], made[Infusion])


def patients_rows(now: datetime) -> Iterator[Row]:
    """Make up every patient: the account first, then the patient, then all that is known of them."""
    chance = Random(SEED)  # noqa: S311  as above
    wanted = profiles(local_day.today(now, CLINIC_ZONE, DAY_START_HOUR), chance)
    for number, (profile, person) in enumerate(zip(wanted, people(len(wanted), chance), strict=True)):
        yield from _patient(number, profile, person, now)


def set_client_secret(session: Session, client_secret: str) -> None:
    """Let the demo integration's secret follow the server's key, should that have changed."""
    client = session.get(ApiClient, CLIENT_ID)
    if client is not None:
        client.secret_hash = tokens.secret_hash(client_secret)


def _patient(number: int, profile: Profile, person: Person, now: datetime) -> Iterator[Row]:
    """One patient's rows; the first is the one who signs in."""
    chance = Random(f"{SEED} {number}")  # noqa: S311  as above
    habits = _habits(profile, person, chance)
    login = None if number else PATIENT
    today = local_day.today(now, person.time_zone, DAY_START_HOUR)
    # A chance of its own, so that the courses stay what they were before these questions.
    asking = Random(f"{SEED} {number} questions")  # noqa: S311  as above
    plan = in_effect(_clinic(now), profile.plan or ProtocolDraft())
    made = questionnaires.with_benefit_left(course(profile, today, chance), profile, plan, asking)
    enrolled = min(at(made.enrolled, 9.0, person.time_zone), now)
    scored = number == 0 or asking.random() < SCORED
    until, first = (today, now), number == 0
    scores = questionnaires.scores(made, habits, plan, until, asking, weekly=first) if scored else iter(())
    arranged = number < FILLING_IN
    totals = questionnaires.filled_in(scores, habits, int(first)) if arranged else scores
    found = rows(made, habits, totals, now, chance)
    extras.with_ratings(number, found)
    if first:
        extras.with_urinary_symptoms(found, today)
    account = _account(habits.account_id, person.name, Role.PATIENT, enrolled, login)
    account.patient_id = habits.patient_id
    account.invited_email = account.email or person.email
    yield account
    yield Patient(
        clinic_id=CLINIC_ID,
        id=habits.patient_id,
        account_id=habits.account_id,
        record_number=f"LB-{1001 + number}",
        display_name=person.name,
        time_zone=person.time_zone,
        day_start_hour=DAY_START_HOUR,
        change_seq=len(found),
        version=1,
        enrolled_at=enrolled,
        discharged_at=None,
    )
    if profile.plan is not None:
        yield _protocol(profile.plan, habits.patient_id, made, person.time_zone, now)
    if profile.judged:
        yield questionnaires.baseline(made, habits, profile)
    if arranged:
        yield from questionnaires.schedules(made, habits, weekly=first)
    yield from found
    yield from safety.rows(number, habits, found, now)
    yield from infusion_sessions.rows(number, habits, found, enrolled, now)
    yield from extras.rows(number, habits, found, now)
    if first:
        yield from sharing.rows(habits, READERS, now)


def _habits(profile: Profile, person: Person, chance: Random) -> Habits:
    return Habits(
        clinic_id=CLINIC_ID,
        patient_id=uuid_from(chance),
        account_id=uuid_from(chance),
        clinician_id=CLINICIAN_ID,
        time_zone=person.time_zone,
        hour=chance.choice((7.5, 12.5, 18.5, 20.0, 20.5, 21.0, 21.5, 22.0)),
        weight_kg=round(chance.uniform(54, 104), 1),
        device_id=str(uuid_from(chance)),
        side_effects=profile.side_effects,
        booked_in=profile.booked_in,
    )


def _protocol(plan: ProtocolDraft, patient_id: UUID, made: Course, time_zone: str, now: datetime) -> Protocol:
    day = plan.paused_on or plan.ended_on or made.enrolled
    return Protocol(
        **asdict(plan),
        clinic_id=CLINIC_ID,
        patient_id=patient_id,
        version=1,
        recorded_by=CLINICIAN_ID,
        known_from=min(at(day, 9.0, time_zone), now),
        known_until=None,
    )


def _clinic(opened: datetime) -> Clinic:
    return Clinic(
        id=CLINIC_ID,
        name=CLINIC_NAME,
        time_zone=CLINIC_ZONE,
        backfill_days=7,
        induction_infusion_count=6,
        induction_days=21,
        min_interval_days=14,
        max_interval_days=28,
        outlook_mode=Mode.SHOWN,
        outlook_prior=PUBLISHED.version,
        version=1,
        settings_since=opened,
        created_at=opened,
    )


def _account(account_id: UUID, name: str, role: Role, created: datetime, login: Login | None) -> Account:
    return Account(
        id=account_id,
        clinic_id=CLINIC_ID,
        role=role,
        patient_id=None,
        display_name=name,
        invited_email=login.name if login else None,
        email=login.name if login else None,
        password_hash=passwords.hash_password(login.words) if login else None,
        disabled_at=None,
        version=1,
        created_at=created,
    )


def _client(client_secret: str, opened: datetime, now: datetime) -> ApiClient:
    return ApiClient(
        id=CLIENT_ID,
        clinic_id=CLINIC_ID,
        name="Records system (demo)",
        secret_hash=tokens.secret_hash(client_secret),
        # What reads; a key that a device writes with is its own.
        scopes=f"{Scope.SUMMARY_READ} {Scope.CHECKINS_READ}",
        version=1,
        created_at=opened,
        expires_at=now + timedelta(days=365),
        revoked_at=None,
    )
