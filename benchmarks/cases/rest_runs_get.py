"""`runs/get` over HTTP."""

import itertools

from benchmarks.cases.serving import Streams, measure_rates
from benchmarks.field import Field
from benchmarks.server import Server
from benchmarks.workload import CONNECTIONS, create_experiment, fill, get, summaries

SUMMARY = "runs/get over HTTP, 4 clients, runs of 5 params and 5 metrics"

_RUNS = 100


def measure(field: Field) -> None:
    """Read a hundred runs again and again."""
    measure_rates(field, {"rest.get": _prepare})


def _prepare(server: Server) -> Streams:
    runs = fill(server, create_experiment(server, "get"), summaries(_RUNS))
    requests = [get("runs/get", f"run_id={run}") for run in runs]
    return [itertools.cycle(requests[place::CONNECTIONS]) for place in range(CONNECTIONS)]
