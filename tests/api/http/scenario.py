"""Two clinics, their callers, and the records that requests to every endpoint need."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pyotp
from flask import Flask
from sqlalchemy import select

from api.http.auth import access_token
from models.accounts import Account
from models.baselines import Baseline
from models.clinics import Clinic
from models.consents import Consent
from models.consultations import Consultation
from models.database import Database
from models.infusion_sessions import SessionSettings
from models.patients import Patient
from models.questionnaires import QuestionnaireSchedule
from models.safety import SafetyAlert, SafetySettings
from models.second_factors import SecondFactor
from services import accounts, second_factors
from services.access import Actor, Role, Scope
from services.context import Context
from services.outlooks import current as current_outlooks
from services.reports import forecast as forecast_report
from services.tokens import Grant
from tests import factories
from tests.people import Nobody, People, Person, StoredRows, signed_in

ATTENDED = date(2026, 1, 14)
"""The day of the infusion that has a session."""


def felt_on() -> date:
    """Return the day of the infusions with a mood: of late, since a phone is believed for 30 days."""
    return datetime.now(ZoneInfo(factories.ZONE)).date() - timedelta(days=20)


@dataclass(frozen=True)
class Limited:
    """An integration whose token carries one scope only."""

    of: Person
    scope: Scope

    @property
    def headers(self) -> dict[str, str]:
        """What it sends with a request."""
        with self.of.app.app_context():
            token = access_token(Grant(self.of.id, frozenset({Role.INTEGRATION}), scopes=(str(self.scope),)))
        return {"Authorization": f"Bearer {token}"}


Caller = Person | Nobody | Limited


@dataclass
class Scenario:
    """The two clinics, every caller, and the records that allowed requests need."""

    app: Flask
    people: People
    stranger_admin: Person
    staff: dict[str, Person]
    """Members of the clinic's staff by what they hold, beside the clinician and the admin."""
    days_used: int = 0
    in_maintenance: bool = False
    has_induction: bool = False
    attended_reading: UUID | None = None
    changes: list[str] = field(default_factory=list)
    """What was stored, where a test watches that."""

    @property
    def database(self) -> Database:
        """The way to the application's database."""
        database: Database = self.app.extensions["database"]
        return database

    @property
    def callers(self) -> dict[str, Caller]:
        """Everybody, by the name of their column in the matrix."""
        people = self.people
        return {
            "owner": people.patient,
            "other": people.other_patient,
            "clinician": people.clinician,
            "admin": people.admin,
            "both": people.integration,
            "summary": Limited(people.integration, Scope.SUMMARY_READ),
            "trends": Limited(people.integration, Scope.TRENDS_READ),
            "delegate": people.delegate,
            "stranger": people.stranger,
            "stranger_admin": self.stranger_admin,
            "strangers_patient": people.strangers_patient,
            "nobody": people.nobody,
            **self.staff,
        }

    def day(self) -> date:
        """A recent day without a check-in yet."""
        self.days_used += 1
        return datetime.now(ZoneInfo(factories.ZONE)).date() - timedelta(days=self.days_used)

    def check_in(self) -> date:
        """A recent day that the patient has answered, version 1."""
        day = self.day()
        with self.database.write(self.people.clinic_id) as session:
            factories.check_in(session, session.get_one(Patient, self._key()), day)
        return day

    def infusion(self) -> UUID:
        """An infusion of the patient's, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.infusion(session, session.get_one(Patient, self._key()), self.day()).id

    def priced(self) -> UUID:
        """An infusion of the patient's that has a price, version 1."""
        given = self.infusion()
        with self.database.write(self.people.clinic_id) as session:
            factories.cost(session, session.get_one(Patient, self._key()), given)
        return given

    def event(self) -> UUID:
        """An event that the patient reported, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.event(session, session.get_one(Patient, self._key()), self.day()).id

    def allergy(self) -> UUID:
        """An allergy of the patient's, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.medical_history_entry(session, session.get_one(Patient, self._key())).id

    def course(self) -> UUID:
        """A second course of the patient's, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.treatment_course(session, session.get_one(Patient, self._key()), self.day()).id

    def review(self) -> UUID:
        """A response review of the patient's, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.response_review(session, session.get_one(Patient, self._key()), self.day()).id

    def score(self) -> date:
        """A recent day with a PHQ-9 total, version 1."""
        day = self.day()
        with self.database.write(self.people.clinic_id) as session:
            factories.score(session, session.get_one(Patient, self._key()), day)
        return day

    def form(self) -> UUID:
        """A PHQ-9 that the patient filled in, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            return factories.form(session, session.get_one(Patient, self._key()), self.day()).id

    def arranged(self) -> int:
        """Have a PHQ-9 asked of the patient every week, and give the version of it."""
        with self.database.write(self.people.clinic_id) as session:
            query = select(QuestionnaireSchedule).where(
                QuestionnaireSchedule.patient_id == self.people.patient.patient_id,
                QuestionnaireSchedule.known_until.is_(None),
            )
            current = session.scalar(query)
            if current is None:
                current = factories.schedule(session, session.get_one(Patient, self._key()))
            return current.version

    def judged(self) -> int:
        """Have a judged baseline, and give the version of it."""
        with self.database.write(self.people.clinic_id) as session:
            query = select(Baseline).where(
                Baseline.patient_id == self.people.patient.patient_id, Baseline.known_until.is_(None)
            )
            current = session.scalar(query)
            if current is None:
                current = factories.baseline(session, session.get_one(Patient, self._key()))
            return current.version

    def attended(self) -> UUID:
        """An infusion of the patient's with a session, a reading and a discharge check, all version 1.

        Each is another one, in winter, all at the same hour: there they may overlap.
        """
        with self.database.write(self.people.clinic_id) as session:
            given = factories.infusion(session, session.get_one(Patient, self._key()), ATTENDED)
            factories.infusion_session(session, given)
            factories.discharge_check(session, given)
            self.attended_reading = factories.vital_signs(session, given).id
            return given.id

    def felt(self) -> UUID:
        """An infusion with a mood after it, version 1; each another one, all at the same hour."""
        with self.database.write(self.people.clinic_id) as session:
            given = factories.infusion(session, session.get_one(Patient, self._key()), felt_on())
            return factories.post_infusion_mood(session, given).infusion_id

    def recalled(self) -> UUID:
        """An infusion of maintenance at which the recall question was answered, version 1.

        Each is another one, all at the same hour, after an induction in winter.
        """
        with self.database.write(self.people.clinic_id) as session:
            patient = session.get_one(Patient, self._key())
            for days in range(0 if self.has_induction else 6):
                factories.infusion(session, patient, ATTENDED + timedelta(days=1 + days))
            self.has_induction = True
            given = factories.infusion(session, patient, felt_on())
            return factories.half_benefit_recall(session, given).infusion_id

    def half_benefit_recall(self) -> dict[str, Any]:
        """Another answer at the infusions of `recalled`."""
        with self.database.read(self.people.clinic_id) as session:
            zone = session.get_one(Patient, self._key()).time_zone
        at = datetime.combine(felt_on(), time(9), ZoneInfo(zone))
        return {"recall_answer": "not_gone", "answered_at": at.isoformat()}

    def post_infusion_mood(self) -> dict[str, Any]:
        """A mood of six hours after the start of the infusions of `felt`."""
        with self.database.read(self.people.clinic_id) as session:
            zone = session.get_one(Patient, self._key()).time_zone
        at = datetime.combine(felt_on(), time(16), ZoneInfo(zone))
        return {"mood": 7, "recorded_at": at.isoformat()}

    def session_settings_version(self, of: Caller) -> int:
        """Have session settings in the caller's clinic, and give the version of them."""
        clinic_id = of.clinic_id if isinstance(of, Person) else self.people.clinic_id
        with self.database.write(clinic_id) as session:
            query = select(SessionSettings).where(SessionSettings.known_until.is_(None))
            current = session.scalar(query) or factories.session_settings(session)
            return current.version

    def consulted(self) -> int:
        """Have a consultation of the patient's, and give the version of it."""
        with self.database.write(self.people.clinic_id) as session:
            query = select(Consultation).where(
                Consultation.patient_id == self.people.patient.patient_id, Consultation.known_until.is_(None)
            )
            current = session.scalar(query)
            if current is None:
                current = factories.consultation(session, session.get_one(Patient, self._key()))
            return current.version

    def device(self, of: Caller) -> UUID:
        """A second device on which somebody is signed in; the patient's where nobody asks."""
        is_person = isinstance(of, Person) and Role.INTEGRATION not in of.roles
        account_id = of.id if isinstance(of, Person) and is_person else self.people.patient.id
        with self.database.write() as session:
            return factories.sign_in(session, account_id).id

    def member(self) -> UUID:
        """A member of the clinic's staff who has not taken up their account."""
        with self.database.write() as session:
            return factories.account(session, self.people.clinic_id, email=None, password_hash=None).id

    def new_patient(self) -> UUID:
        """A patient of the clinic's who has not taken up their account."""
        with self.database.write(self.people.clinic_id) as session:
            patient = factories.patient(session)
            account = session.get_one(Account, patient.account_id)
            account.email = account.password_hash = None
            return patient.id

    def client(self) -> UUID:
        """An API client of the clinic's."""
        with self.database.write() as session:
            return factories.api_client(session, self.people.clinic_id).id

    def code(self) -> str:
        """An invitation's code that nobody has used."""
        code = f"{uuid4().int:026}"[:26]
        account_id = self.member()
        with self.database.write() as session:
            factories.invitation(session, account_id, code)
        return code

    def first_totp_code(self, of: Caller) -> str:
        """A code of a second factor that somebody has begun to set up; the patient where nobody asks."""
        return str(pyotp.TOTP(self._second_factor(of, None)).now())

    def next_totp_code(self, of: Caller) -> str:
        """A code of a second factor that is in use."""
        return str(pyotp.TOTP(self._second_factor(of, datetime.now(UTC))).now())

    def _second_factor(self, of: Caller, confirmed_at: datetime | None) -> str:
        is_person = isinstance(of, Person) and Role.INTEGRATION not in of.roles
        account_id = of.id if isinstance(of, Person) and is_person else self.people.patient.id
        with self.database.write() as session:
            keys = self.app.extensions["keys"]
            accounts.delete_second_factor(session, account_id)
            secret, _ = second_factors.start(session, keys, account_id, datetime.now(UTC))
            session.get_one(SecondFactor, account_id).confirmed_at = confirmed_at
            return secret

    def with_mail(self) -> dict[str, str]:
        """A server that sends mail, and a request that nobody made before."""
        settings = self.app.extensions["settings"]
        self.app.extensions["settings"] = replace(settings, smtp_host="127.0.0.1")
        return {"email": f"{uuid4().hex}@nobody.test"}

    def mailed_code(self) -> str:
        """A code for a new password that was mailed and not used."""
        code = f"{uuid4().int:026}"[:26]
        with self.database.write() as session:
            account_id = factories.account(session, self.people.clinic_id).id
            factories.password_reset(session, account_id, code)
        return code

    def consent(self) -> UUID:
        """A consent of the patient's that nobody has taken up, version 1."""
        with self.database.write(self.people.clinic_id) as session:
            account = factories.account(
                session, self.people.clinic_id, Role.DELEGATE, email=None, password_hash=None
            )
            return factories.consent(session, session.get_one(Patient, self._key()), account.id).id

    def handed_over(self) -> str:
        """The code of a consent that nobody has taken up."""
        code = f"{uuid4().int:026}"[:26]
        consent_id = self.consent()
        with self.database.write(self.people.clinic_id) as session:
            consent = session.scalars(select(Consent).where(Consent.id == consent_id)).one()
            factories.invitation(session, consent.account_id, code)
        return code

    def clinic_version(self) -> int:
        """The version of the clinic's settings."""
        with self.database.read() as session:
            return session.get_one(Clinic, self.people.clinic_id).version

    def patient_version(self) -> int:
        """The version of the patient's details."""
        with self.database.read(self.people.clinic_id) as session:
            return session.get_one(Patient, self._key()).version

    def account_version(self) -> int:
        """The version of the patient's account."""
        with self.database.read() as session:
            return session.get_one(Account, self.people.patient.id).version

    def outlook_id(self) -> str:
        """The id of the patient's present outlook, in maintenance."""
        for _ in range(6 if not self.in_maintenance else 0):
            self.infusion()
        self.in_maintenance = True
        actor = Actor(self.people.clinician.id, self.people.clinic_id, frozenset({Role.CLINICIAN}))
        with self.database.read(self.people.clinic_id) as session:
            ctx = Context(session, actor, datetime.now(UTC))
            return current_outlooks.snapshot(ctx, self.database, self.people.patient.patient_id).outlook_id

    def report(self) -> None:
        """Let there be a report of how the clinic's forecasts turned out."""
        backtest = forecast_report.start_backtest(self.database, self.people.clinic_id, datetime.now(UTC))
        forecast_report.store_report(self.database, backtest, [])

    def alert(self) -> UUID:
        """The safety alert of the patient's that nobody has acknowledged."""
        with self.database.write(self.people.clinic_id) as session:
            is_open = SafetyAlert.patient_id == self._key()[1], SafetyAlert.acknowledged_at.is_(None)
            found = session.scalar(select(SafetyAlert).where(*is_open))
            return (found or factories.alert(session, session.get_one(Patient, self._key()), self.day())).id

    def safety_version(self, of: Caller) -> int:
        """Have safety settings in the caller's clinic, and give the version of them."""
        clinic_id = of.clinic_id if isinstance(of, Person) else self.people.clinic_id
        with self.database.write(clinic_id) as session:
            query = select(SafetySettings).where(SafetySettings.known_until.is_(None))
            current = session.scalar(query) or factories.safety_settings(session)
            return current.version

    def _key(self) -> tuple[UUID, UUID]:
        assert self.people.patient.patient_id is not None
        return self.people.clinic_id, self.people.patient.patient_id


HELD = {
    "nurse": "nurse",
    "front_desk": "front_desk",
    "billing": "billing",
    "two_roles": "front_desk billing",
}
"""What each member of staff holds, by the name of their column in the matrix."""


@dataclass(frozen=True)
class ScenarioRows:
    """An admin of the other clinic and further staff beside the people, and all rows that store them."""

    stranger_admin: Person
    staff: dict[str, Person]
    stored: StoredRows

    @classmethod
    def create(cls, app: Flask, people: People, file: Path) -> ScenarioRows:
        """Add them to an SQLite file that has the people."""
        database = Database(f"sqlite:///{file}")
        with database.write() as session:
            account = factories.account(session, people.other_clinic_id, Role.ADMIN)
            stranger_admin = signed_in(app, session, "stranger_admin", account.id)
            staff = {
                name: signed_in(
                    app, session, name, factories.account(session, people.clinic_id, roles=roles).id
                )
                for name, roles in HELD.items()
            }
        return cls(stranger_admin, staff, StoredRows.of(database, file))
