"""The command line of the benchmarks of the web UI."""

import argparse
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from benchmarks.field import Notes
from benchmarks.report import Report, machine
from benchmarks.ui.browser import chromium
from benchmarks.ui.cases import ONCE, REPEATED, Case, Room, carefully
from benchmarks.ui.data import Order
from benchmarks.ui.measures import MEASURES
from benchmarks.ui.products import PRODUCTS, Product
from benchmarks.ui.stores import Served, serving

_OUT = Path(__file__).resolve().parents[1] / "out"
_CASES = {case.__name__: case for case in (*REPEATED, *ONCE)}


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        rounds: How often each visit is repeated, the products taking turns; the median counts.
        runs: How many runs the sweep has, where the product can be given as many in reasonable time.
        points: How many points the long curve has, where it can be given as many.
        seconds: How long putting in the sweep, and the curve, may take.
        patience: How long to wait for a page, in seconds.
    """

    rounds: int = 5
    runs: int = 10_000
    points: int = 1_000_000
    seconds: float = 180.0
    patience: float = 120.0


QUICK = Plan(rounds=1, runs=300, points=60_000)


def main() -> int:
    """Fill every product, visit its pages, write the report, and say what it is.

    Returns:
        0.
    """
    options = _options()
    plan = QUICK if options.quick else Plan(rounds=options.rounds, runs=options.runs, points=options.points)
    notes = Notes(measures=MEASURES)
    begun = time.monotonic()
    with ExitStack() as stack:
        servers = [served for product in options.products for served in _served(product, plan, notes, stack)]
        if not options.load_only:
            room = Room(stack.enter_context(chromium()), notes, plan.patience)
            _visit(room, servers, rounds=plan.rounds, only=options.only)
    if options.load_only:
        print(f"Took {time.monotonic() - begun:.0f} s.")
        return 0
    report = Report(
        notes.figures(),
        notes.troubles,
        asdict(plan),
        machine(),
        heading=_heading(plan),
        known=MEASURES,
        titles={key: product.title for key, product in PRODUCTS.items()},
        compared=tuple(PRODUCTS),
        remarks=_remarks(servers, room),
    )
    written = report.write(_OUT, name="-ui")
    print(f"\n{written.read_text()}\nTook {time.monotonic() - begun:.0f} s. Written: {written}, {written.stem}.json")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Measure Assay's web UI beside its rivals' over the same data, in one browser.",
        epilog="\n".join(f"  {name:<14}{case.__doc__}" for name, case in _CASES.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--products", type=_products, default=",".join(PRODUCTS), help=f"of {', '.join(PRODUCTS)}")
    parser.add_argument("--only", nargs="+", choices=_CASES, default=list(_CASES), metavar="CASE")
    parser.add_argument("--rounds", type=int, default=Plan.rounds)
    parser.add_argument("--runs", type=int, default=Plan.runs, help="runs of the sweep; Aim and Trackio get 2,000")
    parser.add_argument("--points", type=int, default=Plan.points, help="points of the long curve")
    parser.add_argument("--load-only", action="store_true", help="put the data in, to measure later")
    parser.add_argument("--quick", action="store_true", help="one round over little data, to see that it works")
    return parser.parse_args()


def _products(text: str) -> list[Product]:
    unknown = [key for key in text.split(",") if key not in PRODUCTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(PRODUCTS)}")
    return [PRODUCTS[key] for key in text.split(",")]


def _served(product: Product, plan: Plan, notes: Notes, stack: ExitStack) -> list[Served]:
    notes.doing = "its data"
    notes.say(f"{product.title}: filling and starting")
    order = Order(min(plan.runs, product.most_runs), plan.points, plan.seconds)
    with notes.trying(product):
        product.install()
        return [stack.enter_context(serving(product, order))]
    return []


def _visit(room: Room, servers: Sequence[Served], *, rounds: int, only: Sequence[str]) -> None:
    by_key = {served.product.key: served for served in servers}
    for name, case in _CASES.items():
        if name not in only:
            continue
        room.notes.doing = name
        room.notes.say(f"{name}: {case.__doc__}")

        act = partial(_act, case, room, by_key)
        rounds_of_it = rounds if case in REPEATED else 1
        room.notes.take_turns(rounds_of_it, act, among=[served.product for served in servers])
    for served in servers:
        room.notes.record("visit.hosts", served.product, len(room.hosts[served.product.key]))


def _act(case: Case, room: Room, servers: Mapping[str, Served], product: Product) -> None:
    carefully(case, room, servers[product.key])


def _heading(plan: Plan) -> str:
    rough = " Quick, too rough to quote." if plan == QUICK else ""
    return (
        f"Web UIs in headless Chromium at 1440 x 900, drawn without a GPU; each visit in a fresh profile; median of "
        f"{plan.rounds} visits, the products taking turns.{rough}"
    )


def _remarks(servers: Sequence[Served], room: Room) -> str:
    lines = []
    for served in servers:
        loaded = served.loaded
        hosts = ", ".join(sorted(room.hosts[served.product.key])) or "none"
        lines.append(
            f"- {served.product.title}: a sweep of {loaded['many_count']:,} runs, a curve of {loaded['points']:,} "
            f"points, put in within {loaded['seconds_to_load']:,.0f} s; other hosts asked: {hosts}"
        )
    return "\n".join(["## What each holds", "", *lines])
