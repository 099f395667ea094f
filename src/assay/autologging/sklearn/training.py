"""What scikit-learn's autologging says of a training: its data, and how well the estimator does on them.

Names and averages of the metrics are MLflow's.
"""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.data.arrays import from_numpy
from assay.data.frames import from_pandas
from assay.data.signature import infer_signature

if TYPE_CHECKING:
    from assay.autologging.patching import Call
    from assay.data.dataset import Dataset
    from assay.data.schema import ModelSignature

PREFIX = "training_"
SAMPLE_ROWS = 5


@dataclass(frozen=True)
class Data:
    """What an estimator was fitted to: features (rows, columns), labels and weights of the rows."""

    features: Any
    labels: Any = None
    weights: Any = None

    @classmethod
    def of(cls, call: Call) -> Data:
        """The data of a call of `fit(X, y, sample_weight)`."""
        given = call.arguments
        features = next(value for name, value in given.items() if name != "self")
        return cls(features, given.get("y", given.get("Y")), given.get("sample_weight"))

    def sample(self) -> Any:
        """A copy of the first rows, which nothing else sees."""
        rows = self.features.iloc if hasattr(self.features, "iloc") else self.features
        return copy.deepcopy(rows[:SAMPLE_ROWS])

    def dataset(self) -> Dataset | None:
        """The dataset to be recorded; None for data that is neither a frame nor a dense array."""
        if hasattr(self.features, "iloc"):
            return from_pandas(self.features)
        if not hasattr(self.features, "__array__"):
            return None
        import numpy as np

        return from_numpy(np.asarray(self.features), targets=None if self.labels is None else np.asarray(self.labels))


def signature(estimator: Any, sample: Any) -> ModelSignature:
    """The columns that go into an estimator, and what comes out.

    Raises:
        InvalidParameterValue: no schema describes them.
    """
    for method in ("predict", "transform"):
        if hasattr(estimator, method):
            return infer_signature(sample, getattr(estimator, method)(copy.deepcopy(sample)))
    return infer_signature(sample)


def metrics(call: Call, estimator: Any, data: Data) -> dict[str, float]:
    """Metrics of an estimator on the data that it was fitted to; those that cannot be computed are left out."""
    from sklearn.base import is_classifier, is_regressor  # type: ignore[import-untyped]

    if data.labels is None or not getattr(estimator, "refit", True):  # a search that keeps no estimator
        return {}
    found: dict[str, float] = {}
    with call.attempt("Training metrics are not logged"):
        if is_classifier(estimator):
            found |= _of_classifier(call, estimator, data)
        elif is_regressor(estimator):
            found |= _of_regressor(estimator, data)
    if hasattr(estimator, "score"):
        with call.attempt("The training score is not logged"):
            weights = {} if data.weights is None else {"sample_weight": data.weights}
            found["score"] = float(estimator.score(data.features, data.labels, **weights))
    return {PREFIX + name: value for name, value in found.items() if not math.isnan(value)}


def _of_regressor(estimator: Any, data: Data) -> dict[str, float]:
    from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score  # type: ignore[import-untyped]

    predicted = estimator.predict(data.features)
    squared = float(mean_squared_error(data.labels, predicted, sample_weight=data.weights))
    return {
        "mean_squared_error": squared,
        "mean_absolute_error": float(mean_absolute_error(data.labels, predicted, sample_weight=data.weights)),
        "r2_score": float(r2_score(data.labels, predicted, sample_weight=data.weights)),
        "root_mean_squared_error": math.sqrt(squared),
    }


def _of_classifier(call: Call, estimator: Any, data: Data) -> dict[str, float]:
    from sklearn.metrics import accuracy_score, precision_recall_fscore_support

    predicted = estimator.predict(data.features)
    pos_label = getattr(call.options, "pos_label", None)
    averaged = {"average": "weighted"} if pos_label is None else {"average": "binary", "pos_label": pos_label}
    precision, recall, f1, _ = precision_recall_fscore_support(
        data.labels, predicted, sample_weight=data.weights, zero_division=0.0, **averaged
    )
    found = {
        "precision_score": float(precision),
        "recall_score": float(recall),
        "f1_score": float(f1),
        "accuracy_score": float(accuracy_score(data.labels, predicted, sample_weight=data.weights)),
    }
    if hasattr(estimator, "predict_proba"):
        with call.attempt("Training metrics of probabilities are not logged"):
            found |= _of_probabilities(estimator, data)
    return found


def _of_probabilities(estimator: Any, data: Data) -> dict[str, float]:
    from sklearn.metrics import log_loss, roc_auc_score

    likely = estimator.predict_proba(data.features)
    if not hasattr(likely, "shape"):  # one array for each of several outputs
        raise InvalidParameterValue("The classifier has several outputs.")
    loss = log_loss(data.labels, likely, sample_weight=data.weights, labels=estimator.classes_)
    found = {"log_loss": float(loss)}
    if likely.shape[1] == 2:
        found["roc_auc"] = float(
            roc_auc_score(data.labels, likely[:, 1], average="weighted", sample_weight=data.weights)
        )
    elif data.weights is None:  # scikit-learn has no weights between pairs of classes
        found["roc_auc"] = float(roc_auc_score(data.labels, likely, average="weighted", multi_class="ovo"))
    return found
