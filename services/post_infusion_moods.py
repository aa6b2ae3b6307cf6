"""Record a second answer of an infusion's day: the mood some hours after the infusion began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from clinical.infusion import GIVEN
from clinical.local_day import CLOCK_TOLERANCE, LONGEST_OFFLINE
from clinical.response_curve import PostInfusionMood as MoodAfter
from clinical.sentences import NOTHING, Sentence
from models.infusions import Infusion
from models.post_infusion_moods import PostInfusionMood
from services import infusions
from services.access import Role
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import AsOf, Revisions, WriteResult, in_force

LATEST: Final = timedelta(hours=24)
"""Longest time after the start of an infusion. Source: a proposal: the effect within a day; later, the daily
check-in asks."""


@dataclass(frozen=True, slots=True)
class MoodDraft:
    """Mood (0 worst to 10 best) after an infusion, and when it was answered."""

    mood: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class StoredMood:
    """One revision of a mood with the infusion after which it was answered."""

    row: PostInfusionMood
    infusion: Infusion

    @property
    def hours_after_start(self) -> float:
        """Hours from the start of the infusion to the answer."""
        return _hours(self.infusion.started_at, self.row.recorded_at)


@dataclass(frozen=True, slots=True)
class AskedMood:
    """The mood that a patient may answer until `closes_at`; `answer` is None without one.

    `version` is that of what is stored, a tombstone included, 0 where nothing is.
    """

    infusion_id: UUID
    closes_at: datetime
    version: int
    answer: int | None


class _Moods(Revisions[PostInfusionMood, MoodDraft]):
    table = PostInfusionMood
    draft = MoodDraft
    key = ("infusion_id",)
    counted = False
    infusion: Infusion

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the mood; raises NotFound or Gone where the infusion is not there."""
        found = super().lock(ctx, patient_id, *key)
        found.infusion = infusions.read(ctx, patient_id, key[0])
        return found

    def validate(self, draft: MoodDraft) -> None:
        """Refuse a time before the start, more than a day after it or ahead, and an infusion not given."""
        started_at, code, sentence = self.infusion.started_at, None, NOTHING
        if self.infusion.status not in GIVEN:
            code, sentence = "not_given", Sentence("This infusion was not given.")
        elif draft.recorded_at > self.ctx.now + CLOCK_TOLERANCE:
            code, sentence = "in_the_future", Sentence("This has not happened yet.")
        elif draft.recorded_at < started_at:
            code, sentence = (
                "before_start",
                Sentence("The infusion had not begun then: use the daily check-in."),
            )
        elif draft.recorded_at > started_at + LATEST:
            code = "too_late"
            sentence = Sentence("It lies more than 24 hours after the start: use the daily check-in.")
        elif self.ctx.actor.has(Role.PATIENT) and self.ctx.now - draft.recorded_at > LONGEST_OFFLINE:
            code, sentence = (
                "too_long_past",
                Sentence("It was answered more than 30 days ago; ask the clinic."),
            )
        if code is not None:
            raise Invalid(FieldError("/recorded_at", code, sentence))

    def current_for_error(self) -> StoredMood | None:
        """Return the current mood with its infusion."""
        return None if self.current is None else StoredMood(self.current, self.infusion)


def put(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, draft: MoodDraft, expected_version: int | None
) -> WriteResult[StoredMood]:
    """Store the mood after an infusion, or recognise that it is stored already.

    Raises NotFound or Gone where the infusion is not there, VersionRequired, Stale or Gone as check-ins do,
    and Invalid for a time that is not within 24 hours after its start.
    """
    moods = _Moods.lock(ctx, patient_id, infusion_id)
    stored = moods.append(draft, expected_version)
    return WriteResult(StoredMood(stored.value, moods.infusion), stored.outcome)


def remove(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, expected_version: int | None
) -> WriteResult[PostInfusionMood]:
    """Remove the mood after an infusion; its revisions stay. Idempotent."""
    return _Moods.lock(ctx, patient_id, infusion_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> StoredMood:
    """Return the mood after an infusion; raises NotFound where none was answered, Gone for a removed one."""
    infusion = infusions.read(ctx, patient_id, infusion_id)
    return StoredMood(_Moods.read(ctx, patient_id, infusion_id), infusion)


def moods_by_day(session: Session, patient_id: UUID, as_of: AsOf | None = None) -> dict[date, MoodAfter]:
    """Return the moods after a patient's infusions by the infusion's day; of two on one day the earlier."""
    query = (
        select(Infusion.local_date, Infusion.started_at, PostInfusionMood.mood, PostInfusionMood.recorded_at)
        .join(
            Infusion,
            and_(
                Infusion.clinic_id == PostInfusionMood.clinic_id,
                Infusion.patient_id == PostInfusionMood.patient_id,
                Infusion.id == PostInfusionMood.infusion_id,
            ),
        )
        .where(
            PostInfusionMood.patient_id == patient_id,
            PostInfusionMood.removed.is_(False),
            in_force(PostInfusionMood, as_of),
            Infusion.removed.is_(False),
            Infusion.status.in_([str(status) for status in GIVEN]),
            in_force(Infusion, as_of),
            PostInfusionMood.recorded_at >= Infusion.started_at,
        )
        .order_by(PostInfusionMood.recorded_at.desc())
    )
    return {
        day: MoodAfter(mood, _hours(started_at, recorded_at))
        for day, started_at, mood, recorded_at in session.execute(query)
    }


def asked(session: Session, patient_id: UUID, now: datetime) -> AskedMood | None:
    """Return the mood to ask for after an infusion given within LATEST, the last one; None without one."""
    query = (
        select(Infusion)
        .where(
            Infusion.patient_id == patient_id,
            Infusion.removed.is_(False),
            Infusion.status.in_([str(status) for status in GIVEN]),
            Infusion.started_at <= now,
            Infusion.started_at > now - LATEST,
            in_force(Infusion),
        )
        .order_by(Infusion.started_at.desc(), Infusion.id)
        .limit(1)
    )
    infusion = session.scalar(query)
    if infusion is None:
        return None
    row = session.scalar(
        select(PostInfusionMood).where(
            PostInfusionMood.patient_id == patient_id,
            PostInfusionMood.infusion_id == infusion.id,
            in_force(PostInfusionMood),
        )
    )
    version = 0 if row is None else row.version
    answer = None if row is None or row.removed else row.mood
    return AskedMood(infusion.id, infusion.started_at + LATEST, version, answer)


def _hours(started_at: datetime, recorded_at: datetime) -> float:
    return round((recorded_at - started_at).total_seconds() / 3600, 1)
