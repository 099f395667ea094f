"""Autologging of Lightning: what a real MLflow records of the same trainings, under both of Lightning's names."""

from __future__ import annotations

import importlib
import inspect
import json
import logging
import os
import pickle
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import lightning.pytorch
import numpy as np
import pytest
import pytorch_lightning
import torch

import assay
from assay.autologging import imports, patching
from assay.autologging.pytorch import autolog, checkpoints, recording
from assay.core.errors import ConfigurationError, InvalidParameterValue, ResourceDoesNotExist

HERE = Path(__file__).parent
PATHS = os.pathsep.join(map(str, (HERE, Path(assay.__file__).parents[1])))
RECORDED = json.loads((HERE.parents[1] / "autologging/recorded/pytorch-autolog.json").read_text())
"""From MLflow 3.17.2, PyTorch 2.13.0 and Lightning 2.6.6: what `lightning_trainings.py` writes."""
sys.path.insert(0, str(HERE))  # other processes import the trainings, too
trainings = importlib.import_module("lightning_trainings")

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*does not have many workers"),
    pytest.mark.filterwarnings("ignore:The number of training batches"),
    pytest.mark.filterwarnings("ignore:`isinstance.treespec, LeafSpec.` is deprecated"),
    pytest.mark.filterwarnings("ignore:You defined a `validation_step` but have no `val_dataloader`"),
]


@pytest.fixture(autouse=True)
def _off():
    yield
    assay.pytorch.autolog(disable=True)
    patching.forget_choice("pytorch")
    assay.autolog(disable=True)


@pytest.fixture
def warned(caplog):
    caplog.set_level(logging.WARNING, logger="assay")
    return lambda: [record.message for record in caplog.records if record.name == "assay.autologging"]


@pytest.fixture
def tracker():
    """Assay, with the one name of MLflow's that stands elsewhere."""
    info = SimpleNamespace(get_model_info=lambda uri: assay.flavors.Model.load(assay.artifacts.download_artifacts(uri)))
    return SimpleNamespace(
        pytorch=assay.pytorch, start_run=assay.start_run, MlflowClient=assay.MlflowClient, models=info
    )


@pytest.mark.parametrize("name", trainings.TRAININGS)
@pytest.mark.parametrize("library", [lightning.pytorch, pytorch_lightning], ids=lambda library: library.__name__)
def test_what_mlflow_records_is_recorded(tracker, library, name):
    ours = trainings.facts(tracker, trainings.train(tracker, library, trainings.TRAININGS[name]))
    ours = json.loads(json.dumps(ours))
    expected = RECORDED[name]
    assert ours.keys() == expected.keys()
    for part, value in expected.items():
        assert ours[part] == roughly(value), part


def roughly(value):
    """As it was recorded, but for the last digits: they are those of the processor."""
    if isinstance(value, dict):
        return {key: roughly(one) for key, one in value.items()}
    if isinstance(value, list):
        return [roughly(one) for one in value]
    return pytest.approx(value, rel=1e-4) if isinstance(value, float) else value


class Failing(trainings.lines(lightning.pytorch)):
    def training_step(self, batch, number):
        if self.current_epoch == 1:
            raise RuntimeError("out of luck")
        return super().training_step(batch, number)


def fit(library=lightning.pytorch, model=None, **options):
    torch.manual_seed(0)
    trainer = trainings.quiet_trainer(library, **options)
    trainer.fit(model or trainings.lines(library)(), *trainings.loaders())
    return trainer


def runs():
    return assay.search_runs(output_format="list")


def test_without_a_run_one_is_started_and_ended():
    assay.autolog(extra_tags={"team": "a"})
    trainer = fit()
    (run,) = runs()
    assert run.info.status == "FINISHED"
    assert run.data.tags.items() >= {"mlflow.autologging": "pytorch", "team": "a", "Mode": "training"}.items()
    trainer.test(trainer.lightning_module, trainings.loaders()[1], verbose=False)
    (run,) = runs()
    assert run.data.tags["Mode"] == "testing"
    assert "test_loss" in run.data.metrics
    assert trainer.callbacks == [], "the user's trainer is as it was"


def test_a_training_that_fails():
    assay.pytorch.autolog()
    with pytest.raises(RuntimeError, match="out of luck"):
        fit(model=Failing(), max_epochs=3)
    (run,) = runs()
    assert run.info.status == "FAILED"
    assert run.data.params["optimizer_name"] == "Adam"
    assert "train_loss" in run.data.metrics
    (model,) = assay.search_logged_models(output_format="list")
    assert (model.source_run_id, model.status) == (run.info.run_id, "FAILED")


def test_the_model_is_kept_and_registered():
    assay.pytorch.autolog(registered_model_name="lines")
    trainer = fit()
    rows = trainings.loaders()[1].dataset.tensors[0].numpy()
    loaded = assay.pyfunc.load_model("models:/lines/1")
    assert np.allclose(loaded.predict(rows), assay.flavors.pytorch.predict(trainer.lightning_module, rows))
    assert loaded.metadata.run_id == runs()[0].info.run_id
    lines = Path(assay.artifacts.download_artifacts("models:/lines/1"), "requirements.txt").read_text()
    assert "lightning==" in lines


def test_recording_leaves_the_training_as_it_was():
    without = fit().lightning_module.state_dict()
    assay.pytorch.autolog(log_every_n_step=1)
    with_it = fit().lightning_module.state_dict()
    assert all(torch.equal(without[name], with_it[name]) for name in without)


FAULTS = [
    (assay.client.fluent.runs, "start_run"),
    (autolog.kept, "begin_model"),
    (autolog, "_callbacks"),
    (recording, "settings_of"),
    (recording.Recording, "_log"),
    (checkpoints.Checkpoints, "_keep"),
    (autolog.recording, "stopping_metrics"),
    (autolog, "_summary"),
    (autolog.pytorch, "log_model"),
    (autolog, "infer_signature"),
    (assay.client.fluent.runs, "end"),
]


@pytest.mark.parametrize(("home", "name"), FAULTS, ids=[name for _, name in FAULTS])
def test_a_fault_of_ours_is_one_warning(monkeypatch, warned, home, name):
    def broken(*args, **kwargs):
        raise KeyError("disk on fire")

    monkeypatch.setattr(home, name, broken)
    assay.pytorch.autolog(log_every_n_step=1)
    trainer = fit()
    monkeypatch.undo()
    assert trainer.global_step == 6
    assert trainer.callbacks == []
    assert [("disk on fire" in text, "training goes on" in text) for text in warned()] == [(True, True)]


def test_a_metric_to_monitor_that_is_not_there_is_one_warning(warned):
    assay.pytorch.autolog(checkpoint_monitor="accuracy")
    fit()
    (text,) = warned()
    assert "'accuracy'" in text
    assert "val_loss" in text
    assay.pytorch.autolog(checkpoint_monitor="accuracy", silent=True)
    fit()
    assert len(warned()) == 1


def test_a_second_training_in_a_run_keeps_the_first_params(warned):
    assay.pytorch.autolog(log_models=False, checkpoint=False)
    with assay.start_run() as run:
        fit(max_epochs=1)
        fit(max_epochs=2)
    assert assay.get_run(run.info.run_id).data.params["epochs"] == "1"
    assert "epochs" in warned()[0]


@pytest.mark.parametrize("library", [lightning.pytorch, pytorch_lightning], ids=lambda library: library.__name__)
def test_checkpoints_come_back(library):
    assay.pytorch.autolog(log_models=False, checkpoint_save_best_only=False)
    line = trainings.lines(library)
    trainer = fit(library, line(rate=0.2))
    run_id = runs()[0].info.run_id
    last = assay.pytorch.load_checkpoint(line, run_id, kwargs={"rate": 0.3})
    assert torch.equal(last.layer.weight, trainer.lightning_module.layer.weight)
    assert last.rate == 0.3
    first = assay.lightning.load_checkpoint(line, run_id, epoch=0)
    assert not torch.equal(first.layer.weight, last.layer.weight)
    with pytest.raises(ResourceDoesNotExist, match="global_step_7"):
        assay.pytorch.load_checkpoint(line, run_id, global_step=7)
    with pytest.raises(InvalidParameterValue, match="not both"):
        assay.pytorch.load_checkpoint(line, run_id, epoch=1, global_step=1)
    with pytest.raises(InvalidParameterValue, match="run_id"):
        assay.pytorch.load_checkpoint(line)


def test_checkpoints_are_loaded_by_rule(monkeypatch):
    line = trainings.lines(lightning.pytorch)

    class Noted(line):
        def on_save_checkpoint(self, checkpoint):
            checkpoint["note"] = Path("any")

    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    assay.pytorch.autolog(log_models=False)
    with assay.start_run():
        fit(model=line())
        assert isinstance(assay.pytorch.load_checkpoint(line), line)
    with assay.start_run() as run:
        fit(model=Noted())
    with pytest.raises(ConfigurationError, match="MLFLOW_ALLOW_PICKLE_DESERIALIZATION"):
        assay.pytorch.load_checkpoint(line, run.info.run_id)
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    assert isinstance(assay.pytorch.load_checkpoint(line, run.info.run_id), line)


def test_the_callback_for_checkpoints_alone(warned):
    callback = assay.pytorch.MlflowModelCheckpointCallback(monitor="of_epoch", save_weights_only=True)
    assert isinstance(callback, lightning.pytorch.Callback)
    with assay.start_run() as run:
        fit(callbacks=[callback])
    tag = assay.get_run(run.info.run_id).data.tags["mlflow.latest_checkpoint_artifact"]
    assert tag == "checkpoints/latest_checkpoint.weights.pth"
    fit(callbacks=[assay.pytorch.MlflowModelCheckpointCallback()])
    assert "Start one" in warned()[0]
    for wrong in ({"mode": "best"}, {"save_freq": "step"}, {"save_freq": 0}):
        with pytest.raises(InvalidParameterValue, match=str(next(iter(wrong.values())))):
            assay.pytorch.MlflowModelCheckpointCallback(**wrong)


def test_other_processes_of_a_training_record_nothing(monkeypatch):
    assay.pytorch.autolog()
    trainer = trainings.quiet_trainer(lightning.pytorch)
    monkeypatch.setattr(type(trainer), "is_global_zero", property(lambda self: False))
    trainer.fit(trainings.lines(lightning.pytorch)(), *trainings.loaders())
    assert runs() == []
    assert [type(one).__name__ for one in trainer.callbacks] == ["Recording", "Checkpoints"], "which compute together"


@pytest.fixture
def in_script(tmp_path):
    """Run a script in a process of its own; the words of the last line that it printed."""

    def run(code):
        (tmp_path / "script.py").write_text(code)
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "script.py"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": PATHS},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1].split()

    return run


LATER = """
import sys, assay
assay.autolog()
assert "torch" not in sys.modules and "assay.autologging.pytorch.autolog" not in sys.modules
import lightning.pytorch
import lightning_trainings as trainings
trainer = trainings.quiet_trainer(lightning.pytorch, strategy="ddp_fork", devices=2)
trainer.fit(trainings.lines(lightning.pytorch)(), *trainings.loaders())
(run,) = assay.search_runs(output_format="list")
print(run.info.status, run.data.params["optimizer_name"], *sorted(run.data.metrics))
"""


def test_of_a_library_imported_later_a_training_in_several_processes(in_script):
    names = "of_epoch of_step train_loss train_loss_epoch train_loss_step val_loss".split()
    assert in_script(LATER) == ["FINISHED", "Adam", *names]


def test_signatures_stay_and_off_is_off():
    before = [
        (inspect.signature(one), one.__doc__) for one in (lightning.pytorch.Trainer.fit, pytorch_lightning.Trainer.fit)
    ]
    original = lightning.pytorch.Trainer.fit
    assay.pytorch.autolog()
    assert lightning.pytorch.Trainer.fit is not original
    found = [
        (inspect.signature(one), one.__doc__) for one in (lightning.pytorch.Trainer.fit, pytorch_lightning.Trainer.fit)
    ]
    assert found == before
    assay.pytorch.autolog(disable=True)
    assert lightning.pytorch.Trainer.fit is original
    assert not {*imports._hooks} & {*autolog._TRAINERS, autolog._WRITER}
    fit()
    assert runs() == []


def test_callbacks_can_be_copied_to_other_processes():
    kind = autolog.callback_class(recording.Recording, "pytorch_lightning")
    made = kind("a" * 32, "runs", model_id=None, every_epoch=1, every_step=None, silent=True)
    again = pickle.loads(pickle.dumps(made))
    assert type(again) is kind
    assert vars(again) == vars(made)


@pytest.mark.parametrize("wrong", [{"checkpoint_mode": "best"}, {"checkpoint_save_freq": "step"}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(InvalidParameterValue, match=next(iter(wrong.values()))):
        assay.pytorch.autolog(**wrong)


if find_spec("tensorboard"):  # which PyTorch writes with where it is installed

    def test_what_is_written_for_tensorboard(tmp_path):
        from torch.utils.tensorboard import SummaryWriter

        assay.pytorch.autolog(log_every_n_step=2)
        with assay.start_run() as run, SummaryWriter(tmp_path) as writer:
            for step in range(5):
                writer.add_scalar("loss", torch.tensor(float(step)), step)
            writer.add_hparams({"rate": 0.1}, {"accuracy": 0.5})
        with SummaryWriter(tmp_path) as writer:
            writer.add_scalar("loss", 9.0)
        (found,) = runs()
        points = assay.MlflowClient().get_metric_history(run.info.run_id, "loss")
        assert [(point.step, point.value) for point in points] == [(0, 0.0), (2, 2.0), (4, 4.0)]
        assert found.data.params == {"rate": "0.1"}
        assert found.data.metrics["accuracy"] == 0.5
