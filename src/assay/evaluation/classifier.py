"""Classifiers: how often they are right, for which classes, and how good their probabilities are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from sklearn import metrics  # type: ignore[import-untyped]

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.evaluation import plots
from assay.evaluation.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.evaluation.examples import Examples
    from assay.evaluation.subject import Subject

_log = logger("evaluation")
_MOST_CURVES = 10
_NAN = float("nan")


@dataclass(frozen=True)
class Outcome:
    """Classes as they are and as they were predicted."""

    truth: np.ndarray
    predicted: np.ndarray
    labels: np.ndarray
    """Every class, sorted; of two, the positive one is last."""
    probabilities: np.ndarray | None
    """A column for each of `labels`."""
    weights: np.ndarray | None

    @property
    def binary(self) -> bool:
        """Whether there are two classes, of which the last is the positive one."""
        return len(self.labels) == 2

    def against_rest(self, label: Any) -> tuple[np.ndarray, np.ndarray]:
        """Truth and prediction of one class: is it this one or not."""
        return self.truth == label, self.predicted == label

    def probability(self, label: Any) -> np.ndarray | None:
        """How probable one class was found."""
        if self.probabilities is None:
            return None
        column: np.ndarray = self.probabilities[:, int(np.flatnonzero(self.labels == label)[0])]
        return column


def evaluate_classifier(
    examples: Examples, predicted: np.ndarray, subject: Subject | None, config: Mapping[str, Any]
) -> Findings:
    """Metrics, per-class metrics, confusion matrix and, with probabilities, curves.

    Raises:
        InvalidParameterValue: there is only one class, or labels and options contradict each other.
    """
    probabilities = subject.probabilities(examples) if subject else None
    classes = subject.classes if subject else None
    outcome = _outcome(examples, predicted, probabilities, classes, config)
    found = Findings(dict(subject.score(examples) if subject else {}))
    table = _per_class(outcome)
    if outcome.binary:
        found.metrics.update(_of_class(outcome, outcome.labels[-1]))
    else:
        found.metrics.update(_of_many(outcome, str(config.get("average", "weighted"))))
    if outcome.probabilities is not None:
        found.metrics["log_loss"] = _log_loss(outcome)
    found.tables["per_class_metrics"] = table
    _draw(found, outcome, config)
    return found


def _outcome(
    examples: Examples,
    predicted: np.ndarray,
    probabilities: np.ndarray | None,
    classes: np.ndarray | None,
    config: Mapping[str, Any],
) -> Outcome:
    truth = examples.targets
    assert truth is not None  # noqa: S101 -- `examples.read` refuses a classifier without
    for what, values in (("targets", truth), ("predictions", predicted)):
        if str(pd.api.types.infer_dtype(values)).startswith("mixed"):
            raise InvalidParameterValue(f"The {what} are of several types. Bring all labels to one type.")
    if _is_text(truth) != _is_text(predicted):
        raise InvalidParameterValue(
            f"The targets are {pd.api.types.infer_dtype(truth)} and the predictions "
            f"{pd.api.types.infer_dtype(predicted)}: no prediction can be right. Bring both to one type."
        )
    labels = _labels(truth, predicted, classes if probabilities is not None else None, config.get("label_list"))
    positive = config.get("pos_label")
    if positive is not None and positive not in labels:
        raise InvalidParameterValue(f"pos_label {positive!r} is not among the classes {labels.tolist()}.")
    turned = positive is not None and len(labels) == 2 and labels[-1] != positive
    ordered = labels[::-1] if turned else labels
    if probabilities is not None:
        probabilities = _aligned(probabilities, labels if classes is None else classes, ordered)
    return Outcome(truth, predicted, ordered, probabilities, examples.weights)


def _is_text(values: np.ndarray) -> bool:
    return str(pd.api.types.infer_dtype(values)) == "string"


def _labels(truth: np.ndarray, predicted: np.ndarray, classes: np.ndarray | None, given: Any) -> np.ndarray:
    seen = np.unique(np.concatenate([truth, predicted]))
    if given is None:
        labels = seen if classes is None else np.unique(np.concatenate([seen, classes]))
    else:
        labels = np.unique(np.asarray(given))
        if unknown := [label for label in seen.tolist() if label not in labels]:
            raise InvalidParameterValue(f"label_list lacks {unknown[0]!r}, which occurs. It must name every class.")
    if len(labels) < 2:
        raise InvalidParameterValue(
            f"The only class is {labels[0]!r}, and a classifier is measured on two or more. "
            "Name them all: evaluator_config={'label_list': [...]}."
        )
    return labels


def _aligned(probabilities: np.ndarray, classes: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Columns in the order of the labels; zeros for a class that the model does not know."""
    if probabilities.shape[1] != len(classes):
        raise InvalidParameterValue(
            f"The model gives {probabilities.shape[1]} probabilities for {len(classes)} classes. "
            "Name the classes: evaluator_config={'label_list': [...]}."
        )
    columns = {label: number for number, label in enumerate(classes.tolist())}
    absent = np.zeros(len(probabilities))
    return np.column_stack(
        [probabilities[:, columns[label]] if label in columns else absent for label in labels.tolist()]
    )


def _of_class(outcome: Outcome, label: Any) -> dict[str, float]:
    """The metrics of one class against the rest."""
    truth, predicted = outcome.against_rest(label)
    weights = outcome.weights
    negatives, false_positives, false_negatives, positives = metrics.confusion_matrix(
        truth, predicted, labels=[False, True]
    ).ravel()
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, predicted, average="binary", pos_label=True, sample_weight=weights, zero_division=0
    )
    found = {
        "true_negatives": negatives,
        "false_positives": false_positives,
        "false_negatives": false_negatives,
        "true_positives": positives,
        "example_count": len(truth),
        "accuracy_score": metrics.accuracy_score(truth, predicted, sample_weight=weights),
        "recall_score": recall,
        "precision_score": precision,
        "f1_score": f1,
    }
    probability = outcome.probability(label)
    if probability is not None:
        occurs, rest = truth.any(), not truth.all()
        area = metrics.roc_auc_score(truth, probability, sample_weight=weights) if occurs and rest else _NAN
        average = metrics.average_precision_score(truth, probability, sample_weight=weights) if occurs else 0.0
        found |= {"roc_auc": area, "precision_recall_auc": average}
    return {name: float(value) for name, value in found.items()}


def _of_many(outcome: Outcome, average: str) -> dict[str, float]:
    """The metrics of more than two classes, averaged over them."""
    truth, weights = outcome.truth, outcome.weights
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        truth, outcome.predicted, average=average, sample_weight=weights, zero_division=0
    )
    found = {
        "example_count": len(truth),
        "accuracy_score": metrics.accuracy_score(truth, outcome.predicted, sample_weight=weights),
        "recall_score": recall,
        "precision_score": precision,
        "f1_score": f1,
    }
    if outcome.probabilities is not None and average in ("macro", "weighted"):
        absent = np.setdiff1d(outcome.labels, truth)
        if absent.size:
            _log.warning("roc_auc is NaN: the class %r never occurs in the data.", absent.tolist()[0])
        found["roc_auc"] = (
            _NAN
            if absent.size
            else metrics.roc_auc_score(
                truth, outcome.probabilities, average=average, multi_class="ovr", sample_weight=weights
            )
        )
    return {name: float(value) for name, value in found.items()}


def _log_loss(outcome: Outcome) -> float:
    order = np.argsort(outcome.labels)  # scikit-learn reads the columns in this order
    probabilities = outcome.probabilities[:, order] if outcome.probabilities is not None else None
    return float(
        metrics.log_loss(outcome.truth, probabilities, labels=outcome.labels[order], sample_weight=outcome.weights)
    )


def _per_class(outcome: Outcome) -> pd.DataFrame:
    return pd.DataFrame([{"positive_class": label, **_of_class(outcome, label)} for label in outcome.labels.tolist()])


def _draw(found: Findings, outcome: Outcome, config: Mapping[str, Any]) -> None:
    found.figures["confusion_matrix"] = plots.confusion_matrix(outcome)
    shown = outcome.labels[-1:] if outcome.binary else outcome.labels
    if outcome.probabilities is None:
        return
    found.figures["calibration_curve_plot"] = plots.calibration_curves(
        outcome, shown, bins=int(config.get("calibration_n_bins", 10))
    )
    most = int(config.get("max_classes_for_multiclass_roc_pr", _MOST_CURVES))
    if len(shown) > most:
        _log.warning(
            "ROC and precision-recall curves are not drawn for %d classes. "
            "Raise max_classes_for_multiclass_roc_pr=%d in evaluator_config.",
            len(shown),
            most,
        )
        return
    found.figures["roc_curve_plot"] = plots.roc_curves(outcome, shown)
    found.figures["precision_recall_curve_plot"] = plots.precision_recall_curves(outcome, shown)
