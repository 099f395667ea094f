"""S61: whatever text a client stores, in a name, tag, note, param, key, address or report, nothing of it runs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

import assay

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from assay.testing.server import RunningServer

MARKUP = """"'><img src=x onerror=owned()><svg onload=owned()><script>owned()</script>"""
ADDRESSES = (
    "javascript:owned()",
    " javascript:owned()",
    "JaVaScRiPt:owned()",
    "java\tscript:owned()",
    "javascript://github.com/%0aowned()",
    "data:text/html,<script>owned()</script>",
    "vbscript:owned()",
    'https://example.com/"onmouseover="owned()',
)
NOTE = "\n\n".join(
    [
        *(f"[a link]({address})\n\n<{address}>\n\n![a picture]({address})" for address in ADDRESSES),
        *(f'<a href="{address}">a link</a><iframe src="{address}"></iframe>' for address in ADDRESSES),
        "[by name][1]\n\n[1]: javascript:owned()",
        "`<script>owned()</script>`\n\n```html\n<img src=x onerror=owned()>\n```",
        "| <img src=x onerror=owned()> |\n| --- |\n| [x](javascript:owned()) |",
        '<form action="javascript:owned()"><button>b</button></form><base href="https://evil.example/">',
        '<math><a xlink:href="javascript:owned()">m</a></math><object data="javascript:owned()"></object>',
        MARKUP,
    ]
)
SOURCES = ("mlflow.source.git.repoURL", "mlflow.source.name", "mlflow.project.gitRepoURI", "mlflow.docker.image.uri")
FOUND = """() => ({
  ran: window.ran ?? [],
  links: [...document.querySelectorAll("a[href], area[href], form[action], iframe[src], object[data], base[href]")]
    .map((one) => one.href || one.action || one.src || one.data)
    .filter((address) => !/^(https?:|mailto:|blob:|about:|$)/i.test(String(address))),
  handlers: [...document.querySelectorAll("*")]
    .filter((one) => [...one.attributes].some((attribute) => /^on/i.test(attribute.name))).length,
  scripts: document.querySelectorAll("script:not([src])").length,
})"""
WATCH = """window.ran = [];
window.owned = () => window.ran.push("called");
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => window.ran.push(name);
document.addEventListener("securitypolicyviolation", (event) => {
  if (/script/.test(event.effectiveDirective)) window.ran.push(`blocked ${event.effectiveDirective}`);
});"""


class Stored(NamedTuple):
    """Where the texts are."""

    experiment_id: str
    run_id: str
    model: str
    model_id: str
    report_id: str


def send(server: RunningServer, path: str, message: dict[str, Any]) -> Any:
    address = server.url + (path if path.startswith("/") else f"/api/2.0/mlflow/{path}")
    asked = Request(address, json.dumps(message).encode(), {"Content-Type": "application/json"})
    with urlopen(asked) as answer:
        return json.load(answer)


@pytest.fixture
def stored(server: RunningServer) -> Stored:
    client = assay.MlflowClient(tracking_uri=server.url)
    experiment_id = client.create_experiment(MARKUP)
    client.set_experiment_tag(experiment_id, "mlflow.note.content", NOTE)
    tags = {f"tag {number}": address for number, address in enumerate(ADDRESSES)}
    tags |= dict(zip(SOURCES, ADDRESSES, strict=False)) | {"mlflow.note.content": NOTE, "mlflow.user": MARKUP}
    run = client.create_run(experiment_id, run_name=MARKUP, tags=tags)
    for number, address in enumerate(ADDRESSES):
        client.log_param(run.info.run_id, f"param {number}", address)
    client.log_param(run.info.run_id, "markup", MARKUP)
    client.log_metric(run.info.run_id, "metric", 1.0, step=1)
    client.log_text(run.info.run_id, NOTE, "note.md")
    data = {"name": MARKUP, "digest": "d", "source_type": "http", "source": json.dumps({"url": ADDRESSES[0]})}
    send(server, "runs/log-inputs", {"run_id": run.info.run_id, "datasets": [{"dataset": data}]})
    logged = {"experiment_id": experiment_id, "name": "logged", "source_run_id": run.info.run_id}
    logged["tags"] = [{"key": "a", "value": MARKUP}, {"key": "link", "value": ADDRESSES[0]}]
    model_id = send(server, "logged-models", logged)["model"]["info"]["model_id"]
    name = "model <img src=x onerror=owned()>"
    client.create_registered_model(name, tags={"a": MARKUP}, description=NOTE)
    version = {"name": name, "source": f"runs:/{run.info.run_id}/m", "run_id": run.info.run_id, "description": NOTE}
    send(
        server, "model-versions/create", {**version, "run_link": ADDRESSES[0], "tags": [{"key": "a", "value": MARKUP}]}
    )
    report = {"experiment_id": experiment_id, "title": MARKUP, "text": NOTE}
    report_id = send(server, "/api/assay/1/reports/create", report)["report"]["report_id"]
    return Stored(experiment_id, run.info.run_id, name, model_id, report_id)


def pages(stored: Stored) -> list[str]:
    """Wherever one of the texts is shown."""
    experiment, name = f"/experiments/{stored.experiment_id}", quote(stored.model, safe="")
    run = f"/runs/{stored.run_id}"
    return [
        "/",
        experiment,
        f"{experiment}/models",
        f"{experiment}/analyse",
        run,
        f"{run}?tab=files&path=note.md",
        f"{run}?tab=metrics",
        f"/compare?runs={stored.run_id}",
        "/models",
        f"/models/{name}",
        f"/models/{name}/versions/1",
        f"/m/{stored.model_id}",
        "/reports",
        f"/reports/{stored.report_id}",
        "/trash",
    ]


def test_s61_no_stored_text_runs_and_no_link_leads_to_one(page: Page, stored: Stored) -> None:
    page.add_init_script(WATCH)
    for address in pages(stored):
        page.goto(address)
        page.locator("main").first.wait_for()
        if address != "/trash":
            page.get_by_text("owned()").first.wait_for()
        found = page.evaluate(FOUND)
        assert found == {"ran": [], "links": [], "handlers": 0, "scripts": 0}, address
        for link in page.locator("main a:visible", has_text="link").all()[:8]:
            link.click(trial=True, timeout=2000)
    assert page.evaluate("window.ran") == []
    markup = "<a href=javascript:owned()>x</a><img src=x onerror=owned()>"
    page.evaluate("markup => document.body.insertAdjacentHTML('beforeend', markup)", markup)
    page.wait_for_function("() => window.ran.length")
    seen = page.evaluate(FOUND)
    assert (seen["links"], seen["handlers"]) == (["javascript:owned()"], 1), "what would be wrong is seen"
    assert seen["ran"] == ["blocked script-src-attr"], "and would not run, for the policy of the page forbids it"
