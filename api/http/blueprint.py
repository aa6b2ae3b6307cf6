"""Blueprints of flask-smorest with strict request bodies and documented problems."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import Request, current_app
from marshmallow import RAISE
from webargs.flaskparser import FlaskParser

from api.http import strict_json
from api.http.auth import AccessPolicy
from api.http.problems import PROBLEM_TYPES
from clinical.sentences import Sentence
from schemas.base import has_texts
from services.access import Role
from services.errors import FieldError, Invalid, ServiceError

FORM_TYPES = ("application/x-www-form-urlencoded",)
MAX_FORM_FIELDS = 100
"""Most fields of a form; a token request has five. Operational."""
TOO_MANY_FIELDS = Sentence("Send at most {number} fields in one form.", number=MAX_FORM_FIELDS)


class NotAFormRequest(ServiceError):
    """The body of a token request is not declared as a form."""

    code = "not_a_form_request"
    detail = Sentence(
        "Send a form, with the header Content-Type: application/x-www-form-urlencoded (RFC 6749)."
    )


class StrictParser(FlaskParser):
    """A webargs parser that reads bodies with `strict_json` and rejects unknown members."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012  webargs reads it off the class
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "json": RAISE,
        "form": RAISE,
        "query": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        strict_json.reject_other_types(req)
        view = current_app.view_functions.get(req.endpoint or "")
        storable = not getattr(view, "checks_storable_text", False)
        return strict_json.loads(req.get_data(cache=True), storable=storable)

    def load_form(self, req: Request, schema: Any) -> Any:
        """Return the fields of a form; raises NotAFormRequest, or Invalid for a repeated field."""
        if req.mimetype not in FORM_TYPES:
            raise NotAFormRequest
        if req.get_data(cache=True).count(b"&") >= MAX_FORM_FIELDS:
            raise Invalid(FieldError("", "too_many_values", TOO_MANY_FIELDS))
        twice = [name for name, values in req.form.lists() if len(values) > 1]
        if twice:
            # RFC 6749, section 3.2: a field must not be repeated, since one of the values would be ignored.
            raise Invalid(
                *(
                    FieldError(
                        f"/{name}", "repeated_name", Sentence("This field appears twice: send it once.")
                    )
                    for name in twice
                )
            )
        return super().load_form(req, schema)


def checks_storable_text(view: Any) -> Any:
    """Leave rejecting text that cannot be stored to the view, by `strict_json.unstorable`."""
    view.checks_storable_text = True
    return view


class Blueprint(flask_smorest.Blueprint):
    """A blueprint whose operations document their name, access policy and problems."""

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(_describe_operation)

    def arguments(self, schema: Any, *, location: str = "json", **kwargs: Any) -> Any:
        """Declare the view's arguments as flask-smorest does, and note whether it takes a query or a body."""
        # One instance for all requests: creating a schema is slow.
        schema = schema() if isinstance(schema, type) else schema
        declare = super().arguments(schema, location=location, **kwargs)

        def decorate(view: Any) -> Any:
            wrapped = declare(view)
            wrapped.takes_query = location == "query" or getattr(view, "takes_query", False)
            wrapped.takes_body = location in ("json", "form") or getattr(view, "takes_body", False)
            return wrapped

        return decorate

    def response(self, status_code: int, schema: Any = None, **kwargs: Any) -> Any:
        """Declare the view's response as flask-smorest does, and document whether it has texts."""
        schema = schema() if isinstance(schema, type) else schema
        declare = super().response(status_code, schema, **kwargs)

        def decorate(view: Any) -> Any:
            wrapped = declare(view)
            if schema is not None and has_texts(schema):
                wrapped._apidoc = {**wrapped._apidoc, "has_texts": True}  # noqa: SLF001
            return wrapped

        return decorate


def also_answers(*codes: str) -> Any:
    """Document that the view may return these problems in addition to the usual ones."""

    def decorate(view: Any) -> Any:
        view._apidoc = {**getattr(view, "_apidoc", {}), "also_answers": codes}  # noqa: SLF001
        return view

    return decorate


def takes_csv(example: str) -> Any:
    """Declare that the view's body is a CSV file, which the view reads itself."""

    def decorate(view: Any) -> Any:
        view.takes_body = True
        content = {"text/csv": {"schema": {"type": "string"}, "example": example}}
        described = {"required": True, "content": content}
        view._apidoc = {**getattr(view, "_apidoc", {}), "csv_body": described}  # noqa: SLF001
        return view

    return decorate


def also_drawn(view: Any) -> Any:
    """Document that the view also returns SVG and PNG."""
    view._apidoc = {**getattr(view, "_apidoc", {}), "also_drawn": True}  # noqa: SLF001
    return view


def also_printed(view: Any) -> Any:
    """Document that the view also returns an HTML page to print."""
    view._apidoc = {**getattr(view, "_apidoc", {}), "also_printed": True}  # noqa: SLF001
    return view


def _describe_operation(doc: dict[str, Any], doc_info: dict[str, Any], **_context: Any) -> dict[str, Any]:
    access_policy: AccessPolicy = doc_info["access_policy"]
    first, *rest = doc_info["operation"].split("_")
    doc["operationId"] = first + "".join(part.capitalize() for part in rest)
    responses = {
        str(status): answer for status, answer in doc.get("responses", {}).items() if isinstance(answer, dict)
    }
    if "csv_body" in doc_info:
        doc["requestBody"] = doc_info["csv_body"]
    codes = _problem_codes(access_policy, doc, doc_info)
    for code in codes:
        responses.setdefault(
            str(PROBLEM_TYPES[code].status), {"$ref": f"#/components/responses/{component(code)}"}
        )
    doc["responses"] = responses
    if "not_acceptable" in codes:
        _describe_lines(responses["200"])
    if doc_info.get("also_drawn"):
        _describe_pictures(responses["200"])
    if doc_info.get("also_printed"):
        responses["200"]["content"]["text/html"] = {"schema": {"type": "string"}}
    if doc_info.get("rate_limited"):
        _describe_rate_limit(responses)
    if doc_info.get("conditional"):
        _describe_conditions(doc, doc_info["conditional"])
    if "token_refused" not in codes:
        # Problems have texts; those of OAuth are in English.
        doc.setdefault("parameters", []).append("AcceptLanguage")
    if doc_info.get("has_texts"):
        _describe_language(responses)
    _describe_access(doc, access_policy)
    return doc


PLURALS = {
    Role.PATIENT: "patients",
    Role.CLINICIAN: "clinicians",
    Role.NURSE: "nurses",
    Role.FRONT_DESK: "the front desk",
    Role.BILLING: "billing",
    Role.ADMIN: "admins",
    Role.DELEGATE: "delegates",
}


def _describe_access(doc: dict[str, Any], policy: AccessPolicy) -> None:
    """Document who may call an operation: in its description, as security, and as extensions."""
    roles, callers = policy.role_names, [PLURALS[role] for role in PLURALS if role in policy.roles]
    doc["security"] = [] if policy.public else [{"user": []}]
    if policy.scope is not None:
        doc["security"].append({"integration": [str(policy.scope)]})
        doc["x-required-scope"] = str(policy.scope)
        callers.append(f"API clients with the scope `{policy.scope}`")
    if policy.part is not None:
        doc["x-delegate-part"] = str(policy.part)
        callers.append(f"delegates with whom the patient shares `{policy.part}`")
    doc["x-allowed-roles"] = roles or ["anyone"]
    # Moved into the description once flask-smorest has written that from the view's docstring.
    doc["x-callers"] = f"May be called by: {', '.join(callers) or 'anyone, without an access token'}."


def _problem_codes(access_policy: AccessPolicy, doc: dict[str, Any], doc_info: dict[str, Any]) -> list[str]:
    codes = [*doc_info.get("also_answers", ()), "bad_request"]
    if "token_refused" not in codes:
        codes.append("invalid")
    if not access_policy.public:
        codes += ["unauthenticated", "forbidden", "not_found"]
    if "requestBody" in doc:
        codes += ["body_too_large", "not_a_json_request"]
    if doc_info.get("conditional") == "versioned":
        codes += ["conflict", "removed", "stale", "version_required", "quota_exceeded"]
    return [*codes, "busy", *(["storage_full"] if "requestBody" in doc else [])]


def component(code: str) -> str:
    """Return the name of the OpenAPI component of a problem code."""
    return "".join(part.capitalize() for part in code.split("_"))


def _describe_rate_limit(responses: dict[str, Any]) -> None:
    named = {"RateLimit-Policy": "RateLimitPolicy", "RateLimit": "RateLimit"}
    for status, response in responses.items():
        if status.startswith("2") and isinstance(response, dict):
            described = {name: {"$ref": f"#/components/headers/{of}"} for name, of in named.items()}
            response.setdefault("headers", {}).update(described)


def _describe_language(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status.startswith("2") and isinstance(response, dict):
            named = {"$ref": "#/components/headers/ContentLanguage"}
            response.setdefault("headers", {})["Content-Language"] = named


def _describe_lines(response: dict[str, Any]) -> None:
    response["content"]["text/csv"] = {"schema": {"type": "string"}}
    response["content"]["application/x-ndjson"] = {"schema": {"type": "string"}}


def _describe_pictures(response: dict[str, Any]) -> None:
    response["content"]["image/svg+xml"] = {"schema": {"type": "string"}}
    response["content"]["image/png"] = {"schema": {"type": "string", "contentMediaType": "image/png"}}


def _describe_conditions(doc: dict[str, Any], how: str) -> None:
    if how == "versioned":
        doc.setdefault("parameters", []).append("IfMatch")
    if how == "revalidated":
        doc.setdefault("parameters", []).append("IfNoneMatch")
        doc["responses"]["304"] = {"$ref": "#/components/responses/NotModified"}
    for status, response in doc["responses"].items():
        if str(status).startswith("2") and isinstance(response, dict):
            response.setdefault("headers", {})["ETag"] = {"$ref": "#/components/headers/ETag"}
