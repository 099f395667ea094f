"""Names of users and roles, kinds of resources, and levels, as they may be given."""

from __future__ import annotations

import unicodedata

from assay.core.errors import InvalidParameterValue
from assay.store.users import ALL, EVERYTHING, EXPERIMENT, LEVELS, MODEL, NOTHING, USE

MAX_NAME = 250
_NAMES = {level: name for name, level in LEVELS.items()}
_WITHIN = ("run", "trace", "assessment", "logged_model", "review_queue", "model_version", "prompt_version")
_FOREIGN = "prompt scorer gateway_secret gateway_endpoint gateway_model_definition mcp_server".split()


def name(given: str, what: str) -> str:
    """The name of a user or role, in the one form under which it is known.

    Raises:
        InvalidParameterValue: it is empty, too long, or has characters that cannot be told from others.
    """
    told = unicodedata.normalize("NFC", given)
    if not told.strip() or told != told.strip() or len(told) > MAX_NAME:
        raise InvalidParameterValue(
            f"Invalid {what} {given[:100]!r}: give 1 to {MAX_NAME} characters, without spaces at the ends."
        )
    if any(unicodedata.category(sign)[0] == "C" for sign in told) or ":" in told:
        raise InvalidParameterValue(f"Invalid {what} {given[:100]!r}: it may hold no colon and nothing invisible.")
    return told


def kind(given: str) -> str:
    """The kind of resource that something is granted on.

    Raises:
        InvalidParameterValue: Assay has no such resources, or grants nothing on them alone.
    """
    if given in (EXPERIMENT, MODEL, EVERYTHING):
        return given
    if given in _WITHIN:
        raise InvalidParameterValue(
            f"Nothing is granted on resources of type {given!r} alone: they follow their {EXPERIMENT} or {MODEL}."
        )
    reason = "Assay has no such resources" if given in _FOREIGN else "there is no such type"
    raise InvalidParameterValue(
        f"Invalid resource type {given[:100]!r}: {reason}. Give {EXPERIMENT}, {MODEL} or {EVERYTHING}."
    )


def target(given: str, *, of: str) -> str:
    """What something is granted on: an id or a name, or `*`; of everything there is only that."""
    return ALL if of == EVERYTHING else given


def level(given: str) -> int:
    """The level that a permission's name stands for.

    Raises:
        InvalidParameterValue: there is no such permission.
    """
    if given not in LEVELS:
        raise InvalidParameterValue(f"Invalid permission {given[:100]!r}. Valid permissions are: {', '.join(LEVELS)}.")
    return LEVELS[given]


def granted(given: str, *, of: str) -> int:
    """The level that a grant on resources of a kind may give.

    Raises:
        InvalidParameterValue: there is no such permission, or it is not granted there.
    """
    found = level(given)
    if found == NOTHING:
        raise InvalidParameterValue(
            f"{given} is what is there without a grant. Take back what is granted, or grant DENY."
        )
    if of == EVERYTHING and found == USE:
        raise InvalidParameterValue(
            f"{given} on a {EVERYTHING} makes a member of it in MLflow, and lets read nothing: here there is one "
            f"{EVERYTHING}, and all are members. To let read everything, grant READ."
        )
    return found


def level_name(given: int) -> str:
    """The name of a level."""
    return _NAMES[given]
