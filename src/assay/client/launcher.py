"""Start the helper process, and see whether it is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import assay
from assay.client import spools
from assay.core import settings, uri
from assay.journal.locks import is_held

LOCK_NAME = "helper.lock"
LOG_NAME = "helper.log"
_CAN_START = bool(sys.executable) and hasattr(os, "posix_spawn")
"""Elsewhere (Windows, embedded interpreters) the process delivers itself, and `assay sync` what it leaves behind."""

_PROGRAM = """import sys
sys.path = [path for path in sys.path if path]
from assay.client.shipper import main
sys.exit(main())"""
"""Not `-m`, which would take modules from the working directory: a `queue.py` there must not keep the helper down."""


class Launcher:
    """The helper of one spool directory, as the processes that log see it."""

    def __init__(self, directory: Path, address: str, *, artifact_root: str = "") -> None:
        self._directory = directory
        self._address = address
        self._artifact_root = artifact_root
        self._children: list[int] = []
        self._pid = os.getpid()

    def ensure(self) -> None:
        """Start the helper unless it runs.

        Raises:
            OSError: the spool directory cannot be used, or the process cannot be started.
        """
        self._reap()
        if self._children or is_held(self._directory / LOCK_NAME) or not _CAN_START:
            return
        spools.note_address(self._directory, self._address, artifact_root=self._artifact_root)
        arguments = [sys.executable, "-c", _PROGRAM, str(self._directory), uri.without_password(self._address)]
        self._children.append(_start(arguments, self._environment(), log=self._directory / LOG_NAME))

    def _environment(self) -> dict[str, str]:
        """Like ours; the address is there with its password, since anybody may read a process's arguments."""
        environment = settings.environment()
        environment[settings.tracking_uri.variables[0]] = self._address
        if self._artifact_root:
            environment[settings.default_artifact_root.variables[0]] = self._artifact_root
        present = environment.get("PYTHONPATH")
        root = str(Path(assay.__file__).parent.parent)
        environment["PYTHONPATH"] = f"{root}{os.pathsep}{present}" if present else root
        return environment

    def _reap(self) -> None:
        """Take notice of helpers that ended, so that they do not stay as zombies."""
        if self._pid != os.getpid():
            self._pid, self._children = os.getpid(), []
        self._children = [pid for pid in self._children if not _has_ended(pid)]


def _has_ended(pid: int) -> bool:
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:  # somebody else waited for it
        return True


def _start(arguments: list[str], environment: dict[str, str], *, log: Path) -> int:
    """Start a process in a session of its own: signals for the training program do not reach it."""
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawn(sys.executable, arguments, environment, file_actions=files, setsid=True)
