"""Whether a learnt prior would have helped with patients it had not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from clinical.history import History
from clinical.outlook.forecast import NoForecast, forecast
from clinical.outlook.learning import Evidence, explains, propose
from clinical.outlook.prior import Prior
from clinical.outlook.record import CycleRecord, LandmarkScore, Saying, landmark
from clinical.outlook.record.truth import CycleTruth
from clinical.protocol import days_after

FOLDS: Final = 5
LANDMARKS: Final = (7, 14)


@dataclass(frozen=True, slots=True, eq=False)
class Pupil:
    """One patient to learn from, and the finished cycles to be tested on."""

    history: History
    evidence: Evidence
    cycles: tuple[CycleTruth, ...]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Forecasts for `patients` by a prior learnt from the others, against those by the prior in use.

    `explained` is by how much better, in log likelihood a patient, the learnt prior explained the cycles it
    had not seen. `before` and `after` hold the landmark scores at days 7 and 14. `helped` is true where the
    cycles are explained better and the error at day 14 did not grow.
    """

    patients: int
    explained: float
    before: tuple[LandmarkScore, ...]
    after: tuple[LandmarkScore, ...]
    helped: bool


def held_out(
    pupils: Sequence[Pupil], in_use: Prior, step: Callable[[], None] = lambda: None
) -> HeldOut | None:
    """Learn from four fifths of the patients, forecast for the fifth, and so on round; None if too few.

    `step` is called after each patient. Forecasts are made from what is known today of the days up to each
    landmark, so late entries count as if they had come in time.
    """
    explained = 0.0
    before: list[CycleRecord] = []
    after: list[CycleRecord] = []
    for fold in range(FOLDS):
        proposal = propose([pupil.evidence for at, pupil in enumerate(pupils) if at % FOLDS != fold])
        if proposal is None:
            return None
        learnt = Prior("held-out", proposal.median_days, proposal.spread)
        for pupil in pupils[fold::FOLDS]:
            explained += explains(pupil.evidence, learnt) - explains(pupil.evidence, in_use)
            scored = [cycle for cycle in pupil.cycles if cycle.can_be_scored]
            before += [_record(pupil.history, cycle, in_use) for cycle in scored]
            after += [_record(pupil.history, cycle, learnt) for cycle in scored]
            step()
    scores_before, scores_after = ([landmark(said, day) for day in LANDMARKS] for said in (before, after))
    return HeldOut(
        patients=len(pupils),
        explained=round(explained / len(pupils), 4),
        before=tuple(scores_before),
        after=tuple(scores_after),
        helped=explained > 0 and not _worse(scores_before[-1], scores_after[-1]),
    )


def _worse(before: LandmarkScore, after: LandmarkScore) -> bool:
    if before.mean_error is None or after.mean_error is None:
        return False
    return after.mean_error > before.mean_error


def _record(history: History, cycle: CycleTruth, prior: Prior) -> CycleRecord:
    sayings = tuple(_said(history, cycle, day, prior) for day in LANDMARKS if day < cycle.length)
    return CycleRecord(cycle.number, cycle.length, cycle.half_gone, None, sayings)


def _said(history: History, cycle: CycleTruth, day: int, prior: Prior) -> Saying:
    made = forecast(history, days_after(cycle.start, day), prior)
    if isinstance(made, NoForecast):
        return Saying(day)
    return Saying(day, made.due.median, made.due.lo80, made.due.hi80, made.p_crossed)
