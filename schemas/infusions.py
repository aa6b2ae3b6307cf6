"""Infusions, as sent and as returned."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, post_load, pre_dump, validates_schema

from clinical.dose import DoseLimitName, DoseWarningCode, mg_per_kg
from clinical.holds import HoldCode
from clinical.infusion import GIVEN, InfusionReason, InfusionRecord, InfusionStatus, NotDoneReason
from clinical.sentences import Sentence
from schemas.base import (
    Choice,
    DecimalNumber,
    Instant,
    Line,
    LocalDate,
    OmitNone,
    RemovableRevision,
    Strict,
    Text,
    TimeZone,
    Version,
    about,
)
from schemas.exposure import HoldReasonSchema

ROUTES = ("intravenous", "intramuscular", "subcutaneous", "intranasal", "oral")
STARTED_AT = "When it started, or is booked to start."
ENDED_AT = "When it ended; absent where not recorded."
TIME_ZONE = "IANA time zone of the place where it is given."
DOSE_MG = "Total dose of ketamine given, mg."
WEIGHT_KG = "Weight of the patient on that day, kg."
ROUTE = "Route of administration."
STATUS = "scheduled: booked. completed and stopped (begun and broken off) count as given. not_done does not."
REASON = (
    "Why it was given on that day; symptoms_not_returned: on schedule, or before, while the patient was "
    "still well. scheduled says nothing of that."
)
REQUESTED_ON = (
    "Day on which the patient asked for it. With reason symptoms_returned it dates the loss of half of the "
    "benefit better than the day of the infusion."
)
NOT_DONE_REASON = "Why it was not given; only with status not_done (FHIR: statusReason)."
LOT_NUMBER = "Lot number of the medication (FHIR: batch.lotNumber)."
WASTED_MG = "Ketamine drawn up and discarded, mg."
PERFORMER_ACCOUNT_ID = "Account of the member of staff who gave it (FHIR: performer)."
PERFORMER_NAME = "Name of who gave it, where it is nobody with an account."
WITNESS_ACCOUNT_ID = "Account of the member of staff who witnessed the wastage."
WITNESS_NAME = "Name of who witnessed the wastage, where it is nobody with an account."
CONFIRMATION_RATIONALE = "Why the dose is meant."
OVERRIDE_REASON = "Why it is given or booked although the consultation does not clear it."
NOT_PATIENT = "Absent where not recorded, and for patients and delegates."
COMPUTED = frozenset({"mg_per_kg", "dose_limits_exceeded", "dose_confirmation", "hold_override", "warnings"})
NOT_FRONT_DESK = " Absent for the front desk."


class NewDoseConfirmationSchema(Strict):
    """Confirmation of a dose above the clinic's limits; the server adds who sends it, and when."""

    rationale = Text(500, required=True, metadata=about(CONFIRMATION_RATIONALE))


class NewInfusionSchema(Strict):
    """An infusion, as the clinic records it.

    Source: plausibility only.
    """

    started_at = Instant(required=True, metadata=about(STARTED_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    dose_mg = DecimalNumber(0.1, 2000, metadata=about(DOSE_MG))
    weight_kg = DecimalNumber(1, 500, metadata=about(WEIGHT_KG))
    route = Choice(ROUTES, ROUTE, error="unknown_route", load_default="intravenous")
    status = Choice(InfusionStatus, STATUS, error="unknown_status", required=True)
    reason = Choice(
        InfusionReason,
        f"{REASON} Required with completed and stopped; otherwise scheduled, where it is left out.",
        error="unknown_reason",
    )
    requested_on = LocalDate(metadata=about(REQUESTED_ON))
    not_done_reason = Choice(NotDoneReason, f"{NOT_DONE_REASON} Required with it.", error="unknown_reason")
    lot_number = Line(64, metadata=about(LOT_NUMBER))
    wasted_mg = DecimalNumber(0, 2000, metadata=about(WASTED_MG))
    performer_account_id = fields.UUID(metadata=about(PERFORMER_ACCOUNT_ID))
    performer_name = Line(200, metadata=about(PERFORMER_NAME))
    witness_account_id = fields.UUID(metadata=about(WITNESS_ACCOUNT_ID))
    witness_name = Line(200, metadata=about(WITNESS_NAME))
    dose_confirmation = fields.Nested(
        NewDoseConfirmationSchema,
        metadata=about("Required where the dose exceeds the clinic's limits in the session settings."),
    )
    override_reason = Text(500, metadata=about(OVERRIDE_REASON))

    @validates_schema
    def not_done_for_a_reason(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Require why an infusion was given or not done, and reject the latter for any other."""
        if data.get("status") in GIVEN and "reason" not in data:
            raise ValidationError({"reason": [Sentence("required: Say why it was given on its day.")]})
        not_done = data.get("status") == InfusionStatus.NOT_DONE
        if not_done and "not_done_reason" not in data:
            raise ValidationError({"not_done_reason": [Sentence("required: Say why it was not given.")]})
        if not not_done and "status" in data and "not_done_reason" in data:
            raise ValidationError(
                {"not_done_reason": [Sentence("only_not_done: Send it with status not_done only.")]}
            )

    @validates_schema
    def named_once(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Reject a person named by account and by name, and a witness who is the performer."""
        found = {
            f"{person}_name": [Sentence("choose_one: Send an account or a name, not both.")]
            for person in ("performer", "witness")
            if f"{person}_account_id" in data and f"{person}_name" in data
        }
        for name in ("account_id", "name"):
            performer, witness = data.get(f"performer_{name}"), data.get(f"witness_{name}")
            if performer is not None and performer == witness:
                found[f"witness_{name}"] = [
                    Sentence("same_person: A witness is somebody else than who gave it.")
                ]
        if found:
            raise ValidationError(found)

    @post_load
    def make(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Return a value for every member; the view makes the draft."""
        confirmation = data.pop("dose_confirmation", None)
        record = {each.name: data.pop(each.name, None) for each in dataclass_fields(InfusionRecord)}
        if record["not_done_reason"] is not None:
            record["not_done_reason"] = NotDoneReason(record["not_done_reason"])
        record["dose_confirmation_rationale"] = None if confirmation is None else confirmation["rationale"]
        return {
            "ended_at": None,
            "dose_mg": None,
            "weight_kg": None,
            "requested_on": None,
            **data,
            "status": InfusionStatus(data["status"]),
            "reason": InfusionReason(data.get("reason", InfusionReason.SCHEDULED)),
            "record": InfusionRecord(**record),
        }


class ExceededDoseLimitSchema(Schema):
    """A dose above one of the clinic's limits, which somebody confirmed."""

    limit_name = Choice(
        DoseLimitName, "Name of the limit in the session settings.", required=True, attribute="limit"
    )
    dose = fields.Float(required=True, metadata=about("The dose, in the unit of the limit (mg/kg, mg)."))
    dose_limit = fields.Float(
        required=True, attribute="set_at", metadata=about("The limit as set at that time (mg/kg, mg).")
    )


class DoseConfirmationSchema(OmitNone):
    """Who confirmed a dose above the clinic's limits, when and why."""

    rationale = fields.String(
        required=True, attribute="dose_confirmation_rationale", metadata=about(CONFIRMATION_RATIONALE)
    )
    confirmed_by = fields.UUID(
        attribute="dose_confirmed_by",
        metadata=about("Account that confirmed it; absent where a command of the server did."),
    )
    confirmed_at = Instant(
        required=True, attribute="dose_confirmed_at", metadata=about("When it was confirmed.")
    )


class HoldOverrideSchema(OmitNone):
    """Who gave or booked an infusion that the consultation does not clear, when and why."""

    override_reason = fields.String(required=True, metadata=about(OVERRIDE_REASON))
    hold_codes = fields.List(
        Choice(HoldCode, "Code of a reason to hold."),
        required=True,
        attribute="overridden_holds",
        metadata=about("What the consultation held against it at that time."),
    )
    overridden_by = fields.UUID(
        metadata=about("Account that overrode it; absent where a command of the server did.")
    )
    overridden_at = Instant(required=True, metadata=about("When it was overridden."))


class InfusionSchema(Schema):
    """A stored infusion; what is not known is absent (FHIR: MedicationAdministration)."""

    id = fields.UUID(required=True, metadata=about("Id of the infusion, made by the client that created it."))
    version = Version()
    local_date = LocalDate(required=True, metadata=about("Day of the infusion, in its own time zone."))
    started_at = Instant(required=True, metadata=about(STARTED_AT))
    ended_at = Instant(metadata=about(ENDED_AT))
    time_zone = TimeZone(required=True, metadata=about(TIME_ZONE))
    dose_mg = fields.Float(metadata=about(f"{DOSE_MG} Absent where not recorded."))
    weight_kg = fields.Float(metadata=about(f"{WEIGHT_KG} Absent where not recorded."))
    mg_per_kg = fields.Float(
        metadata=about("Dose by body weight, mg per kg; absent where dose or weight is not recorded.")
    )
    route = Choice(ROUTES, ROUTE + NOT_FRONT_DESK)
    status = Choice(InfusionStatus, STATUS, required=True)
    reason = Choice(InfusionReason, REASON + NOT_FRONT_DESK)
    requested_on = LocalDate(metadata=about(f"{REQUESTED_ON} Absent where not recorded."))
    not_done_reason = Choice(NotDoneReason, f"{NOT_DONE_REASON} Absent on records from before it was asked.")
    lot_number = fields.String(metadata=about(f"{LOT_NUMBER} {NOT_PATIENT}"))
    wasted_mg = fields.Float(metadata=about(f"{WASTED_MG} {NOT_PATIENT}"))
    performer_account_id = fields.UUID(metadata=about(f"{PERFORMER_ACCOUNT_ID} {NOT_PATIENT}"))
    performer_name = fields.String(metadata=about(f"{PERFORMER_NAME} {NOT_PATIENT}"))
    witness_account_id = fields.UUID(metadata=about(f"{WITNESS_ACCOUNT_ID} {NOT_PATIENT}"))
    witness_name = fields.String(metadata=about(f"{WITNESS_NAME} {NOT_PATIENT}"))
    dose_limits_exceeded = fields.List(
        fields.Nested(ExceededDoseLimitSchema),
        metadata=about(f"The clinic's dose limits that the dose exceeds. {NOT_PATIENT}"),
    )
    dose_confirmation = fields.Nested(
        DoseConfirmationSchema,
        metadata=about(f"Confirmation of a dose above the clinic's limits. {NOT_PATIENT}"),
    )
    hold_override = fields.Nested(
        HoldOverrideSchema,
        metadata=about(f"Override of what the consultation held against it. {NOT_PATIENT}"),
    )

    @pre_dump
    def only_what_is_known(self, row: Any, **_kwargs: Any) -> dict[str, Any]:
        """Return what is known, with instants in the time zone where it was given."""
        members = {name: getattr(row, name) for name in self.fields if name not in COMPUTED}
        members["mg_per_kg"] = mg_per_kg(row.dose_mg, row.weight_kg)
        members["dose_limits_exceeded"] = row.dose_limits_exceeded or None
        members["dose_confirmation"] = row if row.dose_confirmed_at else None
        members["hold_override"] = row if row.overridden_at else None
        zone = ZoneInfo(row.time_zone)
        for name in ("started_at", "ended_at"):
            members[name] = members[name].astimezone(zone) if members[name] else None
        return {name: value for name, value in members.items() if value is not None}


BOOKING = (
    "id", "version", "local_date", "started_at", "ended_at", "time_zone", "status", "not_done_reason",
    "requested_on",
)  # fmt: skip
"""The members of an infusion that say when it is booked, and whether it took place."""
WARNING_CODES = (*HoldCode, *DoseWarningCode)
"""Codes of the warnings in the answer to storing an infusion."""
CLINIC_ONLY = (
    "lot_number", "wasted_mg", "performer_account_id", "performer_name", "witness_account_id", "witness_name",
    "dose_limits_exceeded", "dose_confirmation", "hold_override",
)  # fmt: skip
"""The members of an infusion that neither the patient nor a delegate reads."""


class InfusionWarningSchema(HoldReasonSchema):
    """Something about an infusion to look at, which was stored nevertheless."""

    code = Choice(WARNING_CODES, "Stable code of the warning.", required=True)


class StoredInfusionSchema(InfusionSchema):
    """An infusion as the answer to storing it returns it."""

    warnings = fields.List(
        fields.Nested(InfusionWarningSchema),
        metadata=about(
            "Why the consultation does not clear it, while no override_reason was sent, and what its dose "
            "could not be compared with; absent without any, and for the front desk."
        ),
    )


class InfusionRevisionSchema(RemovableRevision, InfusionSchema):
    """One revision of an infusion; a removed one was entered in error."""
