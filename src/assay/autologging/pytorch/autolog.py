"""`assay.pytorch.autolog`: every `fit` of a trainer of Lightning is recorded by itself."""

from __future__ import annotations

import importlib
import sys
import weakref
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.autologging import imports, kept, patching, records
from assay.autologging.pytorch import checkpoints, recording, tensorboard
from assay.autologging.pytorch.callbacks import LIBRARIES, callback_class, library_of
from assay.client.api import Client
from assay.client.connection import connect
from assay.core.clock import now_ms
from assay.data.signature import infer_signature
from assay.flavors import pytorch

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call

KIND = patching.Kind("pytorch", library="torch", tested=((2, 5), (2, 14)))
SUMMARY_FILE = "model_summary.txt"
_TRAINERS = tuple(f"{name}.trainer.trainer" for name in LIBRARIES)
_WRITER = "torch.utils.tensorboard.writer"


@dataclass(frozen=True)
class Options(patching.Options):
    """What the autologging of PyTorch can be told beside that."""

    log_every_n_epoch: int | None = 1
    log_every_n_step: int | None = None
    checkpoint: bool = True
    checkpoint_monitor: str = "val_loss"
    checkpoint_mode: str = "min"
    checkpoint_save_best_only: bool = True
    checkpoint_save_weights_only: bool = False
    checkpoint_save_freq: str | int = checkpoints.EPOCH


def autolog(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    log_every_n_epoch: int | None = 1,
    log_every_n_step: int | None = None,
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: Mapping[str, str] | None = None,
    checkpoint: bool = True,
    checkpoint_monitor: str = "val_loss",
    checkpoint_mode: str = "min",
    checkpoint_save_best_only: bool = True,
    checkpoint_save_weights_only: bool = False,
    checkpoint_save_freq: str | int = checkpoints.EPOCH,
    log_model_signatures: bool = True,
) -> None:
    """Have every `fit` of Lightning's `Trainer` recorded by itself: in the active run, or in one started for it.

    Recorded are settings of the training and its optimizer, metrics, the facts of early stopping, checkpoints, the
    model's summary and the trained model; also what `Trainer.test` finds afterwards, and in an active run what is
    written with `torch.utils.tensorboard.SummaryWriter`. Of several processes, the first one records. What goes wrong
    in recording is a warning, and training goes on.

    Args:
        log_every_n_epoch: Record metrics after so many epochs.
        log_every_n_step: Record them also after so many steps.
        log_models: Keep the trained model.
        log_datasets: Of no effect: what loaders of batches read has no fingerprint.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of PyTorch that is not tested.
        silent: Warn of nothing.
        registered_model_name: Make each model a new version of this registered model.
        extra_tags: Tags of the runs that are started.
        checkpoint: Keep checkpoints.
        checkpoint_monitor: The metric that says which one is the best.
        checkpoint_mode: `min` or `max`.
        checkpoint_save_best_only: Keep the best one alone.
        checkpoint_save_weights_only: Keep weights without the optimizer's state.
        checkpoint_save_freq: `epoch`, or a number of steps.
        log_model_signatures: Describe what the model takes and gives.

    Raises:
        InvalidParameterValue: the mode or frequency of checkpoints is not acceptable.
    """
    del log_datasets
    if disable:
        patching.turn_off(KIND)
        for name in _TRAINERS:
            imports.unwatch(name, _patch_trainer)
        imports.unwatch(_WRITER, _patch_writer)
        return
    checkpoints.check_rules(mode=checkpoint_mode, save_freq=checkpoint_save_freq)
    options = Options(
        log_models=log_models,
        log_model_signatures=log_model_signatures,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        registered_model_name=registered_model_name,
        extra_tags=extra_tags,
        log_every_n_epoch=log_every_n_epoch,
        log_every_n_step=log_every_n_step,
        checkpoint=checkpoint,
        checkpoint_monitor=checkpoint_monitor,
        checkpoint_mode=checkpoint_mode,
        checkpoint_save_best_only=checkpoint_save_best_only,
        checkpoint_save_weights_only=checkpoint_save_weights_only,
        checkpoint_save_freq=checkpoint_save_freq,
    )
    patching.turn_on(KIND, options)
    for name in _TRAINERS:
        imports.watch(name, _patch_trainer)
    imports.watch(_WRITER, _patch_writer)


def _patch_trainer(module: ModuleType) -> None:
    """Patch the trainer when Lightning has been imported."""
    with patching.guarded(f"{module.__name__} is not watched"):
        patching.check_version(KIND, str(sys.modules["torch"].__version__))
        patching.patch_training(KIND, module.Trainer, "fit", observe, applies=_is_recorded)
        patching.patch_reading(KIND, module.Trainer, "test", read_test)


def _patch_writer(module: ModuleType) -> None:
    with patching.guarded(f"{module.__name__} is not watched"):
        patching.patch_reading(KIND, module.SummaryWriter, "add_scalar", tensorboard.read_scalar)
        patching.patch_reading(KIND, module.SummaryWriter, "add_hparams", tensorboard.read_hyperparameters)


class _Fit(NamedTuple):
    """A training that was recorded: its run, where that is, and its model."""

    run_id: str
    uri: str
    model_id: str | None


_fits: weakref.WeakKeyDictionary[Any, _Fit] = weakref.WeakKeyDictionary()


def _is_recorded(args: tuple[Any, ...]) -> bool:
    """Whether a trainer is the one of several processes that records; the others compute with it what it reads."""
    trainer = args[0]
    if trainer.is_global_zero:
        return True
    options = patching.options_of(KIND)
    with patching.guarded("Metrics that all processes compute together may be missing", silent=options.silent):
        _attach(trainer, _callbacks(options, None, "", model_id=None, library=library_of(trainer)))
    return False


def observe(call: Call) -> Generator[None, Any, None]:
    """Record a training: by callbacks while it goes on, and then what came of it."""
    run, trainer = records.run_of(call), call.instance
    uri = run.connection.transport.uri
    model_id, logged = kept.begin_model(call, {}), None
    attached: list[Any] = []
    try:
        attached += _callbacks(call.options, run.info.run_id, uri, model_id=model_id, library=library_of(trainer))
        _attach(trainer, attached)
        yield
        _fits[trainer] = _Fit(run.info.run_id, uri, model_id)
        with call.attempt("Early stopping is not logged"):
            records.log_metrics(call, recording.stopping_metrics(trainer), model_id=model_id, dataset=None)
        with call.attempt(f"{SUMMARY_FILE} is not logged"):
            Client(uri).log_text(run.info.run_id, _summary(trainer), SUMMARY_FILE)
        logged = _log_model(call, attached[0].sample, model_id)
    finally:
        trainer.callbacks[:] = [one for one in trainer.callbacks if one not in attached]
        if model_id is not None and logged is None:
            kept.abandon_model(call, model_id)


def _callbacks(options: Any, run_id: str | None, uri: str, *, model_id: str | None, library: str) -> list[Any]:
    found = [
        callback_class(recording.Recording, library)(
            run_id,
            uri,
            model_id=model_id,
            every_epoch=options.log_every_n_epoch,
            every_step=options.log_every_n_step,
            silent=options.silent,
        )
    ]
    if options.checkpoint:
        made = callback_class(checkpoints.Checkpoints, library)(
            options.checkpoint_monitor,
            options.checkpoint_mode,
            options.checkpoint_save_best_only,
            options.checkpoint_save_weights_only,
            options.checkpoint_save_freq,
        )
        found.append(made.of_run(run_id, uri, silent=options.silent))
    return found


def _attach(trainer: Any, attached: list[Any]) -> None:
    """Have a trainer call these callbacks beside the user's; one for checkpoints only where the user gave none."""
    own = any(isinstance(one, checkpoints.Checkpoints) for one in trainer.callbacks)
    trainer.callbacks += [one for one in attached if not (own and isinstance(one, checkpoints.Checkpoints))]


def _summary(trainer: Any) -> str:
    utilities = importlib.import_module(f"{library_of(trainer)}.utilities.model_summary")
    return str(utilities.ModelSummary(trainer.lightning_module, max_depth=-1))


def _log_model(call: Call, sample: Any, model_id: str | None) -> str | None:
    model = call.instance.lightning_module
    return kept.log_model(
        call,
        partial(pytorch.log_model, model, serialization_format=pytorch.PICKLE, model_id=model_id),
        lambda: sample.numpy() if hasattr(sample, "numpy") else None,
        lambda rows: infer_signature(rows, pytorch.predict(model, rows)),
    )


def read_test(call: Call, _: Any) -> None:
    """Record what a trainer found of its model with data for tests, in the run of its training."""
    fit = _fits.get(call.instance)
    if fit is None:
        return
    recorder = connect(fit.uri).recorder(fit.run_id)
    moment = now_ms()
    origin = {"model_id": fit.model_id} if fit.model_id else {}
    found = call.instance.callback_metrics.items()
    recorder.metrics([(name, float(value), 0, moment) for name, value in found], **origin)
    recorder.tag("Mode", "testing")
