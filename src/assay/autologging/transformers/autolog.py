"""`assay.transformers.autolog`: every training by a `Trainer` of Transformers is recorded by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from assay.autologging import imports, patching, records

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call
    from assay.client.run import ActiveRun

KIND = patching.Kind("transformers", library="transformers", tested=((4, 45), (5, 23)))
_TRAINER = "transformers.trainer"
_runs: WeakKeyDictionary[Any, ActiveRun] = WeakKeyDictionary()
"""The run of each trainer's latest training."""


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_input_examples: bool = False,
    log_model_signatures: bool = False,
    log_models: bool = False,
    log_datasets: bool = False,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `Trainer.train` recorded by itself: in the active run, or in one that is started for it.

    Recorded are the training's arguments and the model's configuration as params, what the trainer logs as metrics at
    its steps, and what `evaluate` says afterwards. What the trainer trains with, such as scikit-learn's estimators,
    is not recorded beside it. A trainer that reports to MLflow by its own callback is not recorded twice. Models are
    not kept: log them with `assay.transformers.log_model`.

    Args:
        log_input_examples: Of no effect, as in MLflow.
        log_model_signatures: Of no effect.
        log_models: Of no effect.
        log_datasets: Of no effect.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of Transformers that is not tested.
        silent: Warn of nothing.
        extra_tags: Tags of the runs that are started.
    """
    del log_input_examples, log_model_signatures, log_models, log_datasets
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        return
    options = patching.Options(
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        extra_tags=extra_tags,
    )
    patching.turn_on(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch the trainer when its module has been imported, which `import transformers` alone does not do."""
    with patching.guarded(f"{module.__name__} is not watched"):
        if module.__name__ == KIND.library:
            patching.check_version(KIND, str(module.__version__))
        elif module.__name__ == _TRAINER:
            patching.patch_training(KIND, module.Trainer, "train", observe)
            patching.patch_reading(KIND, module.Trainer, "evaluate", read_evaluation)


def observe(call: Call) -> Generator[None, Any, None]:
    """Record a training by a callback, which the trainer has for as long as it lasts."""
    from assay.autologging.transformers.callback import RecordingCallback, is_recorded_by_itself

    trainer = call.instance
    if is_recorded_by_itself(trainer):
        yield
        return
    _runs[trainer] = records.run_of(call)
    callback = RecordingCallback(call)
    trainer.add_callback(callback)
    try:
        yield
    finally:
        trainer.remove_callback(callback)


def read_evaluation(call: Call, result: Any) -> None:
    """Record what a trainer's `evaluate` says, after a training, in the run of that."""
    from assay.autologging.transformers.callback import record

    run = _runs.get(call.instance)
    if run is not None and isinstance(result, dict):
        record(run.connection.recorder(run.info.run_id), result, step=call.instance.state.global_step)
