"""The OpenAPI document: components, security, examples and links that flask-smorest does not add."""

from __future__ import annotations

import inspect
import re
from threading import RLock
from typing import TYPE_CHECKING, Any

import flask_smorest
import marshmallow
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask, Response, jsonify

from api.http.auth import public
from api.http.blueprint import component
from api.http.converters import (
    DateConverter,
    InstrumentConverter,
    MedicalListConverter,
    PatientConverter,
    date_schema,
    instrument_schema,
    medical_list_schema,
    patient_schema,
)
from api.http.etag import NUMBER
from api.http.examples import EXAMPLES
from api.http.problems import MEDIA_TYPE, PROBLEM_TYPES, http_error_response
from clinical.translations import LANGUAGES
from config import VERSION
from schemas.base import DecimalNumber, Strict, WholeNumber
from schemas.problems import ProblemSchema
from services.errors import NotFound, ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.exceptions import HTTPException

DESCRIPTION = """\
Afterglow is the server of a ketamine clinic. Patients log mood, anxiety and side effects each day, and the
clinic sees when each patient's next maintenance infusion is due, with its uncertainty and its reasons.

- **Retries are safe.** The client chooses the id of what it creates and sends it with PUT; the same request
  sent again changes nothing.
- **Changes name a version.** A response carries its version as ETag; a change sends it as If-Match. Without
  it the response is 428, with an old one 412; both show `version` and `current`.
- **Enums are open.** Any enum of a response (status, phase, reason and problem codes and so on) may gain
  members within v1: treat an unknown value as "other", never as an error. Enums of requests are closed.
- **Absent is never null.** A member without a value is left out. New members may appear in any response.
- **Access tokens** last ten minutes (`POST /v1/auth/login`, `POST /oauth/token`). Every operation names the
  roles and scopes that may call it; other callers get 401 or 403.
- **Errors** are problem documents (RFC 9457): act on `code`, show `detail`.
"""
SOURCES = re.compile(r"^Source: .*", re.DOTALL | re.MULTILINE)
"""The end of a docstring that names the sources of a schema's numbers."""
SCOPES = {
    "summary:read": "Read summaries, outlooks and the worklist.",
    "trends:read": "Read trends, questionnaire totals, clinician-rated baselines and vital signs.",
    "reports:read": "Read the clinic's outcomes, without small groups.",
    "vitals:write": "Send the vital signs of an infusion.",
}
STATUS_DESCRIPTIONS = {
    "200": "The current state, after the request.",
    "201": "Created.",
    "204": "Done; the response has no body.",
    "207": "A result for each item.",
}
# Pages of docs/ about the operations of a tag; the server serves them, and in a checkout they are files.
DOC_PAGES = {
    "access_log": "sharing",
    "check_ins": "clinical/questions",
    "consents": "sharing",
    "consultations": "clinical/consultation",
    "costs": "costs",
    "daily_ratings": "clinical/daily_ratings",
    "event_log": "sharing",
    "events": "clinical/events",
    "medical_history": "clinical/consultation",
    "outlooks": "clinical/outlook",
    "questionnaires": "clinical/questionnaires",
    "reports": "clinical/outcomes",
    "response_curves": "clinical/response_curves",
    "response_reviews": "clinical/response_review",
    "safety": "clinical/safety",
    "scores": "clinical/scores",
    "sync": "sync",
    "treatment_courses": "clinical/courses",
    "worklist": "clinical/attention",
    "worklist_entries": "clinical/attention",
}
PATH_PARAMETERS = {
    "account_id": "The account of a member of staff.",
    "alert_id": "The safety alert.",
    "client_id": "The API client; chosen by the admin who registers it.",
    "clinic_id": "The clinic; another clinic's is not found.",
    "code": "The one-use code of an invitation, or the code of a questionnaire, as phq-9.",
    "consent_id": "The consent; chosen by the client that creates it.",
    "course_id": "The treatment course; chosen by the client that creates it.",
    "decision_id": "The decision; chosen by the client that creates it.",
    "entry_id": "The entry; chosen by the client that creates it.",
    "event_id": "The event; chosen by the client that creates it.",
    "infusion_id": "The infusion; chosen by the client that creates it.",
    "instrument": "The questionnaire.",
    "instrument_version": "The version of the questionnaire, as its entry in the catalogue names it.",
    "list_name": "The list.",
    "local_date": "The day in the patient's time zone, as 2026-11-21.",
    "reading_id": "The reading; chosen by the client that creates it.",
    "review_id": "The response review; chosen by the client that creates it.",
    "response_id": "The questionnaire response; chosen by the client that creates it.",
    "sign_in_id": "The sign-in of a device, as the list of devices shows it.",
}
HEADERS = {
    "ETag": ("The version of the resource: send it as If-Match to change it.", {"type": "string"}),
    "ContentLanguage": (
        "Language of the texts in the response; absent from one without texts.",
        {"type": "string", "enum": list(LANGUAGES)},
    ),
    "Link": ('The address of the next page, as <...>; rel="next"; absent on the last.', {"type": "string"}),
    "RetryAfter": ("Seconds to wait before the next attempt.", {"type": "integer", "minimum": 0}),
    "RateLimitPolicy": (
        'How many dear reads in how many seconds: "dear-reads";q=300;w=60.',
        {"type": "string"},
    ),
    "RateLimit": (
        'How many are left, and in how many seconds all are again: "dear-reads";r=12;t=34.',
        {"type": "string"},
    ),
    "WWWAuthenticate": ('Authentication scheme; error="invalid_token" for a bad token.', {"type": "string"}),
}
RATE_LIMIT = {"RateLimit-Policy": "RateLimitPolicy", "RateLimit": "RateLimit"}
# Headers of problem responses.
PROBLEM_HEADERS = {
    "unauthenticated": {"WWW-Authenticate": "WWWAuthenticate"},
    "too_many_attempts": {"Retry-After": "RetryAfter"},
    "quota_exceeded": {"Retry-After": "RetryAfter"},
    "rate_limited": {"Retry-After": "RetryAfter", **RATE_LIMIT},
    "busy": {"Retry-After": "RetryAfter"},
    "storage_full": {"Retry-After": "RetryAfter"},
    "removed": {"ETag": "ETag"},
    "stale": {"ETag": "ETag"},
    "version_required": {"ETag": "ETag"},
}


class Converter(OpenAPIConverter):
    """apispec's converter of schemas, where requests are closed and absent is never null."""

    def init_attribute_functions(self) -> None:
        """Add our attribute functions after those of apispec."""
        super().init_attribute_functions()  # type: ignore[no-untyped-call]
        self.attribute_functions += [_without_null, self._documented_as]

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Return a JSON schema: closed for requests, open to new members for responses."""
        converted: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        class_ = schema if isinstance(schema, type) else type(schema)
        if not issubclass(class_, Strict):
            converted.pop("additionalProperties", None)
        # Sources of numbers are for docs/clinical/thresholds.md, not for clients.
        description = SOURCES.sub("", inspect.cleandoc(class_.__doc__ or "")).strip()
        # A schema without a docstring has that of marshmallow.
        if description and class_.__doc__ != marshmallow.Schema.__doc__:
            converted["description"] = description
        return converted

    def _documented_as(
        self, field: marshmallow.fields.Field[Any], ret: dict[str, Any], **_kwargs: Any
    ) -> dict[str, Any]:
        schema = field.metadata.get("documented_as")
        if schema is None:
            return {}
        ret.clear()
        described = {name: field.metadata[name] for name in ("description",) if name in field.metadata}
        return {**self.resolve_nested_schema(schema), **described}  # type: ignore[no-untyped-call]


def _without_null(
    _field: marshmallow.fields.Field[Any], ret: dict[str, Any], **_kwargs: Any
) -> dict[str, Any]:
    if isinstance(ret.get("type"), list):
        ret["type"] = next(kind for kind in ret["type"] if kind != "null")
    if "enum" in ret:
        ret["enum"] = [value for value in ret["enum"] if value is not None]
    if ret.get("default", ...) is None:
        del ret["default"]
    # Schemas of responses are not those of requests, so readOnly adds nothing.
    ret.pop("readOnly", None)
    return {}


class Plugin(MarshmallowPlugin):
    """apispec's plugin for marshmallow, with our converter."""

    Converter = Converter


class Api(flask_smorest.Api):
    """flask-smorest with problem documents for errors, and the components that operations refer to.

    The operations are described when `spec` is first read: most commands and requests never ask for the
    document, and describing all of it takes a fifth of the time in which a command starts.
    """

    def __init__(self, app: Flask, **options: Any) -> None:
        self._described = RLock()
        self._undescribed: list[flask_smorest.Blueprint] = []
        super().__init__(app, **options)

    @property
    def spec(self) -> APISpec:
        """The document, complete."""
        # Describing an operation reads this property again: by then the list is empty.
        with self._described:
            blueprints, self._undescribed = self._undescribed, []
            for blueprint in blueprints:
                blueprint.register_views_in_doc(
                    self, self._app, self._spec, name=blueprint.name, parameters=None
                )
                self._spec.tag({"name": blueprint.name, "description": blueprint.description})
            if blueprints:
                complete(self._spec)
            return self._spec

    @spec.setter
    def spec(self, spec: APISpec) -> None:
        # flask-smorest sets it, at first to None.
        self._spec = spec

    def register_blueprint(self, blueprint: flask_smorest.Blueprint) -> None:
        """Register the views of a blueprint now, and describe its operations when the document is read."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._undescribed.append(blueprint)

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Return a problem; flask-smorest's own response would lose the error's headers."""
        return http_error_response(error)

    def _register_responses(self) -> None:
        # Overrides what flask-smorest calls in init_app, as the next two do.
        self.spec.components.schema("Problem", schema=ProblemSchema)
        self.spec.components.schemas["Problem"]["properties"]["code"]["enum"] = list(PROBLEM_TYPES)
        for code, problem_type in PROBLEM_TYPES.items():
            response: dict[str, Any] = {"description": f"{problem_type.title}."}
            headers = PROBLEM_HEADERS.get(code, {}) | {"Content-Language": "ContentLanguage"}
            response["headers"] = {
                name: {"$ref": f"#/components/headers/{of}"} for name, of in headers.items()
            }
            schema = {"$ref": "#/components/schemas/Problem"}
            response["content"] = {MEDIA_TYPE: {"schema": schema, "example": _example(code)}}
            self.spec.components.response(component(code), response)
        not_modified = {"description": "The version you have is current.", "headers": _etag_header()}
        self.spec.components.response("NotModified", not_modified)

    def _register_etag_headers(self) -> None:
        # Registers every header of responses, and the parameters If-Match and If-None-Match.
        for name, (description, schema) in HEADERS.items():
            # The last page has no Link, and a response without texts no language; the others are always sent.
            required = name not in {"Link", "ContentLanguage"}
            header = {"description": description, "required": required, "schema": schema}
            self.spec.components.header(name, header)
        text = {"type": "string"}
        self.spec.components.parameter(
            "IfMatch",
            "header",
            {
                "name": "If-Match",
                "description": 'The version being changed, as "v3": the ETag it was read with. '
                "Not needed to create, nor to send the same again.",
                "schema": {**text, "pattern": f'^((W/)?"v({NUMBER})"|v({NUMBER}))$'},
                "example": '"v1"',
            },
        )
        self.spec.components.parameter(
            "IfNoneMatch",
            "header",
            {
                "name": "If-None-Match",
                "description": "The ETag of the response you have; the answer is 304 while it is current.",
            }
            | {"schema": text, "example": '"v1"'},
        )

        self.spec.components.parameter(
            "AcceptLanguage",
            "header",
            {
                "name": "Accept-Language",
                "description": "Languages of the texts (RFC 9110): en or es, else English.",
            }
            | {"schema": text, "example": "es-US, es;q=0.9, en;q=0.5"},
        )

    def _register_pagination_header(self) -> None:
        """Leave it out: pages carry next_cursor and a Link header."""


EXAMPLE_MEMBERS: Mapping[str, dict[str, Any]] = {
    "invalid": {
        "errors": [{"pointer": "#/mood", "code": "not_whole", "detail": "Send a whole number from 0 to 10."}]
    },
    "forbidden": {"required_roles": ["clinician", "admin"]},
    "insufficient_scope": {"required_scope": "summary:read"},
    "removed": {"version": 3},
    "stale": {"version": 2, "current": {**EXAMPLES["CheckIn"], "version": 2}},
    "version_required": {"version": 1, "current": EXAMPLES["CheckIn"]},
}


def _example(code: str) -> dict[str, Any]:
    problem_type = PROBLEM_TYPES[code]
    detail = problem_type.detail or _details(ServiceError).get(code, f"{problem_type.title}.")
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": problem_type.title,
        "status": problem_type.status,
    }
    body |= {"detail": detail, "code": code, "request_id": "0b8e8f3e-5c1d-4b57-9c2f-6f1f4e1f9a10"}
    return body | EXAMPLE_MEMBERS.get(code, {})


def _details(kind: type[ServiceError]) -> dict[str, str]:
    found: dict[str, str] = {kind.code: kind.detail}
    for narrower in kind.__subclasses__():
        found |= _details(narrower)
    return found


def _etag_header() -> dict[str, Any]:
    return {"ETag": {"$ref": "#/components/headers/ETag"}}


def make_api(app: Flask) -> Api:
    """Create the API with its security schemes, fields and converters."""
    app.config.update(API_TITLE="Afterglow", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    licence = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
    info = {"description": DESCRIPTION, "license": licence}
    servers = [{"url": "/", "description": "The server that this document comes from."}]
    top = {"info": info, "servers": servers, "security": [{"user": []}], "marshmallow_plugin": Plugin()}
    top["externalDocs"] = {"url": "docs/index.md", "description": "The documentation, by reader."}
    api = Api(app, spec_kwargs=top)
    schemes = api.spec.components
    user = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    user["description"] = "The access token of a signed-in patient, clinician, admin or delegate."
    schemes.security_scheme("user", user)
    flow = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}}
    integration = {
        "type": "oauth2",
        "description": "An API client that an admin of the clinic registered.",
        "flows": flow,
    }
    schemes.security_scheme("integration", integration)
    api.register_field(WholeNumber, "integer", None)
    api.register_field(DecimalNumber, "number", None)
    api.register_converter(PatientConverter, patient_schema)
    api.register_converter(DateConverter, date_schema)
    api.register_converter(InstrumentConverter, instrument_schema)
    api.register_converter(MedicalListConverter, medical_list_schema)
    return api


def complete(spec: APISpec) -> None:
    """Add what is known only once every resource is described: examples and links to the documentation."""
    for tag in spec._tags:  # noqa: SLF001  apispec has no other way to them
        if tag["name"] in DOC_PAGES:
            tag["externalDocs"] = {"url": f"docs/{DOC_PAGES[tag['name']]}.md"}
    for parameter in (each for item in spec._paths.values() for each in item.get("parameters", ())):  # noqa: SLF001
        if parameter["name"] in PATH_PARAMETERS:
            parameter["description"] = PATH_PARAMETERS[parameter["name"]]
    for path, operations in spec._paths.items():  # noqa: SLF001  apispec has no other way to them
        for method, operation in operations.items():
            if method != "parameters":
                _finish_operation(path, operation)


def _finish_operation(path: str, operation: dict[str, Any]) -> None:
    callers = operation.pop("x-callers")
    operation["description"] = "\n\n".join(filter(None, [operation.get("description"), callers]))
    responses = operation["responses"]
    if "{" not in path:
        responses.pop("404", None)
    for status, response in responses.items():
        content = response.get("content", {}).get("application/json", {})
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name in EXAMPLES:
            content.setdefault("example", EXAMPLES[name])
        if name.endswith("Page"):
            response.setdefault("headers", {})["Link"] = {"$ref": "#/components/headers/Link"}
        if response.get("description") in ("OK", "Created", "No Content", "Multi-Status"):
            response["description"] = STATUS_DESCRIPTIONS[status]
    operation["responses"] = dict(sorted(responses.items()))


def install(app: Flask, api: Api) -> None:
    """Serve the document, and what each kind of problem is."""

    @app.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(api.spec.to_dict())

    @app.get("/problems/<code>")
    @public
    def problem_type(code: str) -> Response:
        found = PROBLEM_TYPES.get(code)
        if found is None:
            raise NotFound
        return jsonify({"type": f"/problems/{code}", "title": found.title, "status": found.status})
