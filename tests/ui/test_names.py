"""Names that are blank, or far too long."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay
from assay.testing.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
LONG = "name " * 100
LINES = 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("names")) as running:
        yield running


def test_a_long_name_takes_three_lines_until_more_of_it_is_asked_for(page: Page, server: RunningServer) -> None:
    client = assay.Client(server.url)
    run_id = client.create_run(client.create_experiment("long"), run_name=LONG.strip()).info.run_id
    page.set_viewport_size({"width": 380, "height": 800})
    page.goto(f"/runs/{run_id}")
    heading = page.get_by_role("heading", level=1)
    more = page.get_by_role("button", name="more of the name")
    more.wait_for()
    lines = "heading => heading.clientHeight / Number.parseFloat(getComputedStyle(heading).lineHeight)"
    assert round(heading.evaluate(lines)) == LINES
    more.click()
    assert round(heading.evaluate(lines)) > LINES
    page.get_by_role("button", name="less of the name").click()
    assert round(heading.evaluate(lines)) == LINES

    page.set_viewport_size({"width": 1440, "height": 900})
    other = client.create_run(client.create_experiment("short"), run_name="short").info.run_id
    page.goto(f"/runs/{other}")
    page.get_by_role("heading", level=1, name="short").wait_for()
    assert more.count() == 0


@pytest.mark.parametrize("width", [1440, 380])
def test_a_run_with_a_blank_name_goes_by_its_id(page: Page, server: RunningServer, width: int) -> None:
    client = assay.Client(server.url)
    experiment = client.create_experiment(f"blank {width}")
    run_id = client.create_run(experiment, run_name=" ").info.run_id
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"/experiments/{experiment}")
    page.get_by_role("link", name=run_id).wait_for()
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    assert [rule["id"] for rule in found["violations"]] == []
    page.get_by_role("link", name=run_id).click()
    page.get_by_role("heading", level=1, name=run_id).wait_for()
