"""API tokens: how one looks, and how it is known again without being kept.

A token is `assay_<id>_<secret><checksum>`: 8 characters that name it, 43 that prove it, and 6 by which a text can be
told from a token that was cut off or mistyped. Its secret has 256 bits, so that a plain SHA-256 keeps it; passwords,
which people choose, are kept by `passwords`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import zlib
from typing import NamedTuple

PREFIX = "assay_"
_FORM = re.compile(rf"{PREFIX}([0-9a-z]{{8}})_([0-9A-Za-z_-]{{43}})([0-9a-f]{{6}})", re.ASCII)
_ID_BYTES = 5
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class Secret(NamedTuple):
    """A token as its owner holds it, and what of it is kept."""

    text: str
    token_id: str
    digest: str


def make() -> Secret:
    """A new token."""
    number = int.from_bytes(os.urandom(_ID_BYTES), "big")
    token_id = "".join(_LETTERS[(number >> (5 * place)) & 31] for place in range(8))
    secret = base64.urlsafe_b64encode(os.urandom(32)).rstrip(b"=").decode()
    begun = f"{PREFIX}{token_id}_{secret}"
    return Secret(f"{begun}{_checksum(begun)}", token_id, digest(secret))


def parse(text: str) -> tuple[str, str] | None:
    """The id and the secret of a token; None for a text that is none."""
    found = _FORM.fullmatch(text)
    if found is None or not hmac.compare_digest(_checksum(text[:-6]), found[3]):
        return None
    return found[1], found[2]


def digest(secret: str) -> str:
    """What is kept of a secret of 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def proves(secret: str, kept: str) -> bool:
    """Whether a secret is the one of which this was kept."""
    return hmac.compare_digest(digest(secret), kept)


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"[:6]
