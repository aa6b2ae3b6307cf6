"""A clinic's own instruments: read, stored whole, and looked up where totals are judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.custom_instrument import CustomInstrument, StatedBand, in_ascending_order, is_custom
from clinical.direction import Direction
from clinical.sentences import Sentence
from models.custom_instruments import CustomInstruments
from models.scores import Score
from services import event_log
from services.access import own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import ClinicRevisions, WriteResult, in_force

VERSION = func.coalesce(
    select(CustomInstruments.version).where(in_force(CustomInstruments)).scalar_subquery(), 0
)
"""The version of the list in force of the session's clinic, 0 where it has none; a part of a query."""


@dataclass(frozen=True, slots=True)
class InstrumentsDraft:
    """The clinic's own instruments in its order."""

    items: tuple[CustomInstrument, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredInstruments:
    """The clinic's own instruments, and the version of the list, 0 where nothing was stored."""

    items: tuple[CustomInstrument, ...]
    version: int


class _Instruments(ClinicRevisions[CustomInstruments, InstrumentsDraft]):
    table = CustomInstruments
    draft = InstrumentsDraft
    default = InstrumentsDraft()

    @classmethod
    def to_draft(cls, row: CustomInstruments) -> InstrumentsDraft:
        """Return the instruments that a row stores."""
        return InstrumentsDraft(tuple(_from_document(each) for each in row.items))

    def to_columns(self, draft: InstrumentsDraft) -> dict[str, Any]:
        """Return the instruments as documents."""
        return {"items": [_document(each) for each in draft.items]}

    def validate(self, draft: InstrumentsDraft) -> None:
        """Refuse what contradicts itself, and to leave out an instrument that has totals."""
        found = list(_wrong(draft.items))
        listed = {each.code for each in draft.items}
        before = () if self.current is None else self.to_draft(self.current).items
        left_out = sorted({each.code for each in before} - listed)
        used = set(
            self.ctx.session.scalars(
                select(Score.instrument)
                .where(Score.instrument.in_(left_out), Score.removed.is_(False))
                .distinct()
            )
        )
        for code in left_out:
            if code in used:
                sentence = Sentence(
                    "{code} has totals: keep it in the list, with retired true, so that they stay readable.",
                    code=code,
                )
                found.append(FieldError("/items", "has_totals", sentence))
        if found:
            raise Invalid(*found)

    def current_for_error(self) -> StoredInstruments:
        """Return the list in force."""
        return _stored(self.current)


def read(ctx: Context, clinic_id: UUID) -> StoredInstruments:
    """Return the instruments of the actor's own clinic."""
    own_clinic(ctx.actor, clinic_id)
    return _stored(_Instruments.find_as_of(ctx.session))


def put(
    ctx: Context, clinic_id: UUID, draft: InstrumentsDraft, expected_version: int | None
) -> WriteResult[StoredInstruments]:
    """Store the list, or recognise that it is stored already; every revision stays.

    Raises VersionRequired or Stale as check-ins do, and Invalid, naming each field at fault. A total that is
    stored stays as it is, with the range of its time.
    """
    instruments = _Instruments.lock_clinic(ctx, clinic_id)
    stored = instruments.append(draft, expected_version)
    event_log.record_settings(ctx, "custom-instruments", stored)
    return WriteResult(_stored(stored.value), stored.outcome)


def of_clinic(session: Session) -> dict[str, CustomInstrument]:
    """Return the instruments of the session's clinic by code, retired ones too."""
    return {each.code: each for each in _stored(_Instruments.find_as_of(session)).items}


def find(session: Session, code: str) -> CustomInstrument | None:
    """Return one instrument of the session's clinic; None without it."""
    return of_clinic(session).get(code) if is_custom(code) else None


def _stored(row: CustomInstruments | None) -> StoredInstruments:
    return (
        StoredInstruments((), 0)
        if row is None
        else StoredInstruments(_Instruments.to_draft(row).items, row.version)
    )


def _document(instrument: CustomInstrument) -> dict[str, Any]:
    # Compared with what is stored, which holds lists.
    return {**asdict(instrument), "bands": [asdict(each) for each in instrument.bands]}


def _from_document(stored: dict[str, Any]) -> CustomInstrument:
    bands = tuple(StatedBand(**each) for each in stored["bands"])
    return replace(CustomInstrument(**stored), bands=bands, direction=Direction(stored["direction"]))


def _wrong(items: tuple[CustomInstrument, ...]) -> Iterator[FieldError]:
    for at, each in enumerate(items):
        path = f"/items/{at}"
        if each.code in {other.code for other in items[:at]}:
            yield FieldError(f"{path}/code", "not_unique", Sentence("Each instrument has a code of its own."))
        if each.highest <= each.lowest:
            yield FieldError(
                f"{path}/highest", "out_of_range", Sentence("The highest total is above the lowest.")
            )
            continue
        outside = any(not each.lowest <= band.from_total <= each.highest for band in each.bands)
        if outside or not in_ascending_order(each.bands):
            sentence = Sentence(
                "Send bands in ascending order, from {lowest} to {highest}.",
                lowest=each.lowest,
                highest=each.highest,
            )
            yield FieldError(f"{path}/bands", "out_of_order", sentence)
        points = each.reliable_change_points
        if points is not None and points > each.highest - each.lowest:
            sentence = Sentence(
                "A change of its total is at most {number} points.", number=each.highest - each.lowest
            )
            yield FieldError(f"{path}/reliable_change_points", "out_of_range", sentence)
