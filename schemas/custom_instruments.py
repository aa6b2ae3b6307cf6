"""A clinic's own instruments."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validates_schema
from marshmallow.validate import Length

from clinical.custom_instrument import CODE_PATTERN, MAX_CODE_LENGTH, PREFIX, CustomInstrument, StatedBand
from clinical.direction import Direction
from clinical.score import MAX
from clinical.sentences import Sentence
from schemas.base import (
    DIRECTION,
    Choice,
    DecimalNumber,
    Matches,
    OmitNone,
    Strict,
    Text,
    Version,
    WholeNumber,
    about,
)

MAX_INSTRUMENTS = 50
"""Most instruments of a clinic. Operational."""
MAX_BANDS = 12
"""Most bands of an instrument. Operational."""
FORM = f"^{CODE_PATTERN}$"
CODE = f"Code of the instrument, in lower case; it begins with {PREFIX}, so that it is none of the catalogue."
SOURCED = (
    ("bands", "bands_source"),
    ("response_share", "response_share_source"),
    ("reliable_change_points", "reliable_change_source"),
)
"""Thresholds, and the member that states the source of each."""


class InstrumentBandSchema(Strict):
    """A name for the totals from one on, up to the next band. Source: the clinic's, stated with it."""

    from_total = WholeNumber(0, MAX, required=True, metadata=about("Lowest total of the band, in points."))
    label = Text(60, required=True, metadata=about("Name of the band."))

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> StatedBand:
        """Return the band."""
        return StatedBand(**data)


class CustomInstrumentSchema(Strict):
    """One instrument of the clinic. A threshold needs its source: none is assumed.

    Source: the clinic's, stated with each threshold; the bounds are plausibility only. Changed by: a
    clinician, `PUT /v1/clinics/{id}/custom-instruments`.
    """

    code = fields.String(
        required=True,
        validate=[
            Matches(
                FORM,
                Sentence(
                    "wrong_form: Send a code as {prefix}pain: small letters, digits, hyphens.", prefix=PREFIX
                ),
            ),
            Length(
                max=MAX_CODE_LENGTH,
                error=Sentence("too_long: Send at most {number} characters.", number=MAX_CODE_LENGTH),
            ),
        ],
        metadata={"pattern": FORM, "maxLength": MAX_CODE_LENGTH, "description": CODE},
    )
    name = Text(80, required=True, metadata=about("Name to show."))
    lowest = WholeNumber(0, MAX, required=True, metadata=about("Lowest possible total, in points."))
    highest = WholeNumber(1, MAX, required=True, metadata=about("Highest possible total, in points."))
    direction = Choice(Direction, DIRECTION, error="unknown_direction", required=True)
    unit = Text(40, metadata=about("Unit of the total, where it is not points."))
    bands = fields.List(
        fields.Nested(InstrumentBandSchema),
        validate=Length(
            max=MAX_BANDS, error=Sentence("too_many: Send at most {number} bands.", number=MAX_BANDS)
        ),
        metadata=about("Names of ranges of the total, in ascending order; needs bands_source."),
    )
    bands_source = Text(400, metadata=about("Where the bands come from."))
    response_share = DecimalNumber(
        0.01,
        1,
        metadata=about(
            "Share of the total before treatment that a response loses, 0 to 1; needs response_share_source."
        ),
    )
    response_share_source = Text(400, metadata=about("Where the share comes from."))
    reliable_change_points = DecimalNumber(
        0.1, MAX, metadata=about("Points beyond measurement error (RCI); needs reliable_change_source.")
    )
    reliable_change_source = Text(400, metadata=about("Where the points come from."))
    retired = fields.Boolean(
        metadata=about("Whether no new totals are accepted; those stored stay. False where left out.")
    )

    @validates_schema
    def thresholds_have_a_source(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require the source of each threshold, and reject one without its threshold."""
        found: dict[str, list[str]] = {}
        for name, source in SOURCED:
            stated = bool(data.get(name))
            if stated and not data.get(source):
                found[source] = [
                    Sentence(
                        "required: Say where {name} comes from: no threshold without a source.", name=name
                    )
                ]
            if data.get(source) and not stated:
                found[source] = [Sentence("not_allowed: Send {name}, or leave this out.", name=name)]
        share = data.get("response_share")
        if share is not None and data.get("direction") == Direction.HIGHER_IS_BETTER:
            found["response_share"] = [
                Sentence("not_allowed: A response by share is defined where higher is worse.")
            ]
        if found:
            raise ValidationError(found)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> CustomInstrument:
        """Return the instrument."""
        data = {**data, "direction": Direction(data["direction"]), "bands": tuple(data.get("bands", ()))}
        return CustomInstrument(**data)


class StoredInstrumentBandSchema(Schema):
    """A name for the totals from one on, up to the next band."""

    from_total = fields.Integer(required=True, metadata=about("Lowest total of the band, in points."))
    label = fields.String(required=True, metadata=about("Name of the band."))


class StoredCustomInstrumentSchema(OmitNone):
    """One instrument of the clinic, as stored; what was not stated is absent."""

    code = fields.String(required=True, metadata={"pattern": FORM, "description": CODE})
    name = fields.String(required=True, metadata=about("Name to show."))
    lowest = fields.Integer(required=True, metadata=about("Lowest possible total, in points."))
    highest = fields.Integer(required=True, metadata=about("Highest possible total, in points."))
    direction = Choice(Direction, DIRECTION, required=True)
    unit = fields.String(metadata=about("Unit of the total, where it is not points."))
    bands = fields.List(
        fields.Nested(StoredInstrumentBandSchema),
        metadata=about("Names of ranges of the total, in ascending order."),
    )
    bands_source = fields.String(metadata=about("Where the bands come from."))
    response_share = fields.Float(
        metadata=about("Share of the total before treatment that a response loses, 0 to 1.")
    )
    response_share_source = fields.String(metadata=about("Where the share comes from."))
    reliable_change_points = fields.Float(metadata=about("Points beyond measurement error (RCI)."))
    reliable_change_source = fields.String(metadata=about("Where the points come from."))
    retired = fields.Boolean(required=True, metadata=about("Whether no new totals are accepted."))


class NewCustomInstrumentsSchema(Strict):
    """The clinic's own instruments, whole: what is left out is removed, unless it has totals."""

    items = fields.List(
        fields.Nested(CustomInstrumentSchema),
        required=True,
        validate=Length(
            max=MAX_INSTRUMENTS,
            error=Sentence("too_many: Send at most {number} instruments.", number=MAX_INSTRUMENTS),
        ),
        metadata=about("The instruments in the clinic's order."),
    )


class CustomInstrumentsSchema(OmitNone):
    """The clinic's own instruments."""

    version = Version(0)
    items = fields.List(
        fields.Nested(StoredCustomInstrumentSchema),
        required=True,
        metadata=about("The instruments in the clinic's order, retired ones too."),
    )
