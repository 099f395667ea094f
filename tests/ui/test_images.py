"""Images over steps in the browser, of one run and of several."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import assay
from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import bomb, log_images

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files")) as running:
        yield running


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


def test_an_image_of_a_huge_claim_waits_to_be_asked_for(page: Page, server: RunningServer) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    run_id = client.create_run("0", run_name="bomber").info.run_id
    client.log_image(run_id, np.zeros((12, 12, 3), dtype=np.uint8), key="small", step=0)
    (name,) = (file.path for file in client.list_artifacts(run_id, "images") if file.path.endswith(".png"))
    with tempfile.TemporaryDirectory() as folder:
        claim = Path(folder) / Path(name).name.replace("small", "huge")
        claim.write_bytes(bomb(60_000))
        client.log_artifact(run_id, str(claim), "images")
    page.goto(f"/runs/{run_id}?tab=media")
    assert drawn(page, "small of bomber, step 0") == 12
    huge = page.get_by_role("region", name="huge")
    huge.get_by_text("60,000 \u00d7 60,000 pixels").wait_for()
    assert huge.locator("img").count() == 0
    huge.get_by_role("button", name="Show huge of bomber").click()
    huge.locator("img").or_(huge.get_by_text("cannot be shown")).first.wait_for()
