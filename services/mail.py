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


def message(mail: Mail, to: str, subject: str, text: str, message_id: str, now: datetime) -> EmailMessage:
    """Return a message of plain text; `message_id` is the same for every attempt at one message."""
    made = EmailMessage()
    made["Subject"] = subject
    made["From"] = mail.sender
    made["To"] = to
    made["Date"] = format_datetime(now)
    made["Message-ID"] = f"<{message_id}@{mail.sender.rpartition('@')[2]}>"
    made.set_content(text, cte="7bit" if text.isascii() else "quoted-printable")
    return made


def send(mail: Mail, made: EmailMessage, timeout_s: float) -> str | None:
    """Hand a message to the mail server; return None, or the code of its refusal. Raises OSError."""
    try:
        with _connected(mail, timeout_s) as server:
            server.send_message(made)
    except smtplib.SMTPResponseException as refused:
        return f"mail_{refused.smtp_code}"
    except smtplib.SMTPException:
        return "mail_refused"
    return None


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
