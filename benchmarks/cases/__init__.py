"""The cases, in the order in which they run."""

from benchmarks.cases import (
    artifacts,
    autolog,
    import_time,
    log_metric,
    model_serving,
    rest_log_batch,
    rest_log_metric,
    rest_runs_create,
    rest_runs_get,
    rest_users,
    search,
    server_start,
)
from benchmarks.cases.base import Case

CASES: dict[str, Case] = {
    "import_time": import_time,
    "server_start": server_start,
    "log_metric": log_metric,
    "autolog": autolog,
    "model_serving": model_serving,
    "rest_runs_create": rest_runs_create,
    "rest_log_metric": rest_log_metric,
    "rest_log_batch": rest_log_batch,
    "rest_users": rest_users,
    "rest_runs_get": rest_runs_get,
    "search": search,
    "artifacts": artifacts,
}
