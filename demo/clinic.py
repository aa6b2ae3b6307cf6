"""Simulated clinic with its staff and patients, the same every time except for its dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import chain
from random import Random
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical import protocol as plan_rules
from clinical.canonical_text import record_number_key
from clinical.current_course import NEW_COURSE_GAP_DAYS
from clinical.outlook.mode import Mode
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.response_review import REVIEW_AFTER_DAYS
from demo import (
    extras,
    half_benefit_recalls,
    infusion_sessions,
    outlooks,
    questionnaires,
    safety,
    sharing,
    treatment_courses,
    worklist_entries,
)
from demo.courses import Course, Profile, course, joined
from demo.ids import (
    ADMIN_ID,
    BILLING_ID,
    CLIENT_ID,
    CLINIC_ID,
    CLINICIAN_ID,
    DELEGATE_ID,
    FRONT_DESK_ID,
    NURSE_ID,
    SEED,
    uuid_from,
)
from demo.infusion_sessions import Recorded
from demo.people import CLINIC_ZONE, Person, contact_data, people
from demo.profiles import profiles
from demo.records import DAY_START_HOUR, SimulatedPatient, at, rows
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
from models.half_benefit_recalls import HalfBenefitRecall
from models.infusions import Infusion
from models.outbox import Delivery
from models.patients import Patient
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.response_reviews import ResponseReview
from models.safety import SafetyAlert, SafetyAlertAnswer, SafetyAnswer
from models.scores import Score
from models.treatment_courses import TreatmentCourse
from services import passwords, tokens
from services.access import Role, Scope
from services.clinics import INVITATION_HOURS, NO_RECALIBRATION
from services.protocols import ProtocolDraft, in_effect

CLINIC_NAME: Final = "Lantern Bay Clinic (demo)"
CLINIC_ADDRESS: Final = "12 Quay Street\nLantern Bay"
OPENED_DAYS_AGO: Final = 270

SCORED_SHARE: Final = 0.95
"""Share of the patients with PHQ-9 totals; the one with a login always has them."""

FORM_PATIENTS: Final = 5
"""Number of patients who fill in forms, the one with a login first; staff enter the others' totals."""

Row = (
    Account
    | Patient
    | Protocol
    | CheckIn
    | Infusion
    | Score
    | Baseline
    | TreatmentCourse
    | ResponseReview
    | QuestionnaireResponse
    | QuestionnaireSchedule
    | SafetyAnswer
    | SafetyAlert
    | SafetyAlertAnswer
    | Delivery
    | Recorded
    | EnabledRatings
    | Event
    | InfusionCost
    | HalfBenefitRecall
    | Consent
    | AccessLogEntry
)

READERS: Final = {
    Role.CLINICIAN: CLINICIAN_ID,
    Role.INTEGRATION: CLIENT_ID,
    Role.DELEGATE: DELEGATE_ID,
}


@dataclass(frozen=True, slots=True)
class Login:
    """What one role of the demo clinic signs in with; no secret, since the clinic is simulated."""

    role: Role
    name: str
    password: str


PATIENT: Final = Login(Role.PATIENT, "demo.patient@patients.example", "amber-harbour-lantern-dusk")
CLINICIAN: Final = Login(Role.CLINICIAN, "demo.clinician@clinic.example", "copper-harbour-lantern-noon")
ADMIN: Final = Login(Role.ADMIN, "demo.admin@clinic.example", "silver-harbour-lantern-dawn")
NURSE: Final = Login(Role.NURSE, "demo.nurse@clinic.example", "copper-meadow-lantern-morning")
FRONT_DESK: Final = Login(Role.FRONT_DESK, "demo.front-desk@clinic.example", "silver-meadow-lantern-evening")
BILLING: Final = Login(Role.BILLING, "demo.billing@clinic.example", "amber-meadow-lantern-night")
DELEGATE: Final = Login(Role.DELEGATE, "demo.partner@patients.example", "golden-harbour-lantern-noon")


@dataclass(frozen=True, slots=True)
class Created:
    """Counts of what was created."""

    patients: int
    check_ins: int
    infusions: int


def logins(client_secret: str) -> tuple[Login, ...]:
    """Return one login for each role; that of the integration is its client id and secret."""
    integration = Login(Role.INTEGRATION, str(CLIENT_ID), client_secret)
    return PATIENT, DELEGATE, CLINICIAN, NURSE, FRONT_DESK, BILLING, ADMIN, integration


def exists(session: Session) -> bool:
    """Return whether the database has the demo clinic."""
    return session.get(Clinic, CLINIC_ID) is not None


def is_empty(session: Session) -> bool:
    """Return whether the database has no clinic."""
    return session.scalar(select(Clinic.id).limit(1)) is None


def fill(session: Session, client_secret: str, now: datetime) -> Created:
    """Add the clinic, its staff and its patients' courses up to now; the session is one for CLINIC_ID."""
    opened = now - timedelta(days=OPENED_DAYS_AGO)
    session.add(_clinic(opened))
    session.flush()
    session.add(_account(CLINICIAN_ID, "Dr. Hazel Hollowell", Role.CLINICIAN, opened, CLINICIAN))
    session.add(_account(NURSE_ID, "Fennel Marshlight", Role.NURSE, opened, NURSE))
    session.add(_account(FRONT_DESK_ID, "Opal Reedmarsh", Role.FRONT_DESK, opened, FRONT_DESK))
    session.add(_account(BILLING_ID, "Flint Yarrowby", Role.BILLING, opened, BILLING))
    session.add(_account(ADMIN_ID, "Rowan Tidewater", Role.ADMIN, opened, ADMIN))
    session.add(_account(DELEGATE_ID, "Linden Hart", Role.DELEGATE, opened, DELEGATE))
    session.add(_client(client_secret, opened, now))
    session.add(safety.settings(CLINIC_ID, ADMIN_ID, opened))
    session.add(infusion_sessions.settings(CLINIC_ID, ADMIN_ID, opened))
    created: Counter[type] = Counter()
    for row in patient_rows(now):
        if isinstance(row, (Account, SafetyAlertAnswer, Delivery)):
            # After each patient, since a flush compares each new row with all others; and before an answer
            # and a delivery, which refer to their alert without an ORM relationship.
            session.flush()
        session.add(row)
        created[type(row)] += 1
        if isinstance(row, Patient):
            # The next rows refer to the patient, which has no ORM relationship to them.
            session.flush()
    session.flush()
    outlooks.decide(session, CLINICIAN_ID)
    worklist_entries.store(session, {Role.CLINICIAN: CLINICIAN_ID, Role.NURSE: NURSE_ID}, now)
    return Created(created[Patient], created[CheckIn], created[Infusion])


def patient_rows(now: datetime) -> Iterator[Row]:
    """Yield the rows of every patient: account, patient, then the record."""
    rng = Random(SEED)  # noqa: S311  as above
    wanted = profiles(local_day.today(now, CLINIC_ZONE, DAY_START_HOUR), rng)
    for number, (profile, person) in enumerate(zip(wanted, people(len(wanted), rng), strict=True)):
        yield from _patient(number, profile, person, now)


def set_client_secret(session: Session, client_secret: str) -> None:
    """Set the demo integration's secret again, since it derives from the server's key."""
    client = session.get(ApiClient, CLIENT_ID)
    if client is not None:
        client.secret_hash = tokens.secret_hash(client_secret)


def _patient(number: int, profile: Profile, person: Person, now: datetime) -> Iterator[Row]:
    """Yield one patient's rows; number 0 is the one with a login."""
    rng = Random(f"{SEED} {number}")  # noqa: S311  as above
    patient = _simulated_patient(profile, person, rng)
    login = None if number else PATIENT
    today = local_day.today(now, person.time_zone, DAY_START_HOUR)
    # A generator of its own, so that questions do not change the simulated courses.
    asking = Random(f"{SEED} {number} questions")  # noqa: S311  as above
    plan = in_effect(_clinic(now), profile.plan or ProtocolDraft())
    last = questionnaires.with_benefit_left(course(profile, today, rng), profile, plan, asking)
    before = _first_course(profile, last, plan, rng, asking)
    made = last if before is None else joined(before, last)
    enrolled = min(at(made.enrolled, 9.0, person.time_zone), now)
    scored = number == 0 or asking.random() < SCORED_SHARE
    first = number == 0
    scores = questionnaires.scores(last, patient, plan, (today, now), asking, weekly=first)
    if before is not None:
        until = before.answers[-1].day
        scores = chain(questionnaires.scores(before, patient, plan, (until, now), asking), scores)
    arranged = number < FORM_PATIENTS
    scores = scores if scored else iter(())
    totals = questionnaires.as_forms(scores, patient, int(first)) if arranged else scores
    found = rows(made, patient, totals, now, rng)
    extras.with_ratings(number, found)
    if first:
        extras.with_urinary_symptoms(found, today)
    if profile.mornings:
        extras.with_dizzy_mornings(found)
    account = _account(patient.account_id, person.name, Role.PATIENT, enrolled, login)
    account.patient_id = patient.patient_id
    account.invited_email = account.email or person.email
    yield account
    record_number = f"LB-{1001 + number}"
    yield Patient(
        clinic_id=CLINIC_ID,
        id=patient.patient_id,
        account_id=patient.account_id,
        record_number=record_number,
        record_number_key=record_number_key(record_number),
        display_name=person.name if profile.label is None else f"{person.name} ({profile.label})",
        time_zone=person.time_zone,
        day_start_hour=DAY_START_HOUR,
        change_seq=len(found),
        version=1,
        enrolled_at=enrolled,
        discharged_at=None,
        **contact_data(number, person),
    )
    if profile.plan is not None:
        yield _protocol(profile.plan, patient.patient_id, made, person.time_zone, now)
    yield from treatment_courses.rows(before, last, profile, patient, now)
    if profile.rated_baseline:
        yield questionnaires.baseline(made, patient, profile)
    if arranged:
        yield from questionnaires.schedules(made, patient, weekly=first)
    yield from found
    yield from safety.rows(number, patient, found, now)
    yield from infusion_sessions.rows(number, patient, found, enrolled, now)
    yield from extras.rows(number, patient, found, now)
    yield from half_benefit_recalls.rows(number, patient, profile, (last, plan), found)
    if first:
        yield from sharing.rows(patient, READERS, now)


def _first_course(
    profile: Profile, last: Course, plan: plan_rules.Protocol, rng: Random, asking: Random
) -> Course | None:
    """Return the course before the last one of a patient who came back; None of another patient."""
    if profile.first_course is None:
        return None
    until = last.enrolled - timedelta(days=profile.away_days)
    simulated = course(profile.first_course, until, rng)
    return questionnaires.with_benefit_left(simulated, profile.first_course, plan, asking)


def _simulated_patient(profile: Profile, person: Person, rng: Random) -> SimulatedPatient:
    return SimulatedPatient(
        clinic_id=CLINIC_ID,
        patient_id=uuid_from(rng),
        account_id=uuid_from(rng),
        clinician_id=CLINICIAN_ID,
        time_zone=person.time_zone,
        hour=rng.choice((7.5, 12.5, 18.5, 20.0, 20.5, 21.0, 21.5, 22.0)),
        weight_kg=round(rng.uniform(54, 104), 1),
        device_id=str(uuid_from(rng)),
        side_effects=profile.side_effects,
        booked_in=profile.booked_in,
        mornings=profile.mornings,
        decision=profile.decision,
        intrusive_thoughts=profile.intrusive_thoughts,
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
        address=CLINIC_ADDRESS,
        time_zone=CLINIC_ZONE,
        backfill_days=7,
        induction_infusion_count=6,
        induction_days=21,
        min_interval_days=14,
        max_interval_days=28,
        new_course_gap_days=NEW_COURSE_GAP_DAYS,
        review_after_days=REVIEW_AFTER_DAYS,
        outlook_mode=Mode.SHOWN,
        outlook_prior=PUBLISHED.version,
        outlook_recalibration=NO_RECALIBRATION,
        refuse_unsuitable=False,
        invitation_hours=INVITATION_HOURS,
        version=1,
        settings_since=opened,
        created_at=opened,
    )


def _account(account_id: UUID, name: str, role: Role, created: datetime, login: Login | None) -> Account:
    return Account(
        id=account_id,
        clinic_id=CLINIC_ID,
        roles=str(role),
        patient_id=None,
        display_name=name,
        invited_email=login.name if login else None,
        email=login.name if login else None,
        password_hash=passwords.hash_password(login.password) if login else None,
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
        # Read only; a device that writes has its own client.
        scopes=f"{Scope.SUMMARY_READ} {Scope.TRENDS_READ}",
        version=1,
        created_at=opened,
        expires_at=now + timedelta(days=365),
        revoked_at=None,
    )
