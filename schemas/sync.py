"""Offline synchronisation: push, changes, digest."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validates_schema
from marshmallow.validate import Length

from clinical.sentences import Sentence
from schemas.base import (
    VERSION,
    Anything,
    Choice,
    Count,
    Instant,
    LocalDate,
    QueryNumber,
    Strict,
    Version,
    WholeNumber,
    about,
)
from schemas.check_ins import CheckInSchema, NewCheckInSchema
from schemas.problems import ProblemSchema
from schemas.questionnaires.responses import NewQuestionnaireResponseSchema, QuestionnaireResponseSchema
from schemas.safety import CrisisMessageSchema

MAX_OPERATIONS = 100
"""Most operations of one push. Operational."""
PUT_FORM = "put_questionnaire_response"
KINDS = ("put_check_in", "delete_check_in", PUT_FORM)
STATUSES = ("created", "updated", "unchanged", "conflict", "deferred", "rejected")
RECORD_ID = {"pattern": "^[0-9a-f-]+$"}
CHANGE_SEQ = "Ordinal of the change among all changes of this patient (sync token)."
SERVER_TIME = "The server's clock when it answered, to compare the phone's with."


class OperationSchema(Strict):
    """One change that the phone recorded while it was offline."""

    op_id = fields.UUID(
        required=True,
        metadata=about(
            "Idempotency key of the operation, made by the phone: the same whenever this operation is sent "
            "again, in upper or lower case, and never that of another. Its result is stored for 30 days."
        ),
    )
    type = Choice(KINDS, "What the operation does.", error="unknown_type", required=True)
    local_date = LocalDate(metadata=about("Day of the check-in; for check-ins only."))
    id = fields.UUID(metadata=about("Id of the questionnaire response, made by the phone; for those only."))
    base_version = WholeNumber(
        0,
        metadata=about("Version that the operation changes; 0 or left out to create. As If-Match of a PUT."),
    )
    data = fields.Raw(
        metadata={"documented_as": NewCheckInSchema, "description": "The check-in; for put_check_in."}
    )
    form = fields.Raw(
        metadata={
            "documented_as": NewQuestionnaireResponseSchema,
            "description": "The questionnaire response; for put_questionnaire_response.",
        }
    )

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def with_its_name(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Require the key of the kind of record, and reject the other's."""
        if not isinstance(sent, dict) or (sent.get("type") and "type" not in data):
            return
        wanted, other = ("id", "local_date") if data.get("type") == PUT_FORM else ("local_date", "id")
        found = {}
        if wanted not in sent:
            found[wanted] = [Sentence("required: Send the key of the record.")]
        if other in sent:
            found[other] = [Sentence("unknown_field: Leave this out: this kind of record has another key.")]
        if found:
            raise ValidationError(found)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def with_form(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Require form for a questionnaire response, and reject it for a check-in."""
        if "type" not in data:
            return
        if data["type"] == PUT_FORM:
            if _lacks(sent, "form"):
                raise ValidationError({"form": [Sentence("required: Send the form.")]})
            if "data" in data:
                raise ValidationError({"data": [Sentence("unknown_field: Send the form as form.")]})
        elif "form" in data:
            raise ValidationError({"form": [Sentence("unknown_field: Send none with a check-in.")]})

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def with_data(self, data: dict[str, Any], sent: Any, **_kwargs: Any) -> None:
        """Require data where a check-in is stored, and reject it where one is removed."""
        if data.get("type") == "put_check_in" and _lacks(sent, "data"):
            raise ValidationError({"data": [Sentence("required: Send the day's answers.")]})
        if data.get("type") == "delete_check_in" and "data" in data:
            raise ValidationError({"data": [Sentence("unknown_field: Send none when removing a day.")]})


def _lacks(sent: Any, name: str) -> bool:
    """Return whether a member is absent or no object; null has an error of its own."""
    return name not in sent or not (sent[name] is None or isinstance(sent[name], dict))


class PushSchema(Strict):
    """A batch of operations, each validated alone, so that an invalid one never blocks the rest."""

    operations = fields.List(
        Anything(metadata={"documented_as": OperationSchema}),
        required=True,
        validate=Length(
            max=MAX_OPERATIONS,
            error=Sentence("too_many: Send at most {number} operations.", number=MAX_OPERATIONS),
        ),
        metadata=about("Operations, in the order in which they were recorded."),
    )


class ResultSchema(Schema):
    """Result of one operation."""

    op_id = fields.UUID(metadata=about("The operation's key as sent; absent where it is no UUID."))
    status = Choice(
        STATUSES,
        "created, updated, unchanged (stored before), conflict (another version is current), deferred (the "
        "day has not begun: send it again then), or rejected (never accepted as it is).",
        required=True,
    )
    http_status = fields.Integer(
        required=True, metadata=about("HTTP status code that a request with this operation alone would have.")
    )
    record_id = fields.String(
        metadata=RECORD_ID | about("local_date of the check-in, or id of the questionnaire response.")
    )
    version = fields.Integer(
        metadata=about(f"{VERSION} The current one, for a conflict as well.") | {"minimum": 1}
    )
    change_seq = fields.Integer(metadata=about(CHANGE_SEQ) | {"minimum": 1})
    problem = fields.Dict(metadata={"documented_as": ProblemSchema, "description": "Why it was not stored."})
    current = fields.Dict(
        metadata={"documented_as": CheckInSchema, "description": "The current check-in, for a conflict."}
    )
    current_form = fields.Dict(
        metadata={
            "documented_as": QuestionnaireResponseSchema,
            "description": "The current questionnaire response, for a conflict.",
        }
    )
    safety = fields.Nested(
        CrisisMessageSchema, metadata=about("Message to show before anything else, whatever the status.")
    )


class PushResultSchema(Schema):
    """Results of a push."""

    results = fields.List(
        fields.Nested(ResultSchema),
        required=True,
        metadata=about("One per operation, in the order in which they were sent."),
    )
    server_time = Instant(required=True, metadata=about(SERVER_TIME))
    safety = fields.Nested(
        CrisisMessageSchema,
        metadata=about("Message to show before anything else; only where a safety answer calls for it."),
    )


class ChangesQuery(Strict):
    """From where, and how many."""

    limit = QueryNumber(1, 200, load_default=200, metadata=about("How many changes at most."))
    cursor = fields.String(
        load_default=None, metadata=about("next_cursor of the response before; left out: from the beginning.")
    )


class ChangeSchema(Schema):
    """One record that changed, in its current state."""

    type = Choice(("check_in", "infusion", "score"), "Kind of record.", required=True)
    record_id = fields.String(
        required=True,
        metadata={
            "pattern": "^[0-9a-z/-]+$",
            "description": "local_date of the check-in, or id of the infusion or score.",
        },
    )
    version = Version()
    change_seq = fields.Integer(required=True, metadata=about(CHANGE_SEQ) | {"minimum": 1})
    deleted = fields.Boolean(required=True, metadata=about("Whether the record was removed (tombstone)."))
    data = fields.Dict(
        metadata=about("A CheckIn, an Infusion or a Score, as type states; absent for what was removed.")
    )


class ChangesSchema(Schema):
    """Changes since a cursor."""

    changes = fields.List(
        fields.Nested(ChangeSchema),
        required=True,
        metadata=about("In order of change_seq, each record once."),
    )
    next_cursor = fields.String(required=True, metadata=about("Sync token: where to continue."))
    has_more = fields.Boolean(required=True, metadata=about("Whether to ask again at once."))
    server_time = Instant(required=True, metadata=about(SERVER_TIME))


class DigestQuery(Strict):
    """Which days to compare."""

    first = LocalDate(data_key="from", load_default=None, metadata=about("First day."))
    last = LocalDate(data_key="to", load_default=None, metadata=about("Last day."))

    @validates_schema(skip_on_field_errors=False)
    def in_order(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject a period that ends before it begins."""
        if data.get("first") and data.get("last") and data["first"] > data["last"]:
            raise ValidationError({"to": [Sentence("before_from: Send a day that is not before from.")]})


class MonthDigestSchema(Schema):
    """Digest of one month."""

    month = fields.String(
        required=True,
        metadata={"pattern": "^[0-9]{4}-[0-9]{2}$", "description": "Calendar month, as 2026-11."},
    )
    check_in_count = Count("Number of days answered in the month.", required=True, attribute="count")
    sha256 = fields.String(
        required=True, metadata=about("SHA-256 of the month's check-ins, in hexadecimal; see the sync page.")
    )


class DigestSchema(Schema):
    """Digests by month, with which a phone proves that both sides store the same (anti-entropy)."""

    months = fields.List(
        fields.Nested(MonthDigestSchema), required=True, metadata=about("Months with a check-in, in order.")
    )
    check_in_count = Count("Number of days answered.", required=True, attribute="count")
