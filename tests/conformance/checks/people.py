"""What somebody with a level on the experiment `EXPERIMENT_ID` can do with MLflow's client, and what is refused."""

import os
import tempfile
from pathlib import Path

from requests import HTTPError

import mlflow
from mlflow import MlflowClient

from .setting import refused

EXPERIMENT_ID = os.environ.get("EXPERIMENT_ID", "")


def check_editor_logs_a_run():
    mlflow.set_experiment(experiment_id=EXPERIMENT_ID)
    with mlflow.start_run(run_name="by the editor") as run, tempfile.TemporaryDirectory() as folder:
        mlflow.log_param("rate", 0.1)
        mlflow.log_metric("loss", 0.5, step=1)
        mlflow.log_text("hello", "notes/a.txt")
        (Path(folder) / "b.bin").write_bytes(b"\0\1")
        mlflow.log_artifact(str(Path(folder) / "b.bin"))
    kept = MlflowClient().get_run(run.info.run_id)
    assert (kept.info.status, kept.data.metrics, kept.data.params) == ("FINISHED", {"loss": 0.5}, {"rate": "0.1"})
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/notes/a.txt") == "hello"
    assert sorted(file.path for file in MlflowClient().list_artifacts(run.info.run_id)) == ["b.bin", "notes"]


def check_editor_deletes_nothing():
    with refused("PERMISSION_DENIED", "MANAGE"):
        MlflowClient().delete_experiment(EXPERIMENT_ID)


def check_reader_reads():
    (run,) = MlflowClient().search_runs([EXPERIMENT_ID], "attributes.run_name = 'for readers'")
    assert mlflow.artifacts.load_text(f"{run.info.artifact_uri}/open.txt") == "for readers"


def check_reader_logs_nothing():
    (run,) = MlflowClient().search_runs([EXPERIMENT_ID], "attributes.run_name = 'for readers'")
    with refused("PERMISSION_DENIED", "EDIT"):
        MlflowClient().create_run(EXPERIMENT_ID)
    with refused("PERMISSION_DENIED", "EDIT"):
        MlflowClient().log_metric(run.info.run_id, "loss", 0.1)
    status = None
    try:
        MlflowClient().log_text(run.info.run_id, "no", "open.txt")
    except HTTPError as error:
        status = error.response.status_code
    assert status == 403, status
