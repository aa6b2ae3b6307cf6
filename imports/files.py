"""One file of a clinic: whose it is, how it is read, and what became of its lines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from clinical.canonical_text import record_number_key
from clinical.sentences import Sentence
from imports import diaries, records
from imports.diaries import DiarySettings
from imports.lines import ParsedFile, Report, store
from imports.records import RecordSettings
from imports.scales import Direction, Scale, parse_scale
from imports.table_file import Unreadable
from models.clinics import Clinic
from models.database import Database
from models.patients import Patient
from services.access import Actor, own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.event_log import COMMAND

MAX_LINES = 366
"""Most lines of a file that is imported over HTTP: a year of days. Operational."""

LINES_PER_TRANSACTION = 20
"""Lines stored in one transaction: other writers wait for so many at most. Operational."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said about a file: its kind, and how it is read."""

    kind: str
    patient: str | None = None
    time_zone: str | None = None
    scale: Scale | None = None
    moods: tuple[str, ...] = ()


def stated_scale(text: str | None, direction: str) -> Scale | None:
    """Return the scale that was stated, or None; raises Unreadable for one that is none."""
    if text is None:
        return None
    scale = parse_scale(text, Direction(direction))
    if scale is None:
        detail = Sentence("A scale is its lowest and its highest rating, as 1-5, or daylio.")
        raise Unreadable("unknown_scale", detail)
    return scale


def parse(ctx: Context, content: bytes, settings: Settings) -> ParsedFile:
    """Return how each line of a file is stored; raises Unreadable, and Invalid for an unknown patient."""
    patient = None if settings.patient is None else find_patient(ctx, settings.patient)
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    if settings.kind == "check_ins":
        if patient is None:
            raise Unreadable("no_patient", Sentence("Name the patient whose diary it is."))
        how = DiarySettings(settings.time_zone or patient.time_zone, settings.scale, settings.moods)
        return diaries.parse(content, patient.id, how, ctx.now)
    patient_id = None if patient is None else patient.id
    of_records = RecordSettings(settings.time_zone or clinic.time_zone, patient_id)
    return records.parse(content, settings.kind, of_records)


def run(importer: Importer, clinic_id: UUID, content: bytes, settings: Settings) -> Report:
    """Import a file, or only validate it; raises Invalid for one that cannot be read or is too long.

    A failure of the database in the middle leaves the lines before it stored: sent again, they are unchanged.
    """
    own_clinic(importer.actor, clinic_id)
    try:
        parsed = importer.parse(content, settings)
    except Unreadable as why:
        raise Invalid(FieldError("", why.code, why.detail)) from None
    if len(parsed.lines) > MAX_LINES:
        sentence = Sentence("Send at most {number} lines: import the file in parts.", number=MAX_LINES)
        raise Invalid(FieldError("", "too_many", sentence))
    return importer.store(parsed)


@dataclass(frozen=True, slots=True)
class Importer:
    """Where a file is stored, on whose behalf and when; a dry run stores nothing.

    `progress` is called with the number of lines done and of all, after each transaction but the last.
    `address` is the network address that the file came from, for the event log.
    """

    database: Database
    actor: Actor
    now: datetime
    dry_run: bool = False
    progress: Callable[[int, int], None] = lambda _done, _all: None
    address: str = COMMAND

    def parse(self, content: bytes, settings: Settings) -> ParsedFile:
        """Return how each line is stored; raises as `parse` of this module does."""
        with self.database.read(self.actor.clinic_id) as session:
            return parse(Context(session, self.actor, self.now, self.address), content, settings)

    def store(self, parsed: ParsedFile) -> Report:
        """Store what can be, in transactions of some lines, so that no writer waits for a whole file.

        A dry run compares a line with what is stored, and with the lines of its own transaction.
        """
        report = Report(refused=list(parsed.refused), unused=parsed.unused, warnings=list(parsed.warnings))
        for start in range(0, len(parsed.lines), LINES_PER_TRANSACTION):
            if start:
                self.progress(start, len(parsed.lines))
            some = parsed.lines[start : start + LINES_PER_TRANSACTION]
            with self.database.write(self.actor.clinic_id) as session, session.begin_nested() as batch:
                ctx = Context(session, self.actor, self.now, self.address)
                store(ctx, some, report)
                if self.dry_run:
                    batch.rollback()
        return report


def find_patient(ctx: Context, wanted: str) -> Patient:
    """Return the patient of the clinic with this record number or id; raises Invalid."""
    named: ColumnElement[bool] = Patient.record_number_key == record_number_key(wanted)
    with suppress(ValueError):
        named |= Patient.id == UUID(wanted)
    found = ctx.session.scalars(select(Patient).where(named)).all()
    if len(found) != 1:
        sentence = Sentence("No patient of the clinic has this record number or id.")
        raise Invalid(FieldError("patient", "unknown_patient", sentence, "parameter"))
    return found[0]
