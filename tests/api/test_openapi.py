from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from api import create_app
from api.http import openapi
from api.http.problems import PROBLEM_TYPES
from config import Settings
from schemas import base
from services import consents, proposals, response_curves
from services.costs import statements
from services.questionnaires import courses as questionnaire_courses
from tests.conftest import SECRET_KEY

ROOT = Path(__file__).parents[2]
METHODS = ("get", "put", "post", "patch", "delete")
PROBLEM = "application/problem+json"
PICTURES = {"image/svg+xml", "image/png"}
PAGE = {"text/html"}
OFFERING_LINES = {
    "listAccessLog",
    "listEventLog",
    "listMyEventLog",
    "getForecastReport",
    "getOutcomesReport",
    "listCheckIns",
    "listScores",
    "listEvents",
    "getCostStatement",
    "getResponseCurve",
    "listQuestionnaireResponses",
    "getTrends",
}
DRAWN = {"getForecastReport", "getOutcomesReport", "getResponseCurve", "getTrends"}
WITHOUT_EXAMPLE = {"text/csv", "application/x-ndjson", *PICTURES, *PAGE}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for every test, on a database without tables."""
    database = tmp_path_factory.mktemp("documents") / "afterglow.db"
    made = create_app(Settings("local", f"sqlite:///{database}", SECRET_KEY))
    yield made
    made.extensions["database"].close()


@pytest.fixture(scope="module", autouse=True)
def without_grammar_of_iris() -> Iterator[None]:
    """Let jsonschema know no format `iri`, whose grammar takes it two seconds: no field has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rfc3987_syntax", None)
        import jsonschema  # noqa: F401, PLC0415

        yield


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    """The OpenAPI document as the server serves it."""
    served: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return served


@pytest.fixture(scope="module")
def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every operation by its method and path, the path's own parameters included."""
    return {
        f"{method.upper()} {path}": {**item[method], "of_path": item.get("parameters", [])}
        for path, item in document["paths"].items()
        for method in METHODS
        if method in item
    }


def test_the_committed_file_is_what_the_server_serves(document):
    committed = json.loads((ROOT / "openapi.json").read_text(encoding="utf-8"))
    assert committed == document, "run `make openapi` and commit openapi.json"


def test_make_openapi_writes_the_committed_file_byte_for_byte(app, tmp_path):
    file = tmp_path / "openapi.json"
    result = app.test_cli_runner().invoke(args=["openapi", "write", str(file)])
    assert result.exit_code == 0
    assert file.read_bytes() == (ROOT / "openapi.json").read_bytes()


def test_the_file_is_valid_openapi_3_1(document):
    assert document["openapi"] == "3.1.0"
    assert '"format": "iri' not in json.dumps(document)
    # Imported here and below: it takes a second, in every process that collects the tests.
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415

    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_of_the_api_is_described_and_nothing_else(app, document):
    left_out = ("/openapi.json", "/docs", "/problems", "/reset-password")
    served = {
        (method.lower(), _as_template(rule.rule))
        for rule in app.url_map.iter_rules()
        if not rule.rule.startswith(left_out)
        for method in rule.methods or ()
        if method.lower() in METHODS
    }
    described = {
        (method, path) for path, item in document["paths"].items() for method in METHODS if method in item
    }
    assert described == served


def _as_template(rule: str) -> str:
    parts = [f"{{{part[1:-1].split(':')[-1]}}}" if part.startswith("<") else part for part in rule.split("/")]
    return "/".join(parts)


def test_every_operation_has_a_name_of_its_own(operations):
    names = Counter(operation["operationId"] for operation in operations.values())
    assert [name for name, times in names.items() if times > 1] == []
    assert all(name.isidentifier() and name[0].islower() and "_" not in name for name in names)


def test_every_operation_has_a_summary_and_a_tag_that_is_described(document, operations):
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    for name, operation in operations.items():
        assert operation["summary"], name
        assert [described[tag] for tag in operation["tags"]], name


def test_the_pages_that_the_document_links_are_served_and_are_files(client, document):
    links = [document["externalDocs"]["url"]]
    links += [tag["externalDocs"]["url"] for tag in document["tags"] if "externalDocs" in tag]
    assert len(links) == len(openapi.DOC_PAGES) + 1
    for link in links:
        with client.get(f"/{link}") as served:
            assert served.mimetype == "text/plain"
            assert served.data == (ROOT / link).read_bytes()
    assert client.get("/docs/nowhere.md").json["code"] == "not_found"
    assert client.get("/docs/..%2FREADME.md").status_code == 404


def test_every_operation_names_its_roles_its_scope_and_its_delegate_part(operations):
    summary = operations["GET /v1/patients/{patient_id}/summary"]
    assert summary["x-required-scope"] == "summary:read"
    assert {"patient", "clinician", "integration"} <= set(summary["x-allowed-roles"])
    assert "API clients with the scope `summary:read`" in summary["description"]
    costs = operations["GET /v1/patients/{patient_id}/costs"]
    assert costs["x-delegate-part"] == "costs"
    assert "delegates with whom the patient shares `costs`" in costs["description"]
    assert operations["POST /v1/auth/login"]["x-allowed-roles"] == ["anyone"]


def test_the_document_states_its_licence_and_the_version_of_the_project(document):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert document["info"]["license"]["identifier"] == project["license"] == "Apache-2.0"
    assert document["info"]["version"] == project["version"]
    assert "Enums are open" in document["info"]["description"]


def test_every_operation_names_a_security_scheme_and_known_scopes(document, operations):
    schemes = document["components"]["securitySchemes"]
    scopes = schemes["integration"]["flows"]["clientCredentials"]["scopes"]
    for name, operation in operations.items():
        for way in operation["security"]:
            [(scheme, asked)] = way.items()
            assert scheme in schemes, name
            assert set(asked) <= set(scopes), name


def test_only_sign_in_health_and_catalogues_need_no_token(operations):
    assert {operation["operationId"] for operation in operations.values() if operation["security"] == []} == {
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
    }


def test_an_integration_gets_summaries_outlooks_trends_scores_the_worklist_vitals_and_outcomes(operations):
    assert {
        operation["operationId"]
        for operation in operations.values()
        if any("integration" in way for way in operation["security"])
    } == {
        "getMe",
        "getSummary",
        "getOutlook",
        "listPastOutlooks",
        "getTrends",
        "listScores",
        "getScore",
        "listQuestionnaireResponses",
        "getQuestionnaireResponse",
        "getQuestionnaireCourse",
        "getBaseline",
        "getCustomInstruments",
        "listPatients",
        "sendVitals",
        "listVitals",
        "getOutcomesReport",
    }


def test_every_body_has_an_example_that_its_schema_accepts(document, operations):
    for name, operation in operations.items():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            assert _errors(document, media) == [], name


def test_every_response_with_a_body_has_an_example_that_its_schema_accepts(document, operations):
    for name, operation in operations.items():
        for status, answer in operation["responses"].items():
            for kind, media in _resolved(document, answer).get("content", {}).items():
                if kind not in WITHOUT_EXAMPLE:
                    assert _errors(document, media) == [], (name, status)


def _errors(document: dict[str, Any], media: dict[str, Any]) -> list[str]:
    schema = {**media["schema"], "components": document["components"]}
    from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415

    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(media["example"])]


def _resolved(document: dict[str, Any], thing: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in thing:
        *_, group, name = thing["$ref"].split("/")
        thing = document["components"][group][name]
    return thing


def test_every_error_is_a_problem(document, operations):
    for name, operation in operations.items():
        for status, answer in operation["responses"].items():
            if int(status) >= 400 and not name.startswith("GET /health"):
                assert list(_resolved(document, answer)["content"]) == [PROBLEM], (name, status)


def test_every_kind_of_problem_is_a_response_to_refer_to(document):
    examples = [
        answer["content"][PROBLEM]["example"]
        for answer in document["components"]["responses"].values()
        if "content" in answer
    ]
    assert {example["code"] for example in examples} == set(PROBLEM_TYPES)
    assert all(example["status"] == PROBLEM_TYPES[example["code"]].status for example in examples)


@pytest.mark.parametrize(
    ("operation", "status", "header"),
    [
        ("PUT /v1/patients/{patient_id}/check-ins/{local_date}", "201", "ETag"),
        ("GET /v1/patients/{patient_id}/summary", "304", "ETag"),
        ("PUT /v1/patients/{patient_id}/check-ins/{local_date}", "428", "ETag"),
        ("GET /v1/clinics/{clinic_id}/patients", "200", "Link"),
        ("POST /v1/auth/login", "429", "Retry-After"),
        ("GET /v1/patients/{patient_id}/trends", "200", "RateLimit"),
        ("GET /v1/patients/{patient_id}/trends", "429", "RateLimit-Policy"),
        ("GET /v1/me", "503", "Retry-After"),
        ("GET /v1/me", "401", "WWW-Authenticate"),
    ],
)
def test_a_response_documents_its_headers(document, operations, operation, status, header):
    answer = _resolved(document, operations[operation]["responses"][status])
    assert _resolved(document, answer["headers"][header])["schema"]["type"] in ("string", "integer")


def test_versioned_operations_document_if_match_and_cacheable_ones_if_none_match(document, operations):
    for name, operation in operations.items():
        named = {_resolved(document, parameter)["name"] for parameter in operation.get("parameters", ())}
        assert ("If-Match" in named) == ("428" in operation["responses"]), name
        assert ("If-None-Match" in named) == ("304" in operation["responses"]), name


def test_series_are_available_as_csv_and_ndjson_and_some_as_charts(operations):
    many = {"application/json", "text/csv", "application/x-ndjson"}
    for name, operation in operations.items():
        forms = set(operation["responses"].get("200", {}).get("content", {}))
        offers = operation["operationId"] in OFFERING_LINES
        assert (forms - PICTURES - PAGE == many) == offers, name
        assert (forms >= PAGE) == (operation["operationId"] == "getCostStatement"), name
        assert (forms >= PICTURES) == (operation["operationId"] in DRAWN), name
        assert ("406" in operation["responses"]) == offers, name


def test_request_schemas_are_closed_and_response_schemas_open(document, operations):
    read = {
        name
        for operation in operations.values()
        for media in operation.get("requestBody", {}).get("content", {}).values()
        for name in _reached(document, media["schema"])
    }
    written = {
        name
        for operation in operations.values()
        for answer in operation["responses"].values()
        for media in _resolved(document, answer).get("content", {}).values()
        for name in _reached(document, media["schema"])
    }
    assert read & written == set()
    assert read | written == set(document["components"]["schemas"])
    schemas = document["components"]["schemas"]
    assert {name for name in schemas if schemas[name].get("additionalProperties") is False} == read


def _reached(document: dict[str, Any], thing: Any) -> set[str]:
    if isinstance(thing, list):
        return {name for item in thing for name in _reached(document, item)}
    if not isinstance(thing, dict):
        return set()
    if "$ref" in thing:
        name = thing["$ref"].rpartition("/")[2]
        return {name} | _reached(document, document["components"]["schemas"][name])
    return {name for item in thing.values() for name in _reached(document, item)}


def test_absent_is_never_null(document):
    text = json.dumps({"schemas": document["components"]["schemas"], "paths": document["paths"]})
    assert '"null"' not in text
    assert ": null" not in text


def test_no_schema_is_a_choice_between_schemas_or_an_object_without_a_name(document):
    for name, schema in document["components"]["schemas"].items():
        for member, property_ in schema["properties"].items():
            assert not {"oneOf", "anyOf", "allOf"} & set(property_), (name, member)
            assert "properties" not in property_, (name, member)
            assert "properties" not in property_.get("items", {}), (name, member)


def test_ratings_run_from_0_to_10(document):
    schemas = document["components"]["schemas"]
    for name in ("NewCheckIn", "CheckIn"):
        for member in ("mood", "enjoyment", "anxiety"):
            rating = schemas[name]["properties"][member]
            assert (rating["type"], rating["minimum"], rating["maximum"]) == ("integer", 0, 10)


def test_numbers_texts_and_lists_of_requests_have_limits(document):
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        if schema.get("additionalProperties") is not False:
            continue
        for member, property_ in schema["properties"].items():
            if property_.get("type") in ("integer", "number"):
                assert {"minimum", "maximum"} <= set(property_), (name, member)
            if property_.get("type") == "array":
                assert "maxItems" in property_, (name, member)


@pytest.mark.parametrize(
    "name",
    [
        "Outlook",
        "DueWindow",
        "Estimate",
        "Inputs",
        "MeasureUse",
        "DataQuality",
        "Phase",
        "Reason",
        "WorklistRow",
    ],
)
def test_every_member_of_an_outlook_is_described_with_its_unit(document, name):
    units = ("0 to 1", "points", "the scale of the member")
    for member, schema in document["components"]["schemas"][name]["properties"].items():
        assert schema.get("description"), member
        assert schema.get("type") != "number" or any(unit in schema["description"] for unit in units), member
        counted = ("ays ", "infusions", "ycles ", "lerts ")
        assert schema.get("type") != "integer" or any(what in schema["description"] for what in counted), (
            member
        )


def test_benefit_left_is_a_percentage_in_a_check_in_and_a_fraction_in_an_outlook(document):
    schemas = document["components"]["schemas"]
    for name in ("Outlook", "WorklistRow"):
        schema = schemas[name]["properties"]["benefit_left_estimate"]["description"]
        assert "fraction from 0 to 1" in schema
        assert "percent, 0 to 100" in schema
    for name in ("NewCheckIn", "CheckIn"):
        assert "percent" in schemas[name]["properties"]["benefit_left"]["description"]


def test_days_instants_and_ids_have_a_format(document):
    properties = document["components"]["schemas"]["CheckIn"]["properties"]
    assert properties["local_date"]["format"] == "date"
    assert properties["recorded_at"]["format"] == "date-time"
    assert document["components"]["schemas"]["WorklistRow"]["properties"]["patient_id"]["format"] == "uuid"


def test_largest_whole_number_is_one_every_client_can_hold(document):
    version = document["components"]["schemas"]["Operation"]["properties"]["base_version"]
    assert version["maximum"] == base.MAX_WHOLE_NUMBER


def test_no_pattern_needs_python(document):
    text = json.dumps(document)
    assert not any(mark in text for mark in ("\\\\Z", "\\\\A", "(?P"))


def test_a_problems_type_is_an_address_that_explains_it(client):
    for code, kind in PROBLEM_TYPES.items():
        answer = client.get(f"/problems/{code}")
        assert answer.json == {"type": f"/problems/{code}", "title": kind.title, "status": kind.status}
    assert client.get("/problems/unheard_of").status_code == 404


# Lists of a whole response that are neither read page by page nor bounded by maxItems, and what bounds them.
# No list belongs here whose length is set by how long somebody has been a patient, or by how many there are.
BOUNDED = {
    "ChannelTestPage": {"items": "the channels there are"},
    "Readiness": {"reasons": "the reasons there are"},
    "RecoveryCodes": {"recovery_codes": "ten of them"},
    "CheckIn": {"side_effects": "the catalogue of side effects"},
    "Consultation": {"checklist": "the questions about suitability"},
    "Costs": {"totals": "the currencies"},
    "CurrentResponseReview": {"rating_averages": "the daily ratings", "totals": "the instruments"},
    "CustomInstruments": {"items": "what a request may send"},
    "DailyRatings": {"items": "the catalogue of daily ratings"},
    "Digest": {"months": "the months since the earliest day that is stored"},
    "Exposure": {
        "maintenance_intervals": "the infusions of one treatment course",
        "reasons_to_hold": "the reasons there are",
    },
    "ForecastReport": {
        "by_cycle": "the groups of cycles",
        "reliability": "the bins of the curve",
        "rules": "the rules that are compared",
    },
    "ImportReport": {"lines": "the lines of a file, 366 at most"},
    "Infusion": {"dose_limits_exceeded": "the limits of a dose"},
    "Outcomes": {"changes": "the instruments", "loss_of_response": "the weeks", "rates": "the instruments"},
    "Outlook": {
        "disclaimers": "the disclaimers there are",
        "missing": "the kinds of data",
        "outlier_days": "the days of one treatment course",
        "reasons": "the reasons there are",
        "reasons_to_hold": "the reasons there are",
    },
    "PushResult": {"results": "the operations of a push"},
    "Questionnaire": dict.fromkeys(("bands", "clusters", "cutoffs", "items"), "the questionnaire"),
    "QuestionnaireList": {"items": "the catalogue"},
    "QuestionnaireResponse": {"clusters": "the questionnaire"},
    "QuestionnaireSchedule": {"days_after_infusion": "what a request may send"},
    "SafetyAlert": {"escalations": "the channels of a clinic, each once"},
    "SafetyQuestion": {"options": "the answers there are"},
    "SafetySettings": dict.fromkeys(("crisis_contacts", "shown_contacts"), "what a request may send"),
    "Session": {
        "hold_limits_exceeded": "the limits there are",
        **dict.fromkeys(("interventions", "rate_changes", "side_effects"), "what a request may send"),
    },
    "SideEffectCatalogue": {"items": "the catalogue"},
    "SideEffects": dict.fromkeys(("days", "infusions", "prolonged", "sessions", "urinary"), "its period"),
    "StoredInfusion": {"dose_limits_exceeded": "the limits of a dose", "warnings": "the checks there are"},
    "StoredQuestionnaireResponse": {"clusters": "the questionnaire"},
    "SuitabilityCatalogue": dict.fromkeys(("indications", "questions"), "the catalogue"),
    "Summary": {
        "questionnaires_due": "the questionnaires",
        "ratings_asked": "the catalogue of daily ratings",
        "reasons_to_hold": "the reasons there are",
    },
    "Today": dict.fromkeys(
        ("questionnaires_answered", "questionnaires_due", "questions"), "the questions and questionnaires"
    ),
    "Trends": {
        "events": "its period and the quota of a day",
        "infusions": "its period",
        "series": "the measures",
    },
    "VitalResults": {"results": "what a request may send"},
    "WorklistEntry": {"seen_reasons": "the reasons there are"},
}


def test_no_response_has_a_list_without_an_end(document, operations):
    found: dict[str, set[str]] = {}
    for operation in operations.values():
        parameters = {_resolved(document, each)["name"] for each in operation.get("parameters", ())}
        for status, answer in operation["responses"].items():
            for media in _resolved(document, answer).get("content", {}).values():
                schema = media["schema"]
                body = _resolved(document, schema)
                assert body.get("type") != "array" or "maxItems" in body, operation["operationId"]
                if not status.startswith("2") or "cursor" in parameters:
                    continue
                unbounded = {name for name, each in body.get("properties", {}).items() if _has_no_end(each)}
                if unbounded:
                    found.setdefault(schema["$ref"].rpartition("/")[2], set()).update(unbounded)
    assert found == {name: set(members) for name, members in BOUNDED.items()}


def _has_no_end(member: dict[str, Any]) -> bool:
    return member.get("type") == "array" and "maxItems" not in member and "enum" not in member["items"]


def test_a_page_has_two_hundred_items_at_most(document, operations):
    for operation in operations.values():
        named = {
            each["name"]: each for each in (_resolved(document, p) for p in operation.get("parameters", ()))
        }
        if "cursor" in named:
            assert named["limit"]["schema"]["maximum"] <= 200, operation["operationId"]


def test_a_list_is_documented_as_long_as_its_service_makes_it(document):
    schemas = document["components"]["schemas"]
    most = {
        ("OpenedList", "items"): consents.MOST_CONSENTS,
        ("PriorList", "items"): proposals.MOST_LISTED,
        ("RecalibrationList", "items"): proposals.MOST_LISTED,
        ("ResponseCurves", "curves"): response_curves.MOST_CURVES,
        ("TotalsCourse", "points"): questionnaire_courses.MOST_POINTS,
        ("Costs", "items"): statements.MOST_LINES,
    }
    assert {key: schemas[key[0]]["properties"][key[1]]["maxItems"] for key in most} == most
