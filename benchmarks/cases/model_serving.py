"""How long the server of a model takes to its first prediction, and how many it makes."""

import http.client
import itertools
import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.cases.serving import record_load
from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.load import drive
from benchmarks.processes import log_tail, sandbox
from benchmarks.rivals import Contestant
from benchmarks.server import free_port

SUMMARY = "`models serve` of a small scikit-learn model: start to the first prediction, and predictions under load"

_SCRIPT = Path(__file__).resolve().parents[1] / "loops" / "model.py"
_SECONDS_TO_START = 120.0
_LOADS = {
    "model.one.1": (1, 1),
    "model.one.8": (1, 8),
    "model.thousand.1": (1000, 1),
    "model.thousand.8": (1000, 8),
}
"""For each measure, rows in a request and connections."""


def measure(field: Field) -> None:
    """Start the server of each contestant that has one, and put it under each load in turn."""
    with ExitStack() as stack:
        ports: dict[str, int] = {}
        for contestant in field.contestants:
            if contestant.has_local_mode:
                with field.trying(contestant):
                    ports[contestant.key] = stack.enter_context(_serving(field, contestant))
        ready = [contestant for contestant in field.contestants if contestant.key in ports]
        for name, (rows, connections) in _LOADS.items():

            def act(contestant: Contestant, *, name: str = name, rows: int = rows, many: int = connections) -> None:
                address = ("127.0.0.1", ports[contestant.key])
                streams = [itertools.repeat(_request(rows)) for _ in range(many)]
                drive(address, streams, seconds=field.plan.warm_up)
                load = drive(address, streams, seconds=field.plan.seconds)
                if not load.latencies:
                    raise BenchmarkError(f"no good answer: {load.first_failure}")
                record_load(field, contestant, load, measure=name)

            field.take_turns(field.plan.rounds, act, among=ready)


@contextmanager
def _serving(field: Field, contestant: Contestant) -> Iterator[int]:
    """The port of a server of a model; its start is recorded."""
    with sandbox() as place:
        model = place.directory / "model"
        command = [str(contestant.python), str(_SCRIPT), contestant.client, str(model)]
        made = subprocess.run(command, env=place.environment, capture_output=True, text=True, check=False)
        if made.returncode:
            raise BenchmarkError(f"{contestant.title} cannot save a model:\n{made.stderr[-1000:]}")
        port = free_port()
        options = ["models", "serve", "-m", str(model), "-p", str(port), "--env-manager", "local"]
        log = place.directory / "serving.log"
        begun = time.perf_counter()
        path = f"PATH={contestant.python.parent}:{place.environment['PATH']}"  # MLflow's command starts uvicorn by name
        process = place.start(["env", path, str(contestant.python), "-m", contestant.client, *options], log=log)
        _wait(process, port, log, deadline=begun + _SECONDS_TO_START)
        field.record("model.start", contestant, (time.perf_counter() - begun) * 1e3)
        field.record("model.memory", contestant, place.memory().resident / 1e6)
        yield port


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path, *, deadline: float) -> None:
    body = json.dumps(_content(1))
    while time.perf_counter() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("POST", "/invocations", body, {"Content-Type": "application/json"})
            if connection.getresponse().status == http.HTTPStatus.OK:
                return
        except OSError:
            time.sleep(0.02)
        finally:
            connection.close()
    raise BenchmarkError(f"the server of the model does not answer:\n{log_tail(log)}")


def _content(rows: int) -> dict[str, object]:
    data = [[row % 7 - 3.0, row % 5 - 2.0, 0.5, 0.25] for row in range(rows)]
    return {"dataframe_split": {"columns": ["a", "b", "c", "d"], "data": data}}


def _request(rows: int) -> bytes:
    body = json.dumps(_content(rows)).encode()
    head = "POST /invocations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
    return f"{head}{len(body)}\r\n\r\n".encode() + body
