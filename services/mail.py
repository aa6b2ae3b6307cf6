"""Send e-mail by the mail server of the settings."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime


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


def _connected(mail: Mail, timeout_s: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=timeout_s, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=timeout_s)
        if mail.tls == "starttls":
            server.starttls(context=context)
    if mail.user is not None:
        server.login(mail.user, mail.password or "")
    return server
