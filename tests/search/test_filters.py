"""What filters are accepted and what they mean: MLflow's language first, then what Assay adds."""

import pytest

from assay.search.fields import EXPERIMENTS, RUNS
from assay.search.parser import parse_filter
from assay.search.tree import And, Comparison, Field, Kind, Not, Operator, Or, comparisons


def clause(kind: Kind, key: str, symbol: str, value=None) -> Comparison:
    return Comparison(Field(kind, key), Operator(symbol), value)


def attribute(key: str, symbol: str, value=None) -> Comparison:
    return clause(Kind.ATTRIBUTE, key, symbol, value)


def metric(key: str, symbol: str, value: float) -> Comparison:
    return clause(Kind.METRIC, key, symbol, value)


def param(key: str, symbol: str, value=None) -> Comparison:
    return clause(Kind.PARAM, key, symbol, value)


def tag(key: str, symbol: str, value=None) -> Comparison:
    return clause(Kind.TAG, key, symbol, value)


def dataset(key: str, symbol: str, value=None) -> Comparison:
    return clause(Kind.DATASET, key, symbol, value)


A_IS_X = param("a", "=", "x")

MLFLOW_RUNS = {
    # metrics
    "metrics.a > 1": metric("a", ">", 1.0),
    "metric.a>=1": metric("a", ">=", 1.0),
    "metrics.a<-1.5": metric("a", "<", -1.5),
    "metrics.a <= .5": metric("a", "<=", 0.5),
    "metrics.a = 1.": metric("a", "=", 1.0),
    "metrics.a != 1E-3": metric("a", "!=", 0.001),
    "metrics.a > 99999999999999999999999": metric("a", ">", 1e23),
    "metrics.a < 1e999": metric("a", "<", float("inf")),
    "metrics.train.loss > 1": metric("train.loss", ">", 1.0),
    "metrics.1a > 1": metric("1a", ">", 1.0),
    "metrics.é > 1": metric("é", ">", 1.0),
    "metrics.and > 1": metric("and", ">", 1.0),
    "metrics.`a/b` > 1": metric("a/b", ">", 1.0),
    'metrics."a/b" > 1': metric("a/b", ">", 1.0),
    "metrics.'a/b' > 1": metric("a/b", ">", 1.0),
    "`metrics`.a > 1": metric("a", ">", 1.0),
    # params
    "params.a = 'x'": A_IS_X,
    "param.a = 'x'": A_IS_X,
    "parameter.a = 'x'": A_IS_X,
    'parameters.a = "x"': A_IS_X,
    "params.a\t=\n'x'": A_IS_X,
    "  params.a='x'  ": A_IS_X,
    "params.a = ''": param("a", "=", ""),
    "params.a = '\\'": param("a", "=", "\\"),
    'params.a = "it\'s"': param("a", "=", "it's"),
    "params.a = 'say \"x\"'": param("a", "=", 'say "x"'),
    "params.a = 'x AND y; -- z'": param("a", "=", "x AND y; -- z"),
    "params.`model type` != 'x'": param("model type", "!=", "x"),
    "params.`a\"b` LIKE '%x_'": param('a"b', "LIKE", "%x_"),
    "params.select iLike 'x'": param("select", "ILIKE", "x"),
    "params.a IS NULL": param("a", "IS NULL"),
    "params.a is Not\n null": param("a", "IS NOT NULL"),
    # tags
    "tag.a = 'x'": tag("a", "=", "x"),
    "tags.mlflow.runName like 'x'": tag("mlflow.runName", "LIKE", "x"),
    'tags."mlflow.runName" != "x"': tag("mlflow.runName", "!=", "x"),
    "tags.a is null": tag("a", "IS NULL"),
    # attributes
    "status = 'FAILED'": attribute("status", "=", "FAILED"),
    "attribute.status = 'x'": attribute("status", "=", "x"),
    "attributes.status = 'x'": attribute("status", "=", "x"),
    "attr.status ILIKE 'x'": attribute("status", "ILIKE", "x"),
    "run.`status` LIKE 'x'": attribute("status", "LIKE", "x"),
    "`status` != 'x'": attribute("status", "!=", "x"),
    "\"status\" = 'x'": attribute("status", "=", "x"),
    "artifact_uri = 'x'": attribute("artifact_uri", "=", "x"),
    "user_id = 'x'": attribute("user_id", "=", "x"),
    "run_name = 'x'": attribute("run_name", "=", "x"),
    "`run name` = 'x'": attribute("run_name", "=", "x"),
    "\"Run name\" = 'x'": attribute("run_name", "=", "x"),
    "attributes.\"Run Name\" LIKE 'x'": attribute("run_name", "LIKE", "x"),
    "run_id IN ('a')": attribute("run_id", "IN", ("a",)),
    "run_id in('a', \"b\")": attribute("run_id", "IN", ("a", "b")),
    "run_id IN ('a',)": attribute("run_id", "IN", ("a",)),
    "run_id not  in ('a)', ',')": attribute("run_id", "NOT IN", ("a)", ",")),
    "start_time > 1": attribute("start_time", ">", 1),
    "created >= 1": attribute("start_time", ">=", 1),
    "attribute.Created = -1": attribute("start_time", "=", -1),
    "end_time != 1.5": attribute("end_time", "!=", 1.5),
    "end_time < 1e3": attribute("end_time", "<", 1000),
    # datasets
    "dataset.name = 'x'": dataset("name", "=", "x"),
    "datasets.`digest` != 'x'": dataset("digest", "!=", "x"),
    "dataset.context LIKE 'x'": dataset("context", "LIKE", "x"),
    "dataset.name IN ('x', 'y')": dataset("name", "IN", ("x", "y")),
    "dataset.name NOT IN ('x')": dataset("name", "NOT IN", ("x",)),
    # clauses joined, with MLflow's tolerance for an AND too few or too many
    "metrics.a>1 and metrics.a<2": And((metric("a", ">", 1.0), metric("a", "<", 2.0))),
    "params.a='x'And params.a='x' AND status='y'": And((A_IS_X, A_IS_X, attribute("status", "=", "y"))),
    "params.a = 'x' AND": A_IS_X,
    "and AND params.a = 'x'": A_IS_X,
    "params.a = 'x' AND and params.b = 'y'": And((A_IS_X, param("b", "=", "y"))),
    "params.a = 'x' params.b = 'y'": And((A_IS_X, param("b", "=", "y"))),
    "params.a = 'x' `status` = 'y'": And((A_IS_X, attribute("status", "=", "y"))),
    "params.a = 'x' \"status\" = 'y'": And((A_IS_X, attribute("status", "=", "y"))),
    "params.a IS NULL params.b = 'y'": And((param("a", "IS NULL"), param("b", "=", "y"))),
}

OURS_RUNS = {
    "params.lr < 0.01": param("lr", "<", 0.01),
    "params.lr = 1": param("lr", "=", 1.0),
    "params.lr != -1e3": param("lr", "!=", -1000.0),
    "metrics_min.loss < 1": clause(Kind.METRIC_MIN, "loss", "<", 1.0),
    "metric_max.`a b` < 1": clause(Kind.METRIC_MAX, "a b", "<", 1.0),
    "metrics_first.a != 1": clause(Kind.METRIC_FIRST, "a", "!=", 1.0),
    "metrics.a > 1.5e+10": metric("a", ">", 1.5e10),
    "metrics.1 > 1": metric("1", ">", 1.0),
    "params.in = 'x'": param("in", "=", "x"),
    "(params.a = 'x')": A_IS_X,
    "NOT params.a = 'x'": Not(A_IS_X),
    "not not (params.a = 'x')": Not(Not(A_IS_X)),
    "NOT run_id NOT IN ('a')": Not(attribute("run_id", "NOT IN", ("a",))),
    "params.a = 'x' or status = 'y'": Or((A_IS_X, attribute("status", "=", "y"))),
    "status = 'y' OR params.a = 'x' AND NOT params.a = 'x'": Or(
        (attribute("status", "=", "y"), And((A_IS_X, Not(A_IS_X))))
    ),
    "(status = 'y' OR params.a = 'x') AND params.a = 'x'": And((Or((attribute("status", "=", "y"), A_IS_X)), A_IS_X)),
    "NOT (params.a = 'x' OR params.a = 'x') AND params.a = 'x'": And((Not(Or((A_IS_X, A_IS_X))), A_IS_X)),
    "params.a = 'x' AND (params.a = 'x' AND (params.a = 'x'))": And((A_IS_X, A_IS_X, A_IS_X)),
    "(params.a = 'x' OR params.a = 'x') OR params.a = 'x'": Or((A_IS_X, A_IS_X, A_IS_X)),
    "params.a = 'x'AND(params.a = 'x')": And((A_IS_X, A_IS_X)),
}

ACCEPTED_EXPERIMENTS = {
    "name = 'x'": attribute("name", "=", "x"),
    "attribute.name LIKE 'x'": attribute("name", "LIKE", "x"),
    "name ilike 'x'": attribute("name", "ILIKE", "x"),
    "experiment_id = '1'": attribute("experiment_id", "=", "1"),
    "experiment_id != '01'": attribute("experiment_id", "!=", "1"),
    "experiment_id IN ('1', '002')": attribute("experiment_id", "IN", ("1", "2")),
    "experiment_id NOT IN ('1')": attribute("experiment_id", "NOT IN", ("1",)),
    "creation_time > 1": attribute("creation_time", ">", 1),
    "last_update_time <= -1": attribute("last_update_time", "<=", -1),
    "tag.a = 'x'": tag("a", "=", "x"),
    "tags.`a b` IS NOT NULL": tag("a b", "IS NOT NULL"),
    "name = 'x' AND tags.a != 'y'": And((attribute("name", "=", "x"), tag("a", "!=", "y"))),
}


@pytest.mark.parametrize(("text", "tree"), [*MLFLOW_RUNS.items(), *OURS_RUNS.items()])
def test_run_filters_mean_what_they_say(text, tree):
    assert parse_filter(text, RUNS) == tree


@pytest.mark.parametrize(("text", "tree"), ACCEPTED_EXPERIMENTS.items())
def test_experiment_filters_mean_what_they_say(text, tree):
    assert parse_filter(text, EXPERIMENTS) == tree


@pytest.mark.parametrize("resource", [RUNS, EXPERIMENTS], ids=lambda resource: resource.name)
@pytest.mark.parametrize("text", [None, "", "AND", " and AND "])
def test_a_filter_without_clauses_is_no_filter(text, resource):
    assert parse_filter(text, resource) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("metrics.a > 1", float),
        ("params.a > 1", float),
        ("start_time > 1", int),
        ("start_time > 1e3", int),
        ("start_time > 9223372036854775807", int),
        ("start_time > 9223372036854775808", float),
        ("start_time > 1e999", float),
        ("start_time > 1.5", float),
    ],
)
def test_numbers_have_the_type_of_the_column_they_compare_with(text, kind):
    tree = parse_filter(text, RUNS)
    assert isinstance(tree, Comparison)
    assert type(tree.value) is kind


def test_fields_know_where_they_stand():
    tree = parse_filter("status = 'x' AND NOT metrics.`a b` > 1", RUNS)
    assert [(found.field.key, found.field.position) for found in comparisons(tree)] == [
        ("status", 1),
        ("a b", 22),
    ]


def test_comparisons_come_in_order_through_every_node():
    tree = parse_filter("metrics.a = 1 OR (NOT metrics.b = 2 AND metrics.c = 3) OR metrics.d = 4", RUNS)
    assert [found.field.key for found in comparisons(tree)] == ["a", "b", "c", "d"]
    assert list(comparisons(None)) == []
