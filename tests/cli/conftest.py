"""The command as a user types it, and a store with runs in it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import assay
from assay.cli.main import main
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.testing.server import running_server

ADMIN_PASSWORD = "the admin's own words"


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass


class Result:
    def __init__(self, code, output, error):
        self.code = code
        self.output = output
        self.error = error

    @property
    def lines(self):
        return self.output.splitlines()


@pytest.fixture
def run(capfd):
    """Run a command in this process; what it printed, and its exit status."""

    def run(*arguments):
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        printed = capfd.readouterr()
        return Result(ended.value.code, printed.out, printed.err)

    return run


@pytest.fixture
def shell(tmp_path):
    """Run a command line in a shell, as a process of its own."""

    def shell(line):
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", line], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return shell


@pytest.fixture
def client():
    return assay.Client()


@pytest.fixture
def sweep(client):
    """An experiment with three runs, the third deleted: (experiment id, run ids)."""
    experiment = client.create_experiment("sweep")
    runs = []
    for n, loss in enumerate((0.5, 0.25, 0.125)):
        created = client.create_run(experiment, start_time=1_700_000_000_000 + n * 1000, run_name=f"trial-{n}")
        runs.append(created.info.run_id)
        client.log_metric(runs[-1], "loss", loss)
        client.log_param(runs[-1], "depth", n)
        client.set_tag(runs[-1], "owner", "me")
        client.log_text(runs[-1], f"note {n}", "notes/note.txt")
        client.set_terminated(runs[-1], end_time=1_700_000_060_000)
    client.delete_run(runs[2])
    return experiment, runs


@pytest.fixture(scope="session")
def server_with_users(tmp_path_factory):
    """One for all tests: each makes users of its own."""
    directory = tmp_path_factory.mktemp("secure")
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_password=ADMIN_PASSWORD),
    )
    with running_server(directory, config) as server:
        yield server


@pytest.fixture
def log_in(server_with_users, monkeypatch):
    """Have commands speak to the server as somebody, by a password or a token."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server_with_users.url)

    def log_in(username, password):
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", username)
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", password)

    return log_in


@pytest.fixture
def as_admin(log_in):
    log_in("admin", ADMIN_PASSWORD)


@pytest.fixture
def add_user(run, as_admin):
    """Add a user; what it logs in by."""

    def add_user(name, *options):
        made = run("users", "create", name, "--generate", *options)
        assert made.code == 0, made.error
        return made.output.strip()

    return add_user
