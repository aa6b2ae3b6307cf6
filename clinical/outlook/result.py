"""The outlook as a value: status, forecast and reasons of one patient on one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from clinical.protocol import Phase
from clinical.sentences import Sentence
from clinical.target_measure import TargetMeasure

HORIZON_DAYS: Final = 56
"""Days after an infusion that a forecast covers; a later day is only called later, on the screen and in the
scores. Source: McInnes 2022: responders were followed for eight weeks."""


class Status(StrEnum):
    """Status of an outlook; the rule is in `clinical.outlook.status`."""

    NOT_STARTED = "not_started"
    INDUCTION = "induction"
    NOT_DUE = "not_due"
    APPROACHING = "approaching"
    DUE = "due"
    OVERDUE = "overdue"
    PAUSED = "paused"
    COMPLETED = "completed"
    NO_BENEFIT = "no_benefit"
    WORSE = "worse"
    INSUFFICIENT_DATA = "insufficient_data"


class NoForecastReason(StrEnum):
    """Why no forecast is given; the last two are the clinic's own choice."""

    NO_CYCLE = "no_cycle"
    INSUFFICIENT_BASELINE = "insufficient_baseline"
    GONE_SILENT = "gone_silent"
    TARGET_NOT_ANSWERED = "target_not_answered"
    NO_MEASURABLE_BENEFIT = "no_measurable_benefit"
    NOT_SHOWN = "not_shown"
    SWITCHED_OFF = "switched_off"


class ReasonCode(StrEnum):
    """Stable code of a reason; its sentence may be reworded."""

    NO_CYCLE = "no_cycle"
    NOT_STARTED = "not_started"
    INDUCTION = "induction"
    PAUSED = "paused"
    COMPLETED = "completed"
    INSUFFICIENT_BASELINE = "insufficient_baseline"
    GONE_SILENT = "gone_silent"
    TARGET_NOT_ANSWERED = "target_not_answered"
    NO_MEASURABLE_BENEFIT = "no_measurable_benefit"
    NOT_SHOWN = "not_shown"
    SWITCHED_OFF = "switched_off"
    STATUS = "status"
    TARGET_MEASURE = "target_measure"
    NO_BENEFIT = "no_benefit"
    WORSE = "worse"
    MEASURES_DISAGREE = "measures_disagree"
    RECENT_LEVEL = "recent_level"
    HALF_BENEFIT_LINE = "half_benefit_line"
    LITTLE_LIFT = "little_lift"
    PAST_INTERVALS = "past_intervals"
    PERSONAL_INTERVAL = "personal_interval"
    FIRST_CYCLE = "first_cycle"
    LONGER_INTERVAL_UNTESTED = "longer_interval_untested"
    TREATMENT_CHANGED = "treatment_changed"
    SOONER_THAN_USUAL = "sooner_than_usual"
    LATER_THAN_USUAL = "later_than_usual"
    PROBABILITY_HALF_LOST = "probability_half_lost"
    BENEFIT_LEFT_REPORTED = "benefit_left_reported"
    HALF_BENEFIT_RECALLED = "half_benefit_recalled"
    PHQ_9 = "phq_9"
    ANXIETY_MOVED = "anxiety_moved"
    EARLY_WEAR_OFF = "early_wear_off"
    WINDOW_DECIDES = "window_decides"
    STATUS_HYSTERESIS = "status_hysteresis"
    PROTOCOL_LIMIT = "protocol_limit"
    GIVEN_FOR_SYMPTOMS = "given_for_symptoms"
    GIVEN_WHILE_WELL = "given_while_well"
    SHORT_DIPS = "short_dips"
    LASTING_LOW = "lasting_low"
    RATED_BASELINE = "rated_baseline"
    FEW_IN_CYCLE = "few_in_cycle"
    THIN_DATA = "thin_data"
    STALE = "stale"


class Basis(StrEnum):
    """What a forecast mostly rests on.

    `population_prior`: no finished cycle with check-ins, so the population prior, published or fitted to this
    clinic. `history_only`: the patient's finished cycles, with fewer than three usable check-ins in the
    running one. `patient`: both.
    """

    POPULATION_PRIOR = "population_prior"
    HISTORY_ONLY = "history_only"
    PATIENT = "patient"


class WearOff(StrEnum):
    """How likely it is that half of the benefit is already lost."""

    NONE = "none"
    POSSIBLE = "possible"
    LIKELY = "likely"


class Pace(StrEnum):
    """Whether this cycle's benefit wears off sooner or later than is usual for the patient."""

    SOONER = "sooner"
    AS_USUAL = "as_usual"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A median with its central 80 % interval; the unit is the field's."""

    median: float
    lo80: float
    hi80: float


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Recency and completeness of the check-ins.

    `silent_days` counts from the last check-in to today, None if there never was one; `stale` is seven or
    more of them. The shares (0-1) are of the last 14 days' answered days, None when none was answered;
    `target_answered_last_14_days_count` is of the days with the target measure, None where it is wellbeing.
    """

    answered_last_7_days_count: int
    answered_last_14_days_count: int
    last_check_in_on: date | None
    silent_days: int | None
    stale: bool
    anxiety_share: float | None
    enjoyment_share: float | None
    target_answered_last_14_days_count: int | None = None


@dataclass(frozen=True, slots=True)
class MeasureUse:
    """On how many days one measure was used, and the first and last of them."""

    measure: str
    day_count: int
    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class Inputs:
    """Which check-ins the forecast was computed from."""

    reading_count: int
    first_on: date | None
    last_on: date | None
    measures: tuple[MeasureUse, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: a stable code, a sentence, the numbers in it by name, and what would change it."""

    code: ReasonCode
    text: Sentence
    numbers: tuple[tuple[str, float | int | str], ...]
    would_change: Sentence


@dataclass(frozen=True, slots=True)
class Outlook:
    """The outlook on `today`: when the next maintenance infusion is due.

    The `due_*_on` dates are those of T, the day on which half of the running cycle's benefit is lost; the
    status `due` means that the planned day, the 25 % quantile of T within the plan, has come. Dates are None
    without a forecast; the protocol's dates follow from the plan and are present throughout maintenance. A
    `due_*_beyond_horizon` flag means the date lies more than HORIZON_DAYS after the infusion and is to be
    shown as "> 8 weeks". `no_benefit_since_on` is None unless the status is no benefit or worse.
    `target_measure` is what the forecast and the benefit are of.
    `p_half_lost_in_7_days` and `p_half_lost_in_14_days` are the probability that half
    is lost by that many days from today. Levels (`baseline_level`, `half_benefit_line`) are on the target
    measure's own scale of 0-10, and `gain` is its improvement in points, `benefit_left_estimate` is a
    fraction 0-1, `personal_interval` is in days after an infusion. `pace` is None without finished cycles to
    compare with. `wear_off_flag` (not `none`) and `inputs` are None without a forecast, which does not mean
    that there is no wear-off.
    """

    today: date
    phase: Phase
    target_measure: TargetMeasure
    status: Status
    no_benefit_since_on: date | None
    no_forecast_reason: NoForecastReason | None
    missing: tuple[Sentence, ...]
    basis: Basis | None
    last_infusion_on: date | None
    days_since_infusion: int | None
    protocol_earliest_on: date | None
    protocol_latest_on: date | None
    protocol_limit_reached: bool
    recommended_on: date | None
    due_median_on: date | None
    due_lo80_on: date | None
    due_hi80_on: date | None
    due_median_beyond_horizon: bool
    due_lo80_beyond_horizon: bool
    due_hi80_beyond_horizon: bool
    p_half_lost: float | None
    p_half_lost_in_7_days: float | None
    p_half_lost_in_14_days: float | None
    benefit_left_estimate: Estimate | None
    gain: float | None
    gain_sd: float | None
    baseline_level: float | None
    half_benefit_line: float | None
    personal_interval: Estimate | None
    finished_cycle_count: int
    cycle_reading_count: int
    baseline_reading_count: int
    outlier_days: tuple[date, ...]
    wear_off_flag: WearOff | None
    pace: Pace | None
    data_quality: DataQuality
    inputs: Inputs | None
    reasons: tuple[Reason, ...]
    disclaimers: tuple[Sentence, ...]
    engine_version: str
    prior_version: str
    recalibration_version: str | None
