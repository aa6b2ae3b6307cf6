"""Store how a patient was before treatment, as a clinician assessed it; every revision stays.

It belongs to the course whose first infusion follows it; a course may have a rated baseline of its own.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from clinical.baseline import AssessedBaseline
from clinical.infusion import GIVEN
from clinical.sentences import Sentence
from models.baselines import Baseline
from models.infusions import Infusion
from services.context import Context
from services.dates import date_errors
from services.errors import Conflict, FieldError, Invalid
from services.revisions import Revisions, WriteResult, in_force
from services.treatment_courses import last_began_on


class _Baselines(Revisions[Baseline, AssessedBaseline]):
    table = Baseline
    draft = AssessedBaseline

    def validate(self, draft: AssessedBaseline) -> None:
        """Refuse a day that lies ahead, is too long past, or comes after the first infusion given."""
        if found := list(date_errors(draft.assessed_on, self.ctx.now, "/assessed_on", ahead="in_the_future")):
            raise Invalid(*found)
        first = self.first_infusion()
        if first is not None and draft.assessed_on > first:
            sentence = Sentence(
                "A baseline is judged before the first infusion given, at the latest that morning."
            )
            raise Conflict(FieldError("/assessed_on", "after_first_infusion", sentence))

    def first_infusion(self) -> date | None:
        """Return the day of the first infusion given, in the last course where several are recorded."""
        began_on = last_began_on(self.ctx.session, self.patient.id)
        return self.ctx.session.scalar(
            select(func.min(Infusion.local_date)).where(
                Infusion.patient_id == self.patient.id,
                Infusion.removed.is_(False),
                Infusion.status.in_([str(status) for status in GIVEN]),
                in_force(Infusion),
                true() if began_on is None else Infusion.local_date >= began_on,
            )
        )


def put(
    ctx: Context, patient_id: UUID | None, draft: AssessedBaseline, expected_version: int | None
) -> WriteResult[Baseline]:
    """Store an assessed baseline, or recognise that it is stored already.

    Raises VersionRequired, Stale or Gone as check-ins do, Invalid for a day that lies ahead or too long past,
    and Conflict for one after the day of the first infusion given.
    """
    return _Baselines.lock(ctx, patient_id).append(draft, expected_version)


def remove(ctx: Context, patient_id: UUID | None, expected_version: int | None) -> WriteResult[Baseline]:
    """Withdraw an assessed baseline; its revisions stay. Idempotent."""
    return _Baselines.lock(ctx, patient_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None) -> Baseline:
    """Return a patient's assessed baseline; raises Gone for one that was withdrawn."""
    return _Baselines.read(ctx, patient_id)


def current_baseline(session: Session, patient_id: UUID) -> Baseline | None:
    """Return the current revision, a withdrawn one included."""
    return _Baselines.find(session, patient_id)


def to_draft(row: Baseline) -> AssessedBaseline:
    """Return the baseline that a stored revision holds."""
    return _Baselines.to_draft(row)
