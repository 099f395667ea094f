"""`assay server` in a process of its own, and free ports for servers of all kinds."""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from assay.core import settings
from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

COMMAND = (sys.executable, "-m", "assay")
_START_SECONDS = 30.0
_STOP_SECONDS = 30.0
_PAUSE = 0.02
_PORTS = range(10_000, 32_000)
"""Below those that systems give to outgoing connections: a server that starts late, or again, finds its port free."""
_TRIES = 100


def free_port() -> int:
    """A port of this machine that nobody listens on, and that no outgoing connection will be given meanwhile.

    Raises:
        ConfigurationError: none was found in many tries.
    """
    for port in random.SystemRandom().sample(_PORTS, _TRIES):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise ConfigurationError(f"{_TRIES} ports between {_PORTS.start} and {_PORTS.stop} are all taken.")


class ServerProcess:
    """A server that can be stopped, killed, and started again at the same address.

    Attributes:
        port: Where it listens on this machine.
        url: Its tracking URI.
        directory: Where it works.
        log: The file that holds what it says.
    """

    def __init__(
        self,
        directory: Path,
        *options: str,
        command: Sequence[str] = (*COMMAND, "server"),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Choose a port; nothing is started yet.

        Args:
            directory: Where it works, made when missing: store and artifacts go there unless `options` say otherwise.
            options: Of `assay server`.
            command: What the options are given to.
            environment: More variables; Assay's and MLflow's are not handed down from this process.
        """
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / f"server-{self.port}.log"
        self.directory = directory
        self._command = [*command, "--port", str(self.port), *options]
        self._environment = environment or {}
        self._process: subprocess.Popen[bytes] | None = None
        self._begun = 0

    @property
    def pid(self) -> int:
        """The process that was started last."""
        return self._started().pid

    def start(self) -> ServerProcess:
        """Start it and wait until it answers.

        Raises:
            AssertionError: it does not; holds what it said.
        """
        self.directory.mkdir(exist_ok=True)
        inherited = settings.environment().items()
        clean = {name: value for name, value in inherited if not name.startswith(("ASSAY_", "MLFLOW_"))}
        with self.log.open("ab") as log:
            self._begun = log.tell()
            self._process = subprocess.Popen(  # noqa: S603
                self._command,
                cwd=self.directory,
                env={**clean, **self._environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.said(rf"at http://127\.0\.0\.1:{self.port} ")
        return self

    def said(self, pattern: str) -> list[str]:
        """What matches a regular expression in the log since the last start, once anything does.

        Raises:
            AssertionError: it ended before, or took too long; holds what it said.
        """
        deadline = time.monotonic() + _START_SECONDS
        while True:
            ended = self._started().poll() is not None  # asked first: it says nothing afterwards
            text = self.log.read_bytes()[self._begun :].decode()
            found: list[str] = re.findall(pattern, text)
            if found:
                return found
            assert not ended, text
            assert time.monotonic() < deadline, text
            time.sleep(_PAUSE)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send it a signal and wait for its end; returns the exit status."""
        self._started().send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; returns the exit status."""
        return self._started().wait(timeout=_STOP_SECONDS)

    def kill(self) -> None:
        """End all of its processes at once, without a word; does nothing where none is left."""
        if self._process is None:
            return
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self._process.wait(timeout=_STOP_SECONDS)

    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "The server was not started."
        return self._process
