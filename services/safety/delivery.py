"""Send what is due: a signed webhook or an e-mail that say that an alert waits, and nothing more."""

from __future__ import annotations

import base64
import hmac
import json
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Final
from uuid import UUID

from models.database import Database
from services.outbound_urls import HTTPS, Target, UnsafeUrl, target
from services.safety import outbox
from services.safety.outbox import DELIVERED, GIVEN_UP, MAX_AT_ONCE, Claim
from services.safety.settings import SafetyDraft, in_force

DEADLINE_S: Final = 15
"""Longest duration of one call, seconds, however slowly its receiver answers. Operational."""

EVENT: Final = "safety_alert.escalated"

FAILURES: Final = (
    (TimeoutError, "timeout"),
    (ssl.SSLError, "no_tls"),
    (OSError, "no_connection"),
    (HTTPException, "no_connection"),
)
"""What a try that raises is called: by the first kind that fits, for some are kinds of others."""


@dataclass(frozen=True, slots=True)
class Mail:
    """The server's mail server; `tls` is starttls, tls or none."""

    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    tls: str


@dataclass(frozen=True, slots=True)
class OutboundConfig:
    """How this server reaches out: where links lead, what webhooks are signed with, its mail server."""

    public_url: str
    webhook_keys: tuple[bytes, ...]
    mail: Mail | None = None
    loopback: bool = False


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """What one look at a clinic's outbox did."""

    escalated: int = 0
    delivered: int = 0
    failed: int = 0
    given_up: tuple[UUID, ...] = ()


def webhook_secret(key: bytes, clinic_id: UUID) -> str:
    """The secret that a clinic's receiver checks signatures with, as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(_secret(key, clinic_id)).decode()}"


def deliver_due(
    database: Database, clinic_id: UUID, config: OutboundConfig, clock: Callable[[], datetime]
) -> DeliveryRun:
    """Escalate what waited too long and send what is due, each claimed before and settled after its try.

    Nothing is sent inside a transaction. Whoever is stopped between a try and its settling sends it again,
    under the same id, once the lease is over.
    """
    with database.read(clinic_id) as session:
        if not outbox.anything_due(session, clock()):
            return DeliveryRun()
    with database.write(clinic_id) as session:
        escalated = outbox.escalate(session, clock())
    ended = []
    for _ in range(MAX_AT_ONCE):
        with database.write(clinic_id) as session:
            claim = outbox.claim(session, clock())
            settings = in_force(session).settings
        if claim is None:
            break
        failure = _send(claim, clinic_id, settings, config, clock())
        with database.write(clinic_id) as session:
            ended.append((claim, outbox.settle(session, claim, failure, clock())))
    states = [state for _, state in ended]
    given_up = tuple(claim.alert_id for claim, state in ended if state == GIVEN_UP)
    delivered = states.count(DELIVERED)
    return DeliveryRun(escalated, delivered, len(states) - delivered, given_up)


def _send(
    claim: Claim, clinic_id: UUID, settings: SafetyDraft, config: OutboundConfig, now: datetime
) -> str | None:
    """Try one delivery; gives None for success, else a code for why not, and never raises."""
    try:
        if claim.channel == "email":
            return _mail(claim, settings, config, now)
        return _call(claim, clinic_id, settings, config, now)
    except UnsafeUrl as wrong:
        return wrong.code
    except Exception as trouble:  # noqa: BLE001  unsettled, it would be first again, and the others never tried
        return next((code for kind, code in FAILURES if isinstance(trouble, kind)), "unforeseen")


def _call(
    claim: Claim, clinic_id: UUID, settings: SafetyDraft, config: OutboundConfig, now: datetime
) -> str | None:
    if settings.on_call_webhook is None:
        return "no_address"
    body = _body(claim, config, now)
    stamp = str(int(now.timestamp()))
    signed = f"{claim.id}.{stamp}.".encode() + body
    signatures = (_signature(_secret(key, clinic_id), signed) for key in config.webhook_keys)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Afterglow",
        "webhook-id": str(claim.id),
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signatures),
    }
    status = _post(target(settings.on_call_webhook, loopback=config.loopback), headers, body)
    return None if 200 <= status < 300 else f"status_{status}"


def _body(claim: Claim, config: OutboundConfig, now: datetime) -> bytes:
    """Nothing clinical, nobody's name: whoever may read the alert reads it here."""
    alert = {"alert_id": str(claim.alert_id), "url": _link(claim, config)}
    event = {"type": EVENT, "timestamp": now.isoformat(), "data": alert}
    return json.dumps(event, separators=(",", ":")).encode()


def _link(claim: Claim, config: OutboundConfig) -> str:
    return f"{config.public_url}/v1/safety-alerts/{claim.alert_id}"


def _secret(key: bytes, clinic_id: UUID) -> bytes:
    return hmac.new(key, clinic_id.bytes, sha256).digest()


def _signature(secret: bytes, signed: bytes) -> str:
    return f"v1,{base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()}"


def _post(to: Target, headers: dict[str, str], body: bytes) -> int:
    """Send one request to the address that was checked; gives the status, and reads no further."""
    connection = _Pinned(to)
    deadline = Timer(DEADLINE_S, connection.hang_up)
    deadline.daemon = True
    deadline.start()
    try:
        connection.request("POST", to.path, body=body, headers=headers)
        return connection.getresponse().status
    finally:
        deadline.cancel()
        connection.close()


class _Pinned(HTTPConnection):
    """A connection to a checked address, under the name that it was checked for."""

    def __init__(self, to: Target) -> None:
        super().__init__(to.host, to.port, timeout=DEADLINE_S)
        self._to = to
        self.default_port = HTTPS if to.scheme == "https" else 80

    def connect(self) -> None:
        """Connect to the checked address; the certificate must be the name's."""
        self.sock = socket.create_connection((self._to.address, self._to.port), DEADLINE_S)
        if self._to.scheme == "https":
            context = ssl.create_default_context()
            wrapped = context.wrap_socket(
                self.sock, server_hostname=self._to.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()

    def hang_up(self) -> None:
        """End a call that takes too long, from beside it; to close the socket would wake nobody."""
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


def _mail(claim: Claim, settings: SafetyDraft, config: OutboundConfig, now: datetime) -> str | None:
    if settings.on_call_email is None:
        return "no_address"
    if config.mail is None:
        return "no_mail_server"
    message = EmailMessage()
    message["Subject"] = "An alert waits"
    message["From"] = config.mail.sender
    message["To"] = settings.on_call_email
    message["Date"] = format_datetime(now)
    # The same at every try, so that a receiver knows it again.
    message["Message-ID"] = f"<{claim.id}@{config.mail.sender.rpartition('@')[2]}>"
    message.set_content(f"An alert waits.\n\n{_link(claim, config)}\n", cte="7bit")
    try:
        with _mail_server(config.mail) as server:
            server.send_message(message)
    except smtplib.SMTPResponseException as refused:
        return f"mail_{refused.smtp_code}"
    except smtplib.SMTPException:
        return "mail_refused"
    return None


def _mail_server(mail: Mail) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=DEADLINE_S, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=DEADLINE_S)
        if mail.tls == "starttls":
            server.starttls(context=context)
    if mail.user is not None:
        server.login(mail.user, mail.password or "")
    return server
