"""What holds for every page: names on phones, styles of its own, a refusal that is told, and what is in the trash."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay
from assay.entities import Metric
from assay.testing.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page, Route

ROOT = Path(__file__).parents[2]
AXE = ROOT / "ui/tests/browser/node_modules/axe-core/axe.min.js"
STYLES = ROOT / "src/assay/server/static/assets"
REFUSAL = {"error_code": "PERMISSION_DENIED", "message": "Permission denied."}
LOOKS = """() => [...document.querySelectorAll('#page *')].map((element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    const { color, backgroundColor, fontSize, fontWeight } = getComputedStyle(element);
    const name = `${element.tagName}.${element.getAttribute('class')}`;
    return [name, ...[x, y, width, height].map(Math.round), color, backgroundColor, fontSize, fontWeight].join(' ');
})"""
ADD_STYLES = """(files) => Promise.all(files.map((file) => new Promise((done, failed) => {
    const known = [...document.styleSheets].some((sheet) => sheet.href?.endsWith(file));
    if (known) return done();
    const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `/assets/${file}` });
    link.onload = done;
    link.onerror = failed;
    document.head.append(link);
})))"""
PAGES = {
    "home": "/",
    "table": "/experiments/1",
    "split": "/experiments/1?view=split",
    "charts": "/experiments/1?view=charts",
    "analysis": "/experiments/1/analyse",
    "logged models": "/experiments/1/models",
    "logged model": "/m/{model}",
    "run": "/runs/{run}",
    "charts of a run": "/runs/{run}?tab=charts",
    "file": "/runs/{run}?tab=files&path=scores.csv",
    "code": "/runs/{run}?tab=code",
    "sweep": "/runs/{run}/sweep",
    "comparison": "/compare?runs={run},{other}",
    "models": "/models",
    "model": "/models/wine",
    "version": "/models/wine/versions/2",
    "versions": "/models/wine/compare?versions=1,2",
    "reports": "/reports",
    "report": "/reports/{report}",
    "trash": "/trash",
    "settings": "/settings",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def addresses(server: RunningServer) -> dict[str, str]:
    """The address of each page, over an experiment with two runs, a model with two versions, and a report."""
    client = assay.Client(server.url)
    experiment = client.create_experiment("wine")
    runs = [client.create_run(experiment, run_name=f"trial-{number}").info.run_id for number in range(2)]
    client.create_registered_model("wine")
    for number, run in enumerate(runs):
        client.log_batch(run, metrics=[Metric("accuracy", number + step / 10, 0, step) for step in range(9)])
        client.log_param(run, "lr", number)
        client.log_text(run, "name,score\nalpha,0.5\n", "scores.csv")
        client.log_text(run, f"a\nb {number}\n", "notes.txt")
        client.log_text(
            run,
            f"diff --git a/t.py b/t.py\n--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-a\n+{number}\n",
            "assay/uncommitted.patch",
        )
        client.set_terminated(run)
        client.create_model_version("wine", f"s3://bucket/{number}", run, tags={"kind": str(number)})
    model = client.create_logged_model(experiment, name="tree", source_run_id=runs[0])
    report = client.create_report(experiment, "Findings", "# Findings\n")
    names = {"run": runs[0], "other": runs[1], "model": model.model_id, "report": report.report_id}
    return {name: address.format(**names) for name, address in PAGES.items()}


def open_page(page: Page, address: str) -> None:
    page.goto("about:blank")
    page.goto(address)
    page.get_by_role("heading", level=1).first.wait_for(state="attached")
    page.wait_for_function("() => !document.querySelector('#page .skeleton')")


def looks(page: Page) -> list[str]:
    """Every element of the page with its place and colours, once they stay the same for a while."""
    before: list[str] = []
    while before != (now := page.evaluate(LOOKS)):
        before = now
        page.wait_for_timeout(250)
    return before


@pytest.mark.slow
@pytest.mark.parametrize("width", [1440, 380])
def test_a_page_looks_the_same_whatever_was_visited_before(page: Page, addresses: dict[str, str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.clock.set_fixed_time(time.time())
    styles = [file.name for file in STYLES.glob("*.css")]
    assert len(styles) > 10
    for name, address in addresses.items():
        open_page(page, address)
        alone = looks(page)
        page.evaluate(ADD_STYLES, styles)
        moved = [(before, after) for before, after in zip(alone, looks(page), strict=True) if before != after]
        assert moved == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_on_a_phone(page: Page, addresses: dict[str, str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 380, "height": 800})
    for name, address in addresses.items():
        open_page(page, address)
        assert page.evaluate("() => document.documentElement.scrollWidth") == 380, name
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        assert [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found["violations"]] == [], name


def test_a_refusal_is_told_on_every_page(page: Page, addresses: dict[str, str]) -> None:
    page.route("**/ajax-api/**", refuse)
    for name, address in addresses.items():
        page.goto("about:blank")
        page.goto(address)
        told = page.get_by_role("alert").filter(has_text="Permission denied.").first
        told.get_by_text("403 PERMISSION_DENIED").wait_for()
        told.get_by_role("button", name="Try again").wait_for()
        assert page.get_by_role("heading", level=1).count() == 1, name
        page.wait_for_function("() => !document.querySelector('#page .skeleton')")


def refuse(route: Route) -> None:
    route.fulfill(status=403, content_type="application/json", body=json.dumps(REFUSAL))


@pytest.mark.parametrize("view", ["", "?view=split", "?view=charts"])
def test_an_experiment_deleted_while_it_is_open_is_said(page: Page, server: RunningServer, view: str) -> None:
    client = assay.Client(server.url)
    experiment = client.create_experiment(f"doomed {view}")
    run = client.create_run(experiment, run_name="in-it").info.run_id
    client.log_metric(run, "loss", 0.5)
    page.goto(f"/experiments/{experiment}{view}")
    page.get_by_text("1 run", exact=True).first.wait_for()
    client.delete_experiment(experiment)
    page.get_by_text("This experiment is in the trash").wait_for()
    page.get_by_text("1 run", exact=True).first.wait_for(state="detached")
    assert page.get_by_text("Waiting for the first run").count() == 0
    page.get_by_role("button", name="Restore").click()
    page.get_by_text("This experiment is in the trash").wait_for(state="detached")
    page.get_by_text("1 run", exact=True).first.wait_for()


def test_runs_that_are_not_there_are_not_compared(page: Page, server: RunningServer) -> None:
    page.goto(f"/compare?runs={'0' * 32},{'1' * 32}")
    page.get_by_role("heading", level=1, name="There are no such runs").wait_for()
    page.get_by_role("link", name="All experiments", exact=True).wait_for()
    assert page.locator("#page .skeleton").count() == 0


def test_a_fault_in_a_chart_stays_in_its_card(page: Page, addresses: dict[str, str]) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => { throw new Error('no canvas'); }")
    page.goto(addresses["charts of a run"])
    page.get_by_role("alert").filter(has_text="The chart of accuracy could not be shown").get_by_text(
        "no canvas"
    ).wait_for()
    page.get_by_role("tab", name="Overview").click()
    page.get_by_role("region", name="Metrics").first.get_by_text("accuracy").wait_for()


def test_a_locale_that_is_none_takes_nothing_down(page: Page, addresses: dict[str, str]) -> None:
    wrong = "{ value: ['C', 'en_US.UTF-8@posix'], configurable: true }"
    page.add_init_script(f"Object.defineProperty(navigator, 'languages', {wrong})")
    page.add_init_script("Object.defineProperty(navigator, 'language', { value: 'C', configurable: true })")
    for name in ("home", "table", "charts of a run", "analysis", "model"):
        open_page(page, addresses[name])
        assert page.get_by_role("alert").count() == 0, name


def test_a_page_at_rest_asks_nothing(page: Page, addresses: dict[str, str]) -> None:
    open_page(page, addresses["split"])
    looks(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/ajax-api/" in request.url else None)
    page.wait_for_timeout(5_000)
    assert asked == []


def test_a_thumb_reaches_the_saved_views(page: Page, addresses: dict[str, str]) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    open_page(page, addresses["table"])
    box = page.get_by_role("button", name="Saved views").bounding_box()
    assert box
    assert box["width"] >= 32
