"""The tags that every run gets by itself."""

from __future__ import annotations

import json
import platform
import subprocess
import sys

import pytest

import assay


def tags_of(directory, *arguments):
    source = "import assay, json\nwith assay.start_run() as run: pass\nprint(json.dumps(run.data.tags))"
    (directory / "train.py").write_text(source)
    done = subprocess.run([sys.executable, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def git(directory, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=trunk"]
    done = subprocess.run(["git", *identity, *arguments], cwd=directory, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_who_ran_what_where(tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "ada")
    tags = tags_of(tmp_path, "train.py")
    assert tags["mlflow.user"] == "ada"
    assert tags["mlflow.source.name"] == "train.py"
    assert tags["mlflow.source.type"] == "LOCAL"
    assert tags["assay.host"] == platform.node()
    assert tags["assay.python"] == platform.python_version()
    assert "mlflow.source.git.commit" not in tags


def test_the_commit_is_found(tmp_path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "remote", "add", "origin", "https://me:secret@example.com/x/y.git")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "first")
    tags = tags_of(tmp_path, "train.py")
    assert tags["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert tags["mlflow.source.git.branch"] == "trunk"
    assert tags["mlflow.source.git.repoURL"] == "https://example.com/x/y.git"

    git(tmp_path, "pack-refs", "--all")
    assert tags_of(tmp_path, "train.py")["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD")

    git(tmp_path, "worktree", "add", "-q", "-b", "other", str(tmp_path / "tree"))
    assert tags_of(tmp_path / "tree", "train.py")["mlflow.source.git.branch"] == "other"

    git(tmp_path, "checkout", "-q", "--detach")
    detached = tags_of(tmp_path, "train.py")
    assert detached["mlflow.source.git.commit"] == git(tmp_path, "rev-parse", "HEAD")
    assert "mlflow.source.git.branch" not in detached


def test_the_run_context_of_the_environment_is_added_and_own_tags_win(monkeypatch):
    monkeypatch.setenv("MLFLOW_RUN_CONTEXT", '{"sweep": "7", "mlflow.user": "batch"}')
    with assay.start_run(tags={"sweep": "8"}) as run:
        pass
    assert run.data.tags["sweep"] == "8"
    assert run.info.user_id == "batch"
    monkeypatch.setenv("MLFLOW_RUN_CONTEXT", "[1]")
    with pytest.raises(assay.AssayError, match="not a JSON object"):
        assay.start_run()
