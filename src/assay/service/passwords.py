"""Which passwords are accepted, and what keeps them."""

from __future__ import annotations

import base64
import os
from typing import Protocol

from assay.core.errors import InvalidParameterValue

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 1024
_FEWEST_DIFFERENT = 5
_RANDOM_BYTES = 18
_KNOWN = (
    "password1234", "password12345", "password123456", "123456789012", "1234567890123", "12345678901234",
    "123456789abc", "qwertyuiopas", "qwertyuiop12", "qwerty123456", "1q2w3e4r5t6y", "administrator", "admin1234567",
    "adminadmin12", "adminadminadmin", "letmein12345", "iloveyou1234", "changeme1234", "welcome12345",
    "passwordpassword", "correcthorsebatterystaple",
)  # fmt: skip
"""Long enough, and on every list that is tried first."""


class Passwords(Protocol):
    """Keeps passwords so that they can be checked and not be read."""

    def keep(self, password: str) -> str:
        """What is stored of a password. Takes some ten milliseconds, on purpose."""

    def proves(self, password: str, kept: str) -> bool:
        """Whether a password is the one that was kept; an empty `kept` takes as long, and proves nothing."""

    def is_dated(self, kept: str) -> bool:
        """Whether the password should be kept anew, as is done today."""


def random_password() -> str:
    """A password that nobody can guess, for whoever did not choose one."""
    return base64.urlsafe_b64encode(os.urandom(_RANDOM_BYTES)).decode()


def checked_password(password: str, *, username: str) -> str:
    """The password, when it is acceptable.

    Raises:
        InvalidParameterValue: it is too short or too long, known to everybody, or the user's name; never says which
            password was given.
    """
    if len(password) < LEAST_CHARACTERS:
        raise InvalidParameterValue(
            f"The password is too short. Password must be at least {LEAST_CHARACTERS} characters long: a few words do."
        )
    if len(password) > MOST_CHARACTERS:
        raise InvalidParameterValue(f"The password has more than {MOST_CHARACTERS} characters. Choose a shorter one.")
    plain = password.casefold()
    if plain in _KNOWN or len(set(plain)) < _FEWEST_DIFFERENT:
        raise InvalidParameterValue("This password is one of the first that are tried. Choose another one.")
    if username and len(plain.replace(username.casefold(), "")) < LEAST_CHARACTERS // 2:
        raise InvalidParameterValue("The password is hardly more than the user's name. Choose another one.")
    return password
