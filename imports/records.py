"""Files of patients, infusions and totals: each line as a request's body, which its schema then judges."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError
from sqlalchemy import select

from clinical.answer_timing import UNTIMED
from clinical.canonical_text import record_number_key
from clinical.custom_instrument import is_custom
from clinical.score import Instrument
from clinical.sentences import Sentence
from imports.cells import code_and_detail, error, leaves
from imports.lines import LINE, LineErrors, ParsedFile, ParsedLine, StoredLine
from imports.table_file import Columns, Unreadable, read_table
from models.patients import Patient
from models.questionnaires import QuestionnaireResponse
from schemas.base import LocalDate, time_zones
from schemas.infusions import NewInfusionSchema
from schemas.patients import EnrolmentSchema
from schemas.scores import NewScoreSchema
from services import infusions, patients, scores
from services.context import Context
from services.errors import FieldError, Invalid
from services.patients import Enrolment
from services.revisions import WriteOutcome, in_force
from services.scores import Entry, Occasion

PATIENTS: Final = Columns(
    frozenset({"record_number", "display_name"}), frozenset({"time_zone", "day_start_hour", "email"})
)
OF_INFUSION: Final = frozenset(
    {"ended_at", "dose_mg", "weight_kg", "route", "status", "reason", "time_zone", "not_done_reason"}
    | {"requested_on"}
    | {"lot_number", "wasted_mg", "performer_name", "witness_name", "dose_confirmation", "override_reason"}
)
AS_TEXT: Final = (
    "not_done_reason",
    "requested_on",
    "lot_number",
    "performer_name",
    "witness_name",
    "override_reason",
)
INFUSIONS: Final = Columns(frozenset({"date"}), OF_INFUSION | {"time", "end_time", "record_number"})
INFUSIONS_BY_INSTANT: Final = Columns(frozenset({"started_at"}), OF_INFUSION | {"record_number"})
OF_SCORE: Final = frozenset({"lowest", "highest", "rater", "record_number"})
SCORES: Final = Columns(frozenset({"date", "instrument", "total"}), OF_SCORE)
OWN_SCORES: Final = Columns(
    frozenset({"local_date", "instrument", "total"}),
    OF_SCORE | {"record_id"},
    frozenset({"source", "version"}),
)
WHOLE: Final = re.compile(r"-?[0-9]{1,9}(\.0+)?")
DECIMAL: Final = re.compile(r"-?[0-9]{1,9}([.,][0-9]{1,6})?")
NAMELESS: Final = Sentence("Name the patient, or give each line a record_number.")


@dataclass(frozen=True, slots=True)
class RecordSettings:
    """How such a file is read: the zone of lines without one; whose all lines are, None for each its own."""

    time_zone: str
    patient_id: UUID | None = None


@dataclass(slots=True)
class _Body:
    """The cells of a line on the way to a body; what is wrong with them is added to `errors`."""

    cells: Mapping[str, str]
    errors: list[FieldError]

    def whole(self, name: str) -> Any:
        """Return a whole number; what is none stays text, for the schema to refuse."""
        text = self.cells.get(name)
        return int(float(text)) if text and text.isascii() and WHOLE.fullmatch(text) else text

    def decimal(self, name: str) -> Any:
        """Return a number, with a point or a comma; what is none stays text."""
        text = self.cells.get(name)
        readable = text and text.isascii() and DECIMAL.fullmatch(text)
        return float(text.replace(",", ".")) if text and readable else text

    def day(self, name: str) -> date | None:
        """Return a day; None, and an error, where it cannot be read."""
        if name not in self.cells:
            self.errors.append(error(name, "required", Sentence("A value is needed.")))
            return None
        try:
            day: date = LocalDate().deserialize(self.cells[name])
        except ValidationError:
            self.errors.append(error(name, "not_a_date", Sentence("Write a day as 2026-11-21.")))
            return None
        return day

    def instant(self, day: date | None, name: str, zone: str, default: time | None) -> str | None:
        """Return the moment of a time of a day as text; None without a day or a time that can be read."""
        text = self.cells.get(name)
        clock = default
        if text is not None:
            try:
                clock = time.fromisoformat(text.zfill(5))
            except ValueError:
                self.errors.append(error(name, "not_a_time", Sentence("Write a time as 09:30.")))
                return None
        if day is None or clock is None or clock.tzinfo is not None or zone not in time_zones():
            return None
        return datetime.combine(day, clock, ZoneInfo(zone)).isoformat()

    def load(self, schema: Schema, body: Mapping[str, Any], columns: Mapping[str, str]) -> Any:
        """Return what a schema makes of a body; None, and an error for each column, where it refuses it."""
        try:
            loaded = schema.load({name: value for name, value in body.items() if value is not None})
        except ValidationError as refused:
            messages: Any = refused.messages
            for name, found in messages.items():
                column = columns.get(name, name)
                # A moment is missing only where its date or time could not be read.
                is_consequence = name == "started_at" and self.errors
                if not is_consequence and not any(each.pointer == column for each in self.errors):
                    self.errors.append(error(column, *code_and_detail(next(leaves(found)))))
            return None
        return None if self.errors else loaded


Parser = Callable[[_Body, RecordSettings], Callable[[Context], StoredLine] | None]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of file: its shapes, how a line is parsed, and the column to name where one is refused."""

    shapes: tuple[Columns, ...]
    parser: Parser
    column: str
    of_patients: bool = True


def parse(content: bytes, kind: str, settings: RecordSettings) -> ParsedFile:
    """Return how each line of a file of this kind is stored; raises Unreadable."""
    of = _KINDS[kind]
    table = read_table(content, of.shapes)
    if of.of_patients and settings.patient_id is None and "record_number" not in table.names:
        raise Unreadable("no_patient", NAMELESS)
    lines, refused = [], []
    columns = {"local_date": "date", "started_at": "date", "ended_at": "end_time"}
    columns["dose_confirmation"] = "dose_mg"
    columns |= {name: name for name in table.names}
    for record in table.records:
        errors = [] if record.error is None else [record.error]
        store = None if record.error else of.parser(_Body(record.cells, errors), settings)
        if store is None or errors:
            refused.append(LineErrors(record.line, tuple(errors)))
        else:
            lines.append(ParsedLine(record.line, store, columns.get(of.column, LINE), columns))
    return ParsedFile(tuple(lines), tuple(refused))


def _patient(body: _Body, settings: RecordSettings) -> Callable[[Context], StoredLine] | None:
    names = ("record_number", "display_name", "email")
    sent = {name: body.cells.get(name) for name in names} | {"day_start_hour": body.whole("day_start_hour")}
    sent["time_zone"] = body.cells.get("time_zone", settings.time_zone)
    loaded = body.load(EnrolmentSchema(), sent, {})
    if loaded is None:
        return None
    return lambda ctx: StoredLine(patients.enrol(ctx, ctx.actor.clinic_id, Enrolment(**loaded)).outcome)


def _infusion(body: _Body, settings: RecordSettings) -> Callable[[Context], StoredLine] | None:
    cells, zone = body.cells, body.cells.get("time_zone", settings.time_zone)
    started_at, ended_at = cells.get("started_at"), cells.get("ended_at")
    if started_at is None:
        day = body.day("date")
        started_at = body.instant(day, "time", zone, UNTIMED)
        ended_at = body.instant(day, "end_time", zone, None) or ended_at
    sent = {
        "started_at": started_at,
        "ended_at": ended_at,
        "time_zone": zone,
        "dose_mg": body.decimal("dose_mg"),
        "weight_kg": body.decimal("weight_kg"),
        "route": cells.get("route"),
        "status": cells.get("status", "completed"),
        "reason": cells.get("reason", "scheduled"),
        "wasted_mg": body.decimal("wasted_mg"),
        **{name: cells.get(name) for name in AS_TEXT},
    }
    if "dose_confirmation" in cells:
        sent["dose_confirmation"] = {"rationale": cells["dose_confirmation"]}
    columns = {} if "started_at" in cells else {"started_at": "date", "ended_at": "end_time"}
    loaded = body.load(NewInfusionSchema(), sent, columns)
    if loaded is None:
        return None
    draft = infusions.InfusionDraft(**loaded)

    def store(ctx: Context) -> StoredLine:
        patient_id = _patient_of(ctx, cells, settings)
        # The same line of a file is the same infusion, however often it is read.
        infusion_id = uuid5(patient_id, f"imported infusion {draft.started_at.isoformat()}")
        stored = infusions.put(ctx, patient_id, infusion_id, draft, None)
        column = "started_at" if "started_at" in cells else "date"
        warned = infusions.warnings(ctx, stored.value) if stored.created else ()
        return StoredLine(stored.outcome, tuple(error(column, str(each.code), each.text) for each in warned))

    return store


def _score(body: _Body, settings: RecordSettings) -> Callable[[Context], StoredLine] | None:
    cells = body.cells
    day = body.day("local_date" if "local_date" in cells else "date")
    name = cells.get("instrument", "").lower()
    if name not in {str(each) for each in Instrument} and not is_custom(name):
        sentence = Sentence(
            "Write the code of a questionnaire, as phq-9; docs/clinical/scores.md lists them."
        )
        body.errors.append(error("instrument", "unknown_instrument", sentence))
    sent = {key: body.whole(key) for key in ("total", "lowest", "highest")} | {"rater": cells.get("rater")}
    loaded = body.load(NewScoreSchema(), sent, {})
    if loaded is None or day is None:
        return None
    entry, occasion = Entry(**loaded), Occasion(name, day)

    def store(ctx: Context) -> StoredLine:
        patient_id = _patient_of(ctx, cells, settings)
        if _is_answered_here(ctx, patient_id, cells.get("record_id", "")):
            return StoredLine(WriteOutcome.UNCHANGED)
        return StoredLine(scores.put_imported(ctx, patient_id, occasion, entry).outcome)

    return store


def _patient_of(ctx: Context, cells: Mapping[str, str], settings: RecordSettings) -> UUID:
    """Return the patient of a line; raises Invalid for a record number of nobody in the clinic."""
    number = cells.get("record_number")
    if number is None and settings.patient_id is not None:
        return settings.patient_id
    if number is None:
        raise Invalid(FieldError("/record_number", "required", NAMELESS))
    query = select(Patient.id).where(Patient.record_number_key == record_number_key(number))
    found = ctx.session.scalar(query)
    if found is None:
        sentence = Sentence("No patient of the clinic has this record number.")
        raise Invalid(FieldError("/record_number", "unknown_patient", sentence))
    if settings.patient_id not in {None, found}:
        sentence = Sentence("This is not the record number of the patient who was named for the file.")
        raise Invalid(FieldError("/record_number", "another_patient", sentence))
    return found


def _is_answered_here(ctx: Context, patient_id: UUID, record_id: str) -> bool:
    """Return whether a total is that of a questionnaire of this patient, in our own export."""
    try:
        response_id = UUID(record_id)
    except ValueError:
        return False
    form = QuestionnaireResponse
    query = select(form.id).where(form.patient_id == patient_id, form.id == response_id, in_force(form))
    return ctx.session.scalar(query) is not None


_KINDS: Final[Mapping[str, _Kind]] = {
    "patients": _Kind((PATIENTS,), _patient, "record_number", of_patients=False),
    "infusions": _Kind((INFUSIONS_BY_INSTANT, INFUSIONS), _infusion, "date"),
    "scores": _Kind((OWN_SCORES, SCORES), _score, "total"),
}
