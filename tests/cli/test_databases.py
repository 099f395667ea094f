"""Commands on a database, as MLflow's users give it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import assay


@pytest.fixture(params=["new_postgres_uri", "new_mariadb_uri"])
def database(request):
    """An empty store; its address."""
    return request.getfixturevalue(request.param)()


def test_runs_are_created_listed_deleted_and_cleared_away(run, database, monkeypatch, tmp_path):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", database)
    created = run("experiments", "create", "--experiment-name", "churn")
    assert created.code == 0, created.error
    made = json.loads(run("runs", "create", "--experiment-name", "churn", "--run-name", "one", "--tags", "a=b").output)
    (tmp_path / "a.txt").write_text("hello")
    assert run("artifacts", "log-artifact", "--local-file", tmp_path / "a.txt", "--run-id", made["run_id"]).code == 0
    (listed,) = json.loads(run("runs", "list", "-x", made["experiment_id"], "--output", "json").output)
    assert (listed["run_id"], listed["name"], listed["status"]) == (made["run_id"], "one", "FINISHED")
    assay.flush()
    root = Path(assay.Client().get_run(made["run_id"]).info.artifact_uri)
    assert (root / "a.txt").read_text() == "hello"
    assert run("runs", "delete", "--run-id", made["run_id"]).code == 0

    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    gone = run("gc", "--backend-store-uri", database, "--output", "json")
    assert json.loads(gone.output) == [{"kind": "run", "id": made["run_id"], "size": 5}]
    assert not root.exists()


def test_gc_finds_files_where_a_server_keeps_them(run, database, tmp_path):
    client = assay.Client(database)
    experiment = client.create_experiment("behind a server", artifact_location="mlflow-artifacts:/7")
    made = client.create_run(experiment)
    client.set_terminated(made.info.run_id)
    client.delete_run(made.info.run_id)
    kept = tmp_path / "kept/7" / made.info.run_id / "artifacts"
    kept.mkdir(parents=True)
    (kept / "a.txt").write_text("hello")

    result = run("gc", "--backend-store-uri", database)
    assert result.code == 1
    assert "set MLFLOW_ARTIFACTS_DESTINATION" in result.error
    assert (kept / "a.txt").exists()
    assay.client.connection._close_all()
    result = run("gc", "--backend-store-uri", database, "--artifacts-destination", tmp_path / "kept")
    assert result.code == 0, result.error
    assert not kept.exists()


def test_a_database_out_of_reach_is_told_without_its_password(run, monkeypatch):
    monkeypatch.setenv("ASSAY_HTTP_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "postgresql://user:s3cret@127.0.0.1:9/name")
    result = run("runs", "list", "--experiment-id", "0")
    assert result.code == 1
    assert "postgresql://user:***@127.0.0.1:9/name" in result.error
    assert "s3cret" not in result.error
