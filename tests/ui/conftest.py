"""A real browser over a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from assay.testing.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from file_kinds import Files

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "src/assay/server/static/index.html"
AXE = ROOT / "ui/tests/browser/node_modules/axe-core/axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.xdist_group(f"browser-{item.path.stem}"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert STATIC.is_file(), "The UI is not built. Run `make ui`."
    answer = subprocess.run(
        [sys.executable, str(ROOT / "hatch_build.py"), "browser"], check=True, stdout=subprocess.PIPE, text=True
    )
    launch = json.loads(answer.stdout)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=launch["executable"],
            args=launch["arguments"],
            env={**os.environ, **launch["environment"]},
        )
        yield chromium
        chromium.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """A page that fails its test when a script throws or another host is asked."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server.url, "data:", "blob:"))
            else faults.append(f"asked another host: {request.url}")
        ),
    )
    yield page
    context.close()
    assert not faults


@pytest.fixture
def show(page: Page) -> Callable[..., Locator]:
    """Open a file of a run, in the page that is open where it is one of the app's; the preview."""

    def show(files: Files, path: str, more: str = "") -> Locator:
        address = f"/runs/{files.run_id}?tab=files&path={path}{more}"
        if page.url.startswith("http") and "/runs/" in page.url:
            page.evaluate("to => { history.pushState(null, '', to); dispatchEvent(new Event('popstate')); }", address)
        else:
            page.goto(address)
        return page.get_by_role("region", name="Preview")

    return show
