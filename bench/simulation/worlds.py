"""Simulated worlds: what the usual patients are, and how others depart from what the engine assumes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Memory:
    """How well patients recall the days until half of a benefit was gone.

    `spread` is the SD of the error of the log of the days, `lean_sd` that of what a patient always adds to
    it, `anchor` the share of the log of the interval in the answer. `unanswered` and `random` are shares of
    answers, `denial` of "it had not gone" where half had, and the other way round. In an `echo` the answer is
    made from the mood of the day on which it is asked, and from nothing else.
    """

    spread: float = 0.40
    lean_sd: float = 0.15
    anchor: float = 0.0
    unanswered: float = 0.25
    random: float = 0.10
    denial: float = 0.12
    echo: bool = False


FAIR: Final = Memory()
"""A proposal: nobody has measured it."""
BAD: Final = Memory(spread=0.80, lean_sd=0.35, anchor=0.4, random=0.30, denial=0.30)


@dataclass(frozen=True, slots=True)
class World:
    """How a clinic's patients depart from the usual ones.

    `pace` is added to the log change of the half-benefit day a cycle, `carried` to the day-to-day correlation
    of the slow part of the noise, whose quick part has `tails` degrees of freedom. `low_mood` is by how much
    a point of low mood raises the log odds of not answering. With `item_is_echo` the weekly item repeats the
    mood of its day. `dose_changes` is the share of patients whose dose changes once, and with it how long
    the benefit lasts and how large it is.
    """

    name: str
    memory: Memory = FAIR
    pace: float = 0.0
    carried: float = 0.0
    tails: float = 4.0
    low_mood: float = 0.25
    item_is_echo: bool = False
    dose_changes: float = 0.0


USUAL: Final = World("usual")
OTHERS: Final = (
    World("heavy tails, noise that lasts", carried=0.3, tails=2.5),
    World("a benefit that shortens", pace=-0.08),
    World("a weekly item that repeats mood", item_is_echo=True),
    World("a bad memory", memory=BAD),
    World("a memory that repeats mood", memory=Memory(echo=True)),
    World("no answers on low days", low_mood=1.0),
    World("a change of dose", dose_changes=0.8),
)
"""Proposals, each of one thing that the engine assumes otherwise."""
