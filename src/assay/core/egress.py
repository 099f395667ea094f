"""The one door for the server's own requests: to webhooks, and to the identity provider that its operator chose.

A user who names an address could make the server speak to what only the server can reach: its own machine, its network,
the metadata service of its cloud. So the name is resolved once, every address it has must be a public one, and the
connection goes to an address that was looked at; where an operator names it, it may be any. Redirects are not followed,
proxies and credentials of the environment are not used, and time and bytes of an answer are bounded.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from assay import __version__
from assay.core.errors import ConfigurationError, InvalidParameterValue, ServerUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Address = IPv4Address | IPv6Address
    Network = IPv4Network | IPv6Network

T = TypeVar("T")

SECONDS = 5.0
"""What one request may take, from looking up the name to the status of the answer."""
MOST_ANSWER_BYTES = 64 << 10
_SCHEMES = ("http", "https")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNPRINTABLE = re.compile(r"[^!-\[\]-~]")
_PUBLIC = (ip_network("0.0.0.0/0"), ip_network("2000::/3"))
"""Of IPv6, only what is given to hosts: all else is local, multicast, reserved, or an IPv4 address in disguise."""
_SPECIAL = tuple(
    map(
        ip_network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 "
        "2001::/23 2001:db8::/32 2002::/16 3fff::/20".split(),
    )
)
"""What is not a host of the internet (IANA's registries of special-purpose addresses), and Azure's metadata service."""
EVERYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))


def is_public(address: Address) -> bool:
    """Whether it is the address of a host of the internet, written as itself."""
    return _within(address, _PUBLIC) and not _within(address, _SPECIAL)


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address.version == network.version and address in network for network in networks)


@dataclass(frozen=True)
class Target:
    """An address that was looked at: where to connect, and what to ask for there."""

    secure: bool
    host: str
    port: int
    path: str
    addresses: tuple[tuple[socket.AddressFamily, tuple[Any, ...]], ...]

    @property
    def authority(self) -> str:
        """The host as its header names it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


class Reply(NamedTuple):
    """A whole answer."""

    status: int
    body: bytes


@dataclass(frozen=True)
class Egress:
    """What may be asked of whom.

    Attributes:
        schemes: Of `http` and `https`, those that are allowed.
        ports: The ports that are allowed; None for all.
        networks: Addresses that are allowed although they are not public.
        seconds: How long one request may take.
        answer_bytes: How large an answer may be, its headers included.
    """

    schemes: tuple[str, ...] = ("https",)
    ports: tuple[int, ...] | None = (443, 8443)
    networks: tuple[Network, ...] = ()
    seconds: float = SECONDS
    answer_bytes: int = MOST_ANSWER_BYTES

    @classmethod
    def configured(cls, *, schemes: Sequence[str], ports: Sequence[str], networks: Sequence[str]) -> Egress:
        """The door as an operator wrote it.

        Raises:
            ConfigurationError: there is no such scheme, port or network; names it.
        """
        for scheme in schemes:
            if scheme not in _SCHEMES:
                raise ConfigurationError(f"Webhooks cannot be sent by {scheme!r}. Allow https, or http and https.")
        try:
            return cls(tuple(schemes), tuple(map(int, ports)), tuple(map(ip_network, networks)))
        except ValueError as error:
            raise ConfigurationError(f"The ports or networks of webhooks are not usable: {error}.") from error

    def target(self, url: str) -> Target:
        """The address, looked up and found to be allowed.

        Raises:
            InvalidParameterValue: it is no address of a kind that is allowed; says why.
            ServerUnreachable: its name cannot be looked up now.
        """
        return self._target(url, _Deadline(self.seconds))

    def _target(self, url: str, deadline: _Deadline) -> Target:
        secure, host, port, path = self._parsed(url)
        found = _looked_up(host, port, deadline)
        for _, address in found:
            given = ip_address(address[0])
            if not (is_public(given) or _within(given, self.networks)):
                raise InvalidParameterValue(
                    f"The address {host!r} is not on the public internet. Use one that is, or ask the server's "
                    "operator to list its network in ASSAY_WEBHOOK_ALLOWED_NETWORKS."
                )
        return Target(secure, host, port, path, found)

    def _parsed(self, url: str) -> tuple[bool, str, int, str]:
        if _UNPRINTABLE.search(url):
            raise InvalidParameterValue("A URL holds ASCII characters only, and no spaces. Write others as %XX.")
        try:
            parts = urlsplit(url)
            port = _DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
        except ValueError as error:
            raise InvalidParameterValue(f"The URL is not usable: {error}.") from error
        if parts.scheme not in self.schemes:
            allowed = " or ".join(f"{scheme}://" for scheme in self.schemes)
            raise InvalidParameterValue(f"The URL begins with {parts.scheme[:20]!r}; use {allowed}.")
        if not parts.hostname:
            raise InvalidParameterValue("The URL names no host. Write https://host/path.")
        if "@" in parts.netloc:
            raise InvalidParameterValue("The URL holds a user name or password. Leave them out; use a secret instead.")
        if self.ports is not None and port not in self.ports:
            raise InvalidParameterValue(f"Port {port} is not allowed; use {', '.join(map(str, self.ports))}.")
        query = f"?{parts.query}" if parts.query else ""
        return parts.scheme == "https", parts.hostname, port, (parts.path or "/") + query

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send a body, and return the status of the answer; the rest of the answer is nobody's business.

        Raises:
            InvalidParameterValue: the address is not allowed.
            ServerUnreachable: it does not answer in time, or not in HTTP, or its certificate is not valid.
        """
        return self._exchange("POST", url, body, headers, lambda response: response.status)

    def ask(self, url: str, *, body: bytes | None = None, headers: Mapping[str, str]) -> Reply:
        """Get what is at an address, or send a body there, and return the whole answer.

        Raises:
            InvalidParameterValue: the address is not allowed.
            ServerUnreachable: as for `post`, or the answer is too large.
        """
        method = "GET" if body is None else "POST"
        return self._exchange(method, url, body, headers, lambda response: Reply(response.status, response.read()))

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        read: Callable[[http.client.HTTPResponse], T],
    ) -> T:
        deadline = _Deadline(self.seconds)
        target = self._target(url, deadline)
        incoming = _response_within(deadline, self.answer_bytes)
        connection = _Connection(target, self._tls if target.secure else None, deadline, incoming)
        try:
            connection.request(method, target.path, body, {**_HEADERS, "Host": target.authority, **headers})
            return read(connection.getresponse())
        except (OSError, http.client.HTTPException) as error:
            raise ServerUnreachable(
                f"The host {target.host!r} does not answer: {_reason(error)}. Check the URL and that it runs."
            ) from error
        finally:
            connection.close()

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


_HEADERS = {"User-Agent": f"assay/{__version__}", "Accept-Encoding": "identity", "Connection": "close"}


def _reason(error: Exception) -> str:
    """What went wrong, without what the other side said: whoever asks may not be meant to read it."""
    if isinstance(error, TimeoutError):
        return "it takes too long"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid ({error.verify_message})"
    if isinstance(error, ConnectionRefusedError):
        return "it refuses connections"
    return "what it says is not HTTP" if isinstance(error, http.client.HTTPException) else "the connection breaks"


class _Deadline:
    """The moment by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            TimeoutError: none are.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@dataclass
class _Lookup:
    """A name looked up in a thread of its own: the system's resolver may take longer than anybody would wait."""

    host: str
    port: int
    found: list[tuple[Any, ...]] = field(default_factory=list)

    def run(self) -> None:
        try:
            self.found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            self.found = []


def _looked_up(host: str, port: int, deadline: _Deadline) -> tuple[tuple[socket.AddressFamily, tuple[Any, ...]], ...]:
    lookup = _Lookup(host, port)
    thread = threading.Thread(target=lookup.run, name="assay-lookup", daemon=True)
    thread.start()
    thread.join(deadline.left())
    if not lookup.found:
        raise ServerUnreachable(f"The host {host!r} cannot be found. Check the URL.")
    return tuple((family, address) for family, _, _, _, address in lookup.found)


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was looked at, of which every step is done by the deadline."""

    def __init__(self, target: Target, tls: ssl.SSLContext | None, deadline: _Deadline, response: Any) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._tls = tls
        self._deadline = deadline
        self.response_class = response

    def connect(self) -> None:
        """Connect to the first of the addresses that takes the connection."""
        plain = self._connected()
        if self._tls is None:
            self.sock = plain
            return
        self.sock = plain  # whoever closes this connection closes it too, if the other one is never made
        self.sock = self._tls.wrap_socket(plain, server_hostname=self._target.host)

    def _connected(self) -> socket.socket:
        failure: OSError | None = None
        for family, address in self._target.addresses:
            connection = socket.socket(family, socket.SOCK_STREAM)
            try:
                connection.settimeout(self._deadline.left())
                connection.connect(address)
            except OSError as error:
                connection.close()
                failure = error
            else:
                return connection
        raise failure or TimeoutError


def _response_within(deadline: _Deadline, most: int) -> Any:
    """A class of responses whose reading is bounded as a whole: one byte now and then would outlast any timeout."""

    class Response(http.client.HTTPResponse):
        def __init__(self, sock: socket.socket, *arguments: Any, **more: Any) -> None:
            super().__init__(sock, *arguments, **more)
            self.fp = io.BufferedReader(_Incoming(sock, self.fp.detach(), deadline, most))

    return Response


class _Incoming(io.RawIOBase):
    """What arrives on a socket, up to a deadline and a number of bytes; the socket stays open as long as this does."""

    def __init__(self, connection: socket.socket, stream: io.RawIOBase, deadline: _Deadline, most: int) -> None:
        self._connection = connection
        self._stream = stream
        self._deadline = deadline
        self._left = most

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Receive what comes next.

        Raises:
            OSError: it is more than anybody wants to read, or takes too long.
        """
        if not self._left:
            raise ConnectionAbortedError
        self._connection.settimeout(self._deadline.left())
        received: int = self._stream.readinto(memoryview(buffer)[: self._left])
        self._left -= received
        return received

    def close(self) -> None:
        """Let go of the socket."""
        self._stream.close()
        super().close()
