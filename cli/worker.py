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

from cli import start_checks
from models.database import Database
from services import password_resets, second_factors
from services.mail import Mail
from services.reports import forecast_jobs
from services.safety import outbox
from services.safety.delivery import OutboundConfig
from services.safety.dispatch import Attempted, Dispatcher, Escalated, Failed, Outcome
from services.safety.outbox import DELIVERED, GIVEN_UP

POLL_INTERVAL_S = 2
"""Seconds between two looks at what is overdue, in all clinics. Operational."""

REPORTS_INTERVAL_S = 15
"""Seconds between two pieces of a forecast report. Operational."""

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

    Beside that it does a piece of a forecast report that is due, two seconds at most: at night, or asked for.
    For a server that does not do so itself: one that is not started by `flask serve`, or with --no-worker.
    Runs on the same database; several may run at once. What could not be sent is tried again, across
    restarts. Stops cleanly on SIGTERM and Ctrl-C.
    """
    start_checks.refuse(current_app, may_wait=True)
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
        database.stop()


def run_until_stopped(database: Database, config: OutboundConfig, stopped: Event, every: float) -> None:
    """Deliver what is due every so many seconds until stopped; continue reports, and send mail."""
    # In threads of their own: no alert waits for a report, or for a mail server that hangs. Daemons, since
    # what they leave is continued: what was claimed is sent by another.
    for name, work in (("reports", _reports_until_stopped), ("mails", _mails_until_stopped)):
        Thread(target=work, args=(database, config, stopped), name=name, daemon=True).start()
    dispatcher(database, config).run_until_stopped(stopped, every)


def run_once(database: Database, config: OutboundConfig) -> None:
    """Deliver what is due in every clinic; then, if the database answered, do a piece of a report."""
    if dispatcher(database, config).run_once():
        continue_reports(database)


def dispatcher(database: Database, config: OutboundConfig) -> Dispatcher:
    """Return what delivers in every clinic, and prints a line for each outcome."""
    return Dispatcher(database, config, lambda: datetime.now(UTC), _print)


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


def _mails_until_stopped(database: Database, config: OutboundConfig, stopped: Event) -> None:
    while not stopped.is_set():
        send_password_resets(database, config)
        replace_seed_key(database, config)
        stopped.wait(MAIL_INTERVAL_S)


def _print(outcome: Outcome) -> None:
    """Print clinic, channel and reason code; never an address, a patient or what was sent."""
    match outcome:
        case Escalated(clinic_id, count):
            click.echo(f"{clinic_id}: {count} escalated")
        case Attempted(clinic_id, claim, state, failure):
            what = f"{clinic_id}: {claim.channel} {'test ' if claim.alert_id is None else ''}"
            if state == DELIVERED:
                click.echo(f"{what}delivered")
            elif state == GIVEN_UP and claim.alert_id is not None:
                alert = f"gave up notifying the on-call of alert {claim.alert_id}"
                click.echo(f"{what}{alert}, {failure}", err=True)
            else:
                click.echo(f"{what}failed at attempt {claim.attempt_count}, {failure}", err=True)
        case Failed(clinic_id, error):
            if outcome.of_database:
                sentence = "The database did not answer; trying again."
            else:
                sentence = f"{type(error).__name__}; trying again."
            click.echo(sentence if clinic_id is None else f"{clinic_id}: {sentence}", err=True)


def _reports_until_stopped(database: Database, _config: OutboundConfig, stopped: Event) -> None:
    while not stopped.wait(REPORTS_INTERVAL_S):
        continue_reports(database)


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
    mail = None
    if settings.smtp_host:
        login = settings.smtp_user, settings.smtp_password
        mail = Mail(settings.smtp_host, settings.smtp_port, *login, settings.smtp_from, settings.smtp_tls)
    keys, seed_keys = settings.derived_keys("webhook"), settings.derived_keys("second-factor")
    return OutboundConfig(settings.public_url, keys, mail, settings.webhooks_to_loopback, seed_keys)
