"""`assay models ...`."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def fraud(client, monkeypatch):
    """A model whose champion was version 1, then 2."""
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    client.create_registered_model("fraud")
    for number in ("1", "2"):
        client.create_model_version("fraud", f"s3://bucket/{number}")
        client.set_registered_model_alias("fraud", "champion", number, note=f"run {number}")
    return client


def test_alias_history_shows_the_last_change_first(run, fraud):
    lines = run("models", "alias-history", "fraud", "champion").lines
    assert lines[0].split("  ")[0] == "Date (UTC)"
    assert [line.split()[2:] for line in lines[2:]] == [["2", "ada", "run", "2"], ["1", "ada", "run", "1"]]
    fraud.delete_registered_model_alias("fraud", "champion")
    found = json.loads(run("models", "alias-history", "fraud", "champion", "--output", "json").output)
    assert [one["version"] for one in found] == [None, "2", "1"]


def test_rollback_goes_back_and_says_where(run, fraud):
    done = run("models", "rollback", "fraud", "champion", "--expected-version", "2", "--note", "alarms")
    assert (done.code, done.output) == (0, "fraud@champion is version 1 again.\n")
    assert fraud.get_alias_history("fraud", "champion")[0].note == "alarms"
    refused = run("models", "rollback", "fraud", "champion", "--expected-version", "2")
    assert refused.code == 1
    assert "somebody else changed it" in refused.error
    assert fraud.get_registered_model("fraud").aliases == {"champion": "1"}
    missing = run("models", "rollback", "none", "champion")
    assert missing.code == 1
    assert "'none'" in missing.error
