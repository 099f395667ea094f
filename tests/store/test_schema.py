"""The schema: its snapshot, its upgrades, and that hot statements are answered by indexes."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ConfigurationError
from assay.search.fields import RUNS
from assay.search.parser import parse_filter, parse_order_by
from assay.store.base import ACTIVE, NewRun, Point, Query
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.store.base import Session

REPOSITORY = Path(__file__).parents[2]


class Watched:
    """A store that tells the statements it ran."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        self.database = SqliteDatabase(path, on_statement=self.statements.append)
        migrate.prepare(self.database, artifact_root="/artifacts", now=1)
        self.store = SqlStore(self.database)

    def run(self, work, *, writing: bool = False) -> list[str]:
        self.statements.clear()
        (self.store.write if writing else self.store.read)(work)
        return [sql for sql in self.statements if sql.lower() not in ("begin", "begin immediate", "commit", "rollback")]

    def plan(self, sql: str) -> str:
        rows = self.database.read(lambda transaction: transaction.all(f"explain query plan {sql}"))
        return "\n".join(row[3] for row in rows)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    one = Watched(tmp_path / "assay.db")
    yield one
    one.database.close()


def fill(session: Session, *, runs: int) -> None:
    for number in range(runs):
        run_id = f"{number:04d}"
        session.runs.create(NewRun(run_id, run_id, "0", "user", number, "/a"), tags={"t": str(number % 3)})
        session.runs.log_params(run_id, params={f"p{key}": str(number % 2) for key in range(3)})
        session.metrics.append(run_id, points={f"m{key}": [Point(0, 0, number / runs)] for key in range(3)})


def test_the_snapshot_is_what_the_migrations_give():
    spec = importlib.util.spec_from_file_location("snapshot_schema", REPOSITORY / "tools" / "snapshot_schema.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert (tool.SCHEMA / "sqlite.sql").read_text(encoding="utf-8") == tool.sqlite_schema()


def test_migrations_are_numbered_without_gaps():
    steps = migrate.migrations("sqlite")
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))


def test_a_failing_migration_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    database = SqliteDatabase(tmp_path / "assay.db")
    good = migrate.migrations("sqlite")
    bad = (*good, migrate.Migration(len(good) + 1, "broken", ("create table half (x)", "create nonsense")))
    monkeypatch.setattr(migrate, "migrations", lambda dialect: bad)
    with pytest.raises(Exception, match="syntax error"):
        migrate.prepare(database, artifact_root="/artifacts", now=1)
    assert database.read(migrate.stored_version) is None
    monkeypatch.setattr(migrate, "migrations", lambda dialect: good)
    migrate.prepare(database, artifact_root="/artifacts", now=1)
    later = (*good, migrate.Migration(len(good) + 1, "added", ("create table added (x)",)))
    monkeypatch.setattr(migrate, "migrations", lambda dialect: later)
    migrate.prepare(database, artifact_root="/artifacts", now=1)
    assert database.read(migrate.stored_version) == len(later)
    monkeypatch.setattr(migrate, "migrations", lambda dialect: good)
    with pytest.raises(ConfigurationError, match="newer"):
        migrate.prepare(database, artifact_root="/artifacts", now=1)
    database.close()


WHERE = "metrics.m0 > 0.5 AND params.p0 = '1'"


@pytest.mark.parametrize(
    ("where", "order", "statements"),
    [
        (None, [], 5),
        (None, ["start_time"], 5),
        (None, ["metrics.m1 DESC"], 5),
        (None, ["params.p1", "metrics.m0"], 5),
        (WHERE, [], 6),
        (WHERE, ["metrics.m1 DESC"], 6),
        ("metrics.m0 > 2", ["metrics.m1 DESC"], 2),
        ("tags.t != '1'", ["metrics.none"], 6),
    ],
)
def test_a_search_runs_a_fixed_number_of_statements(watched, where, order, statements):
    query = Query(where=parse_filter(where, RUNS), order_by=parse_order_by(order, RUNS), experiment_ids=["0"], limit=20)
    for runs in (50, 400):
        watched.store.write(
            lambda session, runs=runs: None if session.runs.find(f"{runs - 1:04d}") else add(session, runs)
        )
        ran = watched.run(lambda session: session.runs.search(query))
        assert len(ran) == statements, "\n".join(ran)


def test_getting_a_run_runs_five_statements(watched):
    watched.store.write(lambda session: fill(session, runs=1))
    assert len(watched.run(lambda session: session.runs.get("0000"))) == 5


def add(session: Session, runs: int) -> None:
    if runs == 50:
        fill(session, runs=50)
        return
    for number in range(50, runs):
        session.runs.create(NewRun(f"{number:04d}", "n", "0", "user", number, "/a"), tags={"t": "0"})


def test_writing_runs_few_statements(watched):
    watched.store.write(lambda session: fill(session, runs=1))

    def one_point(session: Session) -> None:
        session.runs.info("0000")
        session.metrics.append("0000", points={"m0": [Point(1, 1, 0.5)]})

    watched.run(one_point, writing=True)
    assert len(watched.run(lambda session: session.runs.info("0000"), writing=True)) == 1
    ran = watched.run(lambda session: session.metrics.append("0000", points={"m0": [Point(2, 2, 0.25)]}), writing=True)
    assert len(ran) == 4, "\n".join(ran)


@pytest.mark.parametrize(
    ("where", "order", "index"),
    [
        (None, [], "runs_by_start"),
        (None, ["metrics.m1 DESC"], "metrics_by_last"),
        (None, ["metrics.m1"], "metrics_by_last"),
        (None, ["metrics_min.m1"], "metrics_by_min"),
        (None, ["metrics_max.m1 DESC"], "metrics_by_max"),
        (None, ["metrics_first.m1 DESC"], "metrics_by_first"),
        ("params.p0 = '1'", [], "params_by_value (experiment_id=? AND key=? AND number=? AND value=?)"),
        ("params.p0 = 'x'", [], "params_by_value (experiment_id=? AND key=? AND number=? AND value=?)"),
        ("params.p0 < 0.5", [], "params_by_value (experiment_id=? AND key=? AND number<?)"),
        ("metrics_first.m0 > 0.5", [], "metrics_by_first (experiment_id=? AND key=? AND first_value>?)"),
        ("tags.t = '1'", [], "tags_by_value"),
        ("metrics.m0 > 0.5", ["metrics.m1"], "metrics_by_last"),
    ],
)
def test_hot_searches_are_answered_by_an_index(watched, where, order, index):
    watched.store.write(lambda session: fill(session, runs=60))
    query = Query(where=parse_filter(where, RUNS), order_by=parse_order_by(order, RUNS), experiment_ids=["0"], limit=5)
    plans = [watched.plan(sql) for sql in watched.run(lambda session: session.runs.search(query))]
    assert index in plans[0]
    for plan in plans:
        assert "SCAN r" not in plan.replace("SCAN r USING INDEX", ""), plan
        assert "SCAN m" not in plan, plan
    if index == "runs_by_start":
        assert "TEMP B-TREE" not in plans[0], plans[0]
    elif where is None:
        assert "USE TEMP B-TREE FOR ORDER BY" not in plans[0], plans[0]


def test_looking_up_and_appending_use_indexes(watched):
    watched.store.write(lambda session: fill(session, runs=1))
    works = [
        lambda session: session.runs.info("0000"),
        lambda session: session.metrics.append("0000", points={"m0": [Point(0, 0, 9.0)]}),
        lambda session: session.metrics.history("0000", key="m0"),
        lambda session: session.runs.end_lost("w", ended_at=1),
        lambda session: session.runs.log_params("0000", params={"p0": "0"}),
        lambda session: session.runs.set_tags("0000", tags={"t": "1"}),
        lambda session: session.experiments.named("Default"),
        lambda session: session.journals.applied("w"),
    ]
    for work in works:
        for sql in watched.run(work, writing=True):
            plan = watched.plan(sql)
            assert "SCAN" not in plan.replace("SCAN json_each", ""), f"{sql}\n{plan}"


def test_the_default_experiment_is_active(watched):
    assert watched.store.read(lambda session: session.experiments.get("0")).lifecycle_stage == ACTIVE
