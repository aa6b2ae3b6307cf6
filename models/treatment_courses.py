"""Treatment courses, all revisions."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, ClinicScoped, Key, of_patient, one_current, one_of, within


class TreatmentCourse(ClinicScoped, Base):
    """One revision of one treatment course; a removed one is a revision with `removed` set.

    `earlier_...` is what another clinic gave in the same course, `baseline_...` the clinician-rated baseline
    of this course, `target_measure` what its outlook is computed from. The number of a course is not stored:
    it follows from the patient's other courses.
    """

    __tablename__ = "treatment_courses"
    __table_args__ = (
        of_patient(),
        one_current("treatment_courses", "clinic_id", "patient_id", "id"),
        one_of("kind", ["initial", "re_induction", "transferred_in"]),
        one_of(
            "end_reason",
            [
                "completed",
                "no_benefit",
                "side_effects",
                "patient_decision",
                "dropped_out",
                "transferred_out",
                "other",
            ],
        ),
        CheckConstraint("(ended_on IS NULL) = (end_reason IS NULL)", name="end_has_reason"),
        CheckConstraint("ended_on >= began_on", name="ends_after_begin"),
        within("induction_infusion_count", 1, 30),
        within("induction_days", 1, 366),
        within("baseline_mood", 0, 10),
        within("baseline_anxiety", 0, 10),
        within("target_baseline", 0, 10),
        one_of(
            "target_measure",
            ["wellbeing", "rumination", "craving", "intrusive_thoughts", "eating_urges"],
        ),
        CheckConstraint(
            "target_baseline IS NULL OR target_measure <> 'wellbeing'", name="target_baseline_of_rating"
        ),
        CheckConstraint(
            "(earlier_infusion_count IS NOT NULL) = (kind = 'transferred_in')", name="earlier_elsewhere"
        ),
        CheckConstraint("version >= 1", name="version_counts"),
    )

    patient_id: Mapped[Key]
    id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    began_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str | None] = mapped_column(String(32))
    induction_infusion_count: Mapped[int | None]
    induction_days: Mapped[int | None]
    consultation_version: Mapped[int | None]
    earlier_infusion_count: Mapped[int | None]
    earlier_first_infusion_on: Mapped[date | None]
    earlier_last_infusion_on: Mapped[date | None]
    baseline_assessed_on: Mapped[date | None]
    baseline_mood: Mapped[int | None]
    baseline_anxiety: Mapped[int | None]
    target_measure: Mapped[str] = mapped_column(String(32), default="wellbeing")
    target_baseline: Mapped[int | None]
    removed: Mapped[bool]
    recorded_by: Mapped[UUID | None]
    known_from: Mapped[datetime]
    known_until: Mapped[datetime | None]
