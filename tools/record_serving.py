"""Ask MLflow's own model server what `tests/serving/exchanges.py` asks; its answers go into `recorded.json` there.

Of an error, status and code are kept; its words are MLflow's.
"""

from __future__ import annotations

import http.client
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.testing.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[1]
TESTS = REPOSITORY / "tests" / "serving"
_START_SECONDS = 120.0
_PYTHON = """
from benchmarks.rivals.mlflow import MLflow
mlflow = MLflow(workers=1)
mlflow.install()
print("\\npython:" + str(mlflow.python))
"""


def mlflow_python() -> str:
    """The interpreter of an environment with MLflow."""
    told = subprocess.run([sys.executable, "-c", _PYTHON], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return told.stdout.partition("\npython:")[2].strip()


@contextmanager
def model_server(python: str, model: Path) -> Iterator[int]:
    """The port of MLflow's server of a model."""
    port = free_port()
    options = ["-m", str(model), "-p", str(port), "--env-manager", "local"]
    with subprocess.Popen(
        [python, "-m", "mlflow", "models", "serve", *options],
        env={**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "PATH": f"{Path(python).parent}:{os.environ['PATH']}"},
        cwd=model.parent,
        stdout=subprocess.DEVNULL,
        stderr=(model.parent / f"{model.name}.log").open("w"),
        start_new_session=True,
    ) as process:
        try:
            _wait(port)
            yield port
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait(port: int) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def answer(port: int, asked: Any) -> dict[str, Any]:
    """What is kept of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {} if asked.content_type is None else {"Content-Type": asked.content_type}
    body = asked.body.encode() if isinstance(asked.body, str) else asked.body
    connection.request(asked.method, asked.path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    kept: dict[str, Any] = {"status": response.status}
    if response.status == http.HTTPStatus.OK and asked.path != "/invocations":
        return {**kept, "text": text}
    if response.headers.get("content-type") != "application/json":
        return kept
    content = json.loads(text)
    return kept | {name: content[name] for name in ("predictions", "error_code") if name in content}


def main() -> None:
    """Record every answer."""
    sys.path.insert(0, str(TESTS))
    exchanges = importlib.import_module("exchanges").EXCHANGES
    python = mlflow_python()
    recorded: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([python, TESTS / "made_models.py", "mlflow", directory], check=True, capture_output=True)
        for model in sorted({asked.model for asked in exchanges.values()}):
            print(model)
            with model_server(python, Path(directory) / model) as port:
                recorded |= {name: answer(port, asked) for name, asked in exchanges.items() if asked.model == model}
    lines = [f"{json.dumps(name)}: {json.dumps(recorded[name], ensure_ascii=False)}" for name in exchanges]
    (TESTS / "recorded.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
