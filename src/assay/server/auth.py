"""How a server knows its users, as it is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assay.core import settings
from assay.core.errors import ConfigurationError
from assay.server.proxies import TrustedProxies
from assay.store.users import LEVELS, NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.server.oidc import Oidc


@dataclass(frozen=True)
class Auth:
    """How a server knows its users.

    Attributes:
        default: The level that users have where nothing is granted.
        admin_username: The name of the administrator who is made where there is no user yet.
        admin_password: Its password; None for a random one, which is shown once.
        proxies: Whose word counts on who asks.
        takes_passwords: Whether users may prove who they are by a password.
        oidc: The OpenID provider that they may log in with.
    """

    default: int = NOTHING
    admin_username: str = "admin"
    admin_password: str | None = None
    proxies: TrustedProxies = field(default_factory=TrustedProxies)
    takes_passwords: bool = True
    oidc: Oidc | None = None

    @classmethod
    def configured(cls, *, proxies: Sequence[str], oidc: Oidc | None = None) -> Auth:
        """From the settings; `proxies` are the networks of those that are trusted.

        Raises:
            ConfigurationError: one of them is not usable; says which.
        """
        given = settings.default_permission.get().upper()
        if given not in LEVELS or LEVELS[given] < NOTHING:
            raise ConfigurationError(
                f"ASSAY_DEFAULT_PERMISSION is {given!r}: set it to NO_PERMISSIONS, READ, USE, EDIT or MANAGE."
            )
        takes_passwords = settings.password_login.get()
        if not takes_passwords and (oidc is None or not oidc.rules.admin):
            raise ConfigurationError(
                "ASSAY_PASSWORD_LOGIN=false leaves nobody who administers: set ASSAY_OIDC_ISSUER and "
                "ASSAY_OIDC_ADMIN_GROUP, or leave it out."
            )
        return cls(
            default=LEVELS[given],
            admin_username=settings.admin_username.get(),
            admin_password=settings.secret(settings.admin_password, settings.admin_password_file),
            proxies=TrustedProxies.configured(
                proxies,
                user_header=settings.proxy_user_header.get() or "",
                secret=settings.proxy_secret.get() or "",
            ),
            takes_passwords=takes_passwords,
            oidc=oidc,
        )
