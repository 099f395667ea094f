"""What is computed after a training, with what the model predicted: recorded in the run of the model.

`model.score(X, y)` and functions of `sklearn.metrics` become metrics named after the variable that holds the data:
`accuracy_score_X_test`; a second call is `accuracy_score-2_X_test`. `metric_info.json` says which call each one was.
"""

from __future__ import annotations

import numbers
import weakref
from collections import Counter
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from assay.autologging import imports, patching, records
from assay.autologging.sklearn.training import Data
from assay.client.api import Client

if TYPE_CHECKING:
    from types import FrameType, ModuleType

    from assay.autologging.patching import Call, Kind, Options
    from assay.client.run import ActiveRun

KIND = patching.Kind("sklearn.metrics", library="sklearn", tested=((1, 4), (1, 9)))
"""Of what judges models, of scikit-learn or of other libraries with estimators."""
PREDICTIONS = ("predict", "predict_proba", "predict_log_proba")
INFO_FILE = "metric_info.json"
UNKNOWN = "unknown_dataset"
MAX_DATASETS = 50
"""How many datasets that a model predicted for are recorded: enough for people, few enough for a loop over rows."""

T = TypeVar("T")


class WeakIdentityMap(Generic[T]):
    """Values by object, whether or not it can be hashed; gone with the object, and none for what has no weak links."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[weakref.ref[Any], T]] = {}

    def put(self, key: Any, value: T) -> None:
        """Keep a value for an object as long as it lives."""
        number = id(key)

        def forget(reference: weakref.ref[Any]) -> None:
            found = self._entries.get(number)
            if found is not None and found[0] is reference:
                del self._entries[number]

        try:
            self._entries[number] = (weakref.ref(key, forget), value)
        except TypeError:  # lists and numbers
            return

    def get(self, key: Any) -> T | None:
        """The value of an object, None when there is none."""
        found = self._entries.get(id(key))
        return found[1] if found is not None and found[0]() is key else None


@dataclass
class _Fit:
    """A training that was recorded, and what was computed with its run's models since."""

    run: ActiveRun
    kind: Kind
    options: Options
    model_id: str | None
    calls: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    labels: WeakIdentityMap[str] = field(default_factory=WeakIdentityMap)
    info: dict[str, str] = field(default_factory=dict)

    def of_model(self, model_id: str | None) -> _Fit:
        """The same run, whose names and numbers go on, with another model."""
        return replace(self, model_id=model_id)

    def log_metric(self, name: str, label: str, value: float, text: str) -> None:
        self.calls[name] += 1
        number = self.calls[name]
        key = f"{name}-{number}_{label}" if number > 1 else f"{name}_{label}"
        run_id = self.run.info.run_id
        origin = {"model_id": self.model_id} if self.model_id else {}
        self.run.connection.recorder(run_id).metric(key, value, None, None, **origin)
        self.info[key] = text
        Client(self.run.connection.transport.uri).log_dict(run_id, self.info, INFO_FILE)


_kinds: set[str] = set()
_fits: WeakIdentityMap[_Fit] = WeakIdentityMap()
_predictions: WeakIdentityMap[tuple[_Fit, str]] = WeakIdentityMap()
_runs: WeakIdentityMap[_Fit] = WeakIdentityMap()


def watch(kind: Kind, options: Options) -> None:
    """Watch the functions of scikit-learn that judge models of a kind, its own or not."""
    _kinds.add(kind.flavor)
    patching.turn_on(KIND, options)
    imports.watch(KIND.library, _patch_module)


def unwatch(kind: Kind) -> None:
    """Watch them no more, unless another kind is recorded."""
    _kinds.discard(kind.flavor)
    if not _kinds:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    if module.__name__ not in ("sklearn.metrics", "sklearn.base"):
        return
    with patching.guarded(f"{module.__name__} is not watched"):
        for value in list(vars(module).values()):
            if isinstance(value, FunctionType) and module.__name__ == "sklearn.metrics":
                patching.patch_reading(KIND, module, value.__name__, read_metric)
            elif isinstance(value, type) and value.__name__.endswith("Mixin"):
                patching.patch_reading(KIND, value, "score", read_score)


def patch_class(kind: Kind, owner: type) -> None:
    """Watch what a class, an estimator or a part of some, defines itself of the methods that predict and judge."""
    for name in PREDICTIONS:
        patching.patch_reading(kind, owner, name, read_prediction)
    patching.patch_reading(kind, owner, "score", read_score)


def remember(call: Call, estimator: Any, *, model_id: str | None) -> None:
    """Record from now on what is computed with a fitted estimator, in the run of its training."""
    run = records.run_of(call)
    known = _runs.get(run)
    if known is None:
        known = _Fit(run, call.kind, call.options, model_id)
        _runs.put(run, known)
    _fits.put(estimator, known.of_model(model_id))


def read_prediction(call: Call, result: Any) -> None:
    """Remember what a model predicted, and for which data."""
    fit = _fit_of(call.instance)
    if fit is None:
        return
    _predictions.put(result, (fit, _label(call, fit, _features(call))))


def read_score(call: Call, result: Any) -> None:
    """Record the score of a model."""
    fit = _fit_of(call.instance)
    if fit is None or not isinstance(result, numbers.Real):
        return
    kind = type(call.instance).__name__
    label = _label(call, fit, _features(call))
    fit.log_metric(f"{kind}_score", label, float(result), f"{kind}.score({_shown(call, leave_out='self')})")


def read_metric(call: Call, result: Any) -> None:
    """Record what a function of `sklearn.metrics` says of a prediction."""
    if not isinstance(result, numbers.Real):
        return
    given = (*call.args, *call.kwargs.values())
    found = next((known for known in map(_predictions.get, given) if known is not None), None)
    if found is None or patching.options_of(found[0].kind) is None:
        return
    fit, label = found
    name = call.function.__name__
    fit.log_metric(name, label, float(result), f"{name}({_shown(call)})")


def _fit_of(estimator: Any) -> _Fit | None:
    fit = _fits.get(estimator)
    return fit if fit is not None and patching.options_of(fit.kind) else None


def _features(call: Call) -> Any:
    return next(value for name, value in call.arguments.items() if name != "self")


def _label(call: Call, fit: _Fit, features: Any) -> str:
    """The name of data in the keys of metrics: that of its variable, numbered where a run has several of the name."""
    known = fit.labels.get(features)
    if known is not None:
        return known
    name = _variable(call.frame, features) or UNKNOWN
    fit.names[name] += 1
    label = f"{name}-{fit.names[name]}" if fit.names[name] > 1 else name
    fit.labels.put(features, label)
    if fit.options.log_datasets and fit.names.total() <= MAX_DATASETS:
        records.record_dataset(fit.run, Data(features).dataset(), context="eval")
    return label


def _shown(call: Call, leave_out: str | None = None) -> str:
    """The arguments of a call as they may have been written."""
    return ", ".join(
        f"{name}={_variable(call.frame, value) or _written(value)}"
        for name, value in call.arguments.items()
        if name != leave_out
    )


def _written(value: Any) -> str:
    return repr(value) if value is None or isinstance(value, str | numbers.Number) else f"<{type(value).__name__}>"


def _variable(frame: FrameType | None, value: Any) -> str | None:
    """The caller's name for an object; None for plain values, which many names may share."""
    if frame is None or value is None or isinstance(value, str | numbers.Number):
        return None
    return next((name for name, one in list(frame.f_locals.items()) if one is value and not name.startswith("_")), None)
