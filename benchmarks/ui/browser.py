"""The Chromium of the browser tests, and one visit of a page in it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.errors import BenchmarkError
from benchmarks.processes import REPOSITORY
from benchmarks.ui.traffic import Traffic

_IN_PAGE = (Path(__file__).resolve().parent / "in_page.js").read_text()
_AXE = REPOSITORY / "ui/tests/browser/node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# No other host can be reached, so that none adds its own speed; who asks one is told at once that it is not there.
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
_QUIET = 1.5
_MOST_SECONDS_TO_QUIET = 10.0


class SlowPageError(BenchmarkError):
    """What was waited for did not come."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser that reaches this machine only."""
    answer = subprocess.run(
        [sys.executable, str(REPOSITORY / "hatch_build.py"), "browser"], stdout=subprocess.PIPE, text=True, check=False
    )
    if answer.returncode:
        raise BenchmarkError("The browser could not be installed: see `python hatch_build.py browser`.")
    launch = json.loads(answer.stdout)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=launch["executable"],
            args=[*launch["arguments"], _ALONE],
            env={**os.environ, **launch["environment"]},
        )
        yield browser
        browser.close()


class Visit:
    """A page in a fresh profile, and all that it asks for."""

    def __init__(self, context: BrowserContext) -> None:
        self.page: Page = context.new_page()
        self._session = context.new_cdp_session(self.page)
        self.traffic = Traffic(self._session)
        self._wanted = ""

    def open(self, address: str, *, until: str) -> None:
        """Begin to open a page, and to look for the first frame in which `until` holds."""
        self._wanted = f"{address}: {until}"
        self.page.add_init_script(f"{_IN_PAGE}\nbenchmark.watch(() => {until});")
        self.page.goto(address, wait_until="commit")

    def watch(self, until: str) -> None:
        """Begin to look for something on the page that is open."""
        self._wanted = f"{self.page.url}: {until}"
        self.page.evaluate(f"benchmark.watch(() => {until})")

    def seen(self, *, seconds: float) -> float:
        """Milliseconds from the start of the visit to the frame that is looked for.

        Raises:
            SlowPageError: It does not come within so many seconds.
        """
        return self._wait("benchmark.seen", seconds=seconds)

    def seen_since_act(self, *, seconds: float) -> float:
        """Milliseconds from the last click or key to the frame that is looked for; raises as `seen` does."""
        return self._wait("benchmark.seen && benchmark.sinceLastAct()", seconds=seconds)

    def _wait(self, expression: str, *, seconds: float) -> float:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = self.page.evaluate(expression)
            if value:
                return float(value)
            self.page.wait_for_timeout(100)
        raise SlowPageError(f"not seen within {seconds:g} s: {self._wanted[:300]}")

    def rest(self) -> None:
        """Wait until nothing has been asked for a moment: products differ in what they load after the first rows."""
        waited = 0.0
        while self.traffic.quiet_for() < _QUIET and waited < _MOST_SECONDS_TO_QUIET:
            self.page.wait_for_timeout(200)
            waited += 0.2

    def heap(self) -> float:
        """Bytes of JavaScript objects in use, after garbage was collected."""
        self._session.send("HeapProfiler.collectGarbage")
        return float(self._session.send("Runtime.getHeapUsage")["usedSize"])

    def nodes(self) -> int:
        """Elements of the document."""
        return int(self.page.evaluate("document.getElementsByTagName('*').length"))

    def violations(self) -> dict[str, int]:
        """The rules of axe-core, levels A and AA, that the page breaks, and by how many elements each."""
        self.page.evaluate(_AXE.read_text())
        found: list[dict[str, Any]] = self.page.evaluate(
            "async (rules) => (await axe.run(document, {runOnly: rules})).violations"
            ".map(({id, nodes}) => ({id, count: nodes.length}))",
            _RULES,
        )
        return {rule["id"]: rule["count"] for rule in found}


@contextmanager
def visiting(browser: Browser) -> Iterator[Visit]:
    """A visit with nothing cached, at 1440 x 900."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    try:
        yield Visit(context)
    finally:
        context.close()
