"""Every door of the API with a request that is welcome there, for whoever asks it of all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from api.http.auth import access_token
from models.accounts import Account
from models.alerts import SafetySettings
from models.baselines import Baseline
from models.clinics import Clinic
from models.consents import Consent
from models.consultations import Consultation
from models.patients import Patient
from models.questionnaires import QuestionnaireSchedule
from models.session import Sessions
from models.sessions import SessionSettings
from services import outlooks, reports
from services.access import Actor, Role, Scope
from services.tokens import Grant
from tests import builders
from tests.cast import Cast, Nobody, Person

ATTENDED = date(2026, 1, 14)
"""The day of the infusion that has a session."""

PASSPHRASE = "seven green herons wade upstream"
"""Good enough to be taken as a new password."""


@dataclass(frozen=True)
class Limited:
    """An integration whose token carries one scope only."""

    of: Person
    scope: Scope

    @property
    def headers(self) -> dict[str, str]:
        """What it sends with a request."""
        with self.of.app.app_context():
            token = access_token(Grant(self.of.id, Role.INTEGRATION, scopes=(str(self.scope),)))
        return {"Authorization": f"Bearer {token}"}


Caller = Person | Nobody | Limited


@dataclass
class Story:
    """The two clinics, everybody who comes to their doors, and whatever a request needs to be welcome."""

    app: Flask
    cast: Cast
    stranger_admin: Person
    days_used: int = 0
    in_maintenance: bool = False
    attended_reading: UUID | None = None
    changes: list[str] = field(default_factory=list)
    """What was stored, where a test watches that."""

    @property
    def sessions(self) -> Sessions:
        """The way to the application's database."""
        sessions: Sessions = self.app.extensions["sessions"]
        return sessions

    @property
    def callers(self) -> dict[str, Caller]:
        """Everybody, by the name of their column in the matrix."""
        cast = self.cast
        return {
            "owner": cast.patient,
            "other": cast.other_patient,
            "clinician": cast.clinician,
            "admin": cast.admin,
            "both": cast.integration,
            "summary": Limited(cast.integration, Scope.SUMMARY_READ),
            "checkins": Limited(cast.integration, Scope.CHECKINS_READ),
            "delegate": cast.delegate,
            "stranger": cast.stranger,
            "stranger_admin": self.stranger_admin,
            "strangers_patient": cast.strangers_patient,
            "nobody": cast.nobody,
        }

    def day(self) -> date:
        """A recent day that nothing has been said about yet."""
        self.days_used += 1
        return datetime.now(ZoneInfo(builders.ZONE)).date() - timedelta(days=self.days_used)

    def check_in(self) -> date:
        """A recent day that the patient has answered, version 1."""
        day = self.day()
        with self.sessions.writing(self.cast.clinic_id) as session:
            builders.check_in(session, session.get_one(Patient, self._key()), day)
        return day

    def infusion(self) -> UUID:
        """An infusion of the patient's, version 1."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            return builders.infusion(session, session.get_one(Patient, self._key()), self.day()).id

    def priced(self) -> UUID:
        """An infusion of the patient's that has a price, version 1."""
        given = self.infusion()
        with self.sessions.writing(self.cast.clinic_id) as session:
            builders.cost(session, session.get_one(Patient, self._key()), given)
        return given

    def event(self) -> UUID:
        """An event that the patient told of, version 1."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            return builders.event(session, session.get_one(Patient, self._key()), self.day()).id

    def score(self) -> date:
        """A recent day with a PHQ-9 total, version 1."""
        day = self.day()
        with self.sessions.writing(self.cast.clinic_id) as session:
            builders.score(session, session.get_one(Patient, self._key()), day)
        return day

    def form(self) -> UUID:
        """A PHQ-9 that the patient filled in, version 1."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            return builders.form(session, session.get_one(Patient, self._key()), self.day()).id

    def arranged(self) -> int:
        """Have a PHQ-9 asked of the patient every week, and give the version of it."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            query = select(QuestionnaireSchedule).where(
                QuestionnaireSchedule.patient_id == self.cast.patient.patient_id,
                QuestionnaireSchedule.known_until.is_(None),
            )
            standing = session.scalar(query)
            if standing is None:
                standing = builders.schedule(session, session.get_one(Patient, self._key()))
            return standing.version

    def judged(self) -> int:
        """Have a judged baseline, and give the version of it."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            query = select(Baseline).where(
                Baseline.patient_id == self.cast.patient.patient_id, Baseline.known_until.is_(None)
            )
            standing = session.scalar(query)
            if standing is None:
                standing = builders.baseline(session, session.get_one(Patient, self._key()))
            return standing.version

    def attended(self) -> UUID:
        """An infusion of the patient's with a session, a reading and a discharge check, all version 1.

        Each is another one, in winter, all at the same hour: there they may overlap.
        """
        with self.sessions.writing(self.cast.clinic_id) as session:
            given = builders.infusion(session, session.get_one(Patient, self._key()), ATTENDED)
            builders.infusion_session(session, given)
            builders.discharge_check(session, given)
            self.attended_reading = builders.vital_signs(session, given).id
            return given.id

    def session_settings_version(self, of: Caller) -> int:
        """Have session settings in the caller's clinic, and give the version of them."""
        clinic_id = of.clinic_id if isinstance(of, Person) else self.cast.clinic_id
        with self.sessions.writing(clinic_id) as session:
            query = select(SessionSettings).where(SessionSettings.known_until.is_(None))
            standing = session.scalar(query) or builders.session_settings(session)
            return standing.version

    def consulted(self) -> int:
        """Have a consultation of the patient's, and give the version of it."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            query = select(Consultation).where(
                Consultation.patient_id == self.cast.patient.patient_id, Consultation.known_until.is_(None)
            )
            standing = session.scalar(query)
            if standing is None:
                standing = builders.consultation(session, session.get_one(Patient, self._key()))
            return standing.version

    def device(self, of: Caller) -> UUID:
        """A second device on which somebody is signed in; the patient's where nobody asks."""
        is_person = isinstance(of, Person) and of.role is not Role.INTEGRATION
        account_id = of.id if isinstance(of, Person) and is_person else self.cast.patient.id
        with self.sessions.writing() as session:
            return builders.sign_in(session, account_id).id

    def member(self) -> UUID:
        """A member of the clinic's staff who has not taken up their account."""
        with self.sessions.writing() as session:
            return builders.account(session, self.cast.clinic_id, email=None, password_hash=None).id

    def new_patient(self) -> UUID:
        """A patient of the clinic's who has not taken up their account."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            patient = builders.patient(session)
            account = session.get_one(Account, patient.account_id)
            account.email = account.password_hash = None
            return patient.id

    def client(self) -> UUID:
        """An API client of the clinic's."""
        with self.sessions.writing() as session:
            return builders.api_client(session, self.cast.clinic_id).id

    def code(self) -> str:
        """An invitation's code that nobody has used."""
        code = f"{uuid4().int:026}"[:26]
        account_id = self.member()
        with self.sessions.writing() as session:
            builders.invitation(session, account_id, code)
        return code

    def consent(self) -> UUID:
        """A consent of the patient's that nobody has taken up, version 1."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            account = builders.account(
                session, self.cast.clinic_id, Role.DELEGATE, email=None, password_hash=None
            )
            return builders.consent(session, session.get_one(Patient, self._key()), account.id).id

    def handed_over(self) -> str:
        """The code of a consent that nobody has taken up."""
        code = f"{uuid4().int:026}"[:26]
        consent_id = self.consent()
        with self.sessions.writing(self.cast.clinic_id) as session:
            consent = session.scalars(select(Consent).where(Consent.id == consent_id)).one()
            builders.invitation(session, consent.account_id, code)
        return code

    def clinic_version(self) -> int:
        """The version of the clinic's settings."""
        with self.sessions.reading() as session:
            return session.get_one(Clinic, self.cast.clinic_id).version

    def patient_version(self) -> int:
        """The version of the patient's details."""
        with self.sessions.reading(self.cast.clinic_id) as session:
            return session.get_one(Patient, self._key()).version

    def outlook_id(self) -> str:
        """The id of the patient's present outlook, in maintenance."""
        for _ in range(6 if not self.in_maintenance else 0):
            self.infusion()
        self.in_maintenance = True
        actor = Actor(self.cast.clinician.id, self.cast.clinic_id, Role.CLINICIAN)
        with self.sessions.reading(self.cast.clinic_id) as session:
            patient_id = self.cast.patient.patient_id
            return outlooks.standing(session, self.sessions, actor, patient_id, datetime.now(UTC)).tag

    def report(self) -> None:
        """Let there be a report of how the clinic's forecasts turned out."""
        backtest = reports.set_out(self.sessions, self.cast.clinic_id, datetime.now(UTC))
        reports.finish(self.sessions, backtest, [])

    def alert(self) -> UUID:
        """A safety alert of the patient's that nobody has acknowledged."""
        with self.sessions.writing(self.cast.clinic_id) as session:
            return builders.alert(session, session.get_one(Patient, self._key()), self.day()).id

    def safety_version(self, of: Caller) -> int:
        """Have safety settings in the caller's clinic, and give the version of them."""
        clinic_id = of.clinic_id if isinstance(of, Person) else self.cast.clinic_id
        with self.sessions.writing(clinic_id) as session:
            query = select(SafetySettings).where(SafetySettings.known_until.is_(None))
            standing = session.scalar(query) or builders.safety_settings(session)
            return standing.version

    def _key(self) -> tuple[UUID, UUID]:
        assert self.cast.patient.patient_id is not None
        return self.cast.clinic_id, self.cast.patient.patient_id


Made = Callable[[Story, Caller], Any]


@dataclass(frozen=True)
class Door:
    """One method of one rule, and what makes a request welcome there."""

    method: str
    rule: str
    json: Made | None = None
    form: Made | None = None
    if_match: Made | None = None
    ids: dict[str, Made] = field(default_factory=dict)
    welcome: str = "owner"
    """A caller who may do this."""

    @property
    def key(self) -> str:
        """The door's name in a test's id."""
        return f"{self.method} {self.rule}"

    def path(self, story: Story, caller: Caller, **given: Any) -> str:
        """The path with everything in it that must be there."""
        usual: dict[str, Any] = {
            "clinic_id": story.cast.clinic_id,
            "patient_id": story.cast.patient.patient_id,
        }
        path = self.rule
        for name in names_in(self.rule):
            value = given.get(name)
            if value is None:
                value = self.ids[name](story, caller) if name in self.ids else usual[name]
            before, _, rest = path.partition("<")
            path = before + str(value) + rest.partition(">")[2]
        return path

    def request(self, story: Story, caller: Caller, **given: Any) -> dict[str, Any]:
        """What a test client needs to knock."""
        headers = dict(caller.headers)
        if self.if_match is not None:
            headers["If-Match"] = f'"v{self.if_match(story, caller)}"'
        asked: dict[str, Any] = {
            "method": self.method,
            "path": self.path(story, caller, **given),
            "headers": headers,
            "buffered": True,
        }
        if self.json is not None:
            asked["json"] = self.json(story, caller)
        if self.form is not None:
            asked["data"] = self.form(story, caller)
        return asked

    def knock(self, client: FlaskClient, story: Story, caller: Caller, **given: Any) -> TestResponse:
        """Send the welcome request as this caller."""
        return client.open(**self.request(story, caller, **given))


def names_in(rule: str) -> list[str]:
    """The names of a rule's variables, in order."""
    return [part.partition(">")[0].rpartition(":")[2] for part in rule.split("<")[1:]]


def always(value: Any) -> Made:
    """The same for every caller."""
    return lambda _story, _caller: value


def answers() -> dict[str, Any]:
    """A day's answers, as a phone sends them."""
    return {
        "mood": 6,
        "enjoyment": 5,
        "anxiety": 3,
        "side_effects": [{"code": "nausea", "severity": "mild"}],
        "note": "slept badly",
        "benefit_left": 70,
        "ratings": {"craving": 2},
        "time_zone": builders.ZONE,
        "recorded_at": datetime.now(UTC).isoformat(),
    }


def given_infusion(day: date) -> dict[str, Any]:
    """An infusion, as the clinic records it."""
    return {
        "started_at": f"{day}T10:05:00-06:00",
        "ended_at": f"{day}T10:45:00-06:00",
        "time_zone": builders.ZONE,
        "dose_mg": 35,
        "weight_kg": 70,
        "route": "intravenous",
        "status": "completed",
        "reason": "scheduled",
    }


def consultation() -> dict[str, Any]:
    """A consultation that ends with something left to review."""
    return {
        "seen_on": "2026-01-05",
        "answers": [{"question": "arrhythmia", "answer": "unknown", "answered_on": "2026-01-05"}],
        "indication": "major_depression",
        "decision": "suitable",
        "reasons": "Palpitations long ago; the tracing was normal.",
        "consent_given_on": "2026-01-05",
    }


def _on(day: date, clock: str) -> str:
    return f"{day}T{clock}:00-06:00"


def attended(day: date = ATTENDED) -> dict[str, Any]:
    """What happened around an infusion that `builders.infusion` made."""
    return {
        "arrived_at": _on(day, "09:20"),
        "pre_checks": {"systolic": 126, "diastolic": 80, "fasting": "yes", "escort": "yes"},
        "rate_changes": [{"at": _on(day, "10:10"), "mg_per_hour": 40}],
        "side_effects": [{"onset_at": _on(day, "10:20"), "code": "nausea", "severity": "mild"}],
        "interventions": [{"at": _on(day, "10:25"), "what": "Talked."}],
        "dissociation": {"scale": "cadss-6", "total": 9, "rated_at": _on(day, "10:35")},
    }


def left(day: date = ATTENDED) -> dict[str, Any]:
    """How somebody left that day."""
    return {"left_at": _on(day, "13:05"), "left_with": "companion", "checks": {"oriented": "yes"}}


def measured(day: date = ATTENDED) -> dict[str, Any]:
    """One reading of that day."""
    numbers = {"heart_rate": 80, "systolic": 140, "diastolic": 88, "spo2": 98}
    return {"readings": [{"id": str(uuid4()), "measured_at": _on(day, "10:15"), **numbers}]}


def price() -> dict[str, Any]:
    """What an infusion costs, as the clinic records it."""
    return {"currency": "EUR", "price": 35000, "coverage": "partly", "covered": 12000}


def happened(day: date) -> dict[str, Any]:
    """A life event, as a patient tells it."""
    return {"local_date": str(day), "kind": "life_event", "visibility": "patient", "note": "Moved house."}


def agreed() -> dict[str, Any]:
    """What a patient lets somebody read."""
    return {
        "name": "My brother",
        "relation": "family",
        "parts": ["check_ins", "costs"],
        "until": f"{builders.LONG_AHEAD:%Y-%m-%d}",
    }


def device() -> dict[str, str]:
    """The device that somebody signs in on."""
    return {"id": "phone-0001", "name": "Pocket phone"}


def _credentials(story: Story, caller: Caller) -> dict[str, Any]:
    person = caller if isinstance(caller, Person) and caller.email else story.cast.patient
    return {"email": person.email, "password": builders.PASSWORD, "device": device()}


def _client_form(story: Story, _caller: Caller) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": str(story.cast.integration.id),
        "client_secret": builders.CLIENT_SECRET,
    }


def _pushed(story: Story, _caller: Caller) -> dict[str, Any]:
    operation = {"op_id": "1", "type": "put_check_in", "local_date": str(story.day()), "data": answers()}
    return {"operations": [operation]}


def filled_in(day: date) -> dict[str, Any]:
    """A whole GAD-7, as a phone sends it."""
    return {
        "instrument": "gad-7",
        "instrument_version": "1",
        "local_date": str(day),
        "time_zone": builders.ZONE,
        "recorded_at": datetime.now(UTC).isoformat(),
        "answers": {"1": 2, "2": 1, "3": 1, "4": 2, "5": 0, "6": 1, "7": 1},
    }


CLINIC = "/v1/clinics/<uuid:clinic_id>"
PATIENT = "/v1/patients/<patient:patient_id>"
DAY = f"{PATIENT}/check-ins/<date:local_date>"
INFUSION = f"{PATIENT}/infusions/<uuid:infusion_id>"
CONSENT = f"{PATIENT}/consents/<uuid:consent_id>"
COST = f"{PATIENT}/costs/<uuid:infusion_id>"
EVENT = f"{PATIENT}/events/<uuid:event_id>"
SCORE = f"{PATIENT}/scores/<instrument:instrument>/<date:local_date>"
FORM = f"{PATIENT}/questionnaire-responses/<uuid:response_id>"
SCHEDULE = f"{PATIENT}/questionnaire-schedules/<code>"
PHQ_9 = {"instrument": lambda _story, _caller: "phq-9"}
FIRST = always(1)
ALERT = "/v1/safety-alerts/<uuid:alert_id>"


def _answered(story: Story, _caller: Caller) -> date:
    return story.check_in()


def _unanswered(story: Story, _caller: Caller) -> date:
    return story.day()


def _infused(story: Story, _caller: Caller) -> UUID:
    return story.infusion()


def _decided(story: Story, _caller: Caller) -> dict[str, Any]:
    return {"outlook": story.outlook_id(), "decision": "differ", "reason": "Away that week."}


def _alerted(story: Story, _caller: Caller) -> UUID:
    return story.alert()


def _safety_version(story: Story, caller: Caller) -> int:
    return story.safety_version(caller)


def _priced(story: Story, _caller: Caller) -> UUID:
    return story.priced()


def _happened(story: Story, _caller: Caller) -> UUID:
    return story.event()


def _scored(story: Story, _caller: Caller) -> date:
    return story.score()


def _filled_in(story: Story, _caller: Caller) -> UUID:
    return story.form()


def _arranged(story: Story, _caller: Caller) -> int:
    return story.arranged()


def _judged(story: Story, _caller: Caller) -> int:
    return story.judged()


def _attended(story: Story, _caller: Caller) -> UUID:
    return story.attended()


def _session_settings_version(story: Story, caller: Caller) -> int:
    return story.session_settings_version(caller)


def _consulted(story: Story, _caller: Caller) -> int:
    return story.consulted()


def _reported(story: Story, _caller: Caller) -> UUID:
    story.report()
    return story.cast.clinic_id


def _agreed(story: Story, _caller: Caller) -> UUID:
    return story.consent()


def _new_id(_story: Story, _caller: Caller) -> UUID:
    return uuid4()


DOORS = [
    Door("GET", "/docs", welcome="nobody"),
    Door(
        "GET",
        "/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>",
        ids={"name": always("swagger-ui.css")},
        welcome="nobody",
    ),
    Door("GET", "/docs/start.js", welcome="nobody"),
    Door("GET", "/openapi.json", welcome="nobody"),
    Door("GET", "/problems/<code>", ids={"code": always("stale")}, welcome="nobody"),
    Door("GET", "/health/live", welcome="nobody"),
    Door("GET", "/health/ready", welcome="nobody"),
    Door("GET", "/v1/catalog/side-effects", welcome="nobody"),
    Door("GET", "/v1/questionnaires", welcome="nobody"),
    Door(
        "GET",
        "/v1/questionnaires/<code>/versions/<version>",
        ids={"code": always("phq-9"), "version": FIRST},
        welcome="nobody",
    ),
    Door("POST", "/oauth/token", form=_client_form, welcome="nobody"),
    Door("POST", "/v1/auth/login", json=_credentials, welcome="nobody"),
    Door(
        "POST",
        "/v1/auth/invitations/<code>/accept",
        ids={"code": lambda story, _: story.code()},
        json=always({"password": PASSPHRASE, "device": device()}),
        welcome="nobody",
    ),
    Door("POST", "/v1/auth/logout"),
    Door("GET", "/v1/me"),
    Door("GET", "/v1/me/devices"),
    Door("DELETE", "/v1/me/devices/<uuid:device_id>", ids={"device_id": lambda story, of: story.device(of)}),
    Door("GET", f"{CLINIC}/settings", welcome="admin"),
    Door(
        "PATCH",
        f"{CLINIC}/settings",
        json=always({"name": "Harbour Clinic", "backfill_days": 14}),
        if_match=lambda story, _: story.clinic_version(),
        welcome="admin",
    ),
    Door("GET", f"{CLINIC}/staff", welcome="admin"),
    Door(
        "POST",
        f"{CLINIC}/staff",
        json=always({"email": "wren@clinic.test", "display_name": "Wren Ashby", "role": "clinician"}),
        welcome="admin",
    ),
    Door(
        "PATCH",
        f"{CLINIC}/staff/<uuid:account_id>",
        ids={"account_id": lambda story, _: story.member()},
        json=always({"disabled": True}),
        if_match=FIRST,
        welcome="admin",
    ),
    Door(
        "POST",
        f"{CLINIC}/staff/<uuid:account_id>/invitations",
        ids={"account_id": lambda story, _: story.member()},
        welcome="admin",
    ),
    Door("GET", f"{CLINIC}/priors", welcome="admin"),
    Door("GET", f"{CLINIC}/api-clients", welcome="admin"),
    Door(
        "PUT",
        f"{CLINIC}/api-clients/<uuid:client_id>",
        ids={"client_id": _new_id},
        json=always({"name": "Warehouse", "scopes": ["summary:read"], "expires_at": "2126-01-05T00:00:00Z"}),
        welcome="admin",
    ),
    Door(
        "DELETE",
        f"{CLINIC}/api-clients/<uuid:client_id>",
        ids={"client_id": lambda story, _: story.client()},
        welcome="admin",
    ),
    Door("GET", f"{CLINIC}/patients", welcome="clinician"),
    Door(
        "POST",
        f"{CLINIC}/patients",
        json=always({"record_number": "LB-0061", "display_name": "Fern Hollow", "time_zone": builders.ZONE}),
        welcome="clinician",
    ),
    Door("GET", PATIENT),
    Door(
        "PATCH",
        PATIENT,
        json=always({"day_starts_at": 5}),
        if_match=lambda story, _: story.patient_version(),
    ),
    Door(
        "POST",
        f"{PATIENT}/invitations",
        ids={"patient_id": lambda story, _: story.new_patient()},
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/devices"),
    Door(
        "DELETE",
        f"{PATIENT}/devices/<uuid:device_id>",
        ids={"device_id": lambda story, _: story.device(story.cast.patient)},
    ),
    Door("GET", f"{PATIENT}/check-ins"),
    Door("PUT", DAY, ids={"local_date": _unanswered}, json=lambda _story, _caller: answers()),
    Door("GET", DAY, ids={"local_date": _answered}),
    Door("DELETE", DAY, ids={"local_date": _answered}, if_match=FIRST),
    Door("GET", f"{DAY}/revisions", ids={"local_date": _answered}),
    Door("GET", "/v1/catalog/suitability", welcome="nobody"),
    Door("GET", f"{PATIENT}/consultation", if_match=_consulted),
    Door(
        "PUT",
        f"{PATIENT}/consultation",
        json=lambda _story, _caller: consultation(),
        if_match=_consulted,
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/consultation/revisions", if_match=_consulted, welcome="clinician"),
    Door("GET", f"{PATIENT}/infusions"),
    Door(
        "PUT",
        INFUSION,
        ids={"infusion_id": _new_id},
        json=lambda story, _: given_infusion(story.day()),
        welcome="clinician",
    ),
    Door("GET", INFUSION, ids={"infusion_id": _infused}),
    Door("DELETE", INFUSION, ids={"infusion_id": _infused}, if_match=FIRST, welcome="clinician"),
    Door("GET", f"{INFUSION}/revisions", ids={"infusion_id": _infused}, welcome="clinician"),
    Door("GET", f"{PATIENT}/exposure", welcome="clinician"),
    Door("GET", f"{PATIENT}/side-effects", welcome="clinician"),
    Door("GET", f"{INFUSION}/session", ids={"infusion_id": _attended}, welcome="clinician"),
    Door(
        "PUT",
        f"{INFUSION}/session",
        ids={"infusion_id": _attended},
        json=lambda _story, _caller: attended(),
        if_match=FIRST,
        welcome="clinician",
    ),
    Door("GET", f"{INFUSION}/session/revisions", ids={"infusion_id": _attended}, welcome="clinician"),
    Door("GET", f"{INFUSION}/discharge-check", ids={"infusion_id": _attended}, welcome="clinician"),
    Door(
        "PUT",
        f"{INFUSION}/discharge-check",
        ids={"infusion_id": _attended},
        json=lambda _story, _caller: left(),
        if_match=FIRST,
        welcome="clinician",
    ),
    Door("GET", f"{INFUSION}/vitals", ids={"infusion_id": _attended}, welcome="clinician"),
    Door(
        "POST",
        f"{INFUSION}/vitals",
        ids={"infusion_id": _attended},
        json=lambda _story, _caller: measured(),
        welcome="clinician",
    ),
    Door(
        "DELETE",
        f"{INFUSION}/vitals/<uuid:reading_id>",
        ids={"infusion_id": _attended, "reading_id": lambda story, _: story.attended_reading},
        welcome="clinician",
    ),
    Door("GET", f"{CLINIC}/session-settings", welcome="admin"),
    Door(
        "PUT",
        f"{CLINIC}/session-settings",
        json=always({"minimum_stay_minutes": 90, "systolic_high": 170, "spo2_low": 92}),
        if_match=_session_settings_version,
        welcome="admin",
    ),
    Door("GET", f"{PATIENT}/outlook", welcome="clinician"),
    Door("GET", f"{PATIENT}/outlook/history", welcome="clinician"),
    Door(
        "PUT",
        f"{PATIENT}/outlook/decisions/<uuid:decision_id>",
        ids={"decision_id": _new_id},
        json=_decided,
        welcome="clinician",
    ),
    Door("GET", f"{CLINIC}/reports/forecast", ids={"clinic_id": _reported}, welcome="clinician"),
    Door("GET", f"{CLINIC}/reports/outcomes", welcome="clinician"),
    Door("GET", f"{PATIENT}/protocol"),
    Door(
        "PUT",
        f"{PATIENT}/protocol",
        json=always({"min_interval_days": 14, "max_interval_days": 35}),
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/baseline", if_match=_judged),
    Door(
        "PUT",
        f"{PATIENT}/baseline",
        json=always({"assessed_on": "2026-01-05", "mood": 4, "anxiety": 7}),
        if_match=_judged,
        welcome="clinician",
    ),
    Door("DELETE", f"{PATIENT}/baseline", if_match=_judged, welcome="clinician"),
    Door("GET", f"{PATIENT}/daily-ratings"),
    Door(
        "PUT",
        f"{PATIENT}/daily-ratings",
        json=always({"codes": ["craving", "sleep"]}),
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/events"),
    Door("PUT", EVENT, ids={"event_id": _new_id}, json=lambda story, _: happened(story.day())),
    Door("GET", EVENT, ids={"event_id": _happened}),
    Door("DELETE", EVENT, ids={"event_id": _happened}, if_match=FIRST),
    Door("GET", f"{EVENT}/revisions", ids={"event_id": _happened}, welcome="clinician"),
    Door("GET", f"{PATIENT}/costs"),
    Door("PUT", COST, ids={"infusion_id": _infused}, json=lambda _story, _of: price(), welcome="clinician"),
    Door("GET", COST, ids={"infusion_id": _priced}),
    Door("DELETE", COST, ids={"infusion_id": _priced}, if_match=FIRST, welcome="clinician"),
    Door("GET", f"{PATIENT}/scores"),
    Door(
        "PUT",
        SCORE,
        ids={**PHQ_9, "local_date": _unanswered},
        json=always({"total": 14}),
        welcome="clinician",
    ),
    Door("GET", SCORE, ids={**PHQ_9, "local_date": _scored}),
    Door("DELETE", SCORE, ids={**PHQ_9, "local_date": _scored}, if_match=FIRST, welcome="clinician"),
    Door("GET", f"{SCORE}/revisions", ids={**PHQ_9, "local_date": _scored}),
    Door("GET", f"{CLINIC}/safety-settings", welcome="admin"),
    Door(
        "PUT",
        f"{CLINIC}/safety-settings",
        json=always({"country": "US", "escalate_after_minutes": 30}),
        if_match=_safety_version,
        welcome="admin",
    ),
    Door("GET", f"{CLINIC}/safety-alerts", welcome="clinician"),
    Door("GET", f"{PATIENT}/safety-alerts"),
    Door("GET", f"{PATIENT}/safety-question"),
    Door("GET", f"{PATIENT}/safety-answers"),
    Door("GET", ALERT, ids={"alert_id": _alerted}, welcome="clinician"),
    Door(
        "POST",
        f"{ALERT}/acknowledge",
        ids={"alert_id": _alerted},
        json=always({"note": "Calling now."}),
        welcome="clinician",
    ),
    Door(
        "POST",
        f"{ALERT}/close",
        ids={"alert_id": _alerted},
        json=always({"action": "spoke_with_patient", "note": "Safe tonight."}),
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/questionnaire-responses"),
    Door(
        "PUT",
        FORM,
        ids={"response_id": _new_id},
        json=lambda story, _: filled_in(story.day()),
    ),
    Door("GET", FORM, ids={"response_id": _filled_in}),
    Door("DELETE", FORM, ids={"response_id": _filled_in}, if_match=FIRST, welcome="clinician"),
    Door("GET", f"{FORM}/revisions", ids={"response_id": _filled_in}),
    Door("GET", SCHEDULE, ids={"code": always("phq-9")}),
    Door(
        "PUT",
        SCHEDULE,
        ids={"code": always("phq-9")},
        json=always({"weekly": True, "days_after_infusion": [1, 7], "window_days": 2}),
        if_match=_arranged,
        welcome="clinician",
    ),
    Door(
        "GET",
        f"{PATIENT}/questionnaire-courses/<instrument:instrument>",
        ids=dict(PHQ_9),
        welcome="clinician",
    ),
    Door("GET", f"{PATIENT}/summary"),
    Door("GET", f"{PATIENT}/trends"),
    Door("GET", f"{PATIENT}/response-curve", welcome="clinician"),
    Door("GET", f"{PATIENT}/consents"),
    Door("PUT", CONSENT, ids={"consent_id": _new_id}, json=lambda _story, _caller: agreed()),
    Door("GET", CONSENT, ids={"consent_id": _agreed}),
    Door("GET", f"{CONSENT}/revisions", ids={"consent_id": _agreed}),
    Door("POST", f"{CONSENT}/revoke", ids={"consent_id": _agreed}),
    Door("POST", f"{CONSENT}/invitations", ids={"consent_id": _agreed}),
    Door("GET", "/v1/me/consents", welcome="delegate"),
    Door("POST", "/v1/me/consents", json=lambda story, _: {"code": story.handed_over()}, welcome="delegate"),
    Door("GET", f"{PATIENT}/access-log"),
    Door("POST", "/v1/sync/push", json=_pushed),
    Door("GET", "/v1/sync/changes"),
    Door("GET", "/v1/sync/digest"),
]


def of(method: str, rule: str) -> Door:
    """The door of a method and a rule."""
    return next(door for door in DOORS if (door.method, door.rule) == (method, rule))


def tell(app: Flask, cast: Cast) -> Story:
    """Make a story of the cast, with an admin of the other clinic beside them."""
    sessions: Sessions = app.extensions["sessions"]
    with sessions.writing() as session:
        account = builders.account(session, cast.other_clinic_id, Role.ADMIN)
        signed_in = builders.sign_in(session, account.id)
        person = Person(
            app=app,
            name="stranger_admin",
            id=account.id,
            clinic_id=cast.other_clinic_id,
            role=Role.ADMIN,
            email=account.email,
            sign_in_id=signed_in.id,
            device_id=signed_in.device_id,
        )
    return Story(app, cast, person)
