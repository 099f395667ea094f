"""`assay models copy` and `assay models lineage`."""

from __future__ import annotations

import json

import pytest

import assay


@pytest.fixture
def fraud(client):
    """Version 1 of a model, the champion, made from a run."""
    run = client.create_run("0", run_name="train", tags={"mlflow.source.git.commit": "c0ffee"}).info.run_id
    client.log_text(run, "weights", "model/weights.txt")
    assay.register_model(f"runs:/{run}/model", "fraud")
    client.set_registered_model_alias("fraud", "champion", "1")
    return run


def test_a_version_is_copied_with_its_aliases(run, fraud, tmp_path):
    there = str(tmp_path / "there")
    done = run("models", "copy", "models:/fraud@champion", "live", "--to", there, "--aliases")
    assert (done.code, done.output) == (0, "Version 1 of 'live' was made from models:/fraud@champion.\n")
    assert assay.Client(there).get_model_version_by_alias("live", "champion").tags["assay.copied_from.run_id"] == fraud
    done = run("models", "copy", "models:/live/1", "again", "--from", there, "--experiment-name", "received")
    assert done.code == 0
    assert assay.artifacts.load_text("models:/again/1/weights.txt") == "weights"
    assert assay.get_experiment_by_name("received") is not None


def test_what_cannot_be_copied_is_said(run, fraud, tmp_path, client):
    there = str(tmp_path / "there")
    done = run("models", "copy", "models:/fraud@nobody", "live", "--to", there)
    assert (done.code, done.output) == (1, "")
    assert "'nobody'" in done.error
    assert assay.Client(there).search_registered_models() == []


def test_lineage_as_a_table_and_as_json(run, fraud):
    lines = run("models", "lineage", "fraud@champion").lines
    assert [line.split()[0] for line in lines[2:]] == ["Version", "Run", "Code"]
    assert fraud in lines[3]
    assert lines[-1].split() == ["Code", "mlflow.source.git.commit", "c0ffee"]
    found = json.loads(run("models", "lineage", "models:/fraud/1", "--output", "json").output)
    assert (found["version"]["version"], found["run"]["run_id"], found["logged_model"]) == ("1", fraud, None)
    assert found["code"] == {"mlflow.source.git.commit": "c0ffee"}
    missing = run("models", "lineage", "fraud/7")
    assert missing.code == 1
    assert "7" in missing.error
