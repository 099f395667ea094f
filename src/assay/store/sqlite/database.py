"""`Database` over sqlite3: one writer that groups commits, a pool of readers on snapshots.

The file is in WAL mode with `synchronous=full`: a commit that returned survives a power cut, and readers never wait
for the writer. Connections are never carried over a fork: a child opens its own.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import AssayError, ConfigurationError
from assay.store.forks import start_anew_in_children
from assay.store.sqlite.errors import translated
from assay.store.sqlite.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from assay.store.sql.database import Dialect

T = TypeVar("T")

OLDEST_SQLITE = (3, 35, 0)
BUSY_SECONDS = 30.0
IDLE_READERS = 8
_PRAGMAS = (
    "pragma synchronous = full",
    "pragma foreign_keys = on",
    "pragma temp_store = memory",
    "pragma cache_size = -16384",
    "pragma journal_size_limit = 67108864",
)
_GLOB_SIGNS = str.maketrans({"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"})


class SqliteDialect:
    """How SQLite differs."""

    name = "sqlite"
    integers = "select value from json_each(?)"
    texts = "select value from json_each(?)"
    table_names = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"

    def bound(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list as JSON."""
        return json.dumps(values)

    def like(self, expression: str, pattern: str, *, ignore_case: bool) -> tuple[str, str]:
        """`like` ignores the case of ASCII letters here, so the exact match is a `glob`."""
        if ignore_case:
            return f"{expression} like ?", pattern
        return f"{expression} glob ?", pattern.translate(_GLOB_SIGNS)


DIALECT: Dialect = SqliteDialect()


class SqliteTransaction:
    """A `Transaction` over a connection whose transaction someone else began and will end."""

    __slots__ = ("_connection", "_execute")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._execute = connection.execute

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        row: tuple[Any, ...] | None = self._execute(sql, values).fetchone()
        return row

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._execute(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives no rows; how many rows it changed."""
        return self._execute(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values."""
        self._connection.executemany(sql, rows)

    def claim(self, name: str) -> None:
        """Nothing to do: one transaction writes at a time."""


class SqliteDatabase:
    """A SQLite file shared by the threads of this process, and with other processes."""

    def __init__(self, path: Path, *, on_statement: Callable[[str], object] | None = None) -> None:
        """Open the file, creating it and its directory when needed.

        `on_statement` is told every statement run, for tests and profiling.

        Raises:
            ConfigurationError: the file cannot be opened, or is no SQLite database.
        """
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise ConfigurationError(
                f"SQLite {sqlite3.sqlite_version} is too old: Assay needs 3.35 or newer. Use another build of Python."
            )
        self.path = path
        self._on_statement = on_statement
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(f"The directory of the store {path} cannot be created: {error}.") from error
        self._start()
        start_anew_in_children(self)

    def _start(self) -> None:
        self._readers: list[sqlite3.Connection] = []
        self._watcher: sqlite3.Connection | None = None
        self._watching = threading.Lock()
        self._closed = False
        self._writer = Writer(self._connect, SqliteTransaction, str(self.path))

    def forget_inherited(self) -> list[sqlite3.Connection | None]:
        """After a fork, in the child: start anew, and return the parent's connections, which must not be closed."""
        inherited = [*self._readers, self._watcher, self._writer.connection]
        self._start()
        return inherited

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def read(self, work: Callable[[SqliteTransaction], T]) -> T:
        """Run `work` over one consistent snapshot."""
        try:
            connection = self._reader()
            try:
                connection.execute("begin")
                return work(SqliteTransaction(connection))
            finally:
                self._give_back(connection)
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise translated(error, self.path) from error

    def write(self, work: Callable[[SqliteTransaction], T]) -> T:
        """Run `work` in one transaction and commit it durably."""
        return self._writer.write(work)

    def submit(
        self, work: Callable[[SqliteTransaction], Any], done: Callable[[Any, BaseException | None], None]
    ) -> None:
        """Like `write` without waiting; work of the same moment is committed together."""
        self._writer.submit(work, done)

    def version(self) -> int:
        """A number that changes with every commit, of any process."""
        try:
            with self._watching:
                self._check_open()
                if self._watcher is None:
                    self._watcher = self._connect()
                number: int = self._watcher.execute("pragma data_version").fetchone()[0]
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        return number

    def close(self) -> None:
        """Finish what was submitted and close all connections."""
        self._closed = True
        self._writer.close()
        while self._readers:
            self._readers.pop().close()
        with self._watching:
            if self._watcher is not None:
                self._watcher.close()
                self._watcher = None

    def _check_open(self) -> None:
        if self._closed:
            raise AssayError(f"The store {self.path} is closed.")

    def _reader(self) -> sqlite3.Connection:
        self._check_open()
        with contextlib.suppress(IndexError):
            return self._readers.pop()
        connection = self._connect()
        connection.execute("pragma query_only = on")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.rollback()
        if self._closed or len(self._readers) >= IDLE_READERS:
            connection.close()
        else:
            self._readers.append(connection)

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=512
            )
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        try:
            _use_wal(connection)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error as error:
            connection.close()
            raise translated(error, self.path) from error
        if self._on_statement is not None:
            connection.set_trace_callback(self._on_statement)
        return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL unless it is on: two processes that do so at once do not wait for each other by themselves."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("pragma journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
