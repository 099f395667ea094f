"""`assay.keras.autolog`: every `fit` of a Keras model is recorded by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.autologging import imports, kept, patching, records
from assay.autologging.keras import training
from assay.core.errors import NotSupported
from assay.flavors import keras

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call

KIND = patching.Kind("keras", library="keras", tested=((3, 7), (3, 15)))
_NOT_PARAMS = frozenset({"self", "x", "y", "callbacks", "validation_data", "verbose"})


@dataclass(frozen=True)
class Options(patching.Options):
    """What the autologging of Keras can be told beside that."""

    log_every_epoch: bool = True
    log_every_n_steps: int | None = None
    save_model_kwargs: dict[str, Any] | None = None


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_every_epoch: bool = True,
    log_every_n_steps: int | None = None,
    log_models: bool = True,
    log_model_signatures: bool = True,
    save_exported_model: bool = False,
    log_datasets: bool = True,
    log_input_examples: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    save_model_kwargs: dict[str, Any] | None = None,
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `fit` of a Keras model recorded by itself: in the active run, or in one that is started for it.

    Recorded are the arguments of `fit` and the optimizer's settings, metrics of each epoch, the facts of early
    stopping, the model's summary, the data's fingerprint and the trained model. What goes wrong in recording is a
    warning, and training goes on.

    Args:
        log_every_epoch: Record metrics at the end of each epoch.
        log_every_n_steps: Record them after so many updates of the weights; needs `log_every_epoch=False`.
        log_models: Keep the trained model.
        log_model_signatures: Describe what the model takes and gives.
        save_exported_model: Not supported: TensorFlow's graphs are.
        log_datasets: Record which data was used.
        log_input_examples: Keep the first five rows beside the model.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of Keras that is not tested.
        silent: Warn of nothing.
        registered_model_name: Make each model a new version of this registered model.
        save_model_kwargs: Arguments for the model's own `save`.
        extra_tags: Tags of the runs that are started.

    Raises:
        InvalidParameterValue: not exactly one of the two frequencies is given.
        NotSupported: `save_exported_model` is set.
    """
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        return
    training.check_frequency(every_epoch=log_every_epoch, every_n_steps=log_every_n_steps)
    if save_exported_model:
        raise NotSupported("save_exported_model needs TensorFlow, which Assay does not use. Leave it out.")
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
        log_every_epoch=log_every_epoch,
        log_every_n_steps=log_every_n_steps,
        save_model_kwargs=save_model_kwargs,
    )
    patching.turn_on(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch `fit` when Keras has been imported, in the class that defines it: a backend's trainer."""
    if module.__name__ != KIND.library:
        return
    with patching.guarded("Keras is not watched"):
        patching.check_version(KIND, str(module.__version__))
        owner = next(kind for kind in module.Model.__mro__ if "fit" in vars(kind))
        patching.patch_training(KIND, owner, "fit", observe)


def observe(call: Call) -> Generator[None, Any, None]:
    """Record a training: its params and data before it, metrics by a callback, and then its model."""
    from assay.autologging.keras.callback import MlflowCallback

    records.log_params(call, _params(call))
    model_id = kept.begin_model(call, {})
    ready, undo = False, None
    try:
        undo = training.add_callback(call, MlflowCallback, model_id=model_id)
        training.log_data(call)
        yield
        with call.attempt("Early stopping is not logged"):
            training.log_early_stopping(call, model_id=model_id)
        if model_id is not None:
            with call.attempt(f"The model {type(call.instance).__name__} is not logged"):
                _log_model(call, model_id)
                ready = True
    finally:
        if undo is not None:
            undo()
        if model_id is not None and not ready:
            kept.abandon_model(call, model_id)


def _params(call: Call) -> dict[str, Any]:
    """The arguments of `fit`, those left out with their defaults, and the facts of early stopping."""
    found = {name: value for name, value in records.with_defaults(call).items() if name not in _NOT_PARAMS}
    if found.get("batch_size") is None:
        found["batch_size"] = training.batch_size(call.arguments.get("x"))
    for name in ("class_weight", "sample_weight"):  # data, of any length
        if hasattr(found.get(name), "__array__"):
            del found[name]
    return found | training.early_stopping_params(call)


def _log_model(call: Call, model_id: str) -> None:
    rows = training.sample(call)
    signature: Any = False
    if call.options.log_model_signatures:
        with call.attempt("The model is logged without a signature"):
            signature = training.signature(call.instance, rows)
    keras.log_model(
        call.instance,
        name=kept.NAME,
        signature=signature,
        input_example=rows if call.options.log_input_examples else None,
        registered_model_name=call.options.registered_model_name,
        save_model_kwargs=call.options.save_model_kwargs,
        model_id=model_id,
    )
