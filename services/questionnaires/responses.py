"""Keep questionnaires as they were filled in, score those that are whole, and let no item 9 get lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from clinical import local_day, safety
from clinical.check_in import EntryMode
from clinical.instruments.catalogue import find, in_use
from clinical.instruments.instrument import Instrument, score
from clinical.instruments.phq9 import ITEM_9, PHQ_9
from clinical.instruments.response import FormDraft
from clinical.instruments.response import read as read_answers
from models.clinics import Clinic
from models.patients import Patient
from models.questionnaires import QuestionnaireResponse
from services.access import Actor, Role, load_patient
from services.check_ins import EARLIEST, Outcome
from services.errors import Conflict, FieldError, Gone, Invalid, NotFound
from services.revisions import check_version, in_force, is_already_removed, next_revision
from services.safety.alerts import Origin, raise_concerns, unreadable_answer_message
from services.safety.answers import resolve_day

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it stands after a write, whether the write changed it, and what must be shown at once."""

    response: QuestionnaireResponse
    outcome: Outcome
    safety: safety.CrisisMessage | None


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    response_id: UUID,
    draft: FormDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a form, whole or in part, under the id its client gave it, or recognise that it is stored.

    Raises VersionRequired, Stale or Gone as check-ins do, Conflict for another questionnaire than the one
    under that id or a retired version, and Invalid for an unknown version, item or answer, or its day.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    before = current = _current(session, patient.id, response_id)
    said = _said_by(draft, current)
    outcome = Outcome.UNCHANGED
    if current is None or current.removed or _said(current) != said:
        _validate_day(session, actor, patient, draft, now)
        if expected_version is not None or not _goes_on_from_item_9(current, said):
            check_version(current, expected_version)
        outcome = Outcome.CREATED if current is None else Outcome.UPDATED
        current = _revise(session, actor, patient, current, response_id, said, now)
    return Kept(current, outcome, _act_on_item_9(session, patient, current, before, now))


@dataclass(frozen=True, slots=True)
class Item9:
    """An answer to item 9 other than "not at all", its form's id and day; None for what cannot be read."""

    response_id: UUID | None
    answer: int | None
    local_date: date | None


def open_item_9_alerts(
    session: Session, actor: Actor, patient_id: UUID | None, told: Iterable[Item9], now: datetime
) -> safety.CrisisMessage | None:
    """Open an alert for each item 9, before anything else of what it came with is judged; heard again, none.

    The forms themselves are stored by `put`, or in part by `store_item_9`.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    shown = None
    for item in told:
        if item.answer is None:
            shown = shown or unreadable_answer_message(session)
            continue
        response_id, day = _form_meant(patient, item, now)
        current = _current(session, patient.id, response_id)
        origin = Origin(str(response_id), day, _lowered_at(current, item.answer))
        shown = raise_concerns(session, patient, safety.of_item_9(item.answer), origin, now) or shown
    return shown


def store_item_9(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    item: Item9,
    now: datetime,
) -> Kept:
    """Act on an item 9 above "not at all" of a form that was refused for something else, and keep it.

    Where nothing stands under that id, item 9 is stored alone, as a form begun on the day it names, or on
    the present one. Where a form stands, it is left as it is, and the alert holds the answer. A form
    without an id that can be read is its day's. Raises ValueError for an answer that cannot be read.
    """
    if item.answer is None:
        raise ValueError("an answer that cannot be read cannot be kept")
    answer = item.answer
    patient = load_patient(session, actor, patient_id, lock=True)
    response_id, day = _form_meant(patient, item, now)
    before = current = _current(session, patient.id, response_id)
    outcome = Outcome.UNCHANGED
    if current is None:
        said = _fields(in_use(PHQ_9.code) or PHQ_9, {ITEM_9: answer}, (day, patient.time_zone, now))
        current = _revise(session, actor, patient, None, response_id, said, now)
        outcome = Outcome.CREATED
    origin = Origin(str(response_id), current.local_date, _lowered_at(before, answer))
    return Kept(current, outcome, raise_concerns(session, patient, safety.of_item_9(answer), origin, now))


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    response_id: UUID,
    expected_version: int | None,
    now: datetime,
) -> QuestionnaireResponse:
    """Mark a form as entered in error; its revisions stay, and so does every alert it raised."""
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id, response_id)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    return _revise(session, actor, patient, current, response_id, _said(current), now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, response_id: UUID) -> QuestionnaireResponse:
    """Give one form; raises Gone for one entered in error."""
    patient = load_patient(session, actor, patient_id)
    found = _current(session, patient.id, response_id)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms of a list: of one questionnaire or all, and between which days."""

    instrument: str | None = None
    first: date | None = None
    last: date | None = None


def responses(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    wanted: Wanted,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[QuestionnaireResponse]:
    """List forms in order of day, then id: those after `after`, at most `limit`."""
    patient = load_patient(session, actor, patient_id)
    row = QuestionnaireResponse
    query = select(row).where(row.patient_id == patient.id, row.removed.is_(False), in_force(row))
    if wanted.instrument is not None:
        query = query.where(row.instrument == wanted.instrument)
    if wanted.first is not None:
        query = query.where(row.local_date >= wanted.first)
    if wanted.last is not None:
        query = query.where(row.local_date <= wanted.last)
    if after is not None:
        day, last_id = after
        query = query.where(or_(row.local_date > day, and_(row.local_date == day, row.id > last_id)))
    return list(session.scalars(query.order_by(row.local_date, row.id).limit(limit)))


def revisions(
    session: Session, actor: Actor, patient_id: UUID | None, response_id: UUID
) -> list[QuestionnaireResponse]:
    """List every revision of a form, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(QuestionnaireResponse).where(
        QuestionnaireResponse.patient_id == patient.id, QuestionnaireResponse.id == response_id
    )
    found = list(session.scalars(query.order_by(QuestionnaireResponse.version)))
    if not found:
        raise NotFound
    return found


def _current(session: Session, patient_id: UUID, response_id: UUID) -> QuestionnaireResponse | None:
    row = QuestionnaireResponse
    return session.scalar(
        select(row).where(row.patient_id == patient_id, row.id == response_id, in_force(row))
    )


def _said_by(draft: FormDraft, current: QuestionnaireResponse | None) -> Said:
    """What a draft says, in the columns of a row; raises Conflict or Invalid for what cannot be kept."""
    instrument = find(draft.instrument, draft.instrument_version)
    if instrument is None:
        sentence = "There is no such version of this questionnaire."
        raise Invalid(FieldError("/instrument_version", "unknown_version", sentence))
    if current is not None and current.instrument != instrument.code:
        sentence = "Another questionnaire was filled in under this id."
        raise Conflict(FieldError("/instrument", "another_questionnaire", sentence))
    if instrument.retired and (current is None or current.instrument_version != instrument.version):
        sentence = "This version is retired: ask the one in use."
        raise Conflict(FieldError("/instrument_version", "retired_version", sentence))
    answers, faults = read_answers(instrument, draft.answers)
    found = [FieldError(f"/answers/{_escaped(fault.item)}", fault.code, fault.detail) for fault in faults]
    if not draft.answers:
        found.append(FieldError("/answers", "required", "Send at least one answer."))
    if found:
        raise Invalid(*found)
    return _fields(instrument, answers, (draft.local_date, draft.time_zone, draft.recorded_at))


def _fields(instrument: Instrument, answers: dict[str, int], when: tuple[date, str, datetime]) -> Said:
    local_date, time_zone, recorded_at = when
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


def _said(row: QuestionnaireResponse) -> Said:
    names = ("instrument", "instrument_version", "local_date", "time_zone", "recorded_at", "answers", "total")
    return {name: getattr(row, name) for name in names}


def _escaped(item: str) -> str:
    return item.replace("~", "~0").replace("/", "~1")


def _validate_day(session: Session, actor: Actor, patient: Patient, draft: FormDraft, now: datetime) -> None:
    day = draft.local_date
    if not local_day.has_begun_somewhere(day, now):
        raise Invalid(FieldError("/local_date", "not_begun", "This day has not begun anywhere yet."))
    if day < EARLIEST:
        sentence = f"Days are kept from {EARLIEST:%Y} on."
        raise Invalid(FieldError("/local_date", "too_long_past", sentence))
    # A phone whose clock runs ahead of ours recorded the form when the form came.
    recorded_at = min(draft.recorded_at, now)
    mode = local_day.entry_mode(day, recorded_at, draft.time_zone, patient.day_start_hour)
    if actor.role is not Role.PATIENT or mode is not EntryMode.BACKFILL:
        return
    days = session.get_one(Clinic, patient.clinic_id).backfill_days
    if local_day.days_late(day, recorded_at, now, draft.time_zone) > days:
        sentence = f"A form can be filled in up to {days} days later; ask the clinic."
        raise Invalid(FieldError("/local_date", "too_long_past", sentence))


def _goes_on_from_item_9(current: QuestionnaireResponse | None, said: Said) -> bool:
    """Whether only this form's item 9 stands, as `store_item_9` leaves it: to send the rest is no clash."""
    if current is None or current.removed or current.version > 1 or ITEM_9 not in said["answers"]:
        return False
    same = current.instrument == said["instrument"] == PHQ_9.code
    return same and current.answers == {ITEM_9: said["answers"][ITEM_9]}


def _form_meant(patient: Patient, item: Item9, now: datetime) -> tuple[UUID, date]:
    """The id of a form, and its day, the present one where it names none; without an id it is that day's."""
    day = resolve_day(patient, item.local_date, now)
    return item.response_id or uuid5(patient.id, f"item 9 of {day}"), day


def _lowered_at(current: QuestionnaireResponse | None, answer: int) -> datetime | None:
    """When a form that stands was given a lower item 9 than this."""
    told = current.answers.get(ITEM_9) if current and current.instrument == PHQ_9.code else None
    return current.known_from if current and told is not None and told < answer else None


def _act_on_item_9(
    session: Session,
    patient: Patient,
    row: QuestionnaireResponse,
    before: QuestionnaireResponse | None,
    now: datetime,
) -> safety.CrisisMessage | None:
    answer = row.answers.get(ITEM_9) if row.instrument == PHQ_9.code else None
    if answer is None:
        return None
    origin = Origin(str(row.id), row.local_date, _lowered_at(before, answer))
    return raise_concerns(session, patient, safety.of_item_9(answer), origin, now)


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: QuestionnaireResponse | None,
    response_id: UUID,
    said: Said,
    now: datetime,
    *,
    removed: bool = False,
) -> QuestionnaireResponse:
    patient.change_seq += 1
    following = next_revision(session, current, now)
    revision = QuestionnaireResponse(
        **said,
        patient_id=patient.id,
        id=response_id,
        received_at=now,
        reported_by=current.reported_by if removed and current else str(actor.role),
        removed=removed,
        recorded_by=actor.id,
        change_seq=patient.change_seq,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision
