"""The meaning of filters and orders on plain records, as every store must have it."""

import math

import pytest

from assay.search.fields import EXPERIMENTS, RUNS
from assay.search.numbers import number_in
from assay.search.parser import parse_filter, parse_order_by
from assay.testing.search_oracle import MetricSummary, Record, matches, ordered


def constant(value: float) -> MetricSummary:
    return MetricSummary(last=value, min=value, max=value, first=value)


RUN = Record(
    attributes={"run_id": "a1", "run_name": "Brisk_Owl", "start_time": 1000, "end_time": None, "status": "FAILED"},
    metrics={
        "loss": MetricSummary(last=0.5, min=0.1, max=2.0, first=1.5),
        "nan": constant(math.nan),
        "inf": constant(math.inf),
    },
    params={"lr": "0.01", "depth": "inf", "opt": "adam", "empty": "", "padded": " 1", "path": "C:\\x", "two": "a\nb"},
    tags={"mlflow.note": "100%"},
    datasets=[{"name": "a", "context": "train"}, {"name": "b", "digest": "1", "context": "eval"}],
)

TRUE = """
metrics.loss = 0.5
metrics_min.loss < 0.2 AND metrics_max.loss = 2 AND metrics_first.loss = 1.5
metrics.nan != 1
NOT metrics.nan = 1 AND NOT metrics.nan > 1 AND NOT metrics.nan <= 1
metrics.inf > 1e300 AND metrics.inf = 1e999
NOT metrics.absent = 1 AND NOT metrics.absent != 1
params.lr < 0.1 AND params.lr = 1e-2 AND params.lr = '0.01'
params.depth > 5
params.opt != 'sgd'
NOT params.opt > 0 AND NOT params.opt != 0 AND NOT params.padded = 1 AND NOT params.empty = 0
params.empty = ''
NOT params.absent = 'x'
NOT params.absent != 'x'
params.absent IS NULL AND params.opt IS NOT NULL
params.opt LIKE 'a%' AND params.opt LIKE '_d__' AND params.opt LIKE '%' AND params.opt LIKE 'adam'
NOT params.opt LIKE 'A%' AND NOT params.opt LIKE 'a' AND NOT params.opt LIKE 'a.*'
params.opt ILIKE 'A%M'
params.path LIKE 'C:\\%' AND params.two LIKE 'a_b' AND params.two LIKE 'a%b'
tags.mlflow.note LIKE '100_' AND NOT tags.mlflow.note LIKE '_100'
status = 'FAILED' AND NOT status = 'failed'
run_name ilike 'brisk%' AND `Run Name` = 'Brisk_Owl'
run_id IN ('b', 'a1') AND run_id NOT IN ('b')
created >= 1000 AND start_time < 1000.5
NOT end_time = 1 AND NOT end_time != 1
dataset.name = 'a' AND dataset.name = 'b' AND dataset.name != 'a'
dataset.name NOT IN ('a') AND NOT dataset.name NOT IN ('a', 'b')
dataset.digest = '1' AND dataset.context LIKE 'tr%'
status = 'x' OR metrics.loss > 0
NOT (status = 'x' OR metrics.loss > 1)
""".strip().splitlines()


@pytest.mark.parametrize("text", TRUE)
def test_a_true_filter_matches_and_its_negation_does_not(text):
    assert matches(parse_filter(text, RUNS), RUN)
    assert not matches(parse_filter(f"NOT ({text})", RUNS), RUN)


def test_no_filter_matches_everything():
    assert matches(None, Record())


def test_an_experiment_id_compares_as_a_number_however_it_is_written():
    experiment = Record(attributes={"experiment_id": 10, "name": "x"})
    assert matches(parse_filter("experiment_id = '010' AND experiment_id IN ('10')", EXPERIMENTS), experiment)
    assert not matches(parse_filter("experiment_id != '10'", EXPERIMENTS), experiment)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_numbers_then_nan_then_missing_in_both_directions(direction):
    records = [Record(attributes={"run_id": "none"})] + [
        Record(attributes={"run_id": str(value)}, metrics={"m": constant(value)})
        for value in (math.nan, 2.0, -math.inf)
    ]
    names = [found.attributes["run_id"] for found in ordered(records, parse_order_by([f"metrics.m {direction}"], RUNS))]
    numbers = ["-inf", "2.0"] if direction == "ASC" else ["2.0", "-inf"]
    assert names == [*numbers, "nan", "none"]


def test_later_keys_break_ties_and_equals_keep_their_order():
    records = [Record(attributes={"status": status, "start_time": time}) for status, time in ["b1", "a1", "a2", "b2"]]
    keys = parse_order_by(["status", "start_time DESC"], RUNS)
    assert ["".join(found.attributes.values()) for found in ordered(records, keys)] == ["a2", "a1", "b2", "b1"]
    assert ordered(records, parse_order_by(["params.absent DESC"], RUNS)) == records


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1", 1.0),
        ("-0.5", -0.5),
        ("+.5e-3", 0.0005),
        ("1.", 1.0),
        ("1E5", 1e5),
        ("inf", math.inf),
        ("-Infinity", -math.inf),
        ("1e999", None),
        ("nan", None),
        ("", None),
        (" 1", None),
        ("1\n", None),
        ("1_0", None),
        ("0x10", None),
        ("\u0661", None),
        ("True", None),
        ("1.2.3", None),
        ("e5", None),
        (".", None),
    ],
)
def test_which_texts_are_numbers(text, number):
    assert number_in(text) == number
