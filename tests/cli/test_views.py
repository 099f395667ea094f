"""`assay views ...`."""

from __future__ import annotations

import json

import pytest

TEXT = "experiment wine\n\nview Best\n  default\n  q metrics.acc > 0.9\n"


@pytest.fixture
def file(client, tmp_path):
    client.create_experiment("wine")
    (tmp_path / "wine.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path / "wine.txt"


def test_views_are_applied_and_shown_as_written(run, file, client):
    experiment_id = client.get_experiment_by_name("wine").experiment_id
    client.set_view(experiment_id, "old", {"q": "x"})
    done = run("views", "apply", file)
    assert (done.code, done.output) == (0, f"Experiment 'wine' has the views of {file}.\n")
    assert run("views", "show", "-n", "wine").output == TEXT
    assert [view.name for view in client.list_views(experiment_id)] == ["Best"]


def test_views_are_listed(run, file):
    run("views", "apply", file)
    (row,) = json.loads(run("views", "list", "-n", "wine", "--output", "json").output)
    assert (row["name"], row["default"], row["shows"]) == ("Best", "yes", "q=metrics.acc+%3E+0.9")


def test_a_wrong_file_is_refused_and_changes_nothing(run, file, client):
    run("views", "apply", file)
    file.write_text("experiment wine\nview Other\n=", encoding="utf-8")
    done = run("views", "apply", file)
    assert done.code == 1
    assert "Line 3 of the views, '='" in done.error
    file.write_bytes(b"experiment \xff")
    assert "no text in UTF-8" in run("views", "apply", file).error
    file.write_text("experiment nowhere\nview Other\n", encoding="utf-8")
    assert "nowhere" in run("views", "apply", file).error
    assert run("views", "show", "-n", "wine").output == TEXT
