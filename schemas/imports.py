"""Files to import: the line of a diary as a check-in, what is asked with a file, and the report on it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validates_schema
from marshmallow.validate import Length

from clinical.sentences import Sentence
from schemas.base import Choice, Count, Line, OmitNone, Rating, Strict, TimeZone, about
from schemas.check_ins import NewCheckInSchema


class DiaryLineSchema(NewCheckInSchema):
    """A check-in of a diary: anxiety may be left out, and no diary holds the daily safety answer.

    Source: a definition.
    """

    class Meta:
        """The safety question is asked by the phone alone."""

        exclude = ("safety_answer",)

    anxiety = Rating(load_default=None, allow_none=True)

    @pre_load
    def without_empty_cells(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Leave out what was not answered."""
        return {name: value for name, value in data.items() if value is not None}


KINDS = ("check_ins", "patients", "infusions", "scores")
LINE_STATUSES = ("created", "unchanged", "refused", "not_used")
DIRECTIONS = ("higher-is-better", "lower-is-better")
MAX_MOODS_LENGTH = 200
"""Longest list of five mood words, characters. Operational."""


class QueryFlag(fields.Boolean):
    """True or false in a query string."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if value not in {"true", "false"}:
            raise ValidationError(Sentence("not_a_boolean: Send true or false."))
        return bool(value == "true")


class ImportQuery(Strict):
    """What a file holds, and how it is read."""

    kind = Choice(KINDS, "What a line of the file is.", error="unknown_kind", required=True)
    patient = Line(
        200,
        load_default=None,
        metadata=about(
            "Record number or id of the patient whose file it is. Required for check_ins; of infusions and "
            "scores left out where each line has a record_number."
        ),
    )
    time_zone = TimeZone(
        load_default=None,
        metadata=about(
            "IANA time zone of lines without one: by default the patient's for check_ins, else the clinic's."
        ),
    )
    scale = fields.String(
        load_default=None,
        validate=Length(1, 7, error=Sentence("unknown_scale: Send a scale as 1-5, or daylio.")),
        metadata={
            "pattern": "^([0-9]{1,3}-[0-9]{1,3}|daylio)$",
            "description": (
                "Scale of mood, enjoyment and anxiety in a diary, lowest and highest, as 1-5; daylio: 1 best "
                "to 5 worst. Required where a diary has only ratings from 1 to 5."
            ),
        },
    )
    direction = Choice(
        DIRECTIONS,
        "Whether a higher mood and enjoyment of a diary is better. A higher anxiety is always worse.",
        error="unknown_direction",
        load_default="higher-is-better",
    )
    moods = Line(
        MAX_MOODS_LENGTH,
        load_default=None,
        metadata=about("The five mood words of a Daylio export, best first, separated by commas."),
    )
    dry_run = QueryFlag(
        load_default=False, metadata=about("Whether to validate every line and store nothing.")
    )

    @validates_schema
    def of_a_patient(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require the patient of a diary, and reject one for patients."""
        if data["kind"] == "check_ins" and data["patient"] is None:
            raise ValidationError(
                {"patient": [Sentence("required: Send the record number or id of the patient.")]}
            )
        if data["kind"] == "patients" and data["patient"] is not None:
            raise ValidationError(
                {"patient": [Sentence("not_one_patient: Leave it out: each line is a patient.")]}
            )

    @validates_schema
    def five_moods(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require all five mood words."""
        if data["moods"] is not None and not is_five_words(data["moods"]):
            raise ValidationError({"moods": [Sentence("not_five: Send five different words, best first.")]})


class ColumnErrorSchema(Schema):
    """What is wrong with one column of a line, or worth a look."""

    column = fields.String(
        required=True,
        attribute="pointer",
        metadata={"pattern": "^[a-z_]+$", "description": "Column of the file; line is the line as a whole."},
    )
    code = fields.String(
        required=True,
        metadata={"pattern": "^[a-z_0-9]+$", "description": "Stable name of this fault, for programs."},
    )
    detail = fields.String(required=True, metadata=about("A sentence: what to write instead."))


class ImportedLineSchema(OmitNone):
    """What became of one line."""

    line = fields.Integer(
        required=True,
        metadata={"minimum": 1, "description": "Ordinal of the line in the file; line 1 names the columns."},
    )
    status = Choice(
        LINE_STATUSES,
        "created; unchanged (stored before); refused; not_used (another entry of its day counts). In a dry "
        "run, what would become of it.",
        required=True,
    )
    errors = fields.List(fields.Nested(ColumnErrorSchema), metadata=about("Why it was refused."))
    warnings = fields.List(
        fields.Nested(ColumnErrorSchema), metadata=about("What is stored in another form than it is written.")
    )


class ImportReportSchema(Schema):
    """What became of a file, line by line. It never repeats what is in the file."""

    kind = Choice(KINDS, "What a line of the file is.", required=True)
    dry_run = fields.Boolean(required=True, metadata=about("Whether nothing was stored."))
    created_count = Count("Number of lines stored.", required=True)
    unchanged_count = Count("Number of lines that were stored before.", required=True)
    refused_count = Count("Number of lines refused.", required=True)
    not_used_count = Count("Number of lines in whose place another entry of the day counts.", required=True)
    lines = fields.List(fields.Nested(ImportedLineSchema), required=True, metadata=about("In order of line."))


def is_five_words(text: str) -> bool:
    """Return whether a text is five different words, separated by commas."""
    words = [word.strip().casefold() for word in text.split(",")]
    return len(words) == len(set(words)) == 5 and all(words)
