"""The contract on SQLite, and what is SQLite's own: files, faults, processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from assay.core.errors import AssayError, ConfigurationError, StorageFull, StoreVersionError, TemporarilyUnavailable
from assay.store.base import Query
from assay.store.metrics import Point
from assay.store.open import open_store
from assay.store.sqlite import database as sqlite
from assay.testing.store_content import add_run, create_experiment
from assay.testing.store_contract import StoreContract

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mlruns" / "assay.db"


class TestSqlite(StoreContract):
    """All promises of a store."""


class TestUris:
    @pytest.mark.parametrize(
        ("uri", "path"),
        [
            ("sqlite:///here.db", "here.db"),
            ("sqlite:///sub/dir/here.db", "sub/dir/here.db"),
            ("sqlite:///{tmp}/there.db", "there.db"),
            ("./mlruns", "mlruns/assay.db"),
            ("{tmp}/runs", "runs/assay.db"),
            ("file://{tmp}/runs", "runs/assay.db"),
        ],
    )
    def test_a_uri_names_a_file(self, opened, tmp_path, uri, path):
        opened(uri.format(tmp=tmp_path))
        assert (tmp_path / path).is_file()

    def test_another_scheme_is_told_what_is_accepted(self, opened):
        with pytest.raises(ConfigurationError, match=r"oracle: URIs.*sqlite:///.*mlruns"):
            opened("oracle://host/db")

    @pytest.mark.parametrize("uri", ["", "sqlite:///", "sqlite://host/x.db", "file://host/x"])
    def test_a_uri_without_a_file_is_refused(self, opened, uri):
        with pytest.raises(ConfigurationError):
            open_store(uri, artifact_root="/")

    def test_a_plug_in_opens_its_scheme(self, monkeypatch):
        class Point:
            name = "memory"

            def load(self):
                return lambda uri, *, artifact_root: (uri, artifact_root)

        monkeypatch.setattr("importlib.metadata.entry_points", lambda *, group: [Point()] if group else [])
        assert open_store("memory://x", artifact_root="/a") == ("memory://x", "/a")


class TestFiles:
    def test_reopening_keeps_everything(self, opened):
        first = opened()
        add_run(first, "r", metrics={"m": [Point(0, 0, 1.0)]})
        first.close()
        assert opened().read(lambda session: session.runs.get("r")).data.metrics[0].value == 1.0

    def test_commits_are_synced_and_readers_do_not_wait(self, store, file):
        database = sqlite.SqliteDatabase(file)
        pragmas = database.write(
            lambda transaction: [transaction.one(f"pragma {name}")[0] for name in ("synchronous", "journal_mode")]
        )
        database.close()
        assert pragmas == [2, "wal"]

    def test_a_newer_schema_is_refused(self, opened, file):
        opened().close()
        connection = sqlite3.connect(file)
        connection.execute("insert into schema_version (number, name) values (9999, 'future')")
        connection.commit()
        connection.close()
        with pytest.raises(StoreVersionError, match=r"newer version of Assay.*Upgrade"):
            opened()

    def test_a_file_that_is_no_database_is_refused(self, opened, file):
        file.parent.mkdir()
        file.write_bytes(b"Not a database, but something dear to its owner. " * 99)
        with pytest.raises(ConfigurationError, match=r"assay\.db is not a SQLite database"):
            opened()
        assert file.read_bytes().startswith(b"Not a database")

    @pytest.mark.parametrize(("table", "words"), [("alembic_version", "MLflow's own"), ("recipes", "recipes")])
    def test_a_database_of_something_else_is_refused(self, opened, tmp_path, table, words):
        path = tmp_path / "other.db"
        connection = sqlite3.connect(path)
        connection.execute(f"create table {table} (x)")
        connection.commit()
        connection.close()
        with pytest.raises(ConfigurationError, match=words):
            opened(f"sqlite:///{path}")

    @pytest.mark.parametrize("uri", ["/proc/assay", "sqlite:////proc/assay.db", "sqlite:////dev/null/assay.db"])
    def test_a_place_that_cannot_be_written_is_refused_by_name(self, uri):
        with pytest.raises(ConfigurationError, match=r"assay\.db"):
            open_store(uri, artifact_root="/")

    def test_two_processes_may_create_a_store_at_once(self, tmp_path):
        script = (
            "from assay.store.open import open_store; import sys\n"
            "sys.stdin.readline()\n"
            "store = open_store(sys.argv[1], artifact_root='/artifacts')\n"
            "print(store.read(lambda session: session.experiments.get('0').name)); store.close()"
        )
        command = [sys.executable, "-c", script, str(tmp_path / "new")]
        running = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for one in running:
            one.stdin.write("go\n")
            one.stdin.flush()
        assert [one.communicate(timeout=60) for one in running] == [("Default\n", "")] * 4


class TestFaults:
    def test_a_full_disk_fails_only_what_needs_room(self, store, file):
        database = sqlite.SqliteDatabase(file)
        pages = database.write(lambda transaction: transaction.one("pragma page_count"))[0]
        database.write(lambda transaction: transaction.one(f"pragma max_page_count = {pages + 20}"))
        insert = "insert into journals (writer, seq, updated_at) values (?, 1, 1)"
        outcomes: dict[str, BaseException | None] = {}
        told = threading.Semaphore(0)

        def submit(name: str, size: int) -> None:
            def done(_result: object, error: BaseException | None) -> None:
                outcomes[name] = error
                told.release()

            database.submit(lambda transaction: transaction.run(insert, (name + "x" * size,)), done)

        blocked = threading.Event()
        database.submit(lambda _: blocked.wait(30), lambda _result, _error: None)
        for place in range(10):
            submit(f"small {place}", 10)
        submit("big", 1_000_000)
        submit("after", 10)
        blocked.set()
        assert all(told.acquire(timeout=30) for _ in range(12))
        failed = outcomes.pop("big")
        assert isinstance(failed, StorageFull)
        assert str(file) in str(failed)
        assert set(outcomes.values()) == {None}
        assert database.read(lambda transaction: transaction.one("select count(*) from journals")) == (11,)
        database.close()

    def test_a_store_that_became_read_only_says_so_and_still_reads(self, store, file):
        database = sqlite.SqliteDatabase(file)
        database.write(lambda transaction: transaction.one("pragma query_only = on"))
        with pytest.raises(StorageFull, match=r"assay\.db cannot be written; nothing was changed"):
            database.write(lambda transaction: transaction.run("delete from experiments"))
        assert database.read(lambda transaction: transaction.one("select count(*) from experiments")) == (1,)
        database.close()

    def test_a_callback_that_fails_does_not_stop_the_others(self, store, caplog):
        told = threading.Event()

        def failing(_result: object, _error: BaseException | None) -> None:
            raise KeyError("a defect of the caller")

        store.submit(lambda session: session.experiments.get("0"), failing)
        store.submit(lambda session: session.experiments.get("0"), lambda _result, _error: told.set())
        assert told.wait(30)
        assert "A callback of a store write failed" in caplog.text

    def test_a_store_held_by_another_is_unavailable_for_now(self, store, file, monkeypatch):
        monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.1)
        database = sqlite.SqliteDatabase(file)
        holder = sqlite3.connect(file, isolation_level=None)
        holder.execute("begin immediate")
        with pytest.raises(TemporarilyUnavailable, match=r"assay\.db"):
            database.write(lambda _: None)
        holder.execute("rollback")
        holder.close()
        database.write(lambda _: None)
        database.close()

    def test_damage_is_said_to_be_damage(self, store, file):
        add_run(store, "r", metrics={"m": [Point(step, step, 1.0) for step in range(9_000)]})
        connection = sqlite3.connect(file)
        connection.execute("update metric_chunks set points = x'00ff' where sealed = 1")
        connection.commit()
        connection.close()
        with pytest.raises(AssayError, match="damaged"):
            store.read(lambda session: session.metrics.history("r", key="m"))

    def test_a_lone_surrogate_is_the_callers_mistake(self, store):
        add_run(store, "r")
        with pytest.raises(AssayError, match="Unicode"):
            store.write(lambda session: session.runs.set_tags("r", tags={"t": "\ud800"}))

    def test_a_write_inside_a_write_is_refused_instead_of_waiting_for_ever(self, store):
        with pytest.raises(AssayError, match="inside another write"):
            store.write(lambda _: store.write(lambda _: None))
        store.write(lambda session: session.experiments.get("0"))

    def test_a_closed_store_says_so(self, store):
        store.close()
        store.close()
        for use in (store.read, store.write, lambda work: store.submit(work, lambda *_: None)):
            with pytest.raises(AssayError, match="is closed"):
                use(lambda session: session.experiments.get("0"))
        with pytest.raises(AssayError, match="is closed"):
            store.version()

    def test_a_killed_writer_leaves_whole_transactions(self, opened, tmp_path):
        script = (
            "from assay.store.open import open_store; from assay.store.metrics import Point; import sys\n"
            "store = open_store(sys.argv[1], artifact_root='/artifacts')\n"
            "for step in range(100000):\n"
            "    points = [Point(step * 50 + i, step * 50 + i, float(i)) for i in range(50)]\n"
            "    store.write(lambda s: s.metrics.append('r', points={'a': points, 'b': points}))\n"
            "    print(step, flush=True)\n"
        )
        store = opened()
        add_run(store, "r")
        store.close()
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path / "mlruns")], stdout=subprocess.PIPE, text=True
        )
        lines = [process.stdout.readline() for _ in range(150)]
        process.send_signal(signal.SIGKILL)
        rest = process.communicate(timeout=30)[0].splitlines()
        said = int((rest or lines)[-1]) + 1
        again = opened()
        for key in ("a", "b"):
            history = again.read(lambda session, key=key: session.metrics.history("r", key=key))
            assert [point.step for point in history] == list(range(len(history)))
            assert len(history) in (said * 50, (said + 1) * 50)
        again.close()
        connection = sqlite3.connect(tmp_path / "mlruns" / "assay.db")
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        assert connection.execute("pragma foreign_key_check").fetchone() is None
        connection.close()

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
    def test_a_forked_child_uses_connections_of_its_own(self, store):
        add_run(store, "before")
        told = threading.Event()
        store.submit(lambda session: session.runs.info("before"), lambda _result, _error: told.set())
        assert told.wait(30)
        store.read(lambda session: session.runs.count(Query()))
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
        assert {run.info.run_id for run in store.read(lambda session: session.runs.search(Query()))} == {
            "before",
            "child",
            "parent",
        }
        create_experiment(store, "after")
