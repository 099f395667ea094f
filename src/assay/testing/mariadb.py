"""A real MariaDB for tests: a server of its own in a directory, and as many databases as tests want."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from assay.core.errors import ConfigurationError
from assay.core.lazy import require
from assay.testing.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SERVER = "mariadbd"
INSTALLER = "mariadb-install-db"
_LAST_WORDS = 4000
_START_SECONDS = 60
_QUICK = (
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=48M",
    "--skip-name-resolve",
    "--performance-schema=off",
)
_NUMBERS = itertools.count(1)


class RunningMariadb:
    """A server that answers, or that a test has stopped.

    Attributes:
        port: Where it listens on this machine.
        process: The server's process, None while it is stopped.
    """

    def __init__(self, directory: Path, program: str, *, durable: bool) -> None:
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None
        self._directory = directory
        self._program = program
        self._durable = durable

    def start(self, *options: str) -> None:
        """Start it, with more options, and wait until it answers."""
        command = [
            self._program,
            "--no-defaults",
            f"--datadir={self._directory / 'data'}",
            f"--socket={self._directory / 's'}",
            f"--pid-file={self._directory / 'pid'}",
            f"--port={self.port}",
            "--bind-address=127.0.0.1",
            f"--innodb-flush-method={'fsync' if self._durable else 'nosync'}",
            *_QUICK,
            *(("--user=root",) if os.geteuid() == 0 else ()),
            *options,
        ]
        with (self._directory / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if time.monotonic() > deadline:
                raise ConfigurationError(f"{SERVER} did not start: see {self._directory / 'log'}.")
            time.sleep(0.02)

    def stop(self, *, kill: bool = False) -> None:
        """End it, or let it die as in a power cut."""
        if self.process is None:
            return
        if kill:
            self.process.kill()
        else:
            self.process.terminate()
        self.process.wait(timeout=_START_SECONDS)
        self.process = None

    def uri(self, database: str, *, user: str = "root", options: str = "") -> str:
        """The address of a database."""
        return f"mysql://{user}@127.0.0.1:{self.port}/{database}{options}"

    def run(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements; the rows of the last."""
        pymysql = require("pymysql", extra="mysql")
        self._check_alive()
        connection = pymysql.connect(
            host="127.0.0.1", port=self.port, user="root", database=database, autocommit=True, ssl_disabled=True
        )
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())
        finally:
            connection.close()

    def new_database(self) -> str:
        """The name of a new, empty database."""
        name = f"assay_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"create database {name}")
        return name

    def _check_alive(self) -> None:
        """Tell the end of a server that nobody asked to end, with its last words."""
        code = None if self.process is None else self.process.poll()
        if code is not None:
            words = (self._directory / "log").read_text(errors="replace")[-_LAST_WORDS:]
            raise ConfigurationError(f"{SERVER} ended with {code}:\n{words}")

    def _answers(self) -> bool:
        pymysql = require("pymysql", extra="mysql")
        try:
            self.run("select 1")
        except pymysql.MySQLError:
            return False
        return True


@contextmanager
def running_mariadb(directory: Path, *, durable: bool = True) -> Iterator[RunningMariadb]:
    """Run a server for the length of the block.

    Args:
        directory: A directory that exists, with a short path, as it holds a socket.
        durable: Whether commits wait for the disk; tests are quicker without.

    Raises:
        ConfigurationError: there is no MariaDB on this machine, or it does not start.
    """
    program = found(SERVER)
    installer = found(INSTALLER)
    if program is None or installer is None:
        raise ConfigurationError(f"There is no {SERVER} here. Install the package mariadb-server.")
    command = [
        installer,
        "--no-defaults",
        f"--datadir={directory / 'data'}",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
        *(("--user=root",) if os.geteuid() == 0 else ()),
    ]
    result = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603
    if result.returncode:
        raise ConfigurationError(f"{INSTALLER} failed: {result.stderr.strip() or result.stdout.strip()[-500:]}")
    running = RunningMariadb(directory, program, durable=durable)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def found(program: str) -> str | None:
    """The path of a program of MariaDB, which distributions keep among those for administrators."""
    return shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/usr/local/mysql/bin")
