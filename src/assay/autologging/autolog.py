"""`autolog()`: every library that can be watched, now or when it is first imported."""

from __future__ import annotations

import importlib
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.autologging import imports, patching

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import ModuleType


@dataclass(frozen=True)
class Watched:
    """A library whose trainings can be recorded: the flavor's name, its import, and where its `autolog` is."""

    flavor: str
    library: str
    module: str


WATCHED = (
    Watched("sklearn", library="sklearn", module="assay.autologging.sklearn.autolog"),
    Watched("pytorch", library="lightning", module="assay.autologging.pytorch.autolog"),
    Watched("pytorch", library="pytorch_lightning", module="assay.autologging.pytorch.autolog"),
    Watched("xgboost", library="xgboost", module="assay.autologging.xgboost.autolog"),
    Watched("lightgbm", library="lightgbm", module="assay.autologging.lightgbm.autolog"),
    Watched("statsmodels", library="statsmodels", module="assay.autologging.statsmodels"),
    Watched("keras", library="keras", module="assay.autologging.keras.autolog"),
    Watched("transformers", library="transformers", module="assay.autologging.transformers.autolog"),
)

_waiting: dict[str, Callable[[ModuleType], None]] = {}


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    log_traces: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: Mapping[str, str] | None = None,
    exclude_flavors: Sequence[str] | None = None,
) -> None:
    """Have the trainings of every library that Assay knows recorded by themselves, in the active run or in new ones.

    Libraries that are imported later are covered too; until then nothing of them is loaded. What a library's own
    `autolog` was told stays as it is.

    Args:
        log_input_examples: Keep the first five rows beside each model.
        log_model_signatures: Describe the columns that each model takes and gives.
        log_models: Keep the fitted models.
        log_datasets: Record which data was used.
        log_traces: Of no effect: traces are of generative AI, which is out of scope.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing of libraries in versions that are not tested.
        silent: Warn of nothing.
        extra_tags: Tags of the runs that are started.
        exclude_flavors: Libraries to leave alone, such as `sklearn`.

    Example:
        >>> import assay
        >>> assay.autolog()
        >>> from sklearn.tree import DecisionTreeRegressor
        >>> _ = DecisionTreeRegressor(max_depth=2).fit([[0.0], [1.0]], [0.0, 1.0])
        >>> assay.last_active_run().data.params["max_depth"]
        '2'
    """
    del log_traces
    given = {
        "log_input_examples": log_input_examples,
        "log_model_signatures": log_model_signatures,
        "log_models": log_models,
        "log_datasets": log_datasets,
        "disable": disable,
        "exclusive": exclusive,
        "disable_for_unsupported_versions": disable_for_unsupported_versions,
        "silent": silent,
        "extra_tags": extra_tags,
    }
    for watched in WATCHED:
        if watched.flavor not in (exclude_flavors or ()):
            _when_imported(watched, given)


def _when_imported(watched: Watched, given: Mapping[str, Any]) -> None:
    def turn_on(module: ModuleType) -> None:
        """Hand over to the library's own autologging, which watches it from here on."""
        if module.__name__ == watched.library:
            _forget(watched)
            with patching.guarded(f"Autologging of {watched.library} could not be turned on"):
                _turn_on(watched, given)

    _forget(watched)
    if given["disable"] and watched.library not in sys.modules:
        return
    _waiting[watched.library] = turn_on
    imports.watch(watched.library, turn_on)


def _forget(watched: Watched) -> None:
    hook = _waiting.pop(watched.library, None)
    if hook is not None:
        imports.unwatch(watched.library, hook)


def _turn_on(watched: Watched, given: Mapping[str, Any]) -> None:
    if patching.is_chosen(watched.flavor):
        return
    function = importlib.import_module(watched.module).autolog
    known = inspect.signature(function).parameters
    function(**{name: value for name, value in given.items() if name in known})
    patching.forget_choice(watched.flavor)
