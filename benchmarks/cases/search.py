"""`runs/search` with a filter and an order."""

import itertools
from contextlib import ExitStack
from typing import Any

from benchmarks.cases.serving import checked, start_servers
from benchmarks.errors import BenchmarkError
from benchmarks.field import Field
from benchmarks.rivals import Contestant
from benchmarks.server import Server
from benchmarks.workload import Summary, create_experiment, fill, once, summaries

SUMMARY = "runs/search over HTTP, one client: filter on a metric and a param, order by a metric, 100 results"

_PAGE = 100


def measure(field: Field) -> None:
    """Search the same runs at every contestant, after checking that it finds the right ones."""
    contents = summaries(field.plan.searched)
    with ExitStack() as stack:
        servers = start_servers(field, stack)
        searches: dict[str, bytes] = {}
        for contestant in field.contestants:
            if contestant.key in servers:
                field.say(f"    {contestant.title}: creating {len(contents):,} runs")
                with field.trying(contestant):
                    searches[contestant.key] = _prepare(servers[contestant.key], contents)

        def act(contestant: Contestant) -> None:
            server, stream = servers[contestant.key], [itertools.repeat(searches[contestant.key])]
            checked(server, stream, seconds=field.plan.warm_up)
            load = checked(server, stream, seconds=field.plan.seconds)
            field.record(
                "search.p50", contestant, load.percentile(50) * 1e3, answers=len(load.latencies), refused=load.failures
            )
            field.record("search.p99", contestant, load.percentile(99) * 1e3)

        ready = [contestant for contestant in field.contestants if contestant.key in searches]
        field.take_turns(field.plan.rounds, act, among=ready)


def _prepare(server: Server, contents: list[Summary]) -> bytes:
    experiment = create_experiment(server, "search")
    fill(server, experiment, contents)
    message = {
        "experiment_ids": [experiment],
        "filter": "metrics.m0 > 0.5 and params.p0 = '3'",
        "order_by": ["metrics.m1 DESC"],
        "max_results": _PAGE,
    }
    found = [_value(run, "m1") for run in server.post("runs/search", message).get("runs", [])]
    matching = [has.metrics["m1"] for has in contents if has.metrics["m0"] > 0.5 and has.params["p0"] == "3"]
    if found != sorted(matching, reverse=True)[:_PAGE]:
        raise BenchmarkError(f"{server.contestant.title} finds {len(found)} runs, and not the right ones in order")
    return once("runs/search", message)


def _value(run: dict[str, Any], key: str) -> float:
    return next(float(point["value"]) for point in run["data"]["metrics"] if point["key"] == key)
