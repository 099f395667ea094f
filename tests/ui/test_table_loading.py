"""A run table whose first runs are shown and whose others are on their way."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.testing.server import RunningServer, running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Route

RUNS = 1000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loading")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningServer]:
    with running_server(folder) as running:
        yield running


@pytest.fixture
def partly(page: Page, server: RunningServer, folder: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A table that holds its first page of runs, while the first request for the next one gets no answer."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held or "page_token" not in (route.request.post_data or ""):
            route.continue_()
        else:
            held.append(route)

    page.route("**/assay/1/views/runs", hold)
    page.goto(f"/experiments/{fill(folder, request.node.name, sweep, count=RUNS)}")
    page.get_by_text(f"{RUNS:,} runs").wait_for()
    assert len(held) == 1
    yield page
    held[0].abort()


def test_an_export_has_every_run(partly: Page) -> None:
    partly.get_by_role("button", name="View", exact=True).click()
    with partly.expect_download() as caught:
        partly.get_by_role("button", name="Export as CSV").click()
    assert len(caught.value.path().read_text(encoding="utf-8-sig").splitlines()) == 1 + RUNS


def test_all_that_match_are_selected(partly: Page) -> None:
    partly.get_by_label("Select all runs that match").click()
    partly.get_by_text(f"{RUNS:,} runs selected").wait_for()
