"""Pages that stand still while their data comes, say when it takes long, and fit screens and fingers."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay
from assay.testing.server import RunningServer, running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill, seeds, sweep
from test_every_page import addresses, open_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Route
    from table_content import Filler

__all__ = ["addresses"]

MOST_SHIFT = 0.02
LATENCY_MS = 250
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
        const moved = sources.map(({ node }) => `${node?.nodeName}.${node?.className}`);
        if (!hadRecentInput) window.shifts.push([value, ...moved]);
    }
}).observe({ type: 'layout-shift', buffered: true });"""
FIRST_ROW_TOP = 132
FINGERTIP = 44
REACHED = """(element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const reaches = (dx, dy) => document.elementFromPoint(x + width / 2 + dx, y + height / 2 + dy) === element;
    const far = (dx, dy) => [...Array(40).keys()].findIndex((by) => !reaches(by * dx, by * dy));
    return [far(-1, 0) + far(1, 0), far(0, -1) + far(0, 1)];
}"""


def many(filler: Filler) -> None:
    """300 runs with curves and single values."""
    for number in range(300):
        curve = [1 / (step + 1 + number) for step in range(20)]
        params = {"lr": number % 5, "optimizer": ("adam", "sgd")[number % 2]}
        filler.run(f"trial-{number}", params=params, metrics={"loss": curve, "final": number / 300, "best": number})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("steady")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as running:
        yield running


def shifts(page: Page, address: str) -> list[list[object]]:
    """Open a page over a slow line; what moved in it."""
    open_page(page, address)
    page.wait_for_timeout(3 * LATENCY_MS)
    return page.evaluate("window.shifts")


def slow_line(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    speed = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", speed)


def test_pages_stand_still_while_their_data_comes(
    page: Page, server: RunningServer, folder: Path, addresses: dict[str, str]
) -> None:
    del server
    experiment = fill(folder, "many", many)
    names = ("home", "table", "charts", "analysis", "run", "comparison", "models", "version", "settings")
    asked = {
        **{name: addresses[name] for name in names},
        "table of 300": f"/experiments/{experiment}",
        "charts of 300": f"/experiments/{experiment}?view=charts",
        "groups of 300": f"/experiments/{experiment}?view=charts&group=params.optimizer",
        "analysis of 300": f"/experiments/{experiment}/analyse",
    }
    page.add_init_script(SHIFTS)
    slow_line(page)
    found = {name: shifts(page, address) for name, address in asked.items()}
    moved = {name: each for name, each in found.items() if sum(float(str(one[0])) for one in each) >= MOST_SHIFT}
    assert moved == {}


def test_a_server_that_takes_its_time_is_said(page: Page, addresses: dict[str, str]) -> None:
    held: list[Route] = []
    context = page.context
    context.route("**/ajax-api/**", lambda route: held.append(route))  # noqa: PLW0108 - Playwright reads the signature
    waiting = {}
    for name in ("home", "table", "charts", "run", "comparison", "models", "reports", "trash"):
        waiting[name] = context.new_page()
        waiting[name].goto(addresses[name])
        waiting[name].get_by_role("status", name="Loading").first.wait_for()
        assert waiting[name].get_by_text("The server takes its time").count() == 0, name
    for one in waiting.values():
        one.get_by_text("The server takes its time").first.wait_for()
    context.unroute_all()


def test_the_table_begins_high_and_shows_what_matters(page: Page, server: RunningServer, folder: Path) -> None:
    del server
    page.goto(f"/experiments/{fill(folder, 'fresh', sweep, count=50)}")
    first = page.locator(".grid-row").first
    first.wait_for()
    box = first.bounding_box()
    assert box
    assert box["y"] <= FIRST_ROW_TOP
    ends = {heading.inner_text().strip(): heading.bounding_box() for heading in page.get_by_role("columnheader").all()}
    shown = [name for name, place in ends.items() if place and place["x"] + place["width"] <= 1440]
    assert {"layers", "lr", "optimizer", "seed"} <= set(shown), "the params that vary"
    assert len({"val_accuracy", "val_loss", "train_loss", "minutes"} & set(shown)) >= 3


def test_fingers_reach_what_is_small(browser: Browser, server: RunningServer, folder: Path) -> None:
    experiment = fill(folder, "touched", seeds)
    context = browser.new_context(
        base_url=server.url, viewport={"width": 380, "height": 800}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"/experiments/{experiment}")
    small = [
        page.get_by_role("checkbox").first,
        page.get_by_role("button", name="Peek").first,
        page.get_by_role("button", name="Choose columns"),
    ]
    small[0].wait_for()
    for element in small:
        across, down = element.evaluate(REACHED)
        assert min(across, down) >= FINGERTIP - 2, element
    context.close()


def test_no_line_of_a_snippet_runs_below_its_button(page: Page, addresses: dict[str, str]) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    open_page(page, addresses["settings"])
    code = page.locator(".snippet pre").first
    button = page.get_by_role("button", name="Copy code").first.bounding_box()
    assert button
    right = code.evaluate("""pre => {
        const range = document.createRange();
        range.selectNodeContents(pre);
        return Math.max(...[...range.getClientRects()].map((line) => line.right));
    }""")
    assert right <= button["x"]


def test_a_run_in_the_trash_is_marked_where_it_is_compared(page: Page, server: RunningServer) -> None:
    client = assay.Client(server.url)
    experiment = client.create_experiment("compared")
    one, two = (client.create_run(experiment, run_name=name).info.run_id for name in ("stays", "goes"))
    page.goto(f"/compare?runs={one},{two}")
    head = page.get_by_role("columnheader").filter(has_text="goes")
    head.wait_for()
    assert page.get_by_text("Deleted", exact=True).count() == 0
    client.delete_run(two)
    head.get_by_text("Deleted", exact=True).wait_for()
    page.reload()
    head.get_by_text("Deleted", exact=True).wait_for()
    assert page.get_by_text("Deleted", exact=True).count() == 1
