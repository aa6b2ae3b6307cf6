"""What a phone pushes and pulls."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length, OneOf

from schemas.base import Instant, LocalDate, QueryNumber, Strict, Text, WholeNumber
from schemas.check_ins import CheckInSchema, NewCheckInSchema
from schemas.problems import ProblemSchema
from schemas.questionnaires.responses import NewQuestionnaireResponseSchema, QuestionnaireResponseSchema
from schemas.safety import CrisisMessageSchema

MAX_OPERATIONS = 100
"""Most operations of one push. Operational."""
PUT_FORM = "put_questionnaire_response"
KINDS = ("put_check_in", "delete_check_in", PUT_FORM)


class OperationSchema(Strict):
    """One thing the phone did while it was away."""

    op_id = Text(64, blank=True, required=True, metadata={"description": "The phone's own name for it."})
    type = fields.String(required=True, validate=OneOf(KINDS, error="unknown_type: Not an operation."))
    local_date = LocalDate(metadata={"description": "The day, for a check-in."})
    id = fields.UUID(metadata={"description": "The form's id, of the phone's own making, for a form."})
    base_version = WholeNumber(1, metadata={"description": "The version it changes."})
    data = fields.Raw(metadata={"documented_as": NewCheckInSchema})
    form = fields.Raw(metadata={"documented_as": NewQuestionnaireResponseSchema})

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def with_its_name(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Ask for what each kind of thing is named by, and refuse the other's."""
        if not isinstance(sent, dict):
            return
        wanted, other = ("id", "local_date") if data.get("type") == PUT_FORM else ("local_date", "id")
        found = {}
        if wanted not in sent:
            found[wanted] = ["required: Say which one."]
        if other in sent:
            found[other] = ["unknown_field: This is not named so."]
        if found:
            raise ValidationError(found)

    @validates_schema
    def with_form(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Ask for the form where a form is to be stored, and for nothing of it elsewhere."""
        if data.get("type") == PUT_FORM:
            if not isinstance(data.get("form"), dict):
                raise ValidationError({"form": ["required: Send the form."]})
            if "data" in data:
                raise ValidationError({"data": ["unknown_field: Send the form as form."]})
        elif "form" in data:
            raise ValidationError({"form": ["unknown_field: Send none with a check-in."]})

    @validates_schema
    def with_data(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Ask for the answers where something is to be stored, and for nothing where it is removed."""
        if data.get("type") == "put_check_in" and not isinstance(data.get("data"), dict):
            raise ValidationError({"data": ["required: Send the day's answers."]})
        if data.get("type") == "delete_check_in" and "data" in data:
            raise ValidationError({"data": ["unknown_field: Send none when removing a day."]})


class Anything(fields.Raw):
    """What is judged elsewhere; null is let through too, without being offered."""

    def _validate_missing(self, value: Any) -> None:
        if value is not None:
            super()._validate_missing(value)


class PushSchema(Strict):
    """A batch; what its operations hold is judged one by one, so that a bad one never blocks the rest."""

    operations = fields.List(
        Anything(metadata={"documented_as": OperationSchema}),
        required=True,
        validate=Length(max=MAX_OPERATIONS, error=f"too_many: At most {MAX_OPERATIONS} operations."),
    )


class ResultSchema(Schema):
    """What became of one operation; `current` or `current_form` for a conflict, `problem` for any refusal."""

    op_id = fields.String()
    status = fields.String(
        required=True,
        metadata={"description": "created, updated, unchanged, conflict or rejected"},
    )
    http_status = fields.Integer(required=True)
    id = fields.String(metadata={"description": "The local date, or the form's id."})
    version = fields.Integer()
    change_seq = fields.Integer()
    problem = fields.Dict(metadata={"documented_as": ProblemSchema})
    current = fields.Dict(metadata={"documented_as": CheckInSchema})
    current_form = fields.Dict(metadata={"documented_as": QuestionnaireResponseSchema})
    safety = fields.Nested(
        CrisisMessageSchema, metadata={"description": "Show this before anything else, whatever the status."}
    )


class PushResultSchema(Schema):
    """One result an operation, in the order they were sent."""

    results = fields.List(fields.Nested(ResultSchema), required=True)
    server_time = Instant(required=True)
    safety = fields.Nested(
        CrisisMessageSchema,
        metadata={"description": "Show this before anything else. Only where a safety answer calls for it."},
    )


class ChangesQuery(Strict):
    """From where, and how many."""

    limit = QueryNumber(1, 500, load_default=200)
    cursor = fields.String(load_default=None)


class ChangeSchema(Schema):
    """One thing that stands differently."""

    type = fields.String(required=True, metadata={"description": "check_in or infusion"})
    id = fields.String(required=True)
    version = fields.Integer(required=True)
    change_seq = fields.Integer(required=True)
    deleted = fields.Boolean(required=True)
    data = fields.Dict(
        metadata={"description": "A CheckIn or an Infusion, as type says; absent for what was deleted."}
    )


class ChangesSchema(Schema):
    """What changed since a cursor."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    next_cursor = fields.String(required=True)
    has_more = fields.Boolean(required=True)
    server_time = Instant(required=True)


class DigestQuery(Strict):
    """Which days to compare."""

    first = LocalDate(data_key="from", load_default=None)
    last = LocalDate(data_key="to", load_default=None)

    @validates_schema
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Refuse a period that ends before it begins."""
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            raise ValidationError({"to": ["before_from: The period ends before it begins."]})


class MonthDigestSchema(Schema):
    """One month, counted and hashed."""

    month = fields.String(required=True)
    count = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class DigestSchema(Schema):
    """Month by month, so that a phone can prove that both sides hold the same."""

    months = fields.List(fields.Nested(MonthDigestSchema), required=True)
    count = fields.Integer(required=True)
