"""`Database` over psycopg: a pool of connections, repeatable read, and whole work again on conflict.

Reads see one snapshot. Writes run at repeatable read, which is snapshot isolation: of two transactions that change
the same row one fails, and is run again from its start. So that writers to one run do not fail in turn, each takes
the run's advisory lock when it first looks at it (`claim`); whoever finds it taken waits outside of a transaction.
A commit whose outcome is unknown, as the connection broke under it, is reported and never repeated: only the caller
knows whether that would be safe. Connections are never carried over a fork: a child opens its own.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any, TypeVar, cast

import psycopg
from psycopg.pq import TransactionStatus

from assay.core import uri
from assay.core.errors import AssayError
from assay.core.retry import Backoff, retry
from assay.store.committer import Committer
from assay.store.forks import start_anew_in_children
from assay.store.pool import Pool
from assay.store.postgres.connection import STATEMENT_SECONDS, Connection, connect, is_alive, parameters
from assay.store.postgres.errors import (
    DRIVER_ERRORS,
    Conflict,
    ConnectionLost,
    Contended,
    Duplicate,
    UnknownOutcome,
    Unreachable,
    Vanished,
    translated,
)
from assay.store.postgres.transaction import (
    BEGIN_READ,
    BEGIN_WRITE,
    DIALECT,
    NOTHING_HOT,
    PostgresTransaction,
    numbered,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from assay.store.jobs import Job
    from assay.store.sql.database import Dialect

    Work = Callable[[PostgresTransaction], Any]

T = TypeVar("T")

CONFLICT_SECONDS = 30.0
DOUBTS = 5
"""How often a key that is there already, or not there, may be another transaction's doing."""
_HOT_SECONDS = 1.0
_BACKOFF = Backoff(base=0.004, cap=0.1)
_WAIT = "select pg_advisory_xact_lock(?)"
_VERSION = "select pg_current_snapshot()::text"


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
        self._parameters = parameters(address, statement_seconds=statement_seconds)
        self._on_statement = on_statement
        self._start()
        start_anew_in_children(self)

    def _start(self) -> None:
        self._pool: Pool[Connection] = Pool(
            lambda: connect(self._parameters, name=self.name), is_alive=is_alive, name=self.name
        )
        self._committer: Committer[Work] = Committer(self._commit, name=self.name)
        self._writing = threading.local()
        self._hot: dict[int, float] = {}

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
            lambda: self._attempt(work, BEGIN_READ),
            retries=2,
            backoff=_BACKOFF,
            when=lambda error: isinstance(error, (ConnectionLost, Conflict)),
        )

    def write(self, work: Callable[[PostgresTransaction], T]) -> T:
        """Run `work` in one transaction and commit it durably; again as long as it conflicts with others."""
        return self._write(work, hot=NOTHING_HOT)

    def _write(self, work: Callable[[PostgresTransaction], T], *, hot: Mapping[int, float]) -> T:
        if getattr(self._writing, "now", False):
            raise AssayError("A write began inside another write of the same thread. Do both in one piece of work.")
        self._writing.now = True
        doubts = 0

        def is_worth_it(error: AssayError) -> bool:
            nonlocal doubts
            doubtful = isinstance(error, (Duplicate, Vanished))
            doubts += doubtful
            return isinstance(error, (Conflict, ConnectionLost)) or (doubtful and doubts <= DOUBTS)

        try:
            return retry(
                lambda: self._attempt(work, BEGIN_WRITE, hot=hot),
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

    def _attempt(
        self, work: Callable[[PostgresTransaction], T], begin: str, *, hot: Mapping[int, float] = NOTHING_HOT
    ) -> T:
        """Run `work` in a transaction of its own."""
        connection = self._pool.take()
        transaction = PostgresTransaction(connection, begin, hot=hot, told=self._on_statement)
        try:
            result = work(transaction)
            if begin is BEGIN_WRITE:
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
            connection.execute(cast("Any", numbered(_WAIT)), (lock,))
        except DRIVER_ERRORS as error:
            raise self._explained(error, connection, unsure=False) from error

    def _explained(self, error: BaseException, connection: Connection, *, unsure: bool) -> AssayError:
        if unsure and connection.broken:
            return UnknownOutcome(
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

    def _commit(self, group: list[Job[Work]], *, patient: bool) -> list[Job[Work]]:
        """Run a group in one transaction; returns what met other writers, unless it is to wait for them.

        When the failure of one undoes the group, each is run alone.
        """
        if not self._commit_together(group, patient=patient):
            for job in group:
                job.attempt(self.write)
            return []
        aside = [] if patient else [job for job in group if isinstance(job.error, Contended)]
        for job in aside:
            self._hot[cast("Contended", job.error).lock] = time.monotonic() + _HOT_SECONDS
        return aside

    def _commit_together(self, group: list[Job[Work]], *, patient: bool) -> bool:
        """Run a group in one transaction; False if it was undone for the failure of one."""

        def together(transaction: PostgresTransaction) -> None:
            for job in group:
                _take_part(job, transaction, patient=patient)

        try:
            self._write(together, hot=NOTHING_HOT if patient else self._hot)
        except _SpoiledError:
            return len(group) == 1
        except AssayError as error:
            if not isinstance(error, (Conflict, Unreachable, UnknownOutcome)):
                return False
            for job in group:
                job.error = error
        return True


class _SpoiledError(Exception):
    """One job of a group failed after it had changed something."""


def _take_part(job: Job[Work], transaction: PostgresTransaction, *, patient: bool) -> None:
    """Run one job of a group. Most jobs that fail do so before they change anything, and disturb nobody."""
    transaction.changed = False
    job.attempt(lambda work: work(transaction))
    error = job.error
    if error is None or not (transaction.changed or patient or isinstance(error, DRIVER_ERRORS)):
        return
    if isinstance(error, (Conflict, *DRIVER_ERRORS)):
        raise error
    if transaction.changed:
        raise _SpoiledError from error
