"""Folders of an object store in the browser, so large that nobody waits for all their names."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

import assay
from assay.blobs.open import open_blobs
from assay.server.config import ServerConfig
from assay.testing.server import running_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from assay.testing.s3 import RunningS3
    from assay.testing.server import RunningServer


@pytest.fixture
def server(s3: RunningS3, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningServer]:
    """A server whose files are in a bucket."""
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=s3.bucket("folders"),
        access_log=False,
    )
    with running_server(tmp_path, config) as running:
        yield running


@pytest.fixture
def run_id(server: RunningServer) -> str:
    """A run with a folder of 7,000 files."""
    run = assay.MlflowClient(tracking_uri=server.url).create_run("0")
    blobs = open_blobs(f"{server.config.artifacts_destination}/0/{run.info.run_id}/artifacts/many")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: blobs.write(f"part-{number:05}.txt", [b"x"]), range(7000)))
    return str(run.info.run_id)


def test_a_folder_of_a_bucket_goes_on_as_one_scrolls(
    page: Page, run_id: str, record_property: Callable[..., None]
) -> None:
    begun = time.perf_counter()
    page.goto(f"/runs/{run_id}?tab=files&open=many")
    first = page.get_by_role("treeitem", name="part-00000.txt")
    first.wait_for()
    record_property("seconds_to_first_rows", time.perf_counter() - begun)
    assert first.get_attribute("aria-setsize") == "-1"
    page.get_by_role("tree", name="Files").focus()
    for number in range(1000, 7000, 1000):
        page.keyboard.press("End")
        page.get_by_role("treeitem", name=f"part-{number:05}.txt").wait_for()
    page.keyboard.press("End")
    last = page.get_by_role("treeitem", name="part-06999.txt")
    last.wait_for()
    assert last.get_attribute("aria-posinset") == last.get_attribute("aria-setsize") == "7000"
    page.goto(f"/runs/{run_id}?tab=files&path=many")
    page.get_by_text("More than 1,000 files here").wait_for()
    page.get_by_role("searchbox", name="Find files by name").fill("part-0677")
    page.get_by_text("10 files", exact=True).wait_for()
