"""MLflow's JSON dialect."""

from __future__ import annotations

import json
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.wire import codec
from assay.wire.experiments import CreateExperiment, ExperimentTag, SearchExperiments
from assay.wire.metrics import LogMetric, Metric, MetricHistory
from assay.wire.runs import CreateRun, LogBatch, LogParam, Param, RunTag, SearchRuns, SetTag

POINT = {"run_id": "r", "key": "loss", "value": 0.5, "timestamp": 12, "step": 3}


def decode(values: object, kind: type) -> object:
    return codec.decode(json.dumps(values).encode(), kind)


@pytest.mark.parametrize(
    ("change", "attribute", "expected"),
    [
        ({"timestamp": "12"}, "timestamp", 12),
        ({"value": "1.5"}, "value", 1.5),
        ({"value": "Infinity"}, "value", math.inf),
        ({"value": "-Infinity"}, "value", -math.inf),
        ({"step": None}, "step", 0),
        ({"step": 3.0}, "step", 3),
        ({"unknown": 1}, "key", "loss"),
    ],
)
def test_accepted_forms(change: dict[str, object], attribute: str, expected: object) -> None:
    assert getattr(decode({**POINT, **change}, LogMetric), attribute) == expected


def test_nan_comes_as_text() -> None:
    message = decode({**POINT, "value": "NaN"}, LogMetric)
    assert math.isnan(message.value)


def test_camel_case_is_understood_also_inside() -> None:
    message = decode({"runId": "r", "metrics": [{"key": "k", "value": 1, "timestamp": 2, "modelId": "m"}]}, LogBatch)
    assert message.run_id == "r"
    assert message.metrics[0].model_id == "m"


def test_camel_case_of_an_optional_field_is_not_missed() -> None:
    assert decode({"experimentId": "1", "runName": "n"}, CreateRun).run_name == "n"


def test_one_field_in_two_spellings_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="run_id"):
        decode({"runId": "a", "run_id": "b", "value": None}, LogParam)


def test_json_inside_json_is_opened() -> None:
    assert decode(json.dumps(POINT), LogMetric).key == "loss"


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"7", b"\xff", b"[" * 100_000])
def test_what_is_no_object_counts_as_empty(body: bytes) -> None:
    assert codec.decode(body, SearchRuns) == SearchRuns()
    with pytest.raises(InvalidParameterValue, match="Missing value for required parameter 'key'"):
        codec.decode(body, LogMetric)


@pytest.mark.parametrize(
    ("kind", "values", "message"),
    [
        (CreateExperiment, {}, "Missing value for required parameter 'name'."),
        (CreateExperiment, {"name": ""}, "Missing value for required parameter 'name'."),
        (CreateExperiment, {"name": None}, "Missing value for required parameter 'name'."),
        (CreateExperiment, {"name": 5}, "Invalid value 5 for parameter 'name' supplied"),
        (LogMetric, {**POINT, "value": "abc"}, "Invalid value 'abc' for parameter 'value' supplied"),
        (LogMetric, {**POINT, "timestamp": 1.7}, "Invalid value 1.7 for parameter 'timestamp' supplied"),
        (
            LogBatch,
            {"metrics": [{"key": "a", "value": 1}]},
            "Missing value for required parameter 'metrics[0].timestamp'.",
        ),
        (LogBatch, {"metrics": [POINT, {**POINT, "value": []}]}, "Invalid value [] for parameter 'metrics[1].value'"),
        (LogBatch, {"params": [{"value": "x"}]}, "Missing value for required parameter 'params[0].key'."),
        (LogParam, {"key": "k", "value": 5}, "Invalid value 5 for parameter 'value' supplied"),
    ],
)
def test_refusals_name_the_parameter(kind: type, values: object, message: str) -> None:
    with pytest.raises(InvalidParameterValue) as caught:
        decode(values, kind)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("kind", [SetTag, LogParam])
@pytest.mark.parametrize("value", [{"value": ""}, {"value": None}, {}])
def test_tags_and_params_may_be_empty(kind: type[SetTag | LogParam], value: dict[str, object]) -> None:
    assert decode({"run_id": "r", "key": "k", **value}, kind).value == ""


def test_query_strings() -> None:
    query = {"maxResults": ["5"], "order_by": ["name", "experiment_id"], "nonsense": ["1"]}
    message = codec.decode_query(query, SearchExperiments)
    assert message == SearchExperiments(max_results=5, order_by=["name", "experiment_id"])
    with pytest.raises(InvalidParameterValue, match="max_results"):
        codec.decode_query({"max_results": ["many"]}, SearchExperiments)


def test_answers_leave_absent_fields_out() -> None:
    assert codec.encode(MetricHistory()) == b"{}"
    assert json.loads(codec.encode(LogMetric(key="k", value=1.0, timestamp=2))) == {
        "key": "k",
        "value": 1.0,
        "timestamp": 2,
    }


def test_steps_and_values_of_results_are_there_even_when_zero_or_empty() -> None:
    """As in MLflow, so that `metric["step"]` needs no second thought."""
    assert json.loads(codec.encode(Metric(key="k", value=1.0, timestamp=2)))["step"] == 0
    for kind in (Param, RunTag, ExperimentTag):
        assert json.loads(codec.encode(kind(key="k"))) == {"key": "k", "value": ""}


def test_the_text_null_is_no_number() -> None:
    body = codec.encode(LogBatch(run_id="r", params=[Param(key="k", value="null")], tags=[RunTag(key="t", value="")]))
    assert codec.decode(body, LogBatch).params[0].value == "null"


@given(st.floats(allow_nan=True, allow_infinity=True), st.text(), st.integers(-(2**63), 2**63 - 1))
def test_points_survive_the_wire(value: float, key: str, step: int) -> None:
    sent = MetricHistory(metrics=[Metric(key=key, value=value, timestamp=1, step=step)])
    got = codec.decode_answer(codec.encode(sent), MetricHistory).metrics[0]
    assert (got.key, got.step) == (key, step)
    assert got.value == value or (math.isnan(got.value) and math.isnan(value))


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["run_id", "runId", "metrics", "key", "value", "timestamp", "params", "tags", "x"]),
                inner,
            )
        ),
    )
)
def test_nonsense_is_refused_with_a_clear_error_or_understood(values: object) -> None:
    body = msgspec.json.encode(values)
    for kind in (LogBatch, LogMetric, CreateRun, SearchRuns):
        try:
            codec.decode(body, kind)
        except InvalidParameterValue as error:
            assert error.message


def test_a_number_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(InvalidParameterValue, match="no valid Unicode"):
        decode({**POINT, "value": "\ud800"}, LogMetric)
    with pytest.raises(InvalidParameterValue, match="no valid Unicode"):
        codec.encode(SetTag(run_id="r", key="k", value="\ud800"))
