"""Folders of any size in the browser: the tree, and files found by name."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import Files, kinds, new_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

MOST_NODES = 3500


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def all_kinds(server: RunningServer) -> Files:
    return new_run(server, kinds())


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
    files = new_run(server, {"many/first.txt": "found"})
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
