"""Locks between processes that the kernel releases when their holder dies, however it dies."""

from __future__ import annotations

import os
import sys
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

if sys.platform != "win32":
    import fcntl


class FileLock:
    """An exclusive lock on a file, held until `release` or until this process ends.

    A forked child gives up its share of the lock: only the process that acquired it holds it. Where the platform or
    the file system has no such locks, the lock is granted to everybody, and `is_held` says that it cannot tell.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        _held.add(self)

    @classmethod
    def acquire(cls, path: Path) -> FileLock | None:
        """Lock the file, creating it where it is missing; None when somebody holds it.

        Raises:
            OSError: the file cannot be opened.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(descriptor, exclusive=True) is False:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def write(self, text: str) -> None:
        """Replace what the locked file says, for people who look at it."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, text.encode())

    def is_file(self, path: Path) -> bool:
        """Whether `path` still names the locked file: it may have been removed while the lock was being taken."""
        try:
            return os.path.samestat(path.stat(), os.fstat(self._descriptor))
        except (FileNotFoundError, NotADirectoryError):
            return False

    def release(self) -> None:
        """Unlock the file. Doing so again does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor < 0:
            return
        _unlock(descriptor)
        os.close(descriptor)

    def forget(self) -> None:
        """Close a forked child's copy of the descriptor; unlocking it would unlock the parent's as well."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def is_held(path: Path) -> bool | None:
    """Whether some process holds the lock on `path`; None where that cannot be told."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        granted = _lock(descriptor, exclusive=False)
    finally:
        os.close(descriptor)
    return None if granted is None else not granted


def _lock(descriptor: int, *, exclusive: bool) -> bool | None:
    if sys.platform == "win32":
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks, such as some network mounts
        return None
    return True


def _unlock(descriptor: int) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    except OSError:  # never locked, for the same reason as above; closing is enough
        return


def _forget_all() -> None:
    for lock in list(_held):
        lock.forget()


_held: weakref.WeakSet[FileLock] = weakref.WeakSet()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
