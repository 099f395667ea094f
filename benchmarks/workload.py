"""The requests that every contestant gets: the same bodies, made before the clock runs.

Two identical points count once in MLflow, so a body that is sent many times holds a counter of seven digits, the only
part that changes; it is replaced in the finished bytes, which costs next to nothing.
"""

import itertools
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.load import drive
from benchmarks.server import API, Server

CONNECTIONS = 4

_COUNTER = "@COUNT@"
_FIRST_COUNT = 1_000_000
_NUMBER = re.compile(r'"#([^"]*)"')


def once(operation: str, message: dict[str, Any], *, authorization: str = "") -> bytes:
    """A request with a JSON body."""
    return _post(operation, json.dumps(message).encode(), authorization=authorization)


def get(operation: str, query: str) -> bytes:
    """A request without a body."""
    return f"GET {API}{operation}?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()


def counted(
    operation: str, message: dict[str, Any], *, first: int = _FIRST_COUNT, authorization: str = ""
) -> Iterator[bytes]:
    """Endless requests, each with the next count in the place of every counter."""
    body = _NUMBER.sub(r"\1", json.dumps(message)).encode()
    template = _post(operation, body, authorization=authorization)
    counter = _COUNTER.encode()
    for count in itertools.count(first):
        yield template.replace(counter, b"%07d" % count)


def metric(key: str, step: int) -> dict[str, Any]:
    """A point whose value, time and step go with the counter; `step` tells points of one body apart."""
    return {
        "key": key,
        "value": f"#0.{step % 1000:03d}{_COUNTER}",
        "timestamp": f"#170000{_COUNTER}",
        "step": f"#{_COUNTER}{step:03d}",
    }


def param(index: int) -> dict[str, Any]:
    """A parameter whose name goes with the counter, for a run keeps the first value of a name."""
    return {"key": f"param_{_COUNTER}_{index:03d}", "value": f"{index / 7:.6f}"}


def run_request(experiment: str, *, authorization: str = "") -> bytes:
    """A request that creates a run with the tags that a client sends."""
    tags = {"mlflow.user": "ada", "mlflow.source.name": "train.py", "mlflow.source.type": "LOCAL"}
    return once(
        "runs/create",
        {
            "experiment_id": experiment,
            "start_time": 1_700_000_000_000,
            "tags": [{"key": key, "value": value} for key, value in tags.items()],
        },
        authorization=authorization,
    )


def create_experiment(server: Server, name: str) -> str:
    """Create an experiment and return its id."""
    identifier: str = server.post("experiments/create", {"name": name})["experiment_id"]
    return identifier


def create_runs(server: Server, experiment: str, count: int) -> list[str]:
    """Create runs and return their ids."""
    request = run_request(experiment, authorization=server.authorization)
    load = drive(server.address, _shared([request] * count), keep=True)
    _demand(server, load.failures, load.first_failure)
    return [json.loads(body)["run"]["info"]["run_id"] for body in load.bodies]


@dataclass(frozen=True)
class Summary:
    """What a finished run of the search benchmark has."""

    params: dict[str, str]
    metrics: dict[str, float]


def summaries(count: int) -> list[Summary]:
    """The same runs each time: five params of few values, five metrics between 0 and 1."""
    source = random.Random(2000)
    return [
        Summary(
            params={f"p{place}": str((index + place) % 8) for place in range(5)},
            metrics={f"m{place}": round(source.random(), 6) for place in range(5)},
        )
        for index in range(count)
    ]


def fill(server: Server, experiment: str, contents: list[Summary]) -> list[str]:
    """Create runs with these params and metrics and return their ids."""
    runs = create_runs(server, experiment, len(contents))
    load = drive(server.address, _shared([_batch(run, has) for run, has in zip(runs, contents, strict=True)]))
    _demand(server, load.failures, load.first_failure)
    return runs


def _batch(run: str, has: Summary) -> bytes:
    points = [
        {"key": key, "value": value, "timestamp": 1_700_000_000_000, "step": 1} for key, value in has.metrics.items()
    ]
    params = [{"key": key, "value": value} for key, value in has.params.items()]
    return once("runs/log-batch", {"run_id": run, "metrics": points, "params": params})


def _shared(requests: list[bytes]) -> list[Iterator[bytes]]:
    # One iterator for all connections: whichever is free takes the next request.
    queue = iter(requests)
    return [queue] * CONNECTIONS


def _post(operation: str, body: bytes, *, authorization: str) -> bytes:
    # The counter is as wide as the seven digits that replace it, so the length holds for every count.
    said = f"Authorization: {authorization}\r\n" if authorization else ""
    head = (
        f"POST {API}{operation} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{said}"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _demand(server: Server, failures: int, first_failure: str) -> None:
    if failures:
        raise BenchmarkError(f"{server.contestant.title} refused {failures} requests, the first: {first_failure}")
