"""Errors of sqlite3 as errors of Assay, by what the user can do about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.errors import (
    AssayError,
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    StorageFull,
    TemporarilyUnavailable,
)

if TYPE_CHECKING:
    from pathlib import Path

_KNOWN: tuple[tuple[str, type[AssayError], str], ...] = (
    (
        "disk is full",
        StorageFull,
        "The disk that holds the store {path} is full; nothing was changed. Free some space.",
    ),
    ("readonly database", StorageFull, "The store {path} cannot be written; nothing was changed. Check permissions."),
    ("disk I/O error", StorageFull, "The disk that holds the store {path} fails ({error}); nothing was changed."),
    ("locked", TemporarilyUnavailable, "Another process has held the store {path} for too long. Try again."),
    ("not a database", ConfigurationError, "{path} is not a SQLite database. Give another file."),
    ("unable to open", ConfigurationError, "The store {path} cannot be opened. Check that its directory is writable."),
    ("malformed", DataLoss, "The store {path} is damaged ({error}). Restore a copy, or recover with the sqlite3 tool."),
    ("too complex", InvalidParameterValue, "A pattern in the filter is too long. Shorten it."),
    ("too large", InvalidParameterValue, "A number in the request does not fit into 64 bits."),
    ("too big", InvalidParameterValue, "A value in the request is too large for the store."),
    ("surrogates", InvalidParameterValue, "A text in the request is no valid Unicode: it holds a lone surrogate."),
)


def translated(error: BaseException, path: Path | str) -> AssayError:
    """The error of Assay for one of the driver."""
    text = str(error)
    for sign, kind, message in _KNOWN:
        if sign in text:
            return kind(message.format(path=path, error=text))
    return AssayError(f"The store {path} failed: {text}.")
