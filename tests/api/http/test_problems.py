"""Problem details: complete sentences of ours, and what a 401 or a 403 wanted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields
from marshmallow.validate import Regexp

from api.http.problems import PROBLEM_TYPES, SENTENCES, field_error
from models.api_clients import ApiClient
from schemas.base import Strict
from services.errors import ServiceError

SENTENCE = re.compile(r"(?:[A-Z]|null ).*[.)]", re.DOTALL)
# Messages of marshmallow that only writing raises, or that our own fields replace before they are raised.
NEVER_RAISED = {"validator_failed", "format", "invalid_awareness", "too_large"}


def all_subclasses(parent: type[Any]) -> Iterator[type[Any]]:
    for child in parent.__subclasses__():
        yield child
        yield from all_subclasses(child)


def fields_of(schema: Schema) -> Iterator[fields.Field[Any]]:
    for field in schema.fields.values():
        yield field
        if isinstance(field, fields.List):
            yield field.inner


@pytest.mark.usefixtures("app")
def test_every_message_of_a_request_schema_is_a_sentence_of_ours():
    foreign = set()
    for schema in (each() for each in all_subclasses(Strict) if each.__module__.startswith("schemas.")):
        for field in fields_of(schema):
            for key, message in field.error_messages.items():
                text = str(message).replace("{obj_type}", getattr(field, "OBJ_TYPE", ""))
                code, colon, _ = text.partition(": ")
                if key not in NEVER_RAISED and text not in SENTENCES and not (colon and code.isidentifier()):
                    foreign.add((type(schema).__name__, field.name, key, text))
            for validator in field.validators:
                error = getattr(validator, "error", "own: it raises its own sentence")
                if not re.match(r"\w+: ", str(error)):
                    foreign.add((type(schema).__name__, field.name, type(validator).__name__, str(error)))
    assert sorted(foreign) == []


@pytest.mark.usefixtures("app")
def test_no_pattern_of_a_request_schema_accepts_a_line_break_at_its_end():
    open_ended = [
        (type(schema).__name__, field.name)
        for schema in (each() for each in all_subclasses(Strict) if each.__module__.startswith("schemas."))
        for field in fields_of(schema)
        for validator in field.validators
        if isinstance(validator, Regexp) and not str(validator.regex.pattern).endswith("Z")
    ]
    assert open_ended == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_message_of_marshmallow_becomes_a_sentence_that_names_what_to_send(sentence):
    error = field_error("/mood", sentence)
    assert error.code.isidentifier()
    assert SENTENCE.fullmatch(error.detail)
    assert error.detail != sentence


def test_every_detail_of_an_error_is_a_complete_sentence():
    details = [kind.detail for kind in PROBLEM_TYPES.values() if kind.detail]
    details += [error.detail for error in all_subclasses(ServiceError)]
    assert [detail for detail in details if not SENTENCE.fullmatch(detail)] == []


def test_a_missing_token_gets_no_error_code_and_a_bad_one_is_called_invalid(client):
    missing = client.get("/v1/me").headers["WWW-Authenticate"]
    bad = client.get("/v1/me", headers={"Authorization": "Bearer abc"}).headers["WWW-Authenticate"]
    assert missing == 'Bearer realm="afterglow"'
    assert bad == 'Bearer realm="afterglow", error="invalid_token"'


def test_a_403_names_the_roles_that_may(client, people):
    refused = client.get(f"/v1/clinics/{people.clinic_id}/api-clients", headers=people.patient.headers)
    assert (refused.status_code, refused.json["required_roles"]) == (403, ["admin"])
    assert refused.json["detail"] == (
        "Your account's roles (patient) do not allow this. It is open to: admin."
    )


def test_a_403_names_the_scope_that_an_api_client_lacks(client, people, database):
    with database.write(people.clinic_id) as session:
        session.get_one(ApiClient, people.integration.id).scopes = "vitals:write"
    path = f"/v1/patients/{people.patient.patient_id}/summary"
    refused = client.get(path, headers=people.integration.headers)
    assert (refused.status_code, refused.json["required_scope"]) == (403, "summary:read")
    assert "summary:read" in refused.json["detail"]
    assert 'scope="summary:read"' in refused.headers["WWW-Authenticate"]


def test_a_body_of_the_wrong_shape_is_answered_with_what_to_send(client, people):
    path = "/v1/patients/me/check-ins/2026-11-21"
    refused = client.put(path, json={"mood": None, "moood": 3, "note": 5}, headers=people.patient.headers)
    details = {error["pointer"]: error["detail"] for error in refused.json["errors"]}
    assert details["#/mood"] == "null is not accepted: send a value, or leave it out."
    assert details["#/moood"] == "This name is not known here: check its spelling, or leave it out."
    assert details["#/note"] == "Send text, in double quotes."
    assert details["#/anxiety"] == "This is required: send a value."


@pytest.mark.parametrize("code", ["stale", "version_required"])
def test_the_examples_of_a_lost_update_show_what_is_stored(app, code):
    document = app.test_client().get("/openapi.json").get_json()
    name = "".join(part.capitalize() for part in code.split("_"))
    [media] = document["components"]["responses"][name]["content"].values()
    assert media["example"]["current"]["version"] == media["example"]["version"]
