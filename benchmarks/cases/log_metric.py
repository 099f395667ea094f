"""What one `log_metric` call costs a training loop."""

from contextlib import ExitStack
from typing import Any

from benchmarks.cases.serving import start_servers
from benchmarks.field import Field
from benchmarks.rivals import Contestant
from benchmarks.server import Server
from benchmarks.training import Loop, SlowError, training

SUMMARY = "the client's `log_metric` call in a training loop: local, with a server, and with the server gone"

_SECONDS_OF_CALLS = 5.0
_SECONDS_A_PHASE = 120.0
_SECONDS_OFFLINE = 20.0


def measure(field: Field) -> None:
    """Run the loop in a process of its own, the contestants taking turns."""
    own_clients = [contestant for contestant in field.contestants if contestant.has_local_mode]
    field.say("  local, without a server")
    field.take_turns(field.plan.rounds, lambda contestant: _local(field, contestant), among=own_clients)
    with ExitStack() as stack:
        servers = start_servers(field, stack)
        ready = [contestant for contestant in field.contestants if contestant.key in servers]
        field.say("  with a server")
        field.take_turns(
            field.plan.rounds,
            lambda contestant: _remote(field, contestant, servers[contestant.key]),
            among=ready,
        )
        field.say("  with a server that goes away after the start of the run")
        field.take_turns(1, lambda contestant: _offline(field, contestant, servers[contestant.key]), among=ready)


def _local(field: Field, contestant: Contestant) -> None:
    with training(contestant, calls=field.plan.calls, seconds=_SECONDS_OF_CALLS) as loop:
        calls = _whole_run(field, contestant, loop, prefix="train.local")
        field.record("train.local.memory", contestant, calls["peak_kibibytes"] * 1024 / 1e6)


def _remote(field: Field, contestant: Contestant, server: Server) -> None:
    with training(contestant, server_uri=server.uri, calls=field.plan.calls, seconds=_SECONDS_OF_CALLS) as loop:
        _whole_run(field, contestant, loop, prefix="train.up")


def _offline(field: Field, contestant: Contestant, server: Server) -> None:
    with training(contestant, server_uri=server.uri, calls=field.plan.calls, seconds=_SECONDS_OF_CALLS) as loop:
        loop.phase("start", seconds=_SECONDS_A_PHASE)
        server.end()
        loop.go_on()
        try:
            calls = loop.phase("calls", seconds=_SECONDS_OFFLINE)
        except SlowError:
            # The first call is still waiting for the server: that is the answer, as a lower bound.
            field.record("train.down.p50", contestant, _SECONDS_OFFLINE * 1e6, at_least=True)
            field.record("train.down.p99", contestant, _SECONDS_OFFLINE * 1e6, at_least=True)
            return
        _record_calls(field, contestant, calls, prefix="train.down")


def _whole_run(field: Field, contestant: Contestant, loop: Loop, *, prefix: str) -> dict[str, Any]:
    started = loop.phase("start", seconds=_SECONDS_A_PHASE)
    field.record(f"{prefix}.start", contestant, started["seconds"] * 1e3)
    loop.go_on()
    calls = loop.phase("calls", seconds=_SECONDS_A_PHASE)
    _record_calls(field, contestant, calls, prefix=prefix)
    ended = loop.phase("end", seconds=_SECONDS_A_PHASE)
    field.record(f"{prefix}.end", contestant, ended["seconds"] * 1e3)
    return calls


def _record_calls(field: Field, contestant: Contestant, calls: dict[str, Any], *, prefix: str) -> None:
    facts = {"calls": calls["count"], "first_us": calls["first_us"]}
    field.record(f"{prefix}.p50", contestant, calls["p50_us"], **facts)
    field.record(f"{prefix}.p99", contestant, calls["p99_us"], **facts)
