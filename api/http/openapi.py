"""The OpenAPI file, and the page that shows it without asking any other host."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import flask_smorest
import marshmallow
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from flask import Flask, Response, current_app, jsonify, send_from_directory

from api.http.auth import public
from api.http.blueprint import component
from api.http.converters import (
    DateConverter,
    InstrumentConverter,
    PatientConverter,
    date_schema,
    instrument_schema,
    patient_schema,
)
from api.http.examples.core import EXAMPLES
from api.http.problems import KINDS, MEDIA_TYPE, http_error_response
from schemas.base import Amount, Strict, WholeNumber
from schemas.problems import ProblemSchema
from services.errors import NotFound, ServiceError

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

ABOUT = (
    "Afterglow is the server a ketamine clinic runs: patients log mood, anxiety and side effects each day, "
    "and the clinic sees when each patient's next maintenance infusion is due, with its uncertainty and its "
    "reasons. Whatever a client creates it names, and PUTs, so that every retry is safe. Values of status, "
    "phase, reason codes and problem codes may gain new members within v1: treat them as open."
)
VERSION = "1.0.0"
SCOPES = {
    "summary:read": "Summaries, outlooks and the morning list.",
    "checkins:read": "Trends, totals of questionnaires, judged baselines and vital signs.",
    "vitals:write": "Sending vital signs of an infusion, and nothing else.",
}
SAID = {"200": "Done.", "201": "Made.", "204": "Done; there is nothing to say.", "207": "Judged one by one."}
HEADERS = {
    "ETag": ("The version of what was answered.", {"type": "string"}),
    "Link": ('Where the next page is, as <...>; rel="next"; absent on the last.', {"type": "string"}),
    "RetryAfter": ("Seconds to wait before trying again.", {"type": "integer", "minimum": 0}),
    "WWWAuthenticate": ("How to sign in.", {"type": "string"}),
}
# Which problems come with which header; each is there whenever its status is.
HEADERS_OF = {
    "unauthenticated": {"WWW-Authenticate": "WWWAuthenticate"},
    "too_many_attempts": {"Retry-After": "RetryAfter"},
    "busy": {"Retry-After": "RetryAfter"},
    "removed": {"ETag": "ETag"},
    "stale": {"ETag": "ETag"},
    "version_required": {"ETag": "ETag"},
}


class Converter(OpenAPIConverter):
    """apispec's reader of schemas, told what a closed schema is and that absent is never null."""

    def init_attribute_functions(self) -> None:
        """Add ours after apispec's own."""
        super().init_attribute_functions()  # type: ignore[no-untyped-call]
        self.attribute_functions += [_without_null, self._documented_as]

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Describe a schema: closed where it is read, open to new members where it is written."""
        described: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        read = schema if isinstance(schema, type) else type(schema)
        if not issubclass(read, Strict):
            described.pop("additionalProperties", None)
        about = (read.__doc__ or "").strip()
        # What marshmallow says of its own class says nothing of ours.
        if about and read.__doc__ != marshmallow.Schema.__doc__:
            described["description"] = about
        return described

    def _documented_as(
        self, field: marshmallow.fields.Field[Any], ret: dict[str, Any], **_kwargs: Any
    ) -> dict[str, Any]:
        schema = field.metadata.get("documented_as")
        if schema is None:
            return {}
        ret.clear()
        return dict(self.resolve_nested_schema(schema))  # type: ignore[no-untyped-call]


def _without_null(
    _field: marshmallow.fields.Field[Any], ret: dict[str, Any], **_kwargs: Any
) -> dict[str, Any]:
    if isinstance(ret.get("type"), list):
        ret["type"] = next(kind for kind in ret["type"] if kind != "null")
    if "enum" in ret:
        ret["enum"] = [value for value in ret["enum"] if value is not None]
    if ret.get("default", ...) is None:
        del ret["default"]
    # That a schema is only written says already that its members are.
    ret.pop("readOnly", None)
    return {}


class Plugin(MarshmallowPlugin):
    """apispec's plugin for marshmallow, with our reader."""

    Converter = Converter


class Api(flask_smorest.Api):
    """flask-smorest with problems for errors, and the components every operation refers to."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer with a problem; flask-smorest's own shape would lose the error's headers."""
        return http_error_response(error)

    def _register_responses(self) -> None:
        self.spec.components.schema("Problem", schema=ProblemSchema)
        for code, kind in KINDS.items():
            answer: dict[str, Any] = {"description": f"{kind.title}."}
            if code in HEADERS_OF:
                answer["headers"] = {
                    name: {"$ref": f"#/components/headers/{of}"} for name, of in HEADERS_OF[code].items()
                }
            schema = {"$ref": "#/components/schemas/Problem"}
            answer["content"] = {MEDIA_TYPE: {"schema": schema, "example": _example(code)}}
            self.spec.components.response(component(code), answer)
        same = {"description": "You hold this very answer.", "headers": _etag_header()}
        self.spec.components.response("NotModified", same)

    def _register_etag_headers(self) -> None:
        for name, (description, schema) in HEADERS.items():
            # Only the last page has no Link; the others are there whenever they are named.
            header = {"description": description, "required": name != "Link", "schema": schema}
            self.spec.components.header(name, header)
        text = {"type": "string"}
        self.spec.components.parameter(
            "IfMatch",
            "header",
            {
                "name": "If-Match",
                "description": 'The version being changed, as "v3": the ETag it was read with. '
                "Not needed the first time, nor to send the same again.",
                "schema": {**text, "pattern": '^"v[0-9]{1,9}"$'},
                "example": '"v1"',
            },
        )
        self.spec.components.parameter(
            "IfNoneMatch",
            "header",
            {"name": "If-None-Match", "description": "The tag you hold; answers 304 if it still stands."}
            | {"schema": text, "example": '"v1"'},
        )

    def _register_pagination_header(self) -> None:
        """Leave it out: pages carry next_cursor and a Link header."""


def _example(code: str) -> dict[str, Any]:
    kind = KINDS[code]
    detail = _details(ServiceError).get(code, f"{kind.title}.")
    body: dict[str, Any] = {"type": f"/problems/{code}", "title": kind.title, "status": kind.status}
    body |= {"detail": detail, "code": code, "request_id": "0b8e8f3e-5c1d-4b57-9c2f-6f1f4e1f9a10"}
    if code == "invalid":
        body["errors"] = [
            {"pointer": "#/mood", "code": "not_whole", "detail": "Send a whole number from 0 to 10."}
        ]
    return body


def _details(kind: type[ServiceError]) -> dict[str, str]:
    found = {kind.code: kind.detail}
    for narrower in kind.__subclasses__():
        found |= _details(narrower)
    return found


def _etag_header() -> dict[str, Any]:
    return {"ETag": {"$ref": "#/components/headers/ETag"}}


def make_api(app: Flask) -> Api:
    """Make the API's register, with the security schemes and the fields OpenAPI should know."""
    app.config.update(API_TITLE="Afterglow", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    about = {"description": ABOUT}
    servers = [{"url": "/", "description": "The server that this file comes from."}]
    top = {"info": about, "servers": servers, "security": [{"person": []}], "marshmallow_plugin": Plugin()}
    api = Api(app, spec_kwargs=top)
    schemes = api.spec.components
    person = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    person["description"] = "The access token of a signed-in patient, clinician or admin."
    schemes.security_scheme("person", person)
    flow = {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": SCOPES}}
    integration = {"type": "oauth2", "description": "A system of the clinic's own.", "flows": flow}
    schemes.security_scheme("integration", integration)
    api.register_field(WholeNumber, "integer", None)
    api.register_field(Amount, "number", None)
    api.register_converter(PatientConverter, patient_schema)
    api.register_converter(DateConverter, date_schema)
    api.register_converter(InstrumentConverter, instrument_schema)
    return api


def complete(app: Flask, api: Api) -> None:
    """Add what is known only once every resource is registered."""
    api.spec.tag({"name": "health", "description": "Alive, ready"})
    state = {"type": "object", "required": ["status"], "properties": {"status": {"type": "string"}}}
    api.spec.components.schema("Health", state)
    ready = _health("getReadiness", "Tell whether the database answers and has this code's schema", "ready")
    ready["get"]["responses"]["503"] = _health_answer("Not ready.", "not ready")
    live = _health("getLiveness", "Tell that the process answers", "alive")
    for endpoint, operations in (("health.live", live), ("health.ready", ready)):
        api.spec.path(rule=next(app.url_map.iter_rules(endpoint)), operations=operations)
    for path, operations in api.spec._paths.items():  # noqa: SLF001  apispec has no other way to them
        for method, operation in operations.items():
            if method != "parameters":
                _complete_operation(path, operation)


def _health(name: str, summary: str, word: str) -> dict[str, Any]:
    answers = {"200": _health_answer("Yes.", word)}
    operation = {"operationId": name, "summary": summary, "tags": ["health"], "security": []}
    return {"get": {**operation, "responses": answers}}


def _health_answer(description: str, word: str) -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/Health"}, "example": {"status": word}}
    return {"description": description, "content": {"application/json": content}}


def _complete_operation(path: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    if "{" not in path:
        answers.pop("404", None)
    for status, answer in answers.items():
        content = answer.get("content", {}).get("application/json", {})
        name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
        if name in EXAMPLES:
            content["example"] = EXAMPLES[name]
        if name.endswith("Page"):
            answer.setdefault("headers", {})["Link"] = {"$ref": "#/components/headers/Link"}
        if answer.get("description") in ("OK", "Created", "No Content", "Multi-Status"):
            answer["description"] = SAID[status]
    operation["responses"] = dict(sorted(answers.items()))


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Afterglow API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="swagger-ui" aria-label="API reference">
<p>The API as a file: <a href="/openapi.json">openapi.json</a></p>
</main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
"""
START = 'window.ui = SwaggerUIBundle({url: "/openapi.json", dom_id: "#swagger-ui", validatorUrl: null});\n'
# Swagger UI writes style attributes and inline SVG; scripts and connections stay with this host.
POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
POLICY += "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def install(app: Flask, api: Api) -> None:
    """Serve the file, its page and what each problem means."""
    complete(app, api)
    assets = str(files("flask_swagger_ui") / "dist")

    @app.get("/openapi.json")
    @public
    def openapi() -> Response:
        return jsonify(api.spec.to_dict())

    @app.get("/docs")
    @public
    def docs() -> Response:
        response = current_app.response_class(PAGE, mimetype="text/html")
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.get("/docs/start.js")
    @public
    def docs_start() -> Response:
        return current_app.response_class(START, mimetype="text/javascript")

    @app.get("/docs/<any('swagger-ui.css', 'swagger-ui-bundle.js'):name>")
    @public
    def docs_asset(name: str) -> Response:
        return send_from_directory(assets, name)

    @app.get("/problems/<code>")
    @public
    def problem_type(code: str) -> Response:
        kind = KINDS.get(code)
        if kind is None:
            raise NotFound
        return jsonify({"type": f"/problems/{code}", "title": kind.title, "status": kind.status})
