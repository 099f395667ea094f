"""Metrics and artifacts of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import assay
from assay.core.errors import InvalidParameterValue
from assay.evaluation import EvaluationResult, MetricValue, evaluate, make_metric

SCORED = pd.DataFrame({"price": [1.0, 2.0, 4.0], "guess": [1.0, 3.0, 2.0], "area": [10, 20, 40]})


def measured(*functions, model_type=None, **arguments):
    metrics = [make_metric(eval_fn=one, greater_is_better=False) for one in functions]
    return evaluate(
        data=SCORED,
        targets="price",
        predictions="guess",
        model_type=model_type,
        extra_metrics=metrics,
        **arguments,
    )


def test_a_metric_gets_what_its_parameters_name():
    def per_area(guess, price, area, scale, missing=3):
        return float((guess - price).abs().sum() / area.sum() * scale * missing)

    result = measured(per_area, evaluator_config={"scale": 70})
    assert result.metrics == {"per_area": pytest.approx(9.0)}


def test_a_metric_may_build_on_another_that_is_given_later():
    def doubled(total):
        return 2 * total.aggregate_results["total"]

    def total(predictions):
        return predictions.sum()

    assert measured(doubled, total).metrics == {"doubled": 12, "total": 6}


def test_columns_are_mapped():
    def size(surface):
        return surface.max()

    assert measured(size, evaluator_config={"col_mapping": {"surface": "area"}}).metrics == {"size": 40}


def test_scores_of_rows_become_a_table():
    def distance(predictions, targets):
        found = (predictions - targets).abs()
        return MetricValue(list(found), ["ok"] * 3, {"mean": found.mean(), "distance": found.max()})

    metric = make_metric(eval_fn=distance, greater_is_better=False, version="v1")
    result = evaluate(data=SCORED, targets="price", predictions="guess", extra_metrics=[metric])
    assert result.metrics == {"distance/v1/mean": 1.0, "distance/v1": 2.0}
    table = result.tables["eval_results_table"]
    assert list(table) == ["area", "price", "guess", "distance/v1/score", "distance/v1/justification"]
    assert list(table["distance/v1/score"]) == [0, 1, 2]
    assert assay.load_table("eval_results_table.json", [result.run_id])["guess"].tolist() == [1, 3, 2]


def test_other_columns_that_a_model_answers_are_there():
    def width(predictions, low):
        return float((predictions - low).mean())

    result = evaluate(
        lambda rows: pd.DataFrame({"middle": rows["area"], "low": rows["area"] - 5}),
        SCORED[["area", "price"]],
        targets="price",
        predictions="middle",
        model_type="regressor",
        extra_metrics=[make_metric(eval_fn=width, greater_is_better=False)],
    )
    assert result.metrics["width"] == 5
    with pytest.raises(InvalidParameterValue, match="answers the columns middle, low"):
        evaluate(
            lambda rows: {"middle": rows["area"], "low": rows["area"]},
            SCORED[["area", "price"]],
            targets="price",
            model_type="regressor",
        )


def asks_too_much(predictions, colour):
    return 0


def answers_text(predictions, targets):
    return "good"


def scores_too_few(predictions, targets):
    return MetricValue(scores=[1.0])


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (asks_too_much, "asks for colour"),
        (answers_text, "answers a str"),
        (scores_too_few, "1 scores for 3 rows"),
    ],
)
def test_metrics_that_do_not_fit_are_refused(function, message):
    with pytest.raises(InvalidParameterValue, match=message):
        measured(function)
    assert assay.search_runs(output_format="list") == []


def test_a_metric_that_has_nothing_to_say_is_left_out():
    assert measured(lambda_named("nothing"), lambda_named("one", 1)).metrics == {"one": 1}


def lambda_named(name, value=None):
    def function(predictions, targets):
        return value

    function.__name__ = name
    return function


def test_the_names_of_metrics():
    with pytest.raises(InvalidParameterValue, match="has no name"):
        make_metric(eval_fn=lambda predictions: 0, greater_is_better=True)
    with pytest.raises(InvalidParameterValue, match="has a slash"):
        make_metric(eval_fn=asks_too_much, greater_is_better=True, name="a/b")
    metric = make_metric(eval_fn=asks_too_much, greater_is_better=True, long_name="Asks")
    assert str(metric) == "EvaluationMetric(name=asks_too_much, greater_is_better=True, long_name=Asks)"


def test_artifacts_of_every_kind_are_kept_and_come_back(tmp_path):
    def artifacts(eval_df, builtin_metrics, directory):
        assert builtin_metrics["example_count"] == 3
        written = Path(directory, "any.txt")
        written.write_text("from a file")
        return {
            "frame": eval_df,
            "array": np.arange(3),
            "figure": Figure(),
            "facts": {"a": 1},
            "json_text": '{"b": 2}',
            "note": "good\nenough",
            "file": str(written),
        }

    result = measured(model_type="regressor", custom_artifacts=[artifacts])
    result.save(tmp_path / "saved")
    loaded = EvaluationResult.load(tmp_path / "saved")
    assert loaded.metrics == result.metrics
    for one in (result, loaded):
        content = {name: artifact.content for name, artifact in one.artifacts.items()}
        assert list(content["frame"]) == ["prediction", "target"]
        assert content["array"].tolist() == [0, 1, 2]
        assert content["figure"].format == "PNG"
        assert (content["facts"], content["json_text"]) == ({"a": 1}, {"b": 2})
        assert (content["note"], content["file"]) == ("good\nenough", "from a file")
    path = assay.artifacts.download_artifacts(run_id=result.run_id, artifact_path="note.txt")
    assert Path(path).read_text() == "good\nenough"


@pytest.mark.parametrize(
    ("answer", "message"),
    [(None, "must answer a dictionary"), ({"a": object()}, "'a' is a object"), ({"a": Path("a.exe")}, "'a.exe'")],
)
def test_artifacts_that_cannot_be_kept_are_refused(answer, message):
    with pytest.raises(InvalidParameterValue, match=message):
        measured(model_type="regressor", custom_artifacts=[lambda *_: answer])


def test_two_artifacts_of_one_name_are_refused():
    with pytest.raises(InvalidParameterValue, match="Two custom artifacts are called 'a'"):
        measured(model_type="regressor", custom_artifacts=[lambda *_: {"a": "1"}] * 2)
