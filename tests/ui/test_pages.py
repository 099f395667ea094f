"""The first three pages, used as a person uses them."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay

sys.path.insert(0, str(Path(__file__).parent))
from content import HOSTILE_NAME, log_runs

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"


@pytest.fixture
def runs(server: RunningServer, tmp_path: Path) -> list[str]:
    return log_runs(server.url, tmp_path)


def open_entry(page: Page, name: str) -> None:
    files = page.get_by_role("navigation", name="Files")
    files.get_by_role("treeitem", name=re.compile(rf"^{re.escape(name)}")).click()


def names_shown(page: Page) -> list[str]:
    return page.locator("[role=rowheader] a").all_inner_texts()


def test_from_the_first_page_to_a_file(page: Page, runs: list[str]) -> None:
    page.goto("/")
    page.get_by_role("treegrid").get_by_role("link", name="pages").click()
    page.get_by_role("link", name="trial-0").click()
    page.wait_for_url(f"**/runs/{runs[0]}*")
    params = page.get_by_role("region", name="Params")
    params.get_by_text("optimizer").wait_for()
    params.get_by_text("adam").wait_for()
    page.get_by_text("ada", exact=True).first.wait_for()
    page.get_by_role("tab", name="Files").click()
    open_entry(page, "notes.txt")
    page.get_by_text("second line <b>not bold</b>").wait_for()


@pytest.mark.parametrize(
    ("folder", "file", "shown"),
    [
        (None, "report.json", "threshold"),
        ("tables", "scores.csv", "alpha"),
        (None, "weights.bin", "4"),
    ],
)
def test_files_have_previews(page: Page, runs: list[str], folder: str | None, file: str, shown: str) -> None:
    page.goto(f"/runs/{runs[0]}?tab=files")
    if folder:
        open_entry(page, folder)
    open_entry(page, file)
    page.get_by_role("region", name="Preview").get_by_text(re.compile(shown)).first.wait_for()


def test_a_picture_is_shown(page: Page, runs: list[str]) -> None:
    page.goto(f"/runs/{runs[0]}?tab=files")
    open_entry(page, "plots")
    open_entry(page, "dot.png")
    picture = page.get_by_role("region", name="Preview").locator("img")
    picture.wait_for()
    page.wait_for_function("image => image.complete && image.naturalWidth === 8", arg=picture.element_handle())


def test_params_sort_as_numbers(page: Page, runs: list[str]) -> None:
    page.goto("/experiments/1")
    page.get_by_text("trial-2").first.wait_for()
    heading = page.get_by_role("columnheader").filter(has_text=re.compile(r"^lr")).get_by_role("button").first
    heading.click()
    page.wait_for_function("() => location.search.includes('lr')")
    first = names_shown(page)
    heading.click()
    page.wait_for_function("names => document.querySelector('[role=rowheader] a').innerText !== names[0]", arg=first)
    assert sorted([first, names_shown(page)]) == [["trial-0", "trial-1", "trial-2"], ["trial-2", "trial-1", "trial-0"]]


def test_a_filter_finds_and_a_wrong_one_keeps_the_rows(page: Page, runs: list[str]) -> None:
    page.goto("/experiments/1")
    page.get_by_text("trial-2").first.wait_for()
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Filter runs")
    box.fill("params.lr < 0.01")
    box.press("Escape")
    page.get_by_text("trial-2").first.wait_for(state="detached")
    assert sorted(names_shown(page)) == ["trial-0", "trial-1"]
    box.fill("params.lr < ")
    box.press("Escape")
    page.get_by_text(re.compile("expected|missing|Expected|Give", re.IGNORECASE)).first.wait_for()
    assert sorted(names_shown(page)) == ["trial-0", "trial-1"]


def test_what_is_seen_is_in_the_address(page: Page, runs: list[str]) -> None:
    page.goto("/experiments/1")
    box = page.get_by_role("combobox", name="Filter runs")
    box.fill("run_name = 'trial-1'")
    box.press("Escape")
    page.get_by_text("trial-2").first.wait_for(state="detached")
    address = page.url
    page.goto("/")
    page.goto(address)
    page.get_by_text("trial-1").first.wait_for()
    assert names_shown(page) == ["trial-1"]


def test_columns_are_chosen(page: Page, runs: list[str]) -> None:
    page.goto("/experiments/1")
    page.get_by_text("trial-2").first.wait_for()
    heading = page.get_by_role("columnheader").filter(has_text="final_score")
    heading.wait_for()
    page.get_by_role("button", name="Choose columns").click()
    page.get_by_label("Search columns").fill("final")
    page.get_by_role("checkbox", name="final_score").uncheck()
    heading.wait_for(state="detached")


def test_selected_runs_are_compared(page: Page, runs: list[str]) -> None:
    page.goto("/experiments/1")
    page.get_by_label("Select trial-0").check()
    page.get_by_label("Select trial-2").check()
    page.get_by_role("link", name=re.compile("^Compare")).click()
    page.wait_for_url("**/compare?*")
    table = page.get_by_role("table")
    table.get_by_text("lr", exact=True).wait_for()
    assert table.get_by_text("optimizer").count() == 0, "equal rows are left out"
    page.get_by_label(re.compile("Differences only")).uncheck()
    table.get_by_text("optimizer").wait_for()
    page.locator("canvas").first.wait_for()


def test_a_sweep_leads_to_its_children_and_back(page: Page, server: RunningServer) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment("sweep")
    parent = client.create_run(experiment_id, run_name="the-sweep").info.run_id
    client.log_metric(parent, "best_val_accuracy", 0.9)
    for number in range(3):
        tags = {"mlflow.parentRunId": parent, "mlflow.source.name": "/code/train.py", "assay.host": "gpu-7"}
        child = client.create_run(experiment_id, run_name=f"trial-{number}", tags=tags).info.run_id
        client.log_param(child, "epochs", 40)
        client.log_metric(child, "val_accuracy", 0.5 + number / 10)
    page.goto(f"/experiments/{experiment_id}")
    heading = page.get_by_role("columnheader").filter(has_text="accuracy").first
    heading.wait_for()
    assert heading.inner_text().strip() == "val_accuracy", "what only the parent has is not the main metric"
    page.get_by_text("1 equal param folded").click()
    page.get_by_text("in 3 of 4").wait_for()
    page.goto(f"/runs/{parent}")
    children = page.get_by_role("region", name="Child runs")
    children.get_by_text("0.7", exact=True).wait_for()
    children.get_by_role("link", name="trial-2").click()
    for fact in ("train.py", "gpu-7"):
        page.get_by_text(fact, exact=True).first.wait_for()
    page.get_by_role("link", name="the-sweep").click()
    page.get_by_role("link", name="Show in table").click()
    page.get_by_text("3 of 4 runs").wait_for()


def test_text_from_clients_stays_text(page: Page, server: RunningServer) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment("<script>document.title='owned'</script>")
    run = client.create_run(experiment_id, run_name=HOSTILE_NAME, tags={"mlflow.note.content": HOSTILE_NAME})
    client.log_param(run.info.run_id, "p", HOSTILE_NAME)
    for path in ("/", f"/experiments/{experiment_id}", f"/runs/{run.info.run_id}", f"/compare?runs={run.info.run_id}"):
        page.goto(path)
        page.get_by_text(re.compile("script|onerror")).first.wait_for()
        assert page.title() != "owned"


def test_what_does_not_exist_is_said(page: Page, server: RunningServer) -> None:
    for path in ("/experiments/999", f"/runs/{'0' * 32}", "/nonsense"):
        page.goto(path)
        page.get_by_text(re.compile("No (run|experiment|page)|not found|no such", re.IGNORECASE)).first.wait_for()


def test_an_empty_server_says_how_to_begin(page: Page, server: RunningServer) -> None:
    page.goto("/experiments/0")
    page.get_by_text(server.url).first.wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(page: Page, runs: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in (
        "/",
        "/experiments/1",
        f"/runs/{runs[0]}",
        f"/runs/{runs[0]}?tab=files",
        f"/compare?runs={','.join(runs)}",
    ):
        page.goto(path)
        page.get_by_role("main").wait_for()
        page.wait_for_load_state("load")
        page.wait_for_timeout(500)
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        problems = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found["violations"]]
        assert not problems, path


@pytest.mark.parametrize("width", [380, 1440])
def test_no_page_scrolls_sideways(page: Page, runs: list[str], width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/", "/experiments/1", f"/runs/{runs[0]}", f"/compare?runs={','.join(runs)}"):
        page.goto(path)
        page.get_by_text(re.compile("trial-|pages")).first.wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path


def test_the_first_load_is_small(page: Page, runs: list[str]) -> None:
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    received: list[float] = []
    requests: list[str] = []
    client.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    client.on("Network.requestWillBeSent", lambda event: requests.append(event["request"]["url"]))
    page.goto("/experiments/1")
    page.get_by_text("trial-2").first.wait_for()
    assert sum(received) <= 170 * 1024
    assert len(requests) <= 8, requests
