"""The schema: its snapshot, its upgrades, and that hot statements are answered by indexes."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ConfigurationError
from assay.search.fields import LOGGED_MODELS, RUNS
from assay.search.parser import parse_filter, parse_order_by
from assay.store.base import ACTIVE, NewRun, Query
from assay.store.metrics import Point
from assay.store.models import DatasetName, ModelPoint, ModelQuery, NewModel
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite.database import SqliteDatabase
from assay.store.trash import Doomed
from assay.testing.store_content import dataset_input
from assay.wire.inputs import ModelOutput
from assay.wire.webhooks import WebhookEvent

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


def test_aliases_that_were_set_before_history_was_kept_begin_it(tmp_path, monkeypatch):
    database = SqliteDatabase(tmp_path / "assay.db")
    newest = migrate.migrations("sqlite")
    monkeypatch.setattr(migrate, "migrations", lambda dialect: newest[:4])
    migrate.prepare(database, artifact_root="/artifacts", now=1)
    for statement in (
        "insert into registered_models values (7, 'm', 1, 1, '', 2)",
        "insert into model_versions values (70, 7, 2, 1, 1, '', 'None', 's', 's', '', '', '')",
        "insert into registered_model_aliases values (7, 'champion', 70)",
    ):
        database.write(lambda transaction, statement=statement: transaction.run(statement))
    monkeypatch.setattr(migrate, "migrations", lambda dialect: newest)
    began = time.time_ns() // 1_000_000
    migrate.prepare(database, artifact_root="/artifacts", now=1)
    (change,) = SqlStore(database).read(
        lambda session: session.registered_models.alias_history("m", alias="champion", as_of=1 << 62, limit=9)
    )
    assert (change.version, change.changed_by, change.note) == ("2", "", "set before history was kept")
    assert began - 1000 <= change.changed_at <= time.time_ns() // 1_000_000
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


def fill_models(session: Session, *, models: int) -> None:
    for number in range(models):
        run_id, model_id = f"{number:04d}", f"m-{number:04d}"
        session.runs.create(NewRun(run_id, run_id, "0", "user", number, "/a"), tags={})
        read = [dataset_input(f"d{number % 20}", str(number % 30), context=f"c{number % 25}")]
        session.inputs.log_datasets(run_id, datasets=read)
        session.inputs.log_outputs(run_id, models=[ModelOutput(model_id=model_id)])
        model = NewModel(model_id, "0", f"n{number}", "/a", number, f"t{number % 9}", run_id)
        session.models.create(model, params={"p": str(number)}, tags={"t": str(number)})
        session.models.append(
            run_id, points=[ModelPoint(model_id, "m", 0, 0, number, DatasetName(f"d{number % 20}", "1"))]
        )


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("dataset.name = 'd1'", "datasets_1"),
        ("dataset.digest = '1'", "datasets_by_digest"),
        ("dataset.context = 'c1'", "run_datasets_by_context"),
    ],
)
def test_runs_are_found_by_what_they_read_along_an_index(watched, where, index):
    watched.store.write(lambda session: fill_models(session, models=60))
    query = Query(where=parse_filter(where, RUNS), experiment_ids=["0"], limit=5)
    plans = [watched.plan(sql) for sql in watched.run(lambda session: session.runs.search(query))]
    assert index in plans[0], plans[0]
    assert len(plans) == 6
    for plan in plans:
        assert "SCAN" not in plan.replace("SCAN r USING INDEX", "").replace("SCAN json_each", ""), plan


@pytest.mark.parametrize(
    ("where", "order", "index"),
    [
        (None, [], "logged_models_by_creation"),
        ("name = 'n7'", [], "logged_models_by_name"),
        ("source_run_id = '0007'", [], "logged_models_by_run"),
        ("params.p = '7'", [], "PRIMARY KEY (model_no=? AND key=?)"),
        ("metrics.m > 5", ["metrics.m DESC"], "logged_model_points"),
    ],
)
def test_models_are_found_in_four_statements_along_indexes(watched, where, order, index):
    watched.store.write(lambda session: fill_models(session, models=60))
    query = ModelQuery(
        where=parse_filter(where, LOGGED_MODELS),
        order_by=parse_order_by(order, LOGGED_MODELS),
        experiment_ids=["0"],
        datasets=[DatasetName("d1", "1"), DatasetName("d2")] if order else [],
        limit=5,
    )
    ran = watched.run(lambda session: session.models.search(query))
    assert len(ran) == 4, "\n".join(ran)
    plans = [watched.plan(sql) for sql in ran]
    assert index in plans[0], plans[0]
    for plan in plans:
        assert "SCAN" not in plan.replace("SCAN json_each", ""), plan


def test_inputs_models_and_trash_use_indexes(watched):
    watched.store.write(lambda session: fill_models(session, models=60))
    point = ModelPoint("m-0001", "m", 1, 1, 0.5, DatasetName("d2", "1"))
    works = [
        lambda session: session.inputs.log_datasets("0001", datasets=[dataset_input("d2")]),
        lambda session: session.inputs.log_outputs("0001", models=[ModelOutput(model_id="m-1")]),
        lambda session: session.inputs.datasets(["0"], limit=9),
        lambda session: session.models.get("m-0001"),
        lambda session: session.models.append("0001", points=[point]),
        lambda session: session.models.set_tags("m-0001", tags={"t": "1"}),
        lambda session: session.trash.remove(Doomed("run", "0003")),
    ]
    for work in works:
        for sql in watched.run(work, writing=True):
            plan = watched.plan(sql)
            assert "SCAN" not in plan.replace("SCAN json_each", ""), f"{sql}\n{plan}"


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
        lambda session: session.webhooks.tell(WebhookEvent(entity="MODEL_VERSION", action="SET"), body="", now=1),
        lambda session: session.webhooks.due(now=1, busy=()),
        lambda session: session.webhooks.claim("w", now=1, until=2),
        lambda session: session.webhooks.forget(before=1),
    ]
    for work in works:
        for sql in watched.run(work, writing=True):
            plan = watched.plan(sql)
            assert "SCAN" not in plan.replace("SCAN json_each", ""), f"{sql}\n{plan}"


def test_the_default_experiment_is_active(watched):
    assert watched.store.read(lambda session: session.experiments.get("0")).lifecycle_stage == ACTIVE
