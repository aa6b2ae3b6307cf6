"""Hostile input to every endpoint: never a server error, never an echo, nothing stored when refused."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, event

from tests.api.http.endpoints import ENDPOINTS, Endpoint, names_in, of
from tests.api.http.scenario import Scenario
from tests.effort import sample

pytestmark = pytest.mark.either_database

CANARY = "zq7canary"
JSON_ENDPOINTS = [endpoint for endpoint in ENDPOINTS if endpoint.json is not None]
OTHER_ENDPOINTS = [endpoint for endpoint in ENDPOINTS if endpoint.json is None and endpoint.csv is None]

# Bodies that are not the strict JSON this server accepts: each endpoint refuses them before any schema.
UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "blanks": b" \n\t ",
    "half an object": b'{"mood": 6',
    "two documents": b'{"mood": 6}{"mood": 7}',
    "trailing comma": b'{"mood": 6,}',
    "single quotes": b"{'mood': 6}",
    "comment": b'{"mood": 6 /* fine */}',
    "byte order mark": b'\xef\xbb\xbf{"mood": 6}',
    "UTF-16": '{"mood": 6}'.encode("utf-16"),
    "Latin-1": f'{{"note": "{CANARY} é"}}'.encode("latin-1"),
    "broken UTF-8": b'{"note": "\xff\xfe"}',
    "overlong UTF-8": b'{"note": "\xc0\xaf"}',
    "raw newline in text": b'{"note": "a\nb"}',
    "NaN": b'{"mood": NaN}',
    "infinity": b'{"mood": Infinity}',
    "minus infinity": b'{"mood": -Infinity}',
    "leading zero": b'{"mood": 07}',
    "plus sign": b'{"mood": +7}',
    "hexadecimal": b'{"mood": 0x7}',
    "Arabic digits": '{"mood": ٣}'.encode(),
    "5,000 digits": b'{"mood": ' + b"9" * 5000 + b"}",
    "21 digits": b'{"mood": ' + b"9" * 21 + b"}",
    "a name twice": b'{"mood": 6, "mood": 7}',
    "a name twice, deep down": b'{"side_effects": [{"code": "nausea", "code": "vomiting"}]}',
    "NUL": b'{"note": "a\\u0000b"}',
    "NUL in a name": b'{"no\\u0000te": 1}',
    "lone high surrogate": b'{"note": "\\ud800"}',
    "lone low surrogate": b'{"note": "\\udc00x"}',
    "nested 33 deep": b'{"a": ' + b"[" * 32 + b"]" * 32 + b"}",
    "nested 33 deep in objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "nested 30,000 deep": b"[" * 30_000 + b"]" * 30_000,
    "opened 60,000 times": b"[" * 60_000,
    "form": b"mood=6&anxiety=3",
    "XML": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>",
}

# JSON that no endpoint's schema accepts.
UNACCEPTABLE: dict[str, Any] = {
    "null": None,
    "true": True,
    "a number": 7,
    "a text": CANARY,
    "a list": [],
    "a list of objects": [{"mood": 6}],
    "an unknown field": {"colour": CANARY},
    "a prototype": {"__proto__": {"role": "admin"}, "constructor": CANARY},
}

# Values no field of any body takes; each is put in each field in turn.
WRONG: dict[str, Any] = {
    "null": None,
    "an object": {"$ne": None},
    "a list of lists": [[[CANARY]]],
    "2**31": 2**31,
    "2**63": 2**63,
    "-1": -1,
    "1e308": 1e308,
    "SQL": f"'; DROP TABLE patients; -- {CANARY}",
    "very long text": CANARY * 600,
    "3.9": 3.9,
}

# What numbers, and only numbers, must not be taken from.
NO_NUMBER: dict[str, Any] = {
    "true": True,
    "false": False,
    "text of digits": "7",
    "Arabic digits": "٣",
    "3.9": 3.9,
    "a list": [7],
    "2**31": 2**31,
    "2**63": 2**63,
    "20 digits": 10**19,
    "1e400, which overflows": float("1e308") * 10,
}

DECIMAL = {"dose_mg", "weight_kg", "mg_per_hour"}

INJECTED = {
    "id": str(uuid4()),
    "clinic_id": str(uuid4()),
    "patient_id": str(uuid4()),
    "account_id": str(uuid4()),
    "role": "admin",
    "scopes": ["summary:read", "everything"],
    "version": 9,
    "created_at": "2020-01-01T00:00:00Z",
    "received_at": "2020-01-01T00:00:00Z",
    "change_seq": 0,
    "password_hash": CANARY,
    "secret_hash": CANARY,
    "removed": True,
    "entry_mode": "live",
}

QUERIES = [
    "unknown=1",
    "mood",
    "limit=0",
    "limit=-1",
    "limit=201x",
    "limit=1e2",
    "limit=%D9%A3",
    "limit=9223372036854775808",
    f"limit={'9' * 5000}",
    "limit=",
    "limit=1&limit=2",
    "limit=5&limit=5",
    "limit[]=1",
    "limit=%00",
    "cursor=",
    "cursor=%00",
    f"cursor={CANARY}",
    "cursor=bnVsbA.AAAA",
    "cursor=%ff%fe",
    "cursor=..%2f..%2fetc",
    "from=2026-13-45",
    "from=%00",
    "from=%FF",
    "from=2026-11-21&to=2026-11-20",
    "from=0000-00-00",
    "from=20261121",
    "to=2026-W47-6",
    "as_of=now",
    "as_of=2026-11-21T00:00:00",
    "as_of=%00",
    "as_of=0001-01-01T00:00:00%2B14:00",
    "as_of=9999-12-31T23:59:59-14:00",
    "as_of=10000-01-01",
    "measure=mood%00",
    f"measure={CANARY}",
    "measure=mood&measure=anxiety",
    "resolution=second",
    "sort=1;--",
    "q=%00",
    "q=",
    f"q={'x' * 201}",
    "status=%00",
    "due_before_on=tomorrow",
    "%00=1",
    "%ff=1",
    f"colour={CANARY}",
]

# Odd, yet acceptable to some endpoint: only a server error fails the test.
ODD_QUERIES = [
    "from=0001-01-01&to=9999-12-31",
    "as_of=0001-01-01",
    "as_of=0001-01-02T00:00:00Z",
    "as_of=9999-12-31",
    "as_of=9999-12-31T00:00:00Z",
    "due_before_on=0001-01-01",
    "due_before_on=9999-12-31",
    "q=%FF%FE",
    "q=%25%5F%5C",
    "q=%F0%9F%98%80",
    "q=%ED%A0%80",
    "status=%FF",
    "&&&",
]

HEADERS: list[dict[str, str]] = [
    {"Accept": ""},
    {"Accept": ";;;,,q=x"},
    {"Accept": "text/csv;q=abc, application/json;q=9999"},
    {"Accept": "image/png"},
    {"Accept": "*/*;q=0"},
    {"Accept": "application/" + "x" * 4000},
    {"If-Match": ""},
    {"If-Match": CANARY},
    {"If-Match": '"v1'},
    {"If-Match": '"v99999999999999999999"'},
    {"If-Match": '"v-1"'},
    {"If-Match": 'W/"v1"'},
    {"If-Match": "*"},
    {"If-Match": '"v1", "v2"'},
    {"If-Match": '"\xb2"'},
    {"If-None-Match": CANARY},
    {"If-None-Match": '"' + "x" * 4000},
    {"If-None-Match": ",,,;W/"},
    {"If-None-Match": "\xff\xfe"},
    {"If-Modified-Since": "yesterday"},
    {"Range": "bytes=9-1,-"},
    {"X-Request-Id": f"{CANARY} {{}}"},
    {"X-Forwarded-For": f"{CANARY}, 127.0.0.1"},
    {"X-HTTP-Method-Override": "DELETE"},
    {"Transfer-Encoding": "chunked"},
    {"Content-Encoding": "gzip"},
    {"Expect": "tea"},
    {"Cookie": f"access_token_cookie={CANARY}"},
    {"Accept-Language": "x" * 4000},
    {"Host": "evil.example"},
]

PATHS = [
    "9223372036854775808",
    "-1",
    "0",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "..%2f..%2fetc%2fpasswd",
    "%F0%9F%98%80",
    "' OR 1=1 --",
    CANARY,
    CANARY * 500,
    "00000000-0000-0000-0000-000000000000",
    "{}",
    "null",
    "2026-02-30",
    "0000-00-00",
    "\u0662\u0660\u0662\u0666-\u0661\u0661-\u0662\u0661",  # Arabic digits
    "9999-12-31",
    "0001-01-01",
]


NOT_JSON = ["text/plain", "application/xml", "multipart/form-data; boundary=x", "text/json", "", ";"]


@pytest.fixture
def scenario(scenario: Scenario) -> Scenario:
    scenario.changes = _watch(scenario.database.engine)
    return scenario


def test_a_body_that_is_no_json_of_ours_is_refused(scenario, client):
    for number, endpoint in enumerate(JSON_ENDPOINTS):
        asked = _bodiless(endpoint, scenario)
        for name, body in sample("unreadable bodies per endpoint", [*UNREADABLE.items()], 9, number):
            sent = {**asked, "data": body, "content_type": "application/json"}
            assert _refused(scenario, client, sent, name) in {400, 422}, name


def test_json_that_an_endpoint_does_not_accept_is_refused_field_by_field(scenario, client):
    for number, endpoint in enumerate(JSON_ENDPOINTS):
        asked = _bodiless(endpoint, scenario)
        for name, body in sample("unacceptable bodies per endpoint", [*UNACCEPTABLE.items()], 2, number):
            sent = {**asked, "data": json.dumps(body), "content_type": "application/json"}
            assert _refused(scenario, client, sent, name) == 422, name


@pytest.mark.parametrize("endpoint", JSON_ENDPOINTS, ids=lambda endpoint: endpoint.key)
def test_every_field_refuses_values_of_another_type(endpoint: Endpoint, scenario, client):
    asked = _allowed_request(endpoint, scenario)
    good = asked.pop("json")
    for number, path in enumerate(_places(good)):
        for name, value in sample("wrong values per field", [*WRONG.items()], 9, number):
            body = _with(good, path, value)
            _judged(scenario, client, {**asked, "json": body}, f"{path}: {name}")
        if (
            path[-1] not in DECIMAL
            and isinstance(_at(good, path), int)
            and not isinstance(_at(good, path), bool)
        ):
            for name, value in sample("wrong numbers per field", [*NO_NUMBER.items()], 6, number):
                text = json.dumps(_with(good, path, value)).replace("Infinity", "1e400")
                sent = {**asked, "data": text, "content_type": "application/json"}
                if {"operations", "readings"} & set(good):
                    _rejected_item(scenario, client, sent, f"{path}: {name}")
                else:
                    assert _refused(scenario, client, sent, f"{path}: {name}") == 422, f"{path}: {name}"


def test_what_only_the_server_decides_is_refused_from_outside(scenario, client):
    for number, endpoint in enumerate(JSON_ENDPOINTS):
        asked = _allowed_request(endpoint, scenario)
        good = asked.pop("json")
        for name, value in sample("members of the server's own per endpoint", [*INJECTED.items()], 6, number):
            if name in good:
                continue
            assert _refused(scenario, client, {**asked, "json": {**good, name: value}}, name) == 422
            named = client.open(**{**asked, "json": {**good, name: value}})
            assert {"pointer": f"#/{name}", "code": "unknown_field"}.items() <= named.json["errors"][
                0
            ].items()


def test_bodies_beyond_64_kib_are_refused_everywhere(scenario, client):
    for endpoint in ENDPOINTS:
        if endpoint.form is not None:
            sent = {**_allowed_request(endpoint, scenario), "data": {"grant_type": "x" * 66_000}}
        elif endpoint.csv is not None:
            # A file may have 1 MiB.
            sent = {**_allowed_request(endpoint, scenario), "data": b"x" * (1024 * 1024 + 1)}
        else:
            body = b'{"note": "' + b"x" * 66_000 + b'"}'
            sent = {**_allowed_request(endpoint, scenario), "data": body, "content_type": "application/json"}
            sent.pop("json", None)
        assert _refused(scenario, client, sent, "65 KiB") == 413


def test_bodies_without_the_json_content_type_are_refused_everywhere(scenario, client):
    for number, endpoint in enumerate(ENDPOINTS):
        asked = _allowed_request(endpoint, scenario)
        asked.pop("json", None)
        for kind in sample("wrong content types per endpoint", NOT_JSON, 3, number):
            sent = {**asked, "data": b'{"mood": 6}', "content_type": kind}
            assert _refused(scenario, client, sent, kind) == 415, kind
        if endpoint.form is not None:
            sent = {
                **asked,
                "data": b'{"grant_type": "client_credentials"}',
                "content_type": "application/json",
            }
            assert _refused(scenario, client, sent, "JSON") == 415


def test_endpoints_without_a_body_refuse_one(scenario, client):
    bodies = [b'{"role": "admin"}', b"[1]", b"{", b"\xff", UNREADABLE["nested 30,000 deep"]]
    for number, endpoint in enumerate(OTHER_ENDPOINTS):
        if endpoint.form is not None:
            continue
        asked = _allowed_request(endpoint, scenario)
        for body in sample("bodies per endpoint without one", bodies, 3, number):
            sent = {**asked, "data": body, "content_type": "application/json"}
            assert _refused(scenario, client, sent, str(body[:20])) in {400, 422}


def _takes_query(scenario: Scenario, endpoint: Endpoint) -> bool:
    rules = scenario.app.url_map.iter_rules()
    rule = next(one for one in rules if one.rule == endpoint.rule and endpoint.method in (one.methods or ()))
    return getattr(scenario.app.view_functions[rule.endpoint], "takes_query", False)


def test_queries_that_an_endpoint_does_not_accept_are_refused(scenario, client):
    for number, endpoint in enumerate(ENDPOINTS):
        # An endpoint without parameters refuses them all by one rule.
        takes_some = _takes_query(scenario, endpoint)
        for query in sample("wrong queries per endpoint", QUERIES, 8 if takes_some else 21, number):
            sent = {**_allowed_request(endpoint, scenario), "query_string": query}
            assert _refused(scenario, client, sent, query) in {400, 422}, query


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"],
    ids=lambda endpoint: endpoint.key,
)
@pytest.mark.one_in(3)
def test_odd_queries_are_answered_or_refused_but_never_fail(endpoint: Endpoint, scenario, client):
    scenario.check_in()
    scenario.infusion()
    for query in sample("odd queries per endpoint", ODD_QUERIES, 9, ENDPOINTS.index(endpoint)):
        _judged(scenario, client, {**_allowed_request(endpoint, scenario), "query_string": query}, query)


@pytest.mark.one_in(3)
@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.key)
def test_odd_headers_are_answered_or_refused_but_never_fail(endpoint: Endpoint, scenario, client):
    for headers in sample("odd headers per endpoint", HEADERS, 14, ENDPOINTS.index(endpoint)):
        if "docs/<" in endpoint.rule and {"If-Match", "Range"} & set(headers):
            continue  # a file's own conditions and ranges are Werkzeug's to answer
        asked = _allowed_request(endpoint, scenario)
        asked["headers"] = {**asked["headers"], **headers}
        _judged(scenario, client, asked, str(headers)[:60])


@pytest.mark.parametrize(
    "endpoint",
    [endpoint for endpoint in ENDPOINTS if "<" in endpoint.rule],
    ids=lambda endpoint: endpoint.key,
)
@pytest.mark.one_in(3)
def test_odd_paths_are_answered_or_refused_but_never_fail(endpoint: Endpoint, scenario, client):
    caller = scenario.callers[endpoint.allowed]
    for name in names_in(endpoint.rule):
        for value in sample("odd path values per endpoint", PATHS, 12, ENDPOINTS.index(endpoint)):
            asked = endpoint.request(scenario, caller, **{name: value})
            _judged(scenario, client, asked, f"{name}={value[:40]}")


def test_the_form_of_oauth_refuses_what_it_does_not_know(scenario, client):
    asked = _allowed_request(of("POST", "/oauth/token"), scenario)
    good = asked.pop("data")
    hostile: list[bytes | str] = [
        "",
        "grant_type=",
        "grant_type=password",
        urlencode({**good, "role": "admin"}),
        urlencode(good) + "&grant_type=client_credentials",
        urlencode(good) + "&scope=summary:read&scope=trends:read",
        urlencode({**good, "client_id": "\0"}),
        urlencode({**good, "client_secret": "\0"}),
        urlencode({**good, "scope": "everything \0"}),
        urlencode({**good, "client_id": CANARY}),
        "grant_type=client_credentials&client_id=%FF&client_secret=%ED%A0%80",
        f"grant_type=refresh_token&refresh_token={CANARY}&device_id=phone-0001",
        "grant_type=refresh_token&refresh_token=%00&device_id=%00",
        "grant_type=refresh_token&refresh_token=%F0%9F%98%80&device_id=phone-0001",
        "grant_type=refresh_token&refresh_token=" + "A" * 60_000 + "&device_id=phone-0001",
        b"\xff\xfe\x00",
        "&".join(f"a{n}=1" for n in range(2000)),
    ]
    for body in hostile:
        kind = "application/x-www-form-urlencoded"
        status = _refused(scenario, client, {**asked, "data": body, "content_type": kind}, str(body[:60]))
        assert status in {400, 401, 403, 422}, body[:60]


def test_basic_credentials_of_every_shape_are_refused_alike(scenario, client):
    for header in (
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic /////w==",
        "Basic Og==",
        "Basic Og",
        f"Basic {CANARY}",
    ):
        sent = {
            "method": "POST",
            "path": "/oauth/token",
            "headers": {"Authorization": header},
            "data": {"grant_type": "client_credentials"},
        }
        assert _refused(scenario, client, sent, header) in {400, 401, 422}


def test_a_day_before_calendars_is_refused_in_a_body_as_in_a_path(scenario, client):
    endpoint = of("PUT", "/v1/patients/<patient:patient_id>/check-ins/<date:local_date>")
    for caller in (scenario.people.patient, scenario.people.clinician):
        for moment in (
            "0001-01-01T00:00:00+00:00",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59-14:00",
        ):
            for zone in ("America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"):
                asked = endpoint.request(scenario, caller)
                asked["json"] |= {"recorded_at": moment, "time_zone": zone}
                assert _refused(scenario, client, asked, f"{moment} {zone}") == 422


@pytest.mark.parametrize("member", ["started_at", "ended_at"])
def test_an_infusion_beyond_the_calendar_is_refused(member, scenario, client):
    endpoint = of("PUT", "/v1/patients/<patient:patient_id>/infusions/<uuid:infusion_id>")
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00"):
        for status in ("completed", "scheduled"):
            asked = endpoint.request(scenario, scenario.people.clinician)
            asked["json"] |= {member: moment, "status": status, "time_zone": "Pacific/Kiritimati"}
            assert _refused(scenario, client, asked, f"{moment} {status}") == 422


def test_a_protocol_of_extreme_values_breaks_no_get(scenario, client):
    plan = of("PUT", "/v1/patients/<patient:patient_id>/protocol")
    scenario.check_in()
    scenario.infusion()
    extremes: list[dict[str, Any]] = [
        {"paused_on": "0001-01-01"},
        {"paused_on": "9999-12-30", "resumes_on": "9999-12-31"},
        {"paused_on": "0001-01-01", "resumes_on": "9999-12-31"},
        {"ended_on": "0001-01-01"},
        {"ended_on": "9999-12-31"},
        {
            "induction_infusion_count": 30,
            "induction_days": 366,
            "min_interval_days": 366,
            "max_interval_days": 366,
        },
        {"induction_infusion_count": 1, "induction_days": 1, "min_interval_days": 1, "max_interval_days": 1},
    ]
    version = 0
    for body in extremes:
        asked = plan.request(scenario, scenario.people.clinician)
        asked |= {"json": body, "headers": {**asked["headers"], "If-Match": f'"v{version}"'}}
        answer = client.open(**asked)
        assert answer.status_code in {200, 422}, body
        version = answer.json.get("version", version) if answer.status_code == 200 else version
        for name in ("outlook", "summary", "trends", "protocol"):
            read = client.get(
                f"/v1/patients/{scenario.people.patient.patient_id}/{name}",
                headers=scenario.people.clinician.headers,
            )
            assert read.status_code == 200, (body, name)
        listed = client.get(
            f"/v1/clinics/{scenario.people.clinic_id}/patients", headers=scenario.people.clinician.headers
        )
        assert listed.status_code == 200


@pytest.mark.parametrize("name", ["address", "long"])
def test_an_email_address_that_is_too_long_is_refused(name, scenario, client):
    # Folding case makes ß two letters: what fits before need not fit after.
    address = {"address": "ß" * 200 + "@clinic.test", "long": "x" * 250 + "@clinic.test"}[name]
    for endpoint in JSON_ENDPOINTS:
        asked = _allowed_request(endpoint, scenario)
        if {"email", "record_number", "device"} & set(asked["json"]):
            asked["json"] = {**asked["json"], "email": address}
            assert _refused(scenario, client, asked, endpoint.key) in {401, 422}


def test_a_batch_reports_each_wrong_item_and_stores_the_rest(scenario, client):
    asked = _allowed_request(of("POST", "/v1/sync/push"), scenario)
    good = asked["json"]["operations"][0]
    bad: list[Any] = [None, 7, CANARY, [], [good], {}, {"op_id": CANARY * 20}, {**good, "data": [CANARY]}]
    bad += [{**good, "type": CANARY}, {**good, "local_date": "2026-02-30"}, {**good, "clinic_id": CANARY}]
    bad += [{**good, "data": {**good["data"], "mood": value}} for value in NO_NUMBER.values()]
    text = json.dumps({"operations": [*bad, good]}).replace("Infinity", "1e400")
    asked = {name: value for name, value in asked.items() if name != "json"}
    answer = client.open(**asked, data=text, content_type="application/json")
    assert answer.status_code == 207
    *refused, stored = answer.json["results"]
    assert len(refused) == len(bad)
    for result in refused:
        assert result["status"] == "rejected"
        assert result["problem"]["status"] == result["http_status"] == 422
        assert CANARY not in json.dumps({**result, "op_id": None})
    assert stored["status"] == "created"


def test_the_check_for_stored_input_detects_a_stored_value(scenario, client):
    asked = _allowed_request(
        of("PUT", "/v1/patients/<patient:patient_id>/check-ins/<date:local_date>"), scenario
    )
    before = len(scenario.changes)
    assert client.open(**asked).status_code == 201
    assert len(scenario.changes) > before


def _allowed_request(endpoint: Endpoint, scenario: Scenario) -> dict[str, Any]:
    """A request that is allowed, to be made invalid in one way."""
    return endpoint.request(scenario, scenario.callers[endpoint.allowed])


def _bodiless(endpoint: Endpoint, scenario: Scenario) -> dict[str, Any]:
    """The same without what it says, for a body of the test's own."""
    asked = _allowed_request(endpoint, scenario)
    asked.pop("json", None)
    return asked


SIDE = "login_attempts|cached_outlooks|access_log"
SAFETY = "safety_answers|safety_alert|UPDATE patients"
SIGN_IN = ("/v1/auth/login", "/v1/me/password", "/v1/me/email", "/v1/me/second-factor")


def _changed(scenario: Scenario, before: int, asked: dict[str, Any]) -> list[str]:
    """What a request changed; a safety answer is stored by the request that sends it, also when refused.

    So is the event of a password that is refused.
    """
    permitted = []
    if "/safety-answers/" in asked["path"]:
        permitted.append(SAFETY)
    if asked["path"].startswith(SIGN_IN):
        permitted.append("INSERT INTO event_log")
    return [
        each for each in scenario.changes[before:] if not any(re.search(some, each) for some in permitted)
    ]


def _watch(engine: Engine) -> list[str]:
    """Note every change that is committed, but tries, who was shown what, and what is kept for later."""
    stored: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb = statement.split(maxsplit=1)[0]
        if verb in {"INSERT", "UPDATE", "DELETE"} and not re.search(SIDE, statement):
            connection.info.setdefault("changes", []).append(statement)

    @event.listens_for(engine, "commit")
    def record_commit(connection: Connection) -> None:
        stored.extend(connection.info.pop("changes", []))

    @event.listens_for(engine, "rollback")
    def clear_caches(connection: Connection) -> None:
        connection.info.pop("changes", None)

    return stored


def _judged(scenario: Scenario, client, asked: dict[str, Any], what: str) -> int:
    """Send it; if it is refused, see that the refusal is sound and that nothing was stored."""
    what = f"{asked['method']} {asked['path'][:60]}: {what}"
    before = len(scenario.changes)
    answer = client.open(**asked)
    assert answer.status_code < 500, (what, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"] == "application/problem+json", what
        if asked["method"] != "HEAD":
            body = answer.get_json()
            assert {"type", "title", "status", "detail", "code", "request_id"} <= set(body), what
            assert body["status"] == answer.status_code
            assert body["request_id"] == answer.headers["X-Request-Id"]
        assert CANARY not in answer.text, what
        assert CANARY not in str(answer.headers), what
        assert not _changed(scenario, before, asked), what
    return int(answer.status_code)


def _refused(scenario: Scenario, client, asked: dict[str, Any], what: str) -> int:
    status = _judged(scenario, client, asked, what)
    assert status >= 400, what
    return status


def _rejected_item(scenario: Scenario, client, asked: dict[str, Any], what: str) -> None:
    before = len(scenario.changes)
    answer = client.open(**asked)
    assert answer.status_code == 207, what
    assert answer.json["results"][0]["status"] == "rejected", what
    assert len(scenario.changes) == before, what


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside: list[tuple[Any, ...]] = [path] if path else []
    if isinstance(value, dict):
        for name, below in value.items():
            inside += _places(below, (*path, name))
    if isinstance(value, list):
        for index, below in enumerate(value):
            inside += _places(below, (*path, index))
    return inside


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    step, *rest = path
    changed = dict(value) if isinstance(value, dict) else list(value)
    changed[step] = _with(value[step], tuple(rest), new)
    return changed
