"""What each account wrote of one kind in a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class QuotaCount(Base):
    """How much of one kind an account wrote about a patient, or a clinic, on a day of UTC.

    A row is counted anew each day, so that there are no more rows than accounts, patients and kinds.
    """

    __tablename__ = "quota_counts"

    author_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64), primary_key=True)
    counted_on: Mapped[date]
    written_count: Mapped[int]
