"""Charts whose lines are told apart, and that can be zoomed to a single step but no further."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.testing.server import RunningServer, running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page
    from table_content import Filler

STEPS = 300
FAR_APART = 120
COLOUR = "element => getComputedStyle(element).color.match(/\\d+/g).map(Number)"


def optimizers(filler: Filler) -> None:
    """Four runs of two optimizers."""
    for number in range(4):
        params = {"optimizer": ("adam", "sgd")[number % 2], "seed": number // 2}
        filler.run(f"tree-{number}", params=params, metrics={"loss": [1 / (step + 1) for step in range(STEPS)]})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("looks")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as running:
        yield running


@pytest.fixture(scope="module")
def charts(server: RunningServer, folder: Path) -> str:
    del server
    return f"/experiments/{fill(folder, 'optimizers', optimizers)}?view=charts"


def difference(swatches: Locator) -> int:
    """How far the first two colours are apart, in red, green and blue."""
    first, second = (swatches.nth(place).evaluate(COLOUR) for place in range(2))
    return sum(abs(one - other) for one, other in zip(first, second, strict=True))


def test_two_groups_have_colours_far_apart(page: Page, charts: str) -> None:
    page.goto(f"{charts}&group=params.optimizer")
    rows = page.locator("figure .readout-row")
    rows.filter(has_text="sgd").wait_for()
    assert rows.count() == 2
    assert difference(page.locator("figure .readout-row .swatch")) >= FAR_APART


def test_a_chart_is_zoomed_to_one_step_and_no_further(page: Page, charts: str) -> None:
    page.goto(f"{charts}&zoom=99.09~99.9")
    figure = page.locator("figure.chart-card")
    figure.locator("canvas").first.wait_for()
    chart = figure.get_by_role("img")
    chart.focus()
    chart.press("ArrowLeft")
    page.keyboard.press("End")
    place = figure.locator(".readout-place").first
    assert place.inner_text() in {"step 99", "step 100"}
    ink = """canvas => {
        const { width, height } = canvas;
        const pixels = canvas.getContext('2d').getImageData(0, height - 30, width, 30).data;
        return pixels.filter((level, at) => at % 4 === 3 && level > 0).length;
    }"""
    assert figure.locator("canvas").first.evaluate(ink) > 200, "labels of the x axis"
    page.get_by_role("button", name="Whole range").click()
    page.wait_for_function("() => !location.search.includes('zoom=')")
