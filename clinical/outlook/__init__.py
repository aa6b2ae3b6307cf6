"""When half of a maintenance infusion's benefit will be gone, how surely, and why."""

from __future__ import annotations

from datetime import date

from clinical.history import History
from clinical.outlook.answer import Outlook, Refusal, Status, WearOff, Inputs
from clinical.outlook.quality import data_quality
from clinical.protocol import cycle_starts, last_infusion, phase, PhaseKind, protocol_window

ENGINE_VERSION = "wear-off-1"
PRIOR_VERSION = "published-1"


def outlook(history: History, today: date) -> Outlook:
    """What can be said on `today`; readings and infusions after it are ignored."""
    readings = tuple(sorted((r for r in history.readings if r.day <= today), key=lambda r: r.day))
    stage = phase(history.protocol, history.infusions, today)
    window = protocol_window(history.protocol, history.infusions, today)
    last = last_infusion(history.infusions, today)
    starts = cycle_starts(history.protocol, history.infusions, today)
    maintenance = stage.kind is PhaseKind.MAINTENANCE
    return Outlook(
        today=today, phase=stage,
        status=Status.INSUFFICIENT_DATA if maintenance else Status(stage.kind.value),
        refusal=Refusal.INSUFFICIENT_BASELINE if maintenance else None,
        missing=(), basis=None, last_infusion=last,
        days_since_infusion=None if last is None else (today - last).days,
        protocol_earliest=window.earliest if window else None,
        protocol_latest=window.latest if window else None,
        protocol_limit_reached=window is not None and today >= window.latest,
        recommended=None, due_median=None, due_lo80=None, due_hi80=None,
        due_median_beyond_horizon=False, due_lo80_beyond_horizon=False, due_hi80_beyond_horizon=False,
        p_crossed=None, p_within_7=None, p_within_14=None, benefit_left=None,
        gain=None, gain_sd=None, baseline=None, half_benefit_line=None, personal_interval=None,
        cycles_finished=max(len(starts) - 1, 0), readings_in_cycle=0, baseline_readings=0,
        outlier_days=(), wear_off_flag=WearOff.NONE, data_quality=data_quality(readings, today),
        inputs=Inputs(0, None, None, ()), reasons=(), limits=(),
        engine_version=ENGINE_VERSION, prior_version=PRIOR_VERSION,
    )
