"""Files of every kind in the browser."""

from __future__ import annotations

import json
import re
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay
from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import Files, kinds, new_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Locator, Page, Route

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def all_kinds(server: RunningServer) -> Files:
    return new_run(server, kinds())


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


def test_a_file_that_goes_while_it_is_open(page: Page, server: RunningServer, show: Callable[..., Locator]) -> None:
    files = new_run(server, {"gone.txt": "here", "stays.txt": "x"})
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
    files = new_run(server, {})
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
