"""What the run table is answered beside its rows: at a cost that does not grow with the runs, errors that help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.server.changes import touched
from assay.service.handlers import Context, dispatch
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite.database import SqliteDatabase
from assay.wire import experiments, metrics, run_views, runs, views

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PARENT = "mlflow.parentRunId"


class Table:
    """Runs behind the handlers, and the statements that they run."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        database = SqliteDatabase(path / "assay.db", on_statement=self.statements.append)
        migrate.prepare(database, artifact_root=str(path / "files"), now=1)
        self.store = SqlStore(database)
        self.context = Context(store=self.store, artifact_root=str(path / "files"), store_type="sql")

    def ask(self, request):
        self.statements.clear()
        return dispatch(self.context, request)

    def counted(self, request) -> int:
        self.ask(request)
        return len([sql for sql in self.statements if not sql.lower().startswith(("begin", "rollback"))])

    def run(self, name: str, *, parent: str = "", loss: float = 1.0, seed: int = 0) -> str:
        tags = [runs.RunTag(key=PARENT, value=parent)] if parent else []
        run_id = self.ask(runs.CreateRun(experiment_id="0", run_name=name, tags=tags)).run.info.run_id
        self.ask(metrics.LogMetric(run_id=run_id, key="loss", value=loss, timestamp=1))
        self.ask(runs.LogParam(run_id=run_id, key="seed", value=str(seed)))
        return run_id


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    made = Table(tmp_path)
    yield made
    made.store.close()


def families(**more) -> run_views.ViewFamilies:
    return run_views.ViewFamilies(experiment_ids=["0"], metric="loss", ascending=True, **more)


def groups(*by: str, **more) -> run_views.ViewGroups:
    return run_views.ViewGroups(experiment_ids=["0"], by=list(by), metrics=["loss"], **more)


def test_the_cost_does_not_grow_with_the_runs(table):
    table.run("leaf", parent=table.run("top", loss=5))
    requests = [families(filter="metrics.loss < 2"), groups("params.seed", "attributes.status")]
    few = [table.counted(request) for request in requests]
    for number in range(12):
        table.run("leaf", parent=table.run("top", loss=5), seed=number)
    assert [table.counted(request) for request in requests] == few
    assert few == [6, 2]


def test_a_hit_below_is_answered_with_its_parent(table):
    top = table.run("top", loss=5)
    leaf = table.run("leaf", parent=top, loss=0.5)
    answer = table.ask(families(filter="metrics.loss < 1"))
    assert [(one.run_id, one.children, one.best_run_id, one.best_value) for one in answer.families] == [
        (top, 1, leaf, 0.5)
    ]
    assert answer.ancestors.run_ids == [top]
    assert answer.ancestors.columns["attributes.run_name"] == ["top"]
    assert table.ask(families()).ancestors.run_ids == [], "without a filter all runs match"


def test_groups_have_figures(table):
    for loss, seed in ((1, 0), (3, 0), (7, 1)):
        table.run("run", loss=loss, seed=seed)
    answer = table.ask(groups("params.seed"))
    assert [(one.values, one.runs) for one in answer.groups] == [(["0"], 2), (["1"], 1)]
    figures = answer.groups[0].metrics["loss"]
    assert (figures.count, figures.mean, figures.min, figures.max) == (2, 2, 1, 3)
    assert figures.std == pytest.approx(2**0.5)


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (groups(), "one or two columns"),
        (groups("params.a", "params.b", "params.c"), "one or two columns"),
        (groups("metrics.loss"), "cannot be grouped"),
        (groups("attributes.start_time"), "cannot be grouped"),
        (groups("nonsense"), "cannot be grouped"),
        (groups("params.seed", filter="nonsense = 1"), "position 1"),
        (views.ViewRuns(experiment_ids=["0"], columns=["attributes.status"]), "Invalid column"),
        (views.ViewRuns(experiment_ids=["0"], columns=["metrics."]), "Invalid column"),
        (run_views.ChangeRuns(run_ids=["a"] * 2 + [f"r{n}" for n in range(1000)]), "At most 1000"),
        (run_views.ChangeRuns(run_ids=["a"], lifecycle_stage="gone"), "active or deleted"),
        (run_views.ChangeRuns(run_ids=["a"], set_tags=[runs.RunTag(key="mlflow.runName", value="x")]), "run by run"),
        (run_views.ChangeRuns(run_ids=["a"], delete_tags=["mlflow.note.content"]), "run by run"),
    ],
)
def test_what_cannot_be_is_said(table, request_, said):
    with pytest.raises(InvalidParameterValue, match=said):
        table.ask(request_)


def test_many_runs_change_all_or_none(table):
    ids = [table.run("one"), table.run("two")]
    change = run_views.ChangeRuns(run_ids=ids, set_tags=[runs.RunTag(key="owner", value="ada")])
    assert table.ask(change).changed == 2
    with pytest.raises(ResourceDoesNotExist, match="'missing'"):
        table.ask(run_views.ChangeRuns(run_ids=[*ids, "missing"], lifecycle_stage="deleted"))
    assert table.ask(views.ViewRuns(experiment_ids=["0"])).columns["tags.owner"] == ["ada", "ada"]
    table.ask(run_views.ChangeRuns(run_ids=ids[:1], lifecycle_stage="deleted"))
    with pytest.raises(InvalidParameterValue, match="Restore it first"):
        table.ask(run_views.ChangeRuns(run_ids=ids, delete_tags=["owner"]))
    assert table.ask(views.ViewRuns(experiment_ids=["0"], run_view_type="ALL")).columns["tags.owner"] == ["ada"] * 2
    table.ask(run_views.ChangeRuns(run_ids=ids[:1], lifecycle_stage="active"))
    table.ask(run_views.ChangeRuns(run_ids=ids, delete_tags=["owner", "never"]))
    assert "tags.owner" not in table.ask(views.ViewRuns(experiment_ids=["0"])).columns


def test_runs_move_to_an_active_experiment_only(table):
    run_id = table.run("one")
    target = table.ask(experiments.CreateExperiment(name="target")).experiment_id
    with pytest.raises(ResourceDoesNotExist):
        table.ask(run_views.ChangeRuns(run_ids=[run_id], experiment_id="99"))
    table.ask(run_views.ChangeRuns(run_ids=[run_id], experiment_id=target))
    assert table.ask(views.ViewRuns(experiment_ids=[target])).run_ids == [run_id]
    table.ask(experiments.DeleteExperiment(experiment_id="0"))
    with pytest.raises(InvalidParameterValue, match="active"):
        table.ask(run_views.ChangeRuns(run_ids=[run_id], experiment_id="0"))


def test_those_who_watch_are_told_of_every_run():
    few = run_views.ChangeRuns(run_ids=["a", "b"], experiment_id="7")
    change = touched(few, run_views.ChangedRuns(changed=2))
    assert (change.runs, change.experiments, change.everything) == ({"a", "b"}, {"7"}, False)
    many = run_views.ChangeRuns(run_ids=[f"r{number}" for number in range(600)])
    assert touched(many, run_views.ChangedRuns(changed=600)).everything
