"""The contract on MariaDB, and what is MariaDB's and MySQL's own: texts, numbers, writers at once, faults."""

from __future__ import annotations

import math
import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pymysql
import pytest

from assay.core.errors import (
    AssayError,
    ConfigurationError,
    InvalidParameterValue,
    StorageFull,
    StoreVersionError,
    TemporarilyUnavailable,
)
from assay.search.fields import RUNS
from assay.search.parser import parse_filter, parse_order_by
from assay.store.base import Query
from assay.store.metrics import Point
from assay.store.mysql import database as mysql
from assay.store.mysql import schema as mysql_schema
from assay.store.mysql.connection import Link
from assay.store.mysql.database import MysqlDatabase
from assay.store.mysql.errors import Uncertain
from assay.store.mysql.uri import address
from assay.store.open import open_store
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.testing.store_content import add_run, append_all, create_experiment, get_run
from assay.testing.store_contract import StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.testing.mariadb import RunningMariadb

REPOSITORY = Path(__file__).parents[2]
OUTERMOST = sys.float_info.max


@pytest.fixture
def uri(new_mariadb_uri: Callable[[], str]) -> str:
    return new_mariadb_uri()


@pytest.fixture
def database(uri: str) -> Iterator[MysqlDatabase]:
    one = MysqlDatabase(address(uri))
    yield one
    one.close()


@pytest.fixture
def limited(mariadb: RunningMariadb, uri: str) -> Iterator[str]:
    """The address of the store for a user who is no administrator."""
    mariadb.run("create user ada@'%' identified by 'pass word/@'", "grant all on *.* to ada@'%'")
    mariadb.run("revoke super, connection admin, read_only admin on *.* from ada@'%'")
    yield uri.replace("root@", "ada:pass%20word%2F%40@")
    mariadb.run("drop user ada@'%'")


class TestMariadb(StoreContract):
    """All promises of a store."""


class TestTextsAndNumbers:
    @pytest.mark.parametrize("text", ["a\0b", "🦊 и ü", "\\' \" %s ? %% \n\r\x1a", "", " ", "x" * 20_000, "a ", "A"])
    def test_every_text_comes_back(self, store, text):
        add_run(store, "r", run_name=text, tags={"t": text, "other": "a"}, params={"p": text})
        run = get_run(store, "r")
        assert {tag.key: tag.value for tag in run.data.tags}["t"] == text
        assert (run.info.run_name, run.data.params[0].value) == (text, text)

    def test_keys_differ_by_case_spaces_and_accents(self, store):
        params = {key: key for key in ("a", "A", "a ", " a", "á", "a\0", "🦊", "🦝")}
        add_run(store, "r", params=params)
        assert {param.key: param.value for param in get_run(store, "r").data.params} == params

    @pytest.mark.parametrize("text", ["\ud800", "\udc80", "ok\udfff"])  # noqa: PT014 -- three different ones
    def test_a_lone_surrogate_is_the_callers_mistake(self, store, text):
        add_run(store, "r")
        for work in (
            lambda session: session.runs.set_tags("r", tags={"t": text}),
            lambda session: session.runs.find(text),
            lambda session: session.runs.log_params("r", params={text: "1"}),
        ):
            with pytest.raises(InvalidParameterValue, match="surrogate"):
                store.write(work)

    def test_infinities_are_exact_in_summaries_and_searches(self, store):
        inner = math.nextafter(OUTERMOST, 0)
        values = {"a": -math.inf, "b": -inner, "c": 0.1 + 0.2, "d": 5e-324, "e": inner, "f": math.inf}
        for run_id, value in values.items():
            add_run(store, run_id, metrics={"m": [Point(0, 0, value)]})
        assert {run_id: get_run(store, run_id).data.metrics[0].value for run_id in values} == values

        def found(text: str) -> str:
            query = Query(where=parse_filter(text, RUNS), order_by=parse_order_by(["metrics.m"], RUNS))
            return "".join(run.info.run_id for run in store.read(lambda session: session.runs.search(query)))

        assert found("metrics.m < 1e308") == "abdc"
        assert found(f"metrics.m > {OUTERMOST!r}") == "f"
        assert found(f"metrics.m >= {inner!r}") == "ef"
        assert found(f"metrics.m < {-OUTERMOST!r}") == "a"
        assert found("metrics.m = 0.30000000000000004") == "c"

    def test_the_outermost_doubles_move_in_by_one_place_in_summaries_alone(self, store):
        add_run(store, "r", metrics={"m": [Point(0, 0, OUTERMOST)]})
        assert get_run(store, "r").data.metrics[0].value == math.nextafter(OUTERMOST, 0)
        assert store.read(lambda session: session.metrics.history("r", key="m"))[0].value == OUTERMOST

    def test_long_texts_are_ordered_to_their_end(self, store):
        for run_id, end in (("a", "3"), ("b", "1"), ("c", "2")):
            add_run(store, run_id, params={"p": "ü" * 5_999 + end})
        query = Query(order_by=parse_order_by(["params.p"], RUNS))
        assert [run.info.run_id for run in store.read(lambda session: session.runs.search(query))] == ["b", "c", "a"]


WRITER = """
import sys
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists
from assay.store.base import NewRun
from assay.store.mysql.database import MysqlDatabase
from assay.store.mysql.uri import address
from assay.store.sql.store import SqlStore

me, store = int(sys.argv[2]), SqlStore(MysqlDatabase(address(sys.argv[1]), snapshots=sys.argv[3] == "snapshots"))
store.version()
sys.stdin.readline()
applied = created = 0

def journal(session):
    if session.journals.applied("w") > step:
        return 0
    session.metrics.append("r", points={"count": [(step, me, 1.0)]})
    session.journals.advance("w", seq=step + 1, now=1)
    return 1

for step in range(25):
    store.write(lambda s: s.metrics.append("r", points={"loss": [(step, me, float(me))]}))
    applied += store.write(journal)
    store.write(lambda s: s.runs.log_params("r", params={f"same{step}": "1"}))
    try:
        store.write(lambda s: s.runs.log_params("r", params={f"mine{step}": str(me)}))
    except InvalidParameterValue:
        pass
    try:
        store.write(lambda s: s.experiments.create(f"e{step}", artifact_location=None, root="/", tags={}, now=1))
        store.write(lambda s: s.runs.create(NewRun(f"new{step}", "n", "0", "u", 1, "/a"), tags={"by": str(me)}))
        created += 1
    except ResourceAlreadyExists:
        pass
print(applied, created)
store.close()
"""


class TestWritersAtOnce:
    @pytest.mark.parametrize("isolation", ["snapshots", "serializable"])
    def test_processes_lose_and_double_nothing(self, store, uri, isolation):
        add_run(store, "r")
        command = [sys.executable, "-c", WRITER, uri]
        running = [
            subprocess.Popen(
                [*command, str(me), isolation],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for me in range(4)
        ]
        for one in running:
            one.stdin.write("go\n")
            one.stdin.flush()
        outcomes = [one.communicate(timeout=120) for one in running]
        assert [errors for _, errors in outcomes] == [""] * 4
        told = [tuple(map(int, text.split())) for text, _ in outcomes]
        assert (sum(applied for applied, _ in told), sum(created for _, created in told)) == (25, 25)

        def history(key: str) -> list[Any]:
            return store.read(lambda session: session.metrics.history("r", key=key))

        assert sorted((point.step, point.timestamp) for point in history("loss")) == [
            (step, me) for step in range(25) for me in range(4)
        ]
        assert sorted(point.step for point in history("count")) == list(range(25))
        run = get_run(store, "r")
        assert len(run.data.params) == 50
        assert {metric.key: metric.step for metric in run.data.metrics} == {"loss": 24, "count": 24}
        assert len(store.read(lambda session: session.experiments.search(Query()))) == 26
        assert store.read(lambda session: session.runs.count(Query())) == 26

    @pytest.mark.parametrize("snapshots", [True, False])
    def test_no_update_is_lost_even_without_a_claim(self, uri, store, snapshots):
        databases = [MysqlDatabase(address(uri), snapshots=snapshots) for _ in range(4)]
        store.write(lambda session: session.journals.advance("w", seq=1, now=1))
        overlapping = threading.Barrier(4)

        def add(database: MysqlDatabase) -> None:
            def work(transaction: mysql.MysqlTransaction) -> None:
                (seq,) = transaction.one("select seq from journals where writer = ?", ("w",))
                transaction.run("update journals set seq = ? where writer = ?", (seq + 1, "w"))

            overlapping.wait()
            for _ in range(10):
                database.write(work)

        threads = [threading.Thread(target=add, args=(database,)) for database in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        for database in databases:
            database.close()
        assert store.read(lambda session: session.journals.applied("w")) == 41

    def test_processes_may_create_a_store_at_once(self, mariadb):
        script = (
            "from assay.store.open import open_store; import sys\n"
            "sys.stdin.readline()\n"
            "store = open_store(sys.argv[1], artifact_root='/artifacts')\n"
            "print(store.read(lambda session: session.experiments.get('0').name)); store.close()"
        )
        command = [sys.executable, "-c", script, mariadb.uri(mariadb.new_database())]
        running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for one in running:
            one.stdin.write("go\n")
            one.stdin.flush()
        assert [one.communicate(timeout=60) for one in running] == [("Default\n", "")] * 4

    def test_adding_a_point_is_three_round_trips(self, database, store, monkeypatch):
        add_run(store, "r", metrics={"m": [Point(0, 0, 1.0)]})
        packets: list[int] = []
        send = Link.send
        monkeypatch.setattr(Link, "send", lambda link, given: (packets.append(len(given)), send(link, given))[1])
        mine = SqlStore(database)
        mine.version()
        packets.clear()
        append_all(mine, "r", {"m": [Point(1, 1, 0.5)]})
        assert packets == [3, 1, 5]  # begin, claim, find the run; read the series; four changes with the commit

    def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_ever(self, store):
        with pytest.raises(AssayError, match="inside another write"):
            store.write(lambda _: store.write(lambda _: None))
        store.write(lambda session: session.experiments.get("0"))

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
                code = 0 if store.read(lambda session: session.runs.find("before")) else 2
            finally:
                os._exit(code)
        add_run(store, "parent")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert store.read(lambda session: session.runs.count(Query())) == 3


class TestSchema:
    def test_the_snapshot_is_what_the_migrations_give(self, mariadb):
        tool = runpy.run_path(str(REPOSITORY / "tools" / "snapshot_schema.py"))
        assert (tool["SCHEMA"] / "mysql.sql").read_text(encoding="utf-8") == tool["mysql_schema"](mariadb)

    def test_every_migration_is_there(self):
        assert [(step.number, step.name) for step in migrate.migrations("mysql")] == [
            (step.number, step.name) for step in migrate.migrations("sqlite")
        ]

    def test_a_newer_schema_is_refused(self, opened, mariadb):
        uri = mariadb.uri(mariadb.new_database())
        opened(uri).close()
        mariadb.run("insert into schema_version values (9999, 'future')", database=uri.rpartition("/")[2])
        with pytest.raises(StoreVersionError, match=r"newer version of Assay.*Upgrade"):
            opened(uri)

    @pytest.mark.parametrize(("table", "words"), [("alembic_version", "MLflow's own"), ("recipes", "recipes")])
    def test_a_database_of_something_else_is_refused(self, opened, mariadb, table, words):
        database = mariadb.new_database()
        mariadb.run(f"create table {table} (x int)", database=database)
        with pytest.raises(ConfigurationError, match=words):
            opened(mariadb.uri(database))

    @pytest.mark.parametrize("is_noted", [True, False])
    def test_an_interrupted_migration_goes_on_where_it_ended(self, opened, mariadb, monkeypatch, is_noted):
        uri = mariadb.uri(mariadb.new_database())
        send, done = Link.send, 0

        def interrupted(link: Link, statements: Any) -> None:
            nonlocal done
            if len(statements) == 4 and statements[0] == "start transaction":
                done += 1
                if done == 5 + 7 * is_noted:
                    send(link, statements if is_noted else statements[1:2])
                    raise KeyboardInterrupt
            send(link, statements)

        monkeypatch.setattr(Link, "send", interrupted)
        with pytest.raises(KeyboardInterrupt):
            opened(uri)
        monkeypatch.setattr(Link, "send", send)
        again = opened(uri)
        assert again.read(lambda session: session.experiments.get("0")).name == "Default"
        add_run(again, "r", params={"p": "1"}, metrics={"m": [Point(0, 0, 1.0)]})
        tables = "select count(*) from information_schema.tables where table_schema = database()"
        assert mariadb.run(tables, database=uri.rpartition("/")[2]) == mariadb.run(tables, database="assay_whole")

    @pytest.fixture(autouse=True)
    def _whole(self, mariadb):
        mariadb.run("create database if not exists assay_whole")
        open_store(mariadb.uri("assay_whole"), artifact_root="/").close()

    def test_a_statement_that_fails_is_named_and_tried_again(self, uri, database, mariadb, monkeypatch):
        good = migrate.migrations("mysql")
        name = uri.rpartition("/")[2]

        def step(*statements: str) -> tuple[migrate.Migration, ...]:
            return (*good, migrate.Migration(len(good) + 1, "added", statements))

        create = "create table added (x int)"
        monkeypatch.setattr(migrate, "migrations", lambda dialect: step(create, "create nonsense"))
        with pytest.raises(AssayError, match=r"added.*'create nonsense'.*goes on from there"):
            mysql_schema.prepare(database, artifact_root="/", now=1)
        monkeypatch.setattr(migrate, "migrations", lambda dialect: step(create, "drop table added"))
        mysql_schema.prepare(database, artifact_root="/", now=1)
        assert database.read(migrate.stored_version) == len(good) + 1
        mariadb.run(f"delete from schema_version where number = {len(good) + 1}", database=name)


class TestFaults:
    def test_a_restarted_server_is_found_again(self, store, another, mariadb):
        add_run(store, "r")
        another.version()
        mariadb.stop(kill=True)
        try:
            for use in (lambda: get_run(store, "r"), lambda: add_run(another, "q"), store.version):
                with pytest.raises(TemporarilyUnavailable, match=r"mysql://127\.0\.0\.1:\d+/assay"):
                    use()
        finally:
            mariadb.start()
        add_run(another, "q")
        assert [get_run(store, run_id).info.run_id for run_id in "rq"] == ["r", "q"]
        assert store.version()

    def test_work_whose_connection_is_lost_is_done_again(self, store, database, mariadb):
        add_run(store, "r")
        tries: list[int] = []

        def work(transaction: mysql.MysqlTransaction) -> None:
            transaction.run("insert into journals (writer, seq, updated_at) values (?, 1, 1)", ("w",))
            (connection,) = transaction.one("select connection_id()")
            tries.append(connection)
            if len(tries) == 1:
                mariadb.run(f"kill {connection}")
                transaction.one("select 1")

        database.write(work)
        assert len(set(tries)) == 2
        assert store.read(lambda session: session.journals.applied("w")) == 1

    def test_a_commit_that_nobody_knows_of_is_not_repeated(self, uri, store, mariadb):
        connections: list[int] = []

        def told(statement: str) -> None:
            if statement == "commit":
                mariadb.run(f"kill {connections[-1]}")

        def work(transaction: mysql.MysqlTransaction) -> None:
            connections.append(transaction.one("select connection_id()")[0])
            transaction.run("insert into journals (writer, seq, updated_at) values ('w', 1, 1)")

        database = MysqlDatabase(address(uri), on_statement=told)
        with pytest.raises(Uncertain, match="may be stored or not"):
            database.write(work)
        database.close()
        assert len(connections) == 1
        assert store.read(lambda session: session.journals.applied("w")) == 0

    def test_wrong_passwords_are_refused_without_being_told(self, opened, limited):
        with pytest.raises(ConfigurationError, match="Check user, password") as caught:
            opened(limited.replace("pass%20word", "hush"))
        assert "hush" not in str(caught.value)
        opened(limited).version()

    def test_a_database_that_is_not_there_is_named(self, opened, mariadb):
        with pytest.raises(ConfigurationError, match="Unknown database 'nowhere'"):
            opened(mariadb.uri("nowhere"))

    def test_too_many_connections_pass(self, limited, opened, mariadb):
        store = opened(limited)
        (before,) = mariadb.run("select @@max_connections")[0]
        held: list[Any] = []
        arguments = address(limited).arguments
        mariadb.run("set global max_connections = 10")
        try:
            with pytest.raises(pymysql.OperationalError, match="Too many"):
                held.extend(iter(lambda: pymysql.connect(**arguments), None))
            with pytest.raises(TemporarilyUnavailable, match=r"max_connections"):
                store.read(lambda _: store.read(lambda session: session.experiments.get("0")))
        finally:
            for one in held:
                one.close()
            mariadb.run(f"set global max_connections = {before}")
        assert store.read(lambda session: session.experiments.get("0")).name == "Default"

    def test_a_server_that_is_read_only_says_so_and_still_reads(self, limited, opened, mariadb):
        store = opened(limited)
        mariadb.run("set global read_only = 1")
        try:
            with pytest.raises(StorageFull, match="cannot be written"):
                add_run(store, "r")
            assert store.read(lambda session: session.runs.find("r")) is None
        finally:
            mariadb.run("set global read_only = 0")
        add_run(store, "r")

    def test_a_full_table_fails_only_what_needs_room(self, database, store, mariadb, uri):
        name = uri.rpartition("/")[2]
        mariadb.run(
            "set max_heap_table_size = 16384", "create table small (x char(200)) engine = memory", database=name
        )
        told: dict[int, BaseException | None] = {}
        finished = threading.Semaphore(0)

        def submit(place: int, work: Callable[[mysql.MysqlTransaction], object]) -> None:
            def done(_result: object, error: BaseException | None) -> None:
                told[place] = error
                finished.release()

            database.submit(work, done)

        def fill(transaction: mysql.MysqlTransaction) -> None:
            transaction.run("insert into journals (writer, seq, updated_at) values ('full', 1, 1)")
            transaction.many("insert into small (x) values (?)", [("x" * 200,)] * 1000)

        for place in range(9):
            insert = f"insert into journals (writer, seq, updated_at) values ('w{place}', 1, 1)"
            submit(place, fill if place == 4 else lambda transaction, insert=insert: transaction.run(insert))
        assert all(finished.acquire(timeout=30) for _ in range(9))
        mariadb.run("drop table small", database=name)
        failed = told.pop(4)
        assert isinstance(failed, StorageFull)
        assert "nothing was changed" in str(failed)
        assert set(told.values()) == {None}
        assert store.read(lambda session: session.journals.applied("full")) == 0

    def test_a_value_larger_than_a_packet_names_the_servers_setting(self, opened, store, mariadb):
        (before,) = mariadb.run("select @@max_allowed_packet")[0]
        add_run(store, "r")
        mariadb.run("set global max_allowed_packet = 1048576")
        try:
            small = opened()
            with pytest.raises(InvalidParameterValue, match="max_allowed_packet"):
                small.write(lambda session: session.runs.set_tags("r", tags={"t": "x" * 2_000_000}))
            small.write(lambda session: session.runs.set_tags("r", tags={f"t{n}": "x" * 300_000 for n in range(9)}))
        finally:
            mariadb.run(f"set global max_allowed_packet = {before}")
        assert len(get_run(store, "r").data.tags) == 10

    def test_a_text_too_long_for_its_column_is_the_callers_mistake(self, store):
        with pytest.raises(InvalidParameterValue, match="too long"):
            create_experiment(store, "x" * 501)

    def test_a_closed_store_says_so(self, store):
        store.close()
        store.close()
        for use in (store.read, store.write, lambda work: store.submit(work, lambda *_: None)):
            with pytest.raises(AssayError, match="is closed"):
                use(lambda session: session.experiments.get("0"))
        with pytest.raises(AssayError, match="is closed"):
            store.version()

    def test_tls_that_cannot_be_had_is_refused(self, opened, uri, tmp_path):
        with pytest.raises(ConfigurationError, match="cannot be opened"):
            opened(f"{uri}?ssl_ca={tmp_path / 'none.pem'}")
        with pytest.raises(AssayError, match=r"SSL|TLS"):
            opened(f"{uri}?ssl_verify_cert=true&ssl_verify_identity=true")
