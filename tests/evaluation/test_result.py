"""Results are saved in MLflow's form, and read from it."""

from __future__ import annotations

import json

import pytest

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.evaluation import EvaluationArtifact, EvaluationResult


def test_a_result_that_mlflow_saved_is_read(tmp_path):
    (tmp_path / "artifacts").mkdir()
    (tmp_path / "metrics.json").write_text('{"accuracy_score": 0.93, "roc_auc": NaN}')
    kind = "mlflow.models.evaluation.artifacts.CsvEvaluationArtifact"
    described = {"per_class_metrics": {"uri": "mlflow-artifacts:/1/run/artifacts/per_class.csv", "class_name": kind}}
    (tmp_path / "artifacts_metadata.json").write_text(json.dumps(described))
    (tmp_path / "artifacts/per_class.csv").write_text("positive_class,f1_score\n0,0.5\n")
    result = EvaluationResult.load(tmp_path)
    assert result.metrics["accuracy_score"] == 0.93
    assert result.metrics["roc_auc"] != result.metrics["roc_auc"]
    assert result.artifacts["per_class_metrics"].content["f1_score"].tolist() == [0.5]
    result.save(tmp_path / "again")
    assert json.loads((tmp_path / "again/artifacts_metadata.json").read_text()) == described


def test_where_nothing_was_saved(tmp_path):
    with pytest.raises(ResourceDoesNotExist, match=r"metrics\.json"):
        EvaluationResult.load(tmp_path)


def test_a_result_is_shown_and_files_of_other_kinds_are_not_read():
    result = EvaluationResult({"a": 1.0}, {"x": EvaluationArtifact("file:///x.pkl", b"")}, "run")
    assert repr(result) == "EvaluationResult(metrics={'a': 1.0}, artifacts=['x'], run_id=run)"
    assert repr(result.artifacts["x"]) == "EvaluationArtifact(uri='file:///x.pkl')"
    assert result.tables == {}
    with pytest.raises(InvalidParameterValue, match=r"'x\.pkl' is of no kind"):
        _ = result.artifacts["x"].content
