"""A clinic's settings for infusion sessions."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from clinical.infusion_session import MINIMUM_MONITORING_MINUTES
from clinical.vitals import PLAUSIBLE, LimitName, Vital
from schemas.base import Choice, DecimalNumber, OmitNone, Strict, Version, WholeNumber, about

UNITS = "mmHg, percent, beats or breaths per minute, points"
NOT_SET = "Absent: no limit is set."
MONITORING = "Shortest monitoring after the end of an infusion, in minutes; the label of esketamine: 120."
SYSTOLIC_HOLD = (
    f"Systolic pressure before an infusion above which to hold, mmHg; esketamine label: 140. {NOT_SET}"
)
DIASTOLIC_HOLD = (
    f"Diastolic pressure before an infusion above which to hold, mmHg; esketamine label: 90. {NOT_SET}"
)
HEART_RATE_LOW = f"Heart rate below which a reading is marked, beats per minute. {NOT_SET}"
HEART_RATE_HIGH = f"Heart rate above which a reading is marked, beats per minute. {NOT_SET}"
SYSTOLIC_HIGH = f"Systolic pressure above which a reading is marked, mmHg. {NOT_SET}"
DIASTOLIC_HIGH = f"Diastolic pressure above which a reading is marked, mmHg. {NOT_SET}"
SYSTOLIC_LOW = f"Systolic pressure below which a reading is marked, mmHg. {NOT_SET}"
DIASTOLIC_LOW = f"Diastolic pressure below which a reading is marked, mmHg. {NOT_SET}"
RESPIRATORY_RATE_LOW = f"Respiratory rate below which a reading is marked, breaths per minute. {NOT_SET}"
RESPIRATORY_RATE_HIGH = f"Respiratory rate above which a reading is marked, breaths per minute. {NOT_SET}"
SEDATION_LOW = f"Sedation score (MOAA/S, 5 is alert) below which a reading is marked, points. {NOT_SET}"
SPO2_LOW = f"Oxygen saturation below which a reading is marked, percent. {NOT_SET}"
MAX_DOSE_MG_PER_KG = f"Highest dose of one session without a confirmation, mg per kg of weight. {NOT_SET}"
MAX_DOSE_MG = f"Highest dose of one session without a confirmation, mg. {NOT_SET}"
MAX_INFUSIONS = f"Most infusions in {{}} days; more are a reason to hold. {NOT_SET}"
SHORTEST = f"Shortest maintenance interval; a shorter one is a reason to hold. Days. {NOT_SET}"


def _limit(vital: Vital, description: str) -> WholeNumber:
    return WholeNumber(*PLAUSIBLE[vital], metadata=about(description))


class NewSessionSettingsSchema(Strict):
    """A clinic's settings for infusion sessions, complete: what is left out is not set.

    Exceeding a limit is stored and shown, never judged.

    Source: the clinic's; no limit is set until an admin sets it. Changed by: an admin, `PUT
    /v1/clinics/{id}/session-settings`.
    """

    minimum_monitoring_minutes = WholeNumber(
        0, 1440, load_default=MINIMUM_MONITORING_MINUTES, metadata=about(MONITORING)
    )
    systolic_hold = _limit(Vital.SYSTOLIC, SYSTOLIC_HOLD)
    diastolic_hold = _limit(Vital.DIASTOLIC, DIASTOLIC_HOLD)
    heart_rate_low = _limit(Vital.HEART_RATE, HEART_RATE_LOW)
    heart_rate_high = _limit(Vital.HEART_RATE, HEART_RATE_HIGH)
    systolic_high = _limit(Vital.SYSTOLIC, SYSTOLIC_HIGH)
    diastolic_high = _limit(Vital.DIASTOLIC, DIASTOLIC_HIGH)
    spo2_low = _limit(Vital.SPO2, SPO2_LOW)
    systolic_low = _limit(Vital.SYSTOLIC, SYSTOLIC_LOW)
    diastolic_low = _limit(Vital.DIASTOLIC, DIASTOLIC_LOW)
    respiratory_rate_low = _limit(Vital.RESPIRATORY_RATE, RESPIRATORY_RATE_LOW)
    respiratory_rate_high = _limit(Vital.RESPIRATORY_RATE, RESPIRATORY_RATE_HIGH)
    sedation_score_low = _limit(Vital.SEDATION, SEDATION_LOW)
    max_dose_mg_per_kg = DecimalNumber(0.01, 20, metadata=about(MAX_DOSE_MG_PER_KG))
    max_dose_mg = DecimalNumber(0.1, 2000, metadata=about(MAX_DOSE_MG))
    max_infusions_in_30_days = WholeNumber(1, 60, metadata=about(MAX_INFUSIONS.format(30)))
    max_infusions_in_90_days = WholeNumber(1, 180, metadata=about(MAX_INFUSIONS.format(90)))
    max_infusions_in_365_days = WholeNumber(1, 730, metadata=about(MAX_INFUSIONS.format(365)))
    shortest_interval_days = WholeNumber(1, 365, metadata=about(SHORTEST))


class SessionSettingsSchema(OmitNone):
    """A clinic's stored settings for infusion sessions; what is not set is absent."""

    version = Version(0)
    minimum_monitoring_minutes = fields.Integer(required=True, metadata=about(MONITORING))
    systolic_hold = fields.Integer(metadata=about(SYSTOLIC_HOLD))
    diastolic_hold = fields.Integer(metadata=about(DIASTOLIC_HOLD))
    heart_rate_low = fields.Integer(metadata=about(HEART_RATE_LOW))
    heart_rate_high = fields.Integer(metadata=about(HEART_RATE_HIGH))
    systolic_high = fields.Integer(metadata=about(SYSTOLIC_HIGH))
    diastolic_high = fields.Integer(metadata=about(DIASTOLIC_HIGH))
    spo2_low = fields.Integer(metadata=about(SPO2_LOW))
    systolic_low = fields.Integer(metadata=about(SYSTOLIC_LOW))
    diastolic_low = fields.Integer(metadata=about(DIASTOLIC_LOW))
    respiratory_rate_low = fields.Integer(metadata=about(RESPIRATORY_RATE_LOW))
    respiratory_rate_high = fields.Integer(metadata=about(RESPIRATORY_RATE_HIGH))
    sedation_score_low = fields.Integer(metadata=about(SEDATION_LOW))
    max_dose_mg_per_kg = fields.Float(metadata=about(MAX_DOSE_MG_PER_KG))
    max_dose_mg = fields.Float(metadata=about(MAX_DOSE_MG))
    max_infusions_in_30_days = fields.Integer(metadata=about(MAX_INFUSIONS.format(30)))
    max_infusions_in_90_days = fields.Integer(metadata=about(MAX_INFUSIONS.format(90)))
    max_infusions_in_365_days = fields.Integer(metadata=about(MAX_INFUSIONS.format(365)))
    shortest_interval_days = fields.Integer(metadata=about(SHORTEST))

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Read the version from the result, and every other member from its settings."""
        return super().get_attribute(obj if attr == "version" else obj.settings, attr, default)


class ExceededLimitSchema(Schema):
    """One measurement beyond one of the clinic's limits: a fact, not a judgement."""

    limit_name = Choice(
        LimitName, "Name of the limit in the session settings.", required=True, attribute="limit"
    )
    value = fields.Integer(
        required=True,
        metadata=about(
            "Measured value, in the unit of the limit (mmHg, percent, beats or breaths per minute, points)."
        ),
    )
    limit_value = fields.Integer(
        required=True,
        attribute="set_at",
        metadata=about(f"The limit as set at that time ({UNITS})."),
    )
