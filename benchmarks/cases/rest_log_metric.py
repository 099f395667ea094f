"""`runs/log-metric` over HTTP."""

from benchmarks.cases.serving import Streams, measure_rates
from benchmarks.field import Field
from benchmarks.server import Server
from benchmarks.workload import CONNECTIONS, counted, create_experiment, create_runs, metric

SUMMARY = "runs/log-metric over HTTP, 4 clients with a run each, one metric a request"


def measure(field: Field) -> None:
    """Log the steps of one key, each client to a run of its own."""
    measure_rates(field, {"rest.log_metric": _prepare})


def _prepare(server: Server) -> Streams:
    runs = create_runs(server, create_experiment(server, "log-metric"), CONNECTIONS)
    return [counted("runs/log-metric", {"run_id": run, **metric("loss", 0)}) for run in runs]
