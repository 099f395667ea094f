"""`assay runs ...`."""

from __future__ import annotations

import csv
import io
import json


def test_list_shows_date_name_status_and_id(run, sweep):
    experiment, runs = sweep
    lines = run("runs", "list", "--experiment-id", experiment).lines
    assert lines[0].split("  ")[0] == "Date (UTC)"
    assert lines[2:] == [
        f"2023-11-14 22:13:21  trial-1  FINISHED  {runs[1]}",
        f"2023-11-14 22:13:20  trial-0  FINISHED  {runs[0]}",
    ]


def ids(result):
    return [row["run_id"] for row in json.loads(result.output)]


def test_list_filters_orders_and_limits(run, sweep):
    _, runs = sweep
    chosen = ("runs", "list", "--experiment-name", "sweep", "--output", "json")
    assert ids(run(*chosen, "--filter", "metrics.loss < 0.3")) == [runs[1]]
    assert ids(run(*chosen, "--order-by", "metrics.loss DESC")) == [runs[0], runs[1]]
    assert ids(run(*chosen, "--order-by", "params.depth", "--max-results", "1")) == [runs[0]]
    assert ids(run(*chosen, "--view", "deleted_only")) == [runs[2]]
    assert set(ids(run(*chosen, "-v", "all"))) == set(runs)


def test_list_takes_the_experiment_of_the_environment(run, sweep, monkeypatch):
    experiment, runs = sweep
    assert run("runs", "list").code == 2
    monkeypatch.setenv("MLFLOW_EXPERIMENT_ID", experiment)
    assert ids(run("runs", "list", "--output", "json")) == [runs[1], runs[0]]


def test_a_wrong_filter_says_where(run, sweep):
    result = run("runs", "list", "-n", "sweep", "--filter", "metrics.loss <<< 1")
    assert result.code == 1
    assert "metrics.loss <<< 1" in result.error


def test_an_unknown_experiment_is_named(run):
    result = run("runs", "list", "-n", "nobody")
    assert result.code == 1
    assert "nobody" in result.error


def test_search_shows_metrics_and_params_of_all_experiments(run, sweep, client):
    _, runs = sweep
    other = client.create_run("0", run_name="other").info.run_id
    lines = run("runs", "search").lines
    assert lines[0].split() == ["Run", "ID", "Name", "Status", "Started", "(UTC)", "loss", "depth"]
    assert any(line.split()[:2] == [runs[1], "trial-1"] and line.endswith("0.25  1") for line in lines)
    assert any(line.startswith(other) for line in lines)
    assert ids(run("runs", "search", "-x", "0", "--output", "json")) == [other]
    assert set(ids(run("runs", "search", "-n", "sweep", "-x", "0", "--output", "json"))) == {other, *runs[:2]}
    rows = list(
        csv.DictReader(
            io.StringIO(run("runs", "search", "-n", "sweep", "--column", "tags.owner", "--output", "csv").output)
        )
    )
    assert [row["tags.owner"] for row in rows] == ["me", "me"]
    assert "metrics.loss" not in rows[0]


def test_describe_is_the_run_as_json(run, sweep, client):
    _, runs = sweep
    assert json.loads(run("runs", "describe", "--run-id", runs[0]).output) == client.get_run(runs[0]).to_dictionary()


def test_create_makes_an_ended_run(run, client):
    parent = json.loads(run("runs", "create", "--experiment-name", "imports").output)
    created = json.loads(
        run(
            "runs",
            "create",
            *("--experiment-id", parent["experiment_id"]),
            *("--run-name", "from-csv"),
            *("--description", "what it is"),
            *("--tags", "source=csv", "-t", "formula=a=b"),
            *("--status", "FAILED"),
            *("--parent-run-id", parent["run_id"]),
        ).output
    )
    assert set(created) == {"run_id", "experiment_id", "status", "run_name"}
    found = client.get_run(created["run_id"])
    assert (found.info.run_name, found.info.status) == ("from-csv", "FAILED")
    assert found.info.end_time is not None
    assert found.data.tags["source"] == "csv"
    assert found.data.tags["formula"] == "a=b"
    assert found.data.tags["mlflow.note.content"] == "what it is"
    assert found.data.tags["mlflow.parentRunId"] == parent["run_id"]


def test_create_checks_its_options(run):
    assert run("runs", "create").code == 2
    assert run("runs", "create", "--experiment-id", "0", "--experiment-name", "Default").code == 2
    result = run("runs", "create", "--experiment-name", "x", "--tags", "nonsense")
    assert result.code == 2
    assert "nonsense" in result.error
    assert run("runs", "create", "--experiment-name", "x", "--status", "DONE").code == 2


def test_delete_and_restore(run, sweep, client):
    _, runs = sweep
    assert run("runs", "delete", "--run-id", runs[0]).output == f"Run with ID {runs[0]} has been deleted.\n"
    assert client.get_run(runs[0]).info.lifecycle_stage == "deleted"
    assert run("runs", "restore", "--run-id", runs[0]).output == f"Run with ID {runs[0]} has been restored.\n"
    assert client.get_run(runs[0]).info.lifecycle_stage == "active"
    assert run("runs", "delete", "--run-id", "f" * 32).code == 1
