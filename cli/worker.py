"""flask worker: notify the on-call of alerts that nobody acknowledged, until it is stopped."""

from __future__ import annotations

import signal
from datetime import UTC, datetime
from threading import Event, Thread
from time import monotonic
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from models.database import Database
from services import password_resets, second_factors
from services.mail import Mail
from services.reports import forecast_jobs
from services.safety import outbox
from services.safety.delivery import OutboundConfig, deliver_due

POLL_INTERVAL_S = 15
MAIL_INTERVAL_S = 5
"""Seconds between two looks for mails to send: somebody waits for one. Operational."""


@click.command("worker")
@click.option("--once", is_flag=True, help="Run once and exit.")
@click.option(
    "--every",
    type=click.IntRange(1, 300),
    default=POLL_INTERVAL_S,
    show_default=True,
    help="Seconds between runs.",
)
@with_appcontext
def worker(*, once: bool, every: int) -> None:
    """Notify the on-call of alerts that nobody acknowledged in the clinic's time; make reports; send mail.

    Each run also does a piece of a forecast report that is due, two seconds at most: at night, or asked for.
    For a server that does not do so itself: one that is not started by `flask serve`, or with --no-worker.
    Runs on the same database; several may run at once. What could not be sent is tried again, across
    restarts. Stops cleanly on SIGTERM and Ctrl-C.
    """
    stopped = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())
    database, config = current_app.extensions["database"], outbound_config()
    if once:
        run_once(database, config)
        send_password_resets(database, config)
        replace_seed_key(database, config)
    else:
        run_until_stopped(database, config, stopped, every)


def run_until_stopped(database: Database, config: OutboundConfig, stopped: Event, every: float) -> None:
    """Deliver what is due in every clinic, and continue reports, every so many seconds, until stopped.

    Mails for a new password have a thread of their own: a mail server that hangs must not delay an alert.
    """
    # A daemon, as it may be in a call when the process ends: what it had claimed is sent by another.
    Thread(target=_send_mails, args=(database, config, stopped, every), name="mails", daemon=True).start()
    while not stopped.is_set():
        run_once(database, config)
        stopped.wait(every)


def run_once(database: Database, config: OutboundConfig) -> None:
    """Deliver what is due in every clinic; then, if the database answered, do a piece of a report."""
    if deliver_all(database, config):
        continue_reports(database)


def send_password_resets(database: Database, config: OutboundConfig) -> None:
    """Send the mails for a new password that are due, if there is a mail server."""
    if config.mail is None:
        return
    try:
        password_resets.send_due(database, config.mail, config.public_url, lambda: datetime.now(UTC))
    except Exception as error:  # noqa: BLE001  in a thread its end would go unnoticed
        click.echo(f"password resets: {type(error).__name__}; trying again.", err=True)


def replace_seed_key(database: Database, config: OutboundConfig) -> None:
    """Encrypt second factors anew that need the key which is being replaced."""
    try:
        second_factors.reencrypt(database, config.seed_keys)
    except Exception as error:  # noqa: BLE001  in a thread its end would go unnoticed
        click.echo(f"second factors: {type(error).__name__}; trying again.", err=True)


def _send_mails(database: Database, config: OutboundConfig, stopped: Event, every: float) -> None:
    while not stopped.is_set():
        send_password_resets(database, config)
        replace_seed_key(database, config)
        stopped.wait(min(every, MAIL_INTERVAL_S))


def deliver_all(database: Database, config: OutboundConfig) -> bool:
    """Deliver what is due in every clinic once and print counts; return whether the database answered.

    An error in one clinic stops no other.
    """
    try:
        with database.read() as session:
            clinics = outbox.clinics(session)
    except SQLAlchemyError:
        click.echo("The database did not answer; trying again.", err=True)
        return False
    except Exception as error:  # noqa: BLE001  in a thread of the server its end would go unnoticed
        click.echo(f"{type(error).__name__}; trying again.", err=True)
        return False
    for clinic_id in clinics:
        try:
            done = deliver_due(database, clinic_id, config, lambda: datetime.now(UTC))
        except SQLAlchemyError:
            click.echo(f"{clinic_id}: the database did not answer; trying again.", err=True)
            continue
        except Exception as error:  # noqa: BLE001  other clinics' alerts must not wait for it
            click.echo(f"{clinic_id}: {type(error).__name__}; trying again.", err=True)
            continue
        if done.escalated or done.delivered or done.failed:
            counts = f"{done.escalated} escalated, {done.delivered} delivered, {done.failed} failed"
            click.echo(f"{clinic_id}: {counts}")
        for alert_id in done.given_up:
            click.echo(f"{clinic_id}: gave up notifying the on-call of alert {alert_id}", err=True)
    return True


def continue_reports(database: Database) -> None:
    """Do one piece of the first forecast report that is due, after the on-call was notified."""
    try:
        with database.read() as session:
            clinics = outbox.clinics(session)
        for clinic_id in clinics:
            progress = forecast_jobs.work(database, clinic_id, datetime.now(UTC), monotonic)
            if progress is not forecast_jobs.Progress.NOTHING_DUE:
                return
    except Exception as error:  # noqa: BLE001  the next run must notify the on-call, whatever a report does
        click.echo(f"forecast report: {type(error).__name__}; trying again later.", err=True)


def outbound_config() -> OutboundConfig:
    """Return what deliveries need, from the server's settings."""
    settings: Any = current_app.extensions["settings"]
    keys = [settings.derived_key("webhook")]
    if settings.previous_secret_key:
        keys.append(settings.derived_key("webhook", previous=True))
    mail = None
    if settings.smtp_host:
        login = settings.smtp_user, settings.smtp_password
        mail = Mail(settings.smtp_host, settings.smtp_port, *login, settings.smtp_from, settings.smtp_tls)
    seed_keys = current_app.extensions["keys"].seeds
    return OutboundConfig(settings.public_url, tuple(keys), mail, settings.webhooks_to_loopback, seed_keys)
