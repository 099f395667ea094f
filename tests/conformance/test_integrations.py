"""Libraries that log to MLflow by themselves, unmodified, log to Assay: by `assay-mlflow`, and by MLflow's client.

Each trains something tiny in a process of its own.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

import assay
from assay.core import ids

pytestmark = pytest.mark.timeout(600)

REPOSITORY = Path(__file__).parents[2]
TRAINING = Path(__file__).parent / "training"
ASSAY = (REPOSITORY / "src", REPOSITORY / "packages/assay-mlflow/src")


THEIRS = pytest.param("mlflow's client", marks=pytest.mark.slow)  # by default its parts, as test_mlflow_client has them


@pytest.fixture(params=["assay-mlflow", THEIRS])
def packages(request, mlflow_python):
    """Where `import mlflow` finds the tracker."""
    if request.param == "assay-mlflow":
        return ASSAY
    ask = [mlflow_python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    return (subprocess.run(ask, check=True, capture_output=True, text=True).stdout.strip(),)


@pytest.fixture
def train(training_python, packages, assay_server, tmp_path):
    """Run a training script; what it printed, by its first word."""

    def run(name, **more):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "PYTHONPATH": os.pathsep.join(map(str, packages)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "MLFLOW_TRACKING_URI": assay_server,
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "ASSAY_SPOOL_DIR": str(tmp_path / "spool"),
            "HF_HUB_OFFLINE": "1",
            **more,
        }
        done = subprocess.run(
            [training_python, TRAINING / f"with_{name}.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-4000:]
        return dict(line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("run ", "best ")))

    return run


@pytest.fixture
def client(assay_server):
    return assay.Client(assay_server)


def values(client, run_id, key):
    return [(point.step, point.value) for point in client.get_metric_history(run_id, key)]


def test_lightning(train, client):
    run_id = train("lightning")["run"]
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert client.get_experiment(run.info.experiment_id).name == "lightning"
    assert (run.info.run_name, run.data.tags["team"]) == ("line", "a")
    assert run.data.params == {"rate": "0.05", "width": "1"}
    assert [step for step, _ in values(client, run_id, "train_loss")] == list(range(12))
    losses = [value for _, value in values(client, run_id, "val_loss")]
    assert len(losses) == 3
    assert losses == sorted(losses, reverse=True), "it learned"
    assert any(file.path.endswith(".ckpt") for file in below(client, run_id))


def test_transformers(train, client):
    name = f"transformers {ids.hex_id()}"
    run_id = train("transformers", MLFLOW_EXPERIMENT_NAME=name)["run"]
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert client.get_experiment(run.info.experiment_id).name == name
    assert run.info.run_name == "tiny"
    assert run.data.params["num_train_epochs"] == "2"
    assert run.data.params["hidden_size"] == "8"
    assert [step for step, _ in values(client, run_id, "loss")] == list(range(1, 9))
    assert [step for step, _ in values(client, run_id, "eval_loss")] == [4, 8]


def test_optuna(train, client):
    study = f"search {ids.hex_id()}"
    best = int(train("optuna", STUDY=study)["best"])
    experiment = client.get_experiment_by_name(study)
    runs = client.search_runs([experiment.experiment_id], order_by=["metrics.distance"])
    assert len(runs) == 5
    assert {run.info.status for run in runs} == {"FINISHED"}
    assert runs[0].data.tags["number"] == str(best)
    for run in runs:
        x, far = float(run.data.params["x"]), run.data.params["kind"] == "far"
        assert run.data.metrics["distance"] == pytest.approx((x - 0.5) ** 2 + far)
        assert run.data.metrics["steps"] == int(run.data.tags["number"])


def below(client, run_id, path=""):
    """All files of a run."""
    for file in client.list_artifacts(run_id, path):
        if file.is_dir:
            yield from below(client, run_id, file.path)
        else:
            yield file
