"""Settings: frozen, read once from the environment; weak secrets stop the start."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from environs import EnvValidationError, FileAwareEnv
from marshmallow.validate import OneOf, Range, Regexp
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION: str = PROJECT["version"]
"""Version of the server: the only place that states it is pyproject.toml."""

SECRET_BYTES = 32
MAX_INVITATION_MINUTES = 7 * 24 * 60
URL = Regexp("https?://.|$", error="Must begin with https://.")
MAX_PORT = 65_535
MAX_READS_PER_MINUTE = 1_000_000
UNKNOWN_DATABASE = "DATABASE_URL must begin with postgresql:// or sqlite:///"
HOST = re.compile(r"\.?\w([\w.-]*\w)?|\[[0-9A-Fa-f:.]+\]")
"""A name, with a leading dot for all names under it, or an address; names of other scripts too."""
SAMPLES = ("secret", "changeme", "change-me", "password", "example", "sample", "afterglow", "development")
GUESSABLE_PASSWORDS = ("", "postgres", "password", "root", "admin", "afterglow")


class ConfigError(Exception):
    """A setting is missing, unreadable or too weak; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the server reads from its environment; each has a heading in docs/configuration.md."""

    environment: str
    database_url: str
    secret_key: str
    previous_secret_key: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    proxy_hops: int = 0
    invitation_minutes: int = 60
    public_url: str = "http://localhost:8000"
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_from: str = ""
    smtp_tls: str = "starttls"
    webhooks_to_loopback: bool = False
    log_path: str = ""
    dear_reads_per_minute: int = 300

    @classmethod
    def from_env(cls, root: Path | None = None) -> Settings:
        """Read the environment once; raises ConfigError with a sentence that names each setting at fault.

        The value of NAME may also be in the file that NAME_FILE names. An empty value counts as unset.
        """
        try:
            settings = cls._read(FileAwareEnv(eager=False, strip_whitespace=True))
        except EnvValidationError as error:
            faults = dict(error.error_messages)  # type: ignore[arg-type]  # a list in eager mode only
            raise ConfigError(" ".join(f"{name}: {faults[name][0]}" for name in faults)) from None
        except ValueError as error:
            # NAME_FILE names no file that can be read.
            raise ConfigError(str(error)) from None
        if settings.smtp_host and "@" not in settings.smtp_from:
            msg = "SMTP_FROM must be the address that mail comes from"
            raise ConfigError(msg)
        _refuse_unmatchable_hosts(settings.allowed_hosts)
        if settings.database_url:
            _refuse_unusable_database(settings.database_url)
        if settings.environment == "local":
            return _complete_locally(settings, (root or Path.cwd()) / "instance")
        settings.refuse_if_weak()
        return settings

    @classmethod
    def _read(cls, env: FileAwareEnv) -> Settings:
        hosts = tuple(host.strip() for host in env.str("ALLOWED_HOSTS", "").split(",") if host.strip())
        named = [host for host in hosts if not host.startswith((".", "*"))]
        own_url = f"https://{named[0]}" if named else "http://localhost:8000"
        smtp_host = env.str("SMTP_HOST", "")
        settings = cls(
            environment=_choice(env, "AFTERGLOW_ENV", "local", "production"),
            database_url=env.str("DATABASE_URL", ""),
            secret_key=env.str("SECRET_KEY", ""),
            previous_secret_key=env.str("PREVIOUS_SECRET_KEY", "") or None,
            allowed_hosts=hosts,
            proxy_hops=env.int("PROXY_HOPS", 0, validate=Range(0, 10)),
            invitation_minutes=env.int("INVITATION_MINUTES", 60, validate=Range(0, MAX_INVITATION_MINUTES)),
            public_url=(env.str("PUBLIC_URL", "", validate=URL) or own_url).rstrip("/"),
            smtp_host=smtp_host or None,
            smtp_port=env.int("SMTP_PORT", 587, validate=Range(0, MAX_PORT)),
            smtp_user=env.str("SMTP_USER", "") or None,
            smtp_password=env.str("SMTP_PASSWORD", "") or None,
            smtp_from=env.str("SMTP_FROM", ""),
            smtp_tls=_choice(env, "SMTP_TLS", "starttls", "tls", "none"),
            webhooks_to_loopback=_choice(env, "WEBHOOKS_TO_LOOPBACK", "no", "yes") == "yes",
            log_path=env.str("LOG_PATH", ""),
            dear_reads_per_minute=env.int(
                "DEAR_READS_PER_MINUTE", 300, validate=Range(10, MAX_READS_PER_MINUTE)
            ),
        )
        env.seal()
        return settings

    def refuse_if_weak(self) -> None:
        """Raise ConfigError for anything production must not start on."""
        for name, value in (("DATABASE_URL", self.database_url), ("SECRET_KEY", self.secret_key)):
            if not value:
                msg = f"{name} must be set"
                raise ConfigError(msg)
        for name, key in (("SECRET_KEY", self.secret_key), ("PREVIOUS_SECRET_KEY", self.previous_secret_key)):
            if key is not None:
                _refuse_weak_secret(name, key)
        debug = os.environ.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}
        guessable = self.database_url.startswith("postgresql") and _weak_database_password(self.database_url)
        refusals = (
            (
                self.secret_key == self.previous_secret_key,
                "PREVIOUS_SECRET_KEY must differ from SECRET_KEY",
            ),
            (
                not self.allowed_hosts or "*" in self.allowed_hosts,
                "ALLOWED_HOSTS must list the names this server answers to",
            ),
            (
                not self.public_url.startswith("https://"),
                "PUBLIC_URL must begin with https://: the links in mails lead there",
            ),
            (debug, "FLASK_DEBUG must not be set: its debugger runs code for whoever reaches it"),
            (
                self.webhooks_to_loopback,
                "WEBHOOKS_TO_LOOPBACK is for tests: a webhook must not reach this machine",
            ),
            (bool(self.smtp_host) and self.smtp_tls == "none", "SMTP_TLS must be starttls or tls"),
            (guessable, "DATABASE_URL carries a password that anybody would guess"),
        )
        for refused, sentence in refusals:
            if refused:
                raise ConfigError(sentence)

    def derived_key(self, purpose: str, *, previous: bool = False) -> bytes:
        """Return the 32-byte key of one purpose; no two purposes share one."""
        secret = self.previous_secret_key if previous else self.secret_key
        return hmac.new((secret or "").encode(), purpose.encode(), hashlib.sha256).digest()


def _refuse_unmatchable_hosts(hosts: tuple[str, ...]) -> None:
    """Refuse names that no request can have: every request would be answered with 400."""
    if not all(host == "*" or HOST.fullmatch(host) for host in hosts):
        msg = (
            "ALLOWED_HOSTS must be names or addresses separated by commas, without https://, port, path or "
            "wildcard; .clinic.example stands for every name under clinic.example"
        )
        raise ConfigError(msg)


def _refuse_unusable_database(address: str) -> None:
    """Refuse an address of a database that cannot be opened, without repeating it: it may hold a password."""
    try:
        url = make_url(address)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        raise ConfigError(UNKNOWN_DATABASE) from None
    if backend not in {"sqlite", "postgresql"}:
        raise ConfigError(UNKNOWN_DATABASE)
    if backend == "postgresql":
        if not url.database or not 0 < (url.port or 5432) <= MAX_PORT:
            msg = f"DATABASE_URL must name a database, and a port from 1 to {MAX_PORT} if any"
            raise ConfigError(msg)
        return
    file = Path(url.database or "")
    if not url.database or url.database.startswith((":memory:", "file:")):
        msg = "DATABASE_URL must name a file for SQLite, as sqlite:////var/lib/afterglow/afterglow.db"
    elif not file.parent.is_dir():
        msg = f"DATABASE_URL names a file in the folder {file.parent}, which is not there: make it first"
    elif file.is_dir() or not os.access(file if file.exists() else file.parent, os.W_OK):
        msg = f"DATABASE_URL names {file}, which is no file that can be written"
    else:
        return
    raise ConfigError(msg)


def _refuse_weak_secret(name: str, key: str) -> None:
    lowered = key.lower()
    repeated = len(set(key)) < SECRET_BYTES // 4
    if len(key.encode()) < SECRET_BYTES or repeated or any(sample in lowered for sample in SAMPLES):
        msg = f"{name} must be at least {SECRET_BYTES} bytes of random text, and no sample"
        raise ConfigError(msg)


def _weak_database_password(url: str) -> bool:
    credentials = url.partition("://")[2].rpartition("@")[0]
    _, has_password, password = credentials.partition(":")
    return bool(has_password) and password.lower() in GUESSABLE_PASSWORDS


def _choice(env: FileAwareEnv, name: str, default: str, *others: str) -> str:
    sentence = f"Must be {', '.join([default, *others[:-1]])} or {others[-1]}."
    return env.str(name, default, validate=OneOf(["", default, *others], error=sentence)) or default


def _complete_locally(settings: Settings, instance: Path) -> Settings:
    return replace(
        settings,
        database_url=settings.database_url or _local_database(instance),
        secret_key=settings.secret_key or _local_secret(instance),
    )


def _local_database(instance: Path) -> str:
    instance.mkdir(mode=0o700, exist_ok=True)
    return f"sqlite:///{instance / 'afterglow.db'}"


def _local_secret(instance: Path) -> str:
    """Return this machine's secret: made on the first run, in a file that only its owner can read."""
    instance.mkdir(mode=0o700, exist_ok=True)
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(SECRET_BYTES) + "\n")
    return path.read_text(encoding="utf-8").strip()
