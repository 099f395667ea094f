"""The callback that records a training with Lightning: settings, and metrics of epochs and steps."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from assay.autologging.pytorch.callbacks import Attached, hook
from assay.core.clock import now_ms
from assay.core.errors import InvalidParameterValue
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Mapping

_log = logger("autologging")
SAMPLE_ROWS = 5
_STOPPING = ("monitor", "mode", "patience", "min_delta", "stopped_epoch")


class Recording(Attached):
    """Records a training while it goes on, for `model_id` where there is one."""

    def __init__(
        self,
        run_id: str | None,
        uri: str,
        *,
        model_id: str | None,
        every_epoch: int | None,
        every_step: int | None,
        silent: bool,
    ) -> None:
        super().__init__(run_id, uri, silent=silent)
        self.model_id = model_id
        self.every_epoch = every_epoch
        self.every_step = every_step
        self.sample: Any = None
        """The first rows of the first batch, in the process that called `fit`."""
        self._steps: set[str] = set()
        self._last_step = 0

    @hook("The settings of the training are not logged")
    def on_train_start(self, trainer: Any, *_: Any) -> None:
        """Record the settings of the training."""
        if trainer.is_global_zero:
            self.recorder.tag("Mode", "training")
            self._log_params(settings_of(trainer))

    @hook("The model is logged without a signature")
    def on_train_batch_start(self, _: Any, __: Any, batch: Any, *___: Any) -> None:
        """Keep a few rows, to know what the model takes."""
        if self.sample is None and os.getpid() == self.process:
            first = batch[0] if isinstance(batch, list | tuple) and batch else batch
            self.sample = first[:SAMPLE_ROWS].detach().cpu().clone() if hasattr(first, "detach") else False

    @hook("Metrics are not logged any more")
    def on_train_batch_end(self, trainer: Any, *_: Any) -> None:
        """Record the metrics of a step."""
        if self.every_step is None:
            return
        step = trainer.global_step
        if step == self._last_step or (step - 1) % self.every_step:
            return
        self._last_step = step
        found = trainer._results.metrics(on_step=True)["log"]  # noqa: SLF001 -- public are those of whole epochs
        self._steps.update(found)
        self._log(trainer, found, step=step)

    @hook("Metrics are not logged any more")
    def on_train_epoch_end(self, trainer: Any, *_: Any) -> None:
        """Record the metrics of an epoch, but those that are recorded by step."""
        if not self.every_epoch or (trainer.current_epoch + 1) % self.every_epoch:
            return
        found = {name: value for name, value in trainer.callback_metrics.items() if name not in self._steps}
        self._log(trainer, found, step=trainer.current_epoch)

    def _log_params(self, settings: Mapping[str, Any]) -> None:
        kept = []
        for name, value in settings.items():
            try:
                self.recorder.param(name, value)
            except InvalidParameterValue:
                kept.append(name)
        if kept and not self.silent:
            _log.warning("Params of run %s stay as an earlier training set them: %s.", self.run_id, ", ".join(kept))

    def _log(self, trainer: Any, values: Mapping[str, Any], *, step: int) -> None:
        if trainer.is_global_zero:
            moment = now_ms()
            origin = {"model_id": self.model_id} if self.model_id else {}
            self.recorder.metrics([(name, float(value), step, moment) for name, value in values.items()], **origin)


def settings_of(trainer: Any) -> dict[str, Any]:
    """What a training is told: its epochs, its first optimizer, and when it stops early."""
    found = stopping_of(trainer)
    settings = {name: getattr(found, name) for name in _STOPPING} if found is not None else {}
    settings["epochs"] = trainer.max_epochs
    if trainer.optimizers:
        optimizer = getattr(trainer.optimizers[0], "_optimizer", trainer.optimizers[0])
        settings |= {"optimizer_name": type(optimizer).__name__, **optimizer.defaults}
    return settings


def stopping_of(trainer: Any) -> Any:
    """The callback that stops a training early, None where there is none."""
    return trainer.early_stopping_callback


def stopping_metrics(trainer: Any) -> dict[str, float]:
    """When a training was stopped, and how good it had been; empty where it was not."""
    found = stopping_of(trainer)
    if found is None or not found.stopped_epoch:
        return {}
    return {
        "stopped_epoch": found.stopped_epoch,
        "restored_epoch": found.stopped_epoch - max(1, found.patience),
        "best_score": float(found.best_score),
        "wait_count": found.wait_count,
    }
