"""How long a server takes to its first answers over a new store, and what it holds in memory when idle."""

from collections.abc import Sequence

from benchmarks.field import Field
from benchmarks.rivals import CONTESTANTS, Contestant
from benchmarks.server import serving

SUMMARY = "server start over a new store to the first answers, and memory once idle"

_SECONDS_TO_SETTLE = 60.0


def measure(field: Field) -> None:
    """Start each server several times; MLflow also with a single worker."""

    def act(contestant: Contestant) -> None:
        with serving(contestant) as server:
            field.record("server.start.health", contestant, server.health_after * 1e3)
            field.record("server.start.search", contestant, server.search_after * 1e3)
            server.place.wait_until_quiet(seconds=_SECONDS_TO_SETTLE)
            memory = server.place.memory()
            field.record("server.memory.resident", contestant, memory.resident / 1e6, processes=memory.processes)
            field.record("server.memory.proportional", contestant, memory.proportional / 1e6)

    field.take_turns(field.plan.starts, act, among=_with_single_worker(field.contestants))


def _with_single_worker(contestants: Sequence[Contestant]) -> list[Contestant]:
    keys = [contestant.key for contestant in contestants]
    wanted = "mlflow" in keys and "mlflow-1" not in keys
    return [*contestants, CONTESTANTS["mlflow-1"]] if wanted else list(contestants)
