"""What it costs that a server knows its users: `runs/log-batch` without them, by token and by password."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from benchmarks.cases.serving import Streams, checked, record_load, start_servers
from benchmarks.field import Field
from benchmarks.load import drive
from benchmarks.rivals import Contestant
from benchmarks.server import Server, basic
from benchmarks.workload import CONNECTIONS, counted, create_experiment, create_runs, metric

SUMMARY = "runs/log-batch over HTTP, 4 clients, 100 metrics: without users, by token, by password"

_NAME = "ada"
_PASSWORD = "a dozen words or so"
_TOKENS = "/api/assay/1/tokens/create"
_GRANTS = "/api/3.0/mlflow/users/permissions/grant"
_OPEN = "users.open"


@dataclass(frozen=True)
class _Way:
    """One way to log to one contestant's server."""

    contestant: Contestant
    server: Server
    measure: str
    streams: Streams

    @property
    def key(self) -> str:
        return f"{self.contestant.key}:{self.measure}"

    @property
    def title(self) -> str:
        return self.contestant.title


def measure(field: Field) -> None:
    """Log batches in each way in turn, so that those with users meet the same machine as those without."""
    with ExitStack() as stack:
        opened, guarded = start_servers(field, stack), start_servers(field, stack, users=True)
        ways: list[_Way] = []
        for contestant in field.contestants:
            with field.trying(contestant):
                ways += _ways(contestant, opened, guarded)
        last_open: dict[str, float] = {}

        def act(way: _Way) -> None:
            drive(way.server.address, way.streams, seconds=field.plan.warm_up)
            load = checked(way.server, way.streams, seconds=field.plan.seconds)
            record_load(field, way.contestant, load, measure=way.measure)
            if way.measure == _OPEN:
                last_open[way.contestant.key] = load.rate
            elif way.contestant.key in last_open:
                share = 100 * load.rate / last_open[way.contestant.key]
                field.record(f"{way.measure}.share", way.contestant, share)

        field.take_turns(field.plan.rounds, act, among=ways)


def _ways(contestant: Contestant, opened: Mapping[str, Server], guarded: Mapping[str, Server]) -> list[_Way]:
    """Without users, and, where the product has them, as one who may only log to the experiment."""
    ways = []
    if contestant.key in opened:
        server = opened[contestant.key]
        ways.append(_Way(contestant, server, _OPEN, _streams(server, create_experiment(server, "open"), "")))
    if contestant.key in guarded:
        server = guarded[contestant.key]
        experiment = create_experiment(server, "guarded")
        for measure, authorization in _credentials(server, experiment).items():
            ways.append(_Way(contestant, server, measure, _streams(server, experiment, authorization)))
    return ways


def _credentials(server: Server, experiment: str) -> dict[str, str]:
    """What a new user with EDIT on the experiment logs in by, for each measure."""
    server.post("users/create", {"username": _NAME, "password": _PASSWORD})
    grant = {"username": _NAME, "resource_type": "experiment", "resource_id": experiment, "permission": "EDIT"}
    server.post(_GRANTS, grant)
    ways = {}
    for login in server.contestant.logins:
        if login == "token":
            token = server.post(_TOKENS, {"name": "benchmark", "username": _NAME})["token"]
            ways["users.token"] = f"Bearer {token}"
        else:
            ways["users.password"] = basic(_NAME, _PASSWORD)
    return ways


def _streams(server: Server, experiment: str, authorization: str) -> Streams:
    points = [metric(f"metric_{key:03d}", step) for step in range(10) for key in range(10)]
    return [
        counted("runs/log-batch", {"run_id": run, "metrics": points}, authorization=authorization)
        for run in create_runs(server, experiment, CONNECTIONS)
    ]
