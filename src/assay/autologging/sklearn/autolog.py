"""scikit-learn's autologging: every `fit` records params, metrics, pictures, data and the model by itself."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assay.autologging import artist, imports, patching, records
from assay.autologging.sklearn import evaluation, models, plots, search, training
from assay.client.api import Client
from assay.core.errors import InvalidParameterValue
from assay.flavors.pickles import CLOUDPICKLE, PICKLE

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call
    from assay.autologging.sklearn.training import Data

KIND = patching.Kind("sklearn", library="sklearn", tested=((1, 4), (1, 9)))
TRAININGS = ("fit", "fit_transform", "fit_predict")
PREPARATIONS = (
    "sklearn.preprocessing",
    "sklearn.impute",
    "sklearn.feature_extraction",
    "sklearn.feature_selection",
    "sklearn.compose._column_transformer",
)
"""Modules whose estimators prepare data; fitting one alone is no training."""

_PAGE = '<!DOCTYPE html>\n<html lang="en"><head><meta charset="UTF-8"></head><body>{body}</body></html>\n'


@dataclass(frozen=True)
class Options(patching.Options):
    """What scikit-learn's autologging can be told."""

    max_tuning_runs: int | None = 5
    log_post_training_metrics: bool = True
    serialization_format: str = CLOUDPICKLE
    pos_label: Any = None


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_input_examples: bool = False,
    log_model_signatures: bool = True,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    max_tuning_runs: int | None = 5,
    log_post_training_metrics: bool = True,
    serialization_format: str = CLOUDPICKLE,
    registered_model_name: str | None = None,
    pos_label: Any = None,
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `fit` of scikit-learn recorded by itself: in the active run, or in one that is started for it.

    Recorded are params, metrics on the training data, pictures, the data's fingerprint and the fitted model. What goes
    wrong in recording is a warning, and training goes on.

    Args:
        log_input_examples: Keep the first five rows beside the model.
        log_model_signatures: Describe the columns that the model takes and gives.
        log_models: Keep the fitted model.
        log_datasets: Record which data was used.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of scikit-learn that is not tested.
        silent: Warn of nothing.
        max_tuning_runs: How many candidates of a search get runs of their own, the best first; None for all.
        log_post_training_metrics: Record the results of `score` and `sklearn.metrics` on what a fitted model predicted.
        serialization_format: `cloudpickle` or `pickle`.
        registered_model_name: Make each model a new version of this registered model.
        pos_label: The positive class, where precision, recall and F1 are to be about one class.
        extra_tags: Tags of the runs that are started.

    Raises:
        InvalidParameterValue: `max_tuning_runs` or the format is not acceptable.

    Example:
        >>> import assay
        >>> from sklearn.linear_model import LinearRegression
        >>> assay.sklearn.autolog()
        >>> _ = LinearRegression().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0])
        >>> assay.last_active_run().data.metrics["training_r2_score"]
        1.0
    """
    if max_tuning_runs is not None and max_tuning_runs < 0:
        raise InvalidParameterValue(f"max_tuning_runs is {max_tuning_runs}: give None, 0 or a positive number.")
    if serialization_format not in (CLOUDPICKLE, PICKLE):
        raise InvalidParameterValue(
            f"Unknown serialization_format {serialization_format!r}: use cloudpickle or pickle."
        )
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        evaluation.unwatch(KIND)
        return
    options = Options(
        log_models=log_models,
        log_datasets=log_datasets,
        log_input_examples=log_input_examples,
        log_model_signatures=log_model_signatures,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        registered_model_name=registered_model_name,
        extra_tags=extra_tags,
        max_tuning_runs=max_tuning_runs,
        log_post_training_metrics=log_post_training_metrics,
        serialization_format=serialization_format,
        pos_label=pos_label,
    )
    patching.turn_on(KIND, options)
    evaluation.watch(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch the estimators that a module of scikit-learn defines; runs when the module has been imported."""
    with patching.guarded(f"{module.__name__} is not watched"):
        if module.__name__ == KIND.library:
            patching.check_version(KIND, str(module.__version__))
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__ and _is_watched(value):
                _patch_class(value)


def _is_watched(owner: type) -> bool:
    """Estimators, and what gives them methods; but not what prepares data."""
    if owner.__module__.startswith(PREPARATIONS):
        return False
    return owner.__name__.endswith("Mixin") or _is_estimator(owner)


def _patch_class(owner: type) -> None:
    for name in TRAININGS:
        patching.patch_training(KIND, owner, name, observe, applies=_is_recorded)
    evaluation.patch_class(KIND, owner)


def _is_recorded(args: tuple[Any, ...]) -> bool:
    """Whether an object is one of the library's estimators, or derived from one, and no preparation of data."""
    kinds = type(args[0]).__mro__ if args else ()
    own = next((kind for kind in kinds if _is_estimator(kind) and _of_library(kind)), None)
    return own is not None and _is_watched(own)


def _is_estimator(kind: type) -> bool:
    return hasattr(kind, "get_params") and kind.__module__ != "sklearn.base"


def _of_library(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == KIND.library


def observe(call: Call) -> Generator[None, Any, None]:
    """Record a training: what is known before it, then what came of it."""
    estimator, run = call.instance, records.run_of(call)
    is_search = search.is_search(estimator)
    records.log_params(call, estimator.get_params(deep=not is_search))
    run.recorder.tags(models.tags_of(estimator))
    yield
    data = training.Data.of(call)
    dataset = records.log_dataset(call, data.dataset)
    metrics: dict[str, float] = {}
    if is_search:
        with call.attempt("What the search found is not logged"):
            metrics |= search.log_search(call, estimator, data, dataset)
    model_id = models.log_model(call, estimator, data, name="model")
    metrics |= training.metrics(call, estimator, data)
    records.log_metrics(call, metrics, model_id=model_id, dataset=dataset)
    if call.options.log_post_training_metrics:
        evaluation.remember(call, estimator, model_id=model_id)
    _log_files(call, estimator, data)


def _log_files(call: Call, estimator: Any, data: Data) -> None:
    from sklearn.base import is_classifier  # type: ignore[import-untyped]
    from sklearn.utils import estimator_html_repr  # type: ignore[import-untyped]

    run = records.run_of(call)
    client = Client(run.connection.transport.uri)
    with call.attempt("estimator.html is not logged"):
        client.log_text(run.info.run_id, _PAGE.format(body=estimator_html_repr(estimator)), "estimator.html")
    if data.labels is None or not is_classifier(estimator) or find_spec("matplotlib") is None:
        return
    with call.attempt("Pictures of the classifier are not logged"):
        artist.draw(run.connection.transport.uri, run.info.run_id, plots.pictures(estimator, data))
