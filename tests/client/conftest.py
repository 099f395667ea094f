"""A process whose library state is as new for every test, and servers that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import assay
from assay.client import connection
from assay.client.fluent import experiments, runs
from assay.journal.locks import is_held
from assay.journal.spool import Spool
from assay.testing.processes import ServerProcess
from assay.testing.server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _fresh_library(_own_environment: None, tmp_path: Path) -> Iterator[None]:
    """No active run, experiment or connection is left over, and no helper process."""
    experiments._active = None
    yield
    for run in reversed(runs._open.copy()):
        runs.end(run, "FINISHED")
    runs._stack.runs.clear()
    runs._last_run_id = None
    experiments._active = None
    connection._close_all()
    for name in ("ASSAY_TRACKING_URI", "ASSAY_EXPERIMENT_ID", "ASSAY_EXPERIMENT_NAME"):
        os.environ.pop(name, None)
        os.environ.pop(name.replace("ASSAY", "MLFLOW"), None)
    for address in tmp_path.glob("**/server.json"):
        lock = address.with_name("helper.lock")
        if Spool(address.parent).size():  # a helper that was started a moment ago may not hold its lock yet
            wait_until(lambda lock=lock: lock.exists() and lock.read_text())
        if is_held(lock):
            end_process(int(lock.read_text()))


def end_process(pid: int) -> None:
    """Kill a process of this test, if it still runs."""
    if pid:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def wait_until(condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Return once the condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} seconds"
        time.sleep(0.05)


@pytest.fixture
def server_process(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server that is not started yet."""
    server = ServerProcess(tmp_path / "server", "--no-access-log")
    yield server
    server.kill()


@pytest.fixture
def until() -> Callable[..., None]:
    return wait_until


@pytest.fixture
def end() -> Callable[[int], None]:
    return end_process


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of one server for all tests that only add to it."""
    directory = tmp_path_factory.mktemp("shared-server")
    with running_server(directory) as server:
        yield server.url


@pytest.fixture(params=["local", "server"])
def tracked(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A tracking URI in use, of a local store and of a server; its experiment is the test's own."""
    uri = str(tmp_path / "mlruns") if request.param == "local" else request.getfixturevalue("shared_server")
    assay.set_tracking_uri(uri)
    assay.set_experiment(f"{request.node.name}-{os.urandom(4).hex()}")
    return uri


@pytest.fixture
def script(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python source in a process of its own."""

    def run(source: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", source, *arguments],
            env={**os.environ, **environment},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
