"""The catalogue of side effects."""

from __future__ import annotations

from marshmallow import Schema, fields


class SideEffectKindSchema(Schema):
    """One side effect a patient may name."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    group = fields.String(required=True)
    snomed = fields.Method(
        "get_snomed", metadata={"type": "string", "description": "SNOMED CT, where there is one."}
    )

    def get_snomed(self, kind: object) -> object:
        """Give the concept; an absent one is given as an empty text."""
        return getattr(kind, "snomed", None) or ""


class SideEffectCatalogueSchema(Schema):
    """Every side effect, and the severities."""

    items = fields.List(fields.Nested(SideEffectKindSchema), required=True)
    severities = fields.List(fields.String(), required=True)
