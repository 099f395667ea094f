"""Pictures of a classifier: confusion matrix, ROC and precision-recall curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.autologging.charts import Curves, Line, Matrix, line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.autologging.charts import Chart
    from assay.autologging.sklearn.training import Data


def pictures(estimator: Any, data: Data) -> Iterator[tuple[str, Chart]]:
    """What to draw of a classifier on data with labels, each with the name of its file."""
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


def _confusion_matrix(estimator: Any, data: Data, classes: Any) -> Chart:
    from sklearn.metrics import confusion_matrix  # type: ignore[import-untyped]

    cells = confusion_matrix(
        data.labels,
        estimator.predict(data.features),
        labels=classes,
        sample_weight=data.weights,
        normalize="true",
    )
    labels = [str(one) for one in classes]
    return Matrix("Normalized confusion matrix", "Predicted label", "True label", cells.tolist(), labels)


def _roc_curve(positive: list[bool], scores: Any, weights: Any) -> Chart:
    from sklearn.metrics import auc, roc_curve

    false, true, _ = roc_curve(positive, scores, sample_weight=weights)
    lines = [
        line(false, true, label=f"AUC = {auc(false, true):.2f}"),
        Line([0, 1], [0, 1], label="chance", faint=True),
    ]
    return Curves("ROC curve", "False positive rate", "True positive rate", lines)


def _precision_recall_curve(positive: list[bool], scores: Any, weights: Any) -> Chart:
    from sklearn.metrics import average_precision_score, precision_recall_curve

    precision, recall, _ = precision_recall_curve(positive, scores, sample_weight=weights)
    average = average_precision_score(positive, scores, sample_weight=weights)
    lines = [line(recall, precision, label=f"average precision = {average:.2f}", steps=True)]
    return Curves("Precision-recall curve", "Recall", "Precision", lines)


def _scores(estimator: Any, data: Data) -> Any:
    """How sure a classifier is of the second class, for each row."""
    if hasattr(estimator, "predict_proba"):
        return estimator.predict_proba(data.features)[:, 1]
    if hasattr(estimator, "decision_function"):
        return estimator.decision_function(data.features)
    return None
