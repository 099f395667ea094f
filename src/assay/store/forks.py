"""Databases after a fork: a child that used its parent's connections, or closed them, would speak for its parent."""

from __future__ import annotations

import os
import weakref
from typing import Protocol


class Forkable(Protocol):
    """A database with connections."""

    def forget_inherited(self) -> object:
        """In the child: start anew, and return the parent's connections, which must not be closed."""


_OPEN: weakref.WeakSet[Forkable] = weakref.WeakSet()
_INHERITED: list[object] = []
"""The parent's connections: what is collected as garbage is closed."""


def start_anew_in_children(database: Forkable) -> None:
    """Have every process that is forked from now on forget the connections of a database."""
    _OPEN.add(database)


def _forget_inherited() -> None:
    _INHERITED.extend([database.forget_inherited() for database in list(_OPEN)])


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
