"""Store questionnaires as they were filled in, score the complete ones, and screen item 9 of the PHQ-9."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from clinical import local_day, safety
from clinical.check_in import EntryMode
from clinical.instruments.catalogue import find, in_use
from clinical.instruments.instrument import Instrument, score
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.instruments.response import FormDraft
from clinical.instruments.response import read as read_answers
from clinical.sentences import Sentence
from models.clinics import Clinic
from models.patients import Patient
from models.questionnaires import QuestionnaireResponse
from services.access import Role
from services.context import Context
from services.dates import RecordedDay, date_errors, validate_recorded_day
from services.errors import Conflict, FieldError, Invalid
from services.revisions import Page, PageRequest, Revisions, WriteOutcome, WriteResult
from services.safety.alerts import Origin, raise_concerns, unreadable_answer_message
from services.safety.answers import Moment, resolve_day


@dataclass(frozen=True, slots=True)
class FormResult:
    """A form as stored after a write, whether the write changed it, and what must be shown at once."""

    response: QuestionnaireResponse
    outcome: WriteOutcome
    safety: safety.CrisisMessage | None

    @property
    def created(self) -> bool:
        """Whether the write stored the first revision."""
        return self.outcome is WriteOutcome.CREATED


class _Forms(Revisions[QuestionnaireResponse, FormDraft]):
    table = QuestionnaireResponse
    draft = FormDraft
    key = ("id",)
    recording_columns = frozenset({"recorded_at", "time_zone"})
    order = ("local_date", "id")

    def to_columns(self, draft: FormDraft) -> dict[str, Any]:
        """Return the columns of a form; raises Conflict or Invalid for one that cannot be stored."""
        instrument = self._instrument(draft)
        answers, faults = read_answers(instrument, draft.answers)
        found = [FieldError(f"/answers/{_escaped(fault.item)}", fault.code, fault.detail) for fault in faults]
        if not draft.answers:
            found.append(FieldError("/answers", "required", Sentence("Send at least one answer.")))
        if found:
            raise Invalid(*found)
        return _columns(instrument, answers, (draft.local_date, draft.time_zone, draft.recorded_at))

    def extra_columns(self, draft: FormDraft) -> dict[str, Any]:  # noqa: ARG002  it does not depend on the draft
        """Return which side filled it in."""
        return {"reported_by": self.ctx.actor.side}

    def validate_day(self, draft: FormDraft) -> None:
        """Refuse a day that had not begun, or is too long past for a patient to fill in."""
        actor, now, zone = self.ctx.actor, self.ctx.now, draft.time_zone
        if found := list(date_errors(draft.local_date, now, "/local_date")):
            raise Invalid(*found)
        recorded = RecordedDay(draft.local_date, zone, draft.recorded_at)
        validate_recorded_day(self.ctx, self.patient, recorded, "/local_date")
        recorded_at = local_day.counted_from(draft.recorded_at, now)
        mode = local_day.entry_mode(draft.local_date, recorded_at, zone, self.patient.day_start_hour)
        if not actor.has(Role.PATIENT) or mode is not EntryMode.BACKFILL:
            return
        days = self.ctx.session.get_one(Clinic, self.patient.clinic_id).backfill_days
        if local_day.days_late(draft.local_date, recorded_at, now, zone) > days:
            sentence = Sentence("A form can be filled in up to {days} days later; ask the clinic.", days=days)
            raise Invalid(FieldError("/local_date", "too_long_past", sentence))

    def only_adds_to_item_9(self, columns: dict[str, Any]) -> bool:
        """Whether only this form's item 9 is stored, as `store_item_9` leaves it: the rest is no clash."""
        current, answers = self.current, columns["answers"]
        if current is None or current.removed or current.version > 1 or ITEM_9 not in answers:
            return False
        same = current.instrument == columns["instrument"] == PHQ_9.code
        return same and current.answers == {ITEM_9: answers[ITEM_9]}

    def lowered_at(self, answer: int) -> datetime | None:
        """Return when the form in force was given a lower item 9 than this."""
        current = self.current
        given = current.answers.get(ITEM_9) if current and current.instrument == PHQ_9.code else None
        return current.known_from if current and given is not None and given < answer else None

    def raise_alert(self, answer: int, day: date, lowered_at: datetime | None) -> safety.CrisisMessage | None:
        """Open an alert for an answer to item 9 above "not at all"; return what must be shown."""
        origin = Origin(str(self.key_values[0]), day, lowered_at)
        concerns = safety.of_item_9(answer)
        return raise_concerns(self.ctx.session, self.patient, concerns, origin, self.ctx.now)

    def _instrument(self, draft: FormDraft) -> Instrument:
        instrument = find(draft.instrument, draft.instrument_version)
        if instrument is None:
            sentence = Sentence("There is no such version of this questionnaire.")
            raise Invalid(FieldError("/instrument_version", "unknown_version", sentence))
        current = self.current
        if current is not None and current.instrument != instrument.code:
            sentence = Sentence("Another questionnaire was filled in under this id.")
            raise Conflict(FieldError("/instrument", "another_questionnaire", sentence))
        if instrument.retired and (current is None or current.instrument_version != instrument.version):
            sentence = Sentence("This version is retired: ask the one in use.")
            raise Conflict(FieldError("/instrument_version", "retired_version", sentence))
        return instrument


def put(
    ctx: Context, patient_id: UUID | None, response_id: UUID, draft: FormDraft, expected_version: int | None
) -> FormResult:
    """Store a form, whole or in part, under the id its client gave it, or recognise that it is stored.

    The same answers with another `recorded_at` or `time_zone` are the same. Raises VersionRequired, Stale or
    Gone as check-ins do, Conflict for another questionnaire than the one under that id or a retired version,
    and Invalid for an unknown version, item or answer, or its day.
    """
    form = _Forms.lock(ctx, patient_id, response_id)
    columns = form.to_columns(draft)
    if not form.is_unchanged(columns):
        form.validate_day(draft)
    if expected_version is None and form.only_adds_to_item_9(columns):
        expected_version = form.version
    answer = columns["answers"].get(ITEM_9) if columns["instrument"] == PHQ_9.code else None
    lowered_at = None if answer is None else form.lowered_at(answer)
    stored = form.append(draft, expected_version)
    shown = None if answer is None else form.raise_alert(answer, stored.value.local_date, lowered_at)
    return FormResult(stored.value, stored.outcome, shown)


@dataclass(frozen=True, slots=True)
class Item9:
    """An answer to item 9 other than "not at all", its form's id, day and moment; None for the unreadable."""

    response_id: UUID | None
    answer: int | None
    local_date: date | None
    moment: Moment | None = None


def open_item_9_alerts(
    ctx: Context, patient_id: UUID | None, items: Iterable[Item9]
) -> safety.CrisisMessage | None:
    """Open an alert for each item 9, before the rest of its request is validated; screened again, none.

    The forms themselves are stored by `put`, or in part by `store_item_9`.
    """
    patient = ctx.load_patient(patient_id, lock=True)
    shown = None
    for item in items:
        if item.answer is None:
            shown = shown or unreadable_answer_message(ctx.session)
            continue
        form, day = _form_meant(ctx, patient, item)
        shown = form.raise_alert(item.answer, day, form.lowered_at(item.answer)) or shown
    return shown


def store_item_9(ctx: Context, patient_id: UUID | None, item: Item9) -> FormResult:
    """Act on an item 9 above "not at all" of a form that was refused, and store it.

    Where nothing is stored under that id, item 9 is stored alone, as a form begun on the day it names, or on
    the present one. A stored form is left as it is, and the alert holds the answer. A form without an id that
    can be read is its day's. Raises ValueError for an answer that cannot be read.
    """
    if item.answer is None:
        raise ValueError("an answer that cannot be read cannot be stored")
    patient = ctx.load_patient(patient_id, lock=True)
    form, day = _form_meant(ctx, patient, item)
    lowered_at, outcome = form.lowered_at(item.answer), WriteOutcome.UNCHANGED
    if form.current is None:
        instrument = in_use(PHQ_9.code) or PHQ_9
        columns = _columns(instrument, {ITEM_9: item.answer}, (day, patient.time_zone, ctx.now))
        form.write({**columns, "reported_by": ctx.actor.side})
        outcome = WriteOutcome.CREATED
    response = form.require_current()
    return FormResult(response, outcome, form.raise_alert(item.answer, response.local_date, lowered_at))


def remove(
    ctx: Context, patient_id: UUID | None, response_id: UUID, expected_version: int | None
) -> WriteResult[QuestionnaireResponse]:
    """Mark a form as entered in error; its revisions stay, and so does every alert it raised."""
    return _Forms.lock(ctx, patient_id, response_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, response_id: UUID) -> QuestionnaireResponse:
    """Return one form; raises Gone for one entered in error."""
    return _Forms.read(ctx, patient_id, response_id)


def page(
    ctx: Context, patient_id: UUID | None, wanted: PageRequest, instrument: str | None
) -> Page[QuestionnaireResponse]:
    """Return a page of the forms of one questionnaire, or of all, in order of day, then id."""
    only = [] if instrument is None else [QuestionnaireResponse.instrument == instrument]
    return _Forms.page(ctx, patient_id, wanted, *only)


def revisions(
    ctx: Context, patient_id: UUID | None, response_id: UUID, wanted: PageRequest
) -> Page[QuestionnaireResponse]:
    """Return a page of the revisions of a form, in order."""
    return _Forms.revisions(ctx, patient_id, response_id, wanted=wanted)


def _columns(
    instrument: Instrument, answers: dict[str, int], recorded: tuple[date, str, datetime]
) -> dict[str, Any]:
    local_date, time_zone, recorded_at = recorded
    scored = score(instrument, answers)
    return {
        "instrument": instrument.code,
        "instrument_version": instrument.version,
        "local_date": local_date,
        "time_zone": time_zone,
        "recorded_at": recorded_at,
        "answers": answers,
        "total": None if scored is None else scored.total,
    }


def _escaped(item: str) -> str:
    return item.replace("~", "~0").replace("/", "~1")


def _form_meant(ctx: Context, patient: Patient, item: Item9) -> tuple[_Forms, date]:
    """Return the form of an item 9, and its day: the present one where it names none.

    A form without an id is that day's.
    """
    day = resolve_day(ctx, patient, item.local_date, item.moment)
    response_id = item.response_id or uuid5(patient.id, f"item 9 of {day}")
    current = _Forms.find(ctx.session, patient.id, response_id)
    return _Forms(ctx, patient, (response_id,), current), day
