"""Files of every kind and any size in the browser, well meant and hostile."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import assay
from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import kinds, log_images, new_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page, Route

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
MOST_NODES = 3500


class Files(NamedTuple):
    run_id: str
    folder: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def all_kinds(server: RunningServer) -> Files:
    return Files(*new_run(server, kinds()))


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


SHOWN = {
    "notes.txt": "second <b>line</b>",
    "train.py": "import math",
    "report.json": "threshold",
    "table.json": "This JSON is a table",
    "config.yaml": "dropout",
    "scores.csv": "3 rows, 3 columns",
    "scores.tsv": "1 row, 2 columns",
    "data.parquet": "First 1,000 of 5,000 rows, 4 columns",
    "report.md": "accuracy",
    "plots/dot.png": "8 \u00d7 8",
    "plots/drawing.svg": "40 \u00d7 20",
    "study.ipynb": "printed",
    "weights.npy": "shape 3 \u00d7 4",
    "weights.safetensors": "2 tensors, 8 values, 32 bytes",
    "bundle.zip": "2 files",
    "model/MLmodel": "sepal length",
    "model": "sepal length",
    "model/model.pkl": "A binary file",
    "empty.txt": "0 bytes",
    "clip.mp4": "cannot be played",
}


def test_each_kind_has_its_preview(page: Page, all_kinds: Files, show: Callable[..., Locator]) -> None:
    for path, words in SHOWN.items():
        show(all_kinds, path).get_by_text(words).first.wait_for()
    assert page.title() != "owned"


def test_sound_plays_and_a_pdf_is_framed_or_said_to_be_none(
    page: Page, all_kinds: Files, show: Callable[..., Locator]
) -> None:
    preview = show(all_kinds, "tone.wav")
    preview.locator("audio").evaluate(
        "audio => new Promise(done => audio.readyState ? done() : audio.onloadedmetadata = done)"
    )
    preview = show(all_kinds, "paper.pdf")
    preview.locator("iframe").or_(preview.get_by_text("shows no PDF files")).first.wait_for()


def test_a_page_runs_but_reaches_nothing(page: Page, all_kinds: Files, show: Callable[..., Locator]) -> None:
    frame = show(all_kinds, "page.html").frame_locator("iframe")
    said = frame.get_by_text("origin").inner_text()
    assert said == (
        "parent refused, top refused, cookie refused, storage refused, api refused, beacon refused, origin null"
    )
    assert page.title() != "owned"
    address = f"/get-artifact?run_id={all_kinds.run_id}&path=page.html&inline=true"
    page.goto(address)
    assert "storage refused, api refused, beacon refused, origin null" in page.get_by_text("origin").inner_text()
    assert page.context.cookies() == []


def test_markdown_and_notebooks_hold_nothing_that_acts(
    page: Page, all_kinds: Files, show: Callable[..., Locator]
) -> None:
    preview = show(all_kinds, "report.md")
    preview.get_by_role("cell", name="0.91").wait_for()
    assert preview.locator("form, input, style, script, [onerror], [style*=none]").count() == 0
    assert preview.get_by_text("bad", exact=True).get_attribute("href") is None
    assert preview.get_by_text("good", exact=True).get_attribute("rel") == "noopener noreferrer"
    assert (
        preview.get_by_role("img", name="plot").evaluate("image => image.decode().then(() => image.naturalWidth)") == 8
    )
    assert preview.get_by_role("link", name="spy").get_attribute("href") == "http://example.com/spy.png"
    preview = show(all_kinds, "study.ipynb")
    preview.get_by_text("frame", exact=True).wait_for()
    assert preview.locator("script, [onerror], [href^=javascript]").count() == 0
    assert page.title() != "owned"


def test_what_is_seen_of_a_file_is_in_the_address(page: Page, all_kinds: Files, show: Callable[..., Locator]) -> None:
    preview = show(all_kinds, "notes.txt", "&line=400")
    preview.locator(".text-line.marked", has_text="line 400").wait_for()
    preview.get_by_role("button", name="405", exact=True).click()
    page.wait_for_url("**line=405*")
    preview = show(all_kinds, "data.parquet", "&as=schema")
    preview.get_by_role("rowheader", name="loss").wait_for()
    preview.get_by_role("button", name="Table").click()
    preview.get_by_role("cell", name="row 0").wait_for()
    show(all_kinds, "data.parquet", "&as=nonsense&line=x").get_by_role("cell", name="row 0").wait_for()


def test_texts_are_searched_and_wrapped(all_kinds: Files, show: Callable[..., Locator]) -> None:
    preview = show(all_kinds, "notes.txt")
    box = preview.get_by_role("searchbox", name="Search in the file")
    box.fill("LINE 49")
    preview.get_by_text("11 found").wait_for()
    box.press("Enter")
    preview.get_by_text("1 of 11").wait_for()
    box.press("Enter")
    preview.locator(".hit", has_text="line 49").first.wait_for()
    preview.get_by_text("2 of 11").wait_for()


def test_a_grid_sorts_by_value_and_tells_about_columns(all_kinds: Files, show: Callable[..., Locator]) -> None:
    preview = show(all_kinds, "scores.csv")
    preview.get_by_role("button", name="score", exact=True).click()
    preview.get_by_role("columnheader", name="score").and_(preview.locator("[aria-sort=ascending]")).wait_for()
    names = [row.split("\n")[1] for row in preview.locator(".grid-body [role=row]").all_inner_texts()]
    assert names == ["beta", "alpha", "gamma"], "1e-5 is less than 0.5, and 10 is more"
    preview.get_by_role("button", name="Describe score").click()
    preview.get_by_role("region", name="Column score").get_by_text("Greatest").wait_for()


def test_actions_of_a_file(page: Page, all_kinds: Files, show: Callable[..., Locator]) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    preview = show(all_kinds, "scores.csv")
    with page.expect_download() as download:
        preview.get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes() == (all_kinds.folder / "scores.csv").read_bytes()
    preview.get_by_role("button", name="Copy Python code").click()
    code = page.evaluate("() => navigator.clipboard.readText()")
    names: dict[str, str] = {}
    exec(code, names)
    assert Path(names["path"]).read_bytes() == (all_kinds.folder / "scores.csv").read_bytes()
    preview = show(all_kinds, "plots")
    with page.expect_download() as download:
        preview.get_by_role("link", name="Download as ZIP").click()
    assert download.value.suggested_filename == "plots.zip"


def test_the_tree_by_keyboard(page: Page, all_kinds: Files) -> None:
    page.goto(f"/runs/{all_kinds.run_id}?tab=files")
    tree = page.get_by_role("tree", name="Files")
    tree.get_by_role("treeitem", name="model/").wait_for()
    tree.focus()
    page.keyboard.press("ArrowRight")
    item = tree.get_by_role("treeitem", name="MLmodel")
    item.wait_for()
    assert (item.get_attribute("aria-level"), item.get_attribute("aria-setsize")) == ("2", "3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**path=model/MLmodel*")
    assert item.get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    item.wait_for(state="detached")
    page.keyboard.type("sco")
    page.keyboard.press("Enter")
    page.wait_for_url("**path=scores.csv*")
    active = tree.evaluate("tree => document.getElementById(tree.getAttribute('aria-activedescendant')).innerText")
    assert "scores.csv" in active


def test_files_are_found_by_name(page: Page, all_kinds: Files) -> None:
    page.goto(f"/runs/{all_kinds.run_id}?tab=files")
    page.get_by_role("searchbox", name="Find files by name").fill("REQ")
    page.get_by_text("1 file", exact=True).wait_for()
    page.get_by_role("treeitem", name="model/requirements.txt").click()
    page.get_by_role("region", name="Preview").get_by_text("numpy==2.4").wait_for()
    page.reload()
    page.get_by_role("treeitem", name="model/requirements.txt").wait_for()


def test_a_folder_of_100_000_files(page: Page, server: RunningServer, record_property: Callable[..., None]) -> None:
    files = Files(*new_run(server, {"many/first.txt": "found"}))
    for number in range(100_000):
        os.close(os.open(files.folder / "many" / f"part-{number:06}.txt", os.O_CREAT))
    begun = time.perf_counter()
    page.goto(f"/runs/{files.run_id}?tab=files&open=many")
    page.get_by_role("treeitem", name="part-000000.txt").wait_for()
    record_property("seconds_to_first_rows", time.perf_counter() - begun)
    tree = page.get_by_role("tree", name="Files")
    tree.focus()
    page.keyboard.press("End")
    last = page.get_by_role("treeitem", name="part-099999.txt")
    last.wait_for()
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize") == "100001"
    assert page.locator("*").count() < MOST_NODES
    page.goto(f"/runs/{files.run_id}?tab=files&path=many/part-077777.txt")
    page.locator("[role=treeitem][aria-selected=true]", has_text="part-077777.txt").wait_for()
    shutil.rmtree(files.folder)


HOSTILE = {
    "deep.json": "[" * 10_000 + "]" * 10_000,
    "one-line.txt": b"x" * 50_000_000,
    "wide.csv": ",".join(f"c{number}" for number in range(10_000)) + "\n" + ",".join(["=1+1"] * 10_000) + "\n",
    "deep.yaml": "\n".join(" " * depth + "k:" for depth in range(2000)),
    "quote.csv": 'a,b\n"' + "x" * 3_000_000,
    "brackets.yaml": "[" * 100_000,
    "quotes.md": ">" * 100_000,
    "bomb.parquet": b"PAR1" + b"\xff" * 1000 + (900).to_bytes(4, "little") + b"PAR1",
    "lies.safetensors": b"\xff" * 8 + b"x" * 100,
    "lies.npy": b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999,), }",
    "lies.zip": b"PK\x05\x06" + b"\xff" * 18,
    "lies.png": b"<script>document.title='owned'</script>",
    "lies.ipynb": '{"cells": 3}',
    "binary.csv": bytes(range(256)) * 10,
    "model/MLmodel": "flavors: *anchor",
}


@pytest.fixture(scope="module")
def hostile(server: RunningServer) -> Files:
    return Files(*new_run(server, HOSTILE))


def test_nothing_hangs_the_page(page: Page, hostile: Files, show: Callable[..., Locator]) -> None:
    for path in HOSTILE:
        preview = show(hostile, path)
        preview.get_by_role("heading", name=path.rpartition("/")[2]).first.wait_for()
        preview.get_by_label("Loading").first.wait_for(state="detached")
        assert page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(true)))")
        assert page.locator("*").count() < MOST_NODES, path
        assert preview.get_by_text("could not be shown").count() == 0, f"{path}: a fault is told in its own words"
    assert page.title() != "owned"


def test_a_csv_of_a_gigabyte_shows_its_first_rows_within_a_second(
    page: Page, server: RunningServer, show: Callable[..., Locator], record_property: Callable[..., None]
) -> None:
    files = Files(*new_run(server, {"huge.csv": "a,b,c\n" + "1,2,3\n" * 200_000}))
    os.truncate(files.folder / "huge.csv", 1_000_000_000)
    show(files, "none").get_by_text("no such file").wait_for()
    begun = time.perf_counter()
    page.get_by_role("treeitem", name="huge.csv").click()
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_role("cell", name="3").first.wait_for()
    seconds = time.perf_counter() - begun
    record_property("seconds_to_first_rows", seconds)
    preview.get_by_text("First 500 KB of 1 GB").wait_for()
    assert seconds < 2, "one second, and as much for a busy machine"
    os.truncate(files.folder / "huge.csv", 10_000_000_000)
    page.reload()
    preview.get_by_text("First 500 KB of 10 GB").wait_for()
    preview.get_by_role("button", name="Text").click()
    preview.get_by_text("First 1 MB of 10 GB").wait_for()


def test_a_file_that_goes_while_it_is_open(page: Page, server: RunningServer, show: Callable[..., Locator]) -> None:
    files = Files(*new_run(server, {"gone.txt": "here", "stays.txt": "x"}))
    preview = show(files, "gone.txt")
    preview.get_by_text("here").wait_for()
    (files.folder / "gone.txt").unlink()
    assay.MlflowClient(tracking_uri=server.url).log_metric(files.run_id, "m", 1)
    preview.get_by_text("The file was deleted").wait_for()
    preview.get_by_role("button", name="All files").click()
    preview.get_by_text("Choose a file").wait_for()


def answer_with(route: Route, *, status: int, body: str) -> None:
    route.fulfill(status=status, body=body)


def test_states_without_files_say_what_to_do(page: Page, server: RunningServer, show: Callable[..., Locator]) -> None:
    files = Files(*new_run(server, {}))
    page.goto(f"/runs/{files.run_id}?tab=files")
    page.get_by_text("assay.log_artifact").wait_for()
    for status, code, words in ((403, "PERMISSION_DENIED", "not yours"), (500, "INTERNAL_ERROR", "broke")):
        answer = json.dumps({"error_code": code, "message": f"The files are {words}."})
        page.route("**/views/run-files*", partial(answer_with, status=status, body=answer))
        page.reload()
        page.get_by_role("alert").get_by_text(words).wait_for()
        page.unroute("**/views/run-files*")
        page.get_by_role("button", name="Try again").click()
        page.get_by_text("assay.log_artifact").wait_for()


def test_a_slow_server_and_one_that_is_gone(page: Page, all_kinds: Files, show: Callable[..., Locator]) -> None:
    page.route(
        re.compile("/get-artifact.*path=notes.txt$"),
        lambda route: None if route.request.method == "GET" else route.continue_(),
    )
    preview = show(all_kinds, "notes.txt")
    preview.get_by_text("The server takes its time").wait_for()
    assert preview.get_by_role("link", name="Download").is_visible()
    page.unroute_all(behavior="ignoreErrors")
    page.route(re.compile("/get-artifact.*path=train.py$"), lambda route: route.abort())
    preview = show(all_kinds, "train.py")
    preview.get_by_text("cannot be reached").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_previews_are_accessible(page: Page, all_kinds: Files, show: Callable[..., Locator], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in (
        "notes.txt",
        "train.py",
        "report.json",
        "scores.csv",
        "report.md",
        "plots/dot.png",
        "study.ipynb",
        "model",
    ):
        show(all_kinds, path).get_by_text(SHOWN[path]).first.wait_for()
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        problems = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found["violations"]]
        assert not problems, path


def test_files_fit_a_telephone(browser: Browser, server: RunningServer, all_kinds: Files) -> None:
    context = browser.new_context(base_url=server.url, viewport={"width": 380, "height": 800})
    page = context.new_page()
    for path in ("scores.csv", "notes.txt", "model"):
        page.goto(f"/runs/{all_kinds.run_id}?tab=files&path={path}")
        page.get_by_text(SHOWN[path]).first.wait_for()
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


@pytest.fixture(scope="module")
def painters(server: RunningServer) -> list[str]:
    return log_images(server, runs=3, steps=10)


def drawn(page: Page, name: str) -> int:
    return page.get_by_role("img", name=name).evaluate("image => image.decode().then(() => image.naturalWidth)")


def test_images_over_steps_of_a_run(page: Page, painters: list[str]) -> None:
    page.goto(f"/runs/{painters[0]}")
    page.get_by_role("tab", name="Media").click()
    assert drawn(page, "samples/grid of painter-0, step 90") > 0
    page.get_by_role("region", name="samples/grid").locator("h3").click()
    page.keyboard.press("ArrowLeft")
    assert drawn(page, "samples/grid of painter-0, step 80") > 0
    page.wait_for_url("**step=80*")
    page.get_by_role("slider", name="Step").fill("0")
    page.get_by_role("img", name="samples/grid of painter-0, step 0").wait_for()
    page.get_by_role("region", name="mask").get_by_text("not yet").wait_for()
    page.goto(f"/runs/{painters[0]}?tab=media&step=7")
    page.get_by_role("img", name="mask of painter-0, step 5").wait_for()


def test_three_runs_and_ten_steps_as_a_grid_with_one_zoom(page: Page, painters: list[str]) -> None:
    page.goto(f"/compare?runs={','.join(painters)}&images=steps&step=0")
    grid = page.get_by_role("region", name="samples/grid through the steps")
    grid.scroll_into_view_if_needed()
    for number in range(3):
        assert drawn(page, f"samples/grid of painter-{number}, step 30") > 0
    page.keyboard.press("+")
    page.get_by_text("150%").wait_for()
    styles = grid.locator("img").evaluate_all("images => [...new Set(images.map(image => image.style.transform))]")
    assert styles == ["translate(0%, 0%) scale(1.5)"]
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.get_by_role("img", name="samples/grid of painter-2, step 90").wait_for()
    page.get_by_role("button", name="At the step").click()
    for number in range(3):
        page.get_by_role("img", name=f"samples/grid of painter-{number}, step 90").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_images_are_accessible(page: Page, painters: list[str], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for more in ("", "&images=steps"):
        page.goto(f"/runs/{painters[0]}?tab=media{more}")
        page.get_by_role("img", name="samples/grid of painter-0").first.wait_for()
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        assert [rule["id"] for rule in found["violations"]] == []
