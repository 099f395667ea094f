"""What every `Store` must find, in which order; part of `StoreContract`. The measure is `search_oracle`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from assay.search.fields import EXPERIMENTS, RUNS
from assay.search.parser import parse_filter, parse_order_by
from assay.store.base import ACTIVE, DELETED, STAGES, Query
from assay.store.metrics import Point
from assay.testing.search_oracle import MetricSummary, Record, matches, ordered
from assay.testing.store_content import add_run, create_experiment, dataset_input, get_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.store.base import Store

NAN, INF = math.nan, math.inf


@dataclass(frozen=True)
class Sample:
    """A run to search for; `metrics` gives the values of each key, one a step."""

    run_id: str
    start_time: int = 0
    end_time: int | None = None
    status: str = "RUNNING"
    run_name: str = "run"
    metrics: Mapping[str, Sequence[float]] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    datasets: Sequence[Mapping[str, str]] = ()

    def add_to(self, store: Store, experiment_id: str) -> None:
        """Store the run."""
        points = {
            key: [Point(step, step, value) for step, value in enumerate(values)] for key, values in self.metrics.items()
        }
        add_run(
            store,
            self.run_id,
            experiment_id=experiment_id,
            run_name=self.run_name,
            start_time=self.start_time,
            tags=self.tags,
            params=self.params,
            metrics=points,
        )
        store.write(lambda session: session.runs.update(self.run_id, status=self.status, end_time=self.end_time))
        if self.datasets:
            read = [dataset_input(**described) for described in self.datasets]
            store.write(lambda session: session.inputs.log_datasets(self.run_id, datasets=read))

    def record(self, experiment_id: str) -> Record:
        """The run as the oracle sees it."""
        return Record(
            attributes={
                "run_id": self.run_id,
                "run_name": self.run_name,
                "status": self.status,
                "artifact_uri": f"/artifacts/{experiment_id}/{self.run_id}",
                "user_id": "user",
                "start_time": self.start_time,
                "end_time": self.end_time,
            },
            metrics={key: _summary(values) for key, values in self.metrics.items()},
            params=self.params,
            tags={**self.tags, "mlflow.runName": self.run_name},
            datasets=self.datasets,
        )


def _summary(values: Sequence[float]) -> MetricSummary:
    numbers = [value for value in values if not math.isnan(value)] or [NAN]
    return MetricSummary(last=values[-1], min=min(numbers), max=max(numbers), first=values[0])


SAMPLES = (
    Sample("a", 5, 50, "FINISHED", "Alpha", {"m": [1.0, 0.5], "n": [2]}, {"p": "x", "lr": "0.1"}, {"t": "A_b"}),
    Sample("b", 5, None, "RUNNING", "alpha", {"m": [NAN, 3.0]}, {"p": "X%", "lr": "1e-3"}, {"t": "a*b"}),
    Sample("c", 7, 9, "FAILED", "beta", {"m": [3.0, NAN]}, {"p": "", "lr": "nan"}, {"t": "a\nb"}),
    Sample("d", 1, 9, "FINISHED", "100%", {"m": [-INF, INF]}, {"lr": "10", "`q": "it's"}, {"t": "[ab]"}),
    Sample("e", 9, 3, "KILLED", "ünïcode", {"n": [0.0, 1.5, -2.0]}, {"p": "x", "lr": "inf"}, {"a.b/c d": "1"}),
    Sample(
        *("f", 9, 3, "FINISHED", "é", {"m": [0.5], "n": [NAN, NAN]}, {"p": "xy", "lr": "1_0"}),
        datasets=[
            {"name": "d", "digest": "1", "context": "train"},
            {"name": "D%", "digest": "2", "context": "test"},
            {"name": "e", "digest": "1"},
        ],
    ),
    Sample(
        *("g", 0, 0, "FINISHED", "\\", {"m": [-0.0]}, {"p": "\\", "lr": "010"}, {"t": "A?b"}),
        datasets=[{"name": "d", "digest": "2", "context": ""}],
    ),
)
FILTERS = """
metrics.m > 0.5 | metrics.m >= 0.5 | metrics.m = 0.5 | metrics.m != 0.5 | metrics.m < 0 | metrics.m <= 0 | metrics.m = 0
metrics.m >= 1e300 | metrics.n != 7 | metrics_min.m < 1 | metrics_max.n > 1 | metrics_first.n = 0 | metrics_max.m != 1
NOT metrics.m > 0.5 | NOT metrics.m != 0.5 | metrics.none != 1 | NOT metrics.none = 1
params.p = 'x' | params.p != 'x' | params.p = '' | NOT params.p = 'x' | params.p IS NULL | params.p IS NOT NULL
params.lr < 1 | params.lr >= 10 | params.lr != 10 | params.lr = 0.1 | NOT params.lr < 1 | params.lr > 1e308
params.p LIKE 'x%' | params.p LIKE 'X%' | params.p ILIKE 'X%' | params.p LIKE '_'
params.p LIKE '\\\\' | params.p LIKE '%'
tags.t LIKE 'a%b' | tags.t LIKE 'a_b' | tags.t ILIKE 'A_B' | tags.t LIKE '[ab]' | tags.t LIKE 'a*b' | tags.t LIKE 'A?b'
tags.`a.b/c d` = '1' | tags.mlflow.runName = 'Alpha' | run_name = 'alpha' | run_name LIKE '%lph%'
run_name ILIKE 'ALPHA' | run_name ILIKE 'É' | run_name ILIKE 'é' | run_name ILIKE 'ÜNÏ%' | run_name ILIKE 'üNïCODE'
run_name LIKE '100%' | run_name LIKE '_' | status = 'FINISHED' | status != 'FINISHED' | user_id = 'user'
start_time > 5 | start_time = 5 | start_time < 1.5 | end_time < 10 | end_time != 9 | NOT end_time < 10
run_id IN ('a', 'c', 'zz') | run_id NOT IN ('a', 'c') | run_id = 'a' | artifact_uri LIKE '%/d'
datasets.name = 'd' | NOT datasets.name = 'd' | dataset.name != 'd' | datasets.name LIKE 'D%' | datasets.name ILIKE 'd_'
dataset.digest = '1' | dataset.digest IN ('2', '3') | dataset.digest NOT IN ('1') | datasets.context = 'train'
dataset.context != 'test' | NOT dataset.context = 'test' | dataset.context = '' | dataset.name = 'e' AND params.p = 'xy'
dataset.name = 'e' AND dataset.context = 'test' | dataset.name = 'none' OR metrics.m > 1
metrics.m > 0 AND params.p = 'x' | metrics.m > 0 OR params.p = 'x' | NOT (metrics.m > 0 OR params.p IS NULL)
(status = 'FINISHED' OR end_time = 9) AND NOT (params.lr > 1 AND tags.t LIKE '%b%') AND start_time >= 0
"""
ORDERS = """
metrics.m | metrics.m DESC | metrics.n ASC, metrics.m DESC | metrics_min.m DESC | metrics_max.m | metrics_first.m
metrics.none | params.p | params.p DESC | params.lr, start_time | tags.t DESC | end_time | end_time DESC, metrics.m
start_time | start_time DESC | run_name | status, metrics_max.n DESC | run_id DESC | status DESC, params.p, run_id
"""


def _lines(text: str) -> list[str]:
    return [part.strip() for line in text.split("\n") for part in line.split(" | ") if part.strip()]


def fill(store: Store, samples: Iterable[Sample] = SAMPLES) -> tuple[str, list[Record]]:
    """A new experiment with the samples, beside another one with the same content; and what the oracle sees."""
    number = create_experiment(store, "searched")
    records = []
    for sample in samples:
        sample.add_to(store, number)
        records.append(sample.record(number))
    return number, records


def assert_found(store: Store, query: Query, records: Iterable[Record]) -> None:
    """Check that a query finds what it must among records, in order, page by page, and counts it."""
    keys = [*(query.order_by or RUNS.default_order)]
    keys += [key for key in RUNS.tie_breakers if key.field not in {known.field for known in keys}]
    wanted = [
        record.attributes["run_id"]
        for record in ordered([record for record in records if matches(query.where, record)], keys)
    ]
    found = [run.info.run_id for run in store.read(lambda session: session.runs.search(query))]
    assert found == wanted[query.offset : query.offset + query.limit]
    assert store.read(lambda session: session.runs.count(query)) == len(wanted)


class SearchContract:
    """Searches for runs and experiments."""

    def test_filters_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each of `FILTERS`, in one experiment and in all."""
        number, records = fill(store)
        for text in _lines(FILTERS):
            for experiment_ids in ([number], [number, "99"], None):
                query = Query(where=parse_filter(text, RUNS), experiment_ids=experiment_ids)
                assert_found(store, query, records)

    def test_orders_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each of `ORDERS`, alone and under a filter; every page of two."""
        number, records = fill(store)
        for text in _lines(ORDERS):
            keys = parse_order_by(text.split(", "), RUNS)
            for where in (None, parse_filter("params.lr IS NOT NULL", RUNS), parse_filter("metrics.m > 0", RUNS)):
                for offset in range(0, 9, 2):
                    for experiment_ids in ([number], None):
                        query = Query(where=where, order_by=keys, experiment_ids=experiment_ids, limit=2, offset=offset)
                        assert_found(store, query, records)

    def test_more_runs_than_an_index_is_followed_for(self, store: Store) -> None:
        """Large experiments take other ways to the same answer."""
        samples = [
            Sample(
                f"{place:05d}",
                start_time=place // 7,
                metrics={"m": [float(place * 7919 % 1009)]} if place % 5 else {},
                params={"p": str(place % 2), "rare": str(place % 400)},
            )
            for place in range(1_300)
        ]
        number = create_experiment(store, "large")
        for sample in samples:
            sample.add_to(store, number)
        records = [sample.record(number) for sample in samples]
        for text in ("params.p = '1'", "params.p = '1' AND params.rare = '7'", "metrics.m > 900", "metrics.m > 5"):
            for order in ("metrics.m", "metrics.m DESC", "start_time", "params.rare DESC"):
                for offset in (0, 90, 600, 1_200, 5_000):
                    query = Query(
                        where=parse_filter(text, RUNS),
                        order_by=parse_order_by([order], RUNS),
                        experiment_ids=[number],
                        limit=100,
                        offset=offset,
                    )
                    assert_found(store, query, records)

    @pytest.mark.parametrize("sign", ["=", "!=", "<", "<=", ">", ">="])
    def test_times_of_64_bits_compare_exactly(self, store: Store, sign: str) -> None:
        """Also with numbers that look like doubles: 2**53 + 1 is none."""
        samples = [Sample(f"r{place}", start_time=2**53 + place) for place in range(3)]
        number = create_experiment(store, "late")
        for sample in samples:
            sample.add_to(store, number)
        records = [sample.record(number) for sample in samples]
        for value in ("9007199254740992.0", "9007199254740993", "9007199254740994.0", "1.5", "1e300"):
            where = parse_filter(f"start_time {sign} {value}", RUNS)
            assert_found(store, Query(where=where, experiment_ids=[number]), records)

    def test_stages_experiments_and_run_ids_bound_a_search(self, store: Store) -> None:
        """No ids find nothing; ids that are no numbers find nothing."""
        one, two = create_experiment(store, "one"), create_experiment(store, "two")
        for run_id, experiment_id in (("a", one), ("b", one), ("c", two)):
            add_run(store, run_id, experiment_id=experiment_id)
        store.write(lambda session: session.runs.set_stage("b", stage=DELETED, now=1))

        def found(query: Query) -> list[str]:
            runs = store.read(lambda session: session.runs.search(query))
            assert store.read(lambda session: session.runs.count(query)) == len(runs)
            return [run.info.run_id for run in runs]

        assert found(Query()) == ["a", "c"]
        assert found(Query(stages=STAGES)) == ["a", "b", "c"]
        assert found(Query(stages=(DELETED,))) == ["b"]
        assert found(Query(stages=())) == []
        assert found(Query(experiment_ids=[one], stages=STAGES)) == ["a", "b"]
        assert found(Query(experiment_ids=[two, one])) == ["a", "c"]
        assert found(Query(experiment_ids=[])) == []
        assert found(Query(experiment_ids=["x"])) == []
        assert found(Query(run_ids=["c", "a", "b", "none"])) == ["a", "c"]
        assert found(Query(run_ids=["c"], experiment_ids=[one])) == []
        assert found(Query(run_ids=[])) == []

    def test_what_is_found_is_what_get_gives(self, store: Store) -> None:
        """Metrics, params and tags of each run, sorted by key."""
        number, _ = fill(store)
        found = store.read(lambda session: session.runs.search(Query(experiment_ids=[number])))
        assert len(found) == len(SAMPLES)
        for run in found:
            assert repr(run) == repr(get_run(store, run.info.run_id))

    def test_a_table_has_the_same_runs_as_columns(self, store: Store) -> None:
        """Numbers that are not finite are text, missing values are None; the total counts all pages."""
        fill(store)
        query = Query(order_by=parse_order_by(["run_id"], RUNS), limit=4, offset=2)
        table = store.read(lambda session: session.runs.table(query))
        assert (table.total, table.run_ids) == (7, ["c", "d", "e", "f"])
        assert table.columns["metrics.m"] == ["NaN", "Infinity", None, 0.5]
        assert table.columns["params.p"] == ["", None, "x", "xy"]
        assert table.columns["tags.a.b/c d"] == [None, None, "1", None]
        assert table.columns["attributes.status"] == ["FAILED", "FINISHED", "KILLED", "FINISHED"]
        assert table.columns["attributes.end_time"] == [9, 9, 3, 3]
        assert {len(column) for column in table.columns.values()} == {4}
        beyond = store.read(lambda session: session.runs.table(Query(offset=100)))
        assert (beyond.total, beyond.run_ids) == (7, [])

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("name = 'One'", ["1"]),
            ("name LIKE 'o%'", ["3"]),
            ("name ILIKE 'o%'", ["3", "1"]),
            ("experiment_id = '2'", ["2"]),
            ("experiment_id IN ('1', '10', '3')", ["3", "1"]),
            ("experiment_id NOT IN ('0', '1')", ["3", "2"]),
            ("creation_time >= 20", ["3", "2"]),
            ("tags.team = 'x'", ["2"]),
            ("tags.team IS NULL", ["3", "1", "0"]),
            ("NOT tags.team = 'x' AND creation_time < 30", ["1"]),
        ],
    )
    def test_experiments_are_found(self, store: Store, text: str, wanted: list[str]) -> None:
        """By name, id, time and tag; newest first."""
        for name, now in (("One", 10), ("Two", 20), ("other", 30)):
            create_experiment(store, name, now=now)
        store.write(lambda session: session.experiments.set_tag("2", key="team", value="x"))
        query = Query(where=parse_filter(text, EXPERIMENTS))
        found = [row.experiment_id for row in store.read(lambda session: session.experiments.search(query))]
        assert [number for number in found if number != "0"] == [number for number in wanted if number != "0"]

    def test_experiments_are_ordered_and_paged(self, store: Store) -> None:
        """Ids as numbers; deleted ones on demand."""
        for number in range(1, 12):
            create_experiment(store, f"e{number % 3}-{number}", now=number)
        store.write(lambda session: session.experiments.set_stage("5", stage=DELETED, now=1))

        def found(order: list[str], *, stages: Sequence[str] = (ACTIVE,), limit: int = 3, offset: int = 0) -> list[str]:
            keys = parse_order_by(order, EXPERIMENTS)
            query = Query(order_by=keys, stages=stages, limit=limit, offset=offset)
            return [row.experiment_id for row in store.read(lambda session: session.experiments.search(query))]

        assert found(["experiment_id DESC"]) == ["11", "10", "9"]
        assert found(["experiment_id"], offset=4) == ["4", "6", "7"]
        assert found(["experiment_id"], offset=4, stages=STAGES) == ["4", "5", "6"]
        assert found(["name"], limit=5) == ["0", "3", "6", "9", "1"]
        assert found([], stages=(DELETED,)) == ["5"]
