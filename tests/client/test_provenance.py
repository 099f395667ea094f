"""What a run was started from is kept beside it, without the start waiting for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import assay
from assay.client import changes, packages, provenance

TRAIN = """
import assay, sys
assay.set_tracking_uri(sys.argv[1])
for number in range(int(sys.argv[2])):
    with assay.start_run() as run:
        print(run.info.run_id)
"""


@pytest.fixture(autouse=True)
def _kept(monkeypatch):
    """The defaults, which the rest of the suite turns off."""
    for name in ("ASSAY_LOG_CODE", "ASSAY_LOG_ENVIRONMENT"):
        monkeypatch.delenv(name)


@pytest.fixture
def new_process():
    """This process has kept nothing yet."""
    provenance._kept.clear()
    provenance._found.clear()
    yield
    provenance._kept.clear()
    provenance._found.clear()


def git(directory, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=trunk"]
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path):
    """A repository whose files have changed since the commit."""
    tree = tmp_path / "tree"
    tree.mkdir()
    git(tree, "init", "-q")
    (tree / ".gitignore").write_text("secrets.py\nruns/\n")
    (tree / "train.py").write_text("old\n")
    (tree / "naïve name.txt").write_text("one\ntwo\n")
    (tree / "weights.bin").write_bytes(bytes(100))
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "first")
    (tree / "train.py").write_text(TRAIN)
    (tree / "secrets.py").write_text(TRAIN + "# hush\n")
    (tree / "notes.txt").write_text("new\n")
    (tree / "weights.bin").write_bytes(bytes([0, *range(99)]))
    return tree


def run_script(tree, name="train.py", runs=1, *more, directory=""):
    command = [sys.executable, name, str(tree / "runs"), str(runs), *more]
    done = subprocess.run(command, cwd=tree / directory, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assay.set_tracking_uri(tree / "runs")
    return done.stdout.split()


def files_of(run_id):
    assay.flush()
    root = Path(assay.Client().download_artifacts(run_id, ""))
    return {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}


def test_a_script_its_patch_and_its_environment_are_kept(tree):
    (run_id,) = run_script(
        tree, "train.py", 1, "--api-key", "hush", "--lr=0.1", "db.password=hush", "--max-tokens", "5"
    )
    files = files_of(run_id)
    assert sorted(files) == ["assay/environment.json", "assay/source/train.py", "assay/uncommitted.patch"]
    assert files["assay/source/train.py"].read_text() == TRAIN
    told = json.loads(files["assay/environment.json"].read_text())
    assert told["command"][1:] == [
        "train.py", str(tree / "runs"), "1", "--api-key", "***", "--lr=0.1", "db.password=***", "--max-tokens", "5",
    ]  # fmt: skip
    assert told["python"] == ".".join(map(str, sys.version_info[:3]))
    assert told["packages"]["pytest"] == pytest.__version__
    assert told["repository"] == {
        "entry_point": "train.py",
        "directory": "",
        "patch_bytes": files["assay/uncommitted.patch"].stat().st_size,
        "left_out": ["weights.bin"],
        "untracked": ["notes.txt"],
    }


def test_the_directory_is_told_from_the_root_of_the_repository(tree):
    (tree / "jobs").mkdir()
    (run_id,) = run_script(tree, "../train.py", directory="jobs")
    told = json.loads(files_of(run_id)["assay/environment.json"].read_text())["repository"]
    assert (told["entry_point"], told["directory"]) == ("train.py", "jobs")


def test_the_patch_makes_the_commit_what_ran(tree, tmp_path):
    (run_id,) = run_script(tree)
    patch = files_of(run_id)["assay/uncommitted.patch"]
    git(tmp_path, "clone", "-q", str(tree), "again")
    git(tmp_path / "again", "apply", str(patch))
    assert (tmp_path / "again/train.py").read_text() == TRAIN


def test_nothing_that_git_ignores_is_kept(tree):
    (run_id,) = run_script(tree, "secrets.py")
    files = files_of(run_id)
    assert "assay/environment.json" in files
    assert not any(b"hush" in path.read_bytes() for path in files.values())


def test_without_changes_or_repository_there_is_no_patch(tree, tmp_path):
    git(tree, "commit", "-q", "-am", "all")
    assert "assay/uncommitted.patch" not in files_of(run_script(tree)[0])
    (tmp_path / "train.py").write_text(TRAIN)
    files = files_of(run_script(tmp_path)[0])
    assert sorted(files) == ["assay/environment.json", "assay/source/train.py"]
    assert json.loads(files["assay/environment.json"].read_text())["repository"] == {"entry_point": "train.py"}


def test_short_runs_of_one_process_share_what_is_kept(tree):
    first, *others = run_script(tree, "train.py", 3)
    assert "assay/environment.json" in files_of(first)
    for run_id in others:
        assert files_of(run_id) == {}
        assert assay.get_run(run_id).data.tags[provenance.KEPT_TAG] == first
    assert provenance.KEPT_TAG not in assay.get_run(first).data.tags


@pytest.mark.usefixtures("new_process")
def test_a_long_run_keeps_its_own(tracked, monkeypatch, until):
    monkeypatch.setattr(provenance, "SHORT_SECONDS", 0.05)
    with assay.start_run():
        pass
    with assay.start_run() as run:
        until(lambda: "assay/environment.json" in files_of(run.info.run_id))
    assert provenance.KEPT_TAG not in assay.get_run(run.info.run_id).data.tags


@pytest.mark.usefixtures("new_process")
def test_a_resumed_run_keeps_what_it_had(tracked):
    with assay.start_run() as run:
        pass
    assay.log_text("{}", "assay/environment.json", run_id=run.info.run_id)
    provenance._kept.clear()
    with assay.start_run(run_id=run.info.run_id):
        pass
    assert files_of(run.info.run_id)["assay/environment.json"].read_text() == "{}"


@pytest.mark.usefixtures("new_process")
@pytest.mark.parametrize(
    ("off", "kept"),
    [(["CODE"], ["assay/environment.json"]), (["CODE", "ENVIRONMENT"], [])],
)
def test_settings_turn_it_off(tracked, monkeypatch, off, kept):
    for name in off:
        monkeypatch.setenv(f"ASSAY_LOG_{name}", "false")
    with assay.start_run() as run:
        pass
    assert list(files_of(run.info.run_id)) == kept


@pytest.mark.usefixtures("new_process")
def test_a_slow_git_keeps_nobody_waiting_at_the_start(tracked, monkeypatch, tmp_path):
    slow = tmp_path / "bin/git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    monkeypatch.setattr(changes, "_SECONDS", 0.2)
    assay.search_experiments()  # the store is open
    begun = time.perf_counter()
    run = assay.start_run()
    assert time.perf_counter() - begun < 0.2
    assay.end_run()
    assert "assay/environment.json" in files_of(run.info.run_id)


def test_a_script_that_ends_at_once_keeps_it_too(tree):
    (tree / "train.py").write_text(TRAIN.replace("with assay.start_run() as run:", "if run := assay.start_run():"))
    (run_id,) = run_script(tree)
    assert "assay/uncommitted.patch" in files_of(run_id)


def test_a_long_patch_is_cut_between_files(tree, monkeypatch):
    git(tree, "reset", "-q", "--hard")
    for name in "ab":
        (tree / f"{name}.txt").write_text("x\n")
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "more")
    (tree / "a.txt").write_text("y\n")
    (tree / "b.txt").write_text("z\n" * 1000)
    monkeypatch.setattr(changes, "PATCH_BYTES", 1000)
    patch, left_out = changes.uncommitted_patch(tree)
    assert patch.startswith(b"diff --git a/a.txt b/a.txt")
    assert b"b.txt" not in patch
    assert left_out == ["b.txt and what follows"]


def test_packages_are_named_without_reading_them(tmp_path, monkeypatch):
    (tmp_path / "Some_Thing-1.2.dist-info").mkdir()
    (tmp_path / "mine-0.1.dist-info").mkdir()
    (tmp_path / "mine-0.1.dist-info/direct_url.json").write_text(
        '{"url": "https://me:hush@example.com/mine", "vcs_info": {"commit_id": "abc"}}'
    )
    (tmp_path / "old-2.0-py3.10.egg-info").write_text("")
    later = tmp_path / "later"
    (later / "mine-9.dist-info").mkdir(parents=True)
    monkeypatch.setattr(sys, "path", [str(tmp_path), str(tmp_path / "no.zip"), str(later)])
    assert packages.installed_packages() == {
        "mine": "0.1 @ https://me:***@example.com/mine@abc",
        "old": "2.0",
        "some-thing": "1.2",
    }
