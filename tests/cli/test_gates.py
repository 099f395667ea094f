"""`assay gates ...`."""

from __future__ import annotations

import json

import pytest

RULES = "model fraud\n\ngate @champion\n  tags.reviewed = 'yes'\n\ngate Production\n  approved by ada\n"


@pytest.fixture
def file(client, tmp_path):
    client.create_registered_model("fraud")
    client.create_model_version("fraud", "s3://bucket/1")
    (tmp_path / "fraud.txt").write_text(RULES, encoding="utf-8")
    return tmp_path / "fraud.txt"


def test_gates_are_applied_and_shown_as_written(run, file):
    done = run("gates", "apply", file)
    assert (done.code, done.output) == (0, f"Model 'fraud' has the gates of {file}.\n")
    assert run("gates", "show", "fraud").output == RULES


def test_a_wrong_file_is_refused_with_its_line(run, file, client):
    file.write_text("model fraud\ngate @champion\nmetrics.auc >\n", encoding="utf-8")
    done = run("gates", "apply", file)
    assert done.code == 1
    assert "Line 3 of the gates, 'metrics.auc >'" in done.error
    file.write_bytes(b"model fraud\n\xff")
    assert "no text in UTF-8" in run("gates", "apply", file).error
    assert client.get_gates("fraud") == ""


def test_check_says_what_is_missing_by_its_exit_status(run, file, client):
    run("gates", "apply", file)
    done = run("gates", "check", "fraud", "1", "--alias", "champion", "--output", "json")
    assert done.code == 1
    assert json.loads(done.output) == [
        {
            "guards": "@champion",
            "line": 4,
            "rule": "tags.reviewed = 'yes'",
            "passed": False,
            "found": "no tag 'reviewed'",
            "wanted": "= 'yes'",
        }
    ]
    client.set_model_version_tag("fraud", "1", "reviewed", "yes")
    assert run("gates", "check", "fraud", "1", "--alias", "champion").code == 0
    both = run("gates", "check", "fraud", "1")
    assert both.code == 1
    assert [line.split()[0] for line in both.lines[2:]] == ["@champion", "Production"]
    assert run("gates", "check", "fraud", "1", "--stage", "production").code == 1
