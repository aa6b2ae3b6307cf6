"""What the database held for true, now or at an earlier instant, and how one revision follows another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import Session

from models.baselines import Baseline
from models.check_ins import CheckIn
from models.consents import Consent
from models.consultations import Consultation
from models.costs import InfusionCost
from models.daily_ratings import EnabledRatings
from models.events import Event
from models.infusion_sessions import DischargeCheck, InfusionSession, SessionSettings
from models.infusions import Infusion
from models.protocols import Protocol
from models.questionnaires import QuestionnaireResponse, QuestionnaireSchedule
from models.safety import SafetyAnswer, SafetySettings
from models.scores import Score
from services.errors import Gone, Stale, VersionRequired

Removable = CheckIn | Infusion | Score | Baseline | QuestionnaireResponse | Event | InfusionCost
"""What can be removed leaves a revision that says so."""

Revision = (
    Removable
    | Protocol
    | EnabledRatings
    | Consent
    | Consultation
    | InfusionSession
    | DischargeCheck
    | QuestionnaireSchedule
    | SessionSettings
    | SafetySettings
    | SafetyAnswer
)


def in_force(table: type[Any], as_of: datetime | None = None) -> ColumnElement[bool]:
    """The revisions held for true at an instant; at present when none is given."""
    if as_of is None:
        held: ColumnElement[bool] = table.known_until.is_(None)
        return held
    return and_(table.known_from <= as_of, or_(table.known_until.is_(None), table.known_until > as_of))


def not_before(now: datetime, previous: datetime | None) -> datetime:
    """The instant from which a new revision holds: never before its predecessor, whatever the clock did."""
    return now if previous is None else max(now, previous)


def next_revision(session: Session, current: Revision | None, now: datetime) -> dict[str, Any]:
    """End the revision that stands, and give what its successor carries: its version, and since when."""
    known_from = not_before(now, current.known_from if current else None)
    if current is not None:
        current.known_until = known_from
        # Ended before its successor is added: the database allows one revision in force.
        session.flush()
    version = current.version + 1 if current else 1
    return {"version": version, "known_from": known_from, "known_until": None}


def check_version(current: Revision | None, expected_version: int | None, shown: object = None) -> None:
    """Refuse a change that does not name the revision in force: Gone, VersionRequired or Stale.

    Where nothing stands yet, no version can be named. `shown` is how the refusal shows what stands; the row
    itself where it is not given.
    """
    if current is None:
        if expected_version is not None:
            raise Stale(0)
        return
    if expected_version == current.version:
        return
    if getattr(current, "removed", False):
        raise Gone(current.version)
    check_version_number(current.version, expected_version, current if shown is None else shown)


def check_version_number(version: int, expected_version: int | None, shown: object) -> None:
    """The same for what reads as something before anybody set it, which is its version 0."""
    if expected_version == version or (expected_version is None and version == 0):
        return
    if expected_version is None:
        raise VersionRequired(version, shown)
    raise Stale(version, shown)


def is_already_removed(current: Removable, expected_version: int | None) -> bool:
    """Whether a removal was asked for that happened before, by whoever saw it stand or gone."""
    return current.removed and expected_version in (None, current.version - 1, current.version)
