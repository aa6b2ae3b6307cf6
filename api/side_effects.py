"""The catalogue of side effects."""

from __future__ import annotations

from typing import Any

from api.http.auth import public
from api.http.blueprint import Blueprint
from api.http.etag import not_modified, revalidated, tagged
from clinical.check_in import Severity
from clinical.side_effects import CATALOGUE
from schemas.side_effects import SideEffectCatalogueSchema

blueprint = Blueprint("side_effects", __name__, description="What a patient may name")
EDITION = "side-effects-1"
PUBLIC = {"Cache-Control": "public, max-age=3600"}


@blueprint.route("/v1/catalog/side-effects")
@public
@revalidated
@blueprint.response(200, SideEffectCatalogueSchema)
def list_side_effects() -> Any:
    """List the side effects a patient may name, and the severities"""
    body = {"items": CATALOGUE, "severities": [str(level) for level in Severity]}
    return not_modified(EDITION, **PUBLIC) or (body, tagged(EDITION, **PUBLIC))
