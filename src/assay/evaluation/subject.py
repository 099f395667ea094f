"""The model that is evaluated, whatever it is: how to ask it, and what is known of it."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
from sklearn.base import BaseEstimator  # type: ignore[import-untyped]

from assay.core.errors import InvalidParameterValue
from assay.evaluation import examples as rows
from assay.flavors import pyfunc

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.evaluation.examples import Examples
    from assay.evaluation.request import Request


@dataclass(frozen=True)
class Subject:
    """A model: its function, and the fitted estimator behind it, where there is one."""

    function: Callable[[Any], Any]
    estimator: Any
    model_id: str | None

    def predictions(self, examples: Examples, *, column: str | None) -> tuple[np.ndarray, pd.DataFrame | None]:
        """What it answers, one value for each row; and the columns that it answers beside it.

        Raises:
            InvalidParameterValue: it answers several columns and none is named, too few rows, or missing values.
        """
        answer = self.function(self._inputs(examples))
        others = None
        if isinstance(answer, pd.DataFrame | dict):
            answer = pd.DataFrame(answer)
            name = column if column in answer.columns else answer.columns[0]
            if len(answer.columns) != 1 and name != column:
                raise InvalidParameterValue(
                    f"The model answers the columns {', '.join(map(str, answer.columns))}. "
                    "Name the one of its predictions: predictions=..."
                )
            answer, others = answer[name], answer.drop(columns=name)
        found = rows.column(answer, "predictions")
        rows.check_column(found, "predictions", rows=len(examples.features))
        return found, others

    def probabilities(self, examples: Examples) -> np.ndarray | None:
        """How probable it finds each class, a column each; None where it does not say.

        Raises:
            InvalidParameterValue: it answers more than one table.
        """
        ask = getattr(self.estimator, "predict_proba", None)
        if ask is None:
            return None
        found = np.asarray(ask(self._inputs(examples)))
        if found.ndim != 2:
            raise InvalidParameterValue("The model predicts several outputs at once. Evaluate one output at a time.")
        return found

    @property
    def classes(self) -> np.ndarray | None:
        """The classes of the columns of `probabilities`; None where the estimator does not say."""
        found = getattr(self.estimator, "classes_", None)
        return None if found is None else np.asarray(found)

    def score(self, examples: Examples) -> dict[str, float]:
        """What a scikit-learn estimator says of itself; nothing when it has no score, or none that is weighted."""
        if not isinstance(self.estimator, BaseEstimator) or not hasattr(self.estimator, "score"):
            return {}
        arguments = self._inputs(examples), examples.targets
        if len(examples.features) < 2 and self.classes is None:
            return {"score": float("nan")}  # scikit-learn answers this too, with a warning
        if examples.weights is None:
            return {"score": float(self.estimator.score(*arguments))}
        if "sample_weight" not in inspect.signature(self.estimator.score).parameters:
            return {}
        return {"score": float(self.estimator.score(*arguments, sample_weight=examples.weights))}

    def _inputs(self, examples: Examples) -> Any:
        return examples.inputs(as_frame=self.estimator is None)


def subject_of(request: Request) -> Subject | None:
    """The model of an evaluation; None when predictions are given instead.

    Raises:
        InvalidParameterValue: it is no model, or `model_id` contradicts the one it has.
        ResourceDoesNotExist: there is no model at its URI.
    """
    model, model_id = request.model, request.model_id
    if model is None:
        return None
    if isinstance(model, str):
        model = pyfunc.load_model(model, model_config=dict(request.model_config or {}))
    elif request.model_config:
        raise InvalidParameterValue("model_config is for a model that is loaded by URI. Leave it out.")
    own = getattr(model, "model_id", None)
    if own and model_id and own != model_id:
        raise InvalidParameterValue(f"model_id is {model_id!r}, and the model is {own!r}. Leave model_id out.")
    raw = _estimator(model)
    function = getattr(raw if raw is not None else model, "predict", model)
    if not callable(function):
        raise InvalidParameterValue(
            f"A {type(model).__name__} is no model: give an estimator, a function, an object with predict, or a URI."
        )
    return Subject(function, raw, model_id or own)


def _estimator(model: Any) -> Any:
    """The fitted estimator: the model itself, or the one that a generic wrapper holds; None for other models."""
    if hasattr(model, "get_raw_model"):
        model = model.get_raw_model()
    return model if isinstance(model, BaseEstimator) or hasattr(model, "predict_proba") else None
