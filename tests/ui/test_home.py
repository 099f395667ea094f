"""The first page, and what leads from anywhere to anywhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"


@pytest.fixture
def client(server: RunningServer) -> assay.MlflowClient:
    return assay.MlflowClient(tracking_uri=server.url)


def log_run(
    client: assay.MlflowClient, experiment_id: str, name: str, *, status: str = "FINISHED", **metrics: float
) -> str:
    run_id = client.create_run(experiment_id, run_name=name).info.run_id
    for key, value in metrics.items():
        client.log_metric(run_id, key, value)
    if status != "RUNNING":
        client.set_terminated(run_id, status)
    return run_id


@pytest.fixture
def filled(client: assay.MlflowClient) -> dict[str, str]:
    """Experiments in folders with runs in each state: ids by name."""
    ids = {name: client.create_experiment(name) for name in ("vision/cats", "vision/dogs", "fraud")}
    client.set_experiment_tag(ids["fraud"], "mlflow.note.content", "# Cards of **spring**\nmore")
    log_run(client, ids["vision/cats"], "best-owl", val_accuracy=0.875, train_loss=0.5)
    log_run(client, ids["vision/cats"], "poor-owl", val_accuracy=0.25)
    log_run(client, ids["vision/dogs"], "broken-fox", status="FAILED", val_accuracy=0.75)
    log_run(client, ids["fraud"], "going-elk", status="RUNNING", rmse=1.5)
    return ids


def assert_accessible(page: Page) -> None:
    """No broken rule of WCAG A and AA, in both themes, and no sideways scrolling at 380 pixels."""
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(AXE.read_text())
    for theme in ("light", "dark"):
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        broken = page.evaluate(
            """async () => (await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })).violations
                .map(({ id, nodes }) => id + ": " + nodes.map(node => node.html).join(" ").slice(0, 400))"""
        )
        assert broken == [], theme
    page.set_viewport_size({"width": 380, "height": 780})
    page.wait_for_timeout(50)
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_home_shows_what_runs_finished_and_failed(
    page: Page, client: assay.MlflowClient, filled: dict[str, str]
) -> None:
    page.goto("/")
    running = page.get_by_role("region", name="Running now")
    running.get_by_role("link", name="going-elk").wait_for()
    running.get_by_text("rmse").wait_for()
    page.get_by_role("region", name="Failed lately").get_by_role("link", name="broken-fox").wait_for()
    finished = page.get_by_role("region", name="Finished lately")
    assert finished.get_by_role("listitem").count() == 2
    finished.get_by_text("0.875").wait_for()
    log_run(client, filled["fraud"], "new-bee", status="RUNNING", rmse=0.5)
    running.get_by_role("link", name="new-bee").wait_for()
    page.get_by_role("row", name=re.compile("fraud")).get_by_text("2 running").wait_for()
    assert_accessible(page)


def test_experiments_stand_in_folders(page: Page, filled: dict[str, str]) -> None:
    page.goto("/")
    tree = page.get_by_role("treegrid", name="Experiments")
    cats = tree.get_by_role("row", name=re.compile("^cats"))
    cats.get_by_role("link", name="0.875").wait_for()
    tree.get_by_text("Cards of spring").wait_for()
    folder = tree.get_by_role("row", name=re.compile("^vision"))
    assert folder.get_attribute("aria-expanded") == "true"
    folder.focus()
    page.keyboard.press("ArrowLeft")
    cats.wait_for(state="detached")
    page.keyboard.press("ArrowRight")
    cats.wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    name = page.evaluate("() => document.activeElement.querySelector('a').innerText")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/experiments/{filled['vision/' + name]}")
    page.go_back()
    folder.get_by_role("button", name=re.compile("^vision")).click()
    address = page.url
    page.goto("/models")
    page.goto(address)
    folder.wait_for()
    assert cats.count() == 0, "which folders are open is in the address"
    page.keyboard.press("/")
    page.keyboard.type("spring")
    page.get_by_text("1 of 4 experiments").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/experiments/{filled['fraud']}")


def test_experiments_are_made_renamed_deleted_and_restored(page: Page, filled: dict[str, str]) -> None:
    page.goto("/")
    page.get_by_role("button", name="New experiment in vision").click()
    page.get_by_role("textbox", name="Name").fill("vision/birds")
    page.keyboard.press("Enter")
    page.wait_for_url("**/experiments/4")
    page.goto("/")
    row = page.get_by_role("row", name=re.compile("^birds"))
    row.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("button", name="Rename").click()
    page.get_by_role("textbox", name="Name").fill("vision/owls")
    page.keyboard.press("Enter")
    owls = page.get_by_role("row", name=re.compile("^owls"))
    owls.get_by_role("button", name=re.compile("^Actions")).click()
    page.get_by_role("button", name="Delete").click()
    owls.wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    owls.wait_for()


def test_the_first_run_turns_the_waiting_into_itself(
    page: Page, server: RunningServer, client: assay.MlflowClient
) -> None:
    page.goto("/")
    page.get_by_role("tab", name="Code that uses MLflow").click()
    page.get_by_text(f"MLFLOW_TRACKING_URI={server.url}").wait_for()
    page.get_by_role("tab", name="Assay").click()
    code = page.get_by_role("region", name="Code that logs a run").inner_text()
    assert server.url in code
    page.get_by_text("Waiting for the first run").wait_for()
    assert_accessible(page)
    exec(code, {})
    assay.set_tracking_uri(None)
    arrived = page.get_by_role("status", name="Your first run")
    arrived.get_by_text("first-steps").wait_for()
    arrived.get_by_role("link", name="Open the run").click()
    page.get_by_role("region", name="Params").get_by_text("learning_rate").wait_for()


def test_thousands_of_experiments_stay_quick(page: Page, client: assay.MlflowClient) -> None:
    for number in range(1500):
        client.create_experiment(f"team-{number % 7}/e{number:04}")
    page.goto("/?list=flat&sort=name")
    tree = page.get_by_role("treegrid", name="Experiments")
    tree.get_by_role("link", name="team-0/e0000").wait_for()
    assert tree.get_attribute("aria-rowcount") == "1502"
    assert page.evaluate("() => document.querySelectorAll('*').length") < 2500
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    tree.get_by_role("link", name="team-6/e1497").wait_for()
    client.create_experiment("team-9/new")
    page.get_by_text("1,502 experiments").wait_for()
