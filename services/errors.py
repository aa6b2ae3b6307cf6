"""Why a use case refuses; `api/http/problems.py` maps each error to a status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from clinical.sentences import Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `detail` never repeats what was sent.

    `pointer` is a JSON pointer into the body, or the name of a parameter or header, as `place` has it.
    `expected_on` is the day that should have been sent, where a day is wrong and the right one is known.
    """

    pointer: str
    code: str
    detail: Sentence
    place: str = "body"
    expected_on: date | None = None


class ServiceError(Exception):
    """Base class of every error that a use case raises."""

    code = "refused"
    detail: Sentence = Sentence("This cannot be done.")

    def __init__(self, detail: Sentence | None = None, **members: Any) -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.members = members


class NotFound(ServiceError):
    """The record does not exist, or belongs to another patient or clinic."""

    code = "not_found"
    detail = Sentence("This address names nothing that exists and that you may see. Check the ids in it.")


class Forbidden(ServiceError):
    """The caller's role, or a delegate's consent, does not allow this; `required_*` names what would."""

    code = "forbidden"
    detail = Sentence("Your role does not allow this; required_roles names the roles that may do it.")

    def __init__(
        self,
        detail: Sentence | None = None,
        *,
        required_roles: Iterable[str] = (),
        required_part: str | None = None,
    ) -> None:
        roles = [str(role) for role in required_roles]
        members: dict[str, Any] = {"required_roles": roles} if roles else {}
        if required_part is not None:
            members["required_part"] = str(required_part)
        super().__init__(detail or self.detail, **members)


class InsufficientScope(ServiceError):
    """The API client was not granted the scope this needs; `scope` names it."""

    code = "insufficient_scope"
    detail = Sentence(
        "This API client was not granted the scope in required_scope. An admin can register a client with it."
    )

    def __init__(self, scope: str) -> None:
        detail = Sentence(
            "This API client was not granted the scope {scope}. An admin can register a client with it.",
            scope=scope,
        )
        super().__init__(detail, required_scope=str(scope))
        self.scope = scope


class Unauthenticated(ServiceError):
    """The request carries no valid access token."""

    code = "unauthenticated"
    detail = Sentence(
        "The access token is missing, has expired, was revoked or was not issued by this server. "
        "Refresh it once at /oauth/token; if that is refused too, sign in again."
    )


class AccountDisabled(Unauthenticated):
    """The clinic has disabled the account that this token was issued to."""

    code = "account_disabled"
    detail = Sentence(
        "The clinic has disabled this account. What was not sent yet stays on this device: ask the clinic."
    )


class InvalidRefreshToken(Unauthenticated):
    """The refresh token was used before, is no longer valid, or comes from another device."""

    detail = Sentence(
        "The refresh token was used before, has expired, was revoked, was not issued by this "
        "server or comes from another device: sign in again."
    )


class WrongCredentials(ServiceError):
    """The credentials do not match; which of them is wrong is not revealed."""

    code = "wrong_credentials"
    detail = Sentence(
        "The e-mail address and the password do not match an account. Check both and try again."
    )


class SecondFactorMissing(ServiceError):
    """The clinic requires a second factor of its staff, and this member has none yet."""

    code = "second_factor_missing"
    detail = Sentence(
        "Your clinic requires a second factor of its staff. Set one up first: POST /v1/me/second-factor."
    )


class WrongClient(WrongCredentials):
    """The API client's id and secret do not match, or it was revoked or has expired."""

    detail = Sentence(
        "The client id and secret do not match an API client that is neither revoked nor "
        "expired: send both, as HTTP Basic or in the form."
    )


class TooManyAttempts(ServiceError):
    """Too many failed attempts for this account or address; `retry_after` is in seconds."""

    code = "too_many_attempts"
    detail = Sentence(
        "There were too many failed attempts. Wait as many seconds as Retry-After says, then try again."
    )

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class QuotaExceeded(ServiceError):
    """More of one kind in a day than an account may write; `quota` names it, `retry_after` is in seconds."""

    code = "quota_exceeded"
    detail = Sentence(
        "More of this was stored today than anybody needs. Send the rest after as many seconds as "
        "Retry-After says; if there is a reason for so many, tell the clinic."
    )

    def __init__(self, quota: str, most: int, retry_after: int) -> None:
        super().__init__(quota=quota, most_a_day=most)
        self.retry_after = retry_after


class InvitationSpent(ServiceError):
    """The invitation was used, withdrawn or has expired."""

    code = "invitation_spent"
    detail = Sentence(
        "This invitation was used, withdrawn or has expired. If you used it yourself, sign in; "
        "otherwise ask the clinic for a new one."
    )


class Invalid(ServiceError):
    """Something in the request is invalid; `errors` names every field at fault."""

    code = "invalid"
    detail = Sentence("Some of what was sent is invalid: errors names each field and how to correct it.")

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class Conflict(ServiceError):
    """The request conflicts with stored data; `errors` names every field at fault."""

    code = "conflict"
    detail = Sentence(
        "This conflicts with what is stored: errors names each field. Without errors, another "
        "change was stored at the same moment: read the resource again, then retry."
    )

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class AlreadyAcknowledged(ServiceError):
    """The alert was acknowledged by another clinician (`handled_by`, `handled_at`), or with another note."""

    code = "already_acknowledged"
    detail = Sentence(
        "This alert was acknowledged already: handled_by names who did so, and handled_at when."
    )


class AlreadyClosed(ServiceError):
    """The alert was closed: `handled_by` names who did so, `handled_at` when."""

    code = "already_closed"
    detail = Sentence("This alert was closed already: handled_by names who did so, and handled_at when.")


class Busy(ServiceError):
    """The database is not available at the moment; the same request may be sent again."""

    code = "busy"
    detail = Sentence(
        "The database is busy. Nothing was stored: send the same request again after Retry-After seconds."
    )


class StorageFull(Busy):
    """The disk of the database is full; the same request may be sent again once there is space."""

    code = "storage_full"
    detail = Sentence(
        "The server's disk is full. Nothing was stored: keep what you entered, and send the same request "
        "again after Retry-After seconds."
    )


class Gone(ServiceError):
    """The record was removed; `version` is the version of the removal."""

    code = "removed"
    detail = Sentence("This was removed. To store it again, send the version of the removal in If-Match.")

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class CursorExpired(ServiceError):
    """The cursor counts changes this server does not have, since it was restored from a backup."""

    code = "cursor_expired"
    detail = Sentence(
        "The server was restored from a backup since it issued this cursor. Start again without a cursor."
    )


class Stale(ServiceError):
    """The record changed since the version named; `current` is its current revision, None without one."""

    code = "stale"
    detail = Sentence(
        "This changed after the version you named. Compare your change with current, then send "
        "it again with its version in If-Match."
    )

    def __init__(self, version: int, current: Any = None) -> None:
        super().__init__()
        self.version = version
        self.current = current


class VersionRequired(Stale):
    """A change of a stored record must name the version it changes."""

    code = "version_required"
    detail = Sentence(
        "Something else is stored here already, as current shows. To change it, send its version in If-Match."
    )
