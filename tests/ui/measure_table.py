"""The run table against its budgets: first rows, sort, filter, nodes, heap, bytes. Prints the median of some rounds.

python tests/ui/measure_table.py 10000
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from table_content import fill, sweep, wide

ROOT = Path(__file__).parents[2]
ROUNDS = 5
FIRST_ROWS = """() => new Promise((done) => {
  const look = () => document.querySelector('[role=rowheader] a') ? requestAnimationFrame(() => done(performance.now()))
    : requestAnimationFrame(look);
  look();
})"""
# From the click or the key to the frame in which another first row is painted.
CHANGED = """([act, text]) => new Promise((done) => {
  const first = () => document.querySelector('[role=rowheader] a')?.textContent;
  const before = first();
  const begun = performance.now();
  if (act === 'sort') {
    [...document.querySelectorAll('.heading-sort')].find((one) => one.innerText.includes(text)).click();
  } else {
    history.replaceState(null, '', text);
    window.dispatchEvent(new PopStateEvent('popstate'));
  }
  const look = () => first() !== before && !document.querySelector('.grid.stale')
    ? done(performance.now() - begun) : requestAnimationFrame(look);
  requestAnimationFrame(look);
})"""


def launch(playwright: Any) -> Browser:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "hatch_build.py"), "browser"], check=True, stdout=subprocess.PIPE, text=True
    )
    found = json.loads(answer.stdout)
    return playwright.chromium.launch(
        executable_path=found["executable"],
        args=found["arguments"],
        env={**os.environ, **found["environment"]},
    )


def measure(page: Page, url: str, *, whole: bool) -> dict[str, float]:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send("Performance.enable")
    received: list[float] = []
    client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.goto(url, wait_until="commit")
    found = {"first rows ms": page.evaluate(FIRST_ROWS)}
    found["requests"] = len(received)
    if whole:
        page.wait_for_function(
            "() => performance.getEntriesByName(location.origin + '/ajax-api/assay/1/views/families').length"
        )
    page.wait_for_load_state("load")
    page.wait_for_timeout(1500)
    found["KB"] = sum(received) / 1024
    found["sort ms"] = page.evaluate(CHANGED, ["sort", "val_accuracy"])
    page.wait_for_timeout(300)
    found["sort again ms"] = page.evaluate(CHANGED, ["sort", "lr"])
    page.wait_for_timeout(300)
    here = url.split("?", maxsplit=1)[0]
    found["filter ms"] = page.evaluate(
        CHANGED, ["filter", f"{here}?q=params.optimizer+%3D+%27adam%27+AND+metrics.val_loss+%3C+1.2"]
    )
    page.wait_for_timeout(1000)
    found["group ms"] = page.evaluate(
        "url => new Promise((done) => { const begun = performance.now(); history.replaceState(null, '', url);"
        "window.dispatchEvent(new PopStateEvent('popstate'));"
        "const look = () => document.querySelector('.grid-row.group') ? done(performance.now() - begun)"
        ": requestAnimationFrame(look); look(); })",
        f"{here}?group=params.optimizer,params.seed",
    )
    page.goto(url)
    page.evaluate(FIRST_ROWS)
    page.wait_for_timeout(2500)
    found["nodes"] = page.evaluate("() => document.querySelectorAll('*').length")
    client.send("HeapProfiler.collectGarbage")
    found["heap MB"] = page.evaluate("() => performance.memory.usedJSHeapSize / 1e6")
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        experiment = fill(Path(folder), "sweep", sweep, count=count)
        broad = fill(Path(folder), "wide", wide)
        browser = launch(playwright)
        rounds = []
        for _ in range(ROUNDS):
            context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900})
            page = context.new_page()
            page.set_default_timeout(60_000)
            rounds.append(measure(page, f"{server.url}/experiments/{experiment}", whole=count <= 20_000))
            context.close()
        for name in rounds[0]:
            print(f"{name:16} {statistics.median(one[name] for one in rounds):9.1f}")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        for query in ("", "?cols=metrics.*"):
            page.goto(f"{server.url}/experiments/{broad}{query}", wait_until="commit")
            first = page.evaluate(FIRST_ROWS)
            nodes = page.evaluate("() => document.querySelectorAll('*').length")
            print(f"12,000 columns {query or 'default':16} first rows {first:7.1f} ms, {nodes} nodes")
        browser.close()


if __name__ == "__main__":
    main()
