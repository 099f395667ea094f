"""What is recorded of one call of `lightgbm.train`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assay.autologging import boosters
from assay.autologging.sklearn.evaluation import WeakIdentityMap
from assay.autologging.sklearn.training import Data
from assay.client.fluent.inputs import entity
from assay.data.signature import infer_signature
from assay.flavors import lightgbm as flavor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from assay.autologging.iterations import Iterations
    from assay.client import entities
    from assay.data.schema import ModelSignature
    from assay.flavors.mlmodel import ModelInfo

IMPORTANCES = ("split", "gain")

_samples: WeakIdentityMap[Any] = WeakIdentityMap()
_facts: WeakIdentityMap[entities.Dataset] = WeakIdentityMap()
"""Of data, for its second training: LightGBM forgets in the first what it was made of."""


class _Listener:
    """Adds the metrics of each iteration."""

    def __init__(self, iterations: Iterations) -> None:
        self._iterations = iterations
        self.last = -1
        self.order = 25
        """After LightGBM's records of metrics, before its early stopping, which ends the round of callbacks."""

    def __call__(self, environment: Any) -> None:
        """Add the metrics; an environment of LightGBM has them as (data, metric, value, ...)."""
        self.last = environment.iteration
        self._iterations.add(
            ((_key(one[0], one[1]), one[2]) for one in environment.evaluation_result_list or ()), self.last
        )


class Training(boosters.Training):
    """One call of `lightgbm.train`."""

    no_params = frozenset(
        """
        params train_set valid_sets valid_names fobj feval init_model learning_rates callbacks
        """.split()
    )

    def callback(self, iterations: Iterations) -> Any:
        """Of LightGBM's own kind, a function of the environment."""
        self._listener = _Listener(iterations)
        return self._listener

    @property
    def data(self) -> Any:
        """What is trained on."""
        return self.arguments["train_set"]

    def evaluated(self) -> Iterable[tuple[str | None, Any]]:
        """All but the training data itself, by name where the user gave them names."""
        sets, names = self.arguments["valid_sets"] or (), self.arguments["valid_names"]
        sets = sets if isinstance(sets, (list, tuple)) else [sets]
        names = [names] if isinstance(names, str) else names or [None] * len(sets)
        return [(name, data) for data, name in zip(sets, names, strict=False) if data is not self.data]

    def describe(self, data: Any) -> entities.Dataset | None:
        """What the user gave to LightGBM."""
        known = _facts.get(data)
        dataset = _raw(data).dataset() if known is None and _is_known(data) else None
        if dataset is not None:
            known = entity(dataset)
            _facts.put(data, known)
        return known

    def sample(self) -> Any:
        """The first rows of what the user gave to LightGBM."""
        known = _samples.get(self.data)
        if known is None and _is_known(self.data):
            known = _raw(self.data).sample()
            _samples.put(self.data, known)
        return known

    def signature(self, booster: Any, sample: Any) -> ModelSignature:
        """Columns as the user has them."""
        return infer_signature(sample, booster.predict(sample))

    def stop(self, booster: Any) -> boosters.Stop | None:
        """Known where LightGBM found a best iteration."""
        if booster.best_iteration <= 0:
            return None
        metrics = {
            _key(data, metric): float(value)
            for data, metrics in booster.best_score.items()
            for metric, value in metrics.items()
        }
        stopped = self._listener.last + 1
        return boosters.Stop(stopped=stopped, best=booster.best_iteration, step=stopped, metrics=metrics)

    def importances(self, booster: Any) -> Iterable[tuple[str, Callable[[], Mapping[str, Any]]]]:
        """Of both kinds."""
        return [(kind, partial(_importance, booster, kind)) for kind in IMPORTANCES]

    def log_model(self, booster: Any, **facts: Any) -> ModelInfo:
        """In LightGBM's own format."""
        return flavor.log_model(booster, **facts)


def _raw(data: Any) -> Data:
    return Data(data.data, data.label)


def _is_known(data: Any) -> bool:
    return hasattr(data.data, "iloc") or hasattr(data.data, "__array__")


def _importance(booster: Any, kind: str) -> dict[str, Any]:
    return dict(zip(booster.feature_name(), booster.feature_importance(kind).tolist(), strict=True))


def _key(data: str, metric: str) -> str:
    return f"{data}-{metric}".replace("@", "_at_")
