"""One file of a clinic: whose it is, how it is read, and what became of its lines."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ColumnElement, select

from imports import diaries, records
from imports.diaries import DiarySettings
from imports.lines import LineErrors, ParsedFile, store
from imports.records import RecordSettings
from imports.scales import Direction, Scale, parse_scale
from imports.table_file import Unreadable
from models.clinics import Clinic
from models.patients import Patient
from services.access import own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import WriteOutcome

MAX_LINES = 366
"""Most lines of a file that is imported over HTTP, in one transaction: a year of days. Operational."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is said about a file: its kind, and how it is read."""

    kind: str
    patient: str | None = None
    time_zone: str | None = None
    scale: Scale | None = None
    moods: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What became of each line of a file."""

    outcomes: dict[int, WriteOutcome] = field(default_factory=dict)
    refused: list[LineErrors] = field(default_factory=list)
    unused: tuple[int, ...] = ()
    warnings: tuple[LineErrors, ...] = ()

    @property
    def counts(self) -> Counter[str]:
        """How many lines were created and unchanged."""
        return Counter(str(outcome) for outcome in self.outcomes.values())


def stated_scale(text: str | None, direction: str) -> Scale | None:
    """Return the scale that was stated, or None; raises Unreadable for one that is none."""
    if text is None:
        return None
    scale = parse_scale(text, Direction(direction))
    if scale is None:
        detail = "A scale is its lowest and its highest rating, as 1-5, or daylio."
        raise Unreadable("unknown_scale", detail)
    return scale


def parse(ctx: Context, content: bytes, settings: Settings) -> ParsedFile:
    """Return how each line of a file is stored; raises Unreadable, and Invalid for an unknown patient."""
    patient = None if settings.patient is None else find_patient(ctx, settings.patient)
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    if settings.kind == "check_ins":
        if patient is None:
            raise Unreadable("no_patient", "Name the patient whose diary it is.")
        how = DiarySettings(settings.time_zone or patient.time_zone, settings.scale, settings.moods)
        return diaries.parse(content, patient.id, how, ctx.now)
    patient_id = None if patient is None else patient.id
    of_records = RecordSettings(settings.time_zone or clinic.time_zone, patient_id)
    return records.parse(content, settings.kind, of_records)


def run(ctx: Context, clinic_id: UUID, content: bytes, settings: Settings, *, dry_run: bool) -> Report:
    """Import a file whole, or only validate it; raises Invalid for one that cannot be read."""
    own_clinic(ctx.actor, clinic_id)
    try:
        parsed = parse(ctx, content, settings)
    except Unreadable as why:
        raise Invalid(FieldError("", why.code, why.detail)) from None
    if len(parsed.lines) > MAX_LINES:
        sentence = f"Send at most {MAX_LINES} lines: import the file in parts."
        raise Invalid(FieldError("", "too_many", sentence))
    report = Report(refused=list(parsed.refused), unused=parsed.unused, warnings=parsed.warnings)
    with ctx.session.begin_nested() as whole:
        store(ctx, parsed.lines, report.outcomes, report.refused)
        if dry_run:
            whole.rollback()
    return report


def find_patient(ctx: Context, wanted: str) -> Patient:
    """Return the patient of the clinic with this record number or id; raises Invalid."""
    named: ColumnElement[bool] = Patient.record_number == wanted
    with suppress(ValueError):
        named |= Patient.id == UUID(wanted)
    found = ctx.session.scalars(select(Patient).where(named)).all()
    if len(found) != 1:
        sentence = "No patient of the clinic has this record number or id."
        raise Invalid(FieldError("patient", "unknown_patient", sentence, "parameter"))
    return found[0]
