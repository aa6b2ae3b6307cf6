"""Quotas a day: how much of one kind an account may write about one patient, or one clinic.

They are far above what anybody records, and bound what a broken client or a hostile account can fill the
database with. Safety answers have none: `services/safety/answers.py` and an item 9 by itself count nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from models.quotas import QuotaCount
from services.access import Actor
from services.errors import QuotaExceeded

REVISIONS_OF_PATIENTS: Final = 200
"""Revisions of one kind of record that a patient may store in a day. Operational."""
CHECK_INS_OF_PATIENTS: Final = 5_000
"""Revisions of check-ins that a patient may store in a day: a phone that was away, or was replaced, sends
its whole diary at once, with every correction. Operational."""
REVISIONS_OF_STAFF: Final = 5_000
"""Revisions of one kind of record that a member of staff may store in a day about one patient, or of the
clinic's settings: thirteen years of a diary can be imported at once. Operational."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The most of a kind in a day; `kind` names it, as a refusal does."""

    kind: str
    most: int


SIGN_INS: Final = Quota("sign_ins", 200)
"""Sign-ins of an account in a day. Operational."""
INVITATIONS: Final = Quota("invitations", 50)
"""Invitation codes made for an account in a day. Operational."""
PATIENTS: Final = Quota("patients", 5_000)
"""Patients that a member of staff enrols in a day. Operational."""
STAFF_MEMBERS: Final = Quota("staff", 200)
"""Members of staff that a clinic adds in a day. Operational."""
API_CLIENTS: Final = Quota("api_clients", 50)
"""API clients that an admin registers in a day. Operational."""


def of_revisions(actor: Actor, kind: str) -> Quota:
    """Return the quota of an actor's revisions of one kind, named as its table is."""
    if not actor.sees_as_patient:
        return Quota(kind, REVISIONS_OF_STAFF)
    return Quota(kind, CHECK_INS_OF_PATIENTS if kind == "check_ins" else REVISIONS_OF_PATIENTS)


def count(session: Session, quota: Quota, author_id: UUID, subject_id: UUID, now: datetime) -> None:
    """Count one more of the author's about a subject today; raises QuotaExceeded past the quota.

    Counted in the transaction of what is written: what is refused or undone later counts nothing.
    """
    key = author_id, subject_id, quota.kind
    row = session.get(QuotaCount, key, with_for_update=True)
    today = now.astimezone(UTC).date()
    if row is None:
        # Of two first ones at the same time the second insert fails, and its request runs once more.
        counted = dict(zip(("author_id", "subject_id", "kind"), key, strict=True))
        row = QuotaCount(**counted, counted_on=today, written_count=0)
        session.add(row)
    if row.counted_on != today:
        row.counted_on, row.written_count = today, 0
    if row.written_count >= quota.most:
        midnight = datetime.combine(today + timedelta(days=1), time(), UTC)
        raise QuotaExceeded(quota.kind, quota.most, int((midnight - now).total_seconds()) + 1)
    row.written_count += 1
