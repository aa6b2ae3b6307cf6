"""Enter, correct, remove and list totals of questionnaires; nothing is ever erased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from clinical.score import KINDS, MAX, STEPS, Instrument, Rater
from models.scores import Score
from services.access import Role
from services.context import Context
from services.dates import validate_local_date
from services.errors import FieldError, Forbidden, Invalid
from services.revisions import Page, PageRequest, Revisions, WriteResult

NEVER_SHARED: Final = frozenset({Instrument.C_SSRS})
"""Scales of thoughts of suicide, no delegate's to read, as item 9 and the daily safety answer are not."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """One questionnaire, on the local day on which it was answered."""

    instrument: Instrument
    local_date: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A total as it was entered; its range where the catalogue knows none, and who rated, where given."""

    total: int
    lowest: int | None = None
    highest: int | None = None
    rater: Rater | None = None


class _Scores(Revisions[Score, Entry]):
    table = Score
    draft = Entry
    key = ("instrument", "local_date")
    order = ("local_date", "instrument")

    def validate(self, draft: Entry) -> None:
        """Refuse a day that cannot be, and a total or range that is not the questionnaire's."""
        instrument, local_date = self.key_values
        validate_local_date(local_date, self.ctx.now)
        _validate_total(instrument, draft)


def put(
    ctx: Context, patient_id: UUID | None, occasion: Occasion, entry: Entry, expected_version: int | None
) -> WriteResult[Score]:
    """Store a total, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, and Invalid for a day that has not begun, one too
    long past, a total that the questionnaire cannot give, or a range that is missing or not its own.
    """
    score = _Scores.lock(ctx, patient_id, *_key(occasion))
    return score.append(_without_known_range(occasion.instrument, entry), expected_version)


def remove(
    ctx: Context, patient_id: UUID | None, occasion: Occasion, expected_version: int | None
) -> WriteResult[Score]:
    """Append a tombstone to a total. Idempotent."""
    return _Scores.lock(ctx, patient_id, *_key(occasion)).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, occasion: Occasion) -> Score:
    """Return one total; raises Gone for a removed one, and Forbidden for one that is never shared."""
    if ctx.actor.role is Role.DELEGATE and occasion.instrument in NEVER_SHARED:
        raise Forbidden("A delegate is never shown the totals of this questionnaire.")
    return _Scores.read(ctx, patient_id, *_key(occasion))


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[Score]:
    """Return a page of the totals, in order of day, then instrument."""
    shared = []
    if ctx.actor.role is Role.DELEGATE:
        shared.append(Score.instrument.not_in([str(instrument) for instrument in NEVER_SHARED]))
    return _Scores.page(ctx, patient_id, wanted, *shared)


def revisions(ctx: Context, patient_id: UUID | None, occasion: Occasion) -> list[Score]:
    """Return every revision of a total, in order."""
    return _Scores.revisions(ctx, patient_id, *_key(occasion))


def _key(occasion: Occasion) -> tuple[str, date]:
    return str(occasion.instrument), occasion.local_date


def _without_known_range(instrument: Instrument, entry: Entry) -> Entry:
    """Leave out a range that the catalogue knows: with it or without, it is the same entry."""
    known = KINDS[instrument].highest
    is_known = known is not None and (entry.lowest or 0, entry.highest or known) == (0, known)
    return replace(entry, lowest=None, highest=None) if is_known else entry


def _validate_total(name: str, entry: Entry) -> None:
    instrument = Instrument(name)
    known = KINDS[instrument].highest
    found = []
    if known is not None:
        if entry.lowest or entry.highest:
            sentence = f"The range of this questionnaire is 0 to {known}: leave it out."
            found.append(FieldError("/highest", "another_range", sentence))
    elif entry.lowest is None or entry.highest is None:
        sentence = "Say between which totals yours lies: of this questionnaire no range is known here."
        missing = [name for name in ("lowest", "highest") if getattr(entry, name) is None]
        found += [FieldError(f"/{name}", "required", sentence) for name in missing]
    elif entry.lowest >= entry.highest:
        found.append(FieldError("/highest", "out_of_range", "The highest total is above the lowest."))
    lowest, highest = (0, known) if known is not None else (entry.lowest or 0, entry.highest or MAX)
    if not found and not lowest <= entry.total <= highest:
        sentence = f"A total of this questionnaire lies from {lowest} to {highest}."
        found.append(FieldError("/total", "off_scale", sentence))
    elif not found and entry.total % (step := STEPS.get(instrument, 1)):
        sentence = (
            f"A total of this questionnaire is a multiple of {step}: send {step} times the sum of its items."
        )
        found.append(FieldError("/total", "off_scale", sentence))
    if found:
        raise Invalid(*found)
