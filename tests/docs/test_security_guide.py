"""What the guide on users shows does what it says, against a server with users."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import assay
from assay.core.errors import PermissionDenied
from assay.testing.processes import ServerProcess

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "security.md"
SERVED = PAGE.read_text("utf-8").partition("## Users\n")[2]
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", SERVED, re.DOTALL | re.MULTILINE)
PASSWORD = "the password of the administrator"


@pytest.fixture
def server(tmp_path):
    running = ServerProcess(tmp_path, "--auth", environment={"MLFLOW_AUTH_ADMIN_PASSWORD": PASSWORD})
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide shows curl")
def test_the_commands_of_the_guide_do_what_it_says(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "admin")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", PASSWORD)
    assert assay.Client(server.url).create_experiment("churn") == "1"
    script = "\n".join([*BLOCKS, "echo TOKEN=$TOKEN"]).replace("https://tracking.example", server.url)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "'ada' has EDIT on experiment '1'." in done.stdout
    assert "all as they were written" in done.stdout
    assert "User 'admin' has a new password." in done.stderr
    token = re.search(r"^TOKEN=(assay_.+)$", done.stdout, re.MULTILINE)[1]
    monkeypatch.delenv("MLFLOW_TRACKING_USERNAME")
    monkeypatch.delenv("MLFLOW_TRACKING_PASSWORD")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
    client = assay.Client(server.url)
    run = client.create_run("1")
    client.log_metric(run.info.run_id, "loss", 0.5)
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 0.5}
    with pytest.raises(PermissionDenied, match="append"):
        client.delete_run(run.info.run_id)
