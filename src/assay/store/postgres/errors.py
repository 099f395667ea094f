"""Errors of psycopg as errors of Assay, by what the user can do about them."""

from __future__ import annotations

import psycopg
from psycopg import errors

from assay.core.errors import (
    AssayError,
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    StorageFull,
    TemporarilyUnavailable,
)

DRIVER_ERRORS = (psycopg.Error, OverflowError, UnicodeEncodeError)


class Conflict(TemporarilyUnavailable):
    """Another transaction changed the same data; nothing was changed, and the work may be done again."""


class Contended(Conflict):
    """Another transaction is about to change the same data: wait for `lock`, then do the work again."""

    retry_after = 0.0

    def __init__(self, lock: int) -> None:
        """`lock` is the number of the advisory lock that the other one holds."""
        self.lock = lock
        super().__init__("Other writers have held the same run for too long; nothing was changed. Try again.")


class Duplicate(ResourceAlreadyExists):
    """Another transaction stored the same key first, or the caller gives it twice."""


class Vanished(ResourceDoesNotExist):
    """What the work refers to is not there: another transaction deleted it meanwhile, or it never was."""


class Unreachable(TemporarilyUnavailable):
    """The server does not answer."""


class UnknownOutcome(TemporarilyUnavailable):
    """The connection broke during a commit."""


class ConnectionLost(TemporarilyUnavailable):
    """The connection broke before anything was committed; the work may be done again."""


_CONFLICTS = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.DuplicateTable,
    errors.ActiveSqlTransaction,
)
_BY_CLASS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], type[AssayError], str], ...] = (
    (_CONFLICTS, Conflict, "Others keep changing the same data of the store {name}; nothing was changed. Try again."),
    (errors.UniqueViolation, Duplicate, "The store {name} holds this already ({error})."),
    (errors.ForeignKeyViolation, Vanished, "The store {name} lacks what this refers to ({error})."),
    (errors.DiskFull, StorageFull, "The disk that holds the store {name} is full; nothing was changed."),
    (
        errors.ReadOnlySqlTransaction,
        StorageFull,
        "The store {name} is read-only; nothing was changed. Give the address of the primary server.",
    ),
    (
        (errors.TooManyConnections, errors.OutOfMemory, errors.ConfigurationLimitExceeded),
        TemporarilyUnavailable,
        "The server of the store {name} is at its limits ({error}). Try again, or raise them.",
    ),
    (
        (errors.LockNotAvailable, errors.QueryCanceled),
        TemporarilyUnavailable,
        "The store {name} took too long ({error}); nothing was changed. Try again, or ask for less.",
    ),
    (
        errors.InsufficientPrivilege,
        ConfigurationError,
        "The user of the store {name} may not do this ({error}). Grant it all rights on the schema.",
    ),
    (
        errors.InvalidSchemaName,
        ConfigurationError,
        "The store {name} has no schema to use ({error}). Create it, or set search_path.",
    ),
    ((errors.DataCorrupted, errors.IndexCorrupted), DataLoss, "The store {name} is damaged ({error}). Restore a copy."),
    (
        UnicodeEncodeError,
        InvalidParameterValue,
        "A text in the request holds a lone surrogate, which is no valid Unicode.",
    ),
    (
        (OverflowError, errors.NumericValueOutOfRange),
        InvalidParameterValue,
        "A number in the request does not fit into 64 bits.",
    ),
    (
        errors.ProgramLimitExceeded,
        InvalidParameterValue,
        "A value in the request is too large ({error}).",
    ),
)
_BY_TEXT: tuple[tuple[str, type[AssayError], str], ...] = (
    ("NUL", InvalidParameterValue, "A text in the request holds a NUL character, which the store cannot keep."),
    ("0x00", InvalidParameterValue, "A text in the request holds a NUL character, which the store cannot keep."),
    ("uthentication failed", ConfigurationError, "The store {name} refuses the user or the password."),
    ("no password supplied", ConfigurationError, "The store {name} wants a password. Give it in the URI or ~/.pgpass."),
    ("no pg_hba.conf entry", ConfigurationError, "The store {name} does not let this user or host in ({error})."),
    ("connection slots", TemporarilyUnavailable, "The server of the store {name} has no connection left ({error})."),
    ("too many c", TemporarilyUnavailable, "The server of the store {name} has no connection left ({error})."),
    ('database "', ConfigurationError, "The store {name} cannot be opened: {error}. Create it with createdb."),
    ('role "', ConfigurationError, "The store {name} cannot be opened: {error}."),
    ("translate host name", ConfigurationError, "The host of the store {name} is not known: {error}."),
)


def translated(error: BaseException, name: str, *, lost: bool = False) -> AssayError:
    """The error of Assay for one of the driver; `lost` tells that the connection is broken."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rpartition("FATAL:  ")[2]
    for classes, kind, message in _BY_CLASS:
        if isinstance(error, classes):
            return kind(message.format(name=name, error=text))
    for sign, kind, message in _BY_TEXT:
        if sign in str(error):
            return kind(message.format(name=name, error=text))
    if lost:
        return ConnectionLost(f"The connection to the store {name} was lost ({text}). Try again.")
    if isinstance(error, psycopg.OperationalError):
        return Unreachable(f"The store {name} does not answer ({text}). Try again.")
    return AssayError(f"The store {name} failed: {text}.")
