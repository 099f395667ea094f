"""Play the requests in `tests/wire/golden/*.json` to MLflow's own server, and write down its answers beside them.

Each file is played to a server of its own, with an empty store. New exchanges are written by hand, without an answer.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.testing.golden import Player, dump, load

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
GOLDEN = REPOSITORY / "tests" / "wire" / "golden"
_START_SECONDS = 90.0
_COMMAND = """
import sys
from pathlib import Path
from benchmarks.rivals.mlflow import MLflow
mlflow = MLflow(workers=1)
mlflow.install()
print("\\n".join(["", "command:", *mlflow.server_command(Path(sys.argv[1]), port=int(sys.argv[2]))]))
"""


@contextmanager
def mlflow_server() -> Iterator[int]:
    """The port of MLflow's server over an empty store."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        told = subprocess.run(
            [sys.executable, "-c", _COMMAND, directory, str(port)],
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=True,
        )
        command = told.stdout.partition("\ncommand:\n")[2].split()
        environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
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
    exchanges = load(path)
    with mlflow_server() as port:
        player = Player("127.0.0.1", port)
        for exchange in exchanges:
            exchange.answer = player.play(exchange.request)
    dump(path, exchanges)
    return len(exchanges)


def main() -> None:
    """Record the scenarios named on the command line, or all of them."""
    names = sys.argv[1:] or sorted(path.stem for path in GOLDEN.glob("*.json"))
    for name in names:
        print(f"{name}: {record(GOLDEN / f'{name}.json')} exchanges", flush=True)


if __name__ == "__main__":
    main()
