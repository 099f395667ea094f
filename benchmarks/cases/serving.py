"""The way of every case that puts a server under load."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.load import Load, drive
from benchmarks.measures import MEASURES
from benchmarks.rivals import Contestant
from benchmarks.server import Server, serving

Streams = Sequence[Iterator[bytes]]
Prepare = Callable[[Server], Streams]

_SECONDS_TO_SETTLE = 60.0


def measure_rates(field: Field, loads: Mapping[str, Prepare]) -> None:
    """Put the server of every contestant, each over a fresh store, under each load in turn.

    Args:
        field: Who takes part, and where the figures go.
        loads: For each measure, what prepares a server for it and returns the requests of each connection.
    """
    with ExitStack() as stack:
        servers = start_servers(field, stack)
        for measure, prepare in loads.items():
            field.doing = MEASURES[measure].title
            _measure_rate(field, servers, measure=measure, prepare=prepare)


def start_servers(field: Field, stack: ExitStack, *, users: bool = False) -> dict[str, Server]:
    """Start the server of each contestant, to be ended with `stack`; one that does not start is left out.

    With `users` those that have them start theirs with users, and the others none.
    """
    servers = {}
    for contestant in field.contestants:
        if users and not contestant.logins:
            continue
        field.say(f"    {contestant.title}: starting{' with users' if users else ''}")
        with field.trying(contestant):
            server = stack.enter_context(serving(contestant, users=users))
            busy = server.place.wait_until_quiet(seconds=_SECONDS_TO_SETTLE)
            field.say(f"    {contestant.title}: ready, using {busy:.0%} of a core while idle")
            servers[contestant.key] = server
    return servers


def checked(server: Server, streams: Streams, *, seconds: float) -> Load:
    """Drive a server for a while.

    Raises:
        BenchmarkError: It gave no good answer in that time.
    """
    load = drive(server.address, streams, seconds=seconds)
    if not load.latencies:
        reason = f": {load.failures} refused, the first with {load.first_failure}" if load.failures else ""
        raise BenchmarkError(f"no good answer within {seconds:g} s{reason}")
    return load


def record_load(field: Field, contestant: Contestant, load: Load, *, measure: str) -> None:
    """Write down the rate of a load, and its latencies beside it."""
    field.record(
        measure,
        contestant,
        load.rate,
        p50_ms=load.percentile(50) * 1e3,
        p99_ms=load.percentile(99) * 1e3,
        generator_share=load.generator_share,
        refused=load.failures,
        first_refused=load.first_failure,
    )


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
        record_load(field, contestant, load, measure=measure)

    ready = [contestant for contestant in field.contestants if contestant.key in streams]
    field.take_turns(field.plan.rounds, act, among=ready)
