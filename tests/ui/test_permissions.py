"""Who may do what, in the web UI: granted by managers, on a page of its own; what one may not do is not offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.testing.server import RunningServer, running_server

from .conftest import AXE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Request

SECRET = "a dozen words or fewer"
USERS = ("ada", "eve", "rita", "nina")
"""Ada manages, Eve edits, Rita reads; to Nina nothing is granted."""
ON_MODEL = {"resource_type": "registered_model", "resource_id": "fraud"}


class Person:
    """A user in a browser of the own."""

    def __init__(self, browser: Browser, url: str, name: str) -> None:
        context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
        signed_in = context.request.post("/ajax-api/assay/1/session", data={"username": name, "password": SECRET})
        assert signed_in.ok, signed_in.text()
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.waiting: set[Request] = set()
        self.refused: list[str] = []
        self.faults: list[str] = []
        self.page.on("request", lambda one: None if one.resource_type == "eventsource" else self.waiting.add(one))
        self.page.on("requestfinished", self._ended)
        self.page.on("requestfailed", self._ended)
        self.page.on("response", lambda one: self.refused.append(one.url) if one.status == 403 else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _ended(self, request: Request) -> None:
        self.waiting.discard(request)

    def ask(self, path: str, message: Any = None, method: str = "POST") -> Any:
        answer = self.page.context.request.fetch(f"/api/{path}", method=method, data=message)
        assert answer.ok, answer.text()
        return answer.json()

    def show(self, path: str, wait: str) -> None:
        """Open a page from within the app, and wait for all its answers."""
        self.page.evaluate("to => { history.pushState(null, '', to); dispatchEvent(new Event('popstate')); }", path)
        self.page.locator(wait).first.wait_for()
        while self.waiting:
            self.page.wait_for_timeout(20)

    def close(self) -> None:
        self.page.context.close()
        assert not self.faults


@dataclass(frozen=True)
class World:
    """An experiment with a run, a logged model and a report; and a registered model."""

    experiment: str
    run: str
    report: str
    logged: str


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("permissions")
    config = ServerConfig(
        backend_store_uri=str(folder / "mlruns"),
        artifacts_destination=str(folder / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username="admin", admin_password=SECRET),
    )
    with running_server(folder, config) as running:
        yield running


@pytest.fixture(scope="module")
def person(browser: Browser, server: RunningServer) -> Iterator[Callable[[str], Person]]:
    known = {"admin": Person(browser, server.url, "admin")}
    for name in USERS:
        known["admin"].ask("2.0/mlflow/users/create", {"username": name, "password": SECRET})

    def get(name: str) -> Person:
        if name not in known:
            known[name] = Person(browser, server.url, name)
        return known[name]

    yield get
    for one in known.values():
        one.close()


@pytest.fixture(scope="module")
def world(person: Callable[[str], Person]) -> World:
    """Made by Ada."""
    ask, mlflow = person("ada").ask, "2.0/mlflow"
    experiment = ask(f"{mlflow}/experiments/create", {"name": "fraud"})["experiment_id"]
    made = {"experiment_id": experiment, "start_time": 1, "tags": [{"key": "mlflow.note.content", "value": "A note"}]}
    run, gone = (
        ask(f"{mlflow}/runs/create", {**made, "run_name": name})["run"]["info"]["run_id"] for name in ("kept", "gone")
    )
    ask(f"{mlflow}/runs/log-metric", {"run_id": run, "key": "auc", "value": 0.9, "timestamp": 1})
    ask(f"{mlflow}/runs/set-tag", {"run_id": run, "key": "team", "value": "risk"})
    ask(f"{mlflow}/runs/update", {"run_id": run, "status": "FINISHED", "end_time": 2})
    ask(f"{mlflow}/runs/delete", {"run_id": gone})
    ask(f"{mlflow}/registered-models/create", {"name": "fraud", "description": "What it is for"})
    for _ in range(2):
        ask(f"{mlflow}/model-versions/create", {"name": "fraud", "source": f"runs:/{run}/model", "run_id": run})
    ask(f"{mlflow}/registered-models/alias", {"name": "fraud", "alias": "champion", "version": "1"})
    ask(f"{mlflow}/registered-models/set-tag", {"name": "fraud", "key": "team", "value": "risk"})
    view = {"experiment_id": experiment, "name": "mine", "address": {"q": "metrics.auc > 0"}}
    ask("assay/1/saved-views/set", view)
    logged = {
        "experiment_id": experiment,
        "name": "model",
        "source_run_id": run,
        "tags": [{"key": "team", "value": "a"}],
    }
    model = ask(f"{mlflow}/logged-models", logged)["model"]["info"]["model_id"]
    report = ask("assay/1/reports/create", {"experiment_id": experiment, "title": "So far", "text": "Words."})
    for name, level in (("eve", "EDIT"), ("rita", "READ")):
        for on in ({"resource_type": "experiment", "resource_id": experiment}, ON_MODEL):
            ask("assay/1/permissions/set", {**on, "username": name, "permission": level})
    return World(experiment, run, report["report"]["report_id"], model)


def pick(page: Page, label: str, level: str) -> None:
    """Choose a level by keys alone."""
    page.get_by_role("button", name=f"{label}: ").focus()
    page.keyboard.press("Enter")
    items = page.get_by_role("menu", name=label).get_by_role("menuitemradio")
    items.first.wait_for()
    for _ in range(items.count()):
        if page.evaluate("document.activeElement.innerText").startswith(level):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def grant(page: Page, name: str, level: str, kind: str = "user") -> None:
    form = page.get_by_role("form", name="Grant")
    form.get_by_role("button", name=kind.title(), exact=True).click()
    form.get_by_label(f"Name of the {kind}").fill(name)
    pick(page, "What they may do", level)
    form.get_by_role("button", name="Grant", exact=True).press("Enter")


def test_who_manages_an_experiment_grants_it_by_keys(person: Callable[[str], Person], world: World) -> None:
    ada, nina = person("ada").page, person("nina").page
    nina.goto(f"/experiments/{world.experiment}")
    nina.get_by_text("not for you, nina").wait_for()
    ada.goto(f"/experiments/{world.experiment}")
    ada.get_by_role("link", name="Permissions").press("Enter")
    ada.wait_for_url(f"**/experiments/{world.experiment}/permissions")
    grant(ada, "nobody at all", "READ")
    ada.get_by_role("alert").get_by_text("nobody at all").wait_for()
    grant(ada, "nina", "READ")
    here = ada.get_by_role("list", name="Grants here")
    here.get_by_role("button", name="What nina may do: READ").wait_for()
    ada.get_by_role("row", name="nina READ granted here: READ").wait_for()
    ada.get_by_role("row", name="admin MANAGE administrator").wait_for()
    nina.get_by_role("button", name="Try again").click()
    nina.get_by_role("link", name="kept").wait_for()
    assert nina.get_by_role("link", name="Permissions").count() == 0
    pick(ada, "What nina may do", "EDIT")
    here.get_by_role("button", name="What nina may do: EDIT").wait_for()
    here.get_by_role("button", name="Take back what is granted to nina").press("Enter")
    here.get_by_role("button", name="What nina may do").wait_for(state="detached")
    ada.get_by_role("button", name="Undo").last.press("Enter")
    here.get_by_role("button", name="What nina may do: EDIT").wait_for()
    pick(ada, "What ada may do", "READ")
    ada.get_by_role("dialog", name="Manage fraud no longer?").get_by_role("button", name="Cancel").press("Enter")
    here.get_by_role("button", name="What ada may do: MANAGE").wait_for()


def test_a_group_is_denied_what_its_members_are_granted(person: Callable[[str], Person], world: World) -> None:
    role = person("admin").ask("3.0/mlflow/roles/create", {"name": "guests", "workspace": "default"})["role"]
    person("admin").ask("3.0/mlflow/roles/assign", {"username": "nina", "role_id": role["id"]})
    on = {"resource_type": "experiment", "resource_id": world.experiment}
    person("ada").ask("assay/1/permissions/set", {**on, "username": "nina", "permission": "READ"})
    nina, ada = person("nina").page, person("ada").page
    nina.goto(f"/runs/{world.run}")
    nina.get_by_role("heading", name="kept").wait_for()
    ada.goto(f"/experiments/{world.experiment}/permissions")
    grant(ada, "guests", "DENY", kind="group")
    ada.get_by_role("row", name="nina DENY granted here: READ · group guests: DENY").wait_for()
    nina.reload()
    nina.get_by_role("heading", name="There is no such run").wait_for()
    nina.get_by_text("not for you, nina").wait_for()
    ada.get_by_role("button", name="Take back what is granted to group guests").click()
    nina.reload()
    nina.get_by_role("heading", name="kept").wait_for()


def test_a_protected_alias_is_moved_by_who_manages_the_model(person: Callable[[str], Person], world: World) -> None:
    del world
    ada, eve = person("ada").page, person("eve").page
    ada.goto("/models/fraud")
    eve.goto("/models/fraud")
    eve.get_by_role("button", name="Move @champion", exact=True).wait_for()
    protect = ada.get_by_role("button", name="Protect @champion")
    protect.press("Enter")
    ada.locator(".alias-card").get_by_text("protected").wait_for()
    assert ada.get_by_role("button", name="Move @champion", exact=True).is_visible()
    eve.reload()
    eve.get_by_text("Who manages this model moves it.").wait_for()
    assert eve.get_by_role("button", name="Move @champion", exact=True).count() == 0
    assert eve.get_by_role("button", name="Remove @champion").count() == 0
    eve.get_by_role("button", name="Actions for version 2").click()
    eve.get_by_role("button", name="Set an alias").click()
    eve.get_by_role("dialog").get_by_label("Alias", exact=True).fill("champion")
    eve.get_by_text("@champion is protected: only who manages fraud moves it.").wait_for()
    assert eve.get_by_role("button", name="Set alias").or_(eve.get_by_role("button", name="Move alias")).is_disabled()
    protect.press("Enter")
    ada.locator(".alias-card").get_by_text("protected").wait_for(state="detached")
    eve.reload()
    eve.get_by_role("button", name="Move @champion", exact=True).wait_for()


CONTROLS = """root => [...root.querySelectorAll(
    'button, a.menu-item, a.button, nav.segments a, input:not([type=checkbox]), textarea, select')]
  .filter(one => one.checkVisibility() && !one.disabled && !one.readOnly)
  .map(one => (one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.placeholder).trim())"""


def offered(person: Person, path: str, wait: str) -> set[str]:
    """What can be pressed and written on a page, in its menus, and for what is selected."""
    person.show(path, wait)
    page = person.page
    boxes = page.locator("main input[type=checkbox][aria-label^=Select]:visible")
    if boxes.count():
        boxes.last.check()
        boxes.last.hover()
    found = set(page.evaluate(CONTROLS, page.locator("body").element_handle()))
    menus = page.locator("[aria-haspopup=dialog]:visible")
    for place in range(menus.count()):
        menus.nth(place).click()
        layer = page.locator(".popover:popover-open")
        layer.locator("button, a, input, select").first.wait_for()
        found |= set(page.evaluate(CONTROLS, layer.element_handle()))
        page.keyboard.press("Escape")
        layer.wait_for(state="detached")
    return found


TABLE = "[role=rowheader] a"
IN_TABLE = {
    *("Permissions", "Colour of kept", "Edit name, note and tags: kept", "Save as a new view"),
    *("Main metric, higher is better", "Main metric, lower is better"),
    *("Open mine by default", "Rename mine", "Delete mine"),
    *("Tag", "Move", "Colour", *(f"Colour {number}" for number in range(1, 9)), "Delete"),
}
STAGES = {"To Staging", "To Production", "To Archived"}
PAGES = {
    "/": (TABLE, {"Actions for fraud", "Permissions", "Rename", "Delete"}),
    "/experiments/{experiment}": (TABLE, IN_TABLE),
    "/experiments/{experiment}?peek={run}": (
        ".peek .peek-body",
        IN_TABLE | {"Name of the run", "Note", "Remove the tag team", "Add a tag"},
    ),
    "/experiments/{experiment}/analyse": ("nav.segments", {"Permissions"}),
    "/experiments/{experiment}/models": ("main table a", {"Permissions"}),
    "/runs/{run}": (
        ".overview-note",
        {"Rename the run", "Delete", "Edit the note", "Add tag", "Remove the tag team"},
    ),
    "/m/{logged}": ("main h1", {"Tag", "Remove the tag team"}),
    "/models": ("main table a", {"Actions for fraud", "Permissions", "Protect an alias…", "Rename", "Delete…"}),
    "/models/fraud": (
        "tr[data-version]",
        STAGES
        | {"Permissions", "Actions for fraud", "Protect an alias…", "Rename", "Delete…", "Remove the tag team", "Tag"}
        | {"Edit the description", "Move @champion", "Protect @champion", "Remove @champion", "Set an alias…\na"},
    ),
    "/models/fraud/versions/1": (
        ".lineage-name",
        STAGES | {"Set alias", "Tag", "Describe this version", "Set an alias…\na", "Delete…"},
    ),
    "/reports": ("main li a", {"New report"}),
    "/reports/{report}": ("main h1", {"Edit", "Delete the report"}),
    "/trash": ("main li", {"Restore gone"}),
}
"""Pages by address: what is waited for, and what Ada is offered there that Rita is not."""


def test_a_reader_is_not_offered_what_would_be_refused(person: Callable[[str], Person], world: World) -> None:
    ada, rita = person("ada"), person("rita")
    rita.refused.clear()
    for one in (ada, rita):
        one.page.goto("/settings")
    for template, (wait, wanted) in PAGES.items():
        path = template.format(**world.__dict__)
        reading, managing = offered(rita, path, wait), offered(ada, path, wait)
        assert managing - reading == wanted, path
        assert reading <= managing, path
    assert rita.refused == []
    rita.page.goto(f"/reports/{world.report}?edit=on")
    rita.page.get_by_role("heading", name="So far").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_permissions_is_accessible(person: Callable[[str], Person], world: World, scheme: str) -> None:
    page = person("ada").page
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in (f"/experiments/{world.experiment}/permissions", "/models/fraud/permissions"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(path)
        page.get_by_role("button", name="What rita may do").click()
        page.get_by_role("menu").wait_for()
        page.evaluate(AXE.read_text())
        check = "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations"
        assert page.evaluate(check) == []
        page.keyboard.press("Escape")
        page.set_viewport_size({"width": 380, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 380
        assert page.get_by_role("button", name="Take back what is granted to rita").bounding_box()["x"] < 340  # type: ignore[index]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
