"""What the pages of models are answered: in one request each, at a cost that does not grow with the versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.service.artifacts import blobs_of_model
from assay.service.handlers import Context, dispatch
from assay.store.sql import migrate
from assay.store.sql.store import SqlStore
from assay.store.sqlite.database import SqliteDatabase
from assay.wire import gates, metrics, model_views, models, registry, runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RULES = "model fraud\ngate @champion\n  metrics.auc >= 0.9\n  approved by ada\n"


class Registry:
    """A registry behind the handlers, and the statements that they run."""

    def __init__(self, path: Path) -> None:
        self.statements: list[str] = []
        self.database = SqliteDatabase(path / "assay.db", on_statement=self.statements.append)
        migrate.prepare(self.database, artifact_root=str(path / "files"), now=1)
        self.store = SqlStore(self.database)
        self.context = Context(store=self.store, artifact_root=str(path / "files"), store_type="sql")

    def ask(self, request):
        self.statements.clear()
        return dispatch(self.context, request)

    def counted(self, request) -> int:
        self.ask(request)
        return len([sql for sql in self.statements if sql.lower() not in ("begin", "commit")])

    def run(self, name: str, **values: float) -> str:
        run_id = self.ask(runs.CreateRun(experiment_id="0", run_name=name)).run.info.run_id
        for key, value in values.items():
            self.ask(metrics.LogMetric(run_id=run_id, key=key, value=value, timestamp=1))
        self.ask(runs.LogParam(run_id=run_id, key="depth", value="3"))
        return run_id

    def logged(self, run_id: str, **points: list[tuple[int, float]]) -> str:
        """A logged model with a param, and points by metric: time and value."""
        param = models.LoggedModelParameter(key="leaf", value="7")
        request = models.CreateLoggedModel(experiment_id="0", source_run_id=run_id, name="tree", params=[param])
        model_id = self.ask(request).model.info.model_id
        for key, some in points.items():
            for time, value in some:
                self.ask(metrics.LogMetric(run_id=run_id, key=key, value=value, timestamp=time, model_id=model_id))
        return model_id

    def version(self, run_id: str = "", model_id: str = "") -> str:
        source = f"models:/{model_id}" if model_id else "s3://bucket/model"
        request = registry.CreateModelVersion(name="fraud", source=source, run_id=run_id, model_id=model_id)
        return self.ask(request).model_version.version


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Registry]:
    made = Registry(tmp_path)
    made.ask(registry.CreateRegisteredModel(name="fraud"))
    yield made
    made.store.close()


def test_versions_show_the_metrics_that_gates_see(one):
    run_id = one.run("night", auc=0.5, loss=1.0)
    model_id = one.logged(run_id, auc=[(5, 0.9), (2, 0.7)], f1=[(1, float("nan"))])
    one.version(run_id)
    one.version(run_id, model_id)
    one.version()
    found = one.ask(model_views.ViewVersions(name="fraud", versions=["2", "1", "3"]))
    assert [version.version for version in found.versions] == ["2", "1", "3"]
    last_of_run = one.ask(runs.GetRun(run_id=run_id)).run.data.metrics
    assert found.columns == {
        "attributes.run_name": ["night", "night", None],
        "attributes.model_name": ["tree", None, None],
        "metrics.auc": [0.9, next(metric.value for metric in last_of_run if metric.key == "auc"), None],
        "metrics.f1": ["NaN", "NaN", None],
        "metrics.loss": [1.0, 1.0, None],
        "params.depth": ["3", "3", None],
        "params.leaf": ["7", None, None],
    }


def test_the_page_of_a_model(one):
    for _ in range(3):
        one.version()
    one.ask(gates.SetGates(rules=RULES, changed_by="ada"))
    one.ask(registry.SetRegisteredModelAlias(name="fraud", alias="shadow", version="1", changed_by="bob"))
    page = one.ask(model_views.ViewModel(name="fraud", max_results=2))
    assert [version.version for version in page.versions.versions] == ["3", "2"]
    assert [(rule.guards, rule.line, rule.rule) for rule in page.rules] == [
        ("@champion", 3, "metrics.auc >= 0.9"),
        ("@champion", 4, "approved by ada"),
    ]
    assert (page.gates.rules, page.gates.changed_by) == (RULES, "ada")
    assert [(one.alias, one.version, one.changed_by) for one in page.changes] == [("shadow", "1", "bob")]
    rest = one.ask(model_views.ViewModel(name="fraud", max_results=2, page_token=page.versions.next_page_token))
    assert [version.version for version in rest.versions.versions] == ["1"]
    assert rest.versions.next_page_token == ""
    with pytest.raises(ResourceDoesNotExist):
        one.ask(model_views.ViewModel(name="none"))


def test_the_list_shows_the_newest_version_and_those_with_an_alias(one):
    for auc in (0.7, 0.8, 0.9):
        one.version(one.run("trial", auc=auc))
    one.ask(registry.SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
    one.ask(registry.CreateRegisteredModel(name="empty"))
    found = one.ask(model_views.ViewModels())
    assert [model.name for model in found.models] == ["empty", "fraud"]
    assert [version.version for version in found.shown.versions] == ["1", "3"]
    assert found.shown.columns["metrics.auc"] == [0.7, 0.9]
    named = one.ask(model_views.ViewModels(filter="name = 'empty'", max_results=1))
    assert ([model.name for model in named.models], named.shown.versions) == (["empty"], [])
    with pytest.raises(InvalidParameterValue, match="position"):
        one.ask(model_views.ViewModels(filter="name ~ 'x'"))


def test_the_cost_does_not_grow_with_the_versions(one):
    requests = [
        model_views.ViewModels(),
        model_views.ViewModel(name="fraud"),
        model_views.ViewVersions(name="fraud", versions=["1", "2"]),
    ]
    costs = []
    for _ in range(2):
        for _ in range(4):
            run_id = one.run("trial", auc=0.5)
            version = one.version(run_id, one.logged(run_id, auc=[(1, 0.5)]))
            one.ask(registry.SetRegisteredModelAlias(name="fraud", alias=f"a{version}", version=version))
        requests[2].versions = [str(number) for number in range(1, int(version) + 1)]
        costs.append([one.counted(request) for request in requests])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 24


def test_what_versions_say_of_themselves(one):
    run_id = one.run("night")
    model_id = one.logged(run_id)
    blobs = blobs_of_model(one.context, model_id)
    blobs.write("MLmodel", [b"signature: null\n"])
    blobs.write("requirements.txt", [b"numpy==2\n"])
    blobs.write("input_example.json", [b"x" * 100_001])
    one.version(run_id, model_id)
    one.version(run_id, one.logged(run_id))
    first, second = one.ask(model_views.ViewVersionFiles(name="fraud", versions=["1", "2"])).files
    assert (first.mlmodel, first.requirements, first.problem) == ("signature: null\n", "numpy==2\n", "")
    assert first.example == "", "an example is only shown whole"
    blobs.write("input_example.json", [b"[1]"])
    assert one.ask(model_views.ViewVersionFiles(name="fraud", versions=["1"])).files[0].example == "[1]"
    assert (second.mlmodel, second.requirements, second.problem) == ("", "", "")


def test_files_out_of_reach_are_told_and_hide_no_others(one, tmp_path):
    one.version()
    files = Context(store=one.store, artifact_root="/", store_type="sql", reach=(str(tmp_path),))
    asked = model_views.ViewVersionFiles(name="fraud", versions=["1"])
    assert "reach them directly" in dispatch(files, asked).files[0].problem


@pytest.mark.parametrize("versions", [[], [str(number) for number in range(51)]])
def test_too_few_or_too_many_versions_are_refused(one, versions):
    with pytest.raises(InvalidParameterValue, match="1 to 50 versions"):
        one.ask(model_views.ViewVersions(name="fraud", versions=versions))


@pytest.mark.parametrize("request_", [model_views.ViewVersions, model_views.ViewVersionFiles])
def test_a_version_that_is_not_there_is_named(one, request_):
    one.version()
    with pytest.raises(ResourceDoesNotExist, match="version 7"):
        one.ask(request_(name="fraud", versions=["1", "7"]))
