"""Errors of MariaDB and MySQL as errors of Assay, by their numbers and by what the user can do about them."""

from __future__ import annotations

from assay.core.errors import (
    AssayError,
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    StorageFull,
    TemporarilyUnavailable,
)


class Conflict(TemporarilyUnavailable):
    """Others changed the same data; nothing was changed, and the work may be done again."""


class Duplicate(Conflict):
    """Another transaction stored the same key first, or the caller gives it twice."""


class Lost(TemporarilyUnavailable):
    """The connection was lost before the commit; the server undoes what was begun."""


class Uncertain(TemporarilyUnavailable):
    """The connection was lost during the commit: the work may be stored or not."""


ALREADY_DONE = frozenset({1050, 1060, 1061, 1091, 1826})
"""A table, column, index or constraint is there already, or already gone."""

_LOST = "The connection to the store {place} was lost ({error}). Try again."
_CONFLICT = "Others kept changing the same data of the store {place} ({error}). Try again."
_DUPLICATE = "The store {place} holds this already ({error})."
_UNREACHABLE = "The store {place} cannot be reached: {error}. Is the server running there?"
_BUSY = "The store {place} takes no more connections ({error}). Raise max_connections, or try again."
_REFUSED = "The store {place} refuses the connection or the statement: {error}. Check user, password and grants."
_FULL = "The disk that holds the store {place} is full ({error}); nothing was changed. Free some space."
_READ_ONLY = "The store {place} cannot be written ({error}); nothing was changed."
_PACKET = "A value in the request is too large for the store {place}: raise the server's max_allowed_packet ({error})."
_RANGE = "A number in the request does not fit into 64 bits."
_LONG = "A text in the request is too long for the store: {error}."
_UNICODE = "A text in the request is no valid Unicode ({error})."
_DAMAGED = "The store {place} is damaged ({error}). Restore a copy."

_KINDS: tuple[tuple[type[AssayError], str, tuple[int, ...]], ...] = (
    (Conflict, _CONFLICT, (1020, 1205, 1213, 1412, 1216, 1217, 1451, 1452)),
    (Duplicate, _DUPLICATE, (1022, 1062, 1586)),
    (Lost, _LOST, (0, 1053, 1077, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 2014, 2027, 2055, 3169, 4031)),
    (TemporarilyUnavailable, _UNREACHABLE, (2002, 2003, 2005)),
    (TemporarilyUnavailable, _BUSY, (1040, 1203, 1226)),
    (ConfigurationError, _REFUSED, (1044, 1045, 1049, 1130, 1142, 1143, 1227, 1251, 1698, 2026, 2059, 2061, 3118)),
    (StorageFull, _FULL, (1021, 1114)),
    (StorageFull, _READ_ONLY, (1036, 1290, 1792, 1836, 3100)),
    (InvalidParameterValue, _PACKET, (1153, 1301)),
    (InvalidParameterValue, _RANGE, (1264, 1690)),
    (InvalidParameterValue, _LONG, (1406,)),
    (InvalidParameterValue, _UNICODE, (1300, 1366)),
    (DataLoss, _DAMAGED, (1034, 1194, 1195, 1712)),
)
_BY_NUMBER = {number: (kind, message) for kind, message, numbers in _KINDS for number in numbers}
_NO_SPACE = ("errno: 28", "error 28", "Errcode: 28", "No space left")


def translated(number: int, text: str, *, place: str) -> AssayError:
    """The error of Assay for one of the server or the driver; `place` is where the store is, without a password."""
    kind, message = _BY_NUMBER.get(number, (AssayError, "The store {place} failed: {error}."))
    if any(sign in text for sign in _NO_SPACE):
        kind, message = StorageFull, _FULL
    return kind(message.format(place=place, error=" ".join(f"{number}: {text}".split()).rstrip(".")))


def number_of(error: AssayError) -> int:
    """The number of the driver's error behind one of Assay; -1 if there is none."""
    given = error.__cause__.args if error.__cause__ is not None else ()
    return given[0] if given and isinstance(given[0], int) else -1


def uncertain(error: Lost, *, place: str) -> Uncertain:
    """The error for a connection that was lost during the commit."""
    return Uncertain(
        f"The connection to the store {place} was lost while it stored the changes: they may be stored or not. "
        f"Look before you try again ({error})."
    )


def unencodable(error: UnicodeEncodeError) -> AssayError:
    """The error for a lone surrogate."""
    shown = error.object[max(0, error.start - 20) : error.end].encode("ascii", "backslashreplace").decode()
    return InvalidParameterValue(f"A text in the request is no valid Unicode: it holds a lone surrogate ({shown}).")


def too_large(size: int, limit: int, *, place: str) -> AssayError:
    """The error for a statement that the server would refuse to read."""
    return translated(1153, f"{size:,} bytes in one statement, {limit:,} are allowed", place=place)
