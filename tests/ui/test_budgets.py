"""The budgets of the web UI, with twice the time that they allow: a machine that tests has other work too."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.ui import data
from benchmarks.ui.browser import visiting
from benchmarks.ui.measures import MEASURES
from benchmarks.ui.products.assay import AssayPages

from assay.store.base import NewRun
from assay.store.open import open_store
from assay.testing.server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from assay.store.base import Session

RUNS = 10_000
POINTS = 1_000_000
SLACK = 2
VISITS = 4
PATIENCE = 20.0
START = 1_700_000_000_000
SIX_AXES = "axes=params.p0,params.p1,params.p2,params.p3,metrics.m1,metrics.m0"
SLOWEST_DRAWING = "Math.max(...performance.getEntriesByName('assay:parallel').map((one) => one.duration))"
PAGES = AssayPages()
HAS_ROWS = f"({PAGES.first_row}) !== ''"


class Held(NamedTuple):
    """A server, and what it holds as a loader of the benchmarks tells it."""

    address: str
    loaded: dict[str, str]


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    """40 runs with curves in one experiment, 10,000 in another, a curve of 1,000,000 points in a third."""
    folder = tmp_path_factory.mktemp("budgets")
    store = open_store(str(folder / "mlruns"), artifact_root=str(folder / "mlartifacts"))
    try:
        loaded = store.write(fill)
    finally:
        store.close()
    with running_server(folder) as server:
        yield Held(server.url, loaded)


def fill(session: Session) -> dict[str, str]:
    few = fill_experiment(session, data.FEW, data.few_runs())
    many = fill_experiment(session, data.MANY, data.many_runs(RUNS))
    long = create_experiment(session, data.LONG)
    run_id = f"{data.LONG:0>32}"
    create_run(session, run_id, name="long", experiment=long, start=START)
    values = enumerate(data.long_curve(POINTS))
    for batch in data.batches(values, 100_000):
        session.metrics.append(run_id, points={data.LONG_CURVE: [(step, START + step, value) for step, value in batch]})
    return {"few": few, "many": many, "long": long, "long_run": run_id}


def fill_experiment(session: Session, name: str, runs: Iterator[data.Run]) -> str:
    experiment = create_experiment(session, name)
    for place, run in enumerate(runs):
        run_id = f"{name}{place:0>28}"
        create_run(session, run_id, name=run.name, experiment=experiment, start=START + place)
        session.runs.log_params(run_id, params=run.params)
        session.metrics.append(run_id, points={key: [(0, START, value)] for key, value in run.metrics.items()})
        for key, values in run.curves.items():
            session.metrics.append(run_id, points={key: [(step, START + step, one) for step, one in enumerate(values)]})
    return experiment


def create_experiment(session: Session, name: str) -> str:
    return session.experiments.create(name, artifact_location=None, root="/nowhere", tags={}, now=START)


def create_run(session: Session, run_id: str, *, name: str, experiment: str, start: int) -> None:
    run = NewRun(run_id, name, experiment, "ada", start, f"/nowhere/{run_id}", status="FINISHED")
    session.runs.create(run, tags={})


def assert_within(measure: str, visit: Callable[[], float]) -> None:
    """The best of a few visits keeps the budget, with slack: what others do on the machine slows only some of them."""
    budget = MEASURES[measure].budget
    assert budget
    assert budget.limit
    taken = []
    for _ in range(VISITS):
        taken.append(visit())
        if taken[-1] <= SLACK * budget.limit:
            return
    pytest.fail(f"{MEASURES[measure].title}: {taken} ms, budget {budget.limit:g} ms")


def limit(measure: str) -> float:
    budget = MEASURES[measure].budget
    assert budget
    assert budget.limit is not None
    return budget.limit


def test_the_first_visit_is_small_and_asks_no_one_else(browser: Browser, held: Held) -> None:
    with visiting(browser) as visit:
        visit.open(held.address + PAGES.table(held.loaded, "few"), until=HAS_ROWS)
        took = visit.seen(seconds=PATIENCE)
        asked = visit.traffic.all()
        by_then = [one for one in asked if one.at <= asked[0].at + took / 1e3]
        visit.rest()
        assert visit.traffic.bytes(data=False) / 1e3 <= limit("visit.app")
        assert len(by_then) <= limit("visit.requests"), [one.address for one in by_then]
        assert visit.traffic.hosts() == set()


def test_first_rows_of_ten_thousand_runs(browser: Browser, held: Held) -> None:
    def first_rows() -> float:
        with visiting(browser) as visit:
            visit.open(held.address + PAGES.table(held.loaded, "many"), until=HAS_ROWS)
            return visit.seen(seconds=PATIENCE)

    assert_within("rows.many", first_rows)


def test_ten_thousand_runs_sort_and_filter_at_once_and_stay_small(browser: Browser, held: Held) -> None:
    runs = sorted(data.many_runs(RUNS), key=lambda run: run.metrics["m0"])
    with visiting(browser) as visit:
        visit.open(held.address + PAGES.table(held.loaded, "many"), until=HAS_ROWS)
        visit.seen(seconds=PATIENCE)
        visit.page.get_by_role("status").filter(has_text="10,000 runs").wait_for()
        visit.rest()
        ends = [runs[0].name, runs[-1].name]

        def sort() -> float:
            before = visit.page.evaluate(PAGES.first_row)
            wanted = [name for name in ends if name != before]
            visit.watch(f"{wanted}.includes({PAGES.first_row})")
            PAGES.sort(visit.page)
            return visit.seen_since_act(seconds=PATIENCE)

        assert_within("sort.many", sort)
        params = iter(range(8))

        def filter_runs() -> float:
            param = next(params)
            visit.watch(f"Number(({PAGES.first_row}).slice(4)) % 8 === {param}")
            PAGES.filter(visit.page, param=param, name="")
            return visit.seen_since_act(seconds=PATIENCE)

        assert_within("filter.many", filter_runs)
        assert visit.nodes() <= limit("nodes.many")
        assert visit.heap() / 1e6 <= limit("heap.many")


def test_parallel_coordinates_of_ten_thousand_runs(browser: Browser, held: Held) -> None:
    """As long as it takes to draw them, and to draw them again when a range is kept."""

    def drawn(query: str) -> float:
        with visiting(browser) as visit:
            address = held.address + PAGES.table(held.loaded, "many") + f"/analyse?{SIX_AXES}{query}"
            visit.open(address, until="performance.getEntriesByName('assay:parallel').length > 0")
            visit.seen(seconds=PATIENCE)
            visit.rest()
            assert visit.page.get_by_text(f"{RUNS:,} runs").count() > 0
            return float(visit.page.evaluate(SLOWEST_DRAWING))

    assert_within("parallel.drawn", lambda: drawn(""))
    assert_within("parallel.drawn", lambda: drawn("&keep=metrics.m0%20%3C%3D%200.5"))


def test_a_curve_of_a_million_points_keeps_its_spikes(browser: Browser, held: Held) -> None:
    def drawn() -> float:
        with visiting(browser) as visit:
            visit.open(held.address + PAGES.curve(held.loaded), until=PAGES.lines_drawn(1))
            took = visit.seen(seconds=PATIENCE)
            visit.rest()
            assert visit.page.evaluate(PAGES.spikes) == len(data.SPIKES)
            assert visit.traffic.bytes(data=True) / 1e3 <= limit("curve.data")
            assert visit.nodes() <= limit("nodes.many")
            return took

    assert_within("curve.drawn", drawn)


def test_three_curves_of_forty_runs(browser: Browser, held: Held) -> None:
    def drawn() -> float:
        with visiting(browser) as visit:
            visit.open(held.address + PAGES.curves(held.loaded), until=PAGES.lines_drawn(len(data.CURVES)))
            took = visit.seen(seconds=PATIENCE)
            visit.rest()
            assert visit.page.evaluate(PAGES.curves_shown) == data.FEW_RUNS * len(data.CURVES)
            assert visit.traffic.bytes(data=True) / 1e3 <= limit("curves.data")
            assert visit.heap() / 1e6 <= limit("curves.heap")
            return took

    assert_within("curves.drawn", drawn)


def test_the_charts_of_a_run_add_little_to_the_run_table(browser: Browser, held: Held) -> None:
    with visiting(browser) as visit:
        visit.open(held.address + PAGES.table(held.loaded, "few"), until=HAS_ROWS)
        visit.seen(seconds=PATIENCE)
        visit.rest()
        held_already = {one.address for one in visit.traffic.all()}
    with visiting(browser) as visit:
        visit.open(held.address + PAGES.curve(held.loaded), until=PAGES.lines_drawn(1))
        visit.seen(seconds=PATIENCE)
        visit.rest()
        added = [one for one in visit.traffic.all() if not one.is_data and one.address not in held_already]
        assert sum(one.bytes for one in added) / 1e3 <= limit("curve.app"), [one.address for one in added]
