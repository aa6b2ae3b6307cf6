"""Record what infusions cost, and add up what was paid and what a year would cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.current_course import current_course
from clinical.history import History
from clinical.infusion import GIVEN
from clinical.protocol import PhaseKind, cycle_starts, phase
from clinical.sentences import Sentence
from models.clinics import Clinic
from models.costs import InfusionCost
from models.infusions import Infusion
from services import infusions
from services.context import Context
from services.costs.arithmetic import Charge, Coverage, Line, Scenario, Total, annual_estimate, totals
from services.costs.currencies import DIGITS
from services.errors import FieldError, Invalid
from services.histories import histories
from services.revisions import Revisions, WriteResult, in_force

MOST_LINES: Final = 1_000
"""Most infusions that a statement lists; the totals count them all. Operational."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Every infusion with a price, what those given came to, and what a year costs.

    `without_price_count` counts infusions given that have none. `scenarios` is empty until a given infusion
    has a price and the patient is in maintenance; then it uses that of `based_on`, the latest such infusion.
    """

    patient_id: UUID
    clinic_name: str
    clinic_address: str | None
    display_name: str
    record_number: str
    today: date
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    without_price_count: int
    based_on: Line | None
    scenarios: tuple[Scenario, ...]


class _Costs(Revisions[InfusionCost, Charge]):
    table = InfusionCost
    draft = Charge
    key = ("infusion_id",)
    increments_change_seq = False

    def validate(self, draft: Charge) -> None:
        """Refuse a currency that is not known, and a coverage that its amount contradicts."""
        _validate(draft)


def put(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, charge: Charge, expected_version: int | None
) -> WriteResult[InfusionCost]:
    """Record what an infusion costs, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, NotFound or Gone where the infusion is not there,
    and Invalid for a currency that is not known or a coverage that its amount contradicts.
    """
    return _lock(ctx, patient_id, infusion_id).append(charge, expected_version)


def remove(
    ctx: Context, patient_id: UUID | None, infusion_id: UUID, expected_version: int | None
) -> WriteResult[InfusionCost]:
    """Remove a price as entered in error; its revisions stay. Raises Gone where the infusion was removed."""
    return _lock(ctx, patient_id, infusion_id).remove(expected_version)


def read(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> InfusionCost:
    """Return what one infusion costs; raises Gone where the price, or the infusion, was removed."""
    infusions.read(ctx, patient_id, infusion_id)
    return _Costs.read(ctx, patient_id, infusion_id)


def statement(ctx: Context, patient_id: UUID | None) -> Statement:
    """Return every price, what the infusions given came to, and what a year costs at three intervals.

    The intervals are the days between the last two openings of a cycle, and both ends of the plan's window.
    """
    patient = ctx.load_patient(patient_id)
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    history = histories(ctx.session, clinic, [patient.id])[patient.id]
    today = local_day.today(ctx.now, patient.time_zone, patient.day_start_hour)
    lines, without = _lines(ctx.session, patient.id)
    last = next((line for line in reversed(lines) if line.given), None)
    return Statement(
        patient.id,
        clinic.name,
        clinic.address,
        patient.display_name,
        patient.record_number,
        today,
        tuple(lines[-MOST_LINES:]),
        totals(lines),
        without,
        last,
        annual_estimate(last.charge, _intervals(current_course(history, today), today)) if last else (),
    )


def _intervals(history: History, today: date) -> list[tuple[str, int]]:
    if phase(history.protocol, history.infusions, today).kind is not PhaseKind.MAINTENANCE:
        return []
    opened = cycle_starts(history.protocol, history.infusions, today)
    present = [("present_interval", (opened[-1] - opened[-2]).days)] if len(opened) > 1 else []
    return [
        *present,
        ("shortest_interval", history.protocol.min_interval_days),
        ("longest_interval", history.protocol.max_interval_days),
    ]


def _lines(session: Session, patient_id: UUID) -> tuple[list[Line], int]:
    """The infusions that have a price, in order of start, and how many given ones have none."""
    query = (
        select(Infusion.id, Infusion.local_date, Infusion.status, InfusionCost)
        .outerjoin(
            InfusionCost,
            and_(
                InfusionCost.patient_id == Infusion.patient_id,
                InfusionCost.infusion_id == Infusion.id,
                InfusionCost.removed.is_(False),
                in_force(InfusionCost),
            ),
        )
        .where(Infusion.patient_id == patient_id, Infusion.removed.is_(False), in_force(Infusion))
        .order_by(Infusion.started_at, Infusion.id)
    )
    lines, without = [], 0
    for key, day, status, row in session.execute(query):
        if row is not None:
            lines.append(Line(key, row.version, day, status in GIVEN, _Costs.to_draft(row)))
        elif status in GIVEN:
            without += 1
    return lines, without


def _lock(ctx: Context, patient_id: UUID | None, infusion_id: UUID) -> _Costs:
    """Lock the patient and load the price; raises NotFound or Gone where the infusion is not there."""
    cost = _Costs.lock(ctx, patient_id, infusion_id)
    infusions.read(ctx, patient_id, infusion_id)
    return cost


def _validate(charge: Charge) -> None:
    found = []
    if charge.currency not in DIGITS:
        found.append(
            FieldError("/currency", "unknown_currency", Sentence("Send a code of ISO 4217, as EUR."))
        )
    if charge.covered > charge.price:
        found.append(FieldError("/covered", "above_price", Sentence("No more can be covered than it costs.")))
    elif charge.coverage is Coverage.NONE and charge.covered:
        found.append(
            FieldError("/covered", "not_covered", Sentence("Where nothing is covered, send 0 or nothing."))
        )
    elif charge.coverage is not Coverage.NONE and not charge.covered:
        found.append(FieldError("/covered", "required", Sentence("Say how much of the price is covered.")))
    elif charge.coverage is Coverage.PARTLY and charge.covered == charge.price:
        found.append(FieldError("/covered", "not_partly", Sentence("This covers all of the price.")))
    if found:
        raise Invalid(*found)
