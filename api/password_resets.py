"""Another password, with a code that was sent by e-mail."""

from __future__ import annotations

from typing import Any

from flask import current_app, g

from api.http import clock
from api.http.auth import public
from api.http.blueprint import Blueprint, also_answers
from api.http.transaction import database, network_address, read_session
from schemas.password_resets import (
    PasswordResetRequestedSchema,
    PasswordResetRequestSchema,
    PasswordResetSchema,
)
from services import password_resets, passwords
from services.event_log import Agent
from services.password_resets import NoMail

blueprint = Blueprint(
    "password_resets", __name__, url_prefix="/v1/auth", description="Passwords reset by e-mail"
)


@blueprint.route("/password-resets", methods=["POST"])
@public
@also_answers("no_mail", "too_many_attempts")
@blueprint.arguments(PasswordResetRequestSchema, example={"email": "fern@patients.example"})
@blueprint.response(202, PasswordResetRequestedSchema)
def request_password_reset(body: dict[str, Any]) -> dict[str, int]:
    """Ask for an e-mail with a code for a new password

    The answer is the same for every address, whether or not somebody signs in with it, and so is the time it
    takes: the mail is sent afterwards. The code can be used for an hour, once; a newer one replaces it. A
    server without a mail server answers no_mail to everybody.
    """
    if current_app.extensions["settings"].smtp_host is None:
        raise NoMail
    keys = current_app.extensions["keys"]
    password_resets.request(database(), keys, body["email"], network_address(), clock.now())
    return {"code_lasts_minutes": int(password_resets.LASTING.total_seconds()) // 60}


@blueprint.route("/password-resets/<code>", methods=["POST"])
@public
@also_answers("reset_spent")
@blueprint.arguments(PasswordResetSchema, example={"password": "four quiet rivers meet here"})
@blueprint.response(204)
def reset_password(body: dict[str, Any], code: str) -> None:
    """Set a new password with a code from an e-mail

    Every device is signed out and every other code ends; a throttled sign-in is open again. Then sign in.
    """
    password, now = body["password"], clock.now()
    with read_session() as session:
        password_resets.check(session, code, password, now)
    new, keys = passwords.new_password(password), current_app.extensions["keys"]
    password_resets.complete(g.session, keys, code, new, Agent(network_address(), now))
