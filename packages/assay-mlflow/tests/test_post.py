"""The scripts of the blog post about MLflow run as they stand there, against Assay."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INTERNAL = "mlflow.company.internal"
PUBLIC = "mlflow.company.com"
MODEL_FILES = {"MLmodel", "conda.yaml", "model.pkl", "python_env.yaml", "requirements.txt"}


def run_post(name, directory, environment, *, train=None):
    """Run a script of the post in `directory`; returns what it printed."""
    directory.mkdir(exist_ok=True)
    if train:
        shutil.copy(HERE / "post" / train, directory / "train.py")
    shutil.copy(HERE / "post" / name, directory / name)
    command = ["sh", "-e", name] if name.endswith(".sh") else [sys.executable, name]
    done = subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def by_key(pairs):
    return {pair["key"]: pair["value"] for pair in pairs}


def check_wine_run(server, printed):
    """The run of the scikit-learn example is whole: params, metrics, tags, files and model."""
    accuracy, macro_f1 = re.search(
        r"^accuracy=(0\.\d{4}|1\.0000), macro_f1=(0\.\d{4}|1\.0000)$", printed, re.MULTILINE
    ).groups()
    run = server.only_run("mlflow-wine-demo")
    assert run["info"]["run_name"] == "logreg_baseline"
    assert run["info"]["status"] == "FINISHED"
    assert by_key(run["data"]["params"]) == {
        "model_type": "logistic_regression",
        "max_iter": "500",
        "C": "1.0",
        "dataset": "sklearn_wine",
    }
    metrics = by_key(run["data"]["metrics"])
    assert set(metrics) == {"accuracy", "macro_f1"}
    assert (f"{metrics['accuracy']:.4f}", f"{metrics['macro_f1']:.4f}") == (accuracy, macro_f1)
    tags = by_key(run["data"]["tags"])
    assert tags["owner"] == "ml-team"
    assert tags["purpose"] == "baseline classification experiment"
    assert tags["mlflow.source.name"].endswith(".py")
    run_id = run["info"]["run_id"]
    own = {"assay"}  # what the run was started from
    assert server.files(run_id) - own == {"feature_sample.csv", "metrics_summary.json"}
    (made,) = run["outputs"]["model_outputs"]
    model = server.get(f"logged-models/{made['model_id']}")["model"]["info"]
    assert (model["name"], model["source_run_id"], model["status"]) == ("model", run_id, "LOGGED_MODEL_READY")
    listed = server.get(f"logged-models/{made['model_id']}/artifacts/directories")["files"]
    assert {file["path"] for file in listed} >= MODEL_FILES
    return run


def test_scikit_learn_then_the_server_in_its_folder(tmp_path, environment, start_server):
    work = tmp_path / "work"
    printed = run_post("wine.py", work, environment)
    assert json.loads((work / "artifacts/metrics_summary.json").read_text())["n_test_rows"] == 36
    run = check_wine_run(start_server(work), printed)
    (made,) = run["outputs"]["model_outputs"]
    stored = work / "mlruns" / run["info"]["experiment_id"] / "models" / made["model_id"] / "artifacts"
    assert (stored / "MLmodel").is_file()


def test_a_remote_machine_logs_to_a_server(tmp_path, environment, start_server):
    server = start_server(tmp_path, "--allowed-hosts", INTERNAL)
    environment["POST_ROUTES"] = f"{INTERNAL}:8080=127.0.0.1:{server.port}"
    printed = run_post("remote.py", tmp_path / "work", environment)
    run = server.only_run("remote-gpu-experiments")
    assert (run["info"]["run_name"], run["info"]["status"]) == ("resnet50_remote_run", "FINISHED")
    assert by_key(run["data"]["params"]) == {"device": "remote_gpu_box"}
    assert by_key(run["data"]["metrics"]) == {"val_accuracy": 0.913}
    assert f"http://{INTERNAL}:8080/#/experiments/" in printed


def test_the_address_in_the_environment(tmp_path, environment, start_server):
    server = start_server(tmp_path, "--allowed-hosts", INTERNAL)
    environment["POST_ROUTES"] = f"{INTERNAL}:8080=127.0.0.1:{server.port}"
    printed = run_post("remote.sh", tmp_path / "work", environment, train="wine.py")
    run = check_wine_run(server, printed)
    assert run["info"]["artifact_uri"].startswith("mlflow-artifacts:/")


@pytest.fixture
def team(tmp_path, environment, start_server, tls_front):
    """The team's server, behind what ends TLS, reached under its public name."""
    server = start_server(tmp_path, "--allowed-hosts", PUBLIC)
    server.front = tls_front(server.port)
    environment["POST_ROUTES"] = f"{PUBLIC}:443=127.0.0.1:{server.front.port}"
    environment["MLFLOW_TRACKING_SERVER_CERT_PATH"] = str(HERE / "tls/certificate.pem")
    return server


def test_a_member_of_the_team(tmp_path, environment, team):
    run_post("team.py", tmp_path / "work", environment)
    run = team.only_run("fraud-detection")
    assert (run["info"]["run_name"], run["info"]["status"]) == ("alice_xgb_baseline", "FINISHED")
    assert by_key(run["data"]["params"]) == {"author": "alice", "model_family": "xgboost"}
    assert by_key(run["data"]["metrics"]) == {"val_auc": 0.941}


def test_a_member_of_the_team_with_credentials_in_the_environment(tmp_path, environment, team):
    printed = run_post("team.sh", tmp_path / "work", environment, train="wine.py")
    run = check_wine_run(team, printed)
    assert by_key(run["data"]["tags"])["mlflow.user"] == "alice"
    assert b"authorization: basic ywxpy2u6ew91ci1wyxnzd29yza==" in team.front.received.lower()
