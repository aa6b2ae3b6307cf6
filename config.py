"""Settings: frozen, read once from the environment; weak secrets stop the start."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

from environs import EnvValidationError, FileAwareEnv
from marshmallow.validate import OneOf, Range, Regexp

PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION: str = PROJECT["version"]
"""Version of the server: the only place that states it is pyproject.toml."""

SECRET_BYTES = 32
MAX_INVITATION_MINUTES = 7 * 24 * 60
URL = Regexp("https?://.|$", error="Must begin with https://.")
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
        if settings.environment == "local":
            return _complete_locally(settings, (root or Path.cwd()) / "instance")
        settings.refuse_if_weak()
        return settings

    @classmethod
    def _read(cls, env: FileAwareEnv) -> Settings:
        hosts = tuple(host.strip() for host in env.str("ALLOWED_HOSTS", "").split(",") if host.strip())
        own_url = f"https://{hosts[0]}" if hosts else "http://localhost:8000"
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
            smtp_port=env.int("SMTP_PORT", 587, validate=Range(0, 65535)),
            smtp_user=env.str("SMTP_USER", "") or None,
            smtp_password=env.str("SMTP_PASSWORD", "") or None,
            smtp_from=env.str("SMTP_FROM", ""),
            smtp_tls=_choice(env, "SMTP_TLS", "starttls", "tls", "none"),
            webhooks_to_loopback=_choice(env, "WEBHOOKS_TO_LOOPBACK", "no", "yes") == "yes",
            log_path=env.str("LOG_PATH", ""),
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
        if self.secret_key == self.previous_secret_key:
            msg = "PREVIOUS_SECRET_KEY must differ from SECRET_KEY"
            raise ConfigError(msg)
        if not self.allowed_hosts or "*" in self.allowed_hosts:
            msg = "ALLOWED_HOSTS must list the names this server answers to"
            raise ConfigError(msg)
        if self.webhooks_to_loopback:
            msg = "WEBHOOKS_TO_LOOPBACK is for tests: a webhook must not reach this machine"
            raise ConfigError(msg)
        if self.smtp_host and self.smtp_tls == "none":
            msg = "SMTP_TLS must be starttls or tls"
            raise ConfigError(msg)
        if self.database_url.startswith("postgresql") and _weak_database_password(self.database_url):
            msg = "DATABASE_URL carries a password that anybody would guess"
            raise ConfigError(msg)

    def derived_key(self, purpose: str, *, previous: bool = False) -> bytes:
        """Return the 32-byte key of one purpose; no two purposes share one."""
        secret = self.previous_secret_key if previous else self.secret_key
        return hmac.new((secret or "").encode(), purpose.encode(), hashlib.sha256).digest()


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
