"""Properties: packed points come back bit for bit, and SQL finds what the plain-Python oracle finds."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assay.core.errors import DataLoss
from assay.search.tree import And, Comparison, Field, Kind, Not, Operator, Or, OrderKey, comparisons
from assay.store.base import Query
from assay.store.metrics import Point
from assay.store.models import DatasetName, ModelQuery
from assay.store.open import open_store
from assay.store.sql import chunks
from assay.store.sql.chunks import Columns
from assay.store.sql.thinning import Thinner
from assay.testing import model_contract
from assay.testing.search_contract import SAMPLES, assert_found, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.store.base import Store
    from assay.testing.search_oracle import Record

integers = st.integers(-(2**63), 2**63 - 1)
doubles = st.integers(0, 2**64 - 1).map(lambda bits: struct.unpack("<d", struct.pack("<Q", bits))[0]) | st.floats()
points = st.lists(st.builds(Point, integers, integers, doubles), min_size=1, max_size=300)
steady = st.builds(
    lambda first, delta, values: [Point(first + delta * place, place, value) for place, value in enumerate(values)],
    st.integers(-(2**40), 2**40),
    st.integers(-(2**20), 2**20),
    st.lists(doubles, min_size=1, max_size=300),
)


def bits(columns: Columns) -> tuple[list[int], list[int], bytes]:
    return list(columns.steps), list(columns.times), struct.pack(f"<{len(columns.values)}d", *columns.values)


def columns_of(some: list[Point]) -> Columns:
    return Columns(*(list(column) for column in zip(*some, strict=True)))


@given(points | steady)
def test_packed_points_come_back_bit_for_bit(some: list[Point]) -> None:
    columns = columns_of(some)
    assert bits(chunks.unseal(chunks.seal(columns))) == bits(columns)
    assert bits(chunks.unpack_rows(chunks.pack_rows(some))) == bits(columns)


@given(points)
def test_an_outline_tells_extremes_and_what_is_not_finite(some: list[Point]) -> None:
    columns = columns_of(some)
    parts = chunks.blocks(columns)
    assert repr(list(chunks.unpack_outline(chunks.pack_outline(parts)))) == repr(parts)
    whole = chunks.summary(parts)
    finite = [value for value in columns.values if math.isfinite(value)]
    assert whole[:2] == (min(columns.steps), max(columns.steps))
    assert (whole[4], whole[7]) == (min(finite, default=math.inf), max(finite, default=-math.inf))
    assert chunks.has_odd(whole) == (len(finite) < len(some))


@given(points, st.integers(2, 50))
def test_thinning_keeps_extremes_ends_and_what_is_not_finite(some: list[Point], buckets: int) -> None:
    columns = chunks.by_step(columns_of(some))
    thinner = Thinner(buckets=buckets, steps=(columns.steps[0], columns.steps[-1]), odd=True)
    thinner.add(columns)
    kept = thinner.columns().points()
    assert len(kept) <= max(5, 2 * buckets)
    assert {repr(point) for point in kept} <= {repr(point) for point in columns.points()}
    finite = [value for value in columns.values if math.isfinite(value)]
    values = [point.value for point in kept if math.isfinite(point.value)]
    assert (min(values, default=0), max(values, default=0)) == (min(finite, default=0), max(finite, default=0))
    assert any(not math.isfinite(point.value) for point in kept) == (len(finite) < len(some))
    assert (kept[0].step, kept[-1].step) == (columns.steps[0], columns.steps[-1])


@given(st.binary(max_size=200))
def test_damaged_chunks_are_data_loss(data: bytes) -> None:
    with pytest.raises(DataLoss):
        chunks.unseal(data)
    whole = chunks.seal(columns_of([Point(step, step, 1.0) for step in range(9)]))
    with pytest.raises(DataLoss):
        chunks.unseal(whole[: len(whole) // 2] + data[:5])


@pytest.fixture(scope="module", params=["sqlite", "postgres", "mariadb"])
def filled(request: pytest.FixtureRequest) -> Iterator[tuple[Store, str, list[Record]]]:
    if request.param == "sqlite":
        uri = str(request.getfixturevalue("tmp_path_factory").mktemp("store"))
    else:
        uri = request.getfixturevalue(f"new_{request.param}_uri")()
    store = open_store(uri, artifact_root="/artifacts")
    yield (store, *fill(store))
    store.close()


texts = st.sampled_from([value for sample in SAMPLES for value in (*sample.params.values(), *sample.tags.values())])
patterns = texts | st.text("aAbB%_*?[]\\x^-éÉ\n", max_size=4)
numbers = st.sampled_from([0.0, -0.0, 0.5, 1.0, 3.0, -2.0, 1e300, math.inf, -math.inf, 10.0, 1e-3]) | st.floats(
    allow_nan=False
)
ordering = st.sampled_from(
    [
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.LESS,
        Operator.LESS_OR_EQUAL,
        Operator.GREATER,
        Operator.GREATER_OR_EQUAL,
    ]
)
matching = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL, Operator.LIKE, Operator.ILIKE])
membership = st.sampled_from([Operator.IN, Operator.NOT_IN])
presence = st.sampled_from([Operator.IS_NULL, Operator.IS_NOT_NULL])
metric_fields = st.builds(
    Field,
    st.sampled_from([Kind.METRIC, Kind.METRIC_MIN, Kind.METRIC_MAX, Kind.METRIC_FIRST]),
    st.sampled_from(["m", "n", "none"]),
)
param_fields = st.builds(Field, st.just(Kind.PARAM), st.sampled_from(["p", "lr", "`q", "none"]))
text_fields = param_fields | st.builds(Field, st.just(Kind.TAG), st.sampled_from(["t", "a.b/c d", "mlflow.runName"]))
name_fields = st.builds(Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["run_name", "status", "run_id"]))
dataset_fields = st.builds(Field, st.just(Kind.DATASET), st.sampled_from(["name", "digest", "context"]))
dataset_texts = st.sampled_from(["d", "D%", "e", "1", "2", "train", "test", "", "_", "%", "none"])
time_fields = st.builds(Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["start_time", "end_time"]))
clauses = st.one_of(
    st.builds(Comparison, metric_fields | param_fields, ordering, numbers),
    st.builds(Comparison, text_fields | name_fields, matching, patterns),
    st.builds(Comparison, text_fields, presence),
    st.builds(Comparison, dataset_fields, matching, dataset_texts),
    st.builds(Comparison, dataset_fields, membership, st.lists(dataset_texts, min_size=1).map(tuple)),
    st.builds(Comparison, time_fields, ordering, st.integers(-1, 60) | st.integers(-(2**63), 2**63 - 1) | numbers),
    st.builds(
        Comparison,
        st.just(Field(Kind.ATTRIBUTE, "run_id")),
        membership,
        st.lists(st.sampled_from("abcdefgh"), min_size=1).map(tuple),
    ),
)


def _joined(inner: st.SearchStrategy) -> st.SearchStrategy:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(And, parts) | st.builds(Or, parts) | st.builds(Not, inner)


trees = st.recursive(clauses, _joined, max_leaves=6)
orders = st.lists(
    st.builds(OrderKey, metric_fields | text_fields | name_fields | time_fields, st.booleans()),
    max_size=3,
    unique_by=lambda key: key.field,
)


@example(
    where=Not(
        Or(
            (
                Comparison(Field(Kind.PARAM, "p"), Operator.NOT_EQUAL, 0.0),
                Comparison(Field(Kind.ATTRIBUTE, "start_time"), Operator.NOT_EQUAL, 0.5),
            )
        )
    ),
    order_by=[],
    everywhere=False,
    limit=1,
    offset=0,
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.none() | trees,
    order_by=orders,
    everywhere=st.booleans(),
    limit=st.integers(1, 8),
    offset=st.integers(0, 8),
)
def test_sql_finds_what_the_oracle_finds(filled, where, order_by, everywhere, limit, offset) -> None:
    store, number, records = filled
    experiment_ids = None if everywhere else [number]
    query = Query(where=where, order_by=order_by, experiment_ids=experiment_ids, limit=limit, offset=offset)
    assert_found(store, query, records)


@pytest.fixture(scope="module")
def filled_with_models(filled) -> tuple[Store, str]:
    store, *_ = filled
    return store, model_contract.fill(store)


model_texts = st.sampled_from(
    ["Alpha", "alpha", "tree", "word", "x", "X", "a_b", "0.1", "", "%", "_lpha", "m-c", "run"]
)
model_metrics = st.builds(Field, st.just(Kind.METRIC), st.sampled_from(["acc", "n", "none"]))
model_params = st.builds(Field, st.just(Kind.PARAM), st.sampled_from(["lr", "p", "none"]))
model_tags = st.builds(Field, st.just(Kind.TAG), st.sampled_from(["t", "team a"]))
model_names = st.builds(
    Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["name", "model_id", "model_type", "source_run_id"])
)
model_times = st.builds(
    Field, st.just(Kind.ATTRIBUTE), st.sampled_from(["creation_timestamp", "last_updated_timestamp"])
)
statuses = st.just(Field(Kind.ATTRIBUTE, "status"))
model_clauses = st.one_of(
    st.builds(Comparison, model_metrics, ordering, numbers | st.sampled_from([0.1, 0.9, 0.4, -1.0])),
    st.builds(Comparison, model_params, ordering, numbers),
    st.builds(Comparison, model_params | model_tags | model_names, matching, model_texts),
    st.builds(
        Comparison, model_params | model_tags | model_names, membership, st.lists(model_texts, min_size=1).map(tuple)
    ),
    st.builds(Comparison, model_params | model_tags, presence),
    st.builds(Comparison, model_times, ordering, st.integers(0, 12)),
    st.builds(Comparison, statuses, ordering, st.integers(0, 4)),
)
model_datasets = st.sampled_from(
    [
        (),
        (model_contract.TRAIN,),
        (model_contract.TEST,),
        (DatasetName("test"), model_contract.TRAIN),
        (DatasetName("none"),),
    ]
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.recursive(model_clauses, _joined, max_leaves=6),
    order_by=st.lists(
        st.builds(OrderKey, model_metrics | model_names | model_times | statuses, st.booleans()),
        max_size=3,
        unique_by=lambda key: key.field,
    ),
    datasets=model_datasets,
    limit=st.integers(1, 6),
    offset=st.integers(0, 4),
)
def test_sql_finds_the_models_that_the_oracle_finds(
    filled_with_models, where, order_by, datasets, limit, offset
) -> None:
    store, number = filled_with_models
    if not any(clause.field.kind is Kind.METRIC for clause in comparisons(where)):
        datasets = ()
    datasets = () if any(key.field.kind is Kind.METRIC for key in order_by) else datasets
    query = ModelQuery(
        where=where, order_by=order_by, experiment_ids=[number], datasets=datasets, limit=limit, offset=offset
    )
    model_contract.assert_found(store, query, [sample.record(number, datasets) for sample in model_contract.SAMPLES])
