"""Record what infusions cost, and tell a patient what was paid and what a year would cost."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from clinical import local_day
from clinical.history import History
from clinical.infusion import GIVEN
from clinical.protocol import PhaseKind, cycle_starts, phase
from models.clinics import Clinic
from models.costs import InfusionCost
from models.infusions import Infusion
from services import infusions
from services.access import Actor, load_patient
from services.costs.arithmetic import Charge, Coverage, Line, Scenario, Total, annual_estimate, totals
from services.costs.currencies import DIGITS
from services.errors import FieldError, Gone, Invalid, NotFound
from services.histories import histories
from services.revisions import check_version, in_force, is_already_removed, next_revision


@dataclass(frozen=True, slots=True)
class Kept:
    """What an infusion costs as it stands after a write, and whether the write made it."""

    cost: InfusionCost
    created: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """Every infusion with a price, what those given came to, and what a year costs.

    `without_price_count` counts infusions given that have none. `scenarios` is empty until a given infusion
    has a price and the patient is in maintenance; then it uses that of `based_on`, the latest such infusion.
    """

    patient_id: UUID
    clinic_name: str
    display_name: str
    record_number: str
    today: date
    lines: tuple[Line, ...]
    totals: tuple[Total, ...]
    without_price_count: int
    based_on: Line | None
    scenarios: tuple[Scenario, ...]


def put(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    charge: Charge,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Record what an infusion costs, or correct it by a new revision.

    Raises VersionRequired, Stale or Gone as check-ins do, NotFound or Gone where the infusion is not there,
    and Invalid for a currency that is not known or a coverage that its amount contradicts.
    """
    patient = load_patient(session, actor, patient_id, lock=True)
    infusions.read(session, actor, patient_id, infusion_id)
    current = _current(session, patient.id, infusion_id)
    if current is not None and not current.removed and charge_of(current) == charge:
        return Kept(current, created=False)
    check_version(current, expected_version)
    _validate(charge)
    return Kept(
        _revise(session, actor, (patient.id, infusion_id), current, charge, now), created=current is None
    )


def remove(
    session: Session,
    actor: Actor,
    patient_id: UUID | None,
    infusion_id: UUID,
    expected_version: int | None,
    now: datetime,
) -> InfusionCost:
    """Take a price away as entered in error; its revisions stay. Raises Gone where the infusion was."""
    patient = load_patient(session, actor, patient_id, lock=True)
    infusions.read(session, actor, patient_id, infusion_id)
    current = _current(session, patient.id, infusion_id)
    if current is None:
        raise NotFound
    if is_already_removed(current, expected_version):
        return current
    check_version(current, expected_version)
    which = (patient.id, infusion_id)
    return _revise(session, actor, which, current, charge_of(current), now, removed=True)


def read(session: Session, actor: Actor, patient_id: UUID | None, infusion_id: UUID) -> InfusionCost:
    """Give what one infusion costs; raises Gone where the price was taken away, or the infusion removed."""
    patient = load_patient(session, actor, patient_id)
    infusions.read(session, actor, patient_id, infusion_id)
    found = _current(session, patient.id, infusion_id)
    if found is None:
        raise NotFound
    if found.removed:
        raise Gone(found.version)
    return found


def statement(session: Session, actor: Actor, patient_id: UUID | None, now: datetime) -> Statement:
    """Give every price, what the infusions given came to, and what a year costs at three intervals.

    The intervals are the days between the last two openings of a cycle, and both ends of the plan's window.
    """
    patient = load_patient(session, actor, patient_id)
    clinic = session.get_one(Clinic, patient.clinic_id)
    history = histories(session, clinic, [patient.id])[patient.id]
    today = local_day.today(now, patient.time_zone, patient.day_start_hour)
    lines, without = _lines(session, patient.id)
    last = next((line for line in reversed(lines) if line.given), None)
    return Statement(
        patient.id,
        clinic.name,
        patient.display_name,
        patient.record_number,
        today,
        tuple(lines),
        totals(lines),
        without,
        last,
        annual_estimate(last.charge, _intervals(history, today)) if last else (),
    )


def charge_of(row: InfusionCost) -> Charge:
    """The charge that a stored revision says."""
    return Charge(row.currency, row.price, Coverage(row.coverage), row.covered)


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
            lines.append(Line(key, row.version, day, status in GIVEN, charge_of(row)))
        elif status in GIVEN:
            without += 1
    return lines, without


def _current(session: Session, patient_id: UUID, infusion_id: UUID) -> InfusionCost | None:
    return session.scalar(
        select(InfusionCost).where(
            InfusionCost.patient_id == patient_id,
            InfusionCost.infusion_id == infusion_id,
            in_force(InfusionCost),
        )
    )


def _validate(charge: Charge) -> None:
    found = []
    if charge.currency not in DIGITS:
        found.append(FieldError("/currency", "unknown_currency", "Send a code of ISO 4217, as EUR."))
    if charge.covered > charge.price:
        found.append(FieldError("/covered", "above_price", "No more can be covered than it costs."))
    elif charge.coverage is Coverage.NONE and charge.covered:
        found.append(FieldError("/covered", "not_covered", "Where nothing is covered, send 0 or nothing."))
    elif charge.coverage is not Coverage.NONE and not charge.covered:
        found.append(FieldError("/covered", "required", "Say how much of the price is covered."))
    elif charge.coverage is Coverage.PARTLY and charge.covered == charge.price:
        found.append(FieldError("/covered", "not_partly", "This covers all of the price."))
    if found:
        raise Invalid(*found)


def _revise(
    session: Session,
    actor: Actor,
    which: tuple[UUID, UUID],
    current: InfusionCost | None,
    charge: Charge,
    now: datetime,
    *,
    removed: bool = False,
) -> InfusionCost:
    following = next_revision(session, current, now)
    patient_id, infusion_id = which
    revision = InfusionCost(
        **asdict(charge) | {"coverage": str(charge.coverage)},
        patient_id=patient_id,
        infusion_id=infusion_id,
        removed=removed,
        recorded_by=actor.id,
        **following,
    )
    session.add(revision)
    session.flush()
    return revision
