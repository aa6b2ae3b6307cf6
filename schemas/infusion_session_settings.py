"""What a clinic sets for sessions, on the way in and on the way out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from clinical.infusion_session import MINIMUM_STAY_MINUTES
from clinical.vitals import PLAUSIBLE, Vital
from schemas.base import OmitNone, Strict, WholeNumber

LIMIT = "The clinic's own; crossing it is shown and recorded, not judged. Left out: none is set."


def _limit(vital: Vital, about: str) -> WholeNumber:
    return _count(*PLAUSIBLE[vital], about)


def _count(low: int, high: int, about: str) -> WholeNumber:
    return WholeNumber(low, high, metadata={"description": f"{about} {LIMIT}"})


class NewSessionSettingsSchema(Strict):
    """Everything a clinic sets for sessions, whole; what is left out is not set."""

    minimum_stay_minutes = WholeNumber(
        0,
        1440,
        load_default=MINIMUM_STAY_MINUTES,
        metadata={"description": "From the end of an infusion on; the label of esketamine asks for 120."},
    )
    systolic_hold = _limit(Vital.SYSTOLIC, "mmHg before an infusion; esketamine's label says 140.")
    diastolic_hold = _limit(Vital.DIASTOLIC, "mmHg before an infusion; esketamine's label says 90.")
    heart_rate_low = _limit(Vital.HEART_RATE, "Beats a minute.")
    heart_rate_high = _limit(Vital.HEART_RATE, "Beats a minute.")
    systolic_high = _limit(Vital.SYSTOLIC, "mmHg.")
    diastolic_high = _limit(Vital.DIASTOLIC, "mmHg.")
    spo2_low = _limit(Vital.SPO2, "Percent.")
    most_infusions_in_30_days = _count(1, 60, "Infusions; more are a reason to hold.")
    most_infusions_in_90_days = _count(1, 180, "Infusions; more are a reason to hold.")
    most_infusions_in_365_days = _count(1, 730, "Infusions; more are a reason to hold.")
    shortest_interval_days = _count(1, 365, "Days between two infusions of maintenance.")


class SessionSettingsSchema(OmitNone):
    """What a clinic set for sessions; what it did not set is absent."""

    version = fields.Integer(required=True, metadata={"minimum": 0})
    minimum_stay_minutes = fields.Integer(required=True)
    systolic_hold = fields.Integer()
    diastolic_hold = fields.Integer()
    heart_rate_low = fields.Integer()
    heart_rate_high = fields.Integer()
    systolic_high = fields.Integer()
    diastolic_high = fields.Integer()
    spo2_low = fields.Integer()
    most_infusions_in_30_days = fields.Integer()
    most_infusions_in_90_days = fields.Integer()
    most_infusions_in_365_days = fields.Integer()
    shortest_interval_days = fields.Integer()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Find the version beside the settings, and the rest among them."""
        return super().get_attribute(obj if attr == "version" else obj.settings, attr, default)


class CrossingSchema(Schema):
    """One number beyond one of the clinic's limits: a fact, not a judgement."""

    limit = fields.String(required=True)
    value = fields.Integer(required=True)
    set_at = fields.Integer(required=True, metadata={"description": "The limit as it stood then."})
