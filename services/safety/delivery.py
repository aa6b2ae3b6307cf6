"""Send due deliveries: a signed webhook or an e-mail that announces an alert and nothing more."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from threading import Timer
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from models.database import Database
from services import mail
from services.mail import Mail, Message
from services.outbound_urls import HTTPS, Target, UnsafeUrl, target
from services.safety import outbox
from services.safety.outbox import DELIVERED, GIVEN_UP, MAX_BATCH, Claim
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
"""Failure codes by exception, the first match counts: some of these classes are subclasses of others."""


@dataclass(frozen=True, slots=True)
class OutboundConfig:
    """What deliveries need: base URL of links, keys of webhook secrets, mail server, calls to loopback."""

    public_url: str
    webhook_keys: tuple[bytes, ...]
    mail: Mail | None = None
    loopback: bool = False
    seed_keys: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveryRun:
    """Counts of one run over a clinic's outbox, and the ids of the alerts whose delivery was given up."""

    escalated: int = 0
    delivered: int = 0
    failed: int = 0
    given_up: tuple[UUID, ...] = ()


def webhook_secret(key: bytes, clinic_id: UUID) -> str:
    """Return the secret that a clinic's receiver verifies signatures with, in Standard Webhooks' format."""
    return f"whsec_{base64.b64encode(hmac.digest(key, clinic_id.bytes, 'sha256')).decode()}"


def deliver_due(
    database: Database, clinic_id: UUID, config: OutboundConfig, clock: Callable[[], datetime]
) -> DeliveryRun:
    """Escalate overdue alerts and send due deliveries, each claimed before and settled after the attempt.

    Nothing is sent inside a transaction. If a worker stops before settling, the delivery is sent again under
    the same id, once the lease has ended: at least once, and receivers deduplicate by id.
    """
    with database.read(clinic_id) as session:
        if not outbox.anything_due(session, clock()):
            return DeliveryRun()
    with database.write(clinic_id) as session:
        escalated = outbox.escalate(session, clock())
    ended = []
    for _ in range(MAX_BATCH):
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
    """Attempt one delivery; return None for success or a failure code, and never raise."""
    try:
        if claim.channel == "email":
            return _mail(claim, settings, config, now)
        return _call(claim, clinic_id, settings, config, now)
    except UnsafeUrl as error:
        return error.code
    except Exception as error:  # noqa: BLE001  unsettled, it would be claimed first again and block the others
        return next((code for kind, code in FAILURES if isinstance(error, kind)), "unforeseen")


def _call(
    claim: Claim, clinic_id: UUID, settings: SafetyDraft, config: OutboundConfig, now: datetime
) -> str | None:
    if settings.on_call_webhook is None:
        return "no_address"
    body, sent_at = _body(claim, config, now), now.astimezone(UTC)
    secrets = (webhook_secret(key, clinic_id) for key in config.webhook_keys)
    signatures = (Webhook(secret).sign(str(claim.id), sent_at, body) for secret in secrets)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Afterglow",
        "webhook-id": str(claim.id),
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    status = _post(target(settings.on_call_webhook, loopback=config.loopback), headers, body.encode())
    return None if 200 <= status < 300 else f"status_{status}"


def _body(claim: Claim, config: OutboundConfig, now: datetime) -> str:
    """Return the event, which names neither the patient nor the answer."""
    alert = {"alert_id": str(claim.alert_id), "url": _link(claim, config)}
    event = {"type": EVENT, "timestamp": now.isoformat(), "data": alert}
    return json.dumps(event, separators=(",", ":"))


def _link(claim: Claim, config: OutboundConfig) -> str:
    return f"{config.public_url}/v1/safety-alerts/{claim.alert_id}"


def _post(to: Target, headers: dict[str, str], body: bytes) -> int:
    """Send one request to the checked address; return the status without reading the body."""
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
    """A connection to a checked address, with the host name that it was resolved from."""

    def __init__(self, to: Target) -> None:
        super().__init__(to.host, to.port, timeout=DEADLINE_S)
        self._to = to
        self.default_port = HTTPS if to.scheme == "https" else 80

    def connect(self) -> None:
        """Connect to the checked address; the certificate must match the host name."""
        self.sock = socket.create_connection((self._to.address, self._to.port), DEADLINE_S)
        if self._to.scheme == "https":
            context = ssl.create_default_context()
            wrapped = context.wrap_socket(
                self.sock, server_hostname=self._to.host, do_handshake_on_connect=False
            )
            self.sock = wrapped
            wrapped.do_handshake()

    def hang_up(self) -> None:
        """End a call that takes too long, from another thread; closing the socket would not wake the call."""
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


def _mail(claim: Claim, settings: SafetyDraft, config: OutboundConfig, now: datetime) -> str | None:
    if settings.on_call_email is None:
        return "no_address"
    if config.mail is None:
        return "no_mail_server"
    text = f"An alert waits.\n\n{_link(claim, config)}\n"
    message = Message(str(claim.id), settings.on_call_email, "An alert waits", text)
    return mail.send(config.mail, message, now, DEADLINE_S)
