"""Record, revise, remove and list a day's answers: never lost, never stored twice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select

from clinical import local_day
from clinical.check_in import CheckInDraft, EntryMode, Reporter, merged
from clinical.sentences import Sentence
from models.accounts import Account
from models.check_ins import CheckIn
from models.clinics import Clinic
from models.patients import Patient
from models.tenancy import prepared
from services.access import STAFF, Role, holds_any, patient_of
from services.columns import to_columns
from services.context import Context
from services.dates import RecordedDay, validate_local_date, validate_recorded_day
from services.errors import FieldError, Invalid, NotFound
from services.revisions import Page, PageRequest, Revisions, WriteResult, in_force

# PostgreSQL may evaluate the join before the lock is granted, and so read an older revision; the insert then
# violates the primary key, and the request is run once more.
_DAY = prepared(
    select(Patient, Clinic.backfill_days, CheckIn)
    .join(Clinic, Clinic.id == Patient.clinic_id)
    .outerjoin(
        CheckIn,
        and_(CheckIn.patient_id == Patient.id, CheckIn.local_date == bindparam("day"), in_force(CheckIn)),
    )
    .where(Patient.id == bindparam("patient"))
    .with_for_update(of=Patient)
    # What this session saw before it had the lock may have changed since.
    .execution_options(populate_existing=True)
)


class _Day(Revisions[CheckIn, CheckInDraft]):
    table = CheckIn
    draft = CheckInDraft
    key = ("local_date",)
    recording_columns = frozenset({"recorded_at", "time_zone"})
    cleared_on_removal = ("note",)
    order = ("local_date",)
    backfill_days: int
    imported = False
    patient_version: int | None = None
    clinic_answers: tuple[str, ...] | None = None

    @classmethod
    def lock(cls, ctx: Context, patient_id: UUID | None, *key: Any) -> Self:
        """Lock the patient and load the day in one statement: every phone asks for it every day."""
        names = {"patient": patient_of(ctx.actor, patient_id), "day": key[0]}
        found = ctx.session.execute(_DAY, names).one_or_none()
        if found is None:
            raise NotFound
        patient, backfill_days, current = found
        day = cls(ctx, patient, key, current)
        day.backfill_days = backfill_days
        return day

    def to_columns(self, draft: CheckInDraft) -> dict[str, Any]:
        """Return the columns, with side effects and ratings in order of code."""
        columns = to_columns(draft)
        if columns["side_effects"]:
            columns["side_effects"].sort(key=lambda effect: effect["code"])
        columns["ratings"] = dict(sorted(draft.ratings.items())) if draft.ratings else None
        return columns

    def extra_columns(self, draft: CheckInDraft) -> dict[str, Any]:
        """Return how the day was entered, and whose entry it is."""
        return {
            "entry_mode": self.entry_mode(draft),
            "clock_suspect": local_day.is_ahead(draft.recorded_at, self.ctx.now),
            "reported_by": str(self.reporter),
            "patient_version": self.patient_version,
            "clinic_answers": None if self.clinic_answers is None else list(self.clinic_answers),
        }

    @property
    def reporter(self) -> Reporter:
        """Whose entry it is."""
        if self.ctx.actor.has(Role.PATIENT):
            return Reporter.PATIENT
        return Reporter.IMPORT if self.imported else Reporter.STAFF

    def over_patients_answers(self, draft: CheckInDraft) -> CheckInDraft:
        """Return a clinician's entry over the patient's last answers of the day, if there are any.

        Over those and not over what is in force: a clinician's next entry takes back the one before, and
        never what the patient answered. Sent again, an entry gives the same, and so is unchanged.
        """
        answered = self.patients_answers()
        if answered is None:
            return draft
        entry = merged(self.to_draft(answered), draft)
        self.patient_version, self.clinic_answers = answered.version, entry.clinic_answers
        return entry.draft

    def patients_answers(self) -> CheckIn | None:
        """Return the last revision that is the patient's own and was not removed since."""
        current = self.current
        if current is None or current.removed or current.reported_by != Reporter.STAFF:
            return None if current is None or current.removed else current
        query = select(CheckIn).where(
            *self._key_criteria(self.patient.id, self.key_values),
            or_(CheckIn.removed.is_(True), CheckIn.reported_by != str(Reporter.STAFF)),
        )
        found = self.ctx.session.scalar(query.order_by(CheckIn.version.desc()).limit(1))
        return None if found is None or found.removed else found

    def validate(self, draft: CheckInDraft) -> None:
        """Refuse a day that had not begun, or is too long past for a patient to fill in."""
        local_date, actor, now = self.key_values[0], self.ctx.actor, self.ctx.now
        validate_local_date(local_date, now)
        recorded = RecordedDay(local_date, draft.time_zone, draft.recorded_at)
        validate_recorded_day(self.ctx, self.patient, recorded, "local_date", "parameter")
        if not actor.has(Role.PATIENT) or self.entry_mode(draft) is not EntryMode.BACKFILL:
            return
        if local_day.days_late(local_date, draft.recorded_at, now, draft.time_zone) > self.backfill_days:
            sentence = Sentence(
                "A day can be filled in up to {backfill_days} days later; ask the clinic.",
                backfill_days=self.backfill_days,
            )
            raise Invalid(FieldError("local_date", "too_long_past", sentence, "parameter"))

    def entry_mode(self, draft: CheckInDraft) -> EntryMode:
        """Return whether the day was answered on the day itself, or filled in afterwards."""
        # A diary that is imported states when it was written, however long ago that was.
        now = self.ctx.now
        earliest = min(draft.recorded_at, now)
        recorded_at = earliest if self.imported else local_day.counted_from(draft.recorded_at, now)
        return local_day.entry_mode(
            self.key_values[0], recorded_at, draft.time_zone, self.patient.day_start_hour
        )


def put(
    ctx: Context, patient_id: UUID | None, local_date: date, draft: CheckInDraft, expected_version: int | None
) -> WriteResult[CheckIn]:
    """Store a day's answers, or recognise that they are stored already.

    A clinician's entry over the patient's answers keeps what it does not name, and both versions stay.
    The same answers with another `recorded_at` or `time_zone` are the same. Raises VersionRequired or Stale
    when other answers are stored, Gone when the day was removed, Invalid for a day that had not begun when it
    was answered, or is too long past for a patient to fill in.
    """
    day = _Day.lock(ctx, patient_id, local_date)
    if day.reporter is Reporter.STAFF:
        draft = day.over_patients_answers(draft)
    return day.append(draft, expected_version)


def put_imported(
    ctx: Context, patient_id: UUID, local_date: date, draft: CheckInDraft
) -> WriteResult[CheckIn]:
    """Store a day of a diary, the patient's own; raises as `put` does where other answers are stored."""
    day = _Day.lock(ctx, patient_id, local_date)
    day.imported = True
    return day.append(draft, None)


def remove(
    ctx: Context, patient_id: UUID | None, local_date: date, expected_version: int | None
) -> WriteResult[CheckIn]:
    """Append a tombstone to a day's answers, and erase the note from all revisions. Idempotent."""
    return _Day.lock(ctx, patient_id, local_date).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, local_date: date) -> CheckIn:
    """Return a day's answers; raises Gone for a removed day."""
    return _Day.read(ctx, patient_id, local_date)


def page(ctx: Context, patient_id: UUID | None, wanted: PageRequest) -> Page[CheckIn]:
    """Return a page of the answered days, in order of date."""
    return _Day.page(ctx, patient_id, wanted)


def revisions(ctx: Context, patient_id: UUID | None, local_date: date, wanted: PageRequest) -> Page[CheckIn]:
    """Return a page of the revisions of a day's answers, in order."""
    return _Day.revisions(ctx, patient_id, local_date, wanted=wanted)


def staff_names(ctx: Context, rows: Iterable[CheckIn]) -> dict[UUID, str]:
    """Return the names of the members of staff who recorded some check-ins, by account, for colleagues."""
    if not ctx.actor.has(*STAFF):
        return {}
    ids = {row.recorded_by for row in rows if row.recorded_by is not None}
    query = select(Account.id, Account.display_name).where(Account.id.in_(ids), holds_any(STAFF))
    return dict(ctx.session.execute(query).all()) if ids else {}
