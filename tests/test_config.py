from __future__ import annotations

import ast
import re
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

import config
from config import ConfigError, Settings

RANDOM_KEY = "k3J8vQm2Zt9LxR5wYb7NcD4fHs6GaP1e"
OTHER_KEY = "Qe7Tn4Ry1Uw8Ik5Oz2Pm9Xc6Vb3Lj0Hd"
PRODUCTION = {
    "AFTERGLOW_ENV": "production",
    "DATABASE_URL": "postgresql://afterglow:otter-umbrella-quartz-19@127.0.0.1/afterglow",
    "SECRET_KEY": RANDOM_KEY,
    "ALLOWED_HOSTS": "afterglow.example.org",
    "PROXY_HOPS": "1",
}
ADDRESS = PRODUCTION["DATABASE_URL"]


@pytest.fixture
def read(monkeypatch, tmp_path) -> Callable[..., Settings]:
    """Read settings from an environment that holds these and no others."""

    def from_env(environment: dict[str, str]) -> Settings:
        for name in [
            "PGPASSWORD",
            "PGPASSFILE",
            *config.NAMES,
            "FLASK_DEBUG",
        ]:
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(f"{name}_FILE", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return Settings.from_env(tmp_path)

    return from_env


def test_a_first_run_makes_a_secret_that_only_its_owner_can_read(read, tmp_path):
    first = read({})

    secret = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert len(first.secret_key) >= 32
    assert read({}).secret_key == first.secret_key


def test_without_a_setting_the_database_is_an_sqlite_file_next_to_the_secret(read, tmp_path):
    settings = read({})

    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'afterglow.db'}"


def test_production_starts_on_good_settings(read, tmp_path):
    assert read(PRODUCTION).allowed_hosts == ("afterglow.example.org",)
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": RANDOM_KEY[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" + RANDOM_KEY}, "SECRET_KEY"),
        ({"PREVIOUS_SECRET_KEY": "short"}, "PREVIOUS_SECRET_KEY"),
        ({"PREVIOUS_SECRET_KEY": RANDOM_KEY}, "PREVIOUS_SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://postgres:postgres@db/afterglow"}, "DATABASE_URL"),
        ({"PROXY_HOPS": ""}, "PROXY_HOPS must be set"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
        ({"SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789"}, "SECRET_KEY"),
        ({"SECRET_KEY": "qwertyuiopasdfghjklzxcvbnm1234567890"}, "SECRET_KEY"),
        ({"SECRET_KEY": "AbCdEfGhAbCdEfGhAbCdEfGhAbCdEfGh"}, "SECRET_KEY"),
        ({"SECRET_KEY": "the quick brown fox jumps over the lazy dog"}, "SECRET_KEY"),
        ({"SECRET_KEY": "our clinic in Lisbon has a very long key"}, "SECRET_KEY"),
        ({"SECRET_KEY": "thisisaverylongtextthatnobodyknowshere"}, "SECRET_KEY"),
        ({"SECRET_KEY": f"{RANDOM_KEY}..."}, "SECRET_KEY"),
        ({"SECRET_KEY": "\u2026"}, "SECRET_KEY"),
        ({"SECRET_KEY": "\udcff" * 40}, "SECRET_KEY must be text in UTF-8"),
        ({"LOG_PATH": "\udcff"}, "LOG_PATH must be text in UTF-8"),
        ({"SECRET_KEY_FILE": "/no/such/file"}, "SECRET_KEY_FILE names a file that cannot be read"),
        ({"DATABASE_URL": "postgresql+asyncpg://u:Tz8vQm2w@db/afterglow"}, "DATABASE_URL must begin with"),
        ({"LOG_PATH": "/no/such/folder/server.log"}, "LOG_PATH names"),
        ({"BACKUP_PUBLIC_KEYS": "age1nonsense"}, "BACKUP_PUBLIC_KEYS must be public keys"),
        ({"PUBLIC_URL": "https:///x"}, "PUBLIC_URL must be https:// and a name"),
        ({"PUBLIC_URL": "https://user:word@clinic.test"}, "PUBLIC_URL must be https:// and a name"),
        ({"DATABASE_URL_FILE": "/"}, "DATABASE_URL_FILE names a file that cannot be read"),
        ({"DATABASE_URL": "postgresql://afterglow@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:...@db.internal/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:POSTGRES@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:%70ostgres@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:postgres%20@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow@db/afterglow?password=Postgres"}, "password"),
        ({"DATABASE_URL": "postgresql+psycopg://nurse:nurse@db/afterglow"}, "password"),
        ({"DATABASE_URL": "postgresql://nurse@/afterglow?host=db&password=letmein99"}, "password"),
        ({"DATABASE_URL": "postgresql://afterglow:qwerty123@[::1]/afterglow"}, "password"),
        ({"PROXY_HOPS": "two"}, "PROXY_HOPS"),
        ({"INVITATION_MINUTES": "1e3"}, "INVITATION_MINUTES"),
        ({"AFTERGLOW_ENV": "staging"}, "AFTERGLOW_ENV"),
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM"),
        ({"SMTP_HOST": "m", "SMTP_FROM": "a@b.c", "SMTP_TLS": "none"}, "SMTP_TLS"),
        ({"SMTP_TLS": "perhaps"}, "SMTP_TLS"),
        ({"WEBHOOKS_TO_LOOPBACK": "yes"}, "WEBHOOKS_TO_LOOPBACK"),
        ({"PUBLIC_URL": "clinic.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://clinic.example"}, "PUBLIC_URL"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG"),
        ({"ALLOWED_HOSTS": "https://clinic.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "clinic.example other.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "clinic.example:8000"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*.clinic.example"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "clinic.example/"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": "\u2026"}, "DATABASE_URL"),
        ({"DATABASE_URL": "afterglow.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgres://afterglow@db/afterglow"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://afterglow@db/afterglow"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://afterglow@db:70000/afterglow"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://afterglow@db:port/afterglow"}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://afterglow@db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///file:afterglow.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////no/such/folder/afterglow.db"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////tmp"}, "DATABASE_URL"),
        ({"DATABASE_URL": "sqlite:////tmp/afterglow.db?mode=ro"}, "DATABASE_URL must have no options"),
        ({"DATABASE_URL": "sqlite:////tmp/afterglow.db?cache=shared"}, "DATABASE_URL must have no options"),
        ({"DATABASE_URL": f"{ADDRESS}?sslmod=require"}, "the option sslmod, which PostgreSQL does not know"),
        ({"DATABASE_URL": f"{ADDRESS}?connect_timeout=abc"}, "connect_timeout must be a whole number"),
        ({"DATABASE_URL": f"{ADDRESS}?sslmode=yes"}, "sslmode must be one of disable, allow"),
        ({"DATABASE_URL": f"{ADDRESS}?options=-cfsync%3Doff"}, "must not have the option options"),
        ({"ALLOWED_HOSTS": "a..b"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "..b"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "[::::]"}, "ALLOWED_HOSTS"),
        ({"PUBLIC_URL": "https://.clinic.example"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://a..b"}, "PUBLIC_URL"),
        ({"PG_BIN": "/no/such/folder"}, "PG_BIN must name the folder of pg_dump"),
        ({"PG_BIN": "/etc"}, "PG_BIN must name the folder of pg_dump"),
        ({"PG_BIN_FILE": "/no/such/file"}, "PG_BIN_FILE names a file that cannot be read"),
        ({"BACKUP_PUBLIC_KEYS": "\udcff"}, "BACKUP_PUBLIC_KEYS must be text in UTF-8"),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(change, named, read):
    with pytest.raises(ConfigError, match=named) as refusal:
        read({**PRODUCTION, **change})

    assert all(value not in str(refusal.value) for value in change.values() if len(value) > 8)


@pytest.mark.parametrize(
    "hosts",
    ["clinic.example", ".clinic.example", "10.0.0.7", "[::1]", "afterglow", "caf\u00e9.example", "a_b.c"],
)
def test_a_name_or_an_address_is_a_host(hosts, read):
    public = {"PUBLIC_URL": "https://clinic.example"}
    assert read(PRODUCTION | public | {"ALLOWED_HOSTS": hosts}).allowed_hosts == (hosts,)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://afterglow@/afterglow?host=/run/postgresql",
        "postgresql://afterglow@/afterglow",
        "postgresql://afterglow@db/afterglow?sslcert=/etc/afterglow/client.pem",
        "postgresql://afterglow@db/afterglow?passfile=/etc/afterglow/pgpass",
        "postgresql://afterglow:otter-umbrella-quartz-19@[::1]:5433/afterglow",
        "postgresql://afterglow@db/afterglow?password=otter-umbrella-quartz-19",
        f"{ADDRESS}?sslmode=verify-full&connect_timeout=5&application_name=afterglow",
    ],
)
def test_a_postgresql_address_is_taken_in_every_usual_form(url, read):
    assert read(PRODUCTION | {"DATABASE_URL": url}).database_url == url


def test_everything_that_is_refused_is_named_at_once(read):
    change = {"SECRET_KEY": "short", "PROXY_HOPS": "", "FLASK_DEBUG": "1", "ALLOWED_HOSTS": "*"}
    with pytest.raises(ConfigError) as refusal:
        read(PRODUCTION | change)
    assert all(name in str(refusal.value) for name in change)


def test_a_server_without_a_proxy_says_so(read):
    assert read(PRODUCTION | {"PROXY_HOPS": "0"}).proxy_hops == 0


def test_random_keys_of_every_usual_form_are_taken(read):
    for _ in range(5):
        for key in (secrets.token_urlsafe(32), secrets.token_hex(16), secrets.token_hex(32)):
            assert read(PRODUCTION | {"SECRET_KEY": key}).secret_key == key


def test_a_file_that_is_no_text_is_named_and_not_repeated(read, tmp_path):
    (tmp_path / "key").write_bytes(b"\xff\xfe" * 20)
    with pytest.raises(ConfigError, match="SECRET_KEY must be text in UTF-8"):
        read(PRODUCTION | {"SECRET_KEY_FILE": str(tmp_path / "key")})


def test_sqlite_needs_a_file(read):
    with pytest.raises(ConfigError, match="DATABASE_URL must name a file"):
        read(PRODUCTION | {"DATABASE_URL": "sqlite://"})


def test_a_domain_is_no_name_that_a_link_can_lead_to(read):
    with pytest.raises(ConfigError, match=r"PUBLIC_URL must be set, to https://.*ALLOWED_HOSTS holds only"):
        read(PRODUCTION | {"ALLOWED_HOSTS": ".clinic.example"})


def test_links_lead_to_the_first_name_of_the_server_unless_another_is_set(read):
    assert read(PRODUCTION).public_url == "https://afterglow.example.org"
    named = read({**PRODUCTION, "PUBLIC_URL": "https://clinic.example/"})
    assert named.public_url == "https://clinic.example"


def test_links_of_a_local_server_lead_to_its_port(read):
    assert read({}).public_url == "http://localhost:8000"
    assert read({"PORT": "9000"}).public_url == "http://localhost:9000"
    assert read({"PORT": "9000", "PUBLIC_URL": "http://10.0.0.7"}).public_url == "http://10.0.0.7"
    for port in ("0", "70000", "http"):
        with pytest.raises(ConfigError, match="PORT"):
            read({"PORT": port})


def test_a_secret_may_be_in_a_file(read, tmp_path):
    file = tmp_path / "key"
    file.write_text(OTHER_KEY + "\n", encoding="utf-8")

    settings = read({**PRODUCTION, "SECRET_KEY": "", "SECRET_KEY_FILE": str(file)})

    assert settings.secret_key == OTHER_KEY


def test_any_setting_may_be_in_a_file_and_a_file_that_cannot_be_read_is_named(read, tmp_path):
    file = tmp_path / "hosts"
    file.write_text("afterglow.example.org, clinic.example\n", encoding="utf-8")

    without = {name: value for name, value in PRODUCTION.items() if name != "ALLOWED_HOSTS"}
    hosts = read(without | {"ALLOWED_HOSTS_FILE": str(file)}).allowed_hosts

    assert hosts == ("afterglow.example.org", "clinic.example")
    with pytest.raises(ConfigError, match="SECRET_KEY_FILE"):
        read(PRODUCTION | {"SECRET_KEY_FILE": str(tmp_path / "nowhere")})


def test_every_setting_at_fault_is_named_at_once(read):
    with pytest.raises(ConfigError, match=r"PROXY_HOPS.*SMTP_TLS"):
        read(PRODUCTION | {"PROXY_HOPS": "two", "SMTP_TLS": "perhaps"})


def test_an_empty_setting_counts_as_unset(read):
    settings = read(PRODUCTION | {"SMTP_TLS": "", "SMTP_PASSWORD": "", "PUBLIC_URL": ""})

    assert (settings.smtp_tls, settings.smtp_password) == ("starttls", None)
    assert settings.public_url == "https://afterglow.example.org"


def test_no_two_purposes_share_a_key():
    settings = Settings("local", "sqlite:///x.db", RANDOM_KEY, OTHER_KEY)

    assert settings.derived_key("cursor") != settings.derived_key("login-throttle")
    assert settings.derived_key("cursor") != settings.derived_key("cursor", previous=True)


NUMBERS = {
    "PORT": (1, 65_535),
    "PROXY_HOPS": (0, 10),
    "INVITATION_MINUTES": (1, 10_080),
    "SMTP_PORT": (1, 65_535),
    "DEAR_READS_PER_MINUTE": (10, 1_000_000),
}


@pytest.mark.parametrize(("name", "bounds"), NUMBERS.items())
def test_a_number_is_written_in_plain_digits_within_its_bounds(name, bounds, read):
    least, most = bounds
    for text in (str(least), str(most)):
        read(PRODUCTION | {name: text})
    wrong = (str(least - 1), str(most + 1), "1_0", "\u0663\u0660", "+30", "3e1", "9" * 5000)
    for text in wrong:
        with pytest.raises(ConfigError, match=f"{name}: Must be a whole number from {least} to {most}"):
            read(PRODUCTION | {name: text})


def test_every_setting_that_is_read_is_in_the_list_and_in_the_docs():
    root = Path(config.__file__).parent
    calls = [
        each for each in ast.walk(ast.parse(Path(config.__file__).read_text())) if isinstance(each, ast.Call)
    ]
    texts = [each.value for call in calls for each in call.args if isinstance(each, ast.Constant)]
    read_here = {each for each in texts if isinstance(each, str) and re.fullmatch(r"[A-Z]+(_[A-Z]+)*", each)}
    of_others = {"PGPASSWORD", "PGPASSFILE", "FLASK_DEBUG"}

    assert read_here - of_others == set(config.NAMES)
    headings = re.findall(r"^### `(\w+)`", (root / "docs/configuration.md").read_text(), re.MULTILINE)
    assert set(headings) == set(config.NAMES)


@pytest.mark.parametrize("hosts", ["*", "", "a=b", "*.clinic.example", "a..b"])
def test_what_is_wrong_with_the_hosts_is_not_said_of_the_public_address(hosts, read):
    with pytest.raises(ConfigError, match="ALLOWED_HOSTS") as refusal:
        read(PRODUCTION | {"ALLOWED_HOSTS": hosts})
    assert "PUBLIC_URL" not in str(refusal.value)


def test_a_setting_and_its_file_may_agree_but_not_differ(read, tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{RANDOM_KEY}\n", encoding="utf-8")
    both = PRODUCTION | {"SECRET_KEY_FILE": str(file)}

    assert read(both).secret_key == RANDOM_KEY
    with pytest.raises(
        ConfigError, match="SECRET_KEY and SECRET_KEY_FILE are both set, and differ"
    ) as refusal:
        read(both | {"SECRET_KEY": OTHER_KEY})
    assert OTHER_KEY not in str(refusal.value)
