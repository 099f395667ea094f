"""Filters of logged models: MLflow's looser ways of writing them, and what is refused."""

import pytest

from assay.core.errors import InvalidParameterValue
from assay.search.fields import LOGGED_MODELS
from assay.search.parser import parse_filter, parse_order_by
from assay.search.tree import Comparison, Field, Kind, Operator


@pytest.mark.parametrize(
    ("text", "kind", "key", "value"),
    [
        ("name = net", Kind.ATTRIBUTE, "name", "net"),
        ("name = 'net'", Kind.ATTRIBUTE, "name", "net"),
        ('name = "net"', Kind.ATTRIBUTE, "name", "net"),
        ("name = 1", Kind.ATTRIBUTE, "name", "1"),
        ("attributes.model_type = agent", Kind.ATTRIBUTE, "model_type", "agent"),
        ("params.p = word", Kind.PARAM, "p", "word"),
        ("params.p = '1'", Kind.PARAM, "p", "1"),
        ("params.p = 1", Kind.PARAM, "p", 1.0),
        ("tags.t = `a b`", Kind.TAG, "t", None),
        ("status = 1", Kind.ATTRIBUTE, "status", "1"),
        ("status = '1'", Kind.ATTRIBUTE, "status", "1"),
        ("status = pending", Kind.ATTRIBUTE, "status", "1"),
        ("status = 'FAILED'", Kind.ATTRIBUTE, "status", "3"),
        ("status = LOGGED_MODEL_UPLOAD_FAILED", Kind.ATTRIBUTE, "status", "3"),
        ("creation_timestamp_ms = 5", Kind.ATTRIBUTE, "creation_timestamp", 5),
        ("experiment_id = 7", Kind.ATTRIBUTE, "experiment_id", 7),
        ("experiment_id = '07'", Kind.ATTRIBUTE, "experiment_id", "7"),
        ("metric.acc = 1", Kind.METRIC, "acc", 1.0),
    ],
)
def test_values_are_written_as_mlflow_takes_them(text, kind, key, value):
    if value is None:
        with pytest.raises(InvalidParameterValue):
            parse_filter(text, LOGGED_MODELS)
    else:
        assert parse_filter(text, LOGGED_MODELS) == Comparison(Field(kind, key), Operator.EQUAL, value)


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("nope = 1", 1, "unknown attribute 'nope'"),
        ("model_tipe = 'x'", 1, "Did you mean 'model_type'"),
        ("status = 'DONE'", 10, "PENDING, READY, FAILED"),
        ("status = 4", 10, "unknown status 4"),
        ("name = OR", 8, "expected"),
        ("metrics.acc > '1'", 15, "without quotes"),
        ("metrics.acc LIKE '1'", 13, "cannot be compared"),
        ("creation_timestamp > 'x'", 22, "unquoted number"),
        ("dataset.name = 'd'", 1, "unknown prefix"),
        ("status IN (1.5)", 12, "unknown status"),
        ("name IN ()", 10, "quoted string"),
    ],
)
def test_what_is_wrong_is_told_with_its_position(text, position, said):
    with pytest.raises(InvalidParameterValue, match=f"at position {position}") as caught:
        parse_filter(text, LOGGED_MODELS)
    assert said in caught.value.message


@pytest.mark.parametrize("item", ["params.p", "tags.t DESC", "nope"])
def test_models_are_ordered_by_attributes_and_metrics_only(item):
    with pytest.raises(InvalidParameterValue, match=r"Order by|Attributes of"):
        parse_order_by([item], LOGGED_MODELS)
