"""Store and list what was estimated from a clinic's own patients and waits for an admin to accept it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from clinical.outlook import ENGINE_VERSION
from models.priors import EstimatedPrior
from models.recalibrations import EstimatedRecalibration
from services.access import lock_clinic
from services.revisions import WriteOutcome, WriteResult

MOST_LISTED = 100
"""Most proposals that are listed. Operational."""

Row = TypeVar("Row", EstimatedPrior, EstimatedRecalibration)


def store_next(
    session: Session,
    table: type[Row],
    clinic_id: UUID,
    prefix: str,
    now: datetime,
    columns: dict[str, Any],
    evidence: dict[str, Any],
) -> WriteResult[Row]:
    """Store a proposal under the clinic's next number, and `prefix` with that number as its name.

    One equal to the newest, by the same engine version, is not stored again; earlier ones remain.
    """
    # The clinic's row serializes writers: two at the same time would take the same number.
    lock_clinic(session, clinic_id)
    newest = session.scalar(select(table).order_by(table.number.desc()).limit(1))
    estimated = {"engine_version": ENGINE_VERSION, **columns}
    if newest is not None and {name: getattr(newest, name) for name in estimated} == estimated:
        return WriteResult(newest, WriteOutcome.UNCHANGED)
    number = 1 if newest is None else newest.number + 1
    row = table(
        clinic_id=clinic_id,
        number=number,
        name=f"{prefix}-{number}",
        proposed_at=now,
        evidence=evidence,
        accepted_at=None,
        accepted_by=None,
        **estimated,
    )
    session.add(row)
    session.flush()
    return WriteResult(row, WriteOutcome.CREATED)


def listed(session: Session, table: type[Row], in_use: str) -> list[dict[str, Any]]:
    """Return the newest proposals by column, the newest first, and whether each is the one in use."""
    rows: Iterable[Row] = session.scalars(select(table).order_by(table.number.desc()).limit(MOST_LISTED))
    hidden = {"clinic_id", "number"}
    columns = [column.key for column in inspect(table).column_attrs if column.key not in hidden]
    items = [{name: getattr(row, name) for name in columns} for row in rows]
    return [{**item, "in_use": item["name"] == in_use} for item in items]
