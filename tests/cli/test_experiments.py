"""`assay experiments ...`."""

from __future__ import annotations

import csv
import io
import json


def test_create_says_name_and_id(run, client):
    result = run("experiments", "create", "--experiment-name", "fraud")
    found = client.get_experiment_by_name("fraud")
    assert result.output == f"Created experiment 'fraud' with id {found.experiment_id}\n"
    again = run("experiments", "create", "-n", "fraud")
    assert again.code == 1
    assert "fraud" in again.error


def test_create_with_a_place_for_artifacts(run, client, tmp_path):
    run("experiments", "create", "-n", "placed", "-l", tmp_path / "files")
    assert client.get_experiment_by_name("placed").artifact_location == str(tmp_path / "files")


def test_search_shows_id_name_and_place(run, client):
    kept, gone = client.create_experiment("kept"), client.create_experiment("gone")
    client.delete_experiment(gone)
    lines = run("experiments", "search").lines
    assert lines[0].split("  ")[0] == "Experiment Id"
    assert any(line.split()[:2] == [kept, "kept"] for line in lines)
    assert "gone" not in "\n".join(lines)
    assert [
        one["name"] for one in json.loads(run("experiments", "list", "-v", "deleted_only", "--output", "json").output)
    ]
    everything = json.loads(run("experiments", "search", "--view", "ALL", "--output", "json").output)
    assert {one["name"] for one in everything} == {"Default", "kept", "gone"}
    few = json.loads(run("experiments", "search", "--max-results", "1", "--output", "json").output)
    assert len(few) == 1
    chosen = json.loads(run("experiments", "search", "--filter", "name LIKE 'ke%'", "--output", "json").output)
    assert [one["name"] for one in chosen] == ["kept"]


def test_search_reads_more_than_a_page(run, client, monkeypatch):
    monkeypatch.setattr("assay.cli.options.PAGE", 2)
    for n in range(5):
        client.create_experiment(f"e{n}")
    assert len(json.loads(run("experiments", "search", "--output", "json").output)) == 6
    assert len(json.loads(run("experiments", "search", "--max-results", "3", "--output", "json").output)) == 3


def test_get_by_id_and_name(run, client):
    created = client.create_experiment("fraud", tags={"team": "x"})
    client.delete_experiment(created)
    lines = run("experiments", "get", "--experiment-id", created).lines
    assert lines[0] == f"Experiment ID     : {created}"
    assert lines[1] == "Name              : fraud"
    assert "Lifecycle Stage   : deleted" in lines
    found = json.loads(run("experiments", "get", "--experiment-name", "fraud", "--output", "json").output)
    assert found["tags"] == {"team": "x"}


def test_get_wants_exactly_one_name(run):
    for arguments in ((), ("-x", "0", "-n", "Default")):
        result = run("experiments", "get", *arguments)
        assert result.code == 2
        assert "--experiment-id or --experiment-name" in result.error
    assert run("experiments", "get", "-n", "nobody").code == 1


def test_delete_restore_rename(run, client):
    created = client.create_experiment("old")
    assert run("experiments", "delete", "-x", created).output == f"Experiment with ID {created} has been deleted.\n"
    assert client.get_experiment(created).lifecycle_stage == "deleted"
    assert run("experiments", "restore", "-x", created).output == f"Experiment with ID {created} has been restored.\n"
    assert run("experiments", "rename", "-x", created, "--new-name", "new").code == 0
    assert client.get_experiment(created).name == "new"
    assert run("experiments", "delete", "-x", "999").code == 1


def test_csv_has_a_line_for_each_run_and_a_column_for_each_key(run, sweep, tmp_path):
    experiment, runs = sweep
    text = run("experiments", "csv", "-x", experiment).output
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["run_id"] for row in rows] == [runs[1], runs[0]]
    assert rows[0]["metrics.loss"] == "0.25"
    assert rows[0]["params.depth"] == "1"
    assert rows[0]["tags.owner"] == "me"
    assert rows[0]["start_time"] == "2023-11-14 22:13:21.000+00:00"
    result = run("experiments", "csv", "-x", experiment, "-o", "out.csv")
    assert "2 runs" in result.output
    assert (tmp_path / "out.csv").read_text() == text
    assert run("experiments", "csv", "-x", "999").code == 1
