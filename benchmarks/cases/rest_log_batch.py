"""`runs/log-batch` over HTTP."""

import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from benchmarks.cases.serving import Streams, measure_rates
from benchmarks.field import Field
from benchmarks.server import Server
from benchmarks.workload import CONNECTIONS, counted, create_experiment, create_runs, metric, param

SUMMARY = "runs/log-batch over HTTP, 4 clients: 100 and 1,000 metrics, 100 params"

# A run has its params once; so that none grows without end, each client goes through this many runs again and again.
_RUNS_WITH_PARAMS = 64


def measure(field: Field) -> None:
    """Log batches, each client to runs of its own."""
    measure_rates(
        field,
        {
            "rest.batch.metrics_100": partial(_metrics, keys=10, steps=10),
            "rest.batch.keys_100": partial(_metrics, keys=100, steps=1),
            "rest.batch.metrics_1000": partial(_metrics, keys=10, steps=100),
            "rest.batch.params_100": _params,
        },
    )


def _metrics(server: Server, *, keys: int, steps: int) -> Streams:
    experiment = create_experiment(server, f"log-batch, {keys} keys, {steps} steps")
    points = [metric(f"metric_{key:03d}", step) for step in range(steps) for key in range(keys)]
    runs = create_runs(server, experiment, CONNECTIONS)
    return [counted("runs/log-batch", {"run_id": run, "metrics": points}) for run in runs]


def _params(server: Server) -> Streams:
    runs = create_runs(server, create_experiment(server, "params"), _RUNS_WITH_PARAMS * CONNECTIONS)
    params = [param(index) for index in range(100)]
    return [_round_robin(runs[place::CONNECTIONS], params) for place in range(CONNECTIONS)]


def _round_robin(runs: Sequence[str], params: list[dict[str, Any]]) -> Iterator[bytes]:
    streams = [counted("runs/log-batch", {"run_id": run, "params": params}) for run in runs]
    return (next(stream) for stream in itertools.cycle(streams))
