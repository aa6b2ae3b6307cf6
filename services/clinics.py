"""Create a clinic, change its settings, add and remove its members."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinical.canonical_text import email_key
from clinical.current_course import NEW_COURSE_GAP_DAYS
from clinical.outlook.engine_version import ENGINE_VERSION
from clinical.outlook.learning.prior_bias import PriorBias
from clinical.outlook.mode import Mode
from clinical.outlook.model.population_prior import PUBLISHED
from clinical.protocol import Protocol
from clinical.response_review import REVIEW_AFTER_DAYS
from clinical.sentences import Sentence
from models.accounts import Account
from models.clinics import Clinic
from models.priors import EstimatedPrior
from models.recalibrations import EstimatedRecalibration
from services import accounts, event_log, quotas
from services.access import (
    STAFF,
    Role,
    holds_any,
    in_care_team,
    joined_roles,
    lock_clinic,
    own_clinic,
    role_names,
    split_roles,
)
from services.clinic_settings import (
    estimated_prior,
    estimated_recalibration,
    prior_named,
    store_former,
)
from services.context import Context
from services.errors import Conflict, FieldError, Invalid, NotFound
from services.event_log import Agent, Concerned, Event, by_command
from services.protocols import validate_protocol
from services.revisions import Page, PageRequest, WriteOutcome, WriteResult, check_row_version, paged

BACKFILL_DAYS = 7
"""Days back that a patient may fill in, unless the clinic sets another number. Source: a proposal. Changed
by: an admin, `PATCH /v1/clinics/{id}/settings`."""


_BIAS = {
    PriorBias.NOT_CHECKED: Sentence(
        "Its bias could not be checked: too few losses were seen in first cycles. Run flask outlook "
        "fit-prior again once there are more."
    ),
    PriorBias.TOO_EARLY: Sentence("Its median is earlier than what was observed of the clinic's patients."),
    PriorBias.TOO_LATE: Sentence("Its median is later than what was observed of the clinic's patients."),
}
"""Why an estimated prior is refused. Operational."""

NO_RECALIBRATION = "none"
"""Name of no recalibration in the settings. Operational."""

INVITATION_HOURS = 24
"""Hours that an invitation code of a patient or a delegate can be used, unless the clinic sets another
number: one that is handed over today is still good in the evening. Operational."""


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """What a clinic may set; None leaves a setting as it is."""

    name: str | None = None
    address: str | None = None
    time_zone: str | None = None
    backfill_days: int | None = None
    induction_infusion_count: int | None = None
    induction_days: int | None = None
    min_interval_days: int | None = None
    max_interval_days: int | None = None
    new_course_gap_days: int | None = None
    review_after_days: int | None = None
    outlook_mode: str | None = None
    outlook_prior: str | None = None
    outlook_recalibration: str | None = None
    refuse_unsuitable: bool | None = None
    invitation_hours: int | None = None
    staff_second_factor: str | None = None


def create_clinic(session: Session, name: str, time_zone: str, now: datetime) -> Clinic:
    """Create a clinic with the protocol's defaults: six infusions in 21 days, then every 14 to 28."""
    usual = Protocol()
    clinic = Clinic(
        id=uuid4(),
        name=name,
        time_zone=time_zone,
        backfill_days=BACKFILL_DAYS,
        induction_infusion_count=usual.induction_infusion_count,
        induction_days=usual.induction_days,
        min_interval_days=usual.min_interval_days,
        max_interval_days=usual.max_interval_days,
        new_course_gap_days=NEW_COURSE_GAP_DAYS,
        review_after_days=REVIEW_AFTER_DAYS,
        outlook_mode=Mode.SILENT,
        outlook_prior=PUBLISHED.version,
        outlook_recalibration=NO_RECALIBRATION,
        refuse_unsuitable=False,
        invitation_hours=INVITATION_HOURS,
        version=1,
        settings_since=now,
        created_at=now,
    )
    session.add(clinic)
    session.flush()
    event_log.add(session, clinic.id, Event.CLINIC_CREATED, by_command(now))
    return clinic


def read(ctx: Context, clinic_id: UUID) -> Clinic:
    """Return the actor's own clinic."""
    own_clinic(ctx.actor, clinic_id)
    return ctx.session.get_one(Clinic, clinic_id)


def change_settings(
    ctx: Context, clinic_id: UUID, settings: ClinicSettings, expected_version: int | None
) -> Clinic:
    """Change a clinic's settings; raises Invalid, naming each field at fault.

    At fault are a protocol that cannot hold, an unknown prior and an unknown recalibration. The former
    settings stay stored: an outlook made under them can be asked for again.
    """
    own_clinic(ctx.actor, clinic_id)
    clinic = lock_clinic(ctx.session, clinic_id)
    check_row_version(clinic, expected_version)
    store_former(ctx.session, clinic, ctx.now)
    if settings.outlook_prior not in (None, clinic.outlook_prior):
        _accept_prior(ctx, settings.outlook_prior)
    if settings.outlook_recalibration not in (None, NO_RECALIBRATION, clinic.outlook_recalibration):
        prior_version = settings.outlook_prior or clinic.outlook_prior
        _accept_recalibration(ctx, settings.outlook_recalibration, prior_version)
    changed = []
    for field in fields(settings):
        value = getattr(settings, field.name)
        if value is not None and value != getattr(clinic, field.name):
            setattr(clinic, field.name, value)
            changed.append(field.name)
    validate_protocol(
        Protocol(
            clinic.induction_infusion_count,
            clinic.induction_days,
            clinic.min_interval_days,
            clinic.max_interval_days,
        )
    )
    clinic.version += 1
    ctx.session.flush()
    if changed:
        event_log.record(ctx, Event.SETTINGS_CHANGED, resource="settings", fields_changed=changed)
    return clinic


def _accept_prior(ctx: Context, name: str) -> None:
    """Check that the clinic has such a prior, and record who put a fitted one to use first, and when."""
    if prior_named(ctx.session, name) is None:
        sentence = Sentence("Send published-1, or the name of a prior fitted to this clinic's patients.")
        raise Invalid(FieldError("/outlook_prior", "unknown_prior", sentence))
    fitted = estimated_prior(ctx.session, name)
    if fitted is None:
        return
    # Proposals of before the check was made have none.
    bias = fitted.evidence.get("bias", PriorBias.NOT_CHECKED)
    if bias != PriorBias.NONE_SEEN:
        raise Invalid(FieldError("/outlook_prior", f"bias_{bias}", _BIAS[PriorBias(bias)]))
    _accept(ctx, fitted)


def _accept_recalibration(ctx: Context, name: str, prior_version: str) -> None:
    """Check that the clinic has such a recalibration of these forecasts, and record who used it first."""
    found = estimated_recalibration(ctx.session, name)
    if found is None:
        sentence = Sentence("Send none, or the name of a recalibration estimated from this clinic's record.")
        raise Invalid(FieldError("/outlook_recalibration", "unknown_recalibration", sentence))
    if (found.engine_version, found.prior_version) != (ENGINE_VERSION, prior_version):
        sentence = Sentence(
            "It was estimated from forecasts of another version of the engine, or of another prior. Run "
            "flask outlook fit-recalibration for a new one."
        )
        raise Invalid(FieldError("/outlook_recalibration", "other_forecasts", sentence))
    _accept(ctx, found)


def _accept(ctx: Context, proposal: EstimatedPrior | EstimatedRecalibration) -> None:
    if proposal.accepted_at is None:
        proposal.accepted_at, proposal.accepted_by = ctx.now, ctx.actor.id


def staff(ctx: Context, clinic_id: UUID, wanted: PageRequest) -> Page[Account]:
    """Return a page of the members of staff of the actor's own clinic by name."""
    own_clinic(ctx.actor, clinic_id)
    query = select(Account).where(Account.clinic_id == clinic_id, holds_any(STAFF))
    return paged(ctx.session, query, (Account.display_name, Account.id), wanted)


def staff_of(session: Session, clinic_id: UUID) -> list[Account]:
    """Return a clinic's members of staff by name."""
    query = select(Account).where(Account.clinic_id == clinic_id, holds_any(STAFF))
    return list(session.scalars(query.order_by(Account.display_name, Account.id)))


def care_team(ctx: Context, clinic_id: UUID, wanted: PageRequest) -> Page[Account]:
    """Return a page by name of the clinicians and nurses of a clinic who can sign in."""
    own_clinic(ctx.actor, clinic_id)
    query = select(Account).where(Account.clinic_id == clinic_id, in_care_team())
    return paged(ctx.session, query, (Account.display_name, Account.id), wanted)


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member of staff to add, with at least one role of STAFF."""

    roles: frozenset[Role]
    display_name: str
    email: str


def add_member(session: Session, clinic_id: UUID, new: NewMember, agent: Agent) -> WriteResult[Account]:
    """Add a member of staff, to be invited, or recognise them.

    Sent again for the same address, the same person is recognised; another under it raises Conflict.
    """
    _lock(session, clinic_id)
    query = select(Account).where(
        Account.clinic_id == clinic_id,
        Account.invited_email == email_key(new.email),
        holds_any(STAFF),
    )
    current = session.scalar(query)
    if current is not None:
        if (split_roles(current.roles), current.display_name) != (new.roles, new.display_name):
            raise Conflict(
                FieldError("/email", "taken", Sentence("A member of staff was added with this address."))
            )
        return WriteResult(current, WriteOutcome.UNCHANGED)
    quotas.count(session, quotas.STAFF_MEMBERS, clinic_id, clinic_id, agent.acts_at)
    account = accounts.new_account(clinic_id, new.roles, new.display_name, new.email, agent.acts_at)
    session.add(account)
    session.flush()
    roles = role_names(new.roles)
    event_log.add(session, clinic_id, Event.STAFF_ADDED, agent, Concerned(account.id), roles=roles)
    return WriteResult(account, WriteOutcome.CREATED)


def invite_member(
    ctx: Context, clinic_id: UUID, account_id: UUID, lasting: timedelta
) -> tuple[str, datetime]:
    """Make the one-use code with which a member of staff sets a password."""
    account = member(ctx, clinic_id, account_id)
    return accounts.invite(ctx.session, account, event_log.agent_of(ctx), lasting)


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What is to change of a member of staff; None leaves it. `roles` replaces all that they hold.

    `email` is the address to sign in with, or to be invited with before the invitation is accepted.
    """

    disabled: bool | None = None
    roles: frozenset[Role] | None = None
    display_name: str | None = None
    email: str | None = None


def change_member(
    ctx: Context, clinic_id: UUID, account_id: UUID, change: MemberChange, expected_version: int | None
) -> Account:
    """Change a member of staff, or block or unblock them; it holds from their next request on.

    Blocking ends their sign-ins for good. Raises Conflict where the clinic would be left without an admin who
    can sign in, and for an address that somebody else has.
    """
    _lock(ctx.session, ctx.actor.clinic_id)
    account = member(ctx, clinic_id, account_id)
    check_row_version(account, expected_version)
    was_admin = Role.ADMIN in split_roles(account.roles)
    roles = split_roles(account.roles) if change.roles is None else change.roles
    for pointer, ends in (("/disabled", change.disabled), ("/roles", Role.ADMIN not in roles)):
        if was_admin and ends and not _other_admins(ctx.session, account):
            raise _last_admin(pointer)
    _record_change(ctx, account, change)
    account.roles = joined_roles(roles)
    if change.disabled is not None:
        accounts.set_disabled(ctx, account, disabled=change.disabled)
    if change.display_name is not None:
        account.display_name = change.display_name
    if change.email is not None:
        accounts.set_address(ctx.session, account, change.email)
    account.version += 1
    ctx.session.flush()
    return account


def undo_acceptance(ctx: Context, clinic_id: UUID, account_id: UUID) -> None:
    """Take an account back from whoever accepted the invitation of a member of staff; raises Conflict.

    The clinic keeps an admin who can sign in.
    """
    _lock(ctx.session, ctx.actor.clinic_id)
    account = member(ctx, clinic_id, account_id)
    if Role.ADMIN in split_roles(account.roles) and not _other_admins(ctx.session, account):
        raise _last_admin("account_id", "parameter")
    accounts.undo_acceptance(ctx, account)


def _last_admin(pointer: str, place: str = "body") -> Conflict:
    return Conflict(FieldError(pointer, "last_admin", Sentence("A clinic keeps at least one admin."), place))


def _record_change(ctx: Context, account: Account, change: MemberChange) -> None:
    """Record which details of a member change, and of the roles also from what to what."""
    roles = None if change.roles is None else role_names(change.roles)
    names = [name for name in ("roles", "display_name", "email") if getattr(change, name) is not None]
    if names:
        former = None if roles is None else role_names(split_roles(account.roles))
        details = {"fields_changed": names, "roles": roles, "former_roles": former}
        event_log.record(ctx, Event.STAFF_CHANGED, Concerned(account.id), **details)


def _lock(session: Session, clinic_id: UUID) -> None:
    """Let one change of a clinic's staff wait for another: no row of either holds what both must preserve."""
    lock_clinic(session, clinic_id)


def member(ctx: Context, clinic_id: UUID, account_id: UUID) -> Account:
    """Return a member of staff of the actor's own clinic, locked; raises NotFound for anybody else."""
    found = ctx.session.get(Account, account_id, with_for_update=True)
    if clinic_id != ctx.actor.clinic_id or found is None or found.clinic_id != clinic_id:
        raise NotFound
    if split_roles(found.roles).isdisjoint(STAFF):
        raise NotFound
    return found


def _other_admins(session: Session, account: Account) -> list[UUID]:
    query = select(Account.id).where(
        Account.clinic_id == account.clinic_id,
        holds_any([Role.ADMIN]),
        Account.id != account.id,
        Account.disabled_at.is_(None),
        # One who never accepted the invitation cannot sign in.
        Account.password_hash.is_not(None),
    )
    return list(session.scalars(query))
