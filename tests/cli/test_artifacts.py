"""`assay artifacts ...`."""

from __future__ import annotations

import json
from pathlib import Path


def test_list_is_json_and_one_level(run, sweep):
    _, runs = sweep
    assert json.loads(run("artifacts", "list", "--run-id", runs[0]).output) == [
        {"path": "notes", "is_dir": True, "file_size": None}
    ]
    inside = json.loads(run("artifacts", "list", "-r", runs[0], "-a", "notes").output)
    assert inside == [{"path": "notes/note.txt", "is_dir": False, "file_size": 6}]
    assert json.loads(run("artifacts", "list", "-r", runs[0], "-a", "nothing").output) == []
    table = run("artifacts", "list", "-r", runs[0], "-a", "notes", "--output", "table").lines
    assert table[2].split() == ["notes/note.txt", "False", "6"]
    assert run("artifacts", "list", "-r", "f" * 32).code == 1


def test_download_by_run_and_by_uri(run, sweep, tmp_path):
    _, runs = sweep
    printed = run("artifacts", "download", "-r", runs[0], "-a", "notes/note.txt").output.strip()
    assert Path(printed).read_text() == "note 0"
    printed = run("artifacts", "download", "-u", f"runs:/{runs[0]}/notes", "-d", "out").output.strip()
    assert (Path(printed) / "note.txt").read_text() == "note 0"
    assert Path(printed).is_relative_to(tmp_path / "out")
    everything = run("artifacts", "download", "-r", runs[1], "-d", "all").output.strip()
    assert (Path(everything) / "notes/note.txt").read_text() == "note 1"


def test_download_wants_one_source(run, sweep):
    _, runs = sweep
    assert run("artifacts", "download").code == 2
    assert run("artifacts", "download", "-r", runs[0], "-u", f"runs:/{runs[0]}/notes").code == 2
    assert run("artifacts", "download", "-u", f"runs:/{runs[0]}/notes", "-a", "x").code == 2


def test_download_says_what_is_wrong(run, sweep):
    _, runs = sweep
    for uri, word in (
        (f"runs:/{runs[0]}/nothing", "nothing"),
        ("runs://x/y", "runs:/<run id>/<path>"),
        ("models:/fraud@champion", "registered model"),
        ("s3://bucket/key", "s3://bucket"),
        ("nowhere.txt", "nowhere.txt"),
    ):
        result = run("artifacts", "download", "-u", uri)
        assert result.code == 1, uri
        assert word in result.error


def test_log_a_file_and_a_directory(run, sweep, client, tmp_path):
    _, runs = sweep
    tree = tmp_path / "plots"
    (tree / "deep").mkdir(parents=True)
    (tree / "a.txt").write_text("a")
    (tree / "deep" / "b.txt").write_text("b")
    assert run("artifacts", "log-artifact", "-r", runs[0], "-l", tree / "a.txt", "-a", "copies").code == 0
    assert run("artifacts", "log-artifacts", "-r", runs[0], "-l", tree, "-a", "plots").code == 0
    assert [file.path for file in client.list_artifacts(runs[0])] == ["copies", "notes", "plots"]
    assert [file.path for file in client.list_artifacts(runs[0], "plots")] == ["plots/a.txt", "plots/deep"]
    missing = run("artifacts", "log-artifact", "-r", runs[0], "-l", "missing.txt")
    assert missing.code == 2
    assert "missing.txt" in missing.error
