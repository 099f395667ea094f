"""What the first page and the search over everything are answered: in a fixed number of statements."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.service.handlers import Context, dispatch
from assay.service.main_metrics import chosen, is_judged, likeliest
from assay.service.needs import NEEDS, Need
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite.database import SqliteDatabase
from assay.store.users import EXPERIMENT, MANAGE
from assay.wire import experiments, home, metrics, models, pages, registry, runs, trash, views

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = json.loads((Path(__file__).parents[2] / "ui/src/lib/main-metrics.json").read_text())


class Server:
    """Handlers over a new store, and the statements that they run."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        self.database = SqliteDatabase(path / "assay.db", on_statement=self.statements.append)
        migrate.prepare(self.database, artifact_root=str(path / "files"), now=1)
        self.store = SqlStore(self.database)
        self.context = Context(store=self.store, artifact_root=str(path / "files"), store_type="sql")

    def ask(self, request: Any) -> Any:
        self.statements.clear()
        return dispatch(self.context, request)

    def counted(self, request: Any) -> int:
        self.ask(request)
        return len([sql for sql in self.statements if sql.lower() not in ("begin", "commit")])

    def experiment(self, name: str) -> str:
        return self.ask(experiments.CreateExperiment(name=name)).experiment_id

    def run(
        self, experiment_id: str, name: str, *, status: str = "RUNNING", ended: int | None = None, **values: float
    ) -> str:
        run_id = self.ask(runs.CreateRun(experiment_id=experiment_id, run_name=name, start_time=5)).run.info.run_id
        for key, value in values.items():
            self.ask(metrics.LogMetric(run_id=run_id, key=key, value=value, timestamp=1))
        if status != "RUNNING":
            self.ask(runs.UpdateRun(run_id=run_id, status=status, end_time=ended))
        return run_id


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    made.store.close()


@pytest.mark.parametrize("case", CASES, ids=lambda case: ",".join(case["keys"]))
def test_the_main_metric_is_guessed_as_in_the_run_table(case: dict[str, Any]) -> None:
    main = likeliest(case["keys"])
    assert main == (chosen(case["main"]) if case["main"] else None)
    assert main is None or is_judged(main) == case.get("is_judged", True)


def test_a_chosen_main_metric_has_a_direction() -> None:
    main = chosen("min my loss\n2")
    assert main is not None
    assert (main.key, main.ascending) == ("my loss\n2", True)
    assert chosen("loss") is None


def test_home_tells_what_goes_on_with_the_main_metric(server: Server) -> None:
    first, second = server.experiment("first"), server.experiment("second")
    server.run(first, "done", status="FINISHED", ended=10, loss=0.5, val_acc=0.75)
    server.run(first, "broken", status="FAILED", ended=20, loss=0.5)
    server.run(second, "lost", status="KILLED", ended=30, loss=float("nan"))
    server.run(second, "going", score=0.25)
    server.ask(experiments.SetExperimentTag(experiment_id=second, key="assay.main_metric", value="min loss"))
    answer = server.ask(home.ViewHome())
    assert [(run.run_name, run.metric, run.value) for run in answer.running] == [("going", "loss", None)]
    assert [(run.run_name, run.metric, run.value) for run in answer.finished] == [("done", "val_acc", 0.75)]
    assert [(run.run_name, run.status, run.metric, run.value) for run in answer.failed] == [
        ("lost", "KILLED", "loss", "NaN"),
        ("broken", "FAILED", "val_acc", None),
    ]
    assert answer.running_total == 1
    assert [run.run_name for run in server.ask(home.ViewHome(max_results=1)).failed] == ["lost"]


def test_the_cost_of_a_page_does_not_grow(server: Server) -> None:
    def activity(*ids: str) -> home.ViewActivity:
        return home.ViewActivity(experiment_ids=list(ids), since=0)

    rest = (home.FindAnything(text="run"), trash.ViewTrash())
    requests = (home.ViewHome(), home.ViewBest(experiment_ids=["0"]), activity("0"), *rest)
    server.run("0", "run 0", acc=0.5)
    before = [server.counted(request) for request in requests]
    for number in range(6):
        experiment_id = server.experiment(f"run {number}")
        server.run(experiment_id, f"run {number}", acc=number)
        server.run(experiment_id, "x", status="FAILED", ended=9, acc=number)
    every = [str(number) for number in range(7)]
    everything = (home.ViewHome(), home.ViewBest(experiment_ids=every), activity(*every), *rest)
    after = [server.counted(request) for request in everything]
    assert after == before
    assert max(after) <= 14


def test_the_best_run_is_told_where_it_is_known_what_is_better(server: Server) -> None:
    first, second = server.experiment("first"), server.experiment("second")
    best = server.run(first, "b", val_loss=0.25)
    server.run(first, "a", val_loss=0.5)
    server.run(second, "c", flops=3)
    answer = server.ask(home.ViewBest(experiment_ids=[first, second, first]))
    assert [(one.experiment_id, one.metric, one.direction, one.value, one.run_id) for one in answer.best] == [
        (first, "val_loss", "min", 0.25, best)
    ]
    server.ask(experiments.SetExperimentTag(experiment_id=second, key="assay.main_metric", value="min flops"))
    assert len(server.ask(home.ViewBest(experiment_ids=[first, second])).best) == 2
    with pytest.raises(InvalidParameterValue, match="100"):
        server.ask(home.ViewBest(experiment_ids=[str(number) for number in range(101)]))


def test_activity_reads_no_more_than_the_days_shown(server: Server) -> None:
    """From an index alone, however many runs are older or in other experiments."""
    first, empty = server.experiment("first"), server.experiment("empty")
    newest = server.run(first, "r")
    asked = home.ViewActivity(experiment_ids=[first, empty, "99"], since=0, days=2)
    answer = server.ask(asked).activity
    assert [(one.experiment_id, one.owner, one.newest_run, one.days) for one in answer] == [
        (first, "", newest, [1, 0]),
        (empty, "", "", [0, 0]),
    ]
    server.ask(runs.CreateRun(experiment_id=empty, start_time=9, user_id="unknown"))
    assert [one.owner for one in server.ask(asked).activity] == ["", ""]
    (counting,) = (sql for sql in server.statements if "count(*)" in sql)
    rows = server.database.read(lambda transaction: transaction.all(f"explain query plan {counting}"))
    searched = "(experiment_id=? AND stage=? AND start_time>? AND start_time<?)"
    assert f"SEARCH r USING COVERING INDEX runs_by_start {searched}" in [row[3] for row in rows]
    for wrong in ({"days": 0}, {"days": 101}, {"since": -1}, {"since": 2**60}):
        with pytest.raises(InvalidParameterValue, match=next(iter(wrong))):
            server.ask(home.ViewActivity(**{"experiment_ids": [first], "since": 0, **wrong}))
    with pytest.raises(InvalidParameterValue, match="100"):
        server.ask(home.ViewActivity(experiment_ids=[str(number) for number in range(101)], since=0))


def test_experiments_are_deleted_and_restored_together(server: Server) -> None:
    ids = [server.experiment(name) for name in ("a", "b", "c")]
    server.run(ids[0], "r")

    def change(*chosen: str, stage: str) -> int:
        return server.ask(experiments.ChangeExperiments(experiment_ids=list(chosen), lifecycle_stage=stage)).changed

    def left() -> list[tuple[str, int]]:
        found = server.ask(views.ViewExperiments(experiment_ids=ids)).experiments
        return sorted((one.name, one.runs) for one in found)

    with pytest.raises(ResourceDoesNotExist):
        change(ids[0], "99", stage="deleted")
    assert left() == [("a", 1), ("b", 0), ("c", 0)], "all or none"
    assert change(ids[0], ids[1], ids[0], stage="deleted") == 2
    assert left() == [("c", 0)]
    assert change(*ids, stage="active") == 3
    assert left() == [("a", 1), ("b", 0), ("c", 0)]
    with pytest.raises(InvalidParameterValue, match="active or deleted"):
        change(ids[0], stage="gone")
    with pytest.raises(InvalidParameterValue, match="1000"):
        change(*(str(number) for number in range(1001)), stage="deleted")


def test_each_experiment_that_is_changed_is_asked_for(server: Server) -> None:
    request = experiments.ChangeExperiments(experiment_ids=["1", "2"], lifecycle_stage="deleted")
    needed = server.store.read(lambda session: NEEDS["experiment"](session, request, MANAGE))
    assert needed == [Need(EXPERIMENT, "1", MANAGE), Need(EXPERIMENT, "2", MANAGE)]


def test_the_nearest_match_comes_first(server: Server) -> None:
    for name in ("whale", "blue-owl", "owl", "owlet", "bowl"):
        server.run("0", name)
    found = server.ask(home.FindAnything(text="OWL")).items
    assert [item.label for item in found] == ["owl", "owlet", "blue-owl", "bowl"]
    assert [item.label for item in server.ask(home.FindAnything(text="b owl", max_results=1)).items] == ["bowl"]
    assert server.ask(home.FindAnything(text="  ")).items == []


def test_signs_of_patterns_stand_for_themselves(server: Server) -> None:
    server.run("0", "a_b")
    server.run("0", "axb")
    server.run("0", "100%")
    for text, names in (("a_b", ["a_b"]), ("%", ["100%"]), ("[", []), ("*", []), ("\\", [])):
        assert [item.label for item in server.ask(home.FindAnything(text=text)).items] == names, text
    with pytest.raises(InvalidParameterValue, match="250"):
        server.ask(home.FindAnything(text="x" * 251))


def test_models_come_back_from_the_trash(server: Server) -> None:
    run_id = server.run("0", "r")
    request = models.CreateLoggedModel(experiment_id="0", source_run_id=run_id, name="tree")
    model_id = server.ask(request).model.info.model_id
    server.ask(models.DeleteLoggedModel(model_id=model_id))
    server.ask(runs.DeleteRun(run_id=run_id))
    page = server.ask(trash.ViewTrash(max_results=1))
    rest = server.ask(trash.ViewTrash(max_results=1, page_token=page.next_page_token))
    assert sorted((one.kind, one.name) for one in page.items + rest.items) == [("model", "tree"), ("run", "r")]
    assert rest.next_page_token == ""
    server.ask(trash.RestoreLoggedModel(model_id=model_id))
    assert server.ask(models.GetLoggedModel(model_id=model_id)).model.info.name == "tree"
    assert [one.kind for one in server.ask(trash.ViewTrash()).items] == ["run"]
    with pytest.raises(ResourceDoesNotExist, match="m-none"):
        server.ask(trash.RestoreLoggedModel(model_id="m-none"))


def test_models_of_deleted_experiments_stay_deleted(server: Server) -> None:
    experiment_id = server.experiment("gone")
    model_id = server.ask(models.CreateLoggedModel(experiment_id=experiment_id, name="tree")).model.info.model_id
    server.ask(models.DeleteLoggedModel(model_id=model_id))
    server.ask(experiments.DeleteExperiment(experiment_id=experiment_id))
    with pytest.raises(InvalidParameterValue, match="deleted"):
        server.ask(trash.RestoreLoggedModel(model_id=model_id))


def test_some_experiments_are_summed_up(server: Server) -> None:
    first, _ = server.experiment("first"), server.experiment("second")
    assert [one.name for one in server.ask(views.ViewExperiments(experiment_ids=[first])).experiments] == ["first"]
    assert len(server.ask(views.ViewExperiments()).experiments) == 3


def test_registered_models_are_found(server: Server) -> None:
    server.ask(registry.CreateRegisteredModel(name="fraud"))
    assert [(one.kind, one.id) for one in server.ask(home.FindAnything(text="fra")).items] == [("model", "fraud")]


def test_the_head_of_an_experiment_holds_its_views(server: Server) -> None:
    experiment_id = server.experiment("first")
    server.ask(pages.SetSavedView(experiment_id=experiment_id, name="Best", address={"q": "x"}))
    server.ask(experiments.DeleteExperiment(experiment_id=experiment_id))
    page = server.ask(pages.ViewExperiment(experiment_id=experiment_id))
    assert (page.experiment.name, [view.name for view in page.views]) == ("first", ["Best"])
    with pytest.raises(ResourceDoesNotExist, match="99"):
        server.ask(pages.ViewExperiment(experiment_id="99"))
