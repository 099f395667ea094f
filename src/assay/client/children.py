"""Processes of our own that outlive the program: other work is done there, and no training waits for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import assay
from assay.core import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

CAN_START = bool(sys.executable) and hasattr(os, "posix_spawn")
"""Not on Windows, nor in embedded interpreters."""

_PROGRAM = """import sys
sys.path = [path for path in sys.path if path]
from {module} import main
sys.exit(main())"""
"""Not `-m`, which would take modules from the working directory: a `queue.py` there must not keep the process down."""


class Children:
    """The processes that this one has started for one purpose; a fork of this one has started none."""

    def __init__(self) -> None:
        self._pids: list[int] = []
        self._pid = os.getpid()

    def alive(self) -> bool:
        """Whether one of them still runs; those that have ended do not stay as zombies."""
        if self._pid != os.getpid():
            self._pid, self._pids = os.getpid(), []
        self._pids = [pid for pid in self._pids if not _has_ended(pid)]
        return bool(self._pids)

    def start(self, module: str, *arguments: str, variables: Mapping[str, str], log: Path) -> None:
        """Run `main` of a module in a session of its own: signals for the training program do not reach it.

        Its environment is like ours, with `variables`: what is secret belongs there, anybody may read arguments.

        Raises:
            OSError: the process cannot be started.
        """
        environment = settings.environment() | dict(variables)
        present = environment.get("PYTHONPATH")
        root = str(Path(assay.__file__).parent.parent)
        environment["PYTHONPATH"] = f"{root}{os.pathsep}{present}" if present else root
        files = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ]
        command = [sys.executable, "-c", _PROGRAM.format(module=module), *arguments]
        self._pids.append(os.posix_spawn(sys.executable, command, environment, file_actions=files, setsid=True))


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # somebody else waited for it
        return True
