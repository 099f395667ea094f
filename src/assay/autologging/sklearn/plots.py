"""Pictures of a classifier: confusion matrix, ROC and precision-recall curves.

They are drawn on figures of their own: pyplot, its backend and its list of figures are the user's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.autologging.sklearn.training import Data

CELLS_WITH_NUMBERS = 20


def figures(estimator: Any, data: Data) -> Iterator[tuple[str, Any]]:
    """The pictures of a classifier on data with labels, each with the name of its file."""
    classes = getattr(estimator, "classes_", None)
    if classes is None or isinstance(classes, list):  # a list stands for several outputs
        return
    yield "training_confusion_matrix.png", _confusion_matrix(estimator, data, classes)
    if len(classes) != 2:
        return
    scores = _scores(estimator, data)
    if scores is None:
        return
    positive = [label == classes[1] for label in data.labels]
    yield "training_roc_curve.png", _roc_curve(positive, scores, data.weights)
    yield "training_precision_recall_curve.png", _precision_recall_curve(positive, scores, data.weights)


def _confusion_matrix(estimator: Any, data: Data, classes: Any) -> Any:
    from sklearn.metrics import confusion_matrix  # type: ignore[import-untyped]

    matrix = confusion_matrix(
        data.labels,
        estimator.predict(data.features),
        labels=classes,
        sample_weight=data.weights,
        normalize="true",
    )
    figure, axes = _axes("Normalized confusion matrix", "Predicted label", "True label")
    figure.colorbar(axes.imshow(matrix, cmap="Blues", vmin=0, vmax=1))
    places = range(len(classes))
    if len(classes) <= CELLS_WITH_NUMBERS:
        axes.set_xticks(places, labels=[str(one) for one in classes], rotation=45 if len(classes) > 8 else 0)
        axes.set_yticks(places, labels=[str(one) for one in classes])
        for row in places:
            for column in places:
                share = matrix[row, column]
                axes.text(column, row, f"{share:.2f}", ha="center", va="center", color="white" if share > 0.5 else "k")
    return figure


def _roc_curve(positive: list[bool], scores: Any, weights: Any) -> Any:
    from sklearn.metrics import auc, roc_curve

    false, true, _ = roc_curve(positive, scores, sample_weight=weights)
    figure, axes = _axes("ROC curve", "False positive rate", "True positive rate")
    axes.plot(false, true, label=f"AUC = {auc(false, true):.2f}")
    axes.plot([0, 1], [0, 1], linestyle="--", color="0.6", label="chance")
    axes.legend(loc="lower right")
    return figure


def _precision_recall_curve(positive: list[bool], scores: Any, weights: Any) -> Any:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, _ = precision_recall_curve(positive, scores, sample_weight=weights)
    average = average_precision_score(positive, scores, sample_weight=weights)
    figure, axes = _axes("Precision-recall curve", "Recall", "Precision")
    axes.plot(recall, precision, drawstyle="steps-post", label=f"average precision = {average:.2f}")
    axes.legend(loc="lower left")
    return figure


def _scores(estimator: Any, data: Data) -> Any:
    """How sure a classifier is of the second class, for each row."""
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba(data.features)[:, 1]
    if hasattr(estimator, "decision_function"):
        return estimator.decision_function(data.features)
    return None


def _axes(title: str, across: str, up: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=across, ylabel=up)
    return figure, axes
