"""What the guide on users shows does what it says, against a server with users."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import assay
from assay.core.errors import PermissionDenied
from assay.testing.processes import ServerProcess

PAGE = Path(__file__).parents[2] / "docs" / "guide" / "security.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
ADMIN = "admin:the password of the administrator"


@pytest.fixture
def server(tmp_path):
    password = ADMIN.partition(":")[2]
    running = ServerProcess(tmp_path, "--auth", environment={"MLFLOW_AUTH_ADMIN_PASSWORD": password})
    try:
        yield running.start()
    finally:
        running.kill()


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide shows curl")
def test_the_commands_of_the_guide_do_what_it_says(server, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "admin")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", ADMIN.partition(":")[2])
    assert assay.Client(server.url).create_experiment("churn") == "1"
    script = "\n".join(block for block in BLOCKS if "curl" in block).replace("https://tracking.example", server.url)
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert '{"allowed":true,"permission":"EDIT"}' in done.stdout
    token = re.search(r'"token":"(assay_[^"]+)"', done.stdout)[1]
    monkeypatch.delenv("MLFLOW_TRACKING_USERNAME")
    monkeypatch.delenv("MLFLOW_TRACKING_PASSWORD")
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", token)
    client = assay.Client(server.url)
    run = client.create_run("1")
    client.log_metric(run.info.run_id, "loss", 0.5)
    assert client.get_run(run.info.run_id).data.metrics == {"loss": 0.5}
    with pytest.raises(PermissionDenied, match="append"):
        client.delete_run(run.info.run_id)
