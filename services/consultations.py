"""Record a consultation: what was asked, what was decided, and the consent; every revision stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.sentences import Sentence
from clinical.suitability import CODES, Answer, Answered, Consulted, Decision, Indication, to_review
from models.accounts import Account
from models.consultations import Consultation
from services.columns import to_columns, to_json
from services.context import Context
from services.dates import date_errors
from services.errors import FieldError, Invalid
from services.revisions import AsOf, Page, PageRequest, Revisions, WriteResult, in_force


@dataclass(frozen=True, slots=True)
class ConsultationDraft:
    """A consultation whole, as a clinician records it; what is absent is not known or not decided."""

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


class _Consultations(Revisions[Consultation, ConsultationDraft]):
    table = Consultation
    draft = ConsultationDraft

    def is_unchanged(self, columns: dict[str, Any]) -> bool:
        """Whether the same is recorded, regardless of who answered it."""
        if self.current is None:
            return False
        answers = [_without_author(each) for each in self.current.answers]
        rest = {name: value for name, value in columns.items() if name != "answers"}
        return answers == columns["answers"] and super().is_unchanged(rest)

    def to_columns(self, draft: ConsultationDraft) -> dict[str, Any]:
        """Return the columns, with the answers in order of question."""
        return to_columns(replace(draft, answers=tuple(sorted(draft.answers))))

    def extra_columns(self, draft: ConsultationDraft) -> dict[str, Any]:
        """Return who answered, decided and recorded the consent; what did not change has its author still."""
        return {"answers": self._answers(draft), **self._decided(draft), **self._consented(draft)}

    def validate(self, draft: ConsultationDraft) -> None:
        """Refuse a day that cannot be, an unknown or repeated question, a decision without what it needs."""
        found = [*_wrong_days(draft, self.ctx), *_wrong_answers(draft.answers), *_missing(draft)]
        if found:
            raise Invalid(*found)

    def current_for_error(self) -> Seen | None:
        """Return the current revision with the names of its authors."""
        return None if self.current is None else _seen(self.ctx.session, self.current)

    def _answers(self, draft: ConsultationDraft) -> list[dict[str, Any]]:
        before = {each["question"]: each for each in self.current.answers} if self.current else {}
        answered_by = str(self.ctx.actor.id)
        stored = []
        for answer in sorted(draft.answers):
            document = to_json(answer)
            previous = before.get(answer.question)
            same = previous is not None and _without_author(previous) == document
            stored.append(previous if previous and same else {**document, "answered_by": answered_by})
        return stored

    def _decided(self, draft: ConsultationDraft) -> dict[str, Any]:
        if draft.decision is None:
            return {"decided_by": None, "decided_at": None}
        current = self.current
        if current and (current.decision, current.reasons) == (str(draft.decision), draft.reasons):
            return {"decided_by": current.decided_by, "decided_at": current.decided_at}
        return {"decided_by": self.ctx.actor.id, "decided_at": self.ctx.now}

    def _consented(self, draft: ConsultationDraft) -> dict[str, Any]:
        if self.current is not None and self.current.consent_given_on == draft.consent_given_on:
            return {"consent_recorded_by": self.current.consent_recorded_by}
        return {"consent_recorded_by": None if draft.consent_given_on is None else self.ctx.actor.id}


def put(
    ctx: Context, patient_id: UUID | None, draft: ConsultationDraft, expected_version: int | None
) -> WriteResult[Seen]:
    """Store a consultation, or recognise that it is stored already.

    Raises VersionRequired or Stale as check-ins do, and Invalid, naming each field at fault, for a question
    that is unknown or asked twice, a day that cannot be, or a decision without what it needs.
    """
    stored = _Consultations.lock(ctx, patient_id).append(draft, expected_version)
    return WriteResult(_seen(ctx.session, stored.value), stored.outcome)


def read(ctx: Context, patient_id: UUID | None) -> Seen:
    """Return a patient's consultation."""
    return _seen(ctx.session, _Consultations.read(ctx, patient_id))


def revisions(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[Seen]:
    """Return a page of the revisions of a patient's consultation, in order."""
    found = _Consultations.revisions(ctx, patient_id, wanted=wanted)
    people = _names(ctx.session, found.items)
    return found.of([Seen(row, people) for row in found.items])


def consulted_by(
    session: Session, patient_ids: Sequence[UUID], as_of: AsOf | None = None
) -> dict[UUID, Consulted]:
    """Return what each patient's consultation decided, as known at an instant; absent without one."""
    row = Consultation
    query = select(row.patient_id, row.seen_on, row.decision, row.consent_given_on).where(
        row.patient_id.in_(patient_ids), in_force(row, as_of)
    )
    return {
        patient_id: _consulted(seen_on, decision, consented)
        for patient_id, seen_on, decision, consented in session.execute(query)
    }


def consulted_revisions(session: Session, patient_id: UUID) -> list[Consulted]:
    """Return what each revision of a patient's consultation decided, in order of version."""
    row = Consultation
    query = (
        select(row.seen_on, row.decision, row.consent_given_on)
        .where(row.patient_id == patient_id)
        .order_by(row.version)
    )
    return [_consulted(*found) for found in session.execute(query)]


def _consulted(seen_on: date, decision: str | None, consent_given_on: date | None) -> Consulted:
    return Consulted(seen_on, None if decision is None else Decision(decision), consent_given_on)


def _without_author(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "answered_by"}


def _wrong_days(draft: ConsultationDraft, ctx: Context) -> Iterable[FieldError]:
    days = [("/seen_on", draft.seen_on)]
    if draft.consent_given_on is not None:
        days.append(("/consent_given_on", draft.consent_given_on))
    days += [(f"/checklist/{at}/answered_on", each.answered_on) for at, each in enumerate(draft.answers)]
    for pointer, day in days:
        yield from date_errors(day, ctx.now, pointer, ahead="in_the_future")


def _wrong_answers(answers: Sequence[Answered]) -> Iterable[FieldError]:
    asked: set[str] = set()
    for at, each in enumerate(answers):
        if each.question not in CODES:
            yield FieldError(f"/checklist/{at}/code", "unknown_question", Sentence("Not in the checklist."))
        if each.question in asked:
            yield FieldError(f"/checklist/{at}/code", "named_twice", Sentence("Answer each question once."))
        asked.add(each.question)


def _missing(draft: ConsultationDraft) -> Iterable[FieldError]:
    """What a decision needs: reasons unless everything was answered no, and what the treatment is for."""
    if draft.decision is None:
        return
    open_questions = to_review({each.question: each.answer for each in draft.answers})
    if draft.reasons is None and (draft.decision is not Decision.SUITABLE or open_questions):
        sentence = Sentence("Say why: something is left to review, or treatment is not to begin.")
        yield FieldError("/rationale", "required", sentence)
    if draft.indication is None and draft.decision is Decision.SUITABLE:
        yield FieldError("/indication", "required", Sentence("Say what the treatment is for."))


def _seen(session: Session, row: Consultation) -> Seen:
    return Seen(row, _names(session, [row]))


def _names(session: Session, rows: Iterable[Consultation]) -> dict[UUID, str]:
    """The names of everybody who had a part in these revisions."""
    ids = {UUID(each["answered_by"]) for row in rows for each in row.answers}
    ids |= {by for row in rows for by in (row.decided_by, row.consent_recorded_by) if by is not None}
    found = session.execute(select(Account.id, Account.display_name).where(Account.id.in_(ids)))
    return {each.id: each.display_name for each in found}
