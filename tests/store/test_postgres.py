"""The contract on PostgreSQL, and what is PostgreSQL's own: addresses, other people's databases, statements."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from assay.core import uri as uris
from assay.core.errors import ConfigurationError, InvalidParameterValue, StoreVersionError, TemporarilyUnavailable
from assay.search.fields import RUNS
from assay.search.parser import parse_filter, parse_order_by
from assay.store.base import NewRun, Query
from assay.store.metrics import Point
from assay.store.open import open_store
from assay.store.postgres.database import PostgresDatabase
from assay.store.postgres.transaction import numbered
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.testing.store_content import add_run
from assay.testing.store_contract import StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.store.base import Session
    from assay.testing.postgres import RunningPostgres

REPOSITORY = Path(__file__).parents[2]
EMPTY = """
do $$ declare one text; begin
  set local session_replication_role = replica;
  for one in select tablename from pg_tables where schemaname = 'public' and tablename <> 'schema_version' loop
    execute format('delete from %I where true', one);
  end loop;
  perform setval(pg_get_serial_sequence('experiments', 'experiment_id'), 1, false);
  insert into experiments values (0, 'Default', '/artifacts/0', 'active', 1, 1);
end $$
"""


@pytest.fixture(scope="module")
def reused(new_postgres_uri: Callable[[], str]) -> str:
    return new_postgres_uri()


@pytest.fixture
def uri(postgres: RunningPostgres, reused: str) -> str:
    """A store as good as new: its tables are emptied, which is quicker than a new database."""
    postgres.run(EMPTY, database=re.search(r"@/(\w+)", reused)[1])
    return reused


class TestPostgres(StoreContract):
    """All promises of a store."""


class TestAddresses:
    @pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg", "postgresql+psycopg2"])
    def test_sqlalchemys_spellings_are_understood(self, uri, scheme):
        store = open_store(uri.replace("postgresql", scheme, 1), artifact_root="/artifacts")
        assert store.read(lambda session: session.experiments.get("0").name) == "Default"
        store.close()

    def test_options_of_the_address_win_over_ours(self, uri):
        database = PostgresDatabase(f"{uri}&application_name=mine&options=-c%20lock_timeout%3D77s")
        settings = [
            database.read(lambda transaction, name=name: transaction.one(f"select current_setting('{name}')"))[0]
            for name in ("application_name", "lock_timeout", "statement_timeout", "synchronous_commit")
        ]
        assert settings == ["mine", "77s", "1min", "on"]
        database.close()

    @pytest.mark.parametrize(
        ("address", "said"),
        [
            ("postgresql://u:secret@h/d?pool_size=3", "pool_size"),
            ("postgresql+psycopg2://u:secret@h:port/d", "port"),
            ("postgresql://u:secret@[::1/d", "postgresql"),
            ("postgresql://u@h/d?password=secret&sslmode=never", "sslmode"),
            ("postgresql://u:secret@no.such.host.invalid/d", "no.such.host.invalid"),
        ],
    )
    def test_an_address_that_cannot_be_used_is_told_without_its_password(self, address, said):
        with pytest.raises((ConfigurationError, TemporarilyUnavailable)) as caught:
            open_store(address, artifact_root="/")
        assert said in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_what_is_printed_of_an_address_holds_no_password(self):
        address = "postgresql://u:one@h/d?password=two&sslmode=require&sslpassword=three"
        assert uris.redact(address) == "postgresql://u:***@h/d?password=***&sslmode=require&sslpassword=***"

    def test_a_database_that_is_not_there_is_told_how_to_make(self, postgres):
        with pytest.raises(ConfigurationError, match=r'database "nowhere" does not exist\. Create it with createdb'):
            open_store(postgres.uri("nowhere"), artifact_root="/")

    def test_a_user_that_is_not_let_in_is_told(self, postgres):
        with pytest.raises(ConfigurationError, match='role "nobody" does not exist'):
            open_store(postgres.uri().replace("postgres@", "nobody:secret@"), artifact_root="/")

    def test_a_missing_driver_is_told_how_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(ConfigurationError, match=r"pip install 'assay\[postgres\]'"):
            open_store("postgresql://h/d", artifact_root="/")


class TestOtherDatabases:
    @pytest.mark.parametrize(
        ("statement", "said"),
        [
            ("create table alembic_version (version_num text)", "MLflow's own database"),
            ("create table customers (name text)", "customers"),
            ("drop schema public", "no schema"),
        ],
    )
    def test_what_is_not_ours_is_left_alone(self, postgres, statement, said):
        name = postgres.new_database()
        postgres.run(statement, database=name)
        with pytest.raises(ConfigurationError, match=said):
            open_store(postgres.uri(name), artifact_root="/")
        tables = postgres.run("select count(*) from pg_tables where tablename = 'runs'", database=name)
        assert tables == [(0,)]

    def test_a_database_in_another_encoding_is_refused(self, postgres):
        name = postgres.new_database(template="template0 encoding 'SQL_ASCII' locale 'C'")
        with pytest.raises(ConfigurationError, match="UTF-8"):
            open_store(postgres.uri(name), artifact_root="/")

    def test_a_newer_schema_is_refused(self, postgres, new_postgres_uri):
        uri = new_postgres_uri()
        postgres.run("insert into schema_version values (9999, 'later')", database=re.search(r"@/(\w+)", uri)[1])
        with pytest.raises(StoreVersionError, match=r"newer version of Assay.*Upgrade"):
            open_store(uri, artifact_root="/")

    def test_many_processes_make_one_schema(self, postgres):
        uri = postgres.uri(postgres.new_database())
        script = (
            "import sys; from assay.store.open import open_store; open_store(sys.argv[1], artifact_root='/a').close()"
        )
        processes = [subprocess.Popen([sys.executable, "-c", script, uri], stderr=subprocess.PIPE) for _ in range(4)]
        assert [process.communicate(timeout=60)[1] for process in processes] == [b""] * 4
        assert [process.returncode for process in processes] == [0] * 4
        store = open_store(uri, artifact_root="/b")
        assert store.read(lambda session: session.experiments.get("0").artifact_location) == "/a/0"
        store.close()


class TestValues:
    @pytest.mark.parametrize(
        ("value", "said"), [("a\0b", "NUL character"), ("\ud800", "lone surrogate")], ids=["nul", "surrogate"]
    )
    def test_texts_that_cannot_be_kept_are_the_callers_mistake(self, store, value, said):
        add_run(store, "r")
        for work in (
            lambda session: session.runs.set_tags("r", tags={"t": value}),
            lambda session: session.runs.log_params("r", params={value: "1"}),
            lambda session: session.experiments.named(value),
            lambda session: session.runs.find(value),
        ):
            with pytest.raises(InvalidParameterValue, match=said):
                store.write(work)

    def test_numbers_beyond_64_bits_are_the_callers_mistake(self, store):
        add_run(store, "r")
        for work in (
            lambda session: session.runs.update("r", end_time=2**63),
            lambda session: session.journals.advance("w", seq=-(2**63) - 1, now=1),
        ):
            with pytest.raises(InvalidParameterValue, match="64 bits"):
                store.write(work)

    def test_the_longest_values_are_kept_and_found(self, store):
        key, value = "\U0001f600" * 250, "é" * 8000
        add_run(store, "r", params={key: value}, tags={key: value})
        add_run(store, "other", params={key: value[:-1]})
        where = parse_filter(f"params.`{key}` = '{value}'", RUNS)
        found = store.read(lambda session: session.runs.search(Query(where=where, experiment_ids=["0"])))
        assert [run.info.run_id for run in found] == ["r"]


class Watched:
    """A store that tells the statements it ran, those that begin and end transactions left out."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.statements: list[str] = []
        self.database = PostgresDatabase(uri, on_statement=self.statements.append)
        self.store = SqlStore(self.database)

    def run(self, work, *, writing: bool = False) -> list[str]:
        self.statements.clear()
        (self.store.write if writing else self.store.read)(work)
        return [sql for sql in self.statements if not sql.startswith(("begin", "commit"))]

    def plan(self, sql: str) -> str:
        with psycopg.connect(f"{self.uri}&options=-c%20enable_seqscan%3Doff") as connection:
            rows = connection.execute(f"explain (generic_plan, costs off) {numbered(sql)}").fetchall()
        return "\n".join(row[0] for row in rows)


@pytest.fixture
def watched(uri: str) -> Iterator[Watched]:
    one = Watched(uri)
    yield one
    one.database.close()


@pytest.fixture(scope="module")
def well_filled(new_postgres_uri: Callable[[], str], postgres: RunningPostgres) -> Iterator[Watched]:
    uri = new_postgres_uri()
    one = Watched(uri)
    one.store.write(lambda session: fill(session, runs=150))
    postgres.run("analyze", database=re.search(r"@/(\w+)", uri)[1])
    yield one
    one.database.close()


def fill(session: Session, *, runs: int) -> None:
    for number in range(runs):
        run_id = f"{number:04d}"
        session.runs.create(NewRun(run_id, run_id, "0", "user", number, "/a"), tags={"t": str(number % 3)})
        session.runs.log_params(run_id, params={f"p{key}": str(number % 2) for key in range(3)})
        session.metrics.append(run_id, points={f"m{key}": [Point(0, 0, number / runs)] for key in range(3)})


WHERE = "metrics.m0 > 0.5 AND params.p0 = '1'"


class TestStatements:
    def test_writing_takes_few_statements(self, watched):
        watched.store.write(lambda session: fill(session, runs=1))
        assert len(watched.run(lambda session: session.runs.info("0000"))) == 1
        claimed = watched.run(lambda session: session.runs.info("0000"), writing=True)
        assert len(claimed) == 2
        assert "advisory" in claimed[0]

        def append(session: Session) -> None:
            session.runs.info("0000")
            session.metrics.append("0000", points={"m0": [Point(2, 2, 0.75)]})

        assert len(watched.run(append, writing=True)) <= 6

    def test_several_claims_go_out_with_one_statement(self, watched):
        def claim(session: Session) -> tuple[int] | None:
            transaction = session.runs._transaction
            for name in ("a", "b", "c"):
                transaction.claim(name)
            return transaction.one("select 7")

        assert watched.store.write(claim) == (7,)
        assert sum("advisory" in sql for sql in watched.run(claim, writing=True)) == 3

    @pytest.mark.parametrize(
        ("where", "order", "index"),
        [
            (None, [], "runs_by_start"),
            (None, ["metrics.m1 DESC"], "metrics_by_last"),
            (None, ["metrics.m1"], "metrics_by_last"),
            (None, ["metrics_min.m1"], "metrics_by_min"),
            (None, ["metrics_max.m1 DESC"], "metrics_by_max"),
            ("params.p0 = '1'", [], "params_by_value"),
            ("tags.t = '1'", [], "tags_by_value"),
            ("metrics.m0 > 0.5", ["metrics.m1"], "metrics_by_last"),
        ],
    )
    def test_hot_searches_are_answered_by_an_index(self, well_filled, where, order, index):
        query = Query(
            where=parse_filter(where, RUNS), order_by=parse_order_by(order, RUNS), experiment_ids=["0"], limit=5
        )
        plan = well_filled.plan(well_filled.run(lambda session: session.runs.search(query))[0])
        assert index in plan, plan
        if where is None:
            assert plan.count("Sort Key") == plan.count("Presorted Key"), plan

    def test_every_statement_of_a_search_is_one_of_a_fixed_number(self, watched):
        query = Query(where=parse_filter(WHERE, RUNS), order_by=parse_order_by(["metrics.m1"], RUNS), limit=20)
        counts = []
        for place in range(2):
            watched.store.write(lambda session, place=place: fill_more(session, place * 30, place * 30 + 30))
            counts.append(len(watched.run(lambda session: session.runs.search(query))))
        assert counts[0] == counts[1] <= 8


def fill_more(session: Session, first: int, last: int) -> None:
    for number in range(first, last):
        run_id = f"more {number}"
        session.runs.create(NewRun(run_id, run_id, "0", "user", number, "/a"), tags={})
        session.runs.log_params(run_id, params={"p0": "1"})
        session.metrics.append(run_id, points={"m0": [Point(0, 0, 1.0)], "m1": [Point(0, 0, float(number))]})


class TestSchema:
    def test_the_snapshot_is_what_the_migrations_give(self, postgres):
        tool = runpy.run_path(str(REPOSITORY / "tools" / "snapshot_schema.py"))
        assert (tool["SCHEMA"] / "postgres.sql").read_text(encoding="utf-8") == tool["postgres_schema"](postgres)

    def test_every_migration_is_there(self):
        assert [(step.number, step.name) for step in migrate.migrations("postgres")] == [
            (step.number, step.name) for step in migrate.migrations("sqlite")
        ]
