"""A metric logged by a running script is on the screen within two seconds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import assay

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

SCRIPT = """
import sys, assay
assay.set_experiment("live")
with assay.start_run(run_name="training") as run:
    assay.log_metric("accuracy", 0.5, step=0)
    print(run.info.run_id, flush=True)
    for step, line in enumerate(sys.stdin, start=1):
        assay.log_metric("accuracy", float(line), step=step)
        print("logged", flush=True)
"""
BUDGET_SECONDS = 2.0


@pytest.fixture(params=["beside the store", "over the network"])
def tracking_uri(request: pytest.FixtureRequest, server: RunningServer, tmp_path: Path) -> str:
    return str(tmp_path / "mlruns") if request.param == "beside the store" else server.url


def test_a_new_point_is_on_screen_within_two_seconds(
    page: Page, server: RunningServer, tracking_uri: str, tmp_path: Path
) -> None:
    environment = {**os.environ, "ASSAY_TRACKING_URI": tracking_uri}
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=tmp_path,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as script:
        assert script.stdin
        assert script.stdout
        run_id = script.stdout.readline().strip()
        _wait_for_run(server, run_id)
        page.goto(f"/runs/{run_id}")
        page.get_by_text("0.5", exact=True).first.wait_for()
        for value in ("0.61803", "0.73219", "0.84147"):
            script.stdin.write(f"{value}\n")
            script.stdin.flush()
            assert script.stdout.readline() == "logged\n"
            logged = time.monotonic()
            page.get_by_text(value, exact=True).first.wait_for()
            assert time.monotonic() - logged <= BUDGET_SECONDS
        script.stdin.close()
        assert script.wait(timeout=30) == 0
    page.get_by_text(re.compile("^Finished$")).first.wait_for()


def _wait_for_run(server: RunningServer, run_id: str) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    deadline = time.monotonic() + 10
    while True:
        try:
            client.get_run(run_id)
        except assay.AssayError:
            assert time.monotonic() < deadline, "the run never reached the server"
            time.sleep(0.1)
        else:
            return


def test_a_new_run_appears_in_the_table(page: Page, server: RunningServer) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment("table")
    client.create_run(experiment_id, run_name="already-there")
    page.goto(f"/experiments/{experiment_id}")
    page.get_by_text("already-there").first.wait_for()
    client.create_run(experiment_id, run_name="just-started")
    created = time.monotonic()
    page.get_by_text("just-started").first.wait_for()
    assert time.monotonic() - created <= BUDGET_SECONDS


def test_an_experiment_without_runs_becomes_the_table_with_the_first(page: Page, server: RunningServer) -> None:
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment("empty")
    page.goto(f"/experiments/{experiment_id}")
    page.get_by_text("Waiting for the first run").wait_for()
    assert page.get_by_role("treegrid").or_(page.get_by_role("grid")).count() == 0
    client.create_run(experiment_id, run_name="the-first")
    page.get_by_role("rowheader").get_by_role("link", name="the-first").wait_for()
    page.get_by_text("Waiting for the first run").wait_for(state="detached")
