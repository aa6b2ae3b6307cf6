"""The OpenAPI file, and the page that shows it without asking any other host."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import flask_smorest
from flask import Flask, Response, current_app, jsonify, send_from_directory

from api.http.auth import public
from api.http.blueprint import component
from api.http.paths import DateConverter, PatientConverter, date_schema, patient_schema
from api.http.problems import KINDS, MEDIA_TYPE, of_http_error
from schemas.base import Rating, TimeZone, WholeNumber
from schemas.problems import ProblemSchema
from services.errors import NotFound

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException

ABOUT = (
    "Afterglow is the server a ketamine clinic runs: patients log mood, anxiety and side effects each day, "
    "and the clinic sees when each patient's next maintenance infusion is due, with its uncertainty and its "
    "reasons. Whatever a client creates it names, and PUTs, so that every retry is safe. Values of status, "
    "phase, reason codes and problem codes may gain new members within v1: treat them as open."
)
VERSION = "1.0.0"


class Api(flask_smorest.Api):  # type: ignore[misc]
    """flask-smorest with problems for errors, and the components every operation refers to."""

    def handle_http_exception(self, error: HTTPException) -> Response:
        """Answer with a problem; flask-smorest's own shape would lose the error's headers."""
        return of_http_error(error)

    def _register_responses(self) -> None:
        self.spec.components.schema("Problem", schema=ProblemSchema)
        for code, kind in KINDS.items():
            content = {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _example(code)}
            }
            self.spec.components.response(component(code), {"description": kind.title, "content": content})

    def _register_etag_headers(self) -> None:
        self.spec.components.header(
            "ETag", {"description": "The version of what was answered.", "schema": {"type": "string"}}
        )
        text = {"type": "string"}
        self.spec.components.parameter(
            "IfMatch",
            "header",
            {
                "name": "If-Match",
                "description": 'The version being changed, as "v3"; not needed the first time.',
                "schema": {**text, "pattern": '^"v[0-9]{1,9}"$'},
                "example": '"v1"',
            },
        )
        self.spec.components.parameter(
            "IfNoneMatch",
            "header",
            {"name": "If-None-Match", "description": "The tag you hold; answers 304 if it still stands."}
            | {"schema": text},
        )

    def _register_pagination_header(self) -> None:
        """Leave it out: pages carry next_cursor and a Link header."""


def _example(code: str) -> dict[str, Any]:
    kind = KINDS[code]
    body: dict[str, Any] = {"type": f"/problems/{code}", "title": kind.title, "status": kind.status}
    body |= {"detail": f"{kind.title}.", "code": code, "request_id": "0b8e8f3e-5c1d-4b57-9c2f-6f1f4e1f9a10"}
    if code == "invalid":
        body["errors"] = [
            {"pointer": "#/mood", "code": "not_whole", "detail": "Send a whole number from 0 to 10."}
        ]
    return body


def make_api(app: Flask) -> Api:
    """Make the API's register, with the security schemes and the fields OpenAPI should know."""
    app.config.update(API_TITLE="Afterglow", API_VERSION=VERSION, OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs={"info": {"description": ABOUT}, "servers": [{"url": "/"}]})
    schemes = api.spec.components
    schemes.security_scheme("person", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    scopes = {"summary:read": "Summaries, outlooks and the morning list.", "checkins:read": "Trends."}
    schemes.security_scheme(
        "integration",
        {"type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": "/oauth/token", "scopes": scopes}}},
    )
    api.register_field(Rating, "integer", None)
    api.register_field(WholeNumber, "integer", None)
    api.register_field(TimeZone, "string", None)
    api.register_converter(PatientConverter, patient_schema)
    api.register_converter(DateConverter, date_schema)
    return api


PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Afterglow API</title>
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
