"""The first administrator of a server with users: made where there is nobody yet, never with a known password."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import ConfigurationError, InvalidParameterValue
from assay.server.passwords import open_passwords
from assay.service.passwords import checked_password, random_password
from assay.store.open import open_store
from assay.store.users import PASSWORD

if TYPE_CHECKING:
    from assay.server.auth import Auth
    from assay.server.config import ServerConfig
    from assay.store.base import Session


def ensure_first_admin(config: ServerConfig) -> None:
    """Make the administrator whom the settings name, unless there is a user already, or no password is taken.

    Without a password in the settings a random one is made, and written to stderr this one time.

    Raises:
        ConfigurationError: the password of the settings is not acceptable.
    """
    if config.auth is None or not config.auth.takes_passwords:
        return
    auth = config.auth
    password = _given(auth) or random_password()
    store = open_store(config.backend_store_uri, artifact_root=config.artifact_root)
    try:
        if not store.read(lambda session: session.users.is_empty()):
            return
        kept = open_passwords().keep(password)

        def make(session: Session) -> bool:
            if not session.users.is_empty():
                return False
            session.users.create(
                auth.admin_username, password_hash=kept, is_admin=True, origin=PASSWORD, now=clock.now_ms()
            )
            return True

        made = store.write(make)
    finally:
        store.close()
    if made and auth.admin_password is None:
        sys.stderr.write(
            f"The administrator {auth.admin_username!r} was made with the password {password}\n"
            "It is shown this once. Log in and change it, or keep it safe.\n"
        )


def _given(auth: Auth) -> str | None:
    if auth.admin_password is None:
        return None
    try:
        return checked_password(auth.admin_password, username=auth.admin_username)
    except InvalidParameterValue as error:
        raise ConfigurationError(f"ASSAY_ADMIN_PASSWORD cannot be used. {error.message}") from error
