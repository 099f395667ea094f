"""What every `Store` must do for the first page and the search over everything; part of `StoreContract`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from assay.store.base import DELETED
from assay.store.home import DAY, MAIN_METRIC_TAG, Ends, MainMetric
from assay.store.metrics import Point
from assay.store.registry import Change
from assay.testing.model_contract import add_model
from assay.testing.page_contract import add_report, put_view
from assay.testing.registry_contract import add_model as register
from assay.testing.registry_contract import add_version
from assay.testing.store_content import add_run, create_experiment
from assay.testing.trash_contract import delete_experiment, delete_run

if TYPE_CHECKING:
    from assay.store.base import Store
    from assay.wire.home import FoundItem

_MANY = 50


def end_run(store: Store, run_id: str, *, status: str, end_time: int) -> None:
    """Say that a run has ended."""
    store.write(lambda session: session.runs.update(run_id, status=status, end_time=end_time))


def found_runs(store: Store, text: str) -> list[tuple[str, str]]:
    """Ids of the runs a text is found in, and where."""
    found = store.read(lambda session: session.finding.runs(text, f"%{text}%", limit=_MANY))
    return [(item.id, item.match) for item in found]


def labels(items: list[FoundItem]) -> list[tuple[str, str]]:
    """What was found, in short."""
    return [(item.kind, item.label) for item in items]


class HomeContract:
    """Runs across experiments, their best, finding, and what is deleted."""

    def test_runs_of_a_status_are_the_latest_of_all_experiments(self, store: Store) -> None:
        """Those that ended by their end; none that are deleted, or in a deleted experiment."""
        first, second, gone = (create_experiment(store, name) for name in ("first", "second", "gone"))
        for place, (run_id, experiment) in enumerate((("a", first), ("b", second), ("c", first), ("d", gone))):
            add_run(store, run_id, experiment_id=experiment, start_time=place)
            add_run(store, f"on-{run_id}", experiment_id=experiment, start_time=place)
            end_run(store, run_id, status="FINISHED", end_time=100 - place)
        add_run(store, "endless", experiment_id=first, status="FINISHED")
        delete_run(store, "b", now=5)
        delete_experiment(store, gone, now=5)
        ended = store.read(lambda session: session.overview.runs("FINISHED", limit=9))
        assert [(run.run_id, run.experiment_name, run.end_time) for run in ended] == [
            ("a", "first", 100),
            ("c", "first", 98),
        ]
        going = store.read(lambda session: session.overview.runs("RUNNING", limit=2))
        assert [(run.run_id, run.experiment_id, run.end_time) for run in going] == [
            ("on-c", first, None),
            ("on-b", second, None),
        ]
        assert store.read(lambda session: session.overview.count("RUNNING")) == 3

    def test_metrics_of_the_newest_finished_run_are_told(self, store: Store) -> None:
        """Of the newest, where none has finished; chosen main metrics by experiment."""
        first, second, empty = (create_experiment(store, name) for name in ("first", "second", "empty"))
        point = {"new": [Point(0, 0, 1.0)]}
        add_run(
            store, "old", experiment_id=first, status="FINISHED", start_time=1, metrics={"acc": [Point(0, 0, math.nan)]}
        )
        add_run(store, "new", experiment_id=first, start_time=9, metrics=point)
        add_run(store, "only", experiment_id=second, start_time=9, metrics=point)
        asked = [first, second, empty]
        keys = store.read(lambda session: session.overview.metric_keys(asked))
        assert keys == {first: ["acc"], second: ["new"]}
        store.write(lambda session: session.experiments.set_tag(second, key=MAIN_METRIC_TAG, value="min new"))
        assert store.read(lambda session: session.overview.main_metric_tags(asked)) == {second: "min new"}
        wanted = {"old": "acc", "new": "acc", "only": "new"}
        values = store.read(lambda session: session.overview.last_values(wanted))
        assert values["only"] == 1.0
        assert math.isnan(values["old"])
        assert len(values) == 2

    def test_the_best_run_has_the_best_finite_number(self, store: Store) -> None:
        """Neither infinities nor NaN nor deleted runs are best; the direction is the experiment's own."""
        first, second, empty = (create_experiment(store, name) for name in ("first", "second", "empty"))
        for experiment in (first, second):
            for name, value in (
                ("a", 0.5),
                ("b", 0.25),
                ("c", math.inf),
                ("d", -math.inf),
                ("e", math.nan),
                ("f", 9.0),
            ):
                add_run(store, name + experiment, experiment_id=experiment, metrics={"m": [Point(0, 0, value)]})
            delete_run(store, f"f{experiment}", now=1)
        mains = {first: MainMetric("m", ascending=False), second: MainMetric("m", ascending=True)}
        mains[empty] = MainMetric("m", ascending=True)
        best = store.read(lambda session: session.overview.best(mains))
        told = {one.experiment_id: (one.metric, one.direction, one.value, one.run_id, one.run_name) for one in best}
        assert told == {
            first: ("m", "max", 0.5, f"a{first}", f"run a{first}"),
            second: ("m", "min", 0.25, f"b{second}", f"run b{second}"),
        }
        assert store.read(lambda session: session.overview.best({})) == []

    def test_runs_are_found_by_id_name_and_tag(self, store: Store) -> None:
        """Whatever the case of letters; not the deleted ones, nor by what clients note in tags for themselves."""
        experiment = create_experiment(store, "place")
        tags = {"team": "Vision", "mlflow.user": "vision"}
        add_run(store, "aa11", experiment_id=experiment, run_name="Bright Owl", start_time=3)
        add_run(store, "bb22", experiment_id=experiment, run_name="other", tags=tags)
        add_run(store, "aa33", experiment_id=experiment, run_name="bright fox")
        delete_run(store, "aa33", now=1)
        assert found_runs(store, "aa") == [("aa11", "")]
        assert found_runs(store, "bright") == [("aa11", "")]
        assert found_runs(store, "oWL") == [("aa11", "")]
        assert found_runs(store, "visi") == [("bb22", "team: Vision")]
        (item,) = store.read(lambda session: session.finding.runs("aa11", "%aa11%", limit=1))
        assert (item.label, item.experiment_id, item.experiment_name) == ("Bright Owl", experiment, "place")
        assert (item.status, item.time) == ("RUNNING", 3)

    def test_places_are_found_by_name(self, store: Store) -> None:
        """Experiments, models, aliases, reports, views, keys."""
        experiment, gone = create_experiment(store, "Deep sea"), create_experiment(store, "sea gone")
        add_run(store, "r", experiment_id=experiment, params={"season": "1"}, metrics={"sea_level": [Point(0, 0, 1.0)]})
        for place in (experiment, gone):
            put_view(store, place, "sea view")
            add_report(store, place, f"sea{place}")
        delete_experiment(store, gone, now=2)
        register(store, "seal")
        add_version(store, "seal")
        change = Change(now=1)
        store.write(
            lambda session: session.registered_models.set_alias("seal", alias="overseas", version=1, change=change)
        )
        pattern = "%sea%"
        assert labels(store.read(lambda session: session.finding.experiments(pattern, limit=9))) == [
            ("experiment", "Deep sea")
        ]
        models = store.read(lambda session: session.finding.models(pattern, limit=9))
        assert [(one.kind, one.id, one.label, one.version) for one in models] == [
            ("model", "seal", "seal", "1"),
            ("version", "seal", "seal@overseas", "1"),
        ]
        pages = store.read(lambda session: session.finding.pages(pattern, limit=9))
        assert labels(pages) == [("report", f"title sea{experiment}"), ("view", "sea view")]
        assert [one.id for one in pages] == [f"sea{experiment}", "sea view"]
        assert {one.experiment_name for one in pages} == {"Deep sea"}
        keys = store.read(lambda session: session.finding.keys(pattern, limit=9))
        assert labels(keys) == [("metric", "sea_level"), ("param", "season")]
        assert {one.experiment_id for one in keys} == {experiment}

    def test_days_count_the_runs_that_started_on_them(self, store: Store) -> None:
        """Of the experiments named; whose first run it was, and the last one; nothing of what is deleted."""
        busy, calm, gone = (create_experiment(store, name) for name in ("busy", "calm", "gone"))
        begun = 20_000 * DAY + 5
        for name, day, user in (("a", -1, "ada"), ("b", 0, "bob"), ("c", 2, "cy"), ("d", 2, "di"), ("e", 3, "ed")):
            add_run(store, name, experiment_id=busy, start_time=begun + day * DAY, user_id=user)
        add_run(store, "late", experiment_id=busy, start_time=begun + 3 * DAY - 1)
        add_run(store, "dropped", experiment_id=busy, start_time=begun)
        delete_run(store, "dropped", now=5)
        add_run(store, "f", experiment_id=gone, start_time=begun)
        overview = store.read(lambda session: session.overview.starts([busy, calm], since=begun, days=3))
        assert overview == {busy: [1, 0, 3]}
        ends = store.read(lambda session: session.overview.ends([busy, calm, "99"]))
        assert ends == {busy: Ends("ada", "e"), calm: Ends("", "")}

    def test_what_is_deleted_is_listed(self, store: Store) -> None:
        """The last deleted first; what is in a deleted experiment is not told by itself."""
        kept, gone = create_experiment(store, "kept"), create_experiment(store, "gone")
        for run_id, experiment in (("a", kept), ("b", kept), ("stays", kept), ("inner", gone)):
            add_run(store, run_id, experiment_id=experiment)
        add_model(store, "m-1", experiment_id=kept)
        delete_run(store, "a", now=5)
        store.write(lambda session: session.models.set_stage("m-1", stage=DELETED, now=6))
        delete_run(store, "b", now=7)
        delete_experiment(store, gone, now=8)
        found = store.read(lambda session: session.trash.deleted(limit=9, offset=0))
        assert [(one.kind, one.id, one.deleted_at, one.runs) for one in found] == [
            ("experiment", gone, 8, 1),
            ("run", "b", 7, 0),
            ("model", "m-1", 6, 0),
            ("run", "a", 5, 0),
        ]
        assert [(one.name, one.experiment_name) for one in found[:2]] == [("gone", "gone"), ("run b", "kept")]
        assert [one.id for one in store.read(lambda session: session.trash.deleted(limit=2, offset=1))] == ["b", "m-1"]

    def test_some_experiments_are_summed_up(self, store: Store) -> None:
        """Those named, with what their runs do."""
        first, second = create_experiment(store, "first"), create_experiment(store, "second")
        add_run(store, "a", experiment_id=second, metrics={"m": [Point(0, 77, 1.0)]})
        (summary,) = store.read(lambda session: session.experiments.summaries([second, "99"]))
        assert (summary.name, summary.runs, summary.running, summary.last_activity) == ("second", 1, 1, 77)
        assert first in [one.experiment_id for one in store.read(lambda session: session.experiments.summaries())]
