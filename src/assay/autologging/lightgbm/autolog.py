"""LightGBM's autologging: every training records params, metrics, importances, data and the model by itself."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from assay.autologging import boosters, imports, patching
from assay.autologging.lightgbm.training import Training
from assay.autologging.sklearn import evaluation
from assay.flavors import lightgbm as flavor

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call

KIND = patching.Kind("lightgbm", library="lightgbm", tested=((4, 3), (4, 7)))


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `lightgbm.train`, and every `fit` of LightGBM's estimators, recorded by itself.

    Recorded are params, the metrics of each iteration, an early stop, importances of features, the data's fingerprints
    and the model, in the active run or in one that is started. What goes wrong in recording is a warning, and training
    goes on.

    Args:
        log_input_examples: Keep the first five rows beside the model.
        log_model_signatures: Describe the columns that the model takes and gives.
        log_models: Keep the model.
        log_datasets: Record which data was used.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of LightGBM that is not tested.
        silent: Warn of nothing.
        registered_model_name: Make each model a new version of this registered model.
        extra_tags: Tags of the runs that are started.

    Example:
        >>> import assay, lightgbm, numpy
        >>> assay.lightgbm.autolog()
        >>> data = lightgbm.Dataset(numpy.eye(30), numpy.arange(30.0), params={"verbose": -1})
        >>> _ = lightgbm.train({"verbose": -1}, data, 3, valid_sets=[data])
        >>> "training-l2" in assay.last_active_run().data.metrics
        True
        >>> assay.lightgbm.autolog(disable=True)
    """
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        evaluation.unwatch(KIND)
        return
    options = patching.Options(
        log_models=log_models,
        log_datasets=log_datasets,
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        registered_model_name=registered_model_name,
        extra_tags=extra_tags,
    )
    patching.turn_on(KIND, options)
    evaluation.watch(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch what trains in a module of LightGBM; runs when the module has been imported."""
    with patching.guarded(f"{module.__name__} is not watched"):
        if module.__name__ == KIND.library:
            patching.check_version(KIND, str(module.__version__))
            patching.patch_training(KIND, module, "train", _observe)
        elif module.__name__ == "lightgbm.sklearn":
            patching.patch_part(KIND, module, "train", _observe_part)
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == module.__name__ and hasattr(value, "get_params"):
                    patching.patch_training(KIND, value, "fit", _observe_fit)
                    evaluation.patch_class(KIND, value)


def _observe(call: Call) -> Generator[None, Any, None]:
    return boosters.observe(Training(call))


def _observe_part(call: Call) -> Generator[None, Any, None]:
    return boosters.observe(Training(call), is_whole=False)


def _observe_fit(call: Call) -> Generator[None, Any, None]:
    return boosters.observe_estimator(call, partial(flavor.log_model, call.instance))
