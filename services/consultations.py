"""Record a consultation: what was asked, what was decided, and the consent; every revision is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.suitability import CODES, Answer, Answered, Decision, Indication, to_review
from models.accounts import Account
from models.consultations import Consultation
from models.patients import Patient
from services.access import Actor, load_patient
from services.check_ins import EARLIEST, Outcome
from services.errors import FieldError, Invalid, NotFound
from services.revisions import check_version, in_force, next_revision


@dataclass(frozen=True, slots=True)
class ConsultationDraft:
    """A consultation whole, as a clinician tells it; what is absent is not known or not decided."""

    seen_on: date
    answers: tuple[Answered, ...] = ()
    indication: Indication | None = None
    decision: Decision | None = None
    reasons: str | None = None
    consent_given_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One revision of a consultation with the names of those who answered, decided and recorded."""

    row: Consultation
    people: dict[UUID, str]

    @property
    def to_review(self) -> tuple[str, ...]:
        """The questions for a clinician to review, whatever was decided."""
        return to_review({each["question"]: Answer(each["answer"]) for each in self.row.answers})


@dataclass(frozen=True, slots=True)
class Kept:
    """A consultation as it stands after a write, and whether the write changed it."""

    seen: Seen
    outcome: Outcome


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    draft: ConsultationDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store a consultation, or recognise that it is stored already.

    Raises VersionRequired or Stale as check-ins do, and Invalid, naming each field at fault, for a question
    that is unknown or asked twice, a day that cannot be, or a decision without what it needs.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    current = _current(session, patient.id)
    if current is not None and _said(current) == _in_order(draft):
        return Kept(_seen(session, current), Outcome.UNCHANGED)
    shown = None if current is None else _seen(session, current)
    check_version(current, expected_version, shown)
    _validate(draft, now)
    row = _revise(session, actor, patient, current, _in_order(draft), now)
    return Kept(_seen(session, row), Outcome.CREATED if current is None else Outcome.UPDATED)


def read(session: Session, actor: Actor, patient_id: UUID | None) -> Seen:
    """Give a patient's consultation."""
    patient = load_patient(session, actor, patient_id)
    found = _current(session, patient.id)
    if found is None:
        raise NotFound
    return _seen(session, found)


def revisions(session: Session, actor: Actor, patient_id: UUID | None) -> list[Seen]:
    """List every revision of a patient's consultation, in order."""
    patient = load_patient(session, actor, patient_id)
    query = select(Consultation).where(Consultation.patient_id == patient.id)
    rows = session.scalars(query.order_by(Consultation.version)).all()
    if not rows:
        raise NotFound
    people = _names(session, rows)
    return [Seen(row, people) for row in rows]


def _current(session: Session, patient_id: UUID) -> Consultation | None:
    query = select(Consultation).where(Consultation.patient_id == patient_id, in_force(Consultation))
    return session.scalar(query)


def _in_order(draft: ConsultationDraft) -> ConsultationDraft:
    ordered = tuple(sorted(draft.answers))
    return ConsultationDraft(
        draft.seen_on, ordered, draft.indication, draft.decision, draft.reasons, draft.consent_given_on
    )


def _said(row: Consultation) -> ConsultationDraft:
    answers = tuple(
        Answered(each["question"], Answer(each["answer"]), date.fromisoformat(each["answered_on"]))
        for each in row.answers
    )
    return ConsultationDraft(
        row.seen_on,
        answers,
        None if row.indication is None else Indication(row.indication),
        None if row.decision is None else Decision(row.decision),
        row.reasons,
        row.consent_given_on,
    )


def _validate(draft: ConsultationDraft, now: datetime) -> None:
    found = [*_wrong_days(draft, now), *_wrong_answers(draft.answers), *_missing(draft)]
    if found:
        raise Invalid(*found)


def _wrong_days(draft: ConsultationDraft, now: datetime) -> Iterable[FieldError]:
    days = [("/seen_on", draft.seen_on)]
    if draft.consent_given_on is not None:
        days.append(("/consent_given_on", draft.consent_given_on))
    days += [(f"/checklist/{at}/answered_on", each.answered_on) for at, each in enumerate(draft.answers)]
    for pointer, day in days:
        if not local_day.has_begun_somewhere(day, now):
            yield FieldError(pointer, "in_the_future", "This day has not begun anywhere yet.")
        elif day < EARLIEST:
            yield FieldError(pointer, "too_long_past", f"Days are kept from {EARLIEST:%Y} on.")


def _wrong_answers(answers: Sequence[Answered]) -> Iterable[FieldError]:
    asked: set[str] = set()
    for at, each in enumerate(answers):
        if each.question not in CODES:
            yield FieldError(f"/checklist/{at}/code", "unknown_question", "Not in the checklist.")
        if each.question in asked:
            yield FieldError(f"/checklist/{at}/code", "named_twice", "Answer each question once.")
        asked.add(each.question)


def _missing(draft: ConsultationDraft) -> Iterable[FieldError]:
    """What a decision needs: reasons unless everything was answered no, and what the treatment is for."""
    if draft.decision is None:
        return
    open_questions = to_review({each.question: each.answer for each in draft.answers})
    if draft.reasons is None and (draft.decision is not Decision.SUITABLE or open_questions):
        sentence = "Say why: something is left to review, or treatment is not to begin."
        yield FieldError("/rationale", "required", sentence)
    if draft.indication is None and draft.decision is Decision.SUITABLE:
        yield FieldError("/indication", "required", "Say what the treatment is for.")


def _revise(
    session: Session,
    actor: Actor,
    patient: Patient,
    current: Consultation | None,
    draft: ConsultationDraft,
    now: datetime,
) -> Consultation:
    following = next_revision(session, current, now)
    row = Consultation(
        patient_id=patient.id,
        seen_on=draft.seen_on,
        answers=_answers(draft.answers, current, actor),
        indication=None if draft.indication is None else str(draft.indication),
        **_decided(draft, current, actor, now),
        **_consented(draft, current, actor),
        recorded_by=actor.id,
        **following,
    )
    session.add(row)
    session.flush()
    return row


def _answers(answers: Iterable[Answered], current: Consultation | None, actor: Actor) -> list[dict[str, Any]]:
    """Give the answers as stored; one that says the same as before stays the one who gave it."""
    before = {each["question"]: each for each in current.answers} if current else {}
    stored = []
    for each in answers:
        said = {"question": each.question, "answer": str(each.answer)}
        said["answered_on"] = str(each.answered_on)
        same = before.get(each.question)
        kept = same is not None and {**same, "answered_by": None} == {**said, "answered_by": None}
        stored.append(same if same is not None and kept else {**said, "answered_by": str(actor.id)})
    return stored


def _decided(
    draft: ConsultationDraft, current: Consultation | None, actor: Actor, now: datetime
) -> dict[str, Any]:
    if draft.decision is None:
        return {"decision": None, "reasons": draft.reasons, "decided_by": None, "decided_at": None}
    said = {"decision": str(draft.decision), "reasons": draft.reasons}
    if current is not None and (current.decision, current.reasons) == (said["decision"], draft.reasons):
        return {**said, "decided_by": current.decided_by, "decided_at": current.decided_at}
    return {**said, "decided_by": actor.id, "decided_at": now}


def _consented(draft: ConsultationDraft, current: Consultation | None, actor: Actor) -> dict[str, Any]:
    given_on = draft.consent_given_on
    if current is not None and current.consent_given_on == given_on:
        return {"consent_given_on": given_on, "consent_recorded_by": current.consent_recorded_by}
    return {"consent_given_on": given_on, "consent_recorded_by": None if given_on is None else actor.id}


def _seen(session: Session, row: Consultation) -> Seen:
    return Seen(row, _names(session, [row]))


def _names(session: Session, rows: Iterable[Consultation]) -> dict[UUID, str]:
    """The names of everybody who had a part in these revisions."""
    ids = {UUID(each["answered_by"]) for row in rows for each in row.answers}
    ids |= {by for row in rows for by in (row.decided_by, row.consent_recorded_by) if by is not None}
    found = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {each.id: each.display_name for each in found}
