"""What goes wrong with a PostgreSQL server, and what many processes at once must not do to each other."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from assay.core.errors import (
    AssayError,
    ConfigurationError,
    ResourceAlreadyExists,
    ResourceDoesNotExist,
    StorageFull,
    TemporarilyUnavailable,
)
from assay.store.base import Query
from assay.store.metrics import Point
from assay.store.open import open_store
from assay.store.postgres import database as postgres_store
from assay.store.postgres.database import PostgresDatabase
from assay.store.postgres.errors import Conflict, translated
from assay.testing.store_content import add_run, create_experiment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.store.base import Session, Store
    from assay.testing.postgres import RunningPostgres

BEGIN = "insert into journals (writer, seq, updated_at) values (?, 1, 1)"
OWN_PID = "select pg_backend_pid()"


@pytest.fixture(scope="module")
def uri(new_postgres_uri: Callable[[], str]) -> str:
    return new_postgres_uri()


@pytest.fixture
def name(uri: str) -> str:
    return re.search(r"@/(\w+)", uri)[1]


@pytest.fixture
def database(uri: str) -> Iterator[PostgresDatabase]:
    one = PostgresDatabase(uri)
    yield one
    one.close()


@pytest.fixture
def store(uri: str) -> Iterator[Store]:
    one = open_store(uri, artifact_root="/artifacts")
    yield one
    one.close()


def disconnect(postgres: RunningPostgres, name: str) -> None:
    """End all connections to a database, as an administrator or a failover does."""
    postgres.run(
        f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{name}' and "
        "backend_type = 'client backend'"
    )


class TestConnections:
    def test_idle_connections_that_died_are_replaced_unnoticed(self, store, postgres, name):
        add_run(store, "idle")
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: store.read(lambda session: session.runs.info("idle")), range(16)))
        for _ in range(3):
            disconnect(postgres, name)
            store.read(lambda session: session.runs.info("idle"))
            disconnect(postgres, name)
            store.write(lambda session: session.runs.set_tags("idle", tags={"t": "1"}))
            disconnect(postgres, name)
            store.version()

    def test_a_server_that_restarts_is_found_again(self, store, postgres):
        add_run(store, "restarted")
        postgres.stop()
        with pytest.raises(TemporarilyUnavailable, match="does not answer"):
            store.read(lambda session: session.runs.info("restarted"))
        with pytest.raises(TemporarilyUnavailable, match="does not answer"):
            store.write(lambda session: session.runs.set_tags("restarted", tags={"t": "1"}))
        postgres.start()
        store.write(lambda session: session.runs.set_tags("restarted", tags={"t": "2"}))
        assert ("t", "2") in [
            (tag.key, tag.value) for tag in store.read(lambda session: session.runs.get("restarted")).data.tags
        ]

    def test_a_write_whose_connection_breaks_before_the_commit_is_done_again(self, database, postgres):
        pids = []

        def work(transaction) -> None:
            pids.append(transaction.one(OWN_PID)[0])
            transaction.run(BEGIN, ("again",))
            if len(pids) == 1:
                postgres.run(f"select pg_terminate_backend({pids[0]}, 5000)")
            transaction.one("select 1")

        database.write(work)
        assert len(pids) == 2
        assert database.read(
            lambda transaction: transaction.all("select seq from journals where writer = 'again'")
        ) == [(1,)]

    def test_a_commit_whose_outcome_is_unknown_is_reported_and_not_repeated(self, database, postgres):
        tries = []

        def work(transaction) -> None:
            tries.append(1)
            transaction.run(BEGIN, ("unknown",))
            postgres.run(f"select pg_terminate_backend({transaction.one(OWN_PID)[0]}, 5000)")

        with pytest.raises(TemporarilyUnavailable, match="may have been stored, or not"):
            database.write(work)
        assert len(tries) == 1

    def test_of_a_group_whose_outcome_is_unknown_each_is_told(self, database, postgres):
        outcomes = []
        told = threading.Semaphore(0)

        def done(_result: object, error: BaseException | None) -> None:
            outcomes.append(error)
            told.release()

        def killing(transaction) -> None:
            transaction.run(BEGIN, ("group",))
            postgres.run(f"select pg_terminate_backend({transaction.one(OWN_PID)[0]}, 5000)")

        database.submit(killing, done)
        assert told.acquire(timeout=30)
        assert [isinstance(error, TemporarilyUnavailable) for error in outcomes] == [True]
        assert "may have been stored, or not" in str(outcomes[0])

    def test_one_that_takes_too_long_does_not_harm_the_others(self, uri):
        database = PostgresDatabase(uri, statement_seconds=1)
        outcomes: dict[str, BaseException | None] = {}
        told = threading.Semaphore(0)

        def submit(name: str, statement: str) -> None:
            def done(_result: object, error: BaseException | None) -> None:
                outcomes[name] = error
                told.release()

            def work(transaction) -> None:
                transaction.run(BEGIN, (f"beside {name}",))
                transaction.one(statement)

            database.submit(work, done)

        for place in range(24):
            submit(str(place), "select 1" if place != 12 else "select pg_sleep(20)")
        assert all(told.acquire(timeout=30) for _ in range(24))
        assert isinstance(outcomes.pop("12"), TemporarilyUnavailable)
        assert set(outcomes.values()) == {None}
        database.close()

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
    def test_a_forked_child_uses_connections_of_its_own(self, store):
        add_run(store, "before")
        told = threading.Event()
        store.submit(lambda session: session.runs.info("before"), lambda _result, _error: told.set())
        assert told.wait(30)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                add_run(store, "child")
                told = threading.Event()
                store.submit(lambda session: session.runs.info("child"), lambda _result, _error: told.set())
                found = store.read(lambda session: session.runs.find("before"))
                code = 0 if told.wait(30) and found is not None else 2
            finally:
                os._exit(code)
        add_run(store, "parent")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        store.read(lambda session: [session.runs.info(run_id) for run_id in ("before", "child", "parent")])
        create_experiment(store, "after the fork")

    def test_a_closed_store_says_so(self, uri):
        store = open_store(uri, artifact_root="/artifacts")
        store.close()
        store.close()
        for use in (store.read, store.write, lambda work: store.submit(work, lambda *_: None)):
            with pytest.raises(AssayError, match="is closed"):
                use(lambda session: session.experiments.get("0"))
        with pytest.raises(AssayError, match="is closed"):
            store.version()


class TestLimits:
    def test_a_statement_that_takes_too_long_is_given_up(self, uri):
        database = PostgresDatabase(uri, statement_seconds=1)
        with pytest.raises(TemporarilyUnavailable, match=r"took too long.*nothing was changed"):
            database.read(lambda transaction: transaction.one("select pg_sleep(20)"))
        database.close()

    def test_a_lock_that_somebody_keeps_is_waited_for_only_so_long(self, uri):
        database = PostgresDatabase(uri, statement_seconds=1)
        with psycopg.connect(uri) as other:
            other.execute("lock table journals")
            with pytest.raises(TemporarilyUnavailable, match="took too long"):
                database.write(lambda transaction: transaction.run(BEGIN, ("locked",)))
        database.close()

    def test_a_read_only_server_says_so_and_still_reads(self, uri):
        store = open_store(f"{uri}&options=-c%20default_transaction_read_only%3Don", artifact_root="/artifacts")
        with pytest.raises(StorageFull, match=r"read-only; nothing was changed.*primary"):
            create_experiment(store, "read-only")
        assert store.read(lambda session: session.experiments.get("0").name) == "Default"
        store.close()

    def test_a_server_without_connections_left_is_busy(self, uri, postgres):
        postgres.run("create role crowded login connection limit 0")
        with pytest.raises(TemporarilyUnavailable, match="no connection left"):
            open_store(uri.replace("postgres@", "crowded@"), artifact_root="/")

    def test_a_user_without_rights_is_told(self, uri, postgres):
        postgres.run("create role stranger login")
        with pytest.raises(ConfigurationError, match="permission denied"):
            open_store(uri.replace("postgres@", "stranger@"), artifact_root="/")

    def test_a_full_disk_is_told_apart(self):
        error = translated(psycopg.errors.DiskFull("could not extend file"), "postgresql://h/d")
        assert isinstance(error, StorageFull)
        assert "postgresql://h/d is full" in str(error)


class TestConflicts:
    def test_the_same_key_twice_is_the_callers_mistake(self, database):
        tries = []

        def work(transaction) -> None:
            tries.append(1)
            transaction.many(BEGIN, [("twice",), ("twice",)])

        with pytest.raises(ResourceAlreadyExists):
            database.write(work)
        assert 1 < len(tries) < 20

    def test_what_refers_to_nothing_is_the_callers_mistake(self, database):
        tag = "insert into experiment_tags (experiment_id, key, value) values (123456, 'a', 'b')"
        with pytest.raises(ResourceDoesNotExist, match="experiment_tags"):
            database.write(lambda transaction: transaction.run(tag))

    def test_two_that_wait_for_each_other_both_come_through(self, database):
        database.write(lambda transaction: transaction.many(BEGIN, [("left",), ("right",)]))
        meeting = threading.Barrier(2, timeout=30)
        first = threading.local()

        def crossing(writers: tuple[str, str]) -> None:
            def work(transaction) -> None:
                transaction.run("update journals set seq = seq + 1 where writer = ?", (writers[0],))
                if not hasattr(first, "met"):
                    first.met = True
                    meeting.wait()
                transaction.run("update journals set seq = seq + 1 where writer = ?", (writers[1],))

            database.write(work)

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(crossing, [("left", "right"), ("right", "left")]))
        assert database.read(
            lambda transaction: transaction.all("select seq from journals where writer in ('left', 'right')")
        ) == [(3,), (3,)]

    def test_a_conflict_that_never_ends_is_reported(self, database, monkeypatch):
        monkeypatch.setattr(postgres_store, "CONFLICT_SECONDS", 0.3)

        def work(_transaction) -> None:
            raise Conflict("Again and again.")

        with pytest.raises(TemporarilyUnavailable, match="Again"):
            database.write(work)

    def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_ever(self, store):
        with pytest.raises(AssayError, match="inside another write"):
            store.write(lambda _: store.write(lambda _: None))
        store.write(lambda session: session.experiments.get("0"))

    def test_reading_is_no_commit(self, store):
        before = store.version()
        store.read(lambda session: session.experiments.summaries())
        assert store.version() == before


TOGETHER = """
import json, sys, threading
from assay.core.errors import AssayError
from assay.store.open import open_store
uri, number, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
store = open_store(uri, artifact_root="/artifacts")
left = threading.Semaphore(0)
errors, created = [], []

def done(result, error):
    if error is not None:
        errors.append(repr(error))
    left.release()

def work(step):
    def one(session):
        session.runs.info("shared")
        session.metrics.append("shared", points={"same": [(step, step, 1.0)], "own": [(step, number, float(number))]})
        session.runs.log_params("shared", params={f"p{step % 7}": "value"})
        session.runs.set_tags("shared", tags={"last": str(step)})
        if session.journals.applied("writer") < step:
            session.metrics.append("shared", points={"journal": [(step, step, float(step))]})
            session.journals.advance("writer", seq=step, now=1)
    return one

print("ready", flush=True)
sys.stdin.readline()
for step in range(steps):
    store.submit(work(step), done)
for _ in range(steps):
    left.acquire()
for place in range(10):
    try:
        store.write(lambda session: session.experiments.create(
            f"new {place}", artifact_location=None, root="/", tags={"maker": str(number)}, now=1))
        created.append(place)
    except AssayError as error:
        assert error.code == "RESOURCE_ALREADY_EXISTS", error
store.close()
print(json.dumps({"errors": errors, "created": created}))
"""


def test_processes_that_write_the_same_things_lose_and_double_nothing(store, uri):
    """One series, one writer's journal, the same params and tags, the same new experiments: by three processes."""
    steps, count = 60, 3
    add_run(store, "shared")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, uri, str(number), str(steps)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [json.loads(process.communicate(timeout=120)[0]) for process in processes]
    assert [one["errors"] for one in told] == [[]] * count

    def look(session: Session) -> tuple[list, ...]:
        return tuple(session.metrics.history("shared", key=key) for key in ("same", "own", "journal"))

    same, own, journal = store.read(look)
    assert [point.step for point in same] == list(range(steps))
    assert sorted((point.timestamp, point.step) for point in own) == [
        (number, step) for number in range(count) for step in range(steps)
    ]
    assert [point.step for point in journal] == sorted({point.step for point in journal})
    assert journal[-1].step == steps - 1
    assert sorted(place for one in told for place in one["created"]) == list(range(10))
    names = [one.name for one in store.read(lambda session: session.experiments.search(Query()))]
    assert sorted(name for name in names if name.startswith("new ")) == sorted(f"new {place}" for place in range(10))
    metrics = {metric.key: metric for metric in store.read(lambda session: session.runs.get("shared")).data.metrics}
    assert metrics["same"].step == steps - 1


def test_a_run_that_all_write_to_is_written_quickly(store, uri):
    """Sixteen clients of two stores at one series: each waits its turn, none starts over again and again."""
    another = open_store(uri, artifact_root="/artifacts")
    add_run(store, "hot")
    finished = threading.Semaphore(0)
    errors = []

    def done(_result: object, error: BaseException | None) -> None:
        if error is not None:
            errors.append(error)
        finished.release()

    def submit(step: int) -> None:
        points = {"m": [Point(step, step, 1.0)]}
        (store if step % 2 else another).submit(lambda session: session.metrics.append("hot", points=points), done)

    for step in range(400):
        submit(step)
    assert all(finished.acquire(timeout=30) for _ in range(400))
    another.close()
    assert errors == []
    history = store.read(lambda session: session.metrics.history("hot", key="m"))
    assert [point.step for point in history] == list(range(400))
