"""The first page, and what leads from anywhere to anywhere."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

DAY = 86_400_000
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
    wide = "() => [document.documentElement, ...document.querySelectorAll('.page')].map(box => box.scrollWidth)"
    assert max(page.evaluate(wide)) <= 380


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


def test_experiments_tell_how_busy_they_are_and_with_whom(
    page: Page, client: assay.MlflowClient, filled: dict[str, str]
) -> None:
    now = int(time.time() * 1000)
    for age, user in ((0, "grace"), (3, "grace"), (45, "ada")):
        client.create_run(filled["vision/dogs"], start_time=now - age * DAY, tags={"mlflow.user": user})
    page.goto("/")
    dogs = page.get_by_role("row", name=re.compile("^dogs"))
    dogs.get_by_text("ada", exact=True).wait_for()
    today = time.strftime("%Y-%m-%d", time.localtime(now / 1000))
    dogs.get_by_role("img", name=f"3 runs in the last 30 days, most on {today}: 2").wait_for()
    page.get_by_role("row", name=re.compile("^cats")).get_by_role("link", name="best-owl").click()
    page.get_by_role("heading", name="best-owl").wait_for()


def selected(page: Page) -> list[str]:
    return page.locator("[role=row][aria-selected=true] .tree-link").all_inner_texts()


def test_experiments_are_selected_compared_and_deleted_together(
    page: Page, client: assay.MlflowClient, filled: dict[str, str]
) -> None:
    client.create_experiment("empty")
    page.goto("/?list=flat&sort=name")
    bar = page.get_by_role("region", name="Selected experiments")
    first = page.get_by_role("row", name=re.compile("^fraud"))
    first.focus()
    page.keyboard.press("x")
    bar.get_by_text("Select another to compare").wait_for()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("x")
    assert selected(page) == ["fraud", "vision/dogs"]
    address = page.url
    page.goto("/models")
    page.goto(address)
    bar.get_by_text("2 experiments selected").wait_for()
    bar.get_by_role("link", name="Compare across experiments").wait_for()
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.keyboard.press("c")
    page.get_by_role("heading", name="Compare 2 runs").wait_for()
    for name in ("going-elk", "broken-fox"):
        page.get_by_role("columnheader", name=re.compile(name)).wait_for()
    page.go_back()
    bar.wait_for()
    page.route("**/assay/1/experiments/change", lambda route: route.fulfill(status=500, json={"message": "No room."}))
    bar.get_by_role("button", name="Delete").click()
    page.get_by_text("2 experiments could not be deleted.").wait_for()
    page.get_by_text("No room.").wait_for()
    assert first.is_visible()
    page.unroute("**/assay/1/experiments/change")
    page.get_by_role("button", name="Try again").click()
    first.wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    first.wait_for()
    assert sorted(one.name for one in client.search_experiments()) == sorted(["Default", "empty", *filled])


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
    for number in range(5000):
        client.create_experiment(f"team-{number % 7}/e{number:04}")
    page.goto("/?list=flat&sort=name")
    tree = page.get_by_role("treegrid", name="Experiments")
    tree.get_by_role("link", name="team-0/e0000").wait_for()
    assert tree.get_attribute("aria-rowcount") == "5002"
    assert page.evaluate("() => document.querySelectorAll('*').length") < 2500
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    tree.get_by_role("link", name="team-6/e4997").wait_for()
    client.create_experiment("team-9/new")
    page.get_by_text("5,002 experiments").wait_for()
    tree.get_by_role("checkbox", name="Select all experiments").check()
    page.get_by_text("5,002 experiments selected").wait_for()
    page.get_by_text("Up to 20 can be compared").wait_for()


@pytest.fixture
def found(page: Page, client: assay.MlflowClient, filled: dict[str, str]) -> Page:
    """A page with the search over everything open."""
    client.create_registered_model("cats-classifier")
    client.set_view(filled["vision/cats"], "Best cats", {"sort": "-metrics.val_accuracy"})
    page.goto("/models")
    page.get_by_role("link", name="cats-classifier").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search everything").wait_for()
    return page


def options(page: Page) -> list[str]:
    return page.get_by_role("option").locator(".palette-label").all_inner_texts()


def test_everything_is_found_by_keyboard(found: Page) -> None:
    found.get_by_role("option", name=re.compile("Go to trash")).wait_for()
    found.keyboard.type("cats")
    found.get_by_role("option", name=re.compile("Best cats")).wait_for()
    assert set(options(found)) == {"cats-classifier", "vision/cats", "Best cats"}
    for label in ("vision/cats", "Best cats", "cats-classifier"):
        while found.locator("[aria-selected=true] .palette-label").inner_text() != label:
            found.keyboard.press("ArrowDown")
        active = found.get_by_role("combobox", name="Search everything").get_attribute("aria-activedescendant")
        assert found.locator(f"[id='{active}']").get_attribute("aria-selected") == "true"
    assert_accessible(found)
    found.keyboard.press("Control+a")
    found.keyboard.type("best cats")
    found.wait_for_function("() => document.querySelectorAll('[role=option]').length === 1")
    found.keyboard.press("Enter")
    found.wait_for_url("**/experiments/1?*sort=-metrics.val_accuracy*")
    found.get_by_role("button", name="Saved views: Best cats").wait_for()


def test_what_was_looked_at_is_near(found: Page, filled: dict[str, str]) -> None:
    found.keyboard.type("broken")
    found.get_by_role("option", name=re.compile("broken-fox")).wait_for()
    found.keyboard.press("Enter")
    found.wait_for_url("**/runs/*")
    found.wait_for_function("() => (localStorage.getItem('assay.visited') ?? '').includes('broken-fox')")
    found.keyboard.press("g")
    found.keyboard.press("m")
    found.wait_for_url("**/models")
    found.keyboard.press("Control+k")
    found.get_by_role("option", name=re.compile("broken-fox")).wait_for()
    found.keyboard.type("zzzz")
    found.get_by_text("Nothing is called “zzzz”").wait_for()
    found.keyboard.press("Escape")
    found.get_by_role("combobox", name="Search everything").wait_for(state="detached")


def test_a_view_is_saved_changed_and_shared(page: Page, filled: dict[str, str]) -> None:
    address = f"/experiments/{filled['vision/cats']}"
    page.goto(f"{address}?q=metrics.val_accuracy+>+0.5")
    page.get_by_text("best-owl").first.wait_for()
    page.keyboard.press("v")
    page.get_by_role("button", name="Save as a new view").click()
    page.get_by_role("textbox", name="Name").fill("Good ones")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Saved views: Good ones", exact=True).wait_for()
    page.keyboard.press("v")
    page.get_by_role("button", name="Open Good ones by default").click()
    page.get_by_text("Good ones opens first now").wait_for()
    page.keyboard.press("Escape")
    page.goto(address)
    page.wait_for_url("**q=metrics.val_accuracy*")
    page.get_by_text("best-owl").first.wait_for()
    page.get_by_text("poor-owl").first.wait_for(state="detached")
    page.goto(page.url + "&sort=metrics.val_accuracy")
    page.get_by_role("button", name="Saved views: Good ones, changed").click()
    page.get_by_role("button", name="Update Good ones").click()
    page.get_by_role("button", name="Saved views: Good ones", exact=True).wait_for()
    page.keyboard.press("v")
    page.get_by_role("button", name="Rename Good ones").click()
    page.get_by_role("textbox", name="Name").fill("Better ones")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Saved views: Better ones", exact=True).click()
    page.get_by_role("button", name="Delete Better ones").click()
    page.get_by_role("button", name="Saved views", exact=True).wait_for()
    page.get_by_role("button", name="Undo").last.click()
    page.get_by_role("button", name="Saved views: Better ones", exact=True).click()
    page.get_by_role("button", name="No view").click()
    page.get_by_text("poor-owl").first.wait_for()
    assert_accessible(page)


def test_what_was_deleted_comes_back_or_goes_for_good(
    page: Page, client: assay.MlflowClient, filled: dict[str, str]
) -> None:
    for run in client.search_runs([filled["vision/cats"]]):
        client.delete_run(run.info.run_id)
    client.delete_experiment(filled["fraud"])
    page.goto("/trash")
    deleted = page.get_by_role("list", name="Deleted")
    deleted.get_by_text("Experiment with 1 run", exact=True).wait_for()
    assert deleted.get_by_role("listitem").count() == 3
    page.get_by_role("button", name="Measure sizes").click()
    deleted.get_by_text("0 bytes").first.wait_for()
    page.get_by_role("button", name="Restore best-owl").click()
    deleted.get_by_text("best-owl").wait_for(state="detached")
    page.get_by_role("button", name="Remove poor-owl for good").click()
    page.get_by_text("That frees 0 bytes.").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Remove for good").click()
    deleted.get_by_text("poor-owl").wait_for(state="detached")
    page.get_by_role("dialog").wait_for(state="detached")
    assert [run.info.run_name for run in client.search_runs([filled["vision/cats"]])] == ["best-owl"]
    assert_accessible(page)


def test_settings_tell_of_the_server(page: Page, server: RunningServer) -> None:
    page.goto("/settings")
    page.get_by_text(f"Assay {assay.__version__}").wait_for()
    page.get_by_text(f"MLFLOW_TRACKING_URI={server.url}").wait_for()
    page.get_by_role("button", name="Dark", exact=True).click()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "dark"
    page.get_by_role("button", name="As the system").click()
    assert page.evaluate("() => document.documentElement.dataset.theme") == "light"
    assert_accessible(page)


def test_errors_name_what_was_asked_and_pages_that_are_not_lead_on(page: Page) -> None:
    with page.expect_response("**/views/experiment?*") as answer:
        page.goto("/experiments/99")
    page.get_by_text("404 RESOURCE_DOES_NOT_EXIST").wait_for()
    assert f"request {answer.value.headers['x-request-id']}" in page.get_by_role("alert").inner_text()
    page.route("**/assay/1/views/home*", lambda route: route.abort())
    page.goto("/")
    page.get_by_text("The server cannot be reached").wait_for()
    page.get_by_role("treegrid", name="Experiments").wait_for()
    page.unroute("**/assay/1/views/home*")
    page.get_by_role("button", name="Try again").click()
    page.get_by_text("Waiting for the first run").wait_for()
    page.route("**/assay/1/views/best", lambda route: route.fulfill(status=403, json={"message": "Not for you."}))
    page.goto("/")
    page.get_by_role("heading", name="The best runs could not be read").wait_for()
    page.get_by_role("treegrid").get_by_role("img", name="No run in the last 30 days").wait_for()
    page.unroute("**/assay/1/views/best")
    page.get_by_role("button", name="Try again").click()
    page.get_by_role("heading", name="The best runs could not be read").wait_for(state="detached")
    page.get_by_role("button", name="New experiment").click()
    page.get_by_role("textbox", name="Name").fill("Default")
    page.keyboard.press("Enter")
    assert "request " in page.get_by_role("alert").inner_text(), "a form tells it, too"
    page.goto("/nowhere")
    page.get_by_role("link", name="All experiments", exact=True).click()
    page.get_by_role("treegrid", name="Experiments").wait_for()
