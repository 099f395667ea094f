"""The same numbers as MLflow 3.17.2 answers for the same models and data, and its files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assay.evaluation import evaluate, make_metric

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())
NOT_DRAWN = "lift_curve_plot.png"


def weights(data):
    return [1.0 + number % 3 for number in range(len(data))]


def rel(eval_df, builtin_metrics):
    assert builtin_metrics["example_count"] == len(eval_df)
    return float((eval_df["prediction"] - eval_df["target"]).abs().max())


def shifted(predictions, targets, metrics):
    error = metrics["mean_absolute_error"]
    return float((predictions - targets).mean()) + error.aggregate_results["mean_absolute_error"]


CUSTOM = [
    make_metric(eval_fn=rel, greater_is_better=False),
    make_metric(eval_fn=shifted, greater_is_better=False, name="shift"),
]
CASES = {
    "binary": ("cancer", {}),
    "binary_weights": ("cancer", {"weighted": True}),
    "binary_pos0": ("cancer", {"config": {"pos_label": 0, "metric_prefix": "val_"}}),
    "binary_labels": ("cancer", {"labels_only": True}),
    "one_row_binary_list": ("cancer", {"rows": 1, "config": {"label_list": [0, 1]}}),
    "text": ("cancer_in_words", {"config": {"pos_label": "malignant"}}),
    "multi": ("wine", {}),
    "multi_macro_weights": ("wine", {"weighted": True, "config": {"average": "macro"}}),
    "multi_labels": ("wine", {"labels_only": True}),
    "regression": ("diabetes", {"extra_metrics": CUSTOM}),
    "regression_weights": ("diabetes", {"weighted": True}),
    "regression_one_row": ("diabetes", {"rows": 1}),
}


def answered(model, data, *, rows=None, weighted=False, labels_only=False, config=None, extra_metrics=None):
    data = data.head(rows) if rows else data
    config = {**(config or {}), **({"sample_weights": weights(data)} if weighted else {})}
    kind = "regressor" if not hasattr(model, "classes_") else "classifier"
    shared = {"targets": "target", "model_type": kind, "evaluator_config": config, "extra_metrics": extra_metrics}
    if labels_only:
        scored = data[["target"]].assign(guess=model.predict(data.drop(columns="target")))
        return evaluate(data=scored, predictions="guess", **shared)
    return evaluate(model, data, **shared)


def test_every_recorded_case_is_compared():
    assert set(CASES) == set(RECORDED)


@pytest.mark.parametrize("name", CASES)
def test_metrics_are_mlflows(name, request):
    data, options = CASES[name]
    result = answered(*request.getfixturevalue(data), **options)
    recorded = RECORDED[name]
    assert result.metrics == pytest.approx(recorded["metrics"], rel=1e-9, abs=1e-12, nan_ok=True)
    files = {artifact.name for artifact in result.artifacts.values()}
    assert {file for file in recorded["files"] if not file.endswith(NOT_DRAWN)} <= files
    if "per_class" in recorded:
        rows = result.artifacts["per_class_metrics"].content.to_dict(orient="records")
        for row, theirs in zip(rows, recorded["per_class"], strict=True):
            assert row == pytest.approx(theirs, rel=1e-9)
