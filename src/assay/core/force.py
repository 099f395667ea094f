"""Force a whole file system to disk: one wait for any number of files."""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def can_force_all() -> bool:
    """Whether `force_all` does what it says here: Linux from 5.8 on, whose `syncfs` tells of errors."""
    return _system() is not None


def force_all(path: Path) -> None:
    """Force everything that was written to the file system of `path` to disk.

    Raises:
        OSError: something could not be written.
    """
    system = _system()
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if system.syncfs(descriptor):
            code = importlib.import_module("ctypes").get_errno()
            raise OSError(code, os.strerror(code), str(path))
    finally:
        os.close(descriptor)


@cache
def _system() -> Any:
    """The C library, when it has a `syncfs` to rely on."""
    if sys.platform != "linux" or _release() < (5, 8):
        return None
    try:  # loaded only now: it takes 10 ms that most programs never need
        library = importlib.import_module("ctypes").CDLL(None, use_errno=True)
        library.syncfs  # noqa: B018 -- asks whether it is there
    except (ImportError, OSError, AttributeError):
        return None
    return library


def _release() -> tuple[int, int]:
    major, _, rest = os.uname().release.partition(".")
    minor = rest.partition(".")[0]
    return (int(major), int(minor)) if major.isdecimal() and minor.isdecimal() else (0, 0)
