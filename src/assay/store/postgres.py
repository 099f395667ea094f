"""`Database` over psycopg: a pool of connections, repeatable read, and whole work again on conflict.

Reads see one snapshot. Writes run at repeatable read, which is snapshot isolation: of two transactions that change
the same row one fails, and is run again from its start. So that writers to one run do not fail in turn, each takes
the run's advisory lock when it first looks at it (`claim`); whoever finds it taken waits outside of a transaction.
A commit whose outcome is unknown, as the connection broke under it, is reported and never repeated: only the caller
knows whether that would be safe. Connections are never carried over a fork: a child opens its own.
"""

from __future__ import annotations

import hashlib
import os
import select
import threading
import time
import weakref
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg
from psycopg import RawCursor, conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import FloatBinaryDumper, Int8BinaryDumper, NumericBinaryLoader
from psycopg.types.string import StrBinaryDumper

from assay.core import uri
from assay.core.errors import AssayError, ConfigurationError, TemporarilyUnavailable
from assay.core.retry import Backoff, retry
from assay.store.committer import Committer, Job
from assay.store.pool import Pool
from assay.store.postgres_errors import DRIVER_ERRORS, Conflict, ConnectionLost, Contended, Duplicate, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.store.sql.database import Dialect

    Connection = psycopg.Connection[tuple[Any, ...]]
    Work = Callable[["PostgresTransaction"], Any]

T = TypeVar("T")

OLDEST_SERVER = 130000
STATEMENT_SECONDS = 60
LOCK_SECONDS = 10
CONFLICT_SECONDS = 30.0
DUPLICATES = 5
_CONNECT_SECONDS = 10
_SILENCE_SECONDS = 30
_PREPARED_STATEMENTS = 512
_BACKOFF = Backoff(base=0.004, cap=0.1)
_BEGIN_READ = "begin isolation level repeatable read read only"
_BEGIN_WRITE = "begin isolation level repeatable read"
_CLAIM = "select pg_try_advisory_xact_lock(?)"
_WAIT = "select pg_advisory_xact_lock(?)"
_VERSION = "select pg_current_snapshot()::text"


class PostgresDialect:
    """How PostgreSQL differs."""

    name = "postgres"
    integers = "select unnest(?::bigint[])"
    texts = "select unnest(?::text[])"
    table_names = "select tablename::text from pg_tables where schemaname = current_schema()"

    def bound(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list as an array."""
        return list(values)

    def like(self, expression: str, pattern: str, *, ignore_case: bool) -> tuple[str, str]:
        """`ilike` ignores the case of ASCII letters in columns that sort by code point, which all texts do here."""
        return f"{expression} {'ilike' if ignore_case else 'like'} ? escape ''", pattern


DIALECT: Dialect = PostgresDialect()


class _NumberLoader(NumericBinaryLoader):
    """Sums of integers are integers, in Python too."""

    def load(self, data: Any) -> Any:
        """The number as int, or float if it has decimals."""
        value = super().load(data)
        return int(value) if value == value.to_integral_value() else float(value)


@lru_cache(maxsize=2048)
def _numbered(sql: str) -> str:
    """The statement with `$1`, `$2`, ... for its question marks."""
    first, *others = sql.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))


@lru_cache(maxsize=4096)
def lock_number(name: str) -> int:
    """The advisory lock that stands for a name, the same in every process."""
    return int.from_bytes(hashlib.blake2b(name.encode(errors="replace"), digest_size=8).digest(), "big", signed=True)


class PostgresTransaction:
    """A `Transaction` over a connection. What gives no rows waits, and is sent along with the next statement."""

    __slots__ = ("_claims", "_connection", "_cursor", "_told", "_waiting", "changed", "committing")

    def __init__(self, connection: Connection, begin: str, *, told: Callable[[str], object] | None) -> None:
        self._connection = connection
        self._cursor = connection.cursor(binary=True)
        self._waiting: list[tuple[str, Sequence[Sequence[Any]]]] = [(begin, ((),))]
        self._claims: set[int] | None = set() if begin is _BEGIN_WRITE else None
        self._told = told
        self.changed = False
        self.committing = False

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row, or None."""
        return self._executed(sql, values).fetchone()

    def all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows."""
        return self._executed(sql, values).fetchall()

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement that gives no rows; how many rows it changed."""
        return self._executed(sql, values).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of values, with the next statement or the commit."""
        given = list(rows)
        if given:
            self.changed = True
            self._waiting.append((sql, given))

    def claim(self, name: str) -> None:
        """Take the lock of a name until the end; whoever finds it taken is run again when it is free."""
        if self._claims is None:
            return
        lock = lock_number(name)
        if lock in self._claims:
            return
        if self.one(_CLAIM, (lock,)) != (True,):
            raise Contended(lock)
        self._claims.add(lock)

    def commit(self) -> None:
        """Send what waits, and commit; `committing` stays true if nobody can know whether that came through."""
        self._tell("commit")
        if len(self._waiting) == 1 and not self.changed and self._connection_is_idle():
            return  # nothing was ever sent
        self.committing = True
        if self._waiting:
            with self._connection.pipeline():
                self._send_waiting()
                self._connection.execute("commit")
        else:
            self._connection.execute("commit")
        self.committing = False

    def _connection_is_idle(self) -> bool:
        return self._connection.info.transaction_status is TransactionStatus.IDLE

    def _executed(self, sql: str, values: Sequence[Any]) -> RawCursor[tuple[Any, ...]]:
        cursor = cast("RawCursor[tuple[Any, ...]]", self._cursor)
        if not sql.lstrip().startswith("select"):
            self.changed = True
        self._tell(sql)
        if self._waiting:
            with self._connection.pipeline():
                self._send_waiting()
                cursor.execute(cast("Any", _numbered(sql)), values)
        else:
            cursor.execute(cast("Any", _numbered(sql)), values)
        return cursor

    def _send_waiting(self) -> None:
        sender = self._connection.cursor()
        for sql, rows in self._waiting:
            statement = cast("Any", _numbered(sql))
            if len(rows) == 1:
                sender.execute(statement, rows[0])
            else:
                sender.executemany(statement, rows)
        self._waiting.clear()

    def _tell(self, sql: str) -> None:
        if self._told is None:
            return
        for waiting, rows in self._waiting:
            for _ in rows:
                self._told(waiting)
        self._told(sql)


class PostgresDatabase:
    """A database of a PostgreSQL server, shared by the threads of this process and with other processes."""

    def __init__(
        self,
        address: str,
        *,
        statement_seconds: int = STATEMENT_SECONDS,
        on_statement: Callable[[str], object] | None = None,
    ) -> None:
        """Take note of the address; connections are opened when needed.

        A statement that takes longer than `statement_seconds` fails, 0 lets it. `on_statement` is told every
        statement run, for tests and profiling.

        Raises:
            ConfigurationError: the address is not one that PostgreSQL's own library understands.
        """
        self.name = uri.redact(address)
        self._parameters = _parameters(address, statement_seconds=statement_seconds)
        self._on_statement = on_statement
        self._start()
        _OPEN.add(self)

    def _start(self) -> None:
        self._pool: Pool[Connection] = Pool(self._connect, is_alive=_is_alive, name=self.name)
        self._committer: Committer[Work] = Committer(self._commit, name=self.name)
        self._writing = threading.local()

    def forget_inherited(self) -> list[Connection]:
        """After a fork, in the child: start anew, and return the parent's connections, which must not be closed."""
        inherited = self._pool.connections()
        self._start()
        return inherited

    @property
    def dialect(self) -> Dialect:
        """Where this database differs."""
        return DIALECT

    def read(self, work: Callable[[PostgresTransaction], T]) -> T:
        """Run `work` over one consistent snapshot; again if the connection is lost."""
        return retry(
            lambda: self._attempt(work, _BEGIN_READ),
            retries=2,
            backoff=_BACKOFF,
            when=lambda error: isinstance(error, (ConnectionLost, Conflict)),
        )

    def write(self, work: Callable[[PostgresTransaction], T]) -> T:
        """Run `work` in one transaction and commit it durably; again as long as it conflicts with others."""
        if getattr(self._writing, "now", False):
            raise AssayError("A write began inside another write of the same thread. Do both in one piece of work.")
        self._writing.now = True
        duplicates = 0

        def is_worth_it(error: AssayError) -> bool:
            nonlocal duplicates
            duplicates += isinstance(error, Duplicate)
            return isinstance(error, (Conflict, ConnectionLost)) or (
                isinstance(error, Duplicate) and duplicates <= DUPLICATES
            )

        try:
            return retry(
                lambda: self._attempt(work, _BEGIN_WRITE),
                retries=10_000,
                backoff=_BACKOFF,
                deadline=time.monotonic() + CONFLICT_SECONDS,
                when=is_worth_it,
            )
        finally:
            self._writing.now = False

    def submit(self, work: Work, done: Callable[[Any, BaseException | None], None]) -> None:
        """Like `write` without waiting; work of the same moment is committed together."""
        self._committer.submit(work, done)

    def version(self) -> int:
        """A number that changes with every commit to the server, of any process."""
        connection = self._pool.take()
        try:
            row = connection.execute(_VERSION).fetchone()
        except DRIVER_ERRORS as error:
            raise translated(error, self.name, lost=connection.broken) from error
        finally:
            self._return(connection)
        return hash(row)

    def close(self) -> None:
        """Finish what was submitted and close all connections."""
        self._committer.close()
        self._pool.close()

    def _attempt(self, work: Callable[[PostgresTransaction], T], begin: str) -> T:
        """Run `work` in a transaction of its own."""
        connection = self._pool.take()
        transaction = PostgresTransaction(connection, begin, told=self._on_statement)
        try:
            result = work(transaction)
            if begin is _BEGIN_WRITE:
                transaction.commit()
        except DRIVER_ERRORS as error:
            raise self._explained(error, connection, unsure=transaction.committing) from error
        except Contended as error:
            self._wait(connection, error.lock)
            raise
        else:
            return result
        finally:
            self._return(connection)

    def _wait(self, connection: Connection, lock: int) -> None:
        """Wait until another transaction has given up the lock."""
        try:
            connection.execute("rollback")
            connection.execute(cast("Any", _numbered(_WAIT)), (lock,))
        except DRIVER_ERRORS as error:
            raise self._explained(error, connection, unsure=False) from error

    def _explained(self, error: BaseException, connection: Connection, *, unsure: bool) -> AssayError:
        if unsure and connection.broken:
            return TemporarilyUnavailable(
                f"The connection to the store {self.name} was lost during a commit: it may have been stored, or not. "
                "Look, or send the same again where that is harmless."
            )
        return translated(error, self.name, lost=connection.broken)

    def _return(self, connection: Connection) -> None:
        """End whatever transaction is open, and keep the connection unless it is broken."""
        try:
            if not connection.broken and connection.info.transaction_status is not TransactionStatus.IDLE:
                connection.execute("rollback")
        except psycopg.Error:
            self._pool.discard(connection)
            return
        if connection.broken:
            self._pool.discard(connection)
        else:
            self._pool.give_back(connection)

    def _commit(self, group: list[Job[Work]]) -> None:
        """Run a group in one transaction; what that does harm to is run alone."""
        if len(group) > 1 and self._commit_together(group):
            return
        for job in group:
            job.attempt(self.write)

    def _commit_together(self, group: list[Job[Work]]) -> bool:
        """Run a group in one transaction; False if it was undone for the failure of one."""

        def together(transaction: PostgresTransaction) -> None:
            for job in group:
                transaction.changed = False
                job.attempt(lambda work: work(transaction))
                if isinstance(job.error, (Conflict, *DRIVER_ERRORS)):
                    raise job.error
                if job.error is not None and transaction.changed:
                    raise _SpoiledError from job.error

        try:
            self.write(together)
        except (_SpoiledError, Duplicate):
            return False
        except AssayError as error:
            if isinstance(error, Conflict) or error.status < 500:
                return False
            for job in group:
                job.error = error
        return True

    def _connect(self) -> Connection:
        try:
            connection: Connection = psycopg.connect(
                **self._parameters, autocommit=True, cursor_factory=RawCursor, prepare_threshold=2
            )
        except psycopg.Error as error:
            raise translated(error, self.name) from error
        if connection.info.server_version < OLDEST_SERVER:
            connection.close()
            raise ConfigurationError(f"The server of the store {self.name} is older than PostgreSQL 13. Upgrade it.")
        if connection.info.parameter_status("server_encoding") != "UTF8":
            connection.close()
            raise ConfigurationError(f"The database {self.name} is not in UTF-8. Create one with encoding 'UTF8'.")
        connection.prepared_max = _PREPARED_STATEMENTS
        for kind, dumper in ((int, Int8BinaryDumper), (float, FloatBinaryDumper), (str, StrBinaryDumper)):
            connection.adapters.register_dumper(kind, dumper)
        connection.adapters.register_loader("numeric", _NumberLoader)
        return connection


class _SpoiledError(Exception):
    """One job of a group failed after it had changed something."""


def _parameters(address: str, *, statement_seconds: int) -> dict[str, Any]:
    """What libpq is told: the address, and limits so that nothing waits for ever; the address wins."""
    scheme, _, rest = address.partition("://")
    try:
        given = conninfo.conninfo_to_dict(f"postgresql://{rest}")
    except psycopg.Error as error:
        reason = str(error).strip().replace(f"postgresql://{rest}", uri.redact(address))
        raise ConfigurationError(
            f"{uri.redact(address)!r} is not the address of a database: {reason}. "
            f"Write {scheme}://user:password@host:port/database."
        ) from error
    options = (
        f"-c statement_timeout={statement_seconds}s -c lock_timeout={min(LOCK_SECONDS, statement_seconds)}s "
        f"-c idle_in_transaction_session_timeout={STATEMENT_SECONDS}s -c synchronous_commit=on -c jit=off "
        f"{given.get('options') or ''}"
    )
    limits = {
        "application_name": "assay",
        "connect_timeout": _CONNECT_SECONDS,
        "keepalives_idle": _SILENCE_SECONDS,
        "tcp_user_timeout": _SILENCE_SECONDS * 1000,
    }
    return {**limits, **given, "options": options.strip(), "client_encoding": "utf8"}


def _is_alive(connection: Connection) -> bool:
    """Whether an idle connection is still there: a server that goes says so, or closes, which makes it readable."""
    if connection.broken:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


_OPEN: weakref.WeakSet[PostgresDatabase] = weakref.WeakSet()
_INHERITED: list[list[Connection]] = []


def _forget_inherited() -> None:
    _INHERITED.extend([database.forget_inherited() for database in list(_OPEN)])


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_inherited)
