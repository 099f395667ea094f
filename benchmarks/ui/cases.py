"""What is done in the browser with each product, and what is written down."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from benchmarks.errors import BenchmarkError
from benchmarks.field import Notes
from benchmarks.ui.browser import SlowPageError, Visit, visiting
from benchmarks.ui.data import CURVES, many_runs
from benchmarks.ui.stores import Served

_CHOICES = 8  # values that a param of the sweep has
_REST = 30.0
_KILO = 1000.0


@dataclass(frozen=True)
class Room:
    """Where a case works.

    Attributes:
        browser: The browser.
        notes: Where figures go.
        patience: Seconds to wait for a page.
        hosts: Other hosts that each product has asked so far.
        app: The addresses that make up the run table of a product, without data, once known.
    """

    browser: Browser
    notes: Notes
    patience: float
    hosts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    app: dict[str, set[str]] = field(default_factory=dict)


Case = Callable[[Room, Served], None]


def first_visit(room: Room, served: Served) -> None:
    """The run table of 40 runs: until its first rows, and all that came with it."""
    with visiting(room.browser) as visit:
        took = _open_table(room, served, visit, "few")
        requests = visit.traffic.all()
        by_then = sum(asked.at <= requests[0].at + took / 1e3 for asked in requests)
        visit.rest()
        product, traffic = served.product, visit.traffic
        room.notes.record("visit.app", product, traffic.bytes(data=False) / _KILO)
        room.notes.record("visit.all", product, traffic.bytes() / _KILO)
        room.notes.record("visit.requests", product, by_then, in_all=len(traffic.all()))
        _note_hosts(room, served, visit)


def sweep(room: Room, served: Served) -> None:
    """The run table of many runs: first rows, then at rest its heap and nodes."""
    with visiting(room.browser) as visit:
        _open_table(room, served, visit, "many")
        visit.rest()
        room.notes.record("heap.many", served.product, visit.heap() / 1e6)
        room.notes.record("nodes.many", served.product, visit.nodes())
        _note_hosts(room, served, visit)


def sort_sweep(room: Room, served: Served) -> None:
    """The run table of many runs, sorted by a metric, where it can be."""
    if served.product.sorts:
        with visiting(room.browser) as visit:
            _open_table(room, served, visit, "many")
            visit.rest()
            _sort(room, served, visit)


def filter_sweep(room: Room, served: Served) -> None:
    """The run table of many runs, filtered by a param or else by name."""
    with visiting(room.browser) as visit:
        _open_table(room, served, visit, "many")
        visit.rest()
        _filter(room, served, visit)


def long_curve(room: Room, served: Served) -> None:
    """The page of the long curve: until it is drawn, what came for it, and whether it tells the truth."""
    app = _app_of_table(room, served)
    with visiting(room.browser) as visit:
        product = served.product
        visit.open(served.address + product.curve(served.loaded), until=product.lines_drawn(1))
        _time(room, served, "curve.drawn", visit.seen)
        visit.rest()
        more = sum(asked.bytes for asked in visit.traffic.all() if not asked.is_data and asked.address not in app)
        room.notes.record("curve.app", product, more / _KILO)
        room.notes.record("curve.data", product, visit.traffic.bytes(data=True) / _KILO)
        room.notes.record("curve.spikes", product, visit.page.evaluate(product.spikes))
        _note_hosts(room, served, visit)


def all_curves(room: Room, served: Served) -> None:
    """Three curves of all 40 runs on one page."""
    with visiting(room.browser) as visit:
        product = served.product
        visit.open(served.address + product.curves(served.loaded), until=product.lines_drawn(len(CURVES)))
        product.ask_for_curves(visit.page)
        _time(room, served, "curves.drawn", visit.seen)
        visit.rest()
        room.notes.record("curves.data", product, visit.traffic.bytes(data=True) / _KILO)
        room.notes.record("curves.heap", product, visit.heap() / 1e6)
        if product.curves_shown is not None:
            room.notes.record("curves.shown", product, visit.page.evaluate(product.curves_shown))
        _note_hosts(room, served, visit)


def at_rest(room: Room, served: Served) -> None:
    """The run table left alone, and then looked over by axe-core."""
    with visiting(room.browser) as visit:
        visit.open(served.address + served.product.table(served.loaded, "few"), until=_has_rows(served))
        visit.seen(seconds=room.patience)
        visit.rest()
        requests, came = len(visit.traffic.all()), visit.traffic.bytes()
        visit.page.wait_for_timeout(_REST * 1e3)
        room.notes.record("idle.requests", served.product, len(visit.traffic.all()) - requests)
        room.notes.record("idle.bytes", served.product, (visit.traffic.bytes() - came) / _KILO)
        broken = visit.violations()
        room.notes.record("axe.rules", served.product, len(broken), broken=broken)
        room.notes.record("axe.nodes", served.product, sum(broken.values()))


REPEATED: tuple[Case, ...] = (first_visit, sweep, sort_sweep, filter_sweep, long_curve, all_curves)
"""What is done in each round, the products taking turns."""

ONCE: tuple[Case, ...] = (at_rest,)
"""What gives the same each time."""


def _has_rows(served: Served) -> str:
    return f"({served.product.first_row}) !== ''"


def _open_table(room: Room, served: Served, visit: Visit, experiment: str) -> float:
    visit.open(served.address + served.product.table(served.loaded, experiment), until=_has_rows(served))
    return _time(room, served, f"rows.{experiment}", visit.seen)


def _app_of_table(room: Room, served: Served) -> set[str]:
    known = room.app.get(served.product.key)
    if known is None:
        with visiting(room.browser) as visit:
            _open_table(room, served, visit, "few")
            visit.rest()
            known = {asked.address for asked in visit.traffic.all() if not asked.is_data}
        room.app[served.product.key] = known
    return known


def _sort(room: Room, served: Served, visit: Visit) -> None:
    # Either direction will do: the first row is then the run with the least or the greatest value.
    runs = sorted(many_runs(served.loaded["many_count"]), key=lambda run: run.metrics["m0"])
    visit.watch(f"{[runs[0].name, runs[-1].name]}.includes({served.product.first_row})")
    served.product.sort(visit.page)
    _time(room, served, "sort.many", visit.seen_since_act)


def _filter(room: Room, served: Served, visit: Visit) -> None:
    # Neither the first run nor the last one matches, one of which stands in the first row before.
    index = served.loaded["many_count"] - 2
    param = index % _CHOICES
    name = f"({served.product.first_row})"
    visit.watch(f"/^run-/.test({name}) && Number({name}.slice(4)) % {_CHOICES} === {param}")
    served.product.filter(visit.page, param=param, name=f"run-{index:05d}")
    _time(room, served, "filter.many", visit.seen_since_act)


def _time(room: Room, served: Served, measure: str, wait: Callable[..., float]) -> float:
    try:
        took = wait(seconds=room.patience)
    except SlowPageError:
        room.notes.record(measure, served.product, room.patience * 1e3, at_least=True)
        raise
    room.notes.record(measure, served.product, took)
    return took


def _note_hosts(room: Room, served: Served, visit: Visit) -> None:
    hosts = visit.traffic.hosts()
    room.hosts[served.product.key] |= hosts


def carefully(case: Case, room: Room, served: Served) -> None:
    """Do a case; what goes wrong in the browser is told as the product's failure.

    Raises:
        BenchmarkError: It could not be measured.
    """
    try:
        case(room, served)
    except BrowserError as error:
        raise BenchmarkError(f"the browser could not go on: {error.message[:500]}") from error
