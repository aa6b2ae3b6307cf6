"""What the clinic records of an infusion besides its times: dose limits, people, why it was not done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.dose import DoseLimits, ExceededDoseLimit, exceeded_dose_limits
from clinical.holds import HoldReason
from clinical.infusion import InfusionRecord, InfusionStatus
from clinical.sentences import Sentence
from clinical.suitability import consultation_holds, consulted_before
from models.accounts import Account
from models.infusion_sessions import SessionSettings
from models.infusions import Infusion
from services.access import STAFF, holds_any
from services.consultations import consulted_revisions
from services.context import Context
from services.errors import FieldError
from services.revisions import in_force

UNITS = {"max_dose_mg_per_kg": "mg/kg", "max_dose_mg": "mg"}


def wrong_record(
    ctx: Context, record: InfusionRecord, dose: tuple[float | None, float | None]
) -> Iterable[FieldError]:
    """Yield what is wrong with a record of an infusion; `dose` is its dose in mg and the weight in kg."""
    exceeded = _exceeded(ctx.session, dose)
    if exceeded and record.dose_confirmation_rationale is None:
        limits = " and ".join(f"{each.set_at:g} {UNITS[each.limit]}" for each in exceeded)
        sentence = Sentence(
            "The dose is above the clinic's limit of {limits}: correct it, or send dose_confirmation "
            "with its rationale.",
            limits=limits,
        )
        yield FieldError("/dose_confirmation", "dose_limit_exceeded", sentence)
    for person in ("performer", "witness"):
        account_id = getattr(record, f"{person}_account_id")
        if account_id is not None and not _is_staff(ctx, account_id):
            sentence = Sentence("No member of this clinic's staff has this account.")
            yield FieldError(f"/{person}_account_id", "unknown_account", sentence)


def record_stamps(
    ctx: Context, record: InfusionRecord, dose: tuple[float | None, float | None], current: Infusion | None
) -> dict[str, Any]:
    """Return the columns that say which limits a dose exceeds, who confirmed it and when.

    A revision that leaves dose, weight and rationale as they were keeps the confirmation of the one before.
    """
    exceeded = [asdict(each) for each in _exceeded(ctx.session, dose)]
    confirmed: dict[str, Any] = {"dose_confirmed_by": None, "dose_confirmed_at": None}
    if record.dose_confirmation_rationale is not None:
        confirmed = {"dose_confirmed_by": ctx.actor.id, "dose_confirmed_at": ctx.now}
        if current is not None and _is_same(current, record, dose):
            confirmed = {name: getattr(current, name) for name in confirmed}
    return {"dose_limits_exceeded": exceeded, **confirmed}


def dose_limits(session: Session) -> DoseLimits:
    """Return the clinic's limits for the dose of one session, as they are now."""
    columns = SessionSettings.max_dose_mg_per_kg, SessionSettings.max_dose_mg
    row = session.execute(select(*columns).where(in_force(SessionSettings))).one_or_none()
    return DoseLimits() if row is None else DoseLimits(*row)


def holds_against(
    session: Session, patient_id: UUID, status: InfusionStatus, day: date
) -> tuple[HoldReason, ...]:
    """Return why the consultation held by a day does not clear an infusion; empty for one not done."""
    if status is InfusionStatus.NOT_DONE:
        return ()
    return consultation_holds(consulted_before(consulted_revisions(session, patient_id), day), day)


def override_stamps(
    ctx: Context, record: InfusionRecord, holds: Iterable[HoldReason], current: Infusion | None
) -> dict[str, Any]:
    """Return the columns that say what was overridden, by whom and when.

    A revision that leaves the reason as it was keeps the override of the one before.
    """
    names = ("overridden_holds", "overridden_by", "overridden_at")
    if record.override_reason is None:
        return dict(zip(names, ([], None, None), strict=True))
    if current is not None and current.override_reason == record.override_reason:
        return {name: getattr(current, name) for name in names}
    return dict(zip(names, ([str(hold.code) for hold in holds], ctx.actor.id, ctx.now), strict=True))


def _exceeded(session: Session, dose: tuple[float | None, float | None]) -> tuple[ExceededDoseLimit, ...]:
    return exceeded_dose_limits(*dose, dose_limits(session))


def _is_same(current: Infusion, record: InfusionRecord, dose: tuple[float | None, float | None]) -> bool:
    if current.dose_confirmed_at is None:
        return False
    stored = current.dose_confirmation_rationale, current.dose_mg, current.weight_kg
    return stored == (record.dose_confirmation_rationale, *dose)


def _is_staff(ctx: Context, account_id: UUID) -> bool:
    query = select(Account.id).where(
        Account.id == account_id, Account.clinic_id == ctx.actor.clinic_id, holds_any(STAFF)
    )
    return ctx.session.scalar(query) is not None
