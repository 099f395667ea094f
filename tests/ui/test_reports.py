"""Reports: written, read, frozen, and taken along."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay

sys.path.insert(0, str(Path(__file__).parent))
from test_home import assert_accessible

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assay.testing.server import RunningServer

TEXT = """# Findings

| optimizer | accuracy |
| --- | --- |
| adam | 0.9 |

```chart
metric=val_accuracy
q=params.optimizer = 'adam'
```

<img src="https://example.org/x.png" onerror="document.title='owned'">
"""


@pytest.fixture
def client(server: RunningServer) -> assay.MlflowClient:
    return assay.MlflowClient(tracking_uri=server.url)


@pytest.fixture
def experiment_id(client: assay.MlflowClient) -> str:
    experiment_id = client.create_experiment("wine")
    for number, optimizer in enumerate(("adam", "adam", "sgd")):
        run_id = client.create_run(experiment_id, run_name=f"{optimizer}-{number}").info.run_id
        client.log_param(run_id, "optimizer", optimizer)
        for step in range(12):
            client.log_metric(run_id, "val_accuracy", 0.5 + step / 100 + number / 10, step=step)
        client.set_terminated(run_id)
    return experiment_id


def test_a_report_is_made_and_written(page: Page, client: assay.MlflowClient, experiment_id: str) -> None:
    page.goto(f"/reports?experiment={experiment_id}&new=report")
    page.get_by_label("Title").fill("Spring")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/reports/*?edit=on")
    text = page.get_by_role("textbox", name="Text of the report, in Markdown")
    text.fill("# Hello\n\n**bold** words")
    preview = page.get_by_role("region", name="Preview")
    preview.get_by_role("heading", name="Hello").wait_for()
    page.get_by_role("button", name="Chart", exact=True).click()
    page.get_by_label("Runs, as a filter").fill("params.optimizer = 'sgd'")
    page.get_by_role("button", name="Put in").click()
    preview.get_by_role("figure", name="Chart of val_accuracy").locator("canvas").first.wait_for()
    page.get_by_text("Saved", exact=True).wait_for()
    (report,) = client.search_reports(experiment_id)
    assert client.get_report(report.report_id).text == (
        "# Hello\n\n**bold** words\n\n```chart\nmetric=val_accuracy\nq=params.optimizer = 'sgd'\n```\n"
    )
    assert_accessible(page)
    page.get_by_role("button", name="Done").click()
    page.get_by_role("heading", name="Spring").wait_for()


def test_what_others_wrote_is_not_lost(page: Page, client: assay.MlflowClient, experiment_id: str) -> None:
    report = client.create_report(experiment_id, "Shared", text="mine")
    page.goto(f"/reports/{report.report_id}?edit=on")
    text = page.get_by_role("textbox", name="Text of the report, in Markdown")
    text.wait_for()
    client.update_report(report.report_id, text="theirs")
    text.fill("mine, longer")
    page.get_by_text("has been changed since revision 1").wait_for()
    assert client.get_report(report.report_id).text == "theirs"
    page.get_by_role("button", name="Take theirs").click()
    page.wait_for_function("() => document.querySelector('.report-text').value === 'theirs'")
    client.update_report(report.report_id, text="theirs again")
    text.fill("mine after all")
    page.get_by_role("button", name="Keep mine").click()
    page.get_by_text("Saved", exact=True).wait_for()
    assert client.get_report(report.report_id).text == "mine after all"


def test_a_chart_is_frozen_and_live_again(page: Page, client: assay.MlflowClient, experiment_id: str) -> None:
    report = client.create_report(experiment_id, "Frozen", text=TEXT)
    page.goto(f"/reports/{report.report_id}")
    chart = page.get_by_role("figure", name="Chart of val_accuracy")
    chart.locator("canvas").first.wait_for()
    page.get_by_role("cell", name="adam").wait_for()
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    chart.get_by_role("button", name="Freeze").click()
    chart.get_by_text("Frozen: shows what was kept").wait_for()
    kept = json.loads(client.get_report(report.report_id).frozen)
    (data,) = kept.values()
    assert len(data["runs"]["run_ids"]) == 2, "those that the filter finds"
    for run in client.search_runs([experiment_id]):
        client.delete_run(run.info.run_id)
    page.reload()
    chart.locator("canvas").first.wait_for()
    chart.get_by_role("button", name="Make it live").click()
    page.get_by_text("No run to draw").wait_for()
    assert client.get_report(report.report_id).frozen == ""


def test_an_exported_report_needs_no_server(
    page: Page, browser: Browser, client: assay.MlflowClient, experiment_id: str, tmp_path: Path
) -> None:
    report = client.create_report(experiment_id, "Taken <b>along</b>", text=TEXT)
    page.goto(f"/reports/{report.report_id}")
    page.get_by_role("figure").locator("canvas").first.wait_for()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Export").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == "Taken-b-along-b.html"
    context = browser.new_context(offline=True)
    alone = context.new_page()
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(file.as_uri())
    alone.get_by_role("heading", name="Taken <b>along</b>").wait_for()
    alone.get_by_role("cell", name="adam", exact=True).wait_for()
    assert alone.locator("figure svg path").count() >= 2
    alone.locator("svg text").get_by_text("adam-0").first.wait_for()
    assert asked == [file.as_uri()]
    assert "<script" not in file.read_text()
    assert "onerror" not in file.read_text()
    context.close()


def test_reports_are_found_deleted_and_brought_back(page: Page, client: assay.MlflowClient, experiment_id: str) -> None:
    report = client.create_report(experiment_id, "Autumn", text="leaves")
    page.goto("/reports")
    page.get_by_role("link", name="Autumn").click()
    page.wait_for_url(f"**/reports/{report.report_id}")
    page.get_by_text("leaves").wait_for()
    page.get_by_role("button", name="Delete the report").click()
    page.get_by_text("No report yet").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("leaves").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search everything").fill("autu")
    page.get_by_role("option", name=re.compile("Autumn")).wait_for()
    page.keyboard.press("Escape")
    page.goto(f"/reports/{report.report_id}")
    page.get_by_text(re.compile("No report with id")).wait_for()
