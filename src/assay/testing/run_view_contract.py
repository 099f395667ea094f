"""What every `Store` must tell of nested and grouped runs, and change of many; part of `StoreContract`."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assay.search.fields import LOGGED_MODELS, RUNS
from assay.search.parser import parse_filter
from assay.search.tree import Field, Kind
from assay.store.base import ACTIVE, DELETED, STAGES, Query
from assay.store.metrics import Point
from assay.store.models import ModelPoint, ModelQuery
from assay.store.run_views import PARENT_TAG, Best
from assay.testing.model_contract import add_model, append, find
from assay.testing.store_content import add_run, create_experiment, dataset_input, get_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import RunTable, Session, Store
    from assay.wire.run_views import RunFamily, RunGroup

SEED, LOSS = "params.seed", "loss"


def nest(store: Store, experiment: str, run_id: str, parent: str | None, *, score: float | None = None) -> None:
    """Store a run below another one, or below none."""
    tags = {} if parent is None else {PARENT_TAG: parent}
    metrics = {} if score is None else {"score": [Point(0, 0, score)]}
    add_run(store, run_id, experiment_id=experiment, run_name=run_id.upper(), tags=tags, metrics=metrics)


def fill_tree(store: Store) -> str:
    """Two sweeps, one with a level below; a run alone; and two that are each other's parents."""
    number = create_experiment(store, "nested")
    for run_id, parent, score in (
        ("top", None, None),
        ("mid", "top", 0.5),
        ("low", "mid", 0.9),
        ("low2", "mid", math.nan),
        ("mid2", "top", 0.7),
        ("alone", None, 1.0),
        ("ring", "gnir", 0.1),
        ("gnir", "ring", 0.2),
        ("lost", "nowhere", 0.3),
    ):
        nest(store, number, run_id, parent, score=score)
    nest(store, "0", "stranger", "top", score=2.0)
    return number


def families(store: Store, query: Query, best: Best | None = None) -> dict[str, RunFamily]:
    """Families by the id of the parent."""
    given = store.read(lambda session: session.run_views.families(query, best=best))
    return {family.run_id: family for family in given}


def ancestors(store: Store, query: Query) -> RunTable:
    """Ancestors of what matches."""
    return store.read(lambda session: session.run_views.ancestors(query))


def groups(store: Store, query: Query, *by: str, metrics: Sequence[str] = (LOSS,), limit: int = 100) -> list[RunGroup]:
    """Groups by params."""
    fields = [Field(Kind.PARAM, key) for key in by]
    return store.read(lambda session: session.run_views.groups(query, by=fields, metrics=metrics, limit=limit))


def where(text: str, experiment_id: str) -> Query:
    """A query for a filter."""
    return Query(where=parse_filter(text, RUNS), experiment_ids=[experiment_id])


def _reads_wine(session: Session, run_id: str) -> None:
    session.inputs.log_datasets(run_id, datasets=[dataset_input("wine", context="train")])


def found(store: Store, query: Query) -> list[str]:
    """Ids of the runs that a table finds, sorted."""
    return sorted(store.read(lambda session: session.runs.table(query)).run_ids)


class RunViewContract:
    """Families, groups, and changes of many runs."""

    def test_children_are_counted_and_the_best_is_named(self, store: Store) -> None:
        """In the experiment and the stages asked for, whether they match or not; a NaN is never the best."""
        number = fill_tree(store)
        given = families(store, where("metrics.score > 100", number), Best("score", ascending=False))
        assert {run_id: family.children for run_id, family in given.items()} == {
            "top": 2, "mid": 2, "ring": 1, "gnir": 1, "nowhere": 1,
        }  # fmt: skip
        assert (given["top"].best_run_id, given["top"].best_run_name, given["top"].best_value) == ("mid2", "MID2", 0.7)
        assert (given["mid"].best_run_id, given["mid"].best_value) == ("low", 0.9)
        least = families(store, Query(experiment_ids=[number]), Best("score", ascending=True))
        assert least["top"].best_run_id == "mid"
        without = families(store, Query(experiment_ids=[number]), Best("unknown", ascending=True))["top"]
        assert (without.children, without.best_run_id, without.best_value) == (2, "", None)
        store.write(lambda session: session.runs.set_stage("mid2", stage=DELETED, now=1))
        assert families(store, Query(experiment_ids=[number]))["top"].children == 1
        assert families(store, Query(experiment_ids=[number], stages=STAGES))["top"].children == 2

    def test_an_infinite_best_is_text(self, store: Store) -> None:
        """As in every answer of cells."""
        nest(store, "0", "a", "p", score=math.inf)
        best = families(store, Query(experiment_ids=["0"]), Best("score", ascending=False))["p"]
        assert best.best_value == "Infinity"

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("metrics.score = 0.9", ["mid", "top"]),
            ("metrics.score = 0.7", ["top"]),
            ("metrics.score <= 0.5 AND metrics.score > 0.2", ["top"]),
            ("run_name = 'TOP' OR run_name = 'LOW'", ["mid"]),
            ("metrics.score = 1.0", []),
            ("metrics.score = 0.1", ["gnir"]),
        ],
    )
    def test_ancestors_of_what_matches_are_found_on_every_level(
        self, store: Store, text: str, wanted: list[str]
    ) -> None:
        """Those that match themselves are left out, and a ring of parents ends."""
        number = fill_tree(store)
        table = ancestors(store, where(text, number))
        assert (sorted(table.run_ids), table.total) == (wanted, len(wanted))
        assert {len(column) for column in table.columns.values()} == {len(wanted)}
        if "mid" in wanted:
            assert table.columns["metrics.score"][table.run_ids.index("mid")] == 0.5

    def test_deleted_ancestors_are_shown_with_the_deleted_only(self, store: Store) -> None:
        """Stages count for ancestors, too."""
        number = fill_tree(store)
        store.write(lambda session: session.runs.set_stage("top", stage=DELETED, now=1))
        query = where("metrics.score = 0.9", number)
        assert ancestors(store, query).run_ids == ["mid"]
        assert sorted(ancestors(store, Query(where=query.where, stages=STAGES)).run_ids) == ["mid", "top"]

    def test_groups_count_runs_and_sum_up_metrics(self, store: Store) -> None:
        """Mean and deviation of finite values; runs without the param are a group of their own."""
        for place, (seed, model, value) in enumerate(
            [
                ("1", "a", 1.0),
                ("1", "a", 2.0),
                ("1", "b", 6.0),
                ("2", "a", math.nan),
                ("2", "a", math.inf),
                (None, "a", 5),
            ]
        ):
            params = {"model": model} if seed is None else {"model": model, "seed": seed}
            add_run(store, f"run{place}", params=params, metrics={LOSS: [Point(0, 0, 99), Point(1, 0, value)]})
        add_run(store, "bare")
        given = groups(store, Query(), "seed")
        assert [(group.values, group.runs) for group in given] == [(["1"], 3), (["2"], 2), ([None], 2)]
        by_value = {group.values[0]: group.metrics for group in given}
        one = by_value["1"][LOSS]
        assert (one.count, one.mean, one.min, one.max) == (3, 3.0, 1.0, 6.0)
        assert one.std == pytest.approx(math.sqrt((4 + 1 + 9) / 2))
        assert by_value["2"] == {}, "NaN and infinities have no mean"
        alone = by_value[None][LOSS]
        assert (alone.count, alone.mean, alone.std) == (1, 5.0, None)
        deep = groups(store, Query(), "seed", "model")
        assert {tuple(group.values): group.runs for group in deep} == {
            ("1", "a"): 2, ("1", "b"): 1, ("2", "a"): 2, (None, "a"): 1, (None, None): 1,
        }  # fmt: skip
        assert len(groups(store, Query(), "seed", "model", limit=2)) == 2
        assert groups(store, Query(), "seed", metrics=())[0].metrics == {}

    def test_groups_are_of_what_matches(self, store: Store) -> None:
        """Filter and stages count, pages do not; values are told apart by case and by every space."""
        for run_id, seed in (("a", "x"), ("b", "X"), ("c", "x "), ("d", "x")):
            add_run(store, run_id, params={"seed": seed}, metrics={LOSS: [Point(0, 0, 1.5)]})
        store.write(lambda session: session.runs.set_stage("d", stage=DELETED, now=1))
        given = groups(store, Query(where=parse_filter("metrics.loss > 1", RUNS), limit=1), "seed")
        assert {group.values[0]: group.runs for group in given} == {"x": 1, "X": 1, "x ": 1}

    def test_groups_by_status_and_tag(self, store: Store) -> None:
        """Attributes and tags group as params do."""
        add_run(store, "a", tags={"team": "x"}, status="FAILED")
        add_run(store, "b", tags={"team": "x"})
        by = [Field(Kind.TAG, "team"), Field(Kind.ATTRIBUTE, "status")]
        given = store.read(lambda session: session.run_views.groups(Query(), by=by, metrics=(), limit=9))
        assert sorted(tuple(group.values) for group in given) == [("x", "FAILED"), ("x", "RUNNING")]

    def test_a_table_has_the_columns_asked_for(self, store: Store) -> None:
        """Least, greatest and first values of metrics among them; unknown ones are left out."""
        points = [Point(0, 0, 3.0), Point(1, 0, 1.0), Point(2, 0, 2.0)]
        add_run(store, "a", params={"p": "1", "q": "2"}, tags={"t": "x"}, metrics={"m": points, "n": points})
        wanted = [
            Field(kind, "m") for kind in (Kind.METRIC, Kind.METRIC_MIN, Kind.METRIC_MAX, Kind.METRIC_FIRST)
        ] + [Field(Kind.PARAM, "q"), Field(Kind.TAG, "none")]  # fmt: skip
        table = store.read(lambda session: session.runs.table(Query(), columns=wanted))
        given = {name: cells for name, cells in table.columns.items() if not name.startswith("attributes.")}
        assert given == {
            "metrics.m": [2.0], "metrics_min.m": [1.0], "metrics_max.m": [3.0], "metrics_first.m": [3.0],
            "params.q": ["2"],
        }  # fmt: skip
        bare = store.read(lambda session: session.runs.table(Query(), columns=[]))
        assert all(name.startswith("attributes.") for name in bare.columns)

    def test_many_runs_change_together(self, store: Store) -> None:
        """Tags set over old ones, tags deleted, stages; other runs stay."""
        for run_id in ("a", "b", "c"):
            add_run(store, run_id, tags={"old": "1", "kept": run_id})
        both = ["a", "b"]
        store.write(lambda session: session.run_views.change_tags(both, put={"new": "2", "kept": "z"}, gone=["old"]))
        store.write(lambda session: session.run_views.set_stage(both, stage=DELETED, now=7))

        def tags(run_id: str) -> dict[str, str]:
            return {tag.key: tag.value for tag in get_run(store, run_id).data.tags if tag.key != "mlflow.runName"}

        assert tags("a") == {"new": "2", "kept": "z"}
        assert tags("c") == {"old": "1", "kept": "c"}
        stages = {run_id: get_run(store, run_id).info.lifecycle_stage for run_id in ("a", "b", "c")}
        assert stages == {"a": DELETED, "b": DELETED, "c": ACTIVE}
        store.write(lambda session: session.run_views.set_stage(both, stage=ACTIVE, now=8))
        assert get_run(store, "a").info.lifecycle_stage == ACTIVE

    def test_a_run_moves_with_all_that_is_found_by_it(self, store: Store) -> None:
        """Searches in its new experiment find it by metric, param, tag and dataset; what it reads stays shared."""
        target = create_experiment(store, "target")
        for run_id in ("a", "b", "stays"):
            add_run(
                store, run_id, params={"p": "1"}, tags={"t": "x"}, metrics={LOSS: [Point(0, 0, 1.0), Point(1, 1, 0.5)]}
            )
            store.write(partial(_reads_wine, run_id=run_id))
        store.write(lambda session: session.run_views.move(["a", "b"], experiment_id=target))
        for text in (
            "metrics.loss < 1", "metrics_max.loss = 1", "params.p = '1'", "params.p > 0", "tags.t = 'x'",
            "datasets.name = 'wine'", "datasets.context = 'train'", "datasets.digest = '1'",
        ):  # fmt: skip
            assert found(store, where(text, target)) == ["a", "b"], text
            assert found(store, where(text, "0")) == ["stays"], text
        assert get_run(store, "a").info.experiment_id == target
        assert len(get_run(store, "a").inputs.dataset_inputs) == 1
        assert len(store.read(lambda session: session.metrics.history("a", key=LOSS))) == 2
        store.write(lambda session: session.metrics.append("a", points={LOSS: [Point(2, 2, 0.25)]}))
        assert store.read(lambda session: session.runs.count(where("metrics.loss = 0.25", target))) == 1
        store.write(lambda session: session.run_views.move(["a", "b"], experiment_id="0"))
        assert store.read(lambda session: session.runs.count(where("datasets.name = 'wine'", "0"))) == 3

    def test_a_run_moves_with_the_models_it_logged(self, store: Store) -> None:
        """They are found in the experiment of their run."""
        target = create_experiment(store, "target")
        add_run(store, "run")
        add_model(store, "m-1", params={"p": "1"}, tags={"t": "x"})
        append(store, "run", ModelPoint("m-1", "auc", 0, 0, 0.5, None))
        store.write(lambda session: session.run_views.move(["run"], experiment_id=target))
        clauses = parse_filter("metrics.auc = 0.5 AND params.p = '1' AND tags.t = 'x'", LOGGED_MODELS)
        assert find(store, ModelQuery(experiment_ids=[target], where=clauses)) == ["m-1"]
        assert find(store, ModelQuery(experiment_ids=["0"])) == []
