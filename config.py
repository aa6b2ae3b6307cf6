"""Settings: frozen, read once, and unwilling to start on weak secrets."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECRET_BYTES = 32
SAMPLES = ("secret", "changeme", "change-me", "password", "example", "sample", "afterglow", "development")
FIRST_GUESSES = ("", "postgres", "password", "root", "admin", "afterglow")


class ConfigError(Exception):
    """A setting is missing or too weak to start on; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the server reads from its surroundings; each has a heading in docs/configuration.md."""

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

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None, root: Path | None = None) -> Settings:
        """Read the environment once; raises Unusable with a sentence that names the setting."""
        env = os.environ if env is None else env
        environment = env.get("AFTERGLOW_ENV", "local")
        if environment not in ("local", "production"):
            msg = "AFTERGLOW_ENV must be local or production"
            raise ConfigError(msg)
        instance = (root or Path.cwd()) / "instance"
        local = environment == "local"
        hosts = tuple(filter(None, env.get("ALLOWED_HOSTS", "").split(",")))
        settings = cls(
            environment=environment,
            database_url=env.get("DATABASE_URL") or _local_database(instance, local=local),
            secret_key=_secret(env, "SECRET_KEY") or _local_secret(instance, local=local),
            previous_secret_key=_secret(env, "PREVIOUS_SECRET_KEY"),
            allowed_hosts=hosts,
            proxy_hops=_whole(env, "PROXY_HOPS", 0, 10),
            invitation_minutes=_whole(env, "INVITATION_MINUTES", 60, 7 * 24 * 60),
            public_url=_public_url(env, hosts),
            webhooks_to_loopback=_word(env, "WEBHOOKS_TO_LOOPBACK", ("no", "yes")) == "yes",
            **_mail(env),
        )
        if not local:
            settings.refuse_if_weak()
        return settings

    def refuse_if_weak(self) -> None:
        """Raise Unusable for anything production must not start on."""
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
            msg = "DATABASE_URL carries a password that is among the first anybody would try"
            raise ConfigError(msg)

    def derived_key(self, purpose: str, *, previous: bool = False) -> bytes:
        """Give the key for one purpose, so that no two purposes share one; 32 bytes."""
        secret = self.previous_secret_key if previous else self.secret_key
        return hmac.new((secret or "").encode(), purpose.encode(), hashlib.sha256).digest()


def _refuse_weak_secret(name: str, key: str) -> None:
    lowered = key.lower()
    repeated = len(set(key)) < SECRET_BYTES // 4
    if len(key.encode()) < SECRET_BYTES or repeated or any(sample in lowered for sample in SAMPLES):
        msg = f"{name} must be at least {SECRET_BYTES} bytes of chance, and no sample"
        raise ConfigError(msg)


def _weak_database_password(url: str) -> bool:
    credentials = url.partition("://")[2].rpartition("@")[0]
    _, has_password, password = credentials.partition(":")
    return bool(has_password) and password.lower() in FIRST_GUESSES


def _secret(env: Mapping[str, str], name: str) -> str | None:
    """Read a secret from the variable, or from the file that NAME_FILE names."""
    if path := env.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return env.get(name) or None


def _whole(env: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = env.get(name, str(default))
    if not (text.isascii() and text.isdigit() and int(text) <= most):
        msg = f"{name} must be a whole number from 0 to {most}"
        raise ConfigError(msg)
    return int(text)


def _word(env: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    word = env.get(name) or words[0]
    if word not in words:
        msg = f"{name} must be {', '.join(words[:-1])} or {words[-1]}"
        raise ConfigError(msg)
    return word


def _public_url(env: Mapping[str, str], hosts: tuple[str, ...]) -> str:
    """Where links lead: as set, or else the first name that this server answers to."""
    url = env.get("PUBLIC_URL", "").rstrip("/")
    if url and not url.startswith(("https://", "http://")):
        msg = "PUBLIC_URL must begin with https://"
        raise ConfigError(msg)
    return url or (f"https://{hosts[0]}" if hosts else "http://localhost:8000")


def _mail(env: Mapping[str, str]) -> dict[str, Any]:
    host = env.get("SMTP_HOST") or None
    sender = env.get("SMTP_FROM", "")
    if host and "@" not in sender:
        msg = "SMTP_FROM must be the address that mail comes from"
        raise ConfigError(msg)
    return {
        "smtp_host": host,
        "smtp_port": _whole(env, "SMTP_PORT", 587, 65535),
        "smtp_user": env.get("SMTP_USER") or None,
        "smtp_password": _secret(env, "SMTP_PASSWORD"),
        "smtp_from": sender,
        "smtp_tls": _word(env, "SMTP_TLS", ("starttls", "tls", "none")),
    }


def _local_database(instance: Path, *, local: bool) -> str:
    if not local:
        msg = "DATABASE_URL must be set"
        raise ConfigError(msg)
    instance.mkdir(mode=0o700, exist_ok=True)
    return f"sqlite:///{instance / 'afterglow.db'}"


def _local_secret(instance: Path, *, local: bool) -> str:
    """Make a secret on the first run and keep it, readable by its owner only."""
    if not local:
        msg = "SECRET_KEY must be set"
        raise ConfigError(msg)
    instance.mkdir(mode=0o700, exist_ok=True)
    path = instance / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(SECRET_BYTES) + "\n")
    return path.read_text(encoding="utf-8").strip()
