"""What a clinic set for sessions: its limits, the minimum stay, and how often is often."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinical.infusion_session import MINIMUM_MONITORING_MINUTES
from clinical.vitals import VitalLimits
from models.clinics import Clinic
from models.infusion_sessions import SessionSettings
from services.access import Actor, own_clinic
from services.errors import FieldError, Invalid
from services.revisions import check_version_number, in_force, next_revision


@dataclass(frozen=True, slots=True)
class SessionSettingsDraft:
    """Everything a clinic sets for sessions, whole; what is absent is not set, and crosses nothing.

    Blood pressure in mmHg, heart rate in beats a minute, saturation in percent.
    """

    minimum_monitoring_minutes: int = MINIMUM_MONITORING_MINUTES
    systolic_hold: int | None = None
    diastolic_hold: int | None = None
    heart_rate_low: int | None = None
    heart_rate_high: int | None = None
    systolic_high: int | None = None
    diastolic_high: int | None = None
    spo2_low: int | None = None
    max_infusions_in_30_days: int | None = None
    max_infusions_in_90_days: int | None = None
    max_infusions_in_365_days: int | None = None
    shortest_interval_days: int | None = None

    @property
    def limits(self) -> VitalLimits:
        """The limits for vitals during a session."""
        return VitalLimits(
            self.heart_rate_low, self.heart_rate_high, self.systolic_high, self.diastolic_high, self.spo2_low
        )

    @property
    def hold(self) -> tuple[int | None, int | None]:
        """Systolic and diastolic above which the clinic wants to think before it starts."""
        return self.systolic_hold, self.diastolic_hold


NAMES = tuple(field.name for field in fields(SessionSettingsDraft))
NOTHING_SET = SessionSettingsDraft()

VERSION = func.coalesce(select(SessionSettings.version).where(in_force(SessionSettings)).scalar_subquery(), 0)
"""The version of the settings in force of the session's clinic, 0 where it set none; a part of a query."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The settings in force, their version (0 where a clinic set none), and whether a write was first."""

    settings: SessionSettingsDraft
    version: int
    created: bool = False


def read(session: Session, actor: Actor, clinic_id: UUID) -> Kept:
    """Give the settings of the actor's own clinic."""
    own_clinic(actor, clinic_id)
    row = _current(session)
    return _kept(row)


def settings_in_force(session: Session, as_of: datetime | None = None) -> SessionSettingsDraft:
    """The settings of the session's clinic, now or at an earlier instant."""
    row = _current(session, as_of)
    return NOTHING_SET if row is None else _said(row)


def put(
    session: Session,
    actor: Actor,
    clinic_id: UUID,
    draft: SessionSettingsDraft,
    expected_version: int | None,
    now: datetime,
) -> Kept:
    """Store the settings, or recognise that they are stored already; each revision is kept.

    What was recorded before keeps the limits of its time. Raises VersionRequired or Stale as check-ins do,
    and Invalid, naming the field, for limits that contradict each other.
    """
    own_clinic(actor, clinic_id)
    # Its own row would not do for a lock: the first settings have none yet.
    session.get_one(Clinic, clinic_id, with_for_update=True)
    row = _current(session)
    current = _kept(row)
    if row is not None and current.settings == draft:
        return current
    check_version_number(current.version, expected_version, current)
    _refuse_contradiction(draft)
    made = SessionSettings(**asdict(draft), recorded_by=actor.id, **next_revision(session, row, now))
    session.add(made)
    session.flush()
    return Kept(draft, made.version, created=row is None)


def _current(session: Session, as_of: datetime | None = None) -> SessionSettings | None:
    return session.scalar(select(SessionSettings).where(in_force(SessionSettings, as_of)))


def _kept(row: SessionSettings | None) -> Kept:
    return Kept(NOTHING_SET, 0) if row is None else Kept(_said(row), row.version)


def _said(row: SessionSettings) -> SessionSettingsDraft:
    return SessionSettingsDraft(**{name: getattr(row, name) for name in NAMES})


def _refuse_contradiction(draft: SessionSettingsDraft) -> None:
    found = []
    for low, high in (
        ("heart_rate_low", "heart_rate_high"),
        ("diastolic_high", "systolic_high"),
        ("diastolic_hold", "systolic_hold"),
        ("max_infusions_in_30_days", "max_infusions_in_90_days"),
        ("max_infusions_in_90_days", "max_infusions_in_365_days"),
    ):
        below, above = getattr(draft, low), getattr(draft, high)
        may_equal = low.startswith("most")
        if below is not None and above is not None and (below > above or (below == above and not may_equal)):
            found.append(FieldError(f"/{high}", "cannot_hold", f"It contradicts {low}."))
    if found:
        raise Invalid(*found)
