"""What results may be ordered by, and how ties break."""

import pytest

from assay.core.errors import InvalidParameterValue
from assay.search.fields import EXPERIMENTS, RUNS
from assay.search.parser import MAX_ORDER_KEYS, complete_order, parse_order_by
from assay.search.tree import Field, Kind, OrderKey

ACCEPTED_RUNS = {
    "start_time": (Kind.ATTRIBUTE, "start_time", True),
    "start_time DESC": (Kind.ATTRIBUTE, "start_time", False),
    "attribute.end_time desc": (Kind.ATTRIBUTE, "end_time", False),
    "attributes.status Asc": (Kind.ATTRIBUTE, "status", True),
    "attr.artifact_uri": (Kind.ATTRIBUTE, "artifact_uri", True),
    "run.run_id": (Kind.ATTRIBUTE, "run_id", True),
    "`run_name` DESC": (Kind.ATTRIBUTE, "run_name", False),
    "user_id": (Kind.ATTRIBUTE, "user_id", True),
    "created": (Kind.ATTRIBUTE, "start_time", True),
    "Created DESC": (Kind.ATTRIBUTE, "start_time", False),
    "metrics.a": (Kind.METRIC, "a", True),
    "metric.train.loss ASC": (Kind.METRIC, "train.loss", True),
    "metrics.`a b` DESC": (Kind.METRIC, "a b", False),
    'metrics."a/b"\tDESC': (Kind.METRIC, "a/b", False),
    "metrics.'a'": (Kind.METRIC, "a", True),
    "metrics.desc desc": (Kind.METRIC, "desc", False),
    "`metrics`.m": (Kind.METRIC, "m", True),
    '"metrics.a b" DESC': (Kind.METRIC, "a b", False),
    "`metrics.a` DESC": (Kind.METRIC, "a", False),
    "'metrics.a' DESC": (Kind.METRIC, "a", False),
    "metrics_min.loss": (Kind.METRIC_MIN, "loss", True),
    "metrics_max.acc DESC": (Kind.METRIC_MAX, "acc", False),
    "metric_first.acc": (Kind.METRIC_FIRST, "acc", True),
    "params.a": (Kind.PARAM, "a", True),
    "tags.`mlflow.runName`": (Kind.TAG, "mlflow.runName", True),
    " start_time  DESC ": (Kind.ATTRIBUTE, "start_time", False),
}

REJECTED_RUNS = [
    ("", 1, "expected a field to order by, found the end of the text"),
    (" ", 2, "expected a field to order by"),
    ("5", 1, "expected a field to order by, found 5"),
    ("start_time foo", 12, "expected ASC, DESC or the end, found foo"),
    ("start_time ASC DESC", 16, "expected the end after ASC, found DESC"),
    ("start_time, end_time", 11, "expected ASC, DESC or the end, found ,"),
    ("start_time;", 11, "only one expression"),
    ("metrics.a b DESC", 11, "found b"),
    ("metrics.a/b", 10, "Write metrics.`a/b`."),
    ("foo", 1, "unknown attribute 'foo'"),
    ("DESC", 1, "unknown attribute 'DESC'"),
    ("`a.b`", 1, "unknown prefix 'a'"),
    ("`foo`", 1, "unknown attribute 'foo'"),
    ("lifecycle_stage", 1, "unknown attribute"),
    ("dataset.name", 1, "runs cannot be ordered by dataset.name. Order by artifact_uri, end_time,"),
    ("`run name`", 1, "runs cannot be ordered by `run name`"),
    ("attributes.`Run Name`", 1, "metrics.<key>, metric.<key>"),
    ("metrics.``", 1, "is empty"),
]

REJECTED_EXPERIMENTS = [
    ("tags.a", 1, "Order by creation_time, experiment_id, last_update_time, name.\n"),
    ("attributes.name", 1, "unknown prefix 'attributes'"),
    ("metrics.a", 1, "unknown prefix 'metrics'"),
    ("start_time", 1, "unknown attribute"),
]


def by(name: str, *, ascending: bool = True) -> OrderKey:
    return OrderKey(Field(Kind.ATTRIBUTE, name), ascending)


@pytest.mark.parametrize(("item", "expected"), ACCEPTED_RUNS.items())
def test_order_of_runs(item, expected):
    kind, key, ascending = expected
    assert parse_order_by([item], RUNS) == [OrderKey(Field(kind, key), ascending)]


@pytest.mark.parametrize("prefix", ["", "attribute."])
@pytest.mark.parametrize("name", ["name", "experiment_id", "creation_time", "last_update_time"])
def test_order_of_experiments(prefix, name):
    assert parse_order_by([f"{prefix}{name} DESC"], EXPERIMENTS) == [by(name, ascending=False)]


@pytest.mark.parametrize(
    ("resource", "item", "position", "part"),
    [(RUNS, *row) for row in REJECTED_RUNS] + [(EXPERIMENTS, *row) for row in REJECTED_EXPERIMENTS],
)
def test_a_mistake_is_named_where_it_stands(resource, item, position, part):
    with pytest.raises(InvalidParameterValue) as caught:
        parse_order_by([item], resource)
    assert str(caught.value).startswith(f"Order_by error at position {position}: ")
    assert part in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [("metrics.m", "metric.m DESC"), ("start_time", "created"), ("run_id", "attributes.run_id")],
)
def test_a_field_twice_is_an_error_for_runs(first, second):
    with pytest.raises(InvalidParameterValue, match="an earlier order_by item names the same field"):
        parse_order_by([first, second], RUNS)


def test_a_field_twice_counts_once_for_experiments():
    assert parse_order_by(["name", "name DESC"], EXPERIMENTS) == [by("name")]


def test_one_key_of_several_kinds_is_several_fields():
    assert len(parse_order_by(["metrics.a", "metrics_min.a", "params.a", "tags.a"], RUNS)) == 4


def test_the_number_of_keys_is_limited():
    items = [f"metrics.m{number}" for number in range(MAX_ORDER_KEYS)]
    assert len(parse_order_by(items, RUNS)) == MAX_ORDER_KEYS
    with pytest.raises(InvalidParameterValue, match="more than 50 order_by items"):
        parse_order_by([*items, "start_time"], RUNS)


@pytest.mark.parametrize(
    ("resource", "items", "completed"),
    [
        (RUNS, [], [by("start_time", ascending=False), by("run_id")]),
        (RUNS, ["start_time"], [by("start_time"), by("run_id")]),
        (RUNS, ["run_id DESC"], [by("run_id", ascending=False), by("start_time", ascending=False)]),
        (RUNS, ["status"], [by("status"), by("start_time", ascending=False), by("run_id")]),
        (EXPERIMENTS, [], [by("creation_time", ascending=False), by("experiment_id")]),
        (EXPERIMENTS, ["name"], [by("name"), by("experiment_id", ascending=False)]),
        (EXPERIMENTS, ["experiment_id"], [by("experiment_id")]),
    ],
)
def test_orders_are_total(resource, items, completed):
    assert complete_order(parse_order_by(items, resource), resource) == completed
