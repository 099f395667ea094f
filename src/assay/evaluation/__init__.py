"""How good a model is: metrics and figures of classifiers and regressors, logged with the run, the data and the model.

>>> import assay, pandas
>>> scored = pandas.DataFrame({"is_fraud": [0, 0, 1, 1], "guess": [0, 1, 1, 1]})
>>> result = assay.evaluate(data=scored, targets="is_fraud", predictions="guess", model_type="classifier")
>>> result.metrics["accuracy_score"]
0.75
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names

if TYPE_CHECKING:
    from assay.evaluation.api import evaluate, list_evaluators
    from assay.evaluation.metrics import EvaluationMetric, MetricValue, make_metric
    from assay.evaluation.result import EvaluationArtifact, EvaluationResult
    from assay.evaluation.thresholds import MetricThreshold, ModelValidationFailed, validate_evaluation_results

__all__ = [
    "EvaluationArtifact",
    "EvaluationMetric",
    "EvaluationResult",
    "MetricThreshold",
    "MetricValue",
    "ModelValidationFailed",
    "evaluate",
    "list_evaluators",
    "make_metric",
    "validate_evaluation_results",
]

_HOMES = {
    "api": "evaluate list_evaluators",
    "metrics": "EvaluationMetric MetricValue make_metric",
    "result": "EvaluationArtifact EvaluationResult",
    "thresholds": "MetricThreshold ModelValidationFailed validate_evaluation_results",
}

__getattr__, __dir__ = lazy_names(
    __name__, {name: f"{__name__}.{home}" for home, names in _HOMES.items() for name in names.split()}
)
