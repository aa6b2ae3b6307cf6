"""The OpenAPI document against the server: whatever it allows is sent, and what it promises is checked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from flask import Flask
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema
from schemathesis.transport.wsgi import WSGITransport

from models.patients import Patient
from tests import factories
from tests.effort import amount, sample
from tests.people import Nobody, People, Person

pytestmark = pytest.mark.slow

CALLERS = ["patient", "clinician", "admin", "integration", "nobody"]
SIGNED_IN = CALLERS[:-1]
# What is random, each caller tries in turns.
RANDOM_PHASES = {
    caller: sample("random phases for each caller", ["fuzzing", "stateful"], 2, number)
    for number, caller in enumerate(SIGNED_IN)
}
ONE_IN = 12
"""How many operations one of them stands for; each caller has others."""
MAX_S = 60
# The parts of a large body, chance and links have no end; examples have, but each is given a time.
SECONDS = {
    "examples": MAX_S // 2,
    "coverage": amount("seconds of coverage for each caller", 2, 30),
    "fuzzing": amount("seconds of fuzzing for each caller", 1, 10),
    "stateful": amount("seconds of links for each caller", 1, 10),
}
SEED = 20261122
ZONES = ("America/New_York", "Asia/Tokyo", "Europe/Lisbon", "Pacific/Apia", "UTC")
# A random version is seldom the current one: 410 where something was removed, 412 for another version and 428
# for none are correct responses to valid requests.
OF_VERSIONS = ["410", "412", "428"]
ACCEPTED = ["2xx", "3xx", "401", "403", "404", "409", "429", *OF_VERSIONS]
REFUSED = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "429", *OF_VERSIONS]
# Faults that no schema can express: the server returns 422 although the request fits the schema.
BEYOND_FORM = {
    "beyond_calendar",  # a moment of another century
    "before_from",  # a period that ends before it begins
    "not_after_start",  # an infusion that does
    "in_the_future",  # an infusion that was completed tomorrow, a birth date of tomorrow
    "unknown_currency",  # three letters that are no currency
    "not_of_allergies",  # the dosage of an allergy
    "no_target_rating",  # the level of a rating before treatment, where wellbeing is the target measure
    "above_price",  # more covered than it costs
    "not_covered",  # an amount covered where nothing is
    "not_partly",  # a part that is the whole
    "before_first_infusion",  # a response review before any infusion
    "past",  # a patient snoozed until yesterday
    "not_in_care_team",  # a patient handed over to somebody else's account
    "not_allowed",  # a day for a patient who is not snoozed
    "too_many_infusions",  # a series extended beyond the longest
    "clinicians_only",  # what a patient may not state
    "not_begun",  # a day that nobody has reached
    "ahead_of_recorded_at",  # a day that had not begun at the moment of its answers
    "too_long_past",  # a day that only the clinic may still fill in
    "too_late",  # a second answer a day after the session
    "before_start",  # a second answer before the session
    "nothing_written",  # text in which nothing can be read, of signs that no pattern names
    "not_one_line",  # a name with a control character
    "invisible_character",  # a name with a sign that shows nothing
    "named_twice",  # one side effect with two severities
    "nothing_to_change",  # a change without members
    "not_asked_here",  # a safety answer where the clinic never asked
    "needed_for_question",  # the safety question switched on before all it needs
    "not_public",  # a webhook to an address inside
    "not_https",
    "not_port_443",
    "not_a_url",
    "not_of_its_kind",  # a number that nobody could call
    "unusable_domain",  # an address of a domain that exists nowhere
    "no_mail_server",  # an e-mail address where the server sends none
    "outside_session",  # what lies more than a day from its infusion
    "before_arrival",  # what happened before anybody was there
    "not_given",  # a rate of an infusion that was not given
    "nothing_measured",  # a reading without numbers
    "below_diastolic",  # a blood pressure upside down
    "outside_infusion",  # a rate while nothing ran
    "before_end",  # leaving while it ran
    "after_start",  # arriving while it ran
    "after_leaving",  # arriving when they had left
    "before_onset",  # a side effect that ended before it began
    "unknown_prior",  # a prior that this clinic did not learn
    "cannot_hold",  # settings that contradict each other: six infusions in one day
    "unknown_patient",  # a record number that nobody has
    "not_one_patient",  # the patient of a file of patients
    "unknown_scale",  # a scale that ends where it begins
    "not_five",  # other than five mood words
    "missing_column",  # text that is no such file, or one of another shape
    *("blank_column", "unknown_column", "repeated_column", "title_lines", "sep_line", "tabs"),
    *("broken_quotes", "scale_unstated", "no_patient", "json", "markup"),
    "required",  # what a grant type or an operation needs besides
    "unstorable_text",  # text with a NUL
    "unknown_item",  # an answer to an item that the questionnaire does not have
    "off_scale",  # an answer that this item does not offer, a total that this questionnaire never has
    "unknown_question",  # a question that the checklist does not have
    "unknown_version",  # a version of a questionnaire that there is not
    "only_phq_9",  # a drop in mood that asks for another questionnaire
    "another_range",  # a range other than the one the catalogue knows
    "too_far_ahead",  # a course planned for another year
    "before_began_on",  # a course that ends before it begins
    "only_transferred_in",  # infusions of another clinic in a course that began here
    "after_last",  # a first infusion after the last
    "not_before_began_on",  # infusions of another clinic after the patient came
    "dose_limit_exceeded",  # a dose above the clinic's limits that nobody confirmed
    "unknown_account",  # somebody who is not of the clinic's staff
    "same_person",  # a witness who gave the infusion
    "choose_one",  # a person named by account and by name
    "only_not_done",  # why an infusion was not done that was
    "unknown_consultation",  # a version that the patient's consultation does not have
    "guessable",  # a password that anybody would try
}
# These take no token, and hash passwords, which is slow: one caller is enough.
PUBLIC = [
    "login",
    "acceptInvitation",
    "requestPasswordReset",
    "resetPassword",
    "createToken",
    "getSideEffectCatalogue",
    "getSuitabilityCatalogue",
    "listQuestionnaires",
    "getQuestionnaire",
    "getLiveness",
    "getReadiness",
]


@pytest.fixture
def kind() -> str:
    """One database will do: what is tested is how requests are read and answered."""
    return "sqlite"


@pytest.fixture
def ids(app: Flask, people: People) -> dict[str, list[str]]:
    """Names of what is there, for the paths; chance would never find them."""
    today = datetime.now(UTC).date()
    with app.extensions["database"].write(people.clinic_id) as session:
        patient = session.get_one(Patient, (people.clinic_id, people.patient.patient_id))
        for ago in range(2, 40):
            factories.check_in(session, patient, today - timedelta(days=ago))
        given = factories.infusion(session, patient, today - timedelta(days=9)).id
    return {
        "patient_id": [str(people.patient.patient_id), str(people.other_patient.patient_id), "me"],
        "clinic_id": [str(people.clinic_id)],
        "infusion_id": [str(given), str(uuid4())],
        "account_id": [str(people.other_patient.id), str(people.clinician.id)],
        "local_date": [str(today - timedelta(days=ago)) for ago in range(6)],
    }


@pytest.fixture
def hooks(app: Flask, people: People, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Strings of our formats, the version that stands for If-Match, and a mend of the sender."""
    schemathesis.openapi.format("iana-time-zone", st.sampled_from(ZONES))
    days = st.dates(datetime(2020, 1, 1, tzinfo=UTC).date(), datetime(2030, 1, 1, tzinfo=UTC).date())
    schemathesis.openapi.format("date-or-instant", days.map(str))

    @schemathesis.hook
    def before_call(_context: Any, case: Any, _kwargs: Any) -> None:
        if "If-Match" in (case.headers or {}) and case.headers["If-Match"].startswith('"v'):
            current = app.test_client().get(case.formatted_path, headers=people.admin.headers)
            if current.status_code != 200:
                current = app.test_client().get(case.formatted_path, headers=people.clinician.headers)
            case.headers["If-Match"] = current.headers.get("ETag", case.headers["If-Match"])

    send = WSGITransport.send

    def send_without(self: Any, case: Any, **given: Any) -> Any:
        # Asking again without a token, it hands werkzeug's client arguments meant for a network's.
        of_network = ("max_redirects", "verify", "cert", "proxies")
        return send(self, case, **{name: value for name, value in given.items() if name not in of_network})

    monkeypatch.setattr(WSGITransport, "send", send_without)
    yield
    schemathesis.hooks.unregister_all()


Tried = dict[str, list[str]]
"""The operations that each phase leaves out."""


@dataclass
class Outcome:
    """Number of cases sent, and the failures."""

    cases: Counter[str] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    explained: Counter[str] = field(default_factory=Counter)


def explanation(failed: str, case: Any, status: int, body: Any) -> str | None:
    """Return why a failed check is expected; None where it is a failure."""
    code = body.get("code") if isinstance(body, dict) else None
    if failed == "positive_data_acceptance" and (status, code) == (400, "cursor_mismatch"):
        return "a cursor is opaque: only one that a page gave is taken"
    if failed == "positive_data_acceptance" and (status, code) == (422, "invalid"):
        beyond = {error["code"] for error in body["errors"]} <= BEYOND_FORM
        return "a fault that no schema can express" if beyond else None
    if failed != "negative_data_rejection":
        return None
    if case.path == "/v1/sync/push" and status == 207:
        # Each operation is judged alone: a wrong one is refused inside an answer that is 207 all the same.
        refused = any(result["status"] == "rejected" for result in body["results"])
        return "refused operation by operation" if refused else None
    return None


def left_out(caller: Person | Nobody) -> list[str]:
    """The operations that are not this caller's to try."""
    if isinstance(caller, Nobody):
        return []
    # To log out would end the very sign-in that all the other requests come from.
    return [*PUBLIC, "logout"]


def operations(app: Flask) -> dict[str, str]:
    """The name that a run gives each operation, by its id."""
    paths: dict[str, dict[str, Any]] = app.test_client().get("/openapi.json").json["paths"]  # type: ignore[index]
    return {
        described["operationId"]: f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, described in methods.items()
        if "operationId" in described
    }


def run(app: Flask, caller: Person | Nobody, ids: dict[str, list[str]], tried: Tried) -> Outcome:
    """Send what the file allows, and what it does not, as this caller."""
    outcome = Outcome()
    for phase, not_tried in tried.items():
        seconds = SECONDS[phase]
        # On a slow or busy machine the time may be over before anything was sent.
        while not outcome.cases[phase] and seconds < MAX_S:
            record(outcome, schema(app, caller, ids, phase, not_tried, seconds))
            seconds *= 4
    return outcome


def schema(
    app: Flask,
    caller: Person | Nobody,
    ids: dict[str, list[str]],
    phase: str,
    not_tried: list[str],
    seconds: int,
) -> BaseSchema:
    """The file as it is tried in this phase; its analysis takes a second, whatever is tried."""
    in_paths = {f"path.{name}": {"dictionary": name, "probability": 0.9} for name in ids}
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "max-time": seconds,
            "phases": {name: {"enabled": name == phase} for name in SECONDS},
            # Otherwise it reads all of our source for values to send.
            "analysis": {"constants": {"enabled": False}},
            "continue-on-failure": True,
            "headers": caller.headers,
            "dictionaries": {name: {"values": found} for name, found in ids.items()},
            "parameters": in_paths,
            "generation": {"max-examples": 4, "no-shrink": True, "database": "none"},
            "checks": {
                "positive_data_acceptance": {"expected-statuses": ACCEPTED},
                "negative_data_rejection": {"expected-statuses": REFUSED},
            },
            "operations": [{"include-operation-id": not_tried, "enabled": False}],
        }
    )
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


def record(outcome: Outcome, described: BaseSchema) -> None:
    """Send it all, and add to the outcome how that went."""
    for event in from_schema(described).execute():
        if isinstance(event, events.NonFatalError):
            outcome.failures.append(f"{event.phase} {event.label}: {event.value!r}")
        if isinstance(event, events.FatalError):
            outcome.failures.append(repr(event.exception))
        if isinstance(event, events.ScenarioFinished):
            judge(outcome, event)


def judge(outcome: Outcome, event: events.ScenarioFinished) -> None:
    """Add a scenario's checks to the outcome."""
    outcome.cases[event.phase.value] += len(event.recorder.cases)
    outcome.operations |= {node.value.operation.label for node in event.recorder.cases.values()}
    for case_id, checks in event.recorder.checks.items():
        case = event.recorder.cases[case_id].value
        response = event.recorder.find_response(case_id=case_id)
        for failed in (check for check in checks if check.failure_info is not None):
            assert failed.failure_info
            result = str(failed.failure_info.failure)
            text = response.text if response else ""
            body = json.loads(text) if text.startswith("{") else None
            why = explanation(failed.name, case, response.status_code if response else 0, body)
            if why is not None:
                outcome.explained[why] += 1
                continue
            sent = f"{case.method} {case.formatted_path} {case.query} {case.body!r:.300}"
            outcome.failures.append(f"{failed.name}: {sent}\n{result}\n{text[:400]}")


@pytest.mark.usefixtures("hooks")
@pytest.mark.parametrize("caller", CALLERS)
def test_the_server_does_what_its_document_promises(app, people, ids, caller):
    person: Person | Nobody = getattr(people, caller)
    phases = ["examples", "coverage", *RANDOM_PHASES.get(caller, ())]
    of_file = operations(app)
    theirs = [each for each in of_file if each not in left_out(person)]
    tried = sample("operations for each caller", theirs, ONE_IN, CALLERS.index(caller))
    not_tried = [each for each in of_file if each not in tried]
    # Links lead from any operation to any other.
    outcome = run(
        app, person, ids, {each: left_out(person) if each == "stateful" else not_tried for each in phases}
    )
    assert "\n\n".join(outcome.failures) == ""
    assert set(phases) <= set(+outcome.cases)
    assert len(outcome.operations & {of_file[each] for each in tried}) > len(tried) / 2
