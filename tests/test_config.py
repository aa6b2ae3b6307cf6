from __future__ import annotations

import stat

import pytest

from config import ConfigError, Settings

CHANCE = "k3J8vQm2Zt9LxR5wYb7NcD4fHs6GaP1e"
OTHER_CHANCE = "Qe7Tn4Ry1Uw8Ik5Oz2Pm9Xc6Vb3Lj0Hd"
PRODUCTION = {
    "AFTERGLOW_ENV": "production",
    "DATABASE_URL": "postgresql://afterglow@127.0.0.1/afterglow",
    "SECRET_KEY": CHANCE,
    "ALLOWED_HOSTS": "afterglow.example.org",
}


def test_a_first_run_makes_a_secret_that_only_its_owner_can_read(tmp_path):
    first = Settings.from_env({}, tmp_path)

    secret = tmp_path / "instance" / "secret_key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert stat.S_IMODE(secret.parent.stat().st_mode) == 0o700
    assert len(first.secret_key) >= 32
    assert Settings.from_env({}, tmp_path).secret_key == first.secret_key


def test_without_a_setting_the_database_is_an_sqlite_file_beside_the_secret(tmp_path):
    settings = Settings.from_env({}, tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path / 'instance' / 'afterglow.db'}"


def test_production_starts_on_good_settings(tmp_path):
    assert Settings.from_env(PRODUCTION, tmp_path).allowed_hosts == ("afterglow.example.org",)
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": CHANCE[:31]}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 40}, "SECRET_KEY"),
        ({"SECRET_KEY": "change-me-" + CHANCE}, "SECRET_KEY"),
        ({"PREVIOUS_SECRET_KEY": "short"}, "PREVIOUS_SECRET_KEY"),
        ({"PREVIOUS_SECRET_KEY": CHANCE}, "PREVIOUS_SECRET_KEY"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://postgres:postgres@db/afterglow"}, "DATABASE_URL"),
        ({"PROXY_HOPS": "-1"}, "PROXY_HOPS"),
        ({"PROXY_HOPS": "two"}, "PROXY_HOPS"),
        ({"INVITATION_MINUTES": "1e3"}, "INVITATION_MINUTES"),
        ({"AFTERGLOW_ENV": "staging"}, "AFTERGLOW_ENV"),
        ({"SMTP_HOST": "mail.example.org"}, "SMTP_FROM"),
        ({"SMTP_HOST": "m", "SMTP_FROM": "a@b.c", "SMTP_TLS": "none"}, "SMTP_TLS"),
        ({"SMTP_TLS": "perhaps"}, "SMTP_TLS"),
        ({"WEBHOOKS_TO_LOOPBACK": "yes"}, "WEBHOOKS_TO_LOOPBACK"),
        ({"PUBLIC_URL": "clinic.example"}, "PUBLIC_URL"),
    ],
)
def test_production_refuses_to_start_and_names_the_setting(change, named, tmp_path):
    with pytest.raises(ConfigError, match=named) as refusal:
        Settings.from_env({**PRODUCTION, **change}, tmp_path)

    assert all(value not in str(refusal.value) for value in change.values() if len(value) > 8)


def test_links_lead_to_the_first_name_of_the_server_unless_another_is_set(tmp_path):
    assert Settings.from_env(PRODUCTION, tmp_path).public_url == "https://afterglow.example.org"
    named = Settings.from_env({**PRODUCTION, "PUBLIC_URL": "https://clinic.example/"}, tmp_path)
    assert named.public_url == "https://clinic.example"


def test_a_secret_may_stand_in_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(OTHER_CHANCE + "\n", encoding="utf-8")

    settings = Settings.from_env({**PRODUCTION, "SECRET_KEY_FILE": str(file)}, tmp_path)

    assert settings.secret_key == OTHER_CHANCE


def test_no_two_purposes_share_a_key():
    settings = Settings("local", "sqlite:///x.db", CHANCE, OTHER_CHANCE)

    assert settings.derived_key("cursor") != settings.derived_key("login-throttle")
    assert settings.derived_key("cursor") != settings.derived_key("cursor", previous=True)
