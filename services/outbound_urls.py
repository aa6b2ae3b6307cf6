"""Check the URLs that clinics set for outbound calls (SSRF guard): public addresses only."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from clinical.sentences import Sentence
from services.errors import FieldError

HTTPS: Final = 443
"""Port of https. Operational."""

Address = IPv4Address | IPv6Address

# Python 3.11 calls these global, although each may lead to a private address.
NOT_PUBLIC: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    map(
        ip_network,
        (
            "192.0.0.0/24",  # protocol assignments
            "192.88.99.0/24",  # 6to4 relays
            "64:ff9b::/32",  # NAT64: an IPv4 address inside
            "2001::/23",  # Teredo and other assignments
            "2002::/16",  # 6to4: an IPv4 address inside
            "fec0::/10",  # site-local, of old
        ),
    )
)


SAMPLES: Final = ("example", "test", "example.com", "example.net", "example.org")
"""Domains of documentation and of tests, which lead nowhere (RFC 2606)."""

NOBODYS: Final = ("invalid", "onion", "alt")
"""Domains that no public name server knows (RFC 2606, RFC 7686, RFC 9476)."""

LOCAL: Final = ("localhost", "local", "internal", "home.arpa")
"""Domains of one machine or network, which are not public (RFC 6761, RFC 6762, RFC 8375)."""


class UnsafeUrl(Exception):
    """The URL may not be called; `code` says why, without repeating the URL."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect: the host name, and its checked address."""

    scheme: str
    host: str
    port: int
    path: str
    address: str


def validate_url(pointer: str, url: str, *, loopback: bool) -> list[FieldError]:
    """Return the errors of a URL that was set; its host is resolved again each time it is called."""
    try:
        _parts(url, loopback=loopback)
    except UnsafeUrl as error:
        return [FieldError(pointer, error.code, Sentence("Send an https URL of a public host, on port 443."))]
    return []


def target(url: str, *, loopback: bool) -> Target:
    """Resolve a URL's host and check each of its addresses; raises UnsafeUrl.

    The caller connects to the address returned, so that a second resolution (DNS rebinding) cannot lead
    elsewhere. `loopback` allows this machine's own addresses, in plain HTTP too: for tests, by an explicit
    setting.
    """
    parts, port = _parts(url, loopback=loopback)
    host = parts.hostname or ""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnsafeUrl("unknown_host") from None
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    if not addresses or not all(_may_be_called(address, loopback=loopback) for address in addresses):
        raise UnsafeUrl("not_public")
    if parts.scheme != "https" and not all(address.is_loopback for address in addresses):
        raise UnsafeUrl("not_https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, str(addresses[0]))


def host_of(url: str) -> str:
    """Return the host of a URL, blank where it has none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_sample(domain: str) -> bool:
    """Return whether a domain is one of documentation and tests."""
    return _is_under(domain, SAMPLES)


def names_nobody(domain: str) -> bool:
    """Return whether a domain is one that by definition exists nowhere."""
    return _is_under(domain, NOBODYS)


def is_public(address: Address) -> bool:
    """Return whether an address is public and embeds no address that is not."""
    if isinstance(address, IPv6Address) and (address.ipv4_mapped or int(address) < 2**32):
        # Mapped and IPv4-compatible addresses: no public host needs them.
        return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    inside = any(address.version == net.version and address in net for net in NOT_PUBLIC)
    return address.is_global and not special and not inside


def _is_under(domain: str, parents: tuple[str, ...]) -> bool:
    name = domain.casefold().removesuffix(".")
    return any(name == parent or name.endswith(f".{parent}") for parent in parents)


def _may_be_called(address: Address, *, loopback: bool) -> bool:
    return is_public(address) or (loopback and address.is_loopback)


def _parts(url: str, *, loopback: bool) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnsafeUrl("not_a_url") from None
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise UnsafeUrl("not_a_url")
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeUrl("not_a_url")
    if loopback and parts.scheme == "http":
        return parts, port or 80
    if parts.scheme != "https":
        raise UnsafeUrl("not_https")
    if port not in (None, HTTPS) and not loopback:
        raise UnsafeUrl("not_port_443")
    _refuse_private_literal(parts.hostname, loopback=loopback)
    return parts, port or HTTPS


def _refuse_private_literal(host: str, *, loopback: bool) -> None:
    """Raise UnsafeUrl for a host that is no public address or name, before it is ever called."""
    try:
        address = ip_address(host)
    except ValueError:
        if not loopback and _is_private_name(host):
            raise UnsafeUrl("not_public") from None
        return
    if not _may_be_called(address, loopback=loopback):
        raise UnsafeUrl("not_public")


def _is_private_name(host: str) -> bool:
    """Return whether a name is one of a single network, or a number that resolvers read as an address."""
    labels = host.removesuffix(".").split(".")
    is_number = labels[-1].isdigit() or labels[-1].casefold().startswith("0x")
    return len(labels) == 1 or is_number or _is_under(host, LOCAL)
