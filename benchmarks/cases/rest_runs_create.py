"""`runs/create` over HTTP."""

import itertools

from benchmarks.cases.serving import Streams, measure_rates
from benchmarks.field import Field
from benchmarks.server import Server
from benchmarks.workload import CONNECTIONS, create_experiment, run_request

SUMMARY = "runs/create over HTTP, 4 clients, one experiment, 3 tags"


def measure(field: Field) -> None:
    """Create runs in one experiment."""
    measure_rates(field, {"rest.create": _prepare})


def _prepare(server: Server) -> Streams:
    request = run_request(create_experiment(server, "create"))
    return [itertools.repeat(request) for _ in range(CONNECTIONS)]
