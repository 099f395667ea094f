"""Charts that tell the truth: what is drawn, what is not, and how it is arranged, in a real browser."""

from __future__ import annotations

import math
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import assay
from assay.store.metrics import Point
from assay.store.open import open_store
from assay.testing.server import running_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page, Response

    from assay.store.base import Session
    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
STEPS = 200
SPIKES = (123_457, 500_001, 876_543)
LONG = 1_000_000
SPIKE = 9.0
MOST_BYTES = 40_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """Four runs of two learning rates and two seeds, with values that are hard to draw."""
    with running_server(tmp_path_factory.mktemp("charts")) as server:
        log_runs(server.url)
        yield server


def log_runs(url: str) -> None:
    assay.set_tracking_uri(url)
    assay.set_experiment("charts")
    for number in range(4):
        with assay.start_run(run_name=f"trial-{number}"):
            assay.log_params({"lr": (0.1, 0.01)[number % 2], "seed": number // 2})
            for step in range(STEPS):
                loss = math.exp(-step / 60) + number / 10
                values = {"train/loss": loss, "val/loss": loss + 0.5, "tokens": step * 512}
                if number == 0 and step in (20, 21):
                    values["train/loss"] = math.nan if step == 20 else math.inf
                if number == 1 and step in (50, 51, 52):
                    values["train/loss"] = 1e6
                assay.log_metrics(values, step=step)
            assay.log_metric("final/score", 0.5 + number / 10)
    assay.set_tracking_uri(None)


@pytest.fixture
def page(browser: Browser, served: RunningServer) -> Iterator[Page]:
    context = browser.new_context(base_url=served.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


expect.set_options(timeout=10_000)

CHARTS = "/experiments/1?view=charts"


def card(page: Page, name: str) -> Locator:
    return page.locator("figure.chart-card").filter(has=page.get_by_role("heading", name=name, exact=True))


def drawn(page: Page, name: str) -> Locator:
    found = card(page, name)
    found.locator("canvas").first.wait_for()
    return found


def section(page: Page, name: str) -> Locator:
    return page.locator("details.board-group").filter(has=page.get_by_role("heading", name=name, exact=True))


def menu(page: Page, name: str) -> None:
    page.get_by_role("button", name=f"More for {name}", exact=True).click()


def readout(figure: Locator) -> list[str]:
    return figure.locator(".readout-row .truncate").all_inner_texts()


def test_charts_of_an_experiment_stand_in_sections_and_single_values_are_dots(page: Page) -> None:
    page.goto("/experiments/1")
    page.get_by_role("link", name="Charts", exact=True).click()
    drawn(page, "tokens")
    assert page.locator(".board-group h2").all_inner_texts() == ["Metrics", "final", "train", "val"]
    assert section(page, "final").locator("circle.dot").count() == 4
    assert section(page, "final").locator("canvas").count() == 0


def test_what_is_not_finite_or_outside_is_told(page: Page) -> None:
    page.goto(CHARTS)
    figure = drawn(section(page, "train").page, "tokens")
    assert figure.get_by_text("not finite").count() == 0
    train = section(page, "train")
    train.get_by_text("2 not finite").wait_for()
    page.get_by_role("button", name="Display options").click()
    page.get_by_label("Leave outliers outside").check()
    page.keyboard.press("Escape")
    train.get_by_text("3 points outside").wait_for()
    assert "clip=on" in page.url


def test_smoothing_begins_at_zero_and_keeps_the_line_as_logged(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    assert page.get_by_label("Smoothing").input_value() == "0"
    assert page.get_by_title("Smoothed").count() == 0
    page.get_by_label("Smoothing").fill("0.9")
    page.get_by_title("Smoothed").first.wait_for()
    row = section(page, "val").locator(".readout-row").first.inner_text()
    assert re.search(r"0\.8\d+\s*~0\.8\d+", row.replace("\n", " ")), row


def test_a_formula_is_drawn_kept_and_refused_at_its_place(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    page.get_by_role("button", name="Add a formula").click()
    box = page.get_by_label("Formula over metrics")
    box.fill("val/loss - train/los")
    box.press("Enter")
    expect(page.locator(".formula-problem mark")).to_have_text("train")
    page.get_by_text("There is train/loss").wait_for()
    box.fill("val/loss - train/loss")
    box.press("Enter")
    figure = drawn(page, "val/loss - train/loss")
    assert "0.5" in figure.locator(".readout-row").first.inner_text()
    page.reload()
    drawn(page, "val/loss - train/loss")
    menu(page, "val/loss - train/loss")
    page.get_by_role("button", name="Remove").click()
    expect(card(page, "val/loss - train/loss")).to_have_count(0)


def test_x_is_a_metric_or_on_a_log_axis(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    page.get_by_label("X axis").select_option("metrics.tokens")
    figure = section(page, "val").locator("figure")
    expect(figure.locator(".readout-place").first).to_have_text(str((STEPS - 1) * 512))
    page.goto(f"{CHARTS}&xlog=log")
    section(page, "val").get_by_text("4 ≤ 0").wait_for()


def test_seeds_become_a_mean_with_their_spread(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    page.get_by_label("Group runs by").select_option(label="lr")
    figure = section(page, "val").locator("figure")
    expect(figure.get_by_text("n=2")).to_have_count(2)
    figure.get_by_text(f"mean of {4 * STEPS} points").wait_for()
    assert sorted(readout(figure)) == ["0.01", "0.1"]
    last = math.exp(-(STEPS - 1) / 60) + 0.5
    assert f"{last + 0.1:.4f}"[:5] in figure.inner_text()
    assert "± 0.14142" in figure.inner_text()
    page.get_by_label("Around the mean").select_option("range")
    page.wait_for_function("() => location.search.includes('spread=range')")


def test_all_charts_share_the_cursor_and_values_are_sorted_there(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    over = section(page, "val").locator(".u-over")
    over.scroll_into_view_if_needed()
    over.hover(position={"x": 100, "y": 60})
    here = section(page, "val").locator(".readout-place").first.inner_text()
    assert here != f"step {STEPS - 1}"
    expect(section(page, "train").locator(".readout-place").first).to_have_text(here)
    assert readout(section(page, "val").locator("figure")) == ["trial-3", "trial-2", "trial-1", "trial-0"]


def test_a_line_stands_out_with_its_row_and_the_reverse(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    row = section(page, "val").locator(".readout-row").filter(has_text="trial-2")
    row.scroll_into_view_if_needed()
    row.hover()
    expect(section(page, "train").locator("[data-standing=true]")).to_contain_text("trial-2")
    section(page, "val").locator(".chart-standing").wait_for()
    page.mouse.move(0, 0)
    expect(page.locator(".readout-row[data-standing=true]")).to_have_count(0)
    over = section(page, "val").locator(".u-over")
    box = over.bounding_box()
    assert box
    for top in range(4, int(box["height"]), 4):
        page.mouse.move(box["x"] + box["width"] - 4, box["y"] + top)
        if section(page, "val").locator("[data-standing=true]").count():
            break
    expect(section(page, "train").locator("[data-standing=true]")).to_have_count(1)


def test_table_and_charts_beside_each_other_share_what_stands_out_and_is_selected(page: Page) -> None:
    page.goto("/experiments/1?view=split")
    drawn(page, "tokens")
    row = page.get_by_role("row").filter(has_text="trial-3")
    row.hover()
    expect(card(page, "tokens").locator("[data-standing=true]")).to_contain_text("trial-3")
    card(page, "tokens").locator(".readout-row").filter(has_text="trial-1").hover()
    expect(page.locator(".grid-row.standing")).to_contain_text("trial-1")
    page.goto(f"{CHARTS}&hide={page.locator('.grid-row a').first.get_attribute('href').split('/')[-1]}")
    page.get_by_text("3 of 4 runs drawn").wait_for()
    assert len(readout(drawn(page, "tokens"))) == 3


def test_charts_are_moved_enlarged_hidden_and_all_is_in_the_address(page: Page) -> None:
    page.goto(f"{CHARTS}&f=log(tokens),tokens/512,sqrt(tokens)")
    drawn(page, "tokens/512")
    names = section(page, "Formulas").locator("h3")
    expect(names).to_have_text(["log(tokens)", "tokens/512", "sqrt(tokens)"])
    grip = page.get_by_role("button", name="Move log(tokens)")
    grip.focus()
    grip.press("ArrowRight")
    expect(names).to_have_text(["tokens/512", "log(tokens)", "sqrt(tokens)"])
    expect(grip).to_be_focused()
    page.get_by_role("button", name="Move sqrt(tokens)").drag_to(card(page, "tokens/512").locator("h3"))
    expect(names).to_have_text(["sqrt(tokens)", "tokens/512", "log(tokens)"])
    menu(page, "tokens/512")
    page.get_by_role("button", name="Make large").click()
    section(page, "train").locator("summary").click()
    menu(page, "tokens")
    page.get_by_role("button", name="Hide").click()
    page.get_by_label("Search metrics").fill("o")
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(names).to_have_text(["sqrt(tokens)", "tokens/512", "log(tokens)"])
    expect(card(page, "tokens/512")).to_have_class(re.compile("large"))
    expect(section(page, "train")).not_to_have_attribute("open", "")
    page.get_by_role("button", name="Show 1 hidden chart").click()
    card(page, "tokens").wait_for()


def test_sections_are_moved_by_keyboard_and_by_hand(page: Page) -> None:
    page.goto(f"{CHARTS}&f=log(tokens)&folded=Formulas,Metrics,final,train,val")
    names = page.locator(".board-group h2")
    expect(names).to_have_text(["Formulas", "Metrics", "final", "train", "val"])
    grip = page.get_by_role("button", name="Move the section Formulas")
    for _ in range(2):
        grip.press("ArrowDown")
        expect(grip).to_be_focused()
    expect(names).to_have_text(["Metrics", "final", "Formulas", "train", "val"])
    page.get_by_role("button", name="Move the section train").drag_to(section(page, "Metrics").locator("summary"))
    moved = ["train", "Metrics", "final", "Formulas", "val"]
    expect(names).to_have_text(moved)
    address = page.url
    page.goto("/")
    page.goto(address)
    expect(names).to_have_text(moved)
    page.get_by_label("Search metrics").fill("o")
    expect(grip).to_have_count(0)


def test_a_chart_over_the_full_screen_and_axes_by_hand(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")
    button = page.get_by_role("button", name="Show tokens over the full screen")
    button.click()
    layer = page.get_by_role("dialog", name="tokens over the full screen")
    layer.locator("canvas").first.wait_for()
    page.keyboard.press("Escape")
    layer.wait_for(state="detached")
    page.wait_for_function("() => !location.search.includes('full=')")
    expect(button).to_be_focused()
    menu(page, "tokens")
    page.get_by_label("Y from").fill("0")
    page.get_by_label("Y to").fill("5120")
    page.get_by_label("Y to").press("Enter")
    page.wait_for_function("() => location.search.includes('range=tokens+0~5120')")
    card(page, "tokens").get_by_text(f"{4 * (STEPS - 11)} points outside").wait_for()


def test_a_chart_is_downloaded(page: Page) -> None:
    page.goto(CHARTS)
    drawn(page, "tokens")

    def download(kind: str) -> bytes:
        menu(page, "tokens")
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Download {kind}").click()
        assert waiting.value.suggested_filename == f"tokens.{kind.lower()}"
        return Path(waiting.value.path()).read_bytes()

    svg = download("SVG").decode()
    assert svg.count('stroke-width="1.5"') == 4
    assert "<image" not in svg
    assert download("PNG").startswith(b"\x89PNG")
    rows = download("CSV").decode("utf-8-sig").splitlines()
    assert rows[0] == "run_id,run_name,metric,step,time,value"
    assert len(rows) == 1 + 4 * STEPS


def test_the_keyboard_moves_the_cursor_and_zooms(page: Page) -> None:
    page.goto(CHARTS)
    chart = drawn(page, "tokens").get_by_role("img")
    chart.focus()
    chart.press("ArrowLeft")
    expect(section(page, "val").locator(".readout-place").first).not_to_have_text(f"step {STEPS - 1}")
    chart.press("+")
    page.wait_for_function("() => location.search.includes('zoom=')")
    chart.press("-")
    page.wait_for_function("() => !location.search.includes('zoom=')")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_accessible(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{CHARTS}&group=params.lr&f=log(tokens),nonsense")
    drawn(page, "tokens")
    page.get_by_text("No metric is called nonsense").wait_for()
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    broken = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
    assert broken == []


def test_a_narrow_screen_has_one_chart_a_row_and_no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(CHARTS)
    drawn(page, "tokens")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_code_that_did_not_come_is_asked_for_again(page: Page) -> None:
    page.route("**/assets/charts-*.js", lambda route: route.abort(), times=1)
    page.goto(CHARTS)
    expect(page.get_by_role("alert")).to_contain_text("Its code did not come.")
    page.get_by_role("button", name="Try again").click()
    drawn(page, "tokens")


def test_a_million_points_keep_their_spikes_and_zoom_to_every_point(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        run_id = log_long_run(server, tmp_path)
        page = browser.new_page(base_url=server.url, viewport={"width": 1440, "height": 900})
        answers: list[Response] = []
        page.on("response", lambda response: answers.append(response) if "/views/curves" in response.url else None)
        page.goto(f"/runs/{run_id}?tab=charts")
        page.get_by_text(f"of {LONG:,} points").wait_for()
        page.locator("canvas").first.wait_for()
        (curve,) = answers[-1].json()["curves"]
        assert [value for value in curve["values"] if value == SPIKE] == [SPIKE] * len(SPIKES)
        assert answers[-1].request.sizes()["responseBodySize"] <= MOST_BYTES
        page.goto(f"/runs/{run_id}?tab=charts&zoom={SPIKES[1] - 50}~{SPIKES[1] + 50}")
        with page.expect_response(
            lambda one: f'"start_step":{SPIKES[1] - 50}' in (one.request.post_data or "")
        ) as part:
            page.locator("canvas").first.wait_for()
        (curve,) = part.value.json()["curves"]
        assert curve["steps"] == list(range(SPIKES[1] - 50, SPIKES[1] + 51))
        expect(page.get_by_text(f"of {LONG:,} points")).to_have_count(0)
        page.close()


def log_long_run(server: RunningServer, folder: Path) -> str:
    """A run with a million points and three spikes of one step each, put into the store of the server."""
    client = assay.MlflowClient(tracking_uri=server.url)
    run_id: str = client.create_run(client.create_experiment("long"), run_name="long").info.run_id
    store = open_store(str(folder / "mlruns"), artifact_root=str(folder / "mlartifacts"))
    for start in range(0, LONG, LONG // 5):
        steps = range(start, start + LONG // 5)
        points = [Point(step, step, SPIKE if step in SPIKES else math.sin(step / 5e4)) for step in steps]
        store.write(partial(append, run_id=run_id, points=points))
    store.close()
    return run_id


def append(session: Session, *, run_id: str, points: list[Point]) -> None:
    session.metrics.append(run_id, points={"loss": points})


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server in a process of its own, which can be killed."""
    program = "from assay.cli.main import main; main()"
    arguments = ["server", "--port", str(port), "--backend-store-uri", str(folder / "mlruns")]
    with subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        deadline = time.monotonic() + 30
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert time.monotonic() < deadline
            time.sleep(0.1)
        try:
            yield process
        finally:
            process.kill()


def test_charts_follow_hold_still_and_outlive_the_server(browser: Browser, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    client = assay.MlflowClient(tracking_uri=url)
    page = browser.new_page(base_url=url)
    page.set_default_timeout(15_000)
    with serving(tmp_path, port):
        run_id = client.create_run(client.create_experiment("live"), run_name="live").info.run_id
        for step in range(3):
            client.log_metric(run_id, "loss", 0.5, step=step)
        page.goto(f"/runs/{run_id}?tab=charts")
        page.locator("canvas").first.wait_for()
        place = page.locator(".readout-place").first
        client.log_metric(run_id, "loss", 0.5, step=10)
        expect(place).to_have_text("step 10", timeout=2_000)
        page.get_by_role("button", name="Pause").click()
        client.log_metric(run_id, "loss", 0.5, step=11)
        page.get_by_text("Paused", exact=True).wait_for()
        page.wait_for_timeout(1_000)
        expect(place).to_have_text("step 10")
        page.get_by_role("button", name="Resume").click()
        expect(place).to_have_text("step 11", timeout=2_000)
    page.get_by_text("Reconnecting").wait_for()
    expect(place).to_have_text("step 11")
    with serving(tmp_path, port):
        client.log_metric(run_id, "loss", 0.5, step=12)
        expect(place).to_have_text("step 12")
        page.get_by_text("Reconnecting").wait_for(state="detached")
    page.close()
