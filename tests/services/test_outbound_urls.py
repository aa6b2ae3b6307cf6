"""Only public addresses may be called, in whichever notation."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from services.outbound_urls import UnsafeUrl, is_public, target, validate_url


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104  it is to be refused
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.0.8",
        "192.88.99.1",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_no_private_or_special_address_is_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_addresses_of_the_internet_are_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://pager.clinic.test/", "not_https"),
        ("ftp://pager.clinic.test/", "not_https"),
        ("pager.clinic.test", "not_a_url"),
        ("https://", "not_a_url"),
        ("https://me:word@pager.clinic.test/", "not_a_url"),
        ("https://pager.clinic.test/#part", "not_a_url"),
        ("https://pager.clinic.test/a b", "not_a_url"),
        ("https://pager.clinic.test\\@127.0.0.1/", "not_a_url"),
        ("https://⑫⑦.0.0.1/", "not_a_url"),
        ("https://pager.clinic.test:8443/", "not_port_443"),
        ("https://pager.clinic.test:99999/", "not_a_url"),
        ("https://[::1/", "not_a_url"),
        ("https://127.0.0.1/", "not_public"),
        ("https://[::1]/", "not_public"),
        ("https://[::ffff:10.0.0.1]/", "not_public"),
        ("https://2130706433/", "not_public"),
        ("https://127.1/", "not_public"),
        ("https://10.0.0.0x1/", "not_public"),
        ("https://localhost/", "not_public"),
        ("https://pager/", "not_public"),
        ("https://pager.local/", "not_public"),
        ("https://PAGER.clinic.internal./", "not_public"),
    ],
)
def test_a_url_that_may_not_be_called_is_refused_when_it_is_set(url, code):
    (found,) = validate_url("/on_call_webhook", url, loopback=False)
    assert (found.pointer, found.code) == ("/on_call_webhook", code)
    assert url not in found.detail


def test_a_valid_url_has_no_errors():
    assert validate_url("/x", "https://pager.clinic.test/a?b=c", loopback=False) == []


@pytest.mark.parametrize(
    "url", ["https://2130706433/", "https://127.1/", "https://0x7f.1/", "https://localhost/"]
)
def test_a_name_of_a_private_address_is_refused_when_it_is_called(url):
    with pytest.raises(UnsafeUrl) as refused:
        target(url, loopback=False)
    assert refused.value.code in {"not_public", "unknown_host"}


def test_one_private_address_among_public_ones_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: both)
    with pytest.raises(UnsafeUrl, match="not_public"):
        target("https://pager.clinic.test/", loopback=False)
    with pytest.raises(UnsafeUrl, match="not_public"):
        target("https://pager.clinic.test/", loopback=True)


def test_the_checked_address_is_the_one_to_call(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    made = target("https://pager.clinic.test/on?call=1", loopback=False)
    assert (made.host, made.address, made.port, made.path) == (
        "pager.clinic.test",
        "93.184.216.34",
        443,
        "/on?call=1",
    )


def test_loopback_may_be_called_only_where_that_is_set():
    assert target("http://127.0.0.1:8025/x", loopback=True).port == 8025
    with pytest.raises(UnsafeUrl, match="not_https"):
        target("http://127.0.0.1:8025/x", loopback=False)
