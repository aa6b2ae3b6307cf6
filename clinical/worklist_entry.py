"""Worklist entries: who has taken a patient, and whether they are left out of the list for now.

A team marks a patient as handled, or snoozed until a day. With it the reasons for attention that were visible
are recorded, and each day they are compared with those of that day:

- an open safety alert always shows, and one opened since ends the mark for good, closed or not;
- a higher level of attention returns the patient at once;
- a snoozed patient returns on the day, whatever the reasons;
- a handled one returns with a new reason, or with a recorded one that began again.

What "began again" means depends on the reason, since the day of some moves while nothing happens:

    open_alert           see above
    due, approaching     one reason, the planned day, which a forecast moves each day: again after another
                         infusion, or at a higher level
    wear_off_probable    the same: its day follows the planned day, and without one it is today
    not_booked           its day is today until the planned day: again after another infusion, or when a
                         booking was made and is gone
    induction_lapsed,    the next expected day may be past when an infusion is given late: again after another
    induction_behind     infusion
    booking_conflict     its day is the booked one: again with another day, or another conflict
    hold                 its day is a booked one, that of a consultation, or today: again with another booked
                         day, or another reason to hold
    all others           again from a later day than was recorded, if that is not before the mark: a drop of
                         mood moves by up to two days as it gets older, and a total entered late is an old one
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from clinical.attention import Attention, AttentionCode, AttentionLevel
from clinical.booking import BookingReview
from clinical.holds import HoldReason

MAX_SNOOZE_DAYS: Final = 90
"""Most days from today until which a patient can be snoozed. Source: a proposal: a season."""


class EntryState(StrEnum):
    """What the team has done with a patient on the list."""

    OPEN = "open"
    SNOOZED = "snoozed"
    HANDLED = "handled"


class ReturnReason(StrEnum):
    """Why a snoozed or handled patient is on the list again."""

    OPEN_ALERT = "open_alert"
    SNOOZE_ENDED = "snooze_ended"
    HIGHER_URGENCY = "higher_urgency"
    NEW_REASON = "new_reason"


@dataclass(frozen=True, slots=True)
class SeenReason:
    """A reason for attention as it is recorded; `details` are the codes behind it, where several have one."""

    code: AttentionCode
    level: AttentionLevel
    since: date
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenAttention:
    """The reasons for attention on `today`, and what tells whether a reason began again."""

    today: date
    reasons: tuple[SeenReason, ...] = ()
    last_infusion_on: date | None = None
    booked_on: date | None = None

    @property
    def level(self) -> AttentionLevel:
        """The highest level of any reason."""
        return min((reason.level for reason in self.reasons), default=AttentionLevel.NONE)

    @property
    def not_booked(self) -> bool:
        """Whether nothing is booked although the planned day is near."""
        return any(reason.code is AttentionCode.NOT_BOOKED for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Mark:
    """A patient marked as snoozed or handled, with the reasons visible then.

    `alert_since` is whether a safety alert was opened after it, `booking_since` whether an infusion was
    recorded or changed after it.
    """

    state: EntryState
    seen: SeenAttention
    snoozed_until_on: date | None = None
    alert_since: bool = False
    booking_since: bool = False


def seen_attention(
    attention: Attention,
    today: date,
    booking: BookingReview,
    holds: Sequence[HoldReason],
    last_infusion_on: date | None,
) -> SeenAttention:
    """Return the attention of a day as it is recorded and compared."""
    conflict = booking.conflict
    details = {
        AttentionCode.BOOKING_CONFLICT: () if conflict is None else (str(conflict.code),),
        AttentionCode.HOLD: tuple(sorted({str(hold.code) for hold in holds})),
    }
    reasons = tuple(
        SeenReason(each.code, each.level, each.since, details.get(each.code, ()))
        for each in attention.findings
    )
    return SeenAttention(today, reasons, last_infusion_on, booking.booked_on)


def return_reason(mark: Mark, now: SeenAttention) -> ReturnReason | None:
    """Return why a patient is on the list again; None while they are left out."""
    if mark.alert_since or any(each.code is AttentionCode.OPEN_ALERT for each in now.reasons):
        return ReturnReason.OPEN_ALERT
    if now.level < mark.seen.level:
        return ReturnReason.HIGHER_URGENCY
    if mark.state is EntryState.SNOOZED:
        ended = mark.snoozed_until_on is None or now.today >= mark.snoozed_until_on
        return ReturnReason.SNOOZE_ENDED if ended else None
    return ReturnReason.NEW_REASON if _changed(mark, now) else None


_PLANNED_DAY: Final = frozenset({AttentionCode.DUE, AttentionCode.APPROACHING})
_OF_CYCLE: Final = _PLANNED_DAY | {
    AttentionCode.WEAR_OFF_PROBABLE,
    AttentionCode.NOT_BOOKED,
    AttentionCode.INDUCTION_LAPSED,
    AttentionCode.INDUCTION_BEHIND,
}


def _changed(mark: Mark, now: SeenAttention) -> bool:
    before, after = _by_kind(mark.seen.reasons), _by_kind(now.reasons)
    return any(kind not in before or _again(before[kind], after[kind], mark, now) for kind in after)


def _by_kind(reasons: Iterable[SeenReason]) -> Mapping[AttentionCode, list[SeenReason]]:
    found: dict[AttentionCode, list[SeenReason]] = {}
    for each in reasons:
        kind = AttentionCode.DUE if each.code in _PLANNED_DAY else each.code
        found.setdefault(kind, []).append(each)
    return found


def _again(before: list[SeenReason], after: list[SeenReason], mark: Mark, now: SeenAttention) -> bool:
    """Return whether reasons of one kind are others than were recorded, or began again."""
    if min(each.level for each in after) < min(each.level for each in before) or len(after) > len(before):
        return True
    code, seen = after[0].code, mark.seen
    old, new = max(each.since for each in before), max(each.since for each in after)
    known = {detail for each in before for detail in each.details}
    other_details = any(not known.issuperset(each.details) for each in after)
    if code in _OF_CYCLE:
        booked_and_gone = code is AttentionCode.NOT_BOOKED and mark.booking_since
        return now.last_infusion_on != seen.last_infusion_on or booked_and_gone
    if code is AttentionCode.BOOKING_CONFLICT:
        return other_details or new != old
    if code is AttentionCode.HOLD:
        return other_details or now.booked_on not in {None, seen.booked_on}
    return new > old and new >= seen.today
