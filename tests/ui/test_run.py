"""The page of a run: what it printed, its code and environment, its note, and runs that went wrong."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import assay
from assay.testing.server import running_server

sys.path.insert(0, str(Path(__file__).parent))
from content import HOSTILE_NAME
from file_kinds import artifact_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

AXE = Path(__file__).parents[2] / "ui/tests/browser/node_modules/axe-core/axe.min.js"
MOST_NODES = 3500
HOUR = 3_600_000
NOTE = "mlflow.note.content"
TRACEBACK = """epoch 1
Traceback (most recent call last):
  File "train.py", line 3, in <module>
ValueError: shapes <b>differ</b>
"""
PATCH = """diff --git a/src/train.py b/src/train.py
index 1..2 100644
--- a/src/train.py
+++ b/src/train.py
@@ -1,2 +1,2 @@
-rate = 0.1
+rate = 0.2 # <script>alert(1)</script>
 go()
"""
ENVIRONMENT = {
    "python": "3.12.1",
    "implementation": "CPython",
    "command": ["/usr/bin/python3", "src/train.py", "--name", "two words"],
    "packages": {"numpy": "2.1.0", "torch": "2.5.1"},
    "repository": {"entry_point": "src/train.py", "directory": "", "left_out": ["logo.png"], "untracked": ["notes.md"]},
}
GIT = {"mlflow.source.git.commit": "0123456789abcdef", "mlflow.source.git.repoURL": "https://github.com/ada/wine.git"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("run")) as running:
        yield running


class Made:
    """A run on the server, and the folder of its files."""

    def __init__(self, server: RunningServer, *, status: str | None = "FINISHED", **more: object) -> None:
        self.client = assay.Client(server.url)
        found = self.client.get_experiment_by_name("wine")
        experiment = found.experiment_id if found else self.client.create_experiment("wine")
        self.experiment = experiment
        run = self.client.create_run(experiment, **more)
        self.id = run.info.run_id
        self.folder = artifact_folder(server, run)
        if status:
            self.client.set_terminated(self.id, status)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def keep_provenance(self) -> None:
        self.write("assay/environment.json", json.dumps(ENVIRONMENT))
        self.write("assay/uncommitted.patch", PATCH)
        self.write("assay/source/train.py", "rate = 0.2\n")


def test_a_failed_run_says_why_first(page: Page, server: RunningServer) -> None:
    run = Made(server, status="FAILED")
    run.write("console.log", TRACEBACK)
    page.goto(f"/runs/{run.id}")
    story = page.get_by_role("region", name="This run failed")
    story.locator("strong", has_text="ValueError: shapes <b>differ</b>").wait_for()
    story.get_by_text("line 3, in <module>").wait_for()
    story.get_by_role("button", name="Open the log there").click()
    page.locator(".text-line.marked", has_text="Traceback").wait_for()
    assert "tab=logs" in page.url
    assert "line=2" in page.url
    page.go_back()
    story.wait_for()


def test_a_log_follows_the_run(page: Page, server: RunningServer) -> None:
    run = Made(server, status=None)
    lines = [f"step {number}" for number in range(200)]
    run.write("console.log", "\n".join(lines) + "\n\x1b[31mwarm\x1b[0m <i>html</i>\n10%\r50%")
    page.goto(f"/runs/{run.id}?tab=logs")
    log = page.get_by_role("region", name="Text of the log")
    log.get_by_text("50%", exact=True).wait_for()
    assert log.get_by_text("10%").count() == 0
    assert log.locator(".ansi-1", has_text="warm").count() == 1
    log.get_by_text("<i>html</i>").wait_for()
    run.write("console.log", "\n".join(lines) + "\n\x1b[31mwarm\x1b[0m <i>html</i>\n10%\r50%\r100%\nlast words\n")
    log.get_by_text("last words").wait_for()
    assert log.get_by_text("50%", exact=True).count() == 0

    log.evaluate("box => { box.scrollTop = 0; }")
    page.get_by_role("button", name="To the end").click()
    log.get_by_text("last words").wait_for()
    page.get_by_role("searchbox", name="Search in the log").fill("step 19")
    page.get_by_text("11 found").wait_for()


def test_of_a_huge_log_only_the_end_is_read(page: Page, server: RunningServer) -> None:
    run = Made(server)
    run.write("console.log", "early\n")
    run.write("console.2.log", "".join(f"line {number} {'x' * 90}\n" for number in range(300_000)))
    sizes: list[int] = []
    page.on("response", lambda one: sizes.append(int(one.headers.get("content-length", 0))) if one.status == 206 else 0)
    page.goto(f"/runs/{run.id}?tab=logs")
    page.get_by_text("line 299999").wait_for()
    page.get_by_text(re.compile(r"The last 1\.2 MB of 3\d MB")).wait_for()
    assert sum(sizes) < 1_500_000
    page.get_by_label("Part of the log").select_option("console.log")
    page.get_by_text("early").wait_for()
    assert "log=console.log" in page.url


def test_code_and_how_to_run_it_again(page: Page, server: RunningServer) -> None:
    run = Made(server, tags=GIT)
    run.keep_provenance()
    page.goto(f"/runs/{run.id}")
    page.get_by_role("tab", name="Code").click()
    link = page.get_by_role("link", name="0123456789abcdef")
    assert link.get_attribute("href") == "https://github.com/ada/wine/commit/0123456789abcdef"
    again = page.get_by_role("region", name="Shell commands that run it again")
    again.get_by_text("python3 src/train.py").wait_for()
    commands = again.inner_text().splitlines()
    assert commands[:2] == [
        "git clone https://github.com/ada/wine.git wine && cd wine",
        "git checkout 0123456789abcdef",
    ]
    assert commands[2].startswith(
        f"curl -fsS '{server.url}/get-artifact?run_id={run.id}&path=assay%2Funcommitted.patch'"
    )
    assert commands[3].endswith("python3 src/train.py --name 'two words'")
    changes = page.get_by_role("region", name="Uncommitted changes")
    changes.get_by_text("+1", exact=True).wait_for()
    changes.get_by_text("logo.png").wait_for()
    assert changes.locator(".line-added").inner_text().strip().endswith("<script>alert(1)</script>")
    page.get_by_text("notes.md").wait_for()
    assert page.get_by_role("region", name="The script").inner_text().strip() == "rate = 0.2"


def test_the_environment_may_be_kept_with_another_run(page: Page, server: RunningServer) -> None:
    first = Made(server)
    first.keep_provenance()
    run = Made(server, tags={"assay.environment_run": first.id, "assay.host": "gpu-1"})
    page.goto(f"/runs/{run.id}?tab=environment")
    page.get_by_text("CPython 3.12.1").wait_for()
    page.get_by_text("gpu-1").first.wait_for()
    page.get_by_role("searchbox", name="Search packages").fill("TOR")
    packages = page.get_by_role("region", name="Packages")
    assert packages.get_by_role("listitem").all_inner_texts() == ["torch\n2.5.1"]
    page.get_by_role("link", name="first run of the same process").click()
    page.wait_for_url(f"**/runs/{first.id}*")


def test_a_note_is_written_changed_and_brought_back(page: Page, server: RunningServer) -> None:
    run = Made(server)
    page.goto(f"/runs/{run.id}")
    page.get_by_role("button", name="Write a note").click()
    area = page.get_by_label("Note, in Markdown")
    area.fill("## First\n<img src=x onerror=\"document.title='owned'\">")
    page.get_by_role("region", name="Preview").get_by_role("heading", name="First").wait_for()
    area.press("Control+Enter")
    note = page.get_by_role("region", name="Note")
    note.get_by_role("heading", name="First").wait_for()
    note.get_by_role("button", name="Edit the note").click()
    area.fill("second")
    page.get_by_role("button", name="Save").click()
    note.get_by_text("second").wait_for()
    note.get_by_role("button", name="What the note said before").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore").first.click()
    note.get_by_role("heading", name="First").wait_for()
    assert run.client.get_run(run.id).data.tags[NOTE].startswith("## First")
    assert page.title() != "owned"


def test_what_is_done_in_the_header(page: Page, server: RunningServer) -> None:
    before = Made(server, run_name="before", start_time=1000)
    run = Made(server, run_name="trial", start_time=2000)
    page.goto(f"/runs/{run.id}")
    page.get_by_role("button", name="Rename the run").click()
    page.get_by_label("Name of the run").fill("better")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="better").wait_for()
    page.get_by_role("button", name="Use in code").click()
    page.get_by_role("dialog").get_by_text(f'assay.get_run("{run.id}")').wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("This run is in the trash").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Delete").wait_for()
    page.get_by_role("button", name="Compare with previous").click()
    page.wait_for_url(f"**/compare?runs={before.id},{run.id}*")


def test_tabs_stand_where_there_is_something(page: Page, server: RunningServer) -> None:
    run = Made(server)
    run.client.log_metric(run.id, "system/cpu", 3)
    page.goto(f"/runs/{run.id}")
    page.get_by_role("tab", name="System 1").wait_for()
    assert [text.split()[0] for text in page.get_by_role("tab").all_inner_texts()] == ["Overview", "System"]
    page.goto(f"/runs/{run.id}?tab=logs")
    page.get_by_role("heading", name="Nothing printed was kept").wait_for()


def test_runs_that_went_wrong_say_so(page: Page, server: RunningServer) -> None:
    killed = Made(server, status="KILLED")
    page.goto(f"/runs/{killed.id}")
    page.get_by_text("Its process ended without saying how").wait_for()
    page.get_by_role("heading", name="This run reported nothing").wait_for()

    silent = Made(server, status=None, start_time=int(time.time() * 1000) - 3 * HOUR)
    page.goto(f"/runs/{silent.id}")
    page.get_by_text("No word from this run since 3 h ago").wait_for()
    page.get_by_role("button", name="Mark as killed").click()
    page.get_by_text("Its process ended without saying how").wait_for()
    assert silent.client.get_run(silent.id).info.status == "KILLED"

    page.goto("/runs/" + "0" * 32)
    page.get_by_role("heading", name="There is no such run").wait_for()


def test_a_run_deleted_while_it_is_open_stays_readable(page: Page, server: RunningServer) -> None:
    run = Made(server, run_name="doomed")
    page.goto(f"/runs/{run.id}")
    page.get_by_role("heading", name="doomed").wait_for()
    answer = {"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "No such run."}
    page.route("**/views/run?*", lambda route: route.fulfill(status=404, body=json.dumps(answer)))
    run.client.log_metric(run.id, "late", 1)
    page.get_by_text("This run was deleted for good while it was open").wait_for()
    page.get_by_role("heading", name="doomed").wait_for()


def test_thousands_of_metrics_and_hostile_names(page: Page, server: RunningServer) -> None:
    run = Made(server, run_name=HOSTILE_NAME)
    for start in range(0, 3000, 1000):
        points = [assay.entities.Metric(f"layer/{number:04}", number, 0, 7) for number in range(start, start + 1000)]
        run.client.log_batch(run.id, metrics=points)
    run.client.log_param(run.id, "prompt", "<b>p</b> مرحبا <img src=x onerror=\"document.title='owned'\">")
    page.goto(f"/runs/{run.id}")
    metrics = page.get_by_role("region", name="Metrics", exact=True).first
    metrics.get_by_text("3,000").wait_for()
    assert page.evaluate("() => document.querySelectorAll('*').length") < MOST_NODES
    page.get_by_role("searchbox", name="Search metrics").fill("2999")
    metrics.get_by_text("layer/2999").wait_for()
    page.get_by_text("<b>p</b> مرحبا").wait_for()
    assert page.title() != "owned"
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_tab_is_accessible_and_fits(page: Page, server: RunningServer, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    run = Made(server, status="FAILED", tags={**GIT, NOTE: "# Title\n\n[link](https://example.com)"})
    run.keep_provenance()
    run.write("console.log", "\x1b[31mred \x1b[33myellow \x1b[35mviolet \x1b[2mfaint\x1b[0m\n" + TRACEBACK)
    for tab in ("overview", "logs", "code", "environment"):
        page.goto(f"/runs/{run.id}?tab={tab}")
        page.get_by_role("tab", name=tab.capitalize(), selected=True).wait_for()
        page.wait_for_load_state("networkidle")
        page.evaluate(AXE.read_text())
        found = page.evaluate("() => axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        problems = [(rule["id"], [node["html"][:200] for node in rule["nodes"]][:3]) for rule in found["violations"]]
        assert not problems, tab
        page.set_viewport_size({"width": 380, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), tab
        page.set_viewport_size({"width": 1440, "height": 900})
