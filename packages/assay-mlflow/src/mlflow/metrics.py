"""Metrics of one's own, for `mlflow.evaluate`."""

from assay.evaluation.metrics import EvaluationMetric, MetricValue, make_metric

__all__ = ["EvaluationMetric", "MetricValue", "make_metric"]
