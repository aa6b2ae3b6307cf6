"""What decides a clinic's outlooks, as it is set now and as it was set at an earlier instant."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.outlook.mode import Mode
from clinical.outlook.model.population_prior import PUBLISHED, PopulationPrior
from clinical.outlook.recalibration import Recalibration
from models.clinics import Clinic, ClinicSettingsHistory
from models.priors import EstimatedPrior
from models.recalibrations import EstimatedRecalibration
from services.context import Context
from services.revisions import not_before

Settings = Clinic | ClinicSettingsHistory
"""The present settings are in the clinic's own row, the former ones in rows of their own."""


def settings_as_of(session: Session, clinic: Clinic, as_of: datetime | None) -> Settings:
    """The settings in force at an instant; before the clinic opened, its first ones."""
    if as_of is None or as_of >= clinic.settings_since:
        return clinic
    lasting = select(ClinicSettingsHistory).where(ClinicSettingsHistory.known_until > as_of)
    found = session.scalar(lasting.order_by(ClinicSettingsHistory.version).limit(1))
    return clinic if found is None else found


def all_settings(session: Session, clinic: Clinic) -> list[Settings]:
    """Every state of the settings, the oldest first and the present one last."""
    return [*session.scalars(select(ClinicSettingsHistory).order_by(ClinicSettingsHistory.version)), clinic]


def store_former(session: Session, clinic: Clinic, now: datetime) -> None:
    """Put the present settings among the former ones, before they are changed."""
    until = not_before(now, clinic.settings_since)
    former = ClinicSettingsHistory(
        clinic_id=clinic.id,
        version=clinic.version,
        induction_infusion_count=clinic.induction_infusion_count,
        induction_days=clinic.induction_days,
        min_interval_days=clinic.min_interval_days,
        max_interval_days=clinic.max_interval_days,
        new_course_gap_days=clinic.new_course_gap_days,
        review_after_days=clinic.review_after_days,
        outlook_mode=clinic.outlook_mode,
        outlook_prior=clinic.outlook_prior,
        outlook_recalibration=clinic.outlook_recalibration,
        known_from=clinic.settings_since,
        known_until=until,
    )
    session.add(former)
    clinic.settings_since = until


def invitation_lasting(ctx: Context) -> timedelta:
    """Return how long an invitation code of a patient or a delegate of the actor's clinic can be used."""
    return timedelta(hours=ctx.session.get_one(Clinic, ctx.actor.clinic_id).invitation_hours)


def mode_shown(settings: Settings, clinic: Clinic) -> Mode:
    """What may be shown of an outlook under those settings: never a forecast that is not shown today.

    A clinic that stopped showing its forecasts would otherwise go on showing them by asking "as of".
    """
    if Mode(clinic.outlook_mode) is not Mode.SHOWN:
        return Mode(clinic.outlook_mode)
    return Mode(settings.outlook_mode)


def prior_in_use(session: Session, settings: Settings) -> PopulationPrior:
    """The prior that those settings name; one that was ever set is never taken away."""
    found = prior_named(session, settings.outlook_prior)
    if found is None:
        raise LookupError("the clinic's settings name a prior that is not there")
    return found


def prior_named(session: Session, name: str) -> PopulationPrior | None:
    """Return the prior of that name: the published one, or one fitted to the session's clinic; else None."""
    if name == PUBLISHED.version:
        return PUBLISHED
    row = estimated_prior(session, name)
    return None if row is None else PopulationPrior(row.name, row.median_days, row.spread)


def estimated_prior(session: Session, name: str) -> EstimatedPrior | None:
    """Return the row of a prior fitted to the patients of the session's clinic."""
    return session.scalar(select(EstimatedPrior).where(EstimatedPrior.name == name))


def recalibration_in_use(session: Session, settings: Settings) -> Recalibration | None:
    """Return the recalibration that those settings name; None for none.

    It does not apply to forecasts of another engine or prior.
    """
    row = estimated_recalibration(session, settings.outlook_recalibration)
    if row is None:
        return None
    return Recalibration(row.name, row.location, row.scale_factor, row.engine_version, row.prior_version)


def estimated_recalibration(session: Session, name: str) -> EstimatedRecalibration | None:
    """Return the row of a recalibration estimated from the record of the session's clinic."""
    return session.scalar(select(EstimatedRecalibration).where(EstimatedRecalibration.name == name))
