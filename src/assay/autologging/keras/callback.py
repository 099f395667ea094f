"""The callback of Keras that records a training as it goes: the optimizer, the model's summary, and metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.autologging import patching
from assay.autologging.keras.training import check_frequency
from assay.client.api import Client
from assay.client.fluent import runs
from assay.core.clock import now_ms
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.client.run import ActiveRun

_callbacks: Any = require("keras.callbacks", extra="keras")
SUMMARY_FILE = "model_summary.txt"


class MlflowCallback(_callbacks.Callback):  # type: ignore[misc]  # Keras is not there where types are checked
    """Records a training in the active run, or in a new one: give it to `fit` in `callbacks`.

    Metrics are recorded at the end of each epoch, at the step of its number from zero, or, with `log_every_epoch=False`
    and `log_every_n_steps`, after every so many updates of the weights, at the step of their number. `model_id` names
    the logged model that they are of. What goes wrong in recording is a warning, and training goes on.

    Raises:
        InvalidParameterValue: not exactly one of the two frequencies is given.
    """

    def __init__(
        self,
        log_every_epoch: bool = True,
        log_every_n_steps: int | None = None,
        model_id: str | None = None,
        *,
        silent: bool = False,
    ) -> None:
        check_frequency(every_epoch=log_every_epoch, every_n_steps=log_every_n_steps)
        super().__init__()
        self.log_every_epoch = log_every_epoch
        self.log_every_n_steps = log_every_n_steps
        self.model_id = model_id
        self._silent = silent
        self._run: ActiveRun | None = None
        self._epoch = 0
        self._updates = 0
        if log_every_n_steps is not None:  # Keras waits for the numbers of each batch only where a callback takes them
            self.on_train_batch_end = self._after_batch

    def on_train_begin(self, logs: Mapping[str, float] | None = None) -> None:
        """Record the optimizer's settings and the model's summary."""
        del logs
        with patching.guarded("The training is not logged", silent=self._silent):
            self._run = runs.active_run() or runs.start_run()
            with patching.guarded("The optimizer is not logged", silent=self._silent):
                config = self.model.optimizer.get_config()
                self._run.recorder.params({f"optimizer_{name}": value for name, value in config.items()})
            with patching.guarded("The model's summary is not logged", silent=self._silent):
                lines: list[str] = []
                self.model.summary(print_fn=lambda line, *_, **__: lines.append(line))
                client = Client(self._run.connection.transport.uri)
                client.log_text(self._run.info.run_id, "\n".join(lines), SUMMARY_FILE)

    def on_epoch_begin(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Note where the epoch begins."""
        del logs
        self._epoch = epoch
        if self.log_every_n_steps is not None:
            with patching.guarded("The number of updates is not known", silent=self._silent):
                self._updates = int(self.model.optimizer.iterations)

    def on_epoch_end(self, epoch: int, logs: Mapping[str, float] | None = None) -> None:
        """Record the metrics of an epoch."""
        if self.log_every_epoch and logs:
            self._record(logs, step=epoch)

    def on_test_end(self, logs: Mapping[str, float] | None = None) -> None:
        """Record the metrics of a validation, named `validation_...`."""
        if logs:
            self._record({f"validation_{name}": value for name, value in logs.items()}, step=self._epoch)

    def _after_batch(self, batch: int, logs: Mapping[str, float] | None = None) -> None:
        updates = self._updates + batch + 1
        if logs and self.log_every_n_steps and updates % self.log_every_n_steps == 0:
            self._record(logs, step=updates)

    def _record(self, values: Mapping[str, float], *, step: int) -> None:
        with patching.guarded("Metrics are not logged", silent=self._silent):
            run = self._run or runs.active_run()
            if run is not None:
                moment = now_ms()
                origin = {"model_id": self.model_id} if self.model_id else {}
                run.recorder.metrics([(name, value, step, moment) for name, value in values.items()], **origin)


MLflowCallback = MlflowCallback
"""MLflow's older spelling."""
