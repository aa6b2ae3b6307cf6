"""Catalogue of side effects, and a patient's side effects over time."""

from __future__ import annotations

from marshmallow import Schema, fields

from clinical.answer_timing import AnswerTiming
from clinical.check_in import Severity
from clinical.side_effects import CODES, Group
from schemas.base import Choice, Count, LocalDate, OmitNone, Translated, about

BURDEN = "mild 1, moderate 2 and severe 3 points, added up; higher is worse."
CODE = "Side effect, by its code in the catalogue."
SEVERITY = "How severe it was."
INFUSED_ON = "Day of the infusion."
TIMING = (
    "Whether the infusion's day was answered before the infusion began, after it, or at a time that is not "
    "known, as for a day filled in later."
)
DAYS_SINCE = "Days since the last infusion that had begun; 0 on its day."


class SideEffectKindSchema(Schema):
    """One side effect of the catalogue."""

    code = Choice(sorted(CODES), "Stable code.", required=True)
    label = Translated(required=True, metadata=about("Name to show to a patient."))
    group = Choice(Group, "Part of the list in which to show it.", required=True)
    snomed = fields.Method(
        "get_snomed",
        metadata={
            "type": "string",
            "pattern": "^[0-9]*$",
            "description": "SNOMED CT concept; empty where none fits.",
        },
    )

    def get_snomed(self, kind: object) -> object:
        """Return the concept; empty text where there is none."""
        return getattr(kind, "snomed", None) or ""


class SideEffectCatalogueSchema(Schema):
    """Every side effect, and the severities."""

    items = fields.List(
        fields.Nested(SideEffectKindSchema),
        required=True,
        metadata=about("The catalogue, in the order to show."),
    )
    severities = fields.List(
        Choice(Severity, "A severity."), required=True, metadata=about("Severities, the mildest first.")
    )


class EffectOfDaySchema(OmitNone):
    """One day on which side effects were asked for."""

    local_date = LocalDate(required=True, attribute="day", metadata=about("Day of the check-in."))
    burden = fields.Integer(required=True, metadata=about(f"Burden of the day in points: {BURDEN}"))
    days_since_infusion = fields.Integer(metadata=about(f"{DAYS_SINCE} Absent before the first."))
    infusion_day_timing = Choice(AnswerTiming, f"{TIMING} Absent on other days.", attribute="timing")


class EffectAfterSchema(Schema):
    """One side effect after one infusion."""

    code = Choice(sorted(CODES), CODE, required=True)
    onset_day = fields.Integer(
        required=True,
        metadata=about("Day on which it was first reported, counted from the infusion's, day 0."),
    )
    last_day = fields.Integer(required=True, metadata=about("Day on which it was last reported, so counted."))
    day_count = Count("Number of days on which it was reported.", required=True, attribute="days")
    worst = Choice(Severity, "Highest severity reported.", required=True)


class AfterInfusionSchema(OmitNone):
    """Side effects reported after one infusion, up to the beginning of the next.

    What was answered on its day before it began belongs to the infusion before.
    """

    infused_on = LocalDate(required=True, attribute="infusion", metadata=about(INFUSED_ON))
    asked_day_count = Count("Number of these days on which side effects were asked for.", required=True)
    burden_on_the_day = fields.Integer(
        metadata=about(
            f"Burden on the infusion's day in points: {BURDEN} Absent where not asked, or before only."
        )
    )
    infusion_day_timing = Choice(
        AnswerTiming, f"{TIMING} Absent where not asked.", attribute="timing_on_the_day"
    )
    burden_later = fields.Integer(
        required=True, metadata=about(f"Burden of all later days together, in points: {BURDEN}")
    )
    effects = fields.List(
        fields.Nested(EffectAfterSchema), required=True, metadata=about("In order of onset, then by code.")
    )


class ProlongedEffectSchema(Schema):
    """A side effect that is usual on an infusion's day, reported on day 2 or later."""

    local_date = LocalDate(required=True, attribute="day", metadata=about("Day on which it was reported."))
    code = Choice(sorted(CODES), CODE, required=True)
    severity = Choice(Severity, SEVERITY, required=True)
    days_since_infusion = fields.Integer(required=True, metadata=about(DAYS_SINCE))


class UrinaryMonthSchema(Schema):
    """Urinary symptoms in one calendar month."""

    month = fields.String(
        required=True,
        metadata={"pattern": "^[0-9]{4}-[0-9]{2}$", "description": "Calendar month, as 2026-11."},
    )
    asked_day_count = Count(
        "Number of days of the month on which side effects were asked for.",
        required=True,
    )
    symptom_day_count = Count("Number of those days with a urinary symptom.", required=True)


class ObservedSchema(OmitNone):
    """A side effect that the clinic observed during a session."""

    code = Choice(sorted(CODES), CODE, required=True)
    severity = Choice(Severity, SEVERITY, required=True)
    onset_minutes = fields.Integer(
        required=True, metadata=about("Whole minutes from the infusion's start to the onset.")
    )
    lasted_minutes = fields.Integer(
        metadata=about("How many whole minutes it lasted; absent where nobody saw it end.")
    )


class SessionObservationsSchema(OmitNone):
    """Blood pressure and side effects in the session of one infusion."""

    infused_on = LocalDate(required=True, attribute="infusion", metadata=about(INFUSED_ON))
    systolic_before = fields.Integer(metadata=about("Systolic blood pressure before the infusion, mmHg."))
    diastolic_before = fields.Integer(metadata=about("Diastolic blood pressure before the infusion, mmHg."))
    highest_systolic = fields.Integer(metadata=about("Highest systolic blood pressure measured, mmHg."))
    highest_diastolic = fields.Integer(metadata=about("Highest diastolic blood pressure measured, mmHg."))
    observed = fields.List(
        fields.Nested(ObservedSchema), required=True, metadata=about("Side effects that the clinic observed.")
    )


class SideEffectsSchema(Schema):
    """A patient's side effects over time."""

    days = fields.List(
        fields.Nested(EffectOfDaySchema),
        required=True,
        attribute="course.days",
        metadata=about("Days on which side effects were asked for, in order."),
    )
    infusions = fields.List(
        fields.Nested(AfterInfusionSchema),
        required=True,
        attribute="course.infusions",
        metadata=about("One per infusion given, in order."),
    )
    prolonged = fields.List(
        fields.Nested(ProlongedEffectSchema),
        required=True,
        attribute="course.prolonged",
        metadata=about("Side effects that lasted longer than is usual, in order of day."),
    )
    urinary = fields.List(
        fields.Nested(UrinaryMonthSchema),
        required=True,
        attribute="course.urinary",
        metadata=about("Urinary symptoms by calendar month, in order."),
    )
    sessions = fields.List(
        fields.Nested(SessionObservationsSchema),
        required=True,
        metadata=about("Infusions with a session or vital signs, in order."),
    )
