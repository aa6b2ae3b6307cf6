"""Prescribe and adjust a patient's treatment protocol; the clinic's settings fill what it leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from clinical import protocol as plan
from models.clinics import Clinic
from models.protocols import Protocol
from services.clinic_settings import Settings
from services.context import Context
from services.errors import FieldError, Invalid
from services.revisions import Revisions


@dataclass(frozen=True, slots=True)
class ProtocolDraft:
    """A patient's own plan; an absent number means the clinic's."""

    induction_infusion_count: int | None = None
    induction_days: int | None = None
    min_interval_days: int | None = None
    max_interval_days: int | None = None
    paused_on: date | None = None
    resumes_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Prescribed:
    """The plan in force: what the patient's own revision sets, and what follows with the clinic's."""

    version: int
    overrides: ProtocolDraft
    in_effect: plan.Protocol


class _Protocols(Revisions[Protocol, ProtocolDraft]):
    table = Protocol
    draft = ProtocolDraft
    default = ProtocolDraft()

    def validate(self, draft: ProtocolDraft) -> None:
        """Refuse a plan that cannot hold, field by field."""
        validate_protocol(in_effect(self._clinic(), draft))

    def current_for_error(self) -> Prescribed:
        """Return the plan in force with what follows from it."""
        return _prescribed(self._clinic(), self.current)

    def _clinic(self) -> Clinic:
        return self.ctx.session.get_one(Clinic, self.patient.clinic_id)


def read(ctx: Context, patient_id: UUID | None) -> Prescribed:
    """Return a patient's plan; version 0 where the clinic's settings alone apply."""
    patient = ctx.load_patient(patient_id)
    clinic = ctx.session.get_one(Clinic, patient.clinic_id)
    return _prescribed(clinic, _Protocols.find(ctx.session, patient.id))


def put(
    ctx: Context, patient_id: UUID | None, draft: ProtocolDraft, expected_version: int | None
) -> Prescribed:
    """Set a patient's plan; raises Invalid for one that cannot hold, field by field."""
    protocol = _Protocols.lock(ctx, patient_id)
    protocol.append(draft, expected_version)
    return protocol.current_for_error()


def in_effect(clinic: Settings, draft: ProtocolDraft) -> plan.Protocol:
    """Return the plan that follows from the patient's own settings, and the clinic's where there are none."""
    return plan.Protocol(
        induction_infusion_count=_first(draft.induction_infusion_count, clinic.induction_infusion_count),
        induction_days=_first(draft.induction_days, clinic.induction_days),
        min_interval_days=_first(draft.min_interval_days, clinic.min_interval_days),
        max_interval_days=_first(draft.max_interval_days, clinic.max_interval_days),
        paused_on=draft.paused_on,
        resumes_on=draft.resumes_on,
        ended_on=draft.ended_on,
    )


def validate_protocol(protocol: plan.Protocol) -> None:
    """Raise Invalid, naming each field that makes a plan one that cannot hold."""
    found = [
        FieldError(f"/{violation.field}", "cannot_hold", violation.reason)
        for violation in plan.violations(protocol)
    ]
    if found:
        raise Invalid(*found)


def to_draft(row: Protocol | None) -> ProtocolDraft:
    """Return what a stored revision sets; nothing where there is none."""
    return ProtocolDraft() if row is None else _Protocols.to_draft(row)


def _prescribed(clinic: Clinic, row: Protocol | None) -> Prescribed:
    draft = to_draft(row)
    return Prescribed(row.version if row else 0, draft, in_effect(clinic, draft))


def _first(mine: int | None, clinics: int) -> int:
    return clinics if mine is None else mine
