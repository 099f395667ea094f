"""Checkpoints of a training with Lightning, kept as artifacts of its run, and the way back from them.

Names are MLflow's: `checkpoints/latest_checkpoint.pth`, or `checkpoints/epoch_<n>/checkpoint.pth` and
`checkpoints/global_step_<n>/checkpoint.pth`, with `.weights.pth` for weights alone; the metrics stand beside, as JSON.
"""

from __future__ import annotations

import inspect
import json
import pickle
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.autologging.pytorch.callbacks import Attached, callback_class, hook, library_at_hand
from assay.client.api import Client
from assay.client.fluent import runs
from assay.client.tracking import get_tracking_uri
from assay.core.errors import DataLoss, InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.core.log import logger
from assay.flavors import pickles

if TYPE_CHECKING:
    from collections.abc import Mapping

LATEST_TAG = "mlflow.latest_checkpoint_artifact"
DIRECTORY = "checkpoints"
EPOCH = "epoch"
MODES = ("min", "max")
_log = logger("autologging")


def check_rules(*, mode: str, save_freq: str | int) -> None:
    """Refuse what does not say when to keep a checkpoint.

    Raises:
        InvalidParameterValue: a value is none of those that are known.
    """
    if mode not in MODES:
        raise InvalidParameterValue(f"Unknown mode {mode!r} of checkpoints. Use min or max.")
    if save_freq != EPOCH and not (isinstance(save_freq, int) and save_freq > 0):
        raise InvalidParameterValue(
            f"Unknown frequency {save_freq!r} of checkpoints. Use 'epoch' or a number of steps."
        )


class Checkpoints(Attached):
    """Keeps checkpoints: the best so far, or one for each epoch or so many steps."""

    def __init__(
        self,
        monitor: str = "val_loss",
        mode: str = "min",
        save_best_only: bool = True,
        save_weights_only: bool = False,
        save_freq: str | int = EPOCH,
    ) -> None:
        check_rules(mode=mode, save_freq=save_freq)
        super().__init__(None, "", silent=False)
        self.monitor = monitor
        self.mode = mode
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.save_freq = save_freq
        self.best: float | None = None
        self._is_told = False

    def of_run(self, run_id: str | None, uri: str, *, silent: bool) -> Checkpoints:
        """The same, for a run that is known already."""
        self.run_id, self.uri, self.silent = run_id, uri, silent
        return self

    @hook("Checkpoints are not kept")
    def on_fit_start(self, trainer: Any, *_: Any) -> None:
        """Find the run that the checkpoints are of: the active one."""
        if self.run_id is not None or not trainer.is_global_zero:
            return
        run = runs.active_run()
        if run is None:
            raise InvalidParameterValue("Checkpoints are kept in a run. Start one around fit, or turn autolog() on.")
        self.run_id, self.uri = run.info.run_id, get_tracking_uri()

    @hook("Checkpoints are not kept any more")
    def on_train_batch_end(self, trainer: Any, *_: Any) -> None:
        """Keep a checkpoint after so many steps."""
        if self.save_freq != EPOCH and not trainer.global_step % int(self.save_freq):
            self._consider(trainer)

    @hook("Checkpoints are not kept any more")
    def on_train_epoch_end(self, trainer: Any, *_: Any) -> None:
        """Keep a checkpoint after an epoch."""
        if self.save_freq == EPOCH:
            self._consider(trainer)

    def _consider(self, trainer: Any) -> None:
        found = {name: float(value) for name, value in trainer.callback_metrics.items()}
        if trainer.strategy.broadcast(self._is_due(found)):  # which all processes do, or none
            self._keep(trainer, found)

    def _is_due(self, metrics: Mapping[str, float]) -> bool:
        if not self.save_best_only:
            return True
        value = metrics.get(self.monitor)
        if value is None:
            if not (self.silent or self._is_told):
                _log.warning(
                    "No checkpoint is kept, as the training does not log %r. It logs: %s. Name one of these as the "
                    "metric to monitor, or turn checkpoints off.",
                    self.monitor,
                    ", ".join(sorted(metrics)) or "nothing",
                )
            self._is_told = True
            return False
        if self.best is not None and not (value < self.best if self.mode == "min" else value > self.best):
            return False
        self.best = value
        return True

    def _keep(self, trainer: Any, metrics: Mapping[str, float]) -> None:
        directory, name = self._place(trainer)
        file = name + (".weights.pth" if self.save_weights_only else ".pth")
        own = tempfile.mkdtemp(prefix="assay-checkpoint-") if trainer.is_global_zero else None
        scratch = Path(trainer.strategy.broadcast(own))
        try:
            trainer.save_checkpoint(scratch / file, weights_only=self.save_weights_only)
            if trainer.is_global_zero:
                content = {**metrics, "epoch": trainer.current_epoch, "global_step": trainer.global_step}
                (scratch / f"{name}_metrics.json").write_text(json.dumps(content, indent=2), encoding="utf-8")
                Client(self.uri).log_artifacts(str(self.run_id), str(scratch), directory)
                self.recorder.tag(LATEST_TAG, f"{directory}/{file}")
        finally:
            if trainer.is_global_zero:
                shutil.rmtree(scratch, ignore_errors=True)

    def _place(self, trainer: Any) -> tuple[str, str]:
        if self.save_best_only:
            return DIRECTORY, "latest_checkpoint"
        if self.save_freq == EPOCH:
            return f"{DIRECTORY}/epoch_{trainer.current_epoch}", "checkpoint"
        return f"{DIRECTORY}/global_step_{trainer.global_step}", "checkpoint"


def __getattr__(name: str) -> Any:
    """`MlflowModelCheckpointCallback`: `Checkpoints` as a callback of the Lightning that is at hand."""
    if name == "MlflowModelCheckpointCallback":
        return callback_class(Checkpoints, library_at_hand())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_checkpoint(
    model_class: Any,
    run_id: str | None = None,
    epoch: int | None = None,
    global_step: int | None = None,
    kwargs: Mapping[str, Any] | None = None,
) -> Any:
    """A LightningModule as a checkpoint of a run, of the active one by default, has it.

    Without `epoch` and `global_step` it is the latest one. `kwargs` go to `model_class.load_from_checkpoint`.

    Raises:
        InvalidParameterValue: both are given, or there is no run.
        ResourceDoesNotExist: the run has no such checkpoint.
        ConfigurationError: it holds more than tensors and plain values, and the settings do not allow to load pickles.
        DataLoss: the file is damaged.
    """
    if epoch is not None and global_step is not None:
        raise InvalidParameterValue("Give epoch or global_step, not both.")
    if run_id is None:
        run = runs.active_run()
        if run is None:
            raise InvalidParameterValue("Give the run_id of the training, or start its run again.")
        run_id = run.info.run_id
    client = Client()
    path = _path(client, run_id, epoch=epoch, global_step=global_step)
    with tempfile.TemporaryDirectory(prefix="assay-checkpoint-") as scratch:
        file = Path(client.download_artifacts(run_id, path, scratch))
        _check(file, f"runs:/{run_id}/{path}")
        known = inspect.signature(model_class.load_from_checkpoint).parameters
        more = {"weights_only": False} if "weights_only" in known else {}
        return model_class.load_from_checkpoint(file, **{**more, **(kwargs or {})})


def _path(client: Client, run_id: str, *, epoch: int | None, global_step: int | None) -> str:
    if epoch is None and global_step is None:
        found = client.get_run(run_id).data.tags.get(LATEST_TAG)
        if found is None:
            raise ResourceDoesNotExist(f"The run {run_id} has no checkpoint.")
        return found
    place = f"{DIRECTORY}/epoch_{epoch}" if epoch is not None else f"{DIRECTORY}/global_step_{global_step}"
    files = [file.path for file in client.list_artifacts(run_id, place) if file.path.endswith(".pth")]
    if not files:
        raise ResourceDoesNotExist(f"The run {run_id} has no checkpoint at {place!r}.")
    return files[0]


def _check(file: Path, uri: str) -> None:
    """Have PyTorch read a checkpoint by its restricted reader; what that refuses is loaded as pickles are, by rule."""
    torch = require("torch", extra="pytorch")
    try:
        torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        pickles.check_allowed(uri)
    except (RuntimeError, EOFError) as error:
        raise DataLoss(f"The checkpoint {uri!r} is damaged: {error}") from error
