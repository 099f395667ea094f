"""The OpenID provider that users log in with, as the server is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from assay.core import settings
from assay.core.errors import ConfigurationError
from assay.core.lazy import require
from assay.server.hosts import is_loopback, parse_host
from assay.server.routes import OIDC_CALLBACK
from assay.service.federated import GroupRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.server.hosts import Host

_LONGEST_ISSUER = 500


@dataclass(frozen=True)
class Oidc:
    """An OpenID provider, and what its word means here.

    Attributes:
        issuer: Its address, as it gives it itself.
        client_id: What it calls this server.
        public_url: Where browsers reach this server.
        client_secret: What proves this server to it; empty for a public client.
        name: What the sign-in page calls it.
        scopes: What it is asked to tell, separated by spaces.
        username_claim: What names a user.
        groups_claim: What lists the groups of a user; empty where they do not matter.
        rules: What the groups mean.
    """

    issuer: str
    client_id: str
    public_url: str
    client_secret: str = ""
    name: str = "OpenID Connect"
    scopes: str = "openid profile email"
    username_claim: str = "preferred_username"
    groups_claim: str = ""
    rules: GroupRules = field(default_factory=GroupRules)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends users back to."""
        return self.public_url + OIDC_CALLBACK

    @classmethod
    def configured(
        cls, *, public_url: str | None, allowed_groups: Sequence[str], group_roles: Sequence[str]
    ) -> Oidc | None:
        """From the settings; None where no provider is named. Each of `group_roles` is like `group=role`.

        Raises:
            ConfigurationError: one of them is not usable, or missing; says which.
        """
        issuer = settings.oidc_issuer.get()
        if issuer is None:
            return None
        require("authlib", extra="oidc")
        client_id = settings.oidc_client_id.get()
        if client_id is None or public_url is None:
            missing = "ASSAY_OIDC_CLIENT_ID" if client_id is None else "ASSAY_PUBLIC_URL"
            raise ConfigurationError(f"ASSAY_OIDC_ISSUER is set: set {missing}, too.")
        if not is_protected(issuer) or "?" in issuer or "#" in issuer or len(issuer) > _LONGEST_ISSUER:
            raise ConfigurationError(
                f"ASSAY_OIDC_ISSUER is {issuer!r}: give the provider's https:// address, without '?' and '#'."
            )
        if not is_protected(public_url):
            raise ConfigurationError(f"ASSAY_PUBLIC_URL is {public_url!r}: providers send users back to https:// only.")
        scopes = settings.oidc_scopes.get()
        if "openid" not in scopes.split():
            raise ConfigurationError(f"ASSAY_OIDC_SCOPES is {scopes!r}: 'openid' must be one of them.")
        return cls(
            issuer=issuer,
            client_id=client_id,
            public_url=public_url,
            client_secret=settings.secret(settings.oidc_client_secret, settings.oidc_client_secret_file) or "",
            name=settings.oidc_name.get(),
            scopes=scopes,
            username_claim=settings.oidc_username_claim.get(),
            groups_claim=settings.oidc_groups_claim.get() or "",
            rules=_rules(allowed_groups, group_roles),
        )


def _rules(allowed_groups: Sequence[str], group_roles: Sequence[str]) -> GroupRules:
    rules = GroupRules(
        allowed=frozenset(allowed_groups),
        admin=settings.oidc_admin_group.get() or "",
        roles=dict(map(_pair, group_roles)),
    )
    if settings.oidc_groups_claim.get() is None and rules != GroupRules():
        raise ConfigurationError(
            "ASSAY_OIDC_ALLOWED_GROUPS, _ADMIN_GROUP and _GROUP_ROLES go by a claim of the provider: set "
            "ASSAY_OIDC_GROUPS_CLAIM to its name, such as groups."
        )
    return rules


def _pair(text: str) -> tuple[str, str]:
    group, equals, role = (part.strip() for part in text.rpartition("="))
    if not (group and equals and role):
        raise ConfigurationError(f"ASSAY_OIDC_GROUP_ROLES has {text!r}: write group=role, separated by commas.")
    return group, role


def checked_public_url(given: str | None) -> str | None:
    """The address under which browsers reach a server, without a slash at its end.

    Raises:
        ConfigurationError: it is not one.
    """
    if given is None:
        return None
    scheme, host = _origin(given)
    if host is None or scheme not in ("http", "https") or urlsplit(given)[2:] not in (("", "", ""), ("/", "", "")):
        raise ConfigurationError(f"ASSAY_PUBLIC_URL is {given!r}: write it like https://tracking.example.")
    return given.rstrip("/")


def is_protected(url: str) -> bool:
    """Whether what is said to an address stays between it and the speaker: by TLS, or on this machine."""
    scheme, host = _origin(url)
    return host is not None and (scheme == "https" or (scheme == "http" and is_loopback(host.name)))


def _origin(url: str) -> tuple[str, Host | None]:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return "", None
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", None
    return parts.scheme, parse_host(parts.netloc)
