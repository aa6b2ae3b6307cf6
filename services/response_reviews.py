"""Record, correct and list response reviews, and compute what the present one rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinical import local_day
from clinical.current_course import current_course
from clinical.history import History
from clinical.outlook.visibility import shown
from clinical.protocol import MAX_INDUCTION_INFUSIONS, infusion_days
from clinical.response_review import ResponseReview, response_review
from clinical.sentences import Sentence
from clinical.treatment_course import ReviewDecision
from models import response_reviews as rows
from models.clinics import Clinic
from services.clinic_settings import mode_shown, prior_in_use
from services.context import Context
from services.dates import date_errors
from services.errors import FieldError, Invalid
from services.histories import histories
from services.revisions import Page, PageRequest, Revisions, WriteResult
from services.safety.alerts import names


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """A response review as a clinician records it.

    `additional_infusion_count` is for the decision `extend`, and for no other.
    """

    reviewed_on: date
    decision: ReviewDecision
    additional_infusion_count: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A stored review, and the clinician who decided."""

    row: rows.ResponseReview
    decided_by: dict[str, Any] | None

    @property
    def version(self) -> int:
        """The version of the stored revision."""
        return self.row.version


class _Reviews(Revisions[rows.ResponseReview, ReviewDraft]):
    table = rows.ResponseReview
    draft = ReviewDraft
    key = ("id",)
    order = ("reviewed_on", "id")
    day_column = "reviewed_on"

    def validate(self, draft: ReviewDraft) -> None:
        """Refuse a review before treatment or of a day ahead, and a series of too many infusions."""
        found = [*date_errors(draft.reviewed_on, self.ctx.now, "/reviewed_on", ahead="in_the_future")]
        history = _history(self.ctx, self.patient.id)
        if not found and not infusion_days(history.infusions, draft.reviewed_on):
            sentence = Sentence("No infusion was given by that day: there is nothing to review.")
            found.append(FieldError("/reviewed_on", "before_first_infusion", sentence))
        planned = current_course(history, draft.reviewed_on).protocol.induction_infusion_count
        more = (draft.additional_infusion_count or 0) - self._added()
        if more > 0 and planned + more > MAX_INDUCTION_INFUSIONS:
            sentence = Sentence(
                "A series has at most {number} infusions; {planned} are planned.",
                number=MAX_INDUCTION_INFUSIONS,
                planned=planned,
            )
            found.append(FieldError("/additional_infusion_count", "too_many_infusions", sentence))
        if found:
            raise Invalid(*found)

    def current_for_error(self) -> StoredReview | None:
        """Return the current revision with the clinician who decided."""
        return None if self.current is None else _with_names(self.ctx, [self.current])[0]

    def _added(self) -> int:
        """Return how many infusions the current revision adds already."""
        current = self.current
        return 0 if current is None or current.removed else current.additional_infusion_count or 0


def put(
    ctx: Context, patient_id: UUID | None, review_id: UUID, draft: ReviewDraft, expected_version: int | None
) -> WriteResult[StoredReview]:
    """Record a review under the id its client gave it, or correct it by a new revision.

    One that extends the series adds infusions to the plan of the course that holds its day, as long as it is
    not removed. Raises VersionRequired, Stale or Gone as check-ins do, and Invalid for what cannot be.
    """
    result = _Reviews.lock(ctx, patient_id, review_id).append(draft, expected_version)
    return WriteResult(_with_names(ctx, [result.value])[0], result.outcome)


def remove(
    ctx: Context, patient_id: UUID | None, review_id: UUID, expected_version: int | None
) -> WriteResult[rows.ResponseReview]:
    """Withdraw a review; its revisions stay, and what it added to the series is not planned any more."""
    return _Reviews.lock(ctx, patient_id, review_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, review_id: UUID) -> StoredReview:
    """Return one review; raises Gone for one that was withdrawn."""
    return _with_names(ctx, [_Reviews.read(ctx, patient_id, review_id)])[0]


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[StoredReview]:
    """Return a page of a patient's reviews, in order of `reviewed_on`."""
    found = _Reviews.page(ctx, patient_id, wanted)
    return Page(_with_names(ctx, found.items), found.next_position)


def revisions(
    ctx: Context, patient_id: UUID | None, review_id: UUID, wanted: PageRequest
) -> Page[StoredReview]:
    """Return a page of the revisions of a review, in order."""
    found = _Reviews.revisions(ctx, patient_id, review_id, wanted=wanted)
    return found.of(_with_names(ctx, found.items))


def current_review(ctx: Context, patient_id: UUID | None) -> ResponseReview:
    """Return what the review of the patient's current course rests on today, and whether it is due."""
    patient = ctx.load_patient(patient_id)
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    history = current_course(_history(ctx, patient.id), today)
    visible = shown(history, today, mode_shown(clinic, clinic), prior_in_use(ctx.session, clinic))
    return response_review(history, visible, clinic.review_after_days)


def _history(ctx: Context, patient_id: UUID) -> History:
    clinic = ctx.session.get_one(Clinic, ctx.actor.clinic_id)
    return histories(ctx.session, clinic, [patient_id])[patient_id]


def _with_names(ctx: Context, found: Sequence[rows.ResponseReview]) -> list[StoredReview]:
    known = names(ctx.session, [row.recorded_by for row in found])
    return [
        StoredReview(
            row,
            None
            if row.recorded_by is None
            else {"id": row.recorded_by, "display_name": known.get(row.recorded_by, "")},
        )
        for row in found
    ]
