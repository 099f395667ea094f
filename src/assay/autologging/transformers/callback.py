"""The callback of Transformers that records a training as it goes."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

from assay.autologging import patching, records
from assay.client.fluent import runs
from assay.core.clock import now_ms
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.autologging.patching import Call
    from assay.client.recorder import Recorder

_library: Any = require("transformers", extra="transformers")
_OTHER_CHARACTERS = re.compile(r"[^0-9A-Za-z_\-. :/]")


class RecordingCallback(_library.TrainerCallback):  # type: ignore[misc]  # the library is not there where types are checked
    """Records a training in a run: its arguments and the model's configuration as params, what it logs as metrics."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._recorder = records.run_of(call).recorder

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **_: Any) -> None:
        """Record the params; those of the training come before those of the model."""
        del control
        if state.is_world_process_zero:
            with self._call.attempt("The params of the training are not logged"):
                config = getattr(model, "config", None)
                records.log_params(self._call, {**(config.to_dict() if config else {}), **args.to_dict()})

    def on_log(self, args: Any, state: Any, control: Any, logs: Mapping[str, Any] | None = None, **_: Any) -> None:
        """Record the numbers that the trainer tells, at the number of its step."""
        del args, control
        if state.is_world_process_zero and logs:
            with patching.guarded("Metrics are not logged", silent=self._call.options.silent):
                record(self._recorder, logs, step=state.global_step)


def record(recorder: Recorder, logs: Mapping[str, Any], *, step: int) -> None:
    """Record the numbers among what a trainer tells; characters that metrics cannot have become underscores."""
    moment = now_ms()
    numbers = {name: value.item() if hasattr(value, "item") else value for name, value in logs.items()}
    recorder.metrics(
        [
            (_OTHER_CHARACTERS.sub("_", name), value, step, moment)
            for name, value in numbers.items()
            if isinstance(value, int | float)
        ]
    )


def is_recorded_by_itself(trainer: Any) -> bool:
    """Whether the library's own callback for MLflow reports a training to Assay, under MLflow's name."""
    from transformers.integrations import MLflowCallback

    mlflow = sys.modules.get("mlflow")
    is_assay = mlflow is not None and getattr(mlflow, "start_run", None) is runs.start_run
    return is_assay and any(isinstance(one, MLflowCallback) for one in trainer.callback_handler.callbacks)
