"""What is recorded of one call of `xgboost.train`."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING, Any

import xgboost

from assay.autologging import boosters
from assay.autologging.sklearn.evaluation import WeakIdentityMap
from assay.autologging.sklearn.training import Data
from assay.client.fluent.inputs import entity
from assay.data.arrays import from_numpy
from assay.data.signature import infer_signature
from assay.flavors import xgboost as flavor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from assay.autologging.iterations import Iterations
    from assay.autologging.patching import Call
    from assay.client import entities
    from assay.data.schema import ModelSignature
    from assay.flavors.mlmodel import ModelInfo

WEIGHT = "weight"
MOST_VALUES = 50_000_000
"""Data beyond this many values is not copied out of XGBoost to be fingerprinted."""

_samples: WeakIdentityMap[Any] = WeakIdentityMap()


def read_matrix(call: Call, _: Any) -> None:
    """Keep the first rows of the data that a matrix is made of: XGBoost keeps numbers only."""
    data = call.args[1] if len(call.args) > 1 else call.kwargs.get("data")
    if hasattr(data, "iloc") or hasattr(data, "__array__"):
        _samples.put(call.instance, Data(data).sample())


class _Listener(xgboost.callback.TrainingCallback):
    """Adds the metrics of each iteration, and keeps what XGBoost knows of all of them."""

    def __init__(self, iterations: Iterations) -> None:
        super().__init__()
        self._iterations = iterations
        self.history: Mapping[str, Mapping[str, list[Any]]] = {}
        self.rounds_before = 0
        self.last = -1

    def before_training(self, model: Any) -> Any:
        """Count the rounds of a booster that is trained further: the best iteration is counted with them."""
        self.rounds_before = model.num_boosted_rounds()
        return model

    def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, list[Any]]]) -> bool:
        """Goes on with the training, whatever happens."""
        del model
        self._iterations.add(_points(evals_log, -1), epoch)
        self.history, self.last = evals_log, epoch
        return False


class Training(boosters.Training):
    """One call of `xgboost.train`."""

    no_params = frozenset(
        ("params", "dtrain", "evals", "obj", "feval", "evals_result", "xgb_model", "callbacks", "learning_rates")
    )

    def __init__(self, call: Call) -> None:
        _name_arguments(call)
        super().__init__(call)

    def callback(self, iterations: Iterations) -> Any:
        """Of XGBoost's own kind."""
        self._listener = _Listener(iterations)
        return self._listener

    @property
    def data(self) -> Any:
        """The matrix."""
        return self.arguments["dtrain"]

    def evaluated(self) -> Iterable[tuple[str | None, Any]]:
        """Each by the name that the user gave it."""
        return [(name, matrix) for matrix, name in self.arguments["evals"] or ()]

    def describe(self, data: Any) -> entities.Dataset | None:
        """The numbers that XGBoost keeps."""
        if data.num_row() * data.num_col() > MOST_VALUES:
            return None
        return entity(from_numpy(data.get_data().toarray()))

    def sample(self) -> Any:
        """What the matrix was made of."""
        return _samples.get(self.data)

    def signature(self, booster: Any, sample: Any) -> ModelSignature:
        """Columns as the user has them."""
        rows = xgboost.DMatrix(
            sample,
            feature_names=booster.feature_names,
            feature_types=booster.feature_types,
            enable_categorical=True,
        )
        return infer_signature(sample, booster.predict(rows))

    def stop(self, booster: Any) -> boosters.Stop | None:
        """Known where the training was to stop early, whether or not it did."""
        listener = self._listener
        if not self._stops_early() or listener.last < 0:
            return None
        best = int(booster.best_iteration)
        metrics = dict(_points(listener.history, best - listener.rounds_before))
        return boosters.Stop(stopped=listener.last, best=best, step=listener.last + 1, metrics=metrics)

    def importances(self, booster: Any) -> Iterable[tuple[str, Callable[[], Mapping[str, Any]]]]:
        """Of the kinds that the user asked for."""
        kinds = self.call.options.importance_types
        return [(kind, partial(booster.get_score, importance_type=kind)) for kind in kinds]

    def log_model(self, booster: Any, **facts: Any) -> ModelInfo:
        """In XGBoost's own format."""
        return flavor.log_model(booster, model_format=self.call.options.model_format, **facts)

    def _stops_early(self) -> bool:
        given = self.arguments["callbacks"] or ()
        return bool(self.arguments["early_stopping_rounds"]) or any(
            isinstance(one, xgboost.callback.EarlyStopping) for one in given
        )


def _name_arguments(call: Call) -> None:
    """Name what is given by place: XGBoost takes, with a warning, more arguments so than its signature says."""
    names = list(inspect.signature(call.function).parameters)[: len(call.args)]
    if len(names) == len(call.args) and not set(names) & set(call.kwargs):
        call.args, call.kwargs = (), {**dict(zip(names, call.args, strict=True)), **call.kwargs}


def _points(history: Mapping[str, Mapping[str, list[Any]]], place: int) -> Iterator[tuple[str, Any]]:
    for data, metrics in history.items():
        for metric, values in metrics.items():
            yield f"{data}-{metric}".replace("@", "_at_"), values[place]
