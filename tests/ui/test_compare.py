"""Comparison and analysis of runs, used as a person uses them, over runs that were logged for real."""

from __future__ import annotations

import math
import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import assay
from assay.entities import Dataset, DatasetInput, InputTag, Metric, Param
from assay.testing.server import RunningServer, running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
TRIALS = 60


class World(NamedTuple):
    """An experiment with a sweep whose best learning rates lie in the middle."""

    client: assay.MlflowClient
    experiment_id: str
    parent: str
    trials: list[str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def world(server: RunningServer) -> Iterator[World]:
    assay.set_tracking_uri(server.url)
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment("sweep")
    parent = client.create_run(experiment_id, run_name="the-sweep").info.run_id
    chance = random.Random(7)
    trials = [_trial(client, experiment_id, parent, number, chance) for number in range(TRIALS)]
    yield World(client, experiment_id, parent, trials)
    assay.set_tracking_uri(None)


def _trial(client: assay.MlflowClient, experiment_id: str, parent: str, number: int, chance: random.Random) -> str:
    rate = 10 ** chance.uniform(-5, -1)
    optimizer = ("adam", "sgd with a rather long name", "rmsprop")[number % 3]
    accuracy = 0.9 - 0.05 * (math.log10(rate) + 3) ** 2 - 0.01 * (number % 3)
    params = {"lr": f"{rate:.6g}", "optimizer": optimizer, "epochs": "3"}
    if number % 10:
        params["dropout"] = str(number % 7 / 10)
    tags = {"mlflow.parentRunId": parent}
    run = client.create_run(experiment_id, run_name=f"trial-{number}", start_time=1000 + number, tags=tags)
    client.log_batch(
        run.info.run_id,
        metrics=[Metric("accuracy", accuracy, 0, 0), Metric("loss", 1 - accuracy, 0, 0)],
        params=[Param(key, value) for key, value in params.items()],
    )
    return run.info.run_id


def open_analysis(page: Page, world: World, rest: str = "") -> Locator:
    page.goto(f"/experiments/{world.experiment_id}/analyse{rest}")
    figure = page.get_by_role("figure", name="Parallel coordinates")
    figure.get_by_role("img").wait_for()
    return figure


def runs_listed(page: Page) -> str:
    return page.get_by_role("region", name="Runs", exact=True).get_by_role("status").inner_text()


def check_accessible(page: Page) -> None:
    page.evaluate(AXE.read_text())
    found = page.evaluate(
        """async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})).violations
        .map(one => one.id + ': ' + one.nodes.map(node => node.html.slice(0, 160)).join(' | '))"""
    )
    assert not found, found


def test_axes_are_log_where_that_shows_more_and_categories_are_named_in_full(page: Page, world: World) -> None:
    page.goto(f"/experiments/{world.experiment_id}")
    page.get_by_role("link", name="Analyse").click()
    figure = page.get_by_role("figure", name="Parallel coordinates")
    labels = figure.locator("svg.plot-layer text")
    labels.filter(has_text=re.compile("^sgd with a rather long name$")).wait_for()
    texts = labels.all_text_contents()
    assert "0.001" in texts, "the learning rate is on a log axis"
    assert "not logged" in texts, "runs without dropout have a place of their own"


def test_a_brush_filters_the_runs_and_is_in_the_address(page: Page, world: World) -> None:
    figure = open_analysis(page, world)
    assert runs_listed(page) == f"{TRIALS + 1} runs"
    box = figure.locator("[data-axis='metrics.accuracy']").bounding_box()
    assert box
    x = box["x"] + box["width"] / 2
    page.mouse.move(x, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(x, box["y"] + 60, steps=4)
    page.mouse.up()
    page.wait_for_url("**keep=metrics.accuracy**")
    kept = re.match(r"(\d+) runs of", runs_listed(page))
    assert kept
    assert 0 < int(kept[1]) < TRIALS
    page.reload()
    page.get_by_text(re.compile(rf"^{kept[1]} runs of {TRIALS + 1} runs kept")).wait_for()
    page.get_by_role("link", name="Open in the run table").click()
    page.wait_for_url("**/experiments/*?q=metrics.accuracy**")
    page.get_by_role("status").filter(has_text=re.compile(rf"^{kept[1]} of {TRIALS + 1} runs")).wait_for()


def test_an_axis_is_turned_moved_and_given_a_range_by_keyboard(page: Page, world: World) -> None:
    figure = open_analysis(page, world, "?axes=params.lr,params.optimizer,metrics.accuracy")
    axis = figure.get_by_role("button", name="Axis lr")
    axis.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog", name="Axis lr")
    menu.get_by_role("button", name="Linear").press("Enter")
    page.wait_for_url("**axes=linear:params.lr,**")
    menu.get_by_role("button", name="Move right").press("Enter")
    page.wait_for_url("**axes=params.optimizer,linear:params.lr,**")
    page.keyboard.press("Escape")
    figure.get_by_role("button", name="Axis optimizer").press("Enter")
    page.get_by_role("checkbox", name="adam").press("Space")
    page.wait_for_url("**keep=params.optimizer+=+%27adam%27")
    assert runs_listed(page) == f"{TRIALS // 3} runs of {TRIALS + 1} runs"


def test_influence_finds_what_matters_and_says_what_it_is_not(page: Page, world: World) -> None:
    open_analysis(page, world)
    card = page.get_by_role("figure", name="Influence")
    first = card.get_by_role("row").nth(1)
    assert first.get_by_role("rowheader").inner_text() == "lr"
    first.get_by_role("img", name=re.compile("accuracy goes up and down .* with lr, not in one direction")).wait_for()
    card.get_by_text("not what causes what").wait_for()
    assert card.get_by_role("rowheader", name="epochs").count() == 0, "what does not vary has no influence"


def test_a_run_that_has_the_focus_is_marked_in_every_chart(page: Page, world: World) -> None:
    figure = open_analysis(page, world)
    page.get_by_role("region", name="Runs", exact=True).get_by_role("link", name="trial-7", exact=True).focus()
    figure.locator(".plot-hovered path").wait_for()
    assert figure.locator(".plot-hovered text").count() == figure.locator("[data-axis]").count()
    page.get_by_role("figure", name="Scatter").locator(".plot-point-hovered").wait_for()
    page.get_by_role("figure", name="Spread by group").locator(".plot-point-hovered").wait_for()
    path = figure.locator(".plot-hovered path").get_attribute("d")
    assert path
    x, y = (float(part) for part in re.findall(r"L([\d.]+) ([\d.]+)", path)[0])
    page.get_by_role("link", name="Experiments").first.focus()
    figure.locator(".plot-hovered").wait_for(state="detached")
    figure.scroll_into_view_if_needed()
    box = figure.get_by_role("img").bounding_box()
    assert box
    page.mouse.move(box["x"] + x - 12, box["y"] + y)
    figure.locator(".plot-hovered path").wait_for()


def test_charts_are_downloaded(page: Page, world: World) -> None:
    open_analysis(page, world)
    for ending, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("CSV", b"\xef\xbb\xbfrun_id,")):
        page.get_by_role("button", name="Download Parallel coordinates").click()
        with page.expect_download() as download:
            page.get_by_role("dialog").get_by_role("button", name=ending).click()
        content = download.value.path().read_bytes()
        assert content.startswith(begins)
        if ending == "CSV":
            assert content.count(b"\r\n") == TRIALS + 2
            assert b"sgd with a rather long name" in content


def test_a_damaged_address_shows_the_charts_and_a_notice(page: Page, world: World) -> None:
    open_analysis(page, world, "?axes=lr,params.lr,params.epochs&keep=params.lr+near+1")
    page.get_by_text("left out: axes, keep").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_analysis_is_accessible(page: Page, world: World, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    open_analysis(page, world)
    check_accessible(page)


def test_a_phone_shows_one_chart_a_row(page: Page, world: World) -> None:
    page.set_viewport_size({"width": 380, "height": 800})
    open_analysis(page, world)
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    lefts = [figure.bounding_box() for figure in page.get_by_role("figure").all()]
    assert len({round(box["x"]) for box in lefts if box}) == 1


@pytest.fixture(scope="module")
def compared(server: RunningServer, world: World) -> list[str]:
    """Three runs of two experiments, with code, environments, data and files of their own."""
    del server
    client = world.client
    one, other = client.create_experiment("one"), client.create_experiment("other")
    ids = []
    for number, experiment_id in enumerate((one, one, other)):
        commit = {"mlflow.source.git.commit": f"{number}" * 40}
        tags = {"mlflow.source.git.repoURL": "https://github.com/acme/vision.git", **commit}
        run_id = client.create_run(experiment_id, run_name=f"side-{number}", tags=tags).info.run_id
        ids.append(run_id)
        client.log_batch(
            run_id,
            metrics=[Metric("accuracy", value, 0, step) for step, value in enumerate((0.95, 0.5 + number / 10))],
            params=[Param("lr", f"0.{number + 1}"), Param("epochs", "3")],
        )
        lines = [f"line {place}" for place in range(40)]
        lines[20] = f"written by {number}"
        client.log_text(run_id, "\n".join(lines), "notes.txt")
        client.log_text(run_id, f'{{"a": 1, "b": {number}}}' if number else '{"b": 0,\n"a": 1}', "settings.json")
        packages = {"numpy": "2.1.0", "scipy": f"1.{number}.0"}
        client.log_dict(run_id, {"python": "3.11.9", "packages": packages}, "assay/environment.json")
        client.log_text(run_id, f"+rate = {number}\n", "assay/uncommitted.patch")
        data = Dataset("wine", f"digest{number}", "local", "wine.csv")
        client.log_inputs(run_id, datasets=[DatasetInput(data, [InputTag("mlflow.data.context", "train")])])
        client.set_terminated(run_id)
    return ids


def line_of(page: Page, name: str) -> str:
    table = page.get_by_role("region", name="Comparison")
    line = table.get_by_role("row").filter(has=page.get_by_title(name, exact=True)).first
    return re.sub(r"\s+", " ", line.inner_text()).replace(" ,", ",").replace("\N{MINUS SIGN}", "-")


def test_runs_of_two_experiments_are_compared_with_a_baseline(page: Page, compared: list[str]) -> None:
    page.goto(f"/compare?runs={','.join(compared)}")
    table = page.get_by_role("region", name="Comparison")
    table.get_by_role("rowheader", name="scipy").wait_for()
    assert table.get_by_role("rowheader", name="epochs").count() == 0, "equal rows are left out"
    page.get_by_role("status").filter(has_text=re.compile(r"^\d+ equal rows left out")).wait_for()
    page.get_by_role("button", name="Use as baseline side-1").press("Enter")
    page.wait_for_url(f"**base={compared[1]}")
    assert table.get_by_role("columnheader").nth(1).inner_text().startswith("side-1"), "the baseline is pinned first"
    assert line_of(page, "accuracy") == "accuracy 0.6 0.5 -0.1, worse best: 0.7 +0.1, better"
    assert "≠" in line_of(page, "scipy")
    assert "≠" in line_of(page, "wine (train)")
    commit = table.get_by_role("link", name="1111111111", exact=True)
    assert commit.get_attribute("href") == f"https://github.com/acme/vision/commit/{'1' * 40}"
    page.get_by_role("button", name="Greatest").click()
    page.wait_for_url("**stat=max")
    page.get_by_text("equal in all, 1 metric").wait_for()
    page.get_by_label("Differences only").uncheck()
    table.get_by_role("rowheader", name="epochs").wait_for()
    assert line_of(page, "accuracy").startswith("accuracy 0.95 0.95 0.95")


def test_more_than_twenty_runs_are_analysed_instead(page: Page, world: World) -> None:
    page.goto(f"/compare?runs={','.join(world.trials[:21])}")
    page.get_by_text("Up to 20 runs can be compared; the address has 21.").wait_for()
    page.get_by_role("heading", name="Compare 20 runs").wait_for()
    page.get_by_role("link", name="Analyse all of them").click()
    page.get_by_role("region", name="Runs", exact=True).get_by_role("status").filter(has_text="21 runs").wait_for()
    page.goto(f"/compare?runs={','.join(world.trials[:20])}")
    page.get_by_role("heading", name="Compare 20 runs").wait_for()
    assert page.get_by_text("Up to 20 runs").count() == 0
    page.goto(f"/experiments/{world.experiment_id}?nest=off&runs={','.join(world.trials[:21])}")
    bar = page.get_by_role("region", name="Selected runs")
    bar.get_by_text("Up to 20 can be compared").wait_for()
    bar.get_by_role("link", name="Analyse").wait_for()
    page.keyboard.press("c")
    page.wait_for_url(f"**/experiments/{world.experiment_id}/analyse?q=*")


def test_columns_are_moved_and_left_out_by_keyboard(page: Page, compared: list[str]) -> None:
    page.goto(f"/compare?runs={','.join(compared)}")
    page.get_by_role("button", name="Column of side-0").press("Enter")
    page.get_by_role("button", name="Move right").press("Enter")
    page.wait_for_url(f"**runs={compared[1]},{compared[0]},{compared[2]}")
    page.get_by_role("columnheader").nth(2).get_by_role("link", name="side-0").wait_for()
    page.get_by_role("button", name="Column of side-0").press("Enter")
    page.get_by_role("button", name="Leave out").press("Enter")
    page.get_by_role("heading", name="Compare 2 runs").wait_for()


def test_files_of_one_name_are_compared_line_by_line(page: Page, compared: list[str]) -> None:
    page.goto(f"/compare?runs={','.join(compared)}&rows=all")
    files = page.get_by_role("region", name="Files", exact=True)
    choice = files.get_by_label("File", exact=True)
    choice.wait_for()
    assert choice.input_value() == "assay/uncommitted.patch", "what was not committed comes first"
    files.get_by_role("cell", name="added: +rate = 1").wait_for()
    choice.select_option("notes.txt")
    files.get_by_role("cell", name="removed: written by 0").wait_for()
    files.get_by_role("cell", name="added: written by 1").wait_for()
    assert files.get_by_text("line 30").count() == 0
    files.get_by_role("button", name="17 equal lines").first.click()
    files.get_by_text("line 5", exact=True).wait_for()
    choice.select_option("settings.json")
    files.get_by_text("1 line added, 1 line removed").wait_for()
    files.get_by_label("Run to compare files with").select_option(label="side-2")
    page.wait_for_url(f"**with={compared[2]}*")
    files.get_by_role("cell", name='added: "b": 2').wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_comparison_is_accessible(page: Page, compared: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"/compare?runs={','.join(compared)}&base={compared[1]}")
    page.get_by_role("cell", name="added: +rate").first.wait_for()
    page.get_by_role("figure", name="Influence").wait_for()
    check_accessible(page)


def test_a_box_drawn_over_points_keeps_their_ranges(page: Page, world: World) -> None:
    open_analysis(page, world, "?sx=params.lr&sy=metrics.accuracy")
    card = page.get_by_role("figure", name="Scatter")
    picture = card.get_by_role("img", name=re.compile(rf"^accuracy against lr of {TRIALS} runs"))
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.5, steps=4)
    page.mouse.up()
    page.wait_for_url(re.compile(r"keep=params\.lr.*metrics\.accuracy"))
    kept = re.match(r"(\d+) runs? of", runs_listed(page))
    assert kept
    assert 0 < int(kept[1]) < TRIALS


def test_any_column_stands_on_any_axis_and_contours_end_at_the_points(page: Page, world: World) -> None:
    open_analysis(page, world, "?axes=params.lr,metrics.accuracy")
    card = page.get_by_role("figure", name="Scatter")
    card.get_by_label("Across").select_option("metrics.loss")
    page.wait_for_url("**sx=metrics.loss**")
    card.get_by_role("button", name="Axis loss").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Log").press("Enter")
    page.wait_for_url("**sx=log:metrics.loss**")
    page.keyboard.press("Escape")
    card.get_by_text("loss, log").wait_for()
    card.get_by_label("Across").select_option("params.lr")
    card.get_by_label("Up").select_option("params.dropout")
    card.get_by_label("Colour").select_option("metrics.accuracy")
    painted = """element => {
        const {width, height} = element
        const pixels = element.getContext("2d").getImageData(0, 0, width, height).data
        return pixels.filter((value, at) => at % 4 === 3 && value > 0).length / (width * height)
    }"""
    canvas = card.locator("canvas")
    points = canvas.evaluate(painted)
    card.get_by_label("Contours").check()
    page.wait_for_url("**contour=1**")
    assert points < canvas.evaluate(painted) < 0.9, "the picture is filled between the points, not to its edges"


def test_groups_show_every_run_and_their_quartiles(page: Page, world: World) -> None:
    open_analysis(page, world, "?bx=params.optimizer")
    card = page.get_by_role("figure", name="Spread by group")
    words = r"^accuracy by optimizer: adam median [\d.]+ of 20 runs; rmsprop .*; sgd with a rather long name median"
    card.get_by_role("img", name=re.compile(words)).wait_for()
    assert card.locator("text", has_text="n 20").count() == 3


def test_a_sweep_shows_how_the_search_went(page: Page, world: World) -> None:
    page.goto(f"/runs/{world.parent}")
    page.get_by_role("region", name="Child runs").get_by_role("link", name="Sweep").click()
    page.wait_for_url("**/sweep")
    page.get_by_role("heading", name=f"{TRIALS} trials of the-sweep").wait_for()
    card = page.get_by_role("figure", name="Best so far")
    card.get_by_role("img", name=re.compile(rf"^accuracy of {TRIALS} trials in their order")).wait_for()
    card.get_by_text(re.compile(rf"^The best accuracy, 0\.\d+, came with trial \d+ of {TRIALS}")).wait_for()
    page.get_by_role("figure", name="Parallel coordinates").wait_for()
    check_accessible(page)
    page.goto(f"/runs/{world.trials[0]}/sweep")
    page.get_by_text("No run is nested in this one").wait_for()
