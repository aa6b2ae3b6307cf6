"""Settings: frozen, read once from the environment; weak secrets stop the start."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
import os
import re
import secrets
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import overload
from urllib.parse import urlsplit

from environs import EnvValidationError, FileAwareEnv
from marshmallow import ValidationError
from marshmallow.validate import OneOf, Regexp
from sqlalchemy import engine, make_url
from sqlalchemy.exc import ArgumentError

PROJECT = tomllib.loads((Path(__file__).parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
VERSION: str = PROJECT["version"]
"""Version of the server: the only place that states it is pyproject.toml."""

SECRET_BYTES = 32
MAX_INVITATION_MINUTES = 7 * 24 * 60
URL = Regexp("https?://.|$", error="Must begin with https://.")
MAX_PORT = 65_535
AGE_PUBLIC_KEY = re.compile(r"age1[ac-hj-np-z02-9]{58}")
"""A public key of age, in bech32."""
PORT = 8000
"""Port that the server listens on, unless told otherwise. Operational."""
MAX_READS_PER_MINUTE = 1_000_000
UNKNOWN_DATABASE = "DATABASE_URL must begin with postgresql:// or sqlite:///"
LABEL = r"\w(?:[\w-]*\w)?"
HOST = re.compile(rf"{LABEL}(?:\.{LABEL})*")
"""A name or an IPv4 address, without an empty label; names of other scripts too."""
DIGITS = re.compile(r"[0-9]{1,9}")
"""A whole number as every program reads it: int() would also take 1_0 and the digits of other scripts."""
SAMPLES = ("secret", "changeme", "change-me", "password", "example", "sample", "afterglow", "development")
ELLIPSES = ("...", "\u2026")
GUESSABLE_PASSWORDS = (
    *("", "postgres", "postgresql", "password", "passwd", "pass", "root", "admin", "afterglow", "secret"),
    *("changeme", "change-me", "example", "sample", "test", "database", "***", "xxx", *ELLIPSES),
)
MIN_KEY_BITS = 80
"""Least strength of a secret, bits of zxcvbn's estimate, which is low for random text. Operational."""
MIN_PASSWORD_SCORE = 3
"""Least score of zxcvbn for the password of the database, 0 to 4. Operational."""
ESTIMATED_CHARACTERS = 72
"""Characters of a secret that zxcvbn reads. Operational."""
MAX_WORDS_SHARE = 0.3
"""Share of a secret that may be words of a dictionary: random text has next to none. Operational."""
NAMES = (
    "AFTERGLOW_ENV",
    "DATABASE_URL",
    "SECRET_KEY",
    "PREVIOUS_SECRET_KEY",
    "ALLOWED_HOSTS",
    "PROXY_HOPS",
    "INVITATION_MINUTES",
    "PUBLIC_URL",
    "SMTP_HOST",
    "SMTP_PORT",
    "SMTP_USER",
    "SMTP_PASSWORD",
    "SMTP_FROM",
    "SMTP_TLS",
    "WEBHOOKS_TO_LOOPBACK",
    "LOG_PATH",
    "PORT",
    "BACKUP_PUBLIC_KEYS",
    "PG_BIN",
    "DEAR_READS_PER_MINUTE",
)
"""Every setting; each may also be in the file that NAME_FILE names."""
PG_PROGRAMS = ("pg_dump", "pg_restore")
PG_NUMBERS = frozenset(
    (
        *("connect_timeout", "tcp_user_timeout", "port"),
        *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"),
    )
)
"""Options of a PostgreSQL address that are whole numbers."""
PG_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "channel_binding": ("disable", "prefer", "require"),
    "gssencmode": ("disable", "prefer", "require"),
    "sslnegotiation": ("postgres", "direct"),
    "sslcertmode": ("disable", "allow", "require"),
    "load_balance_hosts": ("disable", "random"),
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
}
"""Options of a PostgreSQL address that are one of a few words."""


INSTALLED = ".complete"
"""File that deploy/install.sh makes in the folder of an installed version."""


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
    proxy_hops: int | None = None
    invitation_minutes: int = 60
    public_url: str = f"http://localhost:{PORT}"
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_from: str = ""
    smtp_tls: str = "starttls"
    webhooks_to_loopback: bool = False
    log_path: str = ""
    backup_public_keys: tuple[str, ...] = ()
    pg_bin: str = ""
    dear_reads_per_minute: int = 300

    @classmethod
    def from_env(cls, root: Path | None = None) -> Settings:
        """Read the environment once; raises ConfigError with a sentence that names each setting at fault.

        The value of NAME may also be in the file that NAME_FILE names. An empty value counts as unset.
        """
        _refuse_unreadable_text()
        if not _is_set("AFTERGLOW_ENV") and (Path(__file__).parent / INSTALLED).exists():
            msg = (
                "this is an installation, whose settings the command afterglow knows: sudo afterglow COMMAND"
            )
            raise ConfigError(msg)
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
        _refuse_unusable_files(settings)
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
        port = _number(env, "PORT", PORT, 1, MAX_PORT)
        own_url = f"https://{named[0]}" if named else f"http://localhost:{port}"
        smtp_host = env.str("SMTP_HOST", "")
        settings = cls(
            environment=_choice(env, "AFTERGLOW_ENV", "local", "production"),
            database_url=env.str("DATABASE_URL", ""),
            secret_key=env.str("SECRET_KEY", ""),
            previous_secret_key=env.str("PREVIOUS_SECRET_KEY", "") or None,
            allowed_hosts=hosts,
            proxy_hops=_number(env, "PROXY_HOPS", None, 0, 10),
            invitation_minutes=_number(env, "INVITATION_MINUTES", 60, 1, MAX_INVITATION_MINUTES),
            public_url=(env.str("PUBLIC_URL", "", validate=URL) or own_url).rstrip("/"),
            smtp_host=smtp_host or None,
            smtp_port=_number(env, "SMTP_PORT", 587, 1, MAX_PORT),
            smtp_user=env.str("SMTP_USER", "") or None,
            smtp_password=env.str("SMTP_PASSWORD", "") or None,
            smtp_from=env.str("SMTP_FROM", ""),
            smtp_tls=_choice(env, "SMTP_TLS", "starttls", "tls", "none"),
            webhooks_to_loopback=_choice(env, "WEBHOOKS_TO_LOOPBACK", "no", "yes") == "yes",
            log_path=env.str("LOG_PATH", ""),
            backup_public_keys=tuple(env.str("BACKUP_PUBLIC_KEYS", "").replace(",", " ").split()),
            pg_bin=env.str("PG_BIN", ""),
            dear_reads_per_minute=_number(env, "DEAR_READS_PER_MINUTE", 300, 10, MAX_READS_PER_MINUTE),
        )
        env.seal()
        return settings

    def refuse_if_weak(self) -> None:
        """Raise ConfigError with a sentence for each thing that production must not start on."""
        # What is wrong with ALLOWED_HOSTS is not said again of the address that would follow from it.
        has_address = _is_set("PUBLIC_URL") or self.public_url.startswith("https://")
        names_nobody = not self.allowed_hosts or "*" in self.allowed_hosts
        debug = os.environ.get("FLASK_DEBUG", "").lower() not in {"", "0", "false", "no"}
        refusals = (
            (not self.database_url, "DATABASE_URL must be set"),
            (not self.secret_key, "SECRET_KEY must be set"),
            (bool(self.secret_key) and _is_weak(self.secret_key), WEAK_KEY.format(name="SECRET_KEY")),
            (
                self.previous_secret_key is not None and _is_weak(self.previous_secret_key),
                WEAK_KEY.format(name="PREVIOUS_SECRET_KEY"),
            ),
            (
                bool(self.secret_key) and self.secret_key == self.previous_secret_key,
                "PREVIOUS_SECRET_KEY must differ from SECRET_KEY",
            ),
            (
                names_nobody,
                "ALLOWED_HOSTS must list the names this server answers to",
            ),
            (
                self.proxy_hops is None,
                "PROXY_HOPS must be set: to the number of proxies in front of the server, or to 0",
            ),
            (
                not has_address and not names_nobody,
                "PUBLIC_URL must be set, to https:// and a name: ALLOWED_HOSTS holds only a domain",
            ),
            (
                has_address and not self.public_url.startswith("https://"),
                "PUBLIC_URL must begin with https://: the links in mails lead there",
            ),
            (
                "@" in self.public_url or "?" in self.public_url or not _has_host(self.public_url),
                "PUBLIC_URL must be https:// and a name, without a user, a question mark or a blank",
            ),
            (debug, "FLASK_DEBUG must not be set: its debugger runs code for whoever reaches it"),
            (
                self.webhooks_to_loopback,
                "WEBHOOKS_TO_LOOPBACK is for tests: a webhook must not reach this machine",
            ),
            (bool(self.smtp_host) and self.smtp_tls == "none", "SMTP_TLS must be starttls or tls"),
            (
                bool(self.database_url) and _has_weak_password(make_url(self.database_url)),
                "DATABASE_URL must carry a password that nobody would guess, or name a unix socket",
            ),
        )
        if sentences := [sentence for refused, sentence in refusals if refused]:
            raise ConfigError(". ".join(sentences))

    def derived_keys(self, purpose: str) -> tuple[bytes, ...]:
        """Return the keys of one purpose: the present one first, then the one that is being replaced."""
        present = self.derived_key(purpose)
        return (present, self.derived_key(purpose, previous=True)) if self.previous_secret_key else (present,)

    def derived_key(self, purpose: str, *, previous: bool = False) -> bytes:
        """Return the 32-byte key of one purpose; no two purposes share one."""
        secret = self.previous_secret_key if previous else self.secret_key
        return hmac.new((secret or "").encode(), purpose.encode(), hashlib.sha256).digest()


def _has_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        name = f"[{parts.hostname}]" if "[" in parts.netloc else parts.hostname or ""
        return _is_host(name) and (parts.port or 1) <= MAX_PORT
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    """Tell whether a request can have this name or address."""
    if not name.startswith("["):
        return HOST.fullmatch(name) is not None
    try:
        return name.endswith("]") and bool(ipaddress.IPv6Address(name[1:-1]))
    except ValueError:
        return False


def _refuse_unusable_files(settings: Settings) -> None:
    """Refuse a log that cannot be written, and keys that are none, before a server or a backup needs them."""
    log = Path(settings.log_path)
    if settings.log_path and (log.is_dir() or not os.access(log if log.exists() else log.parent, os.W_OK)):
        msg = "LOG_PATH names no file that can be written"
        raise ConfigError(msg)
    folder = Path(settings.pg_bin)
    if settings.pg_bin and not all(os.access(folder / each, os.X_OK) for each in PG_PROGRAMS):
        msg = (
            "PG_BIN must name the folder of pg_dump and pg_restore, as /usr/lib/postgresql/17/bin; leave it "
            "out to use those on PATH"
        )
        raise ConfigError(msg)
    if not all(AGE_PUBLIC_KEY.fullmatch(key) for key in settings.backup_public_keys):
        msg = "BACKUP_PUBLIC_KEYS must be public keys as flask db backup-key prints them: age1…"
        raise ConfigError(msg)


def _refuse_unmatchable_hosts(hosts: tuple[str, ...]) -> None:
    """Refuse names that no request can have: every request would be answered with 400."""
    if not all(host == "*" or _is_host(host.removeprefix(".")) for host in hosts):
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
    if backend not in {"sqlite", "postgresql"} or url.get_driver_name() not in {"pysqlite", "psycopg"}:
        raise ConfigError(UNKNOWN_DATABASE)
    if backend == "postgresql":
        if not url.database or not 0 < (url.port or 5432) <= MAX_PORT:
            msg = f"DATABASE_URL must name a database, and a port from 1 to {MAX_PORT} if any"
            raise ConfigError(msg)
        _refuse_unusable_options(url)
        return
    file = Path(url.database or "")
    if url.query:
        msg = "DATABASE_URL must have no options for SQLite: name the file, and nothing after a question mark"
    elif not url.database or url.database.startswith((":memory:", "file:")):
        msg = "DATABASE_URL must name a file for SQLite, as sqlite:////var/lib/afterglow/afterglow.db"
    elif not file.parent.is_dir():
        msg = f"DATABASE_URL names a file in the folder {file.parent}, which is not there: make it first"
    elif file.is_dir() or not _can_be_written(file):
        msg = f"DATABASE_URL names {file}, which is no file in a folder that both can be read and written"
    else:
        return
    raise ConfigError(msg)


def _refuse_unusable_options(url: engine.URL) -> None:
    """Refuse options that the library of PostgreSQL does not know or cannot read."""
    from psycopg.pq import Conninfo  # noqa: PLC0415  a server on SQLite needs no driver of PostgreSQL

    known = {each.keyword.decode() for each in Conninfo.get_defaults()}
    for name, value in url.query.items():
        values = (value,) if isinstance(value, str) else value
        if name not in known:
            msg = (
                f"DATABASE_URL has the option {name[:40]}, which PostgreSQL does not know: check its spelling"
            )
        elif name == "options":
            msg = "DATABASE_URL must not have the option options: the server sets its own"
        elif name in PG_NUMBERS and not all(DIGITS.fullmatch(each) for each in values):
            msg = f"DATABASE_URL: the option {name} must be a whole number, in the digits 0 to 9"
        elif name in PG_CHOICES and not set(values) <= set(PG_CHOICES[name]):
            msg = f"DATABASE_URL: the option {name} must be one of {', '.join(PG_CHOICES[name])}"
        else:
            continue
        raise ConfigError(msg)


def _can_be_written(file: Path) -> bool:
    """Tell whether SQLite can write a file, next to which it puts its journal."""
    of_file = not file.exists() or os.access(file, os.R_OK | os.W_OK)
    return of_file and os.access(file.parent, os.R_OK | os.W_OK | os.X_OK)


WEAK_KEY = (
    f"{{name}} must be at least {SECRET_BYTES} bytes of random text, and no sample; python3 -c 'import "
    "secrets; print(secrets.token_urlsafe(32))' makes one"
)


def _refuse_unreadable_text() -> None:
    """Refuse values that are no text, and files of values that cannot be read, without repeating a value."""
    for name in NAMES:
        file = os.environ.get(f"{name}_FILE", "")
        try:
            os.environ.get(name, "").encode()
            held = Path(file).read_text(encoding="utf-8") if file else ""
            value = os.environ.get(name, "").strip()
        except UnicodeError:
            msg = f"{name} must be text in UTF-8"
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not the name of a file"
            msg = f"{name}_FILE names a file that cannot be read: {reason}"
        else:
            if not file or not value or value == held.strip():
                continue
            msg = f"{name} and {name}_FILE are both set, and differ: remove one of them"
        raise ConfigError(msg)


def _is_set(name: str) -> bool:
    return bool(os.environ.get(name, "").strip() or os.environ.get(f"{name}_FILE"))


def _is_weak(key: str) -> bool:
    """Tell whether a secret is short, a sample, a pattern, or made of words."""
    # Imported here: on a laptop, and by most commands, it is not needed.
    from zxcvbn import zxcvbn  # noqa: PLC0415

    # Random text, in whichever encoding, has no blanks: a sentence has.
    is_sample = any(sample in key.lower() for sample in SAMPLES + ELLIPSES) or len(key.split()) > 1
    if len(key.encode()) < SECRET_BYTES or is_sample:
        return True
    text = key[:ESTIMATED_CHARACTERS]
    estimate = zxcvbn(text)
    words = (
        len(match["token"])
        for match in estimate["sequence"]
        if match["pattern"] == "dictionary" and len(match["token"]) > 2 and not match["l33t"]
    )
    bits = float(estimate["guesses_log10"]) / math.log10(2)
    return bits < MIN_KEY_BITS or sum(words) > MAX_WORDS_SHARE * len(text)


def _has_weak_password(url: engine.URL) -> bool:
    """Tell whether the password of PostgreSQL is one that anybody would guess, however it is written.

    None is needed over a unix socket, where PostgreSQL asks the system who connects; nor with a certificate
    or a file of passwords.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415

    if url.get_backend_name() != "postgresql":
        return False
    query = {name: value if isinstance(value, str) else value[-1] for name, value in url.query.items()}
    password = query.get("password", url.password)
    password = os.environ.get("PGPASSWORD") if password is None else str(password)
    host = query.get("host", url.host) or ""
    if password is None:
        other = {"passfile", "sslcert", "service"} & query.keys() or os.environ.get("PGPASSFILE")
        return not (other or not host or host.startswith(("/", "@")))
    plain = password.strip().casefold()
    is_name = plain == (url.username or query.get("user", "")).casefold()
    is_sample = plain in GUESSABLE_PASSWORDS or is_name
    return is_sample or zxcvbn(plain[:ESTIMATED_CHARACTERS])["score"] < MIN_PASSWORD_SCORE


@overload
def _number(env: FileAwareEnv, name: str, default: int, least: int, most: int) -> int: ...
@overload
def _number(env: FileAwareEnv, name: str, default: None, least: int, most: int) -> int | None: ...
def _number(env: FileAwareEnv, name: str, default: int | None, least: int, most: int) -> int | None:
    """Return a whole number within bounds, or the default where it is unset."""
    otherwise = "" if default is None else f"; leave it out for {default}"

    def validate(text: str) -> None:
        if text and not (DIGITS.fullmatch(text) and least <= int(text) <= most):
            msg = f"Must be a whole number from {least} to {most}, in the digits 0 to 9{otherwise}."
            raise ValidationError(msg)

    text = env.str(name, "", validate=validate)
    return int(text) if text else default


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
