"""How a server knows its users, as it is told at its start."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from assay.core import settings
from assay.core.errors import ConfigurationError
from assay.server.proxies import TrustedProxies
from assay.store.users import LEVELS, NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Auth:
    """How a server knows its users.

    Attributes:
        default: The level that users have where nothing is granted.
        admin_username: The name of the administrator who is made where there is no user yet.
        admin_password: Its password; None for a random one, which is shown once.
        proxies: Whose word counts on who asks.
    """

    default: int = NOTHING
    admin_username: str = "admin"
    admin_password: str | None = None
    proxies: TrustedProxies = field(default_factory=TrustedProxies)

    @classmethod
    def configured(cls, *, proxies: Sequence[str]) -> Auth:
        """From the settings; `proxies` are the networks of those that are trusted.

        Raises:
            ConfigurationError: one of them is not usable; says which.
        """
        given = settings.default_permission.get().upper()
        if given not in LEVELS or LEVELS[given] < NOTHING:
            raise ConfigurationError(
                f"ASSAY_DEFAULT_PERMISSION is {given!r}: set it to NO_PERMISSIONS, READ, USE, EDIT or MANAGE."
            )
        return cls(
            default=LEVELS[given],
            admin_username=settings.admin_username.get(),
            admin_password=_admin_password(),
            proxies=TrustedProxies.configured(
                proxies,
                user_header=settings.proxy_user_header.get() or "",
                secret=settings.proxy_secret.get() or "",
            ),
        )


def _admin_password() -> str | None:
    path = settings.admin_password_file.get()
    if path is None:
        return settings.admin_password.get()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"ASSAY_ADMIN_PASSWORD_FILE: {path!r} cannot be read: {error}.") from error
