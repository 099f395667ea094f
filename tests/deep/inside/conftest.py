"""A library whose state is as new for every test; processes with MLflow alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass


def _run(code, directory, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=directory,
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture
def in_process(tmp_path):
    """Run Python code, with arguments, in a process of its own; what it printed."""
    return lambda code, *arguments: _run(code, tmp_path, *arguments)


@pytest.fixture(scope="session")
def answers_in():
    """Run Python code in a directory, in a process of its own; the JSON that it printed after `answers:`."""
    return lambda directory, code: json.loads(_run(code, directory).partition("answers:")[2])
