"""Every endpoint of the API with a request that it accepts, for tests over all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.access import Role
from tests import factories
from tests.api.http.scenario import ATTENDED, Caller, Scenario
from tests.people import Person

IN_A_YEAR = (datetime.now(UTC) + timedelta(days=365)).isoformat()
PASSPHRASE = "seven green herons wade upstream"
"""Good enough to be taken as a new password."""

Made = Callable[[Scenario, Caller], Any]


@dataclass(frozen=True)
class Endpoint:
    """One method of one route, and how to make a request that it allows."""

    method: str
    rule: str
    json: Made | None = None
    form: Made | None = None
    csv: str | None = None
    """A file as the body, in place of JSON."""
    query: dict[str, str] = field(default_factory=dict)
    if_match: Made | None = None
    ids: dict[str, Made] = field(default_factory=dict)
    allowed: str = "owner"
    """A caller who may do this."""

    @property
    def key(self) -> str:
        """The endpoint's name in a test's id."""
        return f"{self.method} {self.rule}"

    def path(self, scenario: Scenario, caller: Caller, **given: Any) -> str:
        """The path with everything in it that must be there."""
        usual: dict[str, Any] = {
            "clinic_id": scenario.people.clinic_id,
            "patient_id": scenario.people.patient.patient_id,
        }
        path = self.rule
        for name in names_in(self.rule):
            value = given.get(name)
            if value is None:
                value = self.ids[name](scenario, caller) if name in self.ids else usual[name]
            before, _, rest = path.partition("<")
            path = before + str(value) + rest.partition(">")[2]
        return path

    def request(self, scenario: Scenario, caller: Caller, **given: Any) -> dict[str, Any]:
        """Arguments of a test client's request."""
        headers = dict(caller.headers)
        if self.if_match is not None:
            headers["If-Match"] = f'"v{self.if_match(scenario, caller)}"'
        asked: dict[str, Any] = {
            "method": self.method,
            "path": self.path(scenario, caller, **given),
            "headers": headers,
            "buffered": True,
        }
        if self.json is not None:
            asked["json"] = self.json(scenario, caller)
        if self.form is not None:
            asked["data"] = self.form(scenario, caller)
        if self.csv is not None:
            asked |= {"data": self.csv, "content_type": "text/csv"}
        if self.query:
            asked["query_string"] = self.query
        return asked

    def send_as(self, client: FlaskClient, scenario: Scenario, caller: Caller, **given: Any) -> TestResponse:
        """Send the allowed request as this caller."""
        return client.open(**self.request(scenario, caller, **given))


def names_in(rule: str) -> list[str]:
    """The names of a rule's variables, in order."""
    return [part.partition(">")[0].rpartition(":")[2] for part in rule.split("<")[1:]]


def always(value: Any) -> Made:
    """The same for every caller."""
    return lambda _scenario, _caller: value


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
        "time_zone": factories.ZONE,
        "recorded_at": datetime.now(UTC).isoformat(),
    }


def given_infusion(day: date) -> dict[str, Any]:
    """An infusion, as the clinic records it."""
    return {
        "started_at": f"{day}T10:05:00-06:00",
        "ended_at": f"{day}T10:45:00-06:00",
        "time_zone": factories.ZONE,
        "dose_mg": 35,
        "weight_kg": 70,
        "route": "intravenous",
        "status": "completed",
        "reason": "scheduled",
    }


def booking(day: date) -> dict[str, Any]:
    """An infusion, as the front desk books it."""
    given = given_infusion(day)
    booked = ("started_at", "ended_at", "time_zone", "reason")
    return {name: given[name] for name in booked} | {"status": "scheduled"}


def booked_or_given(scenario: Scenario, caller: Caller) -> dict[str, Any]:
    """An infusion as the caller may enter it."""
    books = isinstance(caller, Person) and Role.FRONT_DESK in caller.roles
    return booking(scenario.day()) if books else given_infusion(scenario.day())


def consultation() -> dict[str, Any]:
    """A consultation that ends with something left to review."""
    return {
        "seen_on": "2026-01-05",
        "checklist": [{"code": "arrhythmia", "present": "unknown", "answered_on": "2026-01-05"}],
        "indication": "major_depression",
        "decision": "suitable",
        "rationale": "Palpitations long ago; the tracing was normal.",
        "consent_given_on": "2026-01-05",
    }


def _on(day: date, clock: str) -> str:
    return f"{day}T{clock}:00-06:00"


def attended(day: date = ATTENDED) -> dict[str, Any]:
    """What happened around an infusion that `builders.infusion` made."""
    return {
        "arrived_at": _on(day, "09:20"),
        "pre_checks": {"systolic": 126, "diastolic": 80, "fasting": "yes", "escort": "yes"},
        "rate_changes": [{"changed_at": _on(day, "10:10"), "mg_per_hour": 40}],
        "side_effects": [{"onset_at": _on(day, "10:20"), "code": "nausea", "severity": "mild"}],
        "interventions": [{"done_at": _on(day, "10:25"), "description": "Talked."}],
        "dissociation": {"scale": "cadss-6", "total": 9, "rated_at": _on(day, "10:35")},
    }


def left(day: date = ATTENDED) -> dict[str, Any]:
    """How somebody left that day."""
    return {"left_at": _on(day, "13:05"), "accompanied_by": "companion", "checks": {"oriented": "yes"}}


def measured(day: date = ATTENDED) -> dict[str, Any]:
    """One reading of that day."""
    numbers = {"heart_rate": 80, "systolic": 140, "diastolic": 88, "spo2": 98}
    return {"readings": [{"id": str(uuid4()), "measured_at": _on(day, "10:15"), **numbers}]}


def price() -> dict[str, Any]:
    """What an infusion costs, as the clinic records it."""
    return {"currency": "EUR", "price": 35000, "coverage": "partly", "covered": 12000}


def treated_again(day: date) -> dict[str, Any]:
    """A second course, as a clinician records it."""
    return {"kind": "re_induction", "began_on": str(day), "induction_infusion_count": 4}


def happened(day: date) -> dict[str, Any]:
    """A life event, as a patient tells it."""
    return {"local_date": str(day), "kind": "life_event", "visibility": "patient", "note": "Moved house."}


def agreed() -> dict[str, Any]:
    """What a patient lets somebody read."""
    return {
        "name": "My brother",
        "relation": "family",
        "parts": ["check_ins", "costs"],
        "expires_on": f"{factories.LONG_AHEAD:%Y-%m-%d}",
    }


def device() -> dict[str, str]:
    """The device that somebody signs in on."""
    return {"device_id": "phone-0001", "name": "Pocket phone"}


def _credentials(scenario: Scenario, caller: Caller) -> dict[str, Any]:
    person = caller if isinstance(caller, Person) and caller.email else scenario.people.patient
    return {"email": person.email, "password": factories.PASSWORD, "device": device()}


def _address(caller: Caller) -> str:
    return getattr(caller, "email", None) or "nobody@clinic.test"


def _client_form(scenario: Scenario, _caller: Caller) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": str(scenario.people.integration.id),
        "client_secret": factories.CLIENT_SECRET,
    }


def _pushed(scenario: Scenario, _caller: Caller) -> dict[str, Any]:
    operation = {"op_id": str(uuid4()), "type": "put_check_in", "local_date": str(scenario.day())}
    return {"operations": [{**operation, "data": answers()}]}


def filled_in(day: date) -> dict[str, Any]:
    """A whole GAD-7, as a phone sends it."""
    return {
        "instrument": "gad-7",
        "instrument_version": "1",
        "local_date": str(day),
        "time_zone": factories.ZONE,
        "recorded_at": datetime.now(UTC).isoformat(),
        "answers": {"1": 2, "2": 1, "3": 1, "4": 2, "5": 0, "6": 1, "7": 1},
    }


CLINIC = "/v1/clinics/<uuid:clinic_id>"
CHANNEL_TESTS = f"{CLINIC}/safety-settings/test"
PATIENT = "/v1/patients/<patient:patient_id>"
DAY = f"{PATIENT}/check-ins/<date:local_date>"
INFUSION = f"{PATIENT}/infusions/<uuid:infusion_id>"
CONSENT = f"{PATIENT}/consents/<uuid:consent_id>"
COST = f"{PATIENT}/costs/<uuid:infusion_id>"
COURSE = f"{PATIENT}/courses/<uuid:course_id>"
REVIEW = f"{PATIENT}/response-reviews/<uuid:review_id>"
EVENT = f"{PATIENT}/events/<uuid:event_id>"
HISTORY = f"{PATIENT}/<medical_list:list_name>"
HISTORY_ENTRY = f"{HISTORY}/<uuid:entry_id>"
SCORE = f"{PATIENT}/scores/<instrument:instrument>/<date:local_date>"
FORM = f"{PATIENT}/questionnaire-responses/<uuid:response_id>"
SCHEDULE = f"{PATIENT}/questionnaire-schedules/<code>"
ALLERGIES = {"list_name": lambda _scenario, _caller: "allergies"}
PHQ_9 = {"instrument": lambda _scenario, _caller: "phq-9"}
FIRST = always(1)
ALERT = "/v1/safety-alerts/<uuid:alert_id>"
SAFETY_ANSWER = f"{PATIENT}/safety-answers/<date:local_date>"


def _answered(scenario: Scenario, _caller: Caller) -> date:
    return scenario.check_in()


def _unanswered(scenario: Scenario, _caller: Caller) -> date:
    return scenario.day()


def _infused(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.infusion()


def _decided(scenario: Scenario, _caller: Caller) -> dict[str, Any]:
    return {"outlook_id": scenario.outlook_id(), "decision": "differ", "rationale": "Away that week."}


def _alerted(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.alert()


def _asked(scenario: Scenario, _caller: Caller) -> date:
    scenario.safety_version(scenario.people.patient)
    return scenario.day()


def _notified(scenario: Scenario, caller: Caller) -> UUID:
    scenario.safety_version(caller)
    return scenario.people.clinic_id


def _safety_version(scenario: Scenario, caller: Caller) -> int:
    return scenario.safety_version(caller)


def _priced(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.priced()


def _treated_again(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.course()


def _reviewed(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.review()


def _review_after_infusion(scenario: Scenario, _caller: Caller) -> dict[str, Any]:
    # Days are used backwards: the infusion lies before the review.
    day = scenario.day()
    scenario.infusion()
    return {"reviewed_on": str(day), "decision": "continue_maintenance"}


def _happened(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.event()


def _scored(scenario: Scenario, _caller: Caller) -> date:
    return scenario.score()


def _filled_in(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.form()


def _arranged(scenario: Scenario, _caller: Caller) -> int:
    return scenario.arranged()


def _judged(scenario: Scenario, _caller: Caller) -> int:
    return scenario.judged()


def _felt(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.felt()


def _recalled(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.recalled()


def _attended(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.attended()


def _session_settings_version(scenario: Scenario, caller: Caller) -> int:
    return scenario.session_settings_version(caller)


def _consulted(scenario: Scenario, _caller: Caller) -> int:
    return scenario.consulted()


def _reported(scenario: Scenario, _caller: Caller) -> UUID:
    scenario.report()
    return scenario.people.clinic_id


def _agreed(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.consent()


def _allergic(scenario: Scenario, _caller: Caller) -> UUID:
    return scenario.allergy()


def _new_id(_scenario: Scenario, _caller: Caller) -> UUID:
    return uuid4()


ENDPOINTS = [
    Endpoint("GET", "/docs", allowed="nobody"),
    Endpoint(
        "GET",
        "/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>",
        ids={"name": always("swagger-ui.css")},
        allowed="nobody",
    ),
    Endpoint("GET", "/docs/start.js", allowed="nobody"),
    Endpoint("GET", "/docs/<path:name>.md", ids={"name": always("sync")}, allowed="nobody"),
    Endpoint("GET", "/reset-password", allowed="nobody"),
    Endpoint("GET", "/reset-password/start.js", allowed="nobody"),
    Endpoint("GET", "/openapi.json", allowed="nobody"),
    Endpoint("GET", "/problems/<code>", ids={"code": always("stale")}, allowed="nobody"),
    Endpoint("GET", "/health/live", allowed="nobody"),
    Endpoint("GET", "/health/ready", allowed="nobody"),
    Endpoint("GET", "/v1/catalog/side-effects", allowed="nobody"),
    Endpoint("GET", "/v1/questionnaires", allowed="nobody"),
    Endpoint(
        "GET",
        "/v1/questionnaires/<code>/versions/<instrument_version>",
        ids={"code": always("phq-9"), "instrument_version": FIRST},
        allowed="nobody",
    ),
    Endpoint("POST", "/oauth/token", form=_client_form, allowed="nobody"),
    Endpoint("POST", "/v1/auth/login", json=_credentials, allowed="nobody"),
    Endpoint(
        "POST",
        "/v1/auth/invitations/<code>/accept",
        ids={"code": lambda scenario, _: scenario.code()},
        json=always({"password": PASSPHRASE, "device": device()}),
        allowed="nobody",
    ),
    Endpoint(
        "POST",
        "/v1/auth/password-resets",
        json=lambda scenario, _: scenario.with_mail(),
        allowed="nobody",
    ),
    Endpoint(
        "POST",
        "/v1/auth/password-resets/<code>",
        ids={"code": lambda scenario, _: scenario.mailed_code()},
        json=always({"password": PASSPHRASE}),
        allowed="nobody",
    ),
    Endpoint("POST", "/v1/auth/logout"),
    Endpoint("GET", "/v1/me"),
    Endpoint(
        "PUT",
        "/v1/me/password",
        json=always({"current_password": factories.PASSWORD, "password": factories.PASSWORD}),
    ),
    Endpoint(
        "PUT",
        "/v1/me/email",
        json=lambda _, of: {"current_password": factories.PASSWORD, "email": _address(of)},
    ),
    Endpoint("GET", "/v1/me/second-factor"),
    Endpoint("POST", "/v1/me/second-factor", json=always({"current_password": factories.PASSWORD})),
    Endpoint(
        "POST",
        "/v1/me/second-factor/confirm",
        json=lambda scenario, of: {"totp_code": scenario.first_totp_code(of)},
    ),
    Endpoint(
        "POST",
        "/v1/me/second-factor/remove",
        json=lambda scenario, of: {
            "current_password": factories.PASSWORD,
            "totp_code": scenario.next_totp_code(of),
        },
    ),
    Endpoint("GET", "/v1/me/devices"),
    Endpoint(
        "DELETE",
        "/v1/me/devices/<uuid:sign_in_id>",
        ids={"sign_in_id": lambda scenario, of: scenario.device(of)},
    ),
    Endpoint("GET", f"{CLINIC}/settings", allowed="admin"),
    Endpoint(
        "PATCH",
        f"{CLINIC}/settings",
        json=always({"name": "Harbour Clinic", "backfill_days": 14}),
        if_match=lambda scenario, _: scenario.clinic_version(),
        allowed="admin",
    ),
    Endpoint("GET", f"{CLINIC}/directory", allowed="front_desk"),
    Endpoint("GET", f"{CLINIC}/infusions", allowed="clinician"),
    Endpoint(
        "POST",
        f"{CLINIC}/imports",
        csv="record_number,display_name\nLB-77,Fern Hollow\n",
        query={"kind": "patients"},
        allowed="clinician",
    ),
    Endpoint("GET", f"{CLINIC}/care-team", allowed="clinician"),
    Endpoint("GET", f"{CLINIC}/custom-instruments", allowed="clinician"),
    Endpoint(
        "PUT",
        f"{CLINIC}/custom-instruments",
        json=always(
            {
                "items": [
                    {"code": "clinic-function", "name": "Daily function", "lowest": 0, "highest": 40}
                    | {"direction": "higher_is_better"}
                ]
            }
        ),
        allowed="admin",
    ),
    Endpoint("GET", f"{CLINIC}/staff", allowed="admin"),
    Endpoint(
        "POST",
        f"{CLINIC}/staff",
        json=always({"email": "wren@clinic.test", "display_name": "Wren Ashby", "roles": ["clinician"]}),
        allowed="admin",
    ),
    Endpoint(
        "PATCH",
        f"{CLINIC}/staff/<uuid:account_id>",
        ids={"account_id": lambda scenario, _: scenario.member()},
        json=always({"disabled": True}),
        if_match=FIRST,
        allowed="admin",
    ),
    Endpoint(
        "POST",
        f"{CLINIC}/staff/<uuid:account_id>/invitations",
        ids={"account_id": lambda scenario, _: scenario.member()},
        allowed="admin",
    ),
    Endpoint(
        "POST",
        f"{CLINIC}/staff/<uuid:account_id>/undo-acceptance",
        ids={"account_id": lambda scenario, _: scenario.member()},
        allowed="admin",
    ),
    Endpoint(
        "DELETE",
        f"{CLINIC}/staff/<uuid:account_id>/sign-in-throttle",
        ids={"account_id": lambda scenario, _: scenario.member()},
        allowed="front_desk",
    ),
    Endpoint(
        "DELETE",
        f"{CLINIC}/staff/<uuid:account_id>/second-factor",
        ids={"account_id": lambda scenario, _: scenario.member()},
        allowed="admin",
    ),
    Endpoint("GET", f"{CLINIC}/priors", allowed="admin"),
    Endpoint("GET", f"{CLINIC}/recalibrations", allowed="admin"),
    Endpoint("GET", f"{CLINIC}/api-clients", allowed="admin"),
    Endpoint(
        "PUT",
        f"{CLINIC}/api-clients/<uuid:client_id>",
        ids={"client_id": _new_id},
        json=always({"name": "Warehouse", "scopes": ["summary:read"], "expires_at": IN_A_YEAR}),
        allowed="admin",
    ),
    Endpoint(
        "DELETE",
        f"{CLINIC}/api-clients/<uuid:client_id>",
        ids={"client_id": lambda scenario, _: scenario.client()},
        allowed="admin",
    ),
    Endpoint("GET", f"{CLINIC}/patients", allowed="clinician"),
    Endpoint(
        "POST",
        f"{CLINIC}/patients",
        json=always({"record_number": "LB-0061", "display_name": "Fern Hollow", "time_zone": factories.ZONE}),
        allowed="clinician",
    ),
    Endpoint("GET", PATIENT),
    Endpoint(
        "PATCH",
        PATIENT,
        json=always({"day_start_hour": 5}),
        if_match=lambda scenario, _: scenario.patient_version(),
    ),
    Endpoint(
        "POST",
        f"{PATIENT}/invitations",
        ids={"patient_id": lambda scenario, _: scenario.new_patient()},
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/devices"),
    Endpoint(
        "DELETE",
        f"{PATIENT}/devices/<uuid:sign_in_id>",
        ids={"sign_in_id": lambda scenario, _: scenario.device(scenario.people.patient)},
    ),
    Endpoint("DELETE", f"{PATIENT}/sign-in-throttle", allowed="front_desk"),
    Endpoint("DELETE", f"{PATIENT}/second-factor", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/account", allowed="clinician"),
    Endpoint(
        "PATCH",
        f"{PATIENT}/account",
        json=always({"disabled": False}),
        if_match=lambda scenario, _: scenario.account_version(),
        allowed="clinician",
    ),
    Endpoint(
        "POST",
        f"{PATIENT}/account/undo-acceptance",
        ids={"patient_id": lambda scenario, _: scenario.new_patient()},
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/check-ins"),
    Endpoint("PUT", DAY, ids={"local_date": _unanswered}, json=lambda _scenario, _caller: answers()),
    Endpoint("GET", DAY, ids={"local_date": _answered}),
    Endpoint("DELETE", DAY, ids={"local_date": _answered}, if_match=FIRST),
    Endpoint("GET", f"{DAY}/revisions", ids={"local_date": _answered}),
    Endpoint("GET", "/v1/catalog/suitability", allowed="nobody"),
    Endpoint("GET", f"{PATIENT}/consultation", if_match=_consulted),
    Endpoint(
        "PUT",
        f"{PATIENT}/consultation",
        json=lambda _scenario, _caller: consultation(),
        if_match=_consulted,
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/consultation/revisions", if_match=_consulted, allowed="clinician"),
    Endpoint("GET", HISTORY, ids=dict(ALLERGIES), allowed="clinician"),
    Endpoint(
        "PUT",
        HISTORY_ENTRY,
        ids={**ALLERGIES, "entry_id": _new_id},
        json=always({"name": "Penicillin", "note": "Rash."}),
        allowed="clinician",
    ),
    Endpoint("GET", HISTORY_ENTRY, ids={**ALLERGIES, "entry_id": _allergic}, allowed="clinician"),
    Endpoint(
        "DELETE",
        HISTORY_ENTRY,
        ids={**ALLERGIES, "entry_id": _allergic},
        if_match=FIRST,
        allowed="clinician",
    ),
    Endpoint(
        "GET", f"{HISTORY_ENTRY}/revisions", ids={**ALLERGIES, "entry_id": _allergic}, allowed="clinician"
    ),
    Endpoint("GET", f"{PATIENT}/infusions"),
    Endpoint(
        "PUT",
        INFUSION,
        ids={"infusion_id": _new_id},
        json=booked_or_given,
        allowed="clinician",
    ),
    Endpoint("GET", INFUSION, ids={"infusion_id": _infused}),
    Endpoint("DELETE", INFUSION, ids={"infusion_id": _infused}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{INFUSION}/revisions", ids={"infusion_id": _infused}, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/exposure", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/side-effects", allowed="clinician"),
    Endpoint("GET", f"{INFUSION}/post-infusion-mood", ids={"infusion_id": _felt}),
    Endpoint(
        "PUT",
        f"{INFUSION}/post-infusion-mood",
        ids={"infusion_id": _felt},
        json=lambda scenario, _: scenario.post_infusion_mood(),
        if_match=FIRST,
    ),
    Endpoint("DELETE", f"{INFUSION}/post-infusion-mood", ids={"infusion_id": _felt}, if_match=FIRST),
    Endpoint("GET", f"{INFUSION}/half-benefit-recall", ids={"infusion_id": _recalled}),
    Endpoint(
        "PUT",
        f"{INFUSION}/half-benefit-recall",
        ids={"infusion_id": _recalled},
        json=lambda scenario, _: scenario.half_benefit_recall(),
        if_match=FIRST,
    ),
    Endpoint("DELETE", f"{INFUSION}/half-benefit-recall", ids={"infusion_id": _recalled}, if_match=FIRST),
    Endpoint("GET", f"{INFUSION}/session", ids={"infusion_id": _attended}, allowed="clinician"),
    Endpoint(
        "PUT",
        f"{INFUSION}/session",
        ids={"infusion_id": _attended},
        json=lambda _scenario, _caller: attended(),
        if_match=FIRST,
        allowed="clinician",
    ),
    Endpoint("GET", f"{INFUSION}/session/revisions", ids={"infusion_id": _attended}, allowed="clinician"),
    Endpoint("GET", f"{INFUSION}/discharge-check", ids={"infusion_id": _attended}, allowed="clinician"),
    Endpoint(
        "PUT",
        f"{INFUSION}/discharge-check",
        ids={"infusion_id": _attended},
        json=lambda _scenario, _caller: left(),
        if_match=FIRST,
        allowed="clinician",
    ),
    Endpoint("GET", f"{INFUSION}/vitals", ids={"infusion_id": _attended}, allowed="clinician"),
    Endpoint(
        "POST",
        f"{INFUSION}/vitals",
        ids={"infusion_id": _attended},
        json=lambda _scenario, _caller: measured(),
        allowed="clinician",
    ),
    Endpoint(
        "DELETE",
        f"{INFUSION}/vitals/<uuid:reading_id>",
        ids={"infusion_id": _attended, "reading_id": lambda scenario, _: scenario.attended_reading},
        allowed="clinician",
    ),
    Endpoint("GET", f"{CLINIC}/session-settings", allowed="admin"),
    Endpoint(
        "PUT",
        f"{CLINIC}/session-settings",
        json=always({"minimum_monitoring_minutes": 90, "systolic_high": 170, "spo2_low": 92}),
        if_match=_session_settings_version,
        allowed="admin",
    ),
    Endpoint("GET", f"{PATIENT}/outlook", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/outlook/history", allowed="clinician"),
    Endpoint(
        "PUT",
        f"{PATIENT}/outlook/decisions/<uuid:decision_id>",
        ids={"decision_id": _new_id},
        json=_decided,
        allowed="clinician",
    ),
    Endpoint("GET", f"{CLINIC}/reports/forecast", ids={"clinic_id": _reported}, allowed="clinician"),
    Endpoint("POST", f"{CLINIC}/reports/forecast", allowed="clinician"),
    Endpoint("GET", f"{CLINIC}/reports/outcomes", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/worklist-entry", allowed="clinician"),
    Endpoint(
        "PUT",
        f"{PATIENT}/worklist-entry",
        json=always({"state": "open", "reason": "Calls back on Monday."}),
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/protocol"),
    Endpoint(
        "PUT",
        f"{PATIENT}/protocol",
        json=always({"min_interval_days": 14, "max_interval_days": 35}),
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/courses"),
    Endpoint(
        "PUT",
        COURSE,
        ids={"course_id": _new_id},
        json=lambda scenario, _: treated_again(scenario.day()),
        allowed="clinician",
    ),
    Endpoint("GET", COURSE, ids={"course_id": _treated_again}),
    Endpoint("DELETE", COURSE, ids={"course_id": _treated_again}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{COURSE}/revisions", ids={"course_id": _treated_again}, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/response-review", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/response-reviews", allowed="clinician"),
    Endpoint(
        "PUT",
        REVIEW,
        ids={"review_id": _new_id},
        json=_review_after_infusion,
        allowed="clinician",
    ),
    Endpoint("GET", REVIEW, ids={"review_id": _reviewed}, allowed="clinician"),
    Endpoint("DELETE", REVIEW, ids={"review_id": _reviewed}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{REVIEW}/revisions", ids={"review_id": _reviewed}, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/baseline", if_match=_judged),
    Endpoint(
        "PUT",
        f"{PATIENT}/baseline",
        json=always({"assessed_on": "2026-01-05", "mood": 4, "anxiety": 7}),
        if_match=_judged,
        allowed="clinician",
    ),
    Endpoint("DELETE", f"{PATIENT}/baseline", if_match=_judged, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/daily-ratings"),
    Endpoint(
        "PUT",
        f"{PATIENT}/daily-ratings",
        json=always({"codes": ["craving", "sleep"]}),
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/events"),
    Endpoint("PUT", EVENT, ids={"event_id": _new_id}, json=lambda scenario, _: happened(scenario.day())),
    Endpoint("GET", EVENT, ids={"event_id": _happened}),
    Endpoint("DELETE", EVENT, ids={"event_id": _happened}, if_match=FIRST),
    Endpoint("GET", f"{EVENT}/revisions", ids={"event_id": _happened}, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/costs"),
    Endpoint(
        "PUT", COST, ids={"infusion_id": _infused}, json=lambda _scenario, _of: price(), allowed="clinician"
    ),
    Endpoint("GET", COST, ids={"infusion_id": _priced}),
    Endpoint("DELETE", COST, ids={"infusion_id": _priced}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/scores"),
    Endpoint(
        "PUT",
        SCORE,
        ids={**PHQ_9, "local_date": _unanswered},
        json=always({"total": 14}),
        allowed="clinician",
    ),
    Endpoint("GET", SCORE, ids={**PHQ_9, "local_date": _scored}),
    Endpoint("DELETE", SCORE, ids={**PHQ_9, "local_date": _scored}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{SCORE}/revisions", ids={**PHQ_9, "local_date": _scored}),
    Endpoint("GET", f"{CLINIC}/safety-settings", allowed="admin"),
    Endpoint(
        "PUT",
        f"{CLINIC}/safety-settings",
        json=always({"country": "US", "escalate_after_minutes": 30}),
        if_match=_safety_version,
        allowed="admin",
    ),
    Endpoint("GET", CHANNEL_TESTS, allowed="admin"),
    Endpoint("POST", CHANNEL_TESTS, ids={"clinic_id": _notified}, allowed="admin"),
    Endpoint("GET", f"{CLINIC}/safety-alerts", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/safety-alerts"),
    Endpoint("GET", f"{PATIENT}/safety-question"),
    Endpoint("GET", f"{PATIENT}/safety-answers"),
    Endpoint("PUT", SAFETY_ANSWER, ids={"local_date": _asked}, json=always({"answer": 1})),
    Endpoint("GET", ALERT, ids={"alert_id": _alerted}, allowed="clinician"),
    Endpoint("GET", f"{ALERT}/answers", ids={"alert_id": _alerted}, allowed="clinician"),
    Endpoint(
        "POST",
        f"{ALERT}/acknowledge",
        ids={"alert_id": _alerted},
        json=always({"note": "Calling now."}),
        allowed="clinician",
    ),
    Endpoint(
        "POST",
        f"{ALERT}/close",
        ids={"alert_id": _alerted},
        json=always({"action": "spoke_with_patient", "note": "Safe tonight."}),
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/questionnaire-responses"),
    Endpoint(
        "PUT",
        FORM,
        ids={"response_id": _new_id},
        json=lambda scenario, _: filled_in(scenario.day()),
    ),
    Endpoint("GET", FORM, ids={"response_id": _filled_in}),
    Endpoint("DELETE", FORM, ids={"response_id": _filled_in}, if_match=FIRST, allowed="clinician"),
    Endpoint("GET", f"{FORM}/revisions", ids={"response_id": _filled_in}),
    Endpoint("GET", SCHEDULE, ids={"code": always("phq-9")}),
    Endpoint(
        "PUT",
        SCHEDULE,
        ids={"code": always("phq-9")},
        json=always({"weekly": True, "days_after_infusion": [1, 7], "window_days": 2}),
        if_match=_arranged,
        allowed="clinician",
    ),
    Endpoint(
        "GET",
        f"{PATIENT}/questionnaire-courses/<instrument:instrument>",
        ids=dict(PHQ_9),
        allowed="clinician",
    ),
    Endpoint("GET", f"{PATIENT}/summary"),
    Endpoint("GET", f"{PATIENT}/today"),
    Endpoint("GET", f"{PATIENT}/trends"),
    Endpoint("GET", f"{PATIENT}/response-curve", allowed="clinician"),
    Endpoint("GET", f"{PATIENT}/consents"),
    Endpoint("PUT", CONSENT, ids={"consent_id": _new_id}, json=lambda _scenario, _caller: agreed()),
    Endpoint("GET", CONSENT, ids={"consent_id": _agreed}),
    Endpoint("GET", f"{CONSENT}/revisions", ids={"consent_id": _agreed}),
    Endpoint("POST", f"{CONSENT}/revoke", ids={"consent_id": _agreed}),
    Endpoint("POST", f"{CONSENT}/invitations", ids={"consent_id": _agreed}),
    Endpoint("GET", f"{CONSENT}/account", ids={"consent_id": _agreed}, allowed="clinician"),
    Endpoint(
        "PATCH",
        f"{CONSENT}/account",
        ids={"consent_id": _agreed},
        json=always({"disabled": True}),
        if_match=FIRST,
        allowed="clinician",
    ),
    Endpoint("GET", "/v1/me/consents", allowed="delegate"),
    Endpoint(
        "POST",
        "/v1/me/consents",
        json=lambda scenario, _: {"code": scenario.handed_over()},
        allowed="delegate",
    ),
    Endpoint("GET", f"{PATIENT}/access-log"),
    Endpoint("GET", f"{CLINIC}/event-log", allowed="admin"),
    Endpoint("GET", "/v1/me/event-log"),
    Endpoint("POST", "/v1/sync/push", json=_pushed),
    Endpoint("GET", "/v1/sync/changes"),
    Endpoint("GET", "/v1/sync/digest"),
]


def of(method: str, rule: str) -> Endpoint:
    """The endpoint of a method and a rule."""
    return next(endpoint for endpoint in ENDPOINTS if (endpoint.method, endpoint.rule) == (method, rule))
