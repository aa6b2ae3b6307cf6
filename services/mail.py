"""Send e-mail by the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final

from services.call_deadline import call_deadline

READY: Final = 220
"""Status by which a mail server says that it is ready (RFC 5321). Operational."""


@dataclass(frozen=True, slots=True)
class Mail:
    """Connection to the mail server; `tls` is starttls, tls or none."""

    host: str
    port: int
    user: str | None
    password: str | None
    sender: str
    tls: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message of plain text; `id` is the same for every attempt at it, so that receivers deduplicate."""

    id: str
    to: str
    subject: str
    text: str


def send(mail: Mail, message: Message, now: datetime, timeout_s: float) -> str | None:
    """Hand a message to the mail server; return None, or the code of its refusal.

    Raises OSError without a connection, ValueError for an address that no message can have.
    """
    made = _formatted(mail, message, now)
    try:
        with _connected(mail, timeout_s) as server:
            server.send_message(made)
    except smtplib.SMTPResponseException as refused:
        return f"mail_{refused.smtp_code}"
    except smtplib.SMTPException:
        return "mail_refused"
    return None


def _formatted(mail: Mail, message: Message, now: datetime) -> EmailMessage:
    made = EmailMessage()
    made["Subject"] = message.subject
    made["From"] = mail.sender
    made["To"] = message.to
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message.id}@{mail.sender.rpartition('@')[2]}>"
    made.set_content(message.text, cte="7bit" if message.text.isascii() else "quoted-printable")
    return made


@contextmanager
def _connected(mail: Mail, timeout_s: float) -> Iterator[smtplib.SMTP]:
    """Open a session with the mail server, which ends after that time however slowly it answers."""
    context = ssl.create_default_context()
    # Not connected by its constructor: the deadline has to know the socket from the first byte on.
    server: smtplib.SMTP
    if mail.tls == "tls":
        server = smtplib.SMTP_SSL(timeout=timeout_s, context=context)
    else:
        server = smtplib.SMTP(timeout=timeout_s)
    # The name that a certificate has to match; only the constructor that connects sets it.
    server._host = mail.host  # type: ignore[attr-defined]  # noqa: SLF001
    with call_deadline(timeout_s, lambda: server.sock), server:
        code, greeting = server.connect(mail.host, mail.port)
        if code != READY:
            raise smtplib.SMTPConnectError(code, greeting)
        if mail.tls == "starttls":
            server.starttls(context=context)
        if mail.user is not None:
            server.login(mail.user, mail.password or "")
        yield server
