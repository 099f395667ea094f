"""Figures of an evaluation: each on a canvas of its own, so that pyplot's state and settings stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from sklearn import metrics  # type: ignore[import-untyped]
from sklearn.calibration import CalibrationDisplay  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd  # type: ignore[import-untyped]
    from matplotlib.axes import Axes

    from assay.evaluation.classifier import Outcome

_SIZE = (6.0, 4.0)  # inches
_DOTS_PER_INCH = 150
_MOST_LABELLED = 40
_MOST_POINTS = 5000
_SHOWN_FEATURES = 20


def confusion_matrix(outcome: Outcome) -> Figure:
    """Which part of each class was taken for which class; rows add up to one."""
    figure, axes = _canvas("Normalized confusion matrix")
    matrix = metrics.confusion_matrix(
        outcome.truth,
        outcome.predicted,
        labels=outcome.labels,
        normalize="true",
        sample_weight=outcome.weights,
    )
    readable = len(outcome.labels) <= _MOST_LABELLED
    metrics.ConfusionMatrixDisplay(matrix, display_labels=outcome.labels).plot(
        cmap="Blues",
        ax=axes,
        include_values=readable,
        values_format=".2f",
        xticks_rotation="vertical" if len(outcome.labels) > 4 else "horizontal",
    )
    return figure


def roc_curves(outcome: Outcome, labels: Iterable[Any]) -> Figure:
    """The ROC curve of each class against the rest; a class that never or always occurs has none."""
    figure, axes = _canvas("ROC curve")
    for label, truth, probability in _curves(outcome, labels):
        false_rate, true_rate, _ = metrics.roc_curve(truth, probability, sample_weight=outcome.weights)
        area = metrics.roc_auc_score(truth, probability, sample_weight=outcome.weights)
        axes.plot(false_rate, true_rate, drawstyle="steps-post", linewidth=1, label=f"{label} (AUC {area:.3f})")
    axes.plot([0, 1], [0, 1], color="gray", linestyle="dashed", alpha=0.5)
    axes.set(xlabel="False positive rate", ylabel="True positive rate")
    return _with_legend(figure, axes)


def precision_recall_curves(outcome: Outcome, labels: Iterable[Any]) -> Figure:
    """The precision-recall curve of each class against the rest; a class that never or always occurs has none."""
    figure, axes = _canvas("Precision-recall curve")
    for label, truth, probability in _curves(outcome, labels):
        precision, recall, _ = metrics.precision_recall_curve(truth, probability, sample_weight=outcome.weights)
        average = metrics.average_precision_score(truth, probability, sample_weight=outcome.weights)
        axes.plot(recall, precision, drawstyle="steps-post", linewidth=1, label=f"{label} (AP {average:.3f})")
    axes.set(xlabel="Recall", ylabel="Precision", ylim=(0, 1.05))
    return _with_legend(figure, axes)


def calibration_curves(outcome: Outcome, labels: Iterable[Any], *, bins: int) -> Figure:
    """How often each class occurs among rows for which it was found about as probable."""
    figure, axes = _canvas("Calibration curve")
    for label, truth, probability in _curves(outcome, labels):
        CalibrationDisplay.from_predictions(truth, probability, n_bins=bins, name=str(label), ax=axes)
    axes.set(xlabel="Mean predicted probability", ylabel="Fraction of rows of the class")
    return _with_legend(figure, axes)


def residuals(truth: np.ndarray, guess: np.ndarray) -> Figure:
    """Actual minus predicted value over the predicted value."""
    return _errors(truth, guess, kind="residual_vs_predicted", title="Residuals")


def predicted_against_actual(truth: np.ndarray, guess: np.ndarray) -> Figure:
    """The predicted value beside the actual one."""
    return _errors(truth, guess, kind="actual_vs_predicted", title="Predicted against actual")


def importances(table: pd.DataFrame) -> Figure:
    """The features with most weight, the first on top."""
    figure, axes = _canvas("Feature importance")
    shown = table.head(_SHOWN_FEATURES).iloc[::-1]
    axes.barh(shown["feature"].astype(str), shown["importance"])
    axes.set(xlabel=f"Importance ({table['method'].iloc[0]})")
    return figure


def _errors(truth: np.ndarray, guess: np.ndarray, *, kind: str, title: str) -> Figure:
    figure, axes = _canvas(title)
    if len(truth) > _MOST_POINTS:  # of more, an even choice is drawn: a picture tells no more with all of them
        chosen = np.linspace(0, len(truth) - 1, _MOST_POINTS).astype(int)
        truth, guess = truth[chosen], guess[chosen]
    metrics.PredictionErrorDisplay(y_true=truth, y_pred=guess).plot(
        ax=axes, kind=kind, scatter_kwargs={"s": 8, "alpha": 0.6}
    )
    return figure


def _curves(outcome: Outcome, labels: Iterable[Any]) -> Iterator[tuple[Any, np.ndarray, np.ndarray]]:
    for label in labels:
        truth, _ = outcome.against_rest(label)
        probability = outcome.probability(label)
        if probability is not None and truth.any() and not truth.all():
            yield label, truth, probability


def _canvas(title: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=_SIZE, dpi=_DOTS_PER_INCH, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes


def _with_legend(figure: Figure, axes: Axes) -> Figure:
    if axes.get_legend_handles_labels()[1]:
        axes.legend(loc="best", fontsize="small")
    return figure
