"""Send one delivery: a signed webhook or an e-mail that announces an alert and nothing more, or is a test."""

from __future__ import annotations

import base64
import hmac
import json
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from services import mail
from services.call_deadline import call_deadline
from services.mail import Mail, Message
from services.outbound_urls import HTTPS, Target, UnsafeUrl, target
from services.safety.outbox import Claim
from services.safety.settings import SafetyDraft

DEADLINE_S: Final = 15
"""Longest duration of one call, seconds, however slowly its receiver answers. Operational."""

EVENT: Final = "safety_alert.escalated"
TEST_EVENT: Final = "safety_alert.test"

READY: Final = 220
"""With this code a mail server answers a connection (RFC 5321, section 4.3.1). Operational."""

TEST_TEXT: Final = "This is a test of how you are notified. No alert waits; nothing is to be done."

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


def webhook_secret(key: bytes, clinic_id: UUID) -> str:
    """Return the secret that a clinic's receiver verifies signatures with, in Standard Webhooks' format."""
    return f"whsec_{base64.b64encode(hmac.digest(key, clinic_id.bytes, 'sha256')).decode()}"


def send(
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
    if claim.alert_id is None:
        event = {"type": TEST_EVENT, "timestamp": now.isoformat(), "data": {"test": True}}
    else:
        alert = {"alert_id": str(claim.alert_id), "url": _link(claim, config)}
        event = {"type": EVENT, "timestamp": now.isoformat(), "data": alert}
    return json.dumps(event, separators=(",", ":"))


def _link(claim: Claim, config: OutboundConfig) -> str:
    return f"{config.public_url}/v1/safety-alerts/{claim.alert_id}"


def _post(to: Target, headers: dict[str, str], body: bytes) -> int:
    """Send one request to the checked address; return the status without reading the body."""
    connection = _Pinned(to)
    try:
        with call_deadline(DEADLINE_S, lambda: connection.sock):
            connection.request("POST", to.path, body=body, headers=headers)
            return connection.getresponse().status
    finally:
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


def _mail(claim: Claim, settings: SafetyDraft, config: OutboundConfig, now: datetime) -> str | None:
    if settings.on_call_email is None:
        return "no_address"
    if config.mail is None:
        return "no_mail_server"
    is_test = claim.alert_id is None
    subject = "Test: no alert waits" if is_test else "An alert waits"
    text = TEST_TEXT if is_test else f"An alert waits.\n\n{_link(claim, config)}"
    message = Message(str(claim.id), settings.on_call_email, subject, f"{text}\n")
    return mail.send(config.mail, message, now, DEADLINE_S)
