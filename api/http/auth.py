"""Authentication and access policies: declared on each view, checked before the request is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import jwt
from flask import Flask, current_app, g, request
from flask_jwt_extended import JWTManager, create_access_token, get_jwt, verify_jwt_in_request
from flask_jwt_extended.exceptions import JWTExtendedException

from api.http import clock, converters, strict_json, transaction
from api.http.lru_cache import LRUCache
from clinical.sentences import Sentence
from services import consents, tokens
from services.access import Actor, Part, Role, Scope, role_names
from services.errors import (
    FieldError,
    Forbidden,
    InsufficientScope,
    Invalid,
    SecondFactorMissing,
    Unauthenticated,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config import Settings

ISSUER = "afterglow"
AUDIENCE = "afterglow-api"
CLOCK_LEEWAY = timedelta(seconds=60)
"""How far ahead of this server's clock a token may have been issued. Operational."""
REQUIRED_CLAIMS = ("iss", "aud", "exp", "iat", "jti", "type", "sub")

MAX_CACHED_TOKENS = 2_048
UNKNOWN_PARAMETER = Sentence(
    "This operation has no such query parameter: check its spelling, or leave it out."
)

View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """Who may call a view: roles, integrations with a scope, delegates with whom a part is shared.

    `scope` is None where no integration may call, `part` where no delegate needs a consent to call.
    `before_enrolment`: also staff who still have to set up the second factor that their clinic requires.
    """

    roles: frozenset[Role]
    scope: Scope | None = None
    part: Part | None = None
    before_enrolment: bool = False

    @property
    def public(self) -> bool:
        """Whether the view needs no access token."""
        return not self.roles and self.scope is None

    @property
    def role_names(self) -> list[str]:
        """The roles that may call, in a fixed order: an integration by its scope, a delegate by the part."""
        by_grant = {Role.INTEGRATION: self.scope, Role.DELEGATE: self.part}
        return [str(role) for role in Role if role in self.roles or by_grant.get(role) is not None]


def allow(
    *roles: Role, scope: Scope | None = None, part: Part | None = None, before_enrolment: bool = False
) -> Callable[[View], View]:
    """Declare who may call the view; everybody else gets 401 or 403 before the request is read.

    Whoever holds several roles may call if one of them is among these.
    """
    access_policy = AccessPolicy(frozenset(roles), scope, part, before_enrolment)

    def decorate(view: View) -> View:
        checked_view = rejects_unexpected_input(view)

        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            g.actor = _actor()
            _check_role(g.actor, access_policy)
            if g.actor.must_enrol and not access_policy.before_enrolment:
                raise SecondFactorMissing
            # From here on models/tenancy.py restricts every statement of the session to the actor's clinic.
            g.session.info["clinic_id"] = g.actor.clinic_id
            if g.actor.has(Role.DELEGATE) and access_policy.part is not None:
                g.actor = consents.delegate_for_patient(
                    transaction.context(), _patient_in_path(), access_policy.part
                )
            return checked_view(*args, **kwargs)

        return _declare(checked, access_policy)

    return decorate


def public(view: View) -> View:
    """Declare that the view needs no access token."""
    return _declare(rejects_unexpected_input(view), AccessPolicy(frozenset()))


def rejects_unexpected_input(view: View) -> View:
    """Reject a body or query that the view does not declare.

    A view marked `validates_after_screening` is checked after the safety screening.
    """

    @wraps(view)
    def checked_view(*args: Any, **kwargs: Any) -> Any:
        if not getattr(view, "validates_after_screening", False):
            _reject_unexpected_input(view)
        return view(*args, **kwargs)

    return checked_view


def _declare(view: View, access_policy: AccessPolicy) -> View:
    view.access_policy = access_policy  # type: ignore[attr-defined]
    doc = getattr(view, "_apidoc", {})
    view._apidoc = {**doc, "access_policy": access_policy, "operation": view.__name__}  # type: ignore[attr-defined]  # noqa: SLF001
    return view


def _reject_unexpected_input(view: View) -> None:
    if request.content_length and not getattr(view, "takes_body", False):
        strict_json.reject_other_types(request)
        if strict_json.loads(request.get_data(cache=True)) != {}:
            raise Invalid(
                FieldError("", "unknown_field", Sentence("This operation takes no body: send none, or {{}}."))
            )
    # A misspelt filter must not return everything, so a view without filters rejects any.
    if request.args and not getattr(view, "takes_query", False):
        names = sorted(request.args)
        raise Invalid(*(FieldError(name, "unknown_field", UNKNOWN_PARAMETER, "parameter") for name in names))
    _reject_ambiguous_query()
    _reject_invalid_path()


def _reject_invalid_path() -> None:
    for name, value in (request.view_args or {}).items():
        if isinstance(value, converters.InvalidPathValue):
            raise Invalid(FieldError(name, value.code, value.detail, "parameter"))


def _reject_ambiguous_query() -> None:
    """Reject a repeated parameter, of which one would be ignored, and text that no database can store."""
    found = []
    for name, values in sorted(request.args.lists()):
        if len(values) > 1:
            found.append(
                FieldError(
                    name,
                    "repeated_name",
                    Sentence("This parameter appears twice: send it once."),
                    "parameter",
                )
            )
        elif any(strict_json.UNSTORABLE.search(text) for text in (name, *values)):
            found.append(
                FieldError(name, "unstorable_text", Sentence("Text may not contain NUL."), "parameter")
            )
    if found:
        raise Invalid(*found)


def _actor() -> Actor:
    now = clock.now()
    try:
        claims = _token_cache().get_or_compute(request.headers.get("Authorization", ""), _check_token)
    except (JWTExtendedException, jwt.PyJWTError, ValueError, RecursionError):
        # One answer for every kind of invalid token, so that an attacker learns nothing.
        raise Unauthenticated from None
    if claims["exp"] <= now.timestamp():
        raise Unauthenticated
    with transaction.read_session() as session:
        scopes = frozenset(str(claims.get("scope", "")).split())
        actor = tokens.actor_of(session, _uuid(claims["sub"]), _uuid(claims.get("sid")), scopes, now)
    if actor is None:
        raise Unauthenticated
    return actor


def _token_cache() -> LRUCache[dict[str, Any]]:
    # A valid signature remains valid; expiry and revocation are checked at each request.
    return cast("LRUCache[dict[str, Any]]", current_app.extensions["token_cache"])


def _check_token() -> dict[str, Any]:
    verify_jwt_in_request()
    claims: dict[str, Any] = get_jwt()
    return claims


def _patient_in_path() -> UUID | None:
    patient_id = (request.view_args or {}).get("patient_id")
    return patient_id if isinstance(patient_id, UUID) else None


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text)) if text is not None else None
    except ValueError:
        raise Unauthenticated from None


def _check_role(actor: Actor, access_policy: AccessPolicy) -> None:
    if actor.has(Role.INTEGRATION) and access_policy.scope is not None:
        if access_policy.scope not in actor.scopes:
            raise InsufficientScope(access_policy.scope)
    elif actor.has(Role.DELEGATE) and access_policy.part is not None:
        # What a delegate may read depends on the patient's consent, which `allow` loads next.
        return
    elif actor.roles.isdisjoint(access_policy.roles):
        roles, held = access_policy.role_names, role_names(actor.roles)
        detail = Sentence(
            "Your account's roles ({roles}) do not allow this. It is open to: {allowed}.",
            roles=", ".join(held),
            allowed=", ".join(roles),
        )
        raise Forbidden(detail, required_roles=roles)


def access_token(grant: tokens.Grant) -> str:
    """Return the ten-minute access token of a grant."""
    token: str = create_access_token(
        identity=str(grant.subject),
        additional_claims={"sid": str(grant.sign_in_id)}
        if grant.sign_in_id
        else {"scope": " ".join(grant.scopes)},
        expires_delta=tokens.ACCESS_LIFETIME,
    )
    return token


def install(app: Flask, settings: Settings) -> None:
    """Configure the signing keys and the claims a token must have."""
    app.extensions["token_cache"] = LRUCache[dict[str, Any]](MAX_CACHED_TOKENS)
    keys = {_kid(key): key for key in _keys(settings)}
    current = next(iter(keys))
    app.config.update(
        JWT_ALGORITHM="HS256",
        JWT_DECODE_ALGORITHMS=["HS256"],
        JWT_TOKEN_LOCATION=["headers"],
        JWT_COOKIE_CSRF_PROTECT=False,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_ENCODE_AUDIENCE=AUDIENCE,
        JWT_DECODE_AUDIENCE=AUDIENCE,
        # For a token of another server whose clock is ahead. `_actor` has no leeway for the expiry.
        JWT_DECODE_LEEWAY=CLOCK_LEEWAY,
        JWT_SECRET_KEY=keys[current],
    )
    manager = JWTManager(app)

    @manager.additional_headers_loader
    def _headers(_identity: object) -> dict[str, str]:
        return {"kid": current}

    @manager.encode_key_loader
    def _signing_key(_identity: object) -> str:
        return keys[current]

    @manager.decode_key_loader
    def _verification_key(headers: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        key = keys.get(str(headers.get("kid")))
        # Checked on the claims as received: the library later adds a missing type itself.
        if key is None or not all(claims.get(name) for name in REQUIRED_CLAIMS):
            msg = "unknown key, or a claim is missing"
            raise jwt.InvalidTokenError(msg)
        return key

    @manager.token_verification_loader
    def _is_access_token(_headers: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
        return bool(claims["type"] == "access")


def _keys(settings: Settings) -> list[str]:
    keys = [settings.derived_key("access-token").hex()]
    if settings.previous_secret_key:
        keys.append(settings.derived_key("access-token", previous=True).hex())
    return keys


def _kid(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8]
