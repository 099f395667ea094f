"""Files that mean harm, lie or are very large, in the browser."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from file_kinds import Files, bomb, new_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    from assay.testing.server import RunningServer

MOST_NODES = 3500


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
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("files")) as running:
        yield running


@pytest.fixture(scope="module")
def hostile(server: RunningServer) -> Files:
    return new_run(server, HOSTILE)


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
    files = new_run(server, {"huge.csv": "a,b,c\n" + "1,2,3\n" * 200_000})
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


def test_an_image_that_unpacks_to_gigabytes_is_shown_only_when_asked_for(
    page: Page, server: RunningServer, show: Callable[..., Locator]
) -> None:
    preview = show(new_run(server, {"bomb.png": bomb(60_000)}), "bomb.png")
    preview.get_by_text("60,000 \u00d7 60,000 pixels").wait_for()
    assert preview.locator("img").count() == 0
    preview.get_by_role("button", name="Show it").click()
    preview.locator("img").or_(preview.get_by_text("cannot be shown")).first.wait_for()
    assert page.evaluate("() => new Promise(done => requestAnimationFrame(() => done(true)))")


def test_an_empty_file_of_any_kind_is_told_to_be_empty(server: RunningServer, show: Callable[..., Locator]) -> None:
    endings = ("csv", "json", "md", "png", "ipynb", "parquet", "npy", "zip", "txt", "bin")
    files = new_run(server, {f"empty.{ending}": b"" for ending in endings})
    for ending in endings:
        preview = show(files, f"empty.{ending}")
        preview.get_by_role("heading", name=f"empty.{ending}").wait_for()
        preview.get_by_text("There is nothing in it.").wait_for()


def test_a_name_that_turns_itself_round_is_shown_as_it_is(
    page: Page, server: RunningServer, show: Callable[..., Locator]
) -> None:
    files = new_run(server, {"\u202egnp.txt": "turned", "\u062a\u0642\u0631\u064a\u0631.txt": "right to left"})
    show(files, "none").get_by_text("no such file").wait_for()
    page.get_by_role("treeitem", name="[U+202E]gnp.txt").click()
    page.get_by_role("heading", name="[U+202E]gnp.txt").wait_for()
    page.get_by_role("treeitem", name="\u062a\u0642\u0631\u064a\u0631.txt").click()
    page.get_by_role("region", name="Preview").get_by_text("right to left").wait_for()
