"""Which features matter to a model: what the estimator says itself, or else what shuffling them costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator  # type: ignore[import-untyped]
from sklearn.inspection import permutation_importance  # type: ignore[import-untyped]

from assay.core.log import logger

if TYPE_CHECKING:
    from assay.evaluation.examples import Examples
    from assay.evaluation.subject import Subject

_log = logger("evaluation")
_MOST_FEATURES = 50
_MOST_ROWS = 500
_REPEATS = 3


def feature_importance(subject: Subject, examples: Examples) -> pd.DataFrame | None:
    """A row for each feature, the most important first: `feature`, `importance`, `method`.

    The method is `feature_importances_`, `coef_` (magnitudes, averaged over classes) or `permutation` (loss of score on
    at most 500 rows and 50 features). None when the model is no estimator, or has too many features.
    """
    if subject.estimator is None:
        return None
    found = _own(subject.estimator, len(examples.features.columns))
    if found is None:
        found = _permuted(subject, examples)
    if found is None:
        return None
    method, values = found
    table = pd.DataFrame({"feature": list(examples.features.columns), "importance": values, "method": method})
    return table.sort_values("importance", ascending=False, ignore_index=True, kind="stable")


def _own(estimator: Any, count: int) -> tuple[str, np.ndarray] | None:
    """What the last step of a pipeline says, if it reads as many features as there are."""
    last = estimator[-1] if hasattr(estimator, "named_steps") else estimator
    for name in ("feature_importances_", "coef_"):
        values = getattr(last, name, None)
        if values is None or hasattr(values, "toarray"):
            continue
        table = np.atleast_2d(np.asarray(values, dtype=float))
        if table.shape[1] == count:
            return name, np.abs(table).mean(axis=0)
    return None


def _permuted(subject: Subject, examples: Examples) -> tuple[str, np.ndarray] | None:
    estimator, count = subject.estimator, len(examples.features.columns)
    rows = min(len(examples.features), _MOST_ROWS)
    if not isinstance(estimator, BaseEstimator) or not hasattr(estimator, "score") or rows < 2:
        return None
    if count > _MOST_FEATURES:
        _log.info("Feature importance is left out: %d features are too many to shuffle one by one.", count)
        return None
    chosen = np.linspace(0, len(examples.features) - 1, rows).astype(int)
    inputs = examples.inputs(as_frame=False)
    assert examples.targets is not None  # noqa: S101 -- checked with the data
    found = permutation_importance(
        estimator,
        inputs.iloc[chosen] if hasattr(inputs, "iloc") else inputs[chosen],
        examples.targets[chosen],
        n_repeats=_REPEATS,
        random_state=0,
    )
    return "permutation", found.importances_mean
