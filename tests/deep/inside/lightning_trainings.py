"""Trainings with Lightning, and what a tracker recorded of them: run with `assay` here, and with `mlflow` beside."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import torch


def lines(lightning):
    """A module that learns a line, for either name of Lightning."""

    class Line(lightning.LightningModule):
        def __init__(self, rate=0.1):
            super().__init__()
            self.rate = rate
            self.layer = torch.nn.Linear(2, 1)

        def forward(self, x):
            return self.layer(x)

        def loss(self, batch):
            return torch.nn.functional.mse_loss(self(batch[0]), batch[1])

        def training_step(self, batch, _):
            loss = self.loss(batch)
            self.log("train_loss", loss, on_step=True, on_epoch=True)
            self.log("of_step", loss)
            self.log("of_epoch", loss, on_step=False, on_epoch=True)
            return loss

        def validation_step(self, batch, _):
            self.log("val_loss", self.loss(batch))

        def test_step(self, batch, _):  # noqa: PT019 -- Lightning's name
            self.log("test_loss", self.loss(batch))

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), lr=self.rate)

    return Line


def loaders():
    """Batches to train on, and batches to validate with."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(32, 2, generator=generator)
    y = x @ torch.tensor([[1.0], [-2.0]]) + 0.5
    parts = [torch.utils.data.TensorDataset(*part) for part in ((x[:24], y[:24]), (x[24:], y[24:]))]
    return [torch.utils.data.DataLoader(part, batch_size=8) for part in parts]


def quiet_trainer(lightning, **options):
    """A trainer that writes nothing by itself."""
    off = dict.fromkeys(("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary"), False)
    return lightning.Trainer(**{**off, "accelerator": "cpu", "max_epochs": 2, **options})


BARE = {"log_models": False, "checkpoint": False}
STOPPING = {"monitor": "val_loss", "patience": 2, "mode": "max"}
TRAININGS = {
    "plain": {"trainer": {"max_epochs": 3}, "test": True},
    "no validation": {"validate": False},
    "steps": {"options": {**BARE, "log_every_n_step": 2}},
    "each step": {"options": {**BARE, "log_every_n_step": 1}},
    "second epochs": {"options": {**BARE, "log_every_n_epoch": 2}, "trainer": {"max_epochs": 4}},
    "stopped": {"options": BARE, "trainer": {"max_epochs": 9}, "stopping": STOPPING},
    "not stopped": {"options": BARE, "stopping": {**STOPPING, "mode": "min"}},
    "max steps": {"options": BARE, "trainer": {"max_epochs": -1, "max_steps": 4}},
    "all epochs": {"options": {"log_models": False, "checkpoint_save_best_only": False}},
    "all weights": {
        "options": {
            "log_models": False,
            "checkpoint_save_best_only": False,
            "checkpoint_save_weights_only": True,
            "checkpoint_save_freq": 2,
        }
    },
}


def train(tracker, lightning, case):
    """Run one of the trainings; the id of its run."""
    tracker.pytorch.autolog(**case.get("options", {}))
    torch.manual_seed(0)
    callbacks = importlib.import_module(f"{lightning.__name__}.callbacks")
    stopping = [callbacks.EarlyStopping(**case["stopping"])] if "stopping" in case else []
    trainer = quiet_trainer(lightning, callbacks=stopping, **case.get("trainer", {}))
    model = lines(lightning)()
    batches, held_out = loaders()
    with tracker.start_run() as run:
        trainer.fit(model, batches, held_out if case.get("validate", True) else None)
        if case.get("test"):
            trainer.test(model, held_out, verbose=False)
    return run.info.run_id


def files(client, run_id, path=None):
    """All artifacts of a run."""
    for file in client.list_artifacts(run_id, path):
        yield from files(client, run_id, file.path) if file.is_dir else [file.path]


def facts(tracker, run_id):
    """A run as it was recorded."""
    client = tracker.MlflowClient()
    run = client.get_run(run_id)
    found = {
        "params": run.data.params,
        "metrics": {
            key: [[point.step, round(point.value, 5)] for point in client.get_metric_history(run_id, key)]
            for key in run.data.metrics
        },
        "tags": {key: run.data.tags.get(key) for key in ("Mode", "mlflow.latest_checkpoint_artifact")},
        "files": sorted(files(client, run_id)),
        "summary": Path(client.download_artifacts(run_id, "model_summary.txt")).read_text(),
    }
    for output in run.outputs.model_outputs if run.outputs else []:
        model = client.get_logged_model(output.model_id)
        info = tracker.models.get_model_info(model.model_uri)
        points = [[point.key, point.step, round(point.value, 5)] for point in model.metrics]
        found["model"] = [model.name, str(model.status), sorted(points), info.signature.to_dict(), sorted(info.flavors)]
    for path in found["files"]:
        if path.endswith(".json"):
            found[path] = json.loads(Path(client.download_artifacts(run_id, path)).read_text())
    return found


def recorded(tracker, lightning):
    """Every training as it was recorded."""
    return {name: facts(tracker, train(tracker, lightning, case)) for name, case in TRAININGS.items()}


if __name__ == "__main__":
    import pytorch_lightning

    mlflow = importlib.import_module("mlflow")
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
    Path(sys.argv[1]).write_text(json.dumps(recorded(mlflow, pytorch_lightning), indent=1, sort_keys=True) + "\n")
