"""Charts of thousands of metrics: only what is near the screen is in the page, and nothing jumps."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from assay.testing.server import RunningServer, running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill, wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page
    from table_content import Filler

MOST_NODES = 3_500
COLUMNS = 12_000
NODES = "document.querySelectorAll('*').length"
SHIFTS = """window.shifted = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shifted += entry.hadRecentInput ? 0 : entry.value;
}).observe({ type: 'layout-shift', buffered: true });"""
MOST_SHIFT = 0.02


def deep(filler: Filler) -> None:
    """Two runs with many curves under one prefix, and many single values under another."""
    for number in range(2):
        curves = {f"train/loss_{key:04d}": [key, key + number, number] for key in range(2000)}
        values = {f"final/score_{key:04d}": key + number for key in range(2000)}
        filler.run(f"deep-{number}", metrics={**curves, **values})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("metrics")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def sections(server: RunningServer, folder: Path) -> str:
    """An experiment of two runs with a section for each of 12,000 metrics."""
    del server
    return fill(folder, "wide", wide, columns=COLUMNS)


@pytest.fixture(scope="module")
def cards(server: RunningServer, folder: Path) -> str:
    """An experiment of two runs with two sections of 2,000 metrics each."""
    del server
    return fill(folder, "deep", deep)


def scroll_through(page: Page) -> int:
    """Scroll down by screens for a while, to the end, and back up; the most nodes that the page ever had."""
    most = 0
    box = ".page.scrolls"
    page.locator(box).hover()
    for delta in [900] * 12 + [10_000_000] + [-900] * 12:
        page.mouse.wheel(0, delta)
        page.wait_for_timeout(150)
        most = max(most, page.evaluate(NODES))
    return most


def test_twelve_thousand_sections_are_few_nodes(page: Page, sections: str) -> None:
    page.add_init_script(SHIFTS)
    page.goto(f"/experiments/{sections}?view=charts")
    expect(page.locator(".single-number, .readout-row strong").first).to_be_visible()
    assert page.evaluate(NODES) < MOST_NODES
    assert scroll_through(page) < MOST_NODES
    assert page.evaluate("window.shifted") < MOST_SHIFT
    page.mouse.wheel(0, 100_000_000)
    page.get_by_role("heading", name=f"layer_{COLUMNS - 1:05d}", exact=True).wait_for()


def test_thousands_of_cards_of_a_section_are_few_nodes(page: Page, cards: str) -> None:
    page.add_init_script(SHIFTS)
    page.goto(f"/experiments/{cards}?view=charts")
    page.locator(".readout-row strong").first.wait_for()
    assert page.evaluate(NODES) < MOST_NODES
    page.get_by_role("button", name="Show 1,976 more values").click()
    assert scroll_through(page) < MOST_NODES
    assert page.evaluate("window.shifted") < MOST_SHIFT


def test_search_axis_and_keyboard_reach_metrics_that_are_far_away(page: Page, sections: str, cards: str) -> None:
    page.goto(f"/experiments/{sections}?view=charts")
    page.locator(".readout-row strong").first.wait_for()
    page.get_by_label("Search metrics").fill("layer_11999")
    page.get_by_role("heading", name="layer_11999", exact=True).wait_for()
    axis = page.get_by_label("X axis")
    axis.focus()
    axis.select_option("metrics.layer_11999/norm")
    page.get_by_label("Search metrics").focus()
    assert axis.locator("option").count() < 10
    assert axis.input_value() == "metrics.layer_11999/norm"

    page.goto(f"/experiments/{cards}?view=charts&fold=final")
    page.locator(".readout-row strong").first.wait_for()
    focused = "document.activeElement.closest('figure')?.getAttribute('aria-label')"
    page.locator("figure").first.get_by_role("button").first.focus()
    for _ in range(400):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "loss_0030":
            break
    assert page.evaluate(focused) == "loss_0030"
