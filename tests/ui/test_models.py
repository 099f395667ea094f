"""The pages of models, used as a person uses them, over models that were logged and registered for real."""

from __future__ import annotations

import re
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import pytest
from sklearn.datasets import load_wine
from sklearn.tree import DecisionTreeClassifier

import assay
from assay.testing.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
HOSTILE = "100% #1? <b>مرحبا</b> 🧪".replace("/", "|")
GATE = """model {name}

gate @champion
  metrics.val_accuracy >= 0.85
  metrics.val_loss <= 0.3
  tags.reviewed = 'yes'

gate Production
  metrics.val_accuracy > 0.99
"""
_NUMBERS = count(1)


class Logged(NamedTuple):
    run_id: str
    model_id: str


class World(NamedTuple):
    """A server with three logged models of one experiment, the later the better."""

    client: assay.MlflowClient
    experiment_id: str
    logged: list[Logged]

    def model(self, versions: int = 3, **aliases: int) -> str:
        """A registered model of its own, so that tests do not meet."""
        name = f"wine-{next(_NUMBERS)}"
        self.client.create_registered_model(name)
        for one in self.logged[:versions]:
            self.client.create_model_version(name, f"models:/{one.model_id}", one.run_id, model_id=one.model_id)
        for alias, version in aliases.items():
            self.client.set_registered_model_alias(name, alias, version)
        return name

    def alias(self, name: str, alias: str) -> str | None:
        return {one: str(version) for one, version in self.client.get_registered_model(name).aliases.items()}.get(alias)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def world(server: RunningServer) -> Iterator[World]:
    assay.set_tracking_uri(server.url)
    experiment_id = assay.set_experiment("wine").experiment_id
    features, labels = load_wine(return_X_y=True, as_frame=True)
    logged = []
    for number in range(3):
        chosen = features[["alcohol", "ash"]] if number else features[["alcohol"]]
        with assay.start_run(run_name=f"tree-{number}", tags={"mlflow.source.git.commit": "abcdef0123456789"}) as run:
            assay.log_input(assay.data.from_pandas(chosen, name="wine-train"), context="training")
            model = DecisionTreeClassifier(max_depth=number + 1, random_state=0).fit(chosen, labels)
            info = assay.sklearn.log_model(
                model,
                name="tree",
                input_example=chosen.head(2),
                pip_requirements=["numpy", f"scikit-learn==1.{number}"],
                params={"max_depth": number + 1},
            )
            values = {"val_accuracy": 0.8 + number / 20, "val_loss": 0.4 - number / 10}
            assay.log_metrics(values, model_id=info.model_id)
            logged.append(Logged(run.info.run_id, info.model_id))
    yield World(assay.MlflowClient(tracking_uri=server.url), experiment_id, logged)
    assay.set_tracking_uri(None)


def open_model(page: Page, name: str, rest: str = "") -> None:
    page.goto(f"/models/{quote(name, safe='')}{rest}")
    page.get_by_role("heading", level=1).wait_for()


def row(page: Page, version: int) -> Locator:
    return page.locator(f"tr[data-version='{version}']")


def wait_for_alias(page: Page, alias: str, version: int) -> None:
    cards = page.get_by_role("region", name="Aliases").get_by_role("listitem")
    cards.filter(has_text=f"@{alias}").get_by_role("link", name=f"version {version}", exact=True).wait_for()


def menu(page: Page, what: str, item: str) -> None:
    page.get_by_role("button", name=f"Actions for {what}").click()
    page.get_by_role("button", name=item).click()


def test_from_the_list_to_a_version(page: Page, world: World) -> None:
    name = world.model(champion=1)
    page.goto("/")
    page.get_by_text("Experiments").first.wait_for()
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/models")
    line = page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))
    text = re.sub(r"\s+", " ", line.inner_text())
    assert "val_accuracy 0.8 latest +0.1" in text, text
    line.get_by_role("link", name="@champion").wait_for()
    line.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="tree-2").wait_for()
    row(page, 3).get_by_text("best:").first.wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{name}/versions/2")


def test_a_filter_finds_and_a_wrong_one_keeps_the_rows(page: Page, world: World) -> None:
    name, other = world.model(0), world.model(0)
    page.goto("/models")
    page.get_by_role("link", name=other, exact=True).wait_for()
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Filter models")
    box.fill(f"name = '{name}'")
    box.press("Escape")
    page.get_by_role("link", name=other, exact=True).wait_for(state="detached")
    box.fill(f"name == '{name}'")
    box.press("Escape")
    page.get_by_role("alert").wait_for()
    assert page.locator("mark").inner_text(), "the place of the error is marked"
    assert page.get_by_role("link", name=name, exact=True).is_visible()


def test_models_are_made_renamed_and_deleted(page: Page, world: World) -> None:
    page.goto("/models")
    page.get_by_role("button", name="New model").click()
    page.keyboard.type("fresh")
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/fresh")
    page.get_by_text("No versions yet").wait_for()
    menu(page, "fresh", "Rename")
    page.keyboard.type("renamed")
    page.keyboard.press("Enter")
    page.wait_for_url("**/models/renamed")
    world.client.create_model_version("renamed", "s3://bucket/model")
    page.get_by_role("link", name="1", exact=True).wait_for()
    menu(page, "renamed", "Delete")
    confirm = page.get_by_role("button", name="Delete the model")
    assert confirm.is_disabled(), "what has versions is deleted only by its name"
    page.get_by_label("Type renamed").fill("renamed")
    confirm.click()
    page.wait_for_url("**/models")
    page.get_by_role("status").filter(has_text=re.compile(r"\d+ models?$")).wait_for()
    assert "renamed" not in [model.name for model in world.client.search_registered_models()]


def test_an_alias_moves_in_two_keys_and_back(page: Page, world: World) -> None:
    name = world.model(champion=1)
    open_model(page, name)
    row(page, 3).wait_for()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    wait_for_alias(page, "champion", 3)
    assert world.alias(name, "champion") == "3"
    page.get_by_role("button", name="Undo").click()
    wait_for_alias(page, "champion", 1)
    assert world.alias(name, "champion") == "1"


def test_a_new_alias_is_set_on_the_row_with_the_focus_and_taken_back(page: Page, world: World) -> None:
    name = world.model(champion=1)
    open_model(page, name)
    row(page, 2).locator(".version-link").focus()
    page.keyboard.press("a")
    page.keyboard.type("shadow")
    page.get_by_text("@shadow is new.").wait_for()
    page.keyboard.press("Enter")
    wait_for_alias(page, "shadow", 2)
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="@shadow").wait_for(state="detached")
    assert world.alias(name, "shadow") is None


def test_what_an_alias_stood_for_and_the_way_back(page: Page, world: World) -> None:
    name = world.model(champion=1)
    world.client.set_registered_model_alias(name, "champion", 3, note="best so far")
    open_model(page, name)
    page.get_by_role("button", name="History of @champion").click()
    moves = page.get_by_role("dialog").get_by_role("listitem")
    moves.nth(1).wait_for()
    first, second = moves.all_inner_texts()
    assert re.search(r"version 1\s+version 3", first)
    assert "best so far" in first
    assert re.search(r"^\s*version 1", second)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Move @champion back to version 1").click()
    wait_for_alias(page, "champion", 1)
    page.get_by_role("button", name="Remove @champion").click()
    page.get_by_role("heading", name="@champion").wait_for(state="detached")
    page.get_by_role("button", name="Undo").last.click()
    wait_for_alias(page, "champion", 1)


def test_a_gate_that_refuses_lists_what_was_found_and_wanted(page: Page, world: World) -> None:
    name = world.model(champion=3)
    world.client.set_gates(GATE.format(name=name))
    open_model(page, name)
    gates = page.get_by_role("region", name="Gates")
    for words in ("val_accuracy is at least 0.85", "val_loss is at most 0.3", "Tag reviewed is 'yes'"):
        gates.get_by_text(words).wait_for()
    row(page, 1).locator(".version-link").focus()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("alert").get_by_text("3 of 3 rules fail. Nothing was changed.").wait_for()
    text = dialog.inner_text()
    assert re.search(r"val_accuracy is at least 0.85\s+Found\s+0.8\s+Wanted\s+>= 0.85", text), text
    assert re.search(r"Tag reviewed is 'yes'\s+Found\s+no tag 'reviewed'", text), text
    assert world.alias(name, "champion") == "3"


def test_a_stage_is_entered_left_and_refused(page: Page, world: World) -> None:
    name = world.model()
    world.client.set_gates(GATE.format(name=name))
    open_model(page, name)
    menu(page, "version 2", "To Staging")
    row(page, 2).get_by_text("Staging").wait_for()
    page.get_by_role("button", name="Undo").click()
    row(page, 2).get_by_text("Staging").wait_for(state="detached")
    menu(page, "version 2", "To Production")
    dialog = page.get_by_role("dialog", name="Not moved")
    dialog.get_by_text("val_accuracy is above 0.99").wait_for()
    dialog.get_by_text("0.85", exact=True).wait_for()


def test_a_description_is_markdown_and_harmless(page: Page, world: World) -> None:
    name = world.model(1)
    open_model(page, name)
    page.get_by_role("button", name="Describe this model").click()
    page.keyboard.type("**Bold** <img src=x onerror=\"document.title='owned'\">\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")
    page.keyboard.press("Control+Enter")
    shown = page.get_by_role("region", name="Description")
    shown.locator("strong", has_text="Bold").wait_for()
    shown.get_by_role("cell", name="2").wait_for()
    assert page.title() != "owned"
    page.get_by_role("button", name="Edit the description").click()
    page.keyboard.press("Escape")
    shown.locator("strong").wait_for()


def test_tags_are_set_removed_and_brought_back(page: Page, world: World) -> None:
    name = world.model(1)
    open_model(page, name)
    tags = page.get_by_role("list", name="Tags")
    tags.get_by_role("button", name="Tag").click()
    page.keyboard.type("team")
    page.keyboard.press("Tab")
    page.keyboard.type("risk")
    page.keyboard.press("Enter")
    tags.get_by_text("risk").wait_for()
    tags.get_by_role("button", name="Remove the tag team").click()
    tags.get_by_text("risk").wait_for(state="detached")
    page.get_by_role("button", name="Undo").click()
    tags.get_by_text("risk").wait_for()
    assert world.client.get_registered_model(name).tags == {"team": "risk"}


def test_a_version_says_what_it_takes_and_where_it_comes_from(page: Page, world: World) -> None:
    name = world.model(champion=3)
    open_model(page, name, "/versions/3")
    signature = page.get_by_role("region", name="Signature").first
    signature.get_by_role("row", name="ash double").wait_for()
    page.get_by_role("region", name="Requirements").get_by_text("==1.2").wait_for()
    page.get_by_role("region", name="Input example").get_by_role("columnheader", name="alcohol").wait_for()
    page.get_by_text("sklearn", exact=True).wait_for()
    page.get_by_title("abcdef0123456789").wait_for()
    lineage = page.get_by_role("region", name="Lineage")
    words = f"Dataset wine-train (training), then Run tree-2, then Logged model tree, then Version {name} 3"
    lineage.get_by_text(words).wait_for()
    lineage.get_by_role("link", name="tree-2").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/runs/{world.logged[2].run_id}")


def test_a_version_is_promoted_to_another_model(page: Page, world: World) -> None:
    name = world.model()
    open_model(page, name, "/versions/2")
    menu(page, "version 2", "Promote")
    page.keyboard.type(f"{name}-prod")
    page.get_by_text("is new: it will be made").wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/models/{name}-prod/versions/1")
    assert world.client.get_model_version(f"{name}-prod", "1").run_id == world.logged[1].run_id


def test_versions_are_compared(page: Page, world: World) -> None:
    name = world.model()
    world.client.set_model_version_tag(name, "1", "reviewed", "yes")
    open_model(page, name)
    row(page, 1).get_by_role("checkbox").check()
    row(page, 3).get_by_role("checkbox").check()
    page.keyboard.press("c")
    page.wait_for_url(f"**/models/{name}/compare?versions=1,3")
    table = page.get_by_role("table")
    table.get_by_role("row", name=re.compile(r"^val_accuracy 0.8 best: 0.9 \+0.1 ?, better")).wait_for()
    table.get_by_role("row", name=re.compile(r"^ash not there double")).wait_for()
    table.get_by_role("row", name=re.compile(r"^scikit-learn ==1.0 ==1.2")).wait_for()
    table.get_by_role("row", name=re.compile(r"^reviewed yes not there")).wait_for()
    assert table.get_by_role("row", name=re.compile("^numpy")).count() == 0, "equal rows are left out"
    page.get_by_label("Differences only").uncheck()
    table.get_by_role("row", name=re.compile("^numpy any version any version")).wait_for()


def test_a_model_of_a_run_is_registered_in_two_actions(page: Page, world: World) -> None:
    page.goto(f"/runs/{world.logged[0].run_id}")
    models = page.get_by_role("region", name="Models")
    models.get_by_role("button", name="Register tree").click()
    page.get_by_label("As a version of the model").fill("from-run")
    page.keyboard.press("Enter")
    models.get_by_role("link", name="from-run").wait_for()
    assert world.client.get_model_version("from-run", "1").run_id == world.logged[0].run_id


def test_logged_models_of_an_experiment(page: Page, world: World) -> None:
    page.goto(f"/experiments/{world.experiment_id}")
    page.get_by_role("navigation", name="Parts of the experiment").get_by_role("link", name="Models").click()
    page.get_by_role("link", name="tree-0").wait_for()
    heading = page.get_by_role("columnheader", name="val_accuracy")
    heading.get_by_role("button").click()
    page.wait_for_function("() => document.querySelector('tbody').innerText.indexOf('0.9') < 20")
    assert page.get_by_role("row").nth(1).get_by_role("cell").first.inner_text() == "0.9"
    box = page.get_by_role("combobox", name="Filter models")
    box.fill("metrics.val_accuracy < 0.82")
    box.press("Escape")
    page.get_by_role("link", name="tree-2").wait_for(state="detached")
    page.get_by_role("rowheader").get_by_role("link", name="tree").click()
    page.wait_for_url(f"**/m/{world.logged[0].model_id}")
    page.get_by_role("region", name="Metrics").first.get_by_role("row", name=re.compile("^val_loss 0.4")).wait_for()
    page.get_by_role("region", name="Params").get_by_text("max_depth").wait_for()


@pytest.mark.parametrize("place", ["model", "version"])
def test_files_are_shown(page: Page, world: World, place: str) -> None:
    address = f"/m/{world.logged[2].model_id}" if place == "model" else f"/models/{world.model()}/versions/3"
    page.goto(address)
    page.get_by_role("tab", name="Files").click()
    page.get_by_role("navigation", name="Files").get_by_text("MLmodel").first.wait_for()


def test_changes_of_others_show_by_themselves(page: Page, world: World) -> None:
    name = world.model(champion=1)
    open_model(page, name)
    wait_for_alias(page, "champion", 1)
    world.client.set_registered_model_alias(name, "champion", 2)
    wait_for_alias(page, "champion", 2)
    world.client.set_model_version_tag(name, "3", "ticket", "ML-7")
    row(page, 3).get_by_text("ticket: ML-7").wait_for()


def test_a_model_deleted_while_it_is_open_is_said(page: Page, world: World) -> None:
    name = world.model()
    open_model(page, name)
    row(page, 3).wait_for()
    world.client.delete_registered_model(name)
    page.get_by_role("alert").get_by_text("deleted while it was open").wait_for()
    assert row(page, 3).is_visible()


def test_who_is_told_of_changes_and_how_somebody_is_added(page: Page, world: World, server: RunningServer) -> None:
    name = world.model()
    open_model(page, name)
    page.get_by_text("Webhooks", exact=True).click()
    page.get_by_text("Nobody is told of changes of this model.").wait_for()
    code = page.get_by_role("region", name="Python code that adds a webhook").inner_text()
    assert server.url in code
    address = "https://93.184.216.34:8443/services/T0/s3cret?key=s3cret"
    client = world.client
    made = [
        client.create_webhook("deploy", address, ["model_version.created", "model_version_alias.deleted"]),
        client.create_webhook("audit", "https://93.184.216.34/", ["model_version.created"], status="DISABLED"),
        client.create_webhook("census", "https://93.184.216.34/", ["registered_model.created"]),
    ]
    open_model(page, name)
    page.get_by_text("Webhooks", exact=True).click()
    hooks = page.get_by_role("list", name="Webhooks")
    deploy = hooks.get_by_role("listitem").filter(has_text="deploy")
    deploy.get_by_text("93.184.216.34:8443", exact=True).wait_for()
    deploy.get_by_text("model_version.created model_version_alias.deleted").wait_for()
    assert hooks.get_by_role("listitem").filter(has_text="audit").get_by_text("off", exact=True).is_visible()
    assert hooks.get_by_text("census").count() == 0, "it is told of new models alone"
    assert "s3cret" not in page.content()
    for one in made:
        client.delete_webhook(one.webhook_id)


def test_somebody_elses_move_is_not_overwritten(page: Page, world: World) -> None:
    name = world.model(champion=1)
    open_model(page, name)
    row(page, 3).wait_for()
    # What the page knows stays as it is, as if the other change had come a moment ago.
    page.route("**/ajax-api/assay/1/views/model?*", lambda route: route.abort())
    page.keyboard.press("a")
    page.get_by_text("moves to 3").wait_for()
    world.client.set_registered_model_alias(name, "champion", 2)
    page.keyboard.press("Enter")
    page.get_by_role("alert").get_by_text("somebody else changed it").wait_for()
    assert world.alias(name, "champion") == "2"


def test_the_page_of_a_model_asks_once(page: Page, world: World) -> None:
    name = world.model(champion=1)
    page.route("**/assay/1/events*", lambda route: route.abort())  # the making's events would have it asked for again
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/ajax-api/" in request.url else None)
    open_model(page, name)
    page.get_by_role("link", name="tree-2").wait_for()
    assert [re.sub(r".*/ajax-api/|\?.*", "", url) for url in asked if "/events" not in url] == ["assay/1/views/model"]


def test_names_with_signs_of_addresses_and_markup(page: Page, world: World) -> None:
    name = HOSTILE.replace("</b>", "<b>")
    world.client.create_registered_model(name)
    world.client.create_model_version(name, "s3://bucket/model", world.logged[0].run_id)
    page.goto("/models")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("heading", level=1).get_by_text(name).wait_for()
    page.get_by_role("link", name="1", exact=True).click()
    page.get_by_role("heading", level=1).get_by_text(name).wait_for()
    page.get_by_text("s3://bucket/model").first.wait_for()


def test_what_does_not_exist_is_said(page: Page, world: World) -> None:
    name = world.model(1)
    for path in ("/models/none", f"/models/{name}/versions/9", f"/models/{name}/compare?versions=1,9", "/m/m-0"):
        page.goto(path)
        page.get_by_role("alert").get_by_text(re.compile("There is no|No logged model")).wait_for()
    page.goto(f"/models/{name}/compare?versions=x")
    page.get_by_text("Choose versions to compare").wait_for()


def pages(world: World, name: str) -> list[str]:
    return [
        "/models",
        f"/models/{name}",
        f"/models/{name}/versions/3",
        f"/models/{name}/compare?versions=1,3",
        f"/experiments/{world.experiment_id}/models",
        f"/m/{world.logged[2].model_id}",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible(page: Page, world: World, scheme: str) -> None:
    name = world.model(champion=2, shadow=3)
    world.client.set_gates(GATE.format(name=name))
    world.client.update_registered_model(name, "**Bold** and a [link](https://example.org)\n\n| a |\n|---|\n| 1 |\n")
    world.client.transition_model_version_stage(name, "1", "Staging")
    page.emulate_media(color_scheme=scheme)
    for path in pages(world, name):
        page.goto(path)
        page.get_by_text(re.compile("val_accuracy")).first.wait_for()
        check_axe(page, path)
    open_model(page, name)
    row(page, 1).locator(".version-link").focus()
    page.keyboard.press("a")
    page.keyboard.press("Enter")
    page.get_by_role("alert").first.wait_for()
    check_axe(page, "refusal")


def check_axe(page: Page, where: str) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    problems = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found["violations"]]
    assert not problems, where


def test_no_page_scrolls_sideways_on_a_phone(page: Page, world: World) -> None:
    name = world.model(champion=2, shadow=3)
    page.set_viewport_size({"width": 380, "height": 800})
    for path in pages(world, name):
        page.goto(path)
        page.get_by_text(re.compile("val_accuracy")).first.wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
        inner = "() => [...document.querySelectorAll('.scrolls')].every(box => box.scrollWidth <= box.clientWidth)"
        assert page.evaluate(inner), path


def test_the_first_model_arrives_where_there_was_none(browser, tmp_path: Path) -> None:
    with running_server(tmp_path) as empty:
        context = browser.new_context(base_url=empty.url)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto("/models")
        page.get_by_text(empty.url).wait_for()
        assay.MlflowClient(tracking_uri=empty.url).create_registered_model("first")
        page.get_by_role("link", name="first").wait_for()
        context.close()
