"""What every `Store` must keep of logged models; part of `StoreContract`. Measured by `search_oracle`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import BadRequest, InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.search.fields import LOGGED_MODELS
from assay.search.parser import parse_filter, parse_order_by
from assay.search.tree import OrderKey
from assay.store.base import ACTIVE, DELETED, STAGES
from assay.store.models import DatasetName, ModelPoint, ModelQuery, NewModel
from assay.testing.search_oracle import Record, matches, ordered
from assay.testing.store_content import add_run, create_experiment, dataset_input, get_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assay.store.base import Store
    from assay.wire.models import LoggedModel

NAN, INF = math.nan, math.inf
TRAIN, TEST = DatasetName("train", "1"), DatasetName("test", "2")
Value = tuple[float, "DatasetName | None"]


def add_model(
    store: Store,
    model_id: str,
    *,
    experiment_id: str = "0",
    name: str = "model",
    now: int = 1,
    model_type: str = "",
    params: Mapping[str, str] | None = None,
    tags: Mapping[str, str] | None = None,
) -> LoggedModel:
    """Store a logged model with what it recorded."""
    model = NewModel(model_id, experiment_id, name, f"/models/{model_id}", now, model_type, "run")
    return store.write(lambda session: session.models.create(model, params=params or {}, tags=tags or {}))


def get_model(store: Store, model_id: str, *, deleted: bool = False) -> LoggedModel:
    """The logged model with what it recorded."""
    return store.read(lambda session: session.models.get(model_id, deleted=deleted))


def append(store: Store, run_id: str, *points: ModelPoint) -> None:
    """Add points of logged models, which a run logged."""
    store.write(lambda session: session.models.append(run_id, points=points))


def spots(model: LoggedModel) -> list[tuple[Any, ...]]:
    """The points of a model in short, NaN as text."""
    return [
        (p.key, p.step, p.timestamp, "nan" if math.isnan(p.value) else p.value, p.dataset_name, p.run_id)
        for p in model.data.metrics
    ]


@dataclass(frozen=True)
class ModelSample:
    """A logged model to search for; `points` gives the values of each key in order of time, and what they are of."""

    model_id: str
    now: int
    name: str
    model_type: str = ""
    status: int = 1
    points: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)

    def add_to(self, store: Store, experiment_id: str) -> None:
        """Store the model."""
        add_model(
            store,
            self.model_id,
            experiment_id=experiment_id,
            name=self.name,
            now=self.now,
            model_type=self.model_type,
            params=self.params,
            tags=self.tags,
        )
        store.write(lambda session: session.models.set_status(self.model_id, status=self.status, now=self.now + 1))
        points = [
            ModelPoint(self.model_id, key, -time, time, value, dataset)
            for key, values in self.points.items()
            for time, (value, dataset) in enumerate(values)
        ]
        append(store, "run", *points)

    def record(self, experiment_id: str, datasets: Sequence[DatasetName] = ()) -> Record:
        """The model as the oracle sees it, with the points on some datasets."""
        seen = {
            key: [value for value, dataset in values if not datasets or _is_among(dataset, datasets)]
            for key, values in self.points.items()
        }
        return Record(
            attributes={
                "model_id": self.model_id,
                "name": self.name,
                "model_type": self.model_type,
                "source_run_id": "run",
                "status": self.status,
                "status_message": "",
                "artifact_location": f"/models/{self.model_id}",
                "lifecycle_stage": ACTIVE,
                "experiment_id": int(experiment_id),
                "creation_timestamp": self.now,
                "last_updated_timestamp": self.now + 1,
            },
            params=self.params,
            tags=self.tags,
            points={key: values for key, values in seen.items() if values},
        )


def _is_among(dataset: DatasetName | None, datasets: Sequence[DatasetName]) -> bool:
    return any(
        dataset is not None and one.name == dataset.name and one.digest in ("", dataset.digest) for one in datasets
    )


SAMPLES = (
    ModelSample(
        "m-a", 5, "Alpha", "tree", 2, {"acc": [(0.1, None), (0.9, TRAIN), (0.5, TEST)]}, {"lr": "0.1", "p": "x"}
    ),
    ModelSample(
        "m-b", 5, "alpha", "", 3, {"acc": [(0.4, TEST), (NAN, TEST)], "n": [(3.0, None)]}, {"lr": "1e-3", "p": "X"}
    ),
    ModelSample("m-c", 9, "beta", "tree", 1, {"acc": [(NAN, TRAIN), (INF, None)]}, {"lr": "nan"}, {"t": "a_b"}),
    ModelSample("m-d", 2, "100%", "net", 2, {"n": [(-1.0, TRAIN), (-0.0, DatasetName("test", "3"))]}, {}, {"t": "ab"}),
    ModelSample("m-e", 1, "word", "word", 0, {}, {"lr": "010", "p": ""}, {"team a": "x"}),
)
FILTERS = """
metrics.acc > 0.8 | metrics.acc >= 0.9 | metrics.acc < 0.2 | metrics.acc = 0.5 | metrics.acc != 0.4 | metrics.n <= 0
NOT metrics.acc > 0.4 | metrics.acc > 0.8 AND metrics.acc < 0.2 | metrics.acc > 0.8 OR metrics.n = 3 | metrics.none != 1
NOT (metrics.acc > 0.4 OR params.p IS NULL) | metric.acc != 0.5 AND NOT metric.n < 0 | metrics.n = 0
params.lr < 1 | params.lr >= 10 | params.lr = '0.1' | params.lr = 0.1 | params.p = x | params.p != 'x' | params.p = ''
params.p LIKE 'x%' | params.p ILIKE 'x%' | params.p IS NULL | params.lr IS NOT NULL | params.p IN ('x', 'y')
tags.t LIKE 'a_b' | tags.t = 'ab' | tags.`team a` = x | tag.t IS NULL | tags.t NOT IN ('ab')
name = 'alpha' | name = alpha | name = "alpha" | name ILIKE 'ALPHA' | name LIKE '100%' | name IN ('Alpha', 'beta')
model_type = tree | model_type = '' | model_type != 'tree' AND name != word | attributes.name = 'beta'
status = 2 | status = '2' | status = READY | status = 'ready' | status = LOGGED_MODEL_READY | status != FAILED
status IN ('READY', 'PENDING') | status > 1 | NOT status = UNSPECIFIED | status = 'LOGGED_MODEL_UPLOAD_FAILED'
creation_timestamp > 5 | creation_timestamp_ms >= 5 | last_updated_timestamp < 4.5 | source_run_id = 'run'
model_id IN ('m-a', 'zz') | artifact_location LIKE '%m-d' | lifecycle_stage = 'active' | experiment_id >= 0
(status = READY OR name = beta) AND NOT (params.lr < 1 AND metrics.acc > 0.8)
"""
ORDERS = (
    "metrics.acc | metrics.acc DESC | metrics.n, name DESC | name | status DESC, name | creation_timestamp | model_type"
)


def _lines(text: str) -> list[str]:
    return [part.strip() for line in text.split("\n") for part in line.split(" | ") if part.strip()]


def fill(store: Store) -> str:
    """A new experiment with the samples, beside another one with the same content under other ids."""
    number, other = create_experiment(store, "models"), create_experiment(store, "other models")
    add_run(store, "run", experiment_id=number)
    for sample in SAMPLES:
        sample.add_to(store, number)
        add_model(store, f"{sample.model_id}2", experiment_id=other, name=sample.name, params=sample.params)
    return number


def find(store: Store, query: ModelQuery) -> list[str]:
    """The ids of the models that match, in order."""
    return [model.info.model_id for model in store.read(lambda session: session.models.search(query))]


def assert_found(store: Store, query: ModelQuery, records: Sequence[Record]) -> None:
    """Check that a query finds what it must among records, in order."""
    keys = [*(query.order_by or LOGGED_MODELS.default_order)]
    keys += [key for key in LOGGED_MODELS.tie_breakers if key.field not in {known.field for known in keys}]
    wanted = [
        record.attributes["model_id"]
        for record in ordered([record for record in records if matches(query.where, record)], keys)
    ]
    assert find(store, query) == wanted[query.offset : query.offset + query.limit], query


class ModelContract:
    """Logged models: state, params, tags, points, searches."""

    def test_a_model_comes_back_as_created(self, store: Store) -> None:
        """Pending; params and tags sorted by key."""
        model = add_model(
            store, "m-1", name="net", now=7, model_type="agent", params={"b": "2", "a": ""}, tags={"y": "1", "x": "2"}
        )
        assert model == get_model(store, "m-1")
        info = model.info
        assert (info.experiment_id, info.name, info.status) == ("0", "net", "LOGGED_MODEL_PENDING")
        assert (info.creation_timestamp_ms, info.last_updated_timestamp_ms) == (7, 7)
        assert (info.artifact_uri, info.model_type, info.source_run_id) == ("/models/m-1", "agent", "run")
        assert [(param.key, param.value) for param in model.data.params] == [("a", ""), ("b", "2")]
        assert [(tag.key, tag.value) for tag in info.tags] == [("x", "2"), ("y", "1")]

    def test_ids_are_taken_once_and_experiments_must_exist(self, store: Store) -> None:
        """Nothing of the second model is stored."""
        add_model(store, "m-1")
        with pytest.raises(ResourceAlreadyExists, match="m-1"):
            add_model(store, "m-1", params={"a": "1"})
        assert get_model(store, "m-1").data.params == []
        for experiment_id in ("99", "x"):
            with pytest.raises(ResourceDoesNotExist, match=experiment_id):
                add_model(store, "m-2", experiment_id=experiment_id)

    def test_unknown_models_are_said_to_be(self, store: Store) -> None:
        """Every method names the id."""
        works: list[Any] = [
            lambda session: session.models.get("m-0"),
            lambda session: session.models.set_status("m-0", status=2, now=1),
            lambda session: session.models.set_stage("m-0", stage=DELETED, now=1),
            lambda session: session.models.log_params("m-0", params={"a": "1"}),
            lambda session: session.models.set_tags("m-0", tags={"a": "1"}),
            lambda session: session.models.delete_tag("m-0", key="a"),
        ]
        for work in works:
            with pytest.raises(ResourceDoesNotExist, match="m-0"):
                store.write(work)

    def test_state_and_stage_change_with_their_time(self, store: Store) -> None:
        """A deleted model is found only where it is asked for; restoring brings it back."""
        add_model(store, "m-1", now=1)
        store.write(lambda session: session.models.set_status("m-1", status=2, now=5))
        info = get_model(store, "m-1").info
        assert (info.status, info.last_updated_timestamp_ms) == ("LOGGED_MODEL_READY", 5)
        store.write(lambda session: session.models.set_stage("m-1", stage=DELETED, now=6))
        with pytest.raises(ResourceDoesNotExist, match="m-1"):
            get_model(store, "m-1")
        assert get_model(store, "m-1", deleted=True).info.last_updated_timestamp_ms == 6
        assert find(store, ModelQuery()) == []
        assert find(store, ModelQuery(stages=STAGES)) == ["m-1"]
        store.write(lambda session: session.models.set_stage("m-1", stage=ACTIVE, now=7))
        assert get_model(store, "m-1").info.model_id == "m-1"

    def test_params_never_change_and_tags_do(self, store: Store) -> None:
        """A refused param leaves the others of its request unstored."""
        add_model(store, "m-1", params={"a": "1"})
        store.write(lambda session: session.models.log_params("m-1", params={"a": "1", "b": "2"}))
        with pytest.raises(InvalidParameterValue, match=r"'b'.*'2'.*'3'"):
            store.write(lambda session: session.models.log_params("m-1", params={"c": "1", "b": "3"}))
        assert [param.key for param in get_model(store, "m-1").data.params] == ["a", "b"]
        store.write(lambda session: session.models.set_tags("m-1", tags={"k": "1", "a/b": ""}))
        store.write(lambda session: session.models.set_tags("m-1", tags={"k": "2"}))
        assert [(tag.key, tag.value) for tag in get_model(store, "m-1").info.tags] == [("a/b", ""), ("k", "2")]
        assert store.write(lambda session: session.models.delete_tag("m-1", key="a/b")) is True
        assert store.write(lambda session: session.models.delete_tag("m-1", key="a/b")) is False

    def test_points_come_back_in_the_order_logged_each_once(self, store: Store) -> None:
        """Points differ by model, key, run, dataset, step, time and value; NaN is one value."""
        for run_id in ("r", "s"):
            add_run(store, run_id)
        add_model(store, "m-1")
        add_model(store, "m-2")
        points = [
            ModelPoint("m-1", "acc", 2, 20, 0.5, TRAIN),
            ModelPoint("m-1", "acc", 1, 10, NAN),
            ModelPoint("m-2", "acc", 1, 10, INF),
            ModelPoint("m-1", "acc", 1, 10, 0.25),
            ModelPoint("m-1", "b", 2, 20, 0.5, TEST),
            ModelPoint("m-1", "late", -(1 << 63), (1 << 63) - 1, 0.5),
        ]
        append(store, "r", *points, *points)
        for point in points:
            append(store, "r", point)
        append(store, "s", points[0])
        wanted = [
            ("acc", 2, 20, 0.5, "train", "r"),
            ("acc", 1, 10, "nan", None, "r"),
            ("acc", 1, 10, 0.25, None, "r"),
            ("b", 2, 20, 0.5, "test", "r"),
            ("late", -(1 << 63), (1 << 63) - 1, 0.5, None, "r"),
            ("acc", 2, 20, 0.5, "train", "s"),
        ]
        assert spots(get_model(store, "m-1")) == wanted
        assert spots(get_model(store, "m-2")) == [("acc", 1, 10, INF, None, "r")]
        (first, *_) = get_model(store, "m-1").data.metrics
        assert (first.model_id, first.dataset_digest) == ("m-1", "1")

    def test_points_of_unknown_models_are_refused_together(self, store: Store) -> None:
        """The message names the model; nothing is stored."""
        add_run(store, "r")
        add_model(store, "m-1")
        with pytest.raises(BadRequest, match="m-none"):
            append(store, "r", ModelPoint("m-1", "a", 0, 0, 1.0), ModelPoint("m-none", "a", 0, 0, 1.0))
        assert get_model(store, "m-1").data.metrics == []

    def test_a_dataset_named_by_a_metric_is_described_later(self, store: Store) -> None:
        """Naming it makes no input; the first run that reads it describes it."""
        add_run(store, "r")
        add_model(store, "m-1")
        append(store, "r", ModelPoint("m-1", "a", 0, 0, 1.0, DatasetName("d", "1")))
        assert get_run(store, "r").inputs.dataset_inputs == []
        assert store.read(lambda session: session.inputs.datasets(["0"], limit=9)) == []
        store.write(lambda session: session.inputs.log_datasets("r", datasets=[dataset_input()]))
        assert get_run(store, "r").inputs.dataset_inputs == [dataset_input()]

    def test_filters_of_models_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each of `FILTERS`, on all points and on those of some datasets."""
        number = fill(store)
        for datasets in ((), (TRAIN,), (TEST, TRAIN), (DatasetName("test"),)):
            for text in _lines(FILTERS):
                where = parse_filter(text, LOGGED_MODELS)
                if datasets and "metric" not in text:
                    continue
                records = [sample.record(number, datasets) for sample in SAMPLES]
                assert_found(store, ModelQuery(where=where, experiment_ids=[number], datasets=datasets), records)

    def test_datasets_alone_find_models_measured_on_them(self, store: Store) -> None:
        """Where no condition is on a metric."""
        number = fill(store)
        for datasets, wanted in (((TRAIN,), ["m-c", "m-a", "m-d"]), ((DatasetName("none"),), [])):
            assert find(store, ModelQuery(experiment_ids=[number], datasets=datasets)) == wanted

    def test_orders_of_models_mean_what_the_oracle_says(self, store: Store) -> None:
        """Each of `ORDERS`, page by page."""
        number = fill(store)
        records = [sample.record(number) for sample in SAMPLES]
        for text in _lines(ORDERS):
            keys = parse_order_by(text.split(", "), LOGGED_MODELS)
            for offset in range(0, 6, 2):
                query = ModelQuery(order_by=keys, experiment_ids=[number], limit=2, offset=offset)
                assert_found(store, query, records)

    def test_a_metric_orders_by_its_latest_point_on_a_dataset(self, store: Store) -> None:
        """By time, then step, then value."""
        number = fill(store)
        (key,) = parse_order_by(["metrics.acc"], LOGGED_MODELS)

        def found(dataset: DatasetName, *, ascending: bool = True) -> list[str]:
            order = [OrderKey(key.field, ascending)]
            return find(store, ModelQuery(order_by=order, order_datasets=[dataset], experiment_ids=[number]))

        assert found(TEST) == ["m-a", "m-b", "m-c", "m-d", "m-e"]
        assert found(TRAIN, ascending=False) == ["m-a", "m-c", "m-b", "m-d", "m-e"]
        append(store, "run", ModelPoint("m-d", "acc", 3, 8, 0.3, TEST), ModelPoint("m-d", "acc", 4, 8, 0.7, TEST))
        assert found(TEST) == ["m-a", "m-d", "m-b", "m-c", "m-e"]

    def test_what_is_found_of_models_is_what_get_gives(self, store: Store) -> None:
        """Params, tags and points."""
        number = fill(store)
        found = store.read(lambda session: session.models.search(ModelQuery(experiment_ids=[number])))
        assert len(found) == len(SAMPLES)
        for model in found:
            assert repr(model) == repr(get_model(store, model.info.model_id))
