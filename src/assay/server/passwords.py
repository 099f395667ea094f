"""Passwords kept by Argon2id, with the parameters that OWASP recommends: 19 MiB, 2 passes, 1 lane.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

from __future__ import annotations

import threading
import unicodedata
from typing import TYPE_CHECKING

from assay.core.lazy import require

if TYPE_CHECKING:
    import argon2

MEMORY_KIB = 19 << 10
PASSES = 2
AT_ONCE = 2
"""How many are reckoned at the same time: a flood of logins must not take all memory and processors."""


class Argon2Passwords:
    """`Passwords` by Argon2id."""

    def __init__(self, hasher: argon2.PasswordHasher, wrong: tuple[type[Exception], ...]) -> None:
        self._hasher = hasher
        self._wrong = wrong
        self._slots = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody has this password")

    def keep(self, password: str) -> str:
        """What is stored of a password."""
        with self._slots:
            return self._hasher.hash(_written(password))

    def proves(self, password: str, kept: str) -> bool:
        """Whether a password is the one that was kept; an empty `kept` takes as long, and proves nothing."""
        with self._slots:
            try:
                return self._hasher.verify(kept or self._nobody, _written(password)) and bool(kept)
            except self._wrong:
                return False

    def is_dated(self, kept: str) -> bool:
        """Whether the password should be kept anew, as is done today."""
        return self._hasher.check_needs_rehash(kept)


def _written(password: str) -> str:
    """A password in the one form that Unicode has for it: keyboards differ."""
    return unicodedata.normalize("NFC", password)


def open_passwords() -> Argon2Passwords:
    """What keeps the passwords of a server's users.

    Raises:
        ConfigurationError: `argon2-cffi` is not installed.
    """
    argon2 = require("argon2", extra="server")
    hasher = argon2.PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    return Argon2Passwords(hasher, (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError))
