"""Play the requests in `tests/wire/golden/*.json` to MLflow's own server, and write down its answers beside them.

Each file is played to a server of its own, with an empty store, of the version that the file names. New exchanges are
written by hand, without an answer.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.testing.environments import made_environment
from assay.testing.golden import ADMIN, Player, Scenario, dump, load, password_of
from assay.testing.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
GOLDEN = REPOSITORY / "tests" / "wire" / "golden"
_START_SECONDS = 90.0
_USERS = f"""\
[mlflow]
default_permission = NO_PERMISSIONS
database_uri = sqlite:///users.db
admin_username = {ADMIN}
admin_password = {password_of(ADMIN)}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
"""


@contextmanager
def mlflow_server(scenario: Scenario) -> Iterator[int]:
    """The port of MLflow's server over an empty store."""
    python = made_environment(f"mlflow[auth]=={scenario.mlflow}", under=REPOSITORY / ".cache")
    port = free_port()
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "users.ini").write_text(_USERS, encoding="utf-8")
        command = [
            *(python.with_name("mlflow"), "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
            *("--backend-store-uri", f"sqlite:///{directory}/mlflow.db"),
            *("--artifacts-destination", f"{directory}/artifacts"),
            *(("--app-name", "basic-auth") if scenario.users else ()),
        ]
        environment = {
            **os.environ,
            "PYTHONPATH": "",  # a checkout may have another `mlflow` there
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "MLFLOW_AUTH_CONFIG_PATH": f"{directory}/users.ini",
            "MLFLOW_FLASK_SERVER_SECRET_KEY": "for a minute",
        }
        with subprocess.Popen(
            command,
            cwd=directory,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                _wait_until_healthy(port)
                yield port
            finally:
                os.killpg(process.pid, signal.SIGKILL)


def _wait_until_healthy(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def record(path: Path) -> int:
    """Record one scenario anew; returns how many exchanges it has."""
    scenario = load(path)
    with mlflow_server(scenario) as port:
        player = Player("127.0.0.1", port)
        for exchange in scenario.exchanges:
            exchange.answer = player.play(exchange.request)
    dump(path, scenario)
    return len(scenario.exchanges)


def main() -> None:
    """Record the scenarios named on the command line, or all of them."""
    names = sys.argv[1:] or sorted(path.stem for path in GOLDEN.glob("*.json"))
    for name in names:
        print(f"{name}: {record(GOLDEN / f'{name}.json')} exchanges", flush=True)


if __name__ == "__main__":
    main()
