"""Why a use case says no; the edge decides what that looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `detail` never repeats what was sent.

    `pointer` is a JSON pointer into the body, or the name of a parameter or header when `place` says so.
    """

    pointer: str
    code: str
    detail: str
    place: str = "body"


class ServiceError(Exception):
    """The parent of every reason to say no."""

    code = "refused"
    detail = "This cannot be done."

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail or self.detail)
        self.detail = detail or self.detail
        self.members = members


class NotFound(ServiceError):
    """There is no such thing, or it is not yours to know of."""

    code = "not_found"
    detail = "There is nothing here, or it is not yours."


class Forbidden(ServiceError):
    """You are known, and this is not for your role."""

    code = "forbidden"
    detail = "Your role does not allow this."


class InsufficientScope(ServiceError):
    """The API client was not granted the scope this needs."""

    code = "insufficient_scope"
    detail = "This API client was not granted the scope that this needs."


class Unauthenticated(ServiceError):
    """Nobody is signed in, or no longer."""

    code = "unauthenticated"
    detail = "Sign in first: the access token is missing, expired, revoked or not ours."


class WrongCredentials(ServiceError):
    """The sign-in did not match; which part of it is never said."""

    code = "wrong_credentials"
    detail = "The e-mail address and the password do not match an account."


class WrongClient(WrongCredentials):
    """The API client and its secret did not match, or it was revoked or has expired."""

    detail = "The client id and the secret do not match an API client that may still ask."


class TooManyAttempts(ServiceError):
    """This door was tried too often lately; `retry_after` is in seconds."""

    code = "too_many_attempts"
    detail = "Too many failed attempts. Wait, then try again."

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after


class InvitationSpent(ServiceError):
    """The invitation was used, withdrawn or has expired."""

    code = "invitation_spent"
    detail = (
        "This invitation was used, withdrawn or has expired. If you used it yourself, sign in; "
        "otherwise ask the clinic for a new one."
    )


class Invalid(ServiceError):
    """Something sent cannot be right; every field at fault is named."""

    code = "invalid"
    detail = "Some of what was sent cannot be accepted; see errors."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class Conflict(ServiceError):
    """It clashes with something that is already there; every field at fault is named."""

    code = "conflict"
    detail = "This clashes with what is already stored; see errors."

    def __init__(self, *errors: FieldError) -> None:
        super().__init__()
        self.errors = errors


class AlreadyAcknowledged(ServiceError):
    """This alert was acknowledged, by another clinician or with another note; `by` says who, `at` when."""

    code = "already_acknowledged"
    detail = "This alert was acknowledged; by says by whom, and at when."


class AlreadyClosed(ServiceError):
    """This alert was closed; `by` says by whom, `at` when."""

    code = "already_closed"
    detail = "This alert was closed; by says by whom, and at when."


class Busy(ServiceError):
    """The database cannot answer just now; the same request may be sent again."""

    code = "busy"
    detail = "The database cannot answer just now. Try again shortly."


class Gone(ServiceError):
    """It was here and was removed; `version` is that of the removal."""

    code = "removed"
    detail = "This was removed. Name the version of the removal to write it anew."

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version


class CursorExpired(ServiceError):
    """The cursor counts changes this server does not have; start again from the beginning."""

    code = "cursor_expired"
    detail = "This cursor is from another life of the server. Start again without one."


class Stale(ServiceError):
    """It changed since you read it; `current` is how it stands now, None where nothing stands."""

    code = "stale"
    detail = "This changed since the version you named. What stands now is in current."

    def __init__(self, version: int, current: Any = None) -> None:
        super().__init__()
        self.version = version
        self.current = current


class VersionRequired(Stale):
    """To change what is stored, name the version you are changing."""

    code = "version_required"
    detail = "Something else is stored here. Name its version, in If-Match or base_version, to change it."
