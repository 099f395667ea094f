"""XGBoost's autologging: every training records params, metrics, importances, data and the model by itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.autologging import boosters, imports, patching
from assay.autologging.sklearn import evaluation
from assay.core.errors import InvalidParameterValue
from assay.flavors import xgboost as flavor

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from types import ModuleType

    from assay.autologging.patching import Call

KIND = patching.Kind("xgboost", library="xgboost", tested=((2, 1), (3, 4)))
DEFAULT_IMPORTANCES = ("weight",)


@dataclass(frozen=True)
class Options(patching.Options):
    """What XGBoost's autologging can be told."""

    importance_types: Sequence[str] = DEFAULT_IMPORTANCES
    model_format: str = "ubj"


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    importance_types: Sequence[str] | None = None,
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    model_format: str = "ubj",
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `xgboost.train`, and every `fit` of XGBoost's estimators, recorded by itself.

    Recorded are params, the metrics of each iteration, an early stop, importances of features, the data's fingerprints
    and the model, in the active run or in one that is started. What goes wrong in recording is a warning, and training
    goes on.

    Args:
        importance_types: Kinds of importance, such as `weight` and `gain`; `weight` by default.
        log_input_examples: Keep the first five rows beside the model.
        log_model_signatures: Describe the columns that the model takes and gives.
        log_models: Keep the model.
        log_datasets: Record which data was used.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of XGBoost that is not tested.
        silent: Warn of nothing.
        registered_model_name: Make each model a new version of this registered model.
        model_format: `ubj`, `json` or `xgb`.
        extra_tags: Tags of the runs that are started.

    Raises:
        InvalidParameterValue: the format is not known.

    Example:
        >>> import assay, numpy, xgboost
        >>> assay.xgboost.autolog()
        >>> data = xgboost.DMatrix(numpy.eye(10), numpy.arange(10.0))
        >>> _ = xgboost.train({"max_depth": 2}, data, 3, evals=[(data, "train")], verbose_eval=False)
        >>> "train-rmse" in assay.last_active_run().data.metrics
        True
        >>> assay.xgboost.autolog(disable=True)
    """
    if model_format not in flavor.FORMATS:
        raise InvalidParameterValue(f"Unknown model_format {model_format!r}. Use one of: {', '.join(flavor.FORMATS)}.")
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        evaluation.unwatch(KIND)
        return
    options = Options(
        importance_types=tuple(DEFAULT_IMPORTANCES if importance_types is None else importance_types),
        log_models=log_models,
        log_datasets=log_datasets,
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        registered_model_name=registered_model_name,
        model_format=model_format,
        extra_tags=extra_tags,
    )
    patching.turn_on(KIND, options)
    evaluation.watch(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch what trains in a module of XGBoost; runs when the module has been imported."""
    with patching.guarded(f"{module.__name__} is not watched"):
        if module.__name__ == KIND.library:
            from assay.autologging.xgboost import training

            patching.check_version(KIND, str(module.__version__))
            patching.patch_training(KIND, module, "train", _observe)
            patching.patch_reading(KIND, module.DMatrix, "__init__", training.read_matrix)
            patching.patch_reading(KIND, module.QuantileDMatrix, "__init__", training.read_matrix)
        elif module.__name__ == "xgboost.sklearn":
            patching.patch_part(KIND, module, "train", _observe_part)
            for value in list(vars(module).values()):
                if isinstance(value, type) and value.__module__ == module.__name__ and hasattr(value, "get_params"):
                    patching.patch_training(KIND, value, "fit", _observe_fit)
                    evaluation.patch_class(KIND, value)


def _observe(call: Call) -> Generator[None, Any, None]:
    from assay.autologging.xgboost.training import Training

    return boosters.observe(Training(call))


def _observe_part(call: Call) -> Generator[None, Any, None]:
    from assay.autologging.xgboost.training import Training

    return boosters.observe(Training(call), is_whole=False)


def _observe_fit(call: Call) -> Generator[None, Any, None]:
    log = partial(flavor.log_model, call.instance, model_format=call.options.model_format)
    return boosters.observe_estimator(call, log)
