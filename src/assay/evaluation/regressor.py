"""Regressors: how far their predictions are from what came true."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn import metrics  # type: ignore[import-untyped]

from assay.core.errors import InvalidParameterValue
from assay.evaluation import plots
from assay.evaluation.findings import Findings

if TYPE_CHECKING:
    from assay.evaluation.examples import Examples
    from assay.evaluation.subject import Subject


def evaluate_regressor(examples: Examples, predicted: np.ndarray, subject: Subject | None) -> Findings:
    """Metrics of error, residuals, and predicted against actual values.

    Raises:
        InvalidParameterValue: targets or predictions are not numbers.
    """
    assert examples.targets is not None  # noqa: S101 -- `examples.read` refuses a regressor without
    truth, guess = _numbers(examples.targets, "targets"), _numbers(predicted, "predictions")
    found = Findings(dict(subject.score(examples) if subject else {}))
    found.metrics.update(_metrics(truth, guess, examples.weights))
    found.figures["residuals_plot"] = plots.residuals(truth, guess)
    found.figures["predicted_against_actual_plot"] = plots.predicted_against_actual(truth, guess)
    return found


def _numbers(values: np.ndarray, what: str) -> np.ndarray:
    try:
        numbers = values.astype(float)
    except (ValueError, TypeError) as error:
        raise InvalidParameterValue(f"The {what} of a regressor must be numbers: {error}.") from error
    if not np.isfinite(numbers).all():
        raise InvalidParameterValue(f"The {what} hold infinite values. Drop these rows.")
    return numbers


def _metrics(truth: np.ndarray, guess: np.ndarray, weights: np.ndarray | None) -> dict[str, float]:
    """Under MLflow's names and as it defines them: the mean of weighted targets is over rows, not over weights."""
    total = (truth if weights is None else truth * weights).sum()
    squared = metrics.mean_squared_error(truth, guess, sample_weight=weights)
    defined = len(truth) > 1
    found = {
        "example_count": len(truth),
        "mean_absolute_error": metrics.mean_absolute_error(truth, guess, sample_weight=weights),
        "mean_squared_error": squared,
        "root_mean_squared_error": np.sqrt(squared),
        "sum_on_target": total,
        "mean_on_target": total / len(truth),
        "r2_score": metrics.r2_score(truth, guess, sample_weight=weights) if defined else float("nan"),
        "max_error": metrics.max_error(truth, guess),
        "mean_absolute_percentage_error": metrics.mean_absolute_percentage_error(truth, guess, sample_weight=weights),
    }
    return {name: float(value) for name, value in found.items()}
