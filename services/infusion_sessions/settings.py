"""What a clinic set for sessions: its limits, the minimum stay, and how often is often."""

from __future__ import annotations

from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.infusion_session import MINIMUM_MONITORING_MINUTES
from clinical.sentences import Sentence
from clinical.vitals import VitalLimits
from models.infusion_sessions import SessionSettings
from services import event_log
from services.access import own_clinic
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import AsOf, ClinicRevisions, WriteResult, in_force


@dataclass(frozen=True, slots=True)
class SessionSettingsDraft:
    """Everything a clinic sets for sessions, whole; what is absent is not set, and crosses nothing.

    Blood pressure in mmHg, heart rate in beats a minute, saturation in percent, respiratory rate in breaths a
    minute, sedation in points of the MOAA/S.
    """

    minimum_monitoring_minutes: int = MINIMUM_MONITORING_MINUTES
    systolic_hold: int | None = None
    diastolic_hold: int | None = None
    heart_rate_low: int | None = None
    heart_rate_high: int | None = None
    systolic_high: int | None = None
    diastolic_high: int | None = None
    spo2_low: int | None = None
    systolic_low: int | None = None
    diastolic_low: int | None = None
    respiratory_rate_low: int | None = None
    respiratory_rate_high: int | None = None
    sedation_score_low: int | None = None
    max_dose_mg_per_kg: float | None = None
    max_dose_mg: float | None = None
    max_infusions_in_30_days: int | None = None
    max_infusions_in_90_days: int | None = None
    max_infusions_in_365_days: int | None = None
    shortest_interval_days: int | None = None

    @property
    def limits(self) -> VitalLimits:
        """The limits for vitals during a session."""
        return VitalLimits(**{each.name: getattr(self, each.name) for each in fields(VitalLimits)})

    @property
    def hold(self) -> tuple[int | None, int | None]:
        """Systolic and diastolic above which the clinic wants to think before it starts."""
        return self.systolic_hold, self.diastolic_hold


NOTHING_SET = SessionSettingsDraft()

VERSION = func.coalesce(select(SessionSettings.version).where(in_force(SessionSettings)).scalar_subquery(), 0)
"""The version of the settings in force of the session's clinic, 0 where it set none; a part of a query."""


@dataclass(frozen=True, slots=True)
class SettingsInForce:
    """The settings in force and their version, 0 where a clinic set none."""

    settings: SessionSettingsDraft
    version: int


class _Settings(ClinicRevisions[SessionSettings, SessionSettingsDraft]):
    table = SessionSettings
    draft = SessionSettingsDraft
    default = NOTHING_SET

    def validate(self, draft: SessionSettingsDraft) -> None:
        """Refuse limits that contradict each other."""
        _check_consistent(draft)

    def current_for_error(self) -> SettingsInForce:
        """Return the settings in force."""
        return _in_force(self.current)


def read(ctx: Context, clinic_id: UUID) -> SettingsInForce:
    """Return the settings of the actor's own clinic."""
    own_clinic(ctx.actor, clinic_id)
    return _in_force(_Settings.find_as_of(ctx.session))


def settings_in_force(session: Session, as_of: AsOf | None = None) -> SessionSettingsDraft:
    """Return the settings of the session's clinic, now or at an earlier instant."""
    return _in_force(_Settings.find_as_of(session, as_of)).settings


def put(
    ctx: Context, clinic_id: UUID, draft: SessionSettingsDraft, expected_version: int | None
) -> WriteResult[SettingsInForce]:
    """Store the settings, or recognise that they are stored already; every revision stays.

    What was recorded before has the limits of its time. Raises VersionRequired or Stale as check-ins do,
    and Invalid, naming the field, for limits that contradict each other.
    """
    settings = _Settings.lock_clinic(ctx, clinic_id)
    stored = settings.append(draft, expected_version)
    event_log.record_settings(ctx, "session-settings", stored)
    return WriteResult(_in_force(stored.value), stored.outcome)


def _in_force(row: SessionSettings | None) -> SettingsInForce:
    return (
        SettingsInForce(NOTHING_SET, 0)
        if row is None
        else SettingsInForce(_Settings.to_draft(row), row.version)
    )


def _check_consistent(draft: SessionSettingsDraft) -> None:
    found = []
    for low, high in (
        ("heart_rate_low", "heart_rate_high"),
        ("systolic_low", "systolic_high"),
        ("diastolic_low", "diastolic_high"),
        ("respiratory_rate_low", "respiratory_rate_high"),
        ("diastolic_low", "systolic_low"),
        ("diastolic_high", "systolic_high"),
        ("diastolic_hold", "systolic_hold"),
        ("max_infusions_in_30_days", "max_infusions_in_90_days"),
        ("max_infusions_in_90_days", "max_infusions_in_365_days"),
    ):
        below, above = getattr(draft, low), getattr(draft, high)
        may_equal = low.startswith("max")
        if below is not None and above is not None and (below > above or (below == above and not may_equal)):
            found.append(FieldError(f"/{high}", "cannot_hold", Sentence("It contradicts {low}.", low=low)))
    if found:
        raise Invalid(*found)
