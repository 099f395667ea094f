"""What a training writes for TensorBoard, recorded as metrics and params of the active run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client.fluent import runs
from assay.core.clock import now_ms

if TYPE_CHECKING:
    from assay.autologging.patching import Call


def read_scalar(call: Call, _: Any) -> None:
    """Record a number that was written with `SummaryWriter.add_scalar`; without a run, nothing."""
    run = runs.active_run()
    given = call.arguments
    step = int(given.get("global_step") or 0)
    if run is None or step % (call.options.log_every_n_step or 1):
        return
    run.recorder.metric(given["tag"], float(given["scalar_value"]), step, now_ms())


def read_hyperparameters(call: Call, _: Any) -> None:
    """Record what was written with `SummaryWriter.add_hparams`: params, and the metrics that they led to."""
    run = runs.active_run()
    if run is None:
        return
    run.recorder.params(call.arguments["hparam_dict"])
    moment = now_ms()
    step = int(call.arguments.get("global_step") or 0)
    found = call.arguments["metric_dict"].items()
    run.recorder.metrics([(name, float(value), step, moment) for name, value in found])
