"""What XGBoost and LightGBM share: how a training of boosted trees, or of an estimator around some, is recorded."""

from __future__ import annotations

import abc
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from assay.autologging import importances, kept, records
from assay.autologging.iterations import Iterations
from assay.autologging.sklearn import evaluation, models
from assay.autologging.sklearn.training import Data

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from assay.autologging.patching import Call
    from assay.client import entities
    from assay.data.schema import ModelSignature
    from assay.flavors.mlmodel import ModelInfo


@dataclass(frozen=True)
class Stop:
    """An early stop: the iteration it came at, the best one, and the metrics of that, recorded again at `step`."""

    stopped: int
    best: int
    step: int
    metrics: Mapping[str, float]


class Training(abc.ABC):
    """One call of a library's `train`, and what is to be recorded of it."""

    no_params: ClassVar[frozenset[str]]
    """Arguments that are no params: data, functions, and the params themselves."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.arguments = records.with_defaults(call)

    def params(self) -> dict[str, Any]:
        """Those of the booster, and the other arguments of the training."""
        others = {name: value for name, value in self.arguments.items() if name not in self.no_params}
        return {**dict(self.arguments["params"]), **others}

    def add_callback(self, iterations: Iterations) -> None:
        """Have the training tell its metrics. The user's list of callbacks stays as it is."""
        bound = inspect.signature(self.call.function).bind(*self.call.args, **self.call.kwargs)
        bound.arguments["callbacks"] = [self.callback(iterations), *(self.arguments["callbacks"] or ())]
        self.call.args, self.call.kwargs = bound.args, bound.kwargs

    @abc.abstractmethod
    def callback(self, iterations: Iterations) -> Any:
        """A callback of the library, which adds the metrics of each iteration."""

    @property
    @abc.abstractmethod
    def data(self) -> Any:
        """What is trained on."""

    @abc.abstractmethod
    def evaluated(self) -> Iterable[tuple[str | None, Any]]:
        """What is evaluated on, by name where it has one of its own."""

    @abc.abstractmethod
    def describe(self, data: Any) -> entities.Dataset | None:
        """The facts of data; None for what cannot be described."""

    @abc.abstractmethod
    def sample(self) -> Any:
        """The first rows of the training data, as the user has them; None when they are not known."""

    @abc.abstractmethod
    def signature(self, booster: Any, sample: Any) -> ModelSignature:
        """What goes into the booster, and what comes out."""

    @abc.abstractmethod
    def stop(self, booster: Any) -> Stop | None:
        """The early stop, if there was one."""

    @abc.abstractmethod
    def importances(self, booster: Any) -> Iterable[tuple[str, Callable[[], Mapping[str, Any]]]]:
        """Kinds of importance, and what gives that of each feature."""

    @abc.abstractmethod
    def log_model(self, booster: Any, **facts: Any) -> ModelInfo:
        """Keep the booster."""


def observe(training: Training, *, is_whole: bool = True) -> Generator[None, Any, None]:
    """Record a training; where it is not the whole, but an estimator's part, its model is the estimator's to record."""
    call = training.call
    params = training.params()
    records.log_params(call, params)
    with call.attempt("The data is not logged"):
        _log_data(training)
    model_id = kept.begin_model(call, params) if is_whole else None
    sample = training.sample() if is_whole else None
    iterations = Iterations(call, model_id=model_id)
    is_trained = False
    try:
        training.add_callback(iterations)
        booster = yield
        is_trained = True
    finally:
        with call.attempt("Metrics of the last iterations are not logged"):
            iterations.close()
        if model_id is not None and not is_trained:
            kept.abandon_model(call, model_id)
    for kind, importance in training.importances(booster):
        with call.attempt(f"The importance {kind!r} of features is not logged"):
            importances.log_importance(call, kind, importance())
    if is_whole:
        kept.log_model(
            call,
            lambda **facts: training.log_model(booster, **facts),
            lambda: sample,
            lambda rows: training.signature(booster, rows),
            model_id=model_id,
        )
    with call.attempt("The early stop is not logged"):
        _log_stop(call, training.stop(booster), model_id=model_id)


def observe_estimator(call: Call, log: Callable[..., ModelInfo]) -> Generator[None, Any, None]:
    """Record the fit of an estimator, which `log` keeps; the training in it is recorded as a part of its own."""
    yield
    estimator = call.instance
    model_id = models.log_estimator(call, log, estimator, Data.of(call), name=kept.NAME)
    evaluation.remember(call, estimator, model_id=model_id)


def _log_data(training: Training) -> None:
    if not training.call.options.log_datasets:
        return
    run = records.run_of(training.call)
    uses = [(None, training.data, "train"), *((name, data, "eval") for name, data in training.evaluated())]
    for name, data, context in uses:
        facts = training.describe(data)
        if facts is not None:
            named = msgspec.structs.replace(facts, name=name or facts.name)
            records.log_input(run, run.info.run_id, named, context=context)


def _log_stop(call: Call, stop: Stop | None, *, model_id: str | None) -> None:
    if stop is None:
        return
    found = {"stopped_iteration": float(stop.stopped), "best_iteration": float(stop.best)}
    records.log_metrics(call, found, model_id=model_id, dataset=None)
    records.log_metrics(call, stop.metrics, model_id=model_id, dataset=None, step=stop.step)
