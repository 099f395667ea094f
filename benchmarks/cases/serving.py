"""The way of every case that puts a server under load."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.load import Load, drive
from benchmarks.rivals import Contestant
from benchmarks.server import Server, serving

Streams = Sequence[Iterator[bytes]]
Prepare = Callable[[Server], Streams]


def measure_rates(field: Field, loads: Mapping[str, Prepare]) -> None:
    """Put the server of every contestant, each over a fresh store, under each load in turn.

    Args:
        field: Who takes part, and where the figures go.
        loads: For each measure, what prepares a server for it and returns the requests of each connection.
    """
    with ExitStack() as stack:
        servers = start_servers(field, stack)
        for measure, prepare in loads.items():
            _measure_rate(field, servers, measure=measure, prepare=prepare)


def start_servers(field: Field, stack: ExitStack) -> dict[str, Server]:
    """Start the server of each contestant, to be ended with `stack`; one that does not start is left out."""
    servers = {}
    for contestant in field.contestants:
        field.say(f"    {contestant.title}: starting")
        with field.trying(contestant):
            servers[contestant.key] = stack.enter_context(serving(contestant))
    return servers


def checked(server: Server, streams: Streams, *, seconds: float) -> Load:
    """Drive a server for a while.

    Raises:
        BenchmarkError: It refused a request, or gave no answer in that time.
    """
    load = drive(server.address, streams, seconds=seconds)
    if load.failures:
        raise BenchmarkError(f"{load.failures} requests were refused, the first with {load.first_failure}")
    if not load.latencies:
        raise BenchmarkError(f"no answer within {seconds:g} s")
    return load


def _measure_rate(field: Field, servers: Mapping[str, Server], *, measure: str, prepare: Prepare) -> None:
    streams: dict[str, Streams] = {}
    for contestant in field.contestants:
        if contestant.key in servers:
            with field.trying(contestant):
                streams[contestant.key] = prepare(servers[contestant.key])

    def act(contestant: Contestant) -> None:
        server = servers[contestant.key]
        drive(server.address, streams[contestant.key], seconds=field.plan.warm_up)
        load = checked(server, streams[contestant.key], seconds=field.plan.seconds)
        field.record(
            measure,
            contestant,
            load.rate,
            p50_ms=load.percentile(50) * 1e3,
            p99_ms=load.percentile(99) * 1e3,
            generator_share=load.generator_share,
        )

    ready = [contestant for contestant in field.contestants if contestant.key in streams]
    field.take_turns(field.plan.rounds, act, among=ready)
