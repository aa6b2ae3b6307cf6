"""The clinic's API clients: the systems that pull summaries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import jsonify

from api.http.auth import allow
from api.http.blueprint import Blueprint, also_answers
from api.http.pagination import page, page_request
from api.http.transaction import context
from schemas.api_clients import ApiClientSchema, NewApiClientSchema
from schemas.base import OrderedQuery, page_of
from services import api_clients
from services.access import Role

blueprint = Blueprint(
    "api_clients",
    __name__,
    url_prefix="/v1/clinics/<uuid:clinic_id>/api-clients",
    description="API clients of other systems",
)


@blueprint.route("")
@allow(Role.ADMIN)
@blueprint.arguments(OrderedQuery, location="query")
@blueprint.response(200, page_of(ApiClientSchema))
def list_api_clients(query: dict[str, Any], clinic_id: UUID) -> Any:
    """List a clinic's API clients"""
    found = api_clients.page(context(), clinic_id, page_request(query))
    return page(found.items, found.next_position)


@blueprint.route("/<uuid:client_id>", methods=["PUT"])
@allow(Role.ADMIN)
@also_answers("conflict")
@blueprint.arguments(
    NewApiClientSchema,
    example={"name": "Warehouse", "scopes": ["summary:read"], "expires_at": "2027-11-22T00:00:00Z"},
)
@blueprint.response(200, ApiClientSchema)
@blueprint.alt_response(201, schema=ApiClientSchema, description="Created; the secret is shown only here.")
def put_api_client(body: dict[str, Any], clinic_id: UUID, client_id: UUID) -> Any:
    """Register an API client

    The secret is in the response that creates the client and in no other. Idempotent: the same client sent
    again gets the response without it.
    """
    wanted = api_clients.NewClient(body["name"], tuple(body["scopes"]), body["expires_at"])
    client, secret = api_clients.register(context(), clinic_id, client_id, wanted)
    if secret is None:
        return client, 200
    return jsonify({**ApiClientSchema().dump(client), "client_secret": secret}), 201


@blueprint.route("/<uuid:client_id>", methods=["DELETE"])
@allow(Role.ADMIN)
@blueprint.response(204)
def revoke_api_client(clinic_id: UUID, client_id: UUID) -> None:
    """Revoke an API client and its tokens"""
    api_clients.revoke(context(), clinic_id, client_id)
