"""What a trusted proxy says of a request: who asks, from where, and over TLS or not."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

SECRET_HEADER = b"x-assay-proxy-secret"
_LEAST_SECRET = 16


@dataclass(frozen=True)
class TrustedProxies:
    """Proxies whose word counts, by their addresses; by default there are none.

    Attributes:
        networks: Where they are.
        user_header: The header in which they name the user, in lower case; empty when they do not.
        secret: What they send along to be believed a user's name.
    """

    networks: tuple[Network, ...] = ()
    user_header: bytes = b""
    secret: bytes = b""

    @classmethod
    def configured(cls, networks: Sequence[str], *, user_header: str = "", secret: str = "") -> TrustedProxies:
        """From the settings of a server.

        Raises:
            ConfigurationError: a network is none, or takes in everybody; or a header is named without a secret.
        """
        parsed = tuple(map(_network, networks))
        if user_header and not (parsed and len(secret) >= _LEAST_SECRET):
            raise ConfigurationError(
                f"ASSAY_PROXY_USER_HEADER is {user_header!r}: anybody could send it. Set ASSAY_TRUSTED_PROXIES to the "
                f"addresses of your proxies and ASSAY_PROXY_SECRET to {_LEAST_SECRET} characters or more, and have "
                f"them send that as {SECRET_HEADER.decode()}."
            )
        return cls(parsed, user_header.strip().lower().encode(), secret.encode())

    @property
    def headers(self) -> frozenset[bytes]:
        """The headers that say who asks."""
        return frozenset((SECRET_HEADER, self.user_header)) if self.user_header else frozenset()

    def trusts(self, peer: str) -> bool:
        """Whether the peer of a connection is one of them."""
        if not self.networks:
            return False
        try:
            address = ipaddress.ip_address(peer.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self.networks)

    def user(self, headers: Mapping[bytes, bytes], *, peer: str) -> str | None:
        """The user whom a proxy names; None where it names nobody, or is not to be believed."""
        if not self.user_header or not self.trusts(peer):
            return None
        if not hmac.compare_digest(headers.get(SECRET_HEADER, b""), self.secret):
            return None
        return headers.get(self.user_header, b"").decode("latin-1").strip() or None

    def address(self, headers: Mapping[bytes, bytes], *, peer: str) -> str:
        """Where a request comes from: the peer, or whoever a proxy says stands behind it."""
        if self.trusts(peer):
            last = headers.get(b"x-forwarded-for", b"").decode("latin-1").rpartition(",")[2].strip()
            if last:
                return last[:64]
        return peer

    def is_secure(self, headers: Mapping[bytes, bytes], *, peer: str, scheme: str) -> bool:
        """Whether a request came over TLS, up to the proxy at least."""
        return scheme == "https" or (self.trusts(peer) and headers.get(b"x-forwarded-proto", b"") == b"https")


def _network(given: str) -> Network:
    try:
        network = ipaddress.ip_network(given, strict=False)
    except ValueError as error:
        raise ConfigurationError(
            f"Trusted proxy {given!r} is no address and no network: write 10.1.2.3 or 10.1.0.0/16."
        ) from error
    if network.prefixlen == 0:
        raise ConfigurationError(f"Trusted proxy {given!r} takes in everybody. Name the addresses of your proxies.")
    return network
