"""Which hosts and origins are answered: what keeps other people's web pages away from the API.

Names are compared exactly and addresses as addresses; nothing is matched as text with wildcards, so that no name that
an attacker registers can look like an address of ours.
"""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, NamedTuple

from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EXEMPT = frozenset((b"/health", b"/version"))
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_PRIVATE = tuple(
    map(ipaddress.ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"))
)
_LOOPBACK = (_PRIVATE[0], _PRIVATE[4])
_ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 -- compared with, not listened on
_REMEMBERED = 1024

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Host(NamedTuple):
    """A parsed host: a name in lower case or an address, and a port unless there is none."""

    name: str | Address
    port: int | None


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    reason: str


def parse_host(text: str) -> Host | None:
    """The host in a `Host` header or an origin; None for anything that is not exactly one."""
    if text.startswith("["):
        inside, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            return None
        name, port = inside, rest[1:] if rest else None
    else:
        name, colon, given = text.partition(":")
        port = given if colon else None
    if port is not None and not (port.isascii() and port.isdigit() and len(port) < 6):
        return None
    parsed = _address_or_name(name.lower(), bracketed=text.startswith("["))
    return None if parsed is None else Host(parsed, None if port is None else int(port))


def _address_or_name(name: str, *, bracketed: bool) -> str | Address | None:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None if bracketed or not _NAME.fullmatch(name) else name
    return address if bracketed == (address.version == 6) else None


class Guard:
    """Decides for each request whether its host and origin are answered.

    Args:
        bound: The address that the server listens on.
        allowed: More hosts: names or addresses, with or without a port; `*.example.com` for all below a name; `*`.
        origins: Origins such as `https://lab.example.com` whose pages may call the API; `*`.
        trusts_neighbours: Whether pages of other servers on this machine may; not where they would do so as a user.

    Raises:
        ConfigurationError: an allowed host or origin is not of one of these forms.
    """

    def __init__(
        self, *, bound: str, allowed: Sequence[str] = (), origins: Sequence[str] = (), trusts_neighbours: bool = True
    ) -> None:
        self._any_host = "*" in allowed
        self._any_origin = "*" in origins
        self._trusts_neighbours = trusts_neighbours
        self._suffixes = tuple(entry[1:].lower() for entry in allowed if entry.startswith("*."))
        exact = [entry for entry in allowed if entry != "*" and not entry.startswith("*.")]
        self._hosts = {_configured_host(entry) for entry in exact} | {Host("localhost", None)}
        bound_host = None if bound in _ANY_ADDRESS else parse_host(f"[{bound}]" if ":" in bound else bound)
        if bound_host is not None:
            self._hosts.add(bound_host)
        self._origins = {_configured_origin(entry) for entry in origins if entry != "*"}
        self._known_hosts: dict[bytes, bool] = {}

    def refusal(self, method: str, path: bytes, headers: Mapping[bytes, bytes]) -> Refusal | None:
        """Why a request is not answered, or None when it is."""
        if path in EXEMPT:
            return None
        host = headers.get(b"host", b"")
        if not self.allows_host(host):
            return Refusal(
                403,
                "This host name is not allowed. Open the server under a name it knows, or start it with "
                "--allowed-hosts NAME.",
            )
        if method in _SAFE_METHODS:
            return None
        return self._origin_refusal(host, headers)

    def _origin_refusal(self, host: bytes, headers: Mapping[bytes, bytes]) -> Refusal | None:
        origin = headers.get(b"origin")
        if origin is None:
            trusted = headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin")
        else:
            trusted = self.allows_origin(origin) or _is_own(origin, host)
        if trusted:
            return None
        return Refusal(
            403,
            "A page of another site may not change anything here. If it is yours, start the server with "
            "--cors-allowed-origins ORIGIN.",
        )

    def allows_host(self, host: bytes) -> bool:
        """Whether requests for this `Host` header are answered."""
        known = self._known_hosts.get(host)
        if known is None:
            known = self._any_host or self._is_allowed(host)
            if len(self._known_hosts) < _REMEMBERED:
                self._known_hosts[host] = known
        return known

    def allows_origin(self, origin: bytes) -> bool:
        """Whether pages of this origin may call the API and read the answers."""
        if self._any_origin:
            return True
        text = origin.decode("latin-1").lower()
        if text in self._origins or not self._trusts_neighbours:
            return text in self._origins
        scheme, _, rest = text.partition("://")
        host = parse_host(rest)
        return scheme in ("http", "https") and host is not None and is_loopback(host.name)

    def _is_allowed(self, header: bytes) -> bool:
        host = parse_host(header.decode("latin-1"))
        if host is None:
            return False
        if host in self._hosts or Host(host.name, None) in self._hosts:
            return True
        if isinstance(host.name, str):
            return host.name.endswith(self._suffixes) if self._suffixes else False
        return _is_private(host.name)


def repeated(
    pairs: Sequence[tuple[bytes, bytes]], headers: Mapping[bytes, bytes], names: frozenset[bytes]
) -> bytes | None:
    """The name of a header that a request has twice, among those that say who asks whom; None where there is none.

    `headers` are the same as `pairs`, each name once.
    """
    if len(headers) == len(pairs):
        return None
    seen = set()
    for name, _ in pairs:
        if name in seen and name in names:
            return name
        seen.add(name)
    return None


def cors_headers(origin: bytes) -> list[tuple[bytes, bytes]]:
    """The headers that let a page of an allowed origin read the answer."""
    return [
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", b"etag, retry-after, x-request-id"),
    ]


def preflight_headers() -> list[tuple[bytes, bytes]]:
    """What a page of an allowed origin may send."""
    return [
        (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
        (b"access-control-allow-headers", b"authorization, content-type, range, if-none-match, x-assay-sha256"),
        (b"access-control-max-age", b"600"),
    ]


def _configured_host(entry: str) -> Host:
    host = parse_host(entry if entry.count(":") < 2 or entry.startswith("[") else f"[{entry}]")
    if host is None:
        raise ConfigurationError(
            f"Allowed host {entry!r} is not a host name: write lab.example.com, lab.example.com:5000, 10.1.2.3, "
            "*.example.com or *."
        )
    return host


def _configured_origin(entry: str) -> str:
    scheme, _, rest = entry.lower().rstrip("/").partition("://")
    if scheme not in ("http", "https") or parse_host(rest) is None:
        raise ConfigurationError(f"Allowed origin {entry!r} is not an origin: write https://lab.example.com or *.")
    return f"{scheme}://{rest}"


def _is_own(origin: bytes, host: bytes) -> bool:
    scheme, separator, rest = origin.partition(b"://")
    return bool(separator) and scheme in (b"http", b"https") and rest.lower() == host.lower()


def _is_private(address: Address) -> bool:
    return str(address) in _ANY_ADDRESS or any(address in network for network in _PRIVATE)


def is_loopback(name: str | Address) -> bool:
    """Whether it is this machine, as it calls itself."""
    if isinstance(name, str):
        return name == "localhost"
    return any(name in network for network in _LOOPBACK)
