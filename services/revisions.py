"""What the database held for true, now or at an earlier instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from models.baselines import Baseline
from models.check_ins import CheckIn
from models.costs import InfusionCost
from models.events import Event
from models.infusions import Infusion
from models.questionnaires import QuestionnaireResponse
from models.scores import Score
from services.errors import Gone, Stale, VersionRequired

Revision = CheckIn | Infusion | Score | Baseline | QuestionnaireResponse | Event | InfusionCost


def in_force(table: type[Any], as_of: datetime | None = None) -> ColumnElement[bool]:
    """The revisions held for true at an instant; at present when none is given."""
    if as_of is None:
        held: ColumnElement[bool] = table.known_until.is_(None)
        return held
    return and_(table.known_from <= as_of, or_(table.known_until.is_(None), table.known_until > as_of))


def moment_after(now: datetime, previous: datetime | None) -> datetime:
    """The instant from which a new revision holds: never before its predecessor, whatever the clock did."""
    return now if previous is None else max(now, previous)


def refuse_unless_current(standing: Revision, expected_version: int | None) -> None:
    """Refuse a change that does not name the revision in force: Gone, VersionRequired or Stale."""
    if expected_version == standing.version:
        return
    if standing.removed:
        raise Gone(standing.version)
    if expected_version is None:
        raise VersionRequired(standing.version, standing)
    raise Stale(standing.version, standing)
