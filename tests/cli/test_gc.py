"""`assay gc`."""

from __future__ import annotations

import json

import pytest


def test_a_dry_run_tells_what_would_go_and_changes_nothing(run, sweep, client):
    _, runs = sweep
    client.flush()
    result = run("gc", "--dry-run")
    assert result.code == 0, result.error
    assert result.lines[2].split() == ["run", runs[2], "6"]
    assert result.lines[-1] == "1 items with 6 bytes of files would be deleted."
    assert client.get_run(runs[2]).info.lifecycle_stage == "deleted"


def test_what_is_deleted_is_told(run, sweep):
    _, runs = sweep
    result = run("gc", "--output", "json")
    assert json.loads(result.output) == [{"kind": "run", "id": runs[2], "size": 6}]
    assert run("gc").lines == ["0 items with 0 bytes of files deleted."]


@pytest.mark.parametrize(("age", "found"), [("0s", 1), ("1d12h", 0), ("1.5h0.5m", 0)])
def test_only_what_was_deleted_long_ago_goes(run, sweep, client, age, found):
    client.flush()
    result = run("gc", "--older-than", age, "--dry-run", "--output", "json")
    assert len(json.loads(result.output)) == found


@pytest.mark.parametrize("age", ["soon", "", "5", "1h1d", "-1d"])
def test_an_age_that_is_none_is_wrong_usage(run, age):
    result = run("gc", f"--older-than={age}")
    assert result.code == 2
    assert "1d2h30m" in result.error


def test_what_is_named_must_be_deleted(run, sweep):
    experiment, runs = sweep
    result = run("gc", "--run-ids", f"{runs[2]}, {runs[0]}")
    assert result.code == 1
    assert f"{runs[0]!r} is not in the deleted stage" in result.error
    result = run("gc", "--experiment-ids", experiment, "--logged-model-ids", "m-none")
    assert result.code == 1
    assert "m-none" in result.error


def test_what_had_to_stay_is_told_and_fails(run, sweep, client):
    experiment, runs = sweep
    client.delete_experiment(experiment)
    client.restore_run(runs[0])
    result = run("gc", "--experiment-ids", experiment)
    assert result.code == 1
    assert f"Kept experiment {experiment}" in result.error
    assert client.get_run(runs[0]).info.run_id == runs[0]
