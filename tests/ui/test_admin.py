"""The pages of administrators on a server with users: users, groups, grants, tokens, sessions and the audit log."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.store.open import open_store
from assay.store.users import OIDC, PASSWORD
from assay.testing.server import RunningServer, running_server

from .conftest import AXE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import APIResponse, Browser, Locator, Page

    from assay.store.base import Session

    Opening = Callable[[str, str], Page]

ADMIN = "admin"
SECRET = "the admin's own words"
MANY = 2000
MARKUP = '<img src=x onerror="window.broken=1">'
CHECK = "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    folder = tmp_path_factory.mktemp("server")
    config = ServerConfig(
        backend_store_uri=str(folder / "mlruns"),
        artifacts_destination=str(folder / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(folder, config) as running:
        yield running


@pytest.fixture
def admin(page: Page) -> Page:
    """The page of the administrator, who is signed in."""
    assert sign_in(page, ADMIN, SECRET).ok
    return page


@pytest.fixture
def opening(browser: Browser, server: RunningServer) -> Iterator[Opening]:
    """A page of somebody else, who is signed in."""
    contexts = []

    def opening(username: str, password: str) -> Page:
        contexts.append(browser.new_context(base_url=server.url))
        page = contexts[-1].new_page()
        page.set_default_timeout(10_000)
        assert sign_in(page, username, password).ok
        return page

    yield opening
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str) -> APIResponse:
    return page.request.post("/ajax-api/assay/1/session", data={"username": username, "password": password})


def call(page: Page, path: str, **message: Any) -> Any:
    answer = page.request.post(f"/ajax-api/{path}", data=message)
    assert answer.ok, answer.text()
    return answer.json()


def add_user(page: Page, name: str) -> str:
    """A user, made by the administrator; its password."""
    password = f"a dozen words of {len(name)}"
    call(page, "2.0/mlflow/users/create", username=name, password=password)
    return password


def write(server: RunningServer, fill: Callable[[Session], None]) -> None:
    """Put in the server's store what no request can put there, or not as quickly."""
    store = open_store(server.config.backend_store_uri, artifact_root="mlflow-artifacts:/")
    try:
        store.write(fill)
    finally:
        store.close()


def pick(field: Locator, text: str) -> None:
    field.fill(text)
    field.page.get_by_role("option", name=text).first.wait_for()
    field.press("Enter")


def test_a_user_is_added_and_signs_in(admin: Page, browser: Browser, server: RunningServer) -> None:
    admin.goto("/")
    admin.get_by_role("navigation", name="Main").get_by_role("link", name="Admin", exact=True).click()
    admin.get_by_role("button", name="Add a user").click()
    dialog = admin.get_by_role("dialog", name="Add a user")
    dialog.get_by_label("Name").fill("grace")
    dialog.get_by_label("Password", exact=True).fill("too short")
    expect(dialog.get_by_text("12 characters or more, not yet")).to_be_visible()
    expect(dialog.get_by_role("button", name="Add the user")).to_be_disabled()
    dialog.get_by_role("button", name="Another one").click()
    password = dialog.get_by_label("Password", exact=True).input_value()
    dialog.get_by_role("button", name="Add the user").click()
    admin.get_by_label("Address, name and password").get_by_text(f"grace\n{password}").wait_for()
    admin.get_by_role("button", name="Groups and grants").click()
    admin.get_by_role("heading", level=1, name="grace").wait_for()

    context = browser.new_context(base_url=server.url)
    other = context.new_page()
    other.goto("/admin/users")
    other.get_by_label("User").fill("grace")
    other.get_by_label("Password").fill(password)
    other.get_by_role("button", name="Sign in").click()
    other.get_by_role("heading", name="For administrators only").wait_for()
    assert other.get_by_role("link", name="Admin", exact=True).count() == 0
    assert other.request.get("/ajax-api/assay/1/views/users").status == 403
    context.close()


def test_a_grant_shows_an_experiment_and_taking_it_back_hides_it(admin: Page, opening: Opening) -> None:
    password = add_user(admin, "gretel")
    call(admin, "2.0/mlflow/experiments/create", name="shown to gretel")
    other = opening("gretel", password)
    admin.goto("/admin/users/gretel")
    form = admin.get_by_role("form", name="New grant")
    pick(form.get_by_role("combobox", name="Experiment"), "shown to")
    form.get_by_role("button", name="Level to grant").click()
    admin.get_by_role("menuitemradio", name="EDIT").click()
    form.get_by_role("button", name="Grant", exact=True).click()
    card = admin.get_by_role("region", name="Granted to this user alone")
    card.get_by_role("link", name="shown to gretel").wait_for()
    other.goto("/")
    other.get_by_role("link", name="shown to gretel").wait_for()

    card.get_by_role("button", name="Level on shown to gretel: EDIT").click()
    admin.get_by_role("menuitemradio", name="READ find").click()
    card.get_by_role("button", name="Level on shown to gretel: READ").wait_for()
    card.get_by_role("button", name="Take back the grant on shown to gretel").click()
    card.get_by_text("Nothing is granted to this user alone.").wait_for()
    expect(card).to_be_focused()
    admin.get_by_role("button", name="Undo").last.click()
    card.get_by_role("button", name="Take back the grant on shown to gretel").click()
    card.get_by_text("Nothing is granted to this user alone.").wait_for()
    other.goto("/")
    other.get_by_role("heading", level=1).wait_for()
    expect(other.get_by_role("link", name="shown to gretel")).to_have_count(0)


def test_tokens_are_revoked_and_sessions_ended(admin: Page, opening: Opening) -> None:
    other = opening("tess", add_user(admin, "tess"))
    token = call(other, "assay/1/tokens/create", name="ci", days=1)["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert admin.request.get("/api/2.0/mlflow/users/current", headers=bearer).json()["user"]["username"] == "tess"
    admin.goto("/admin/users/tess")
    admin.get_by_role("button", name="Revoke the token ci").click()
    admin.get_by_text("This user has no tokens.").wait_for()
    assert admin.request.get("/api/2.0/mlflow/users/current", headers=bearer).status == 401
    admin.get_by_role("button", name="End the session from 127.0.0.1").click()
    admin.get_by_text("This user is signed in nowhere.").wait_for()
    other.goto("/")
    other.get_by_role("heading", name="Sign in").wait_for()
    admin.get_by_role("button", name="Set password").click()
    password = admin.get_by_label("Password", exact=True).input_value()
    admin.get_by_role("button", name="Set the password").click()
    admin.get_by_text("It was set").wait_for()
    assert sign_in(other, "tess", password).ok


def test_a_group_gives_its_users_what_is_granted_to_it(admin: Page, opening: Opening) -> None:
    other = opening("gus", add_user(admin, "gus"))
    call(admin, "2.0/mlflow/experiments/create", name="for the group")
    admin.goto("/admin/groups")
    admin.get_by_role("button", name="New group").click()
    admin.get_by_label("Name").fill("crew")
    admin.get_by_label("Description").fill("All of us")
    admin.get_by_role("button", name="Create").click()
    admin.get_by_role("heading", level=1, name="crew").wait_for()
    pick(admin.get_by_role("combobox", name="Put a user in"), "gus")
    admin.get_by_role("link", name="gus").wait_for()
    form = admin.get_by_role("form", name="New grant")
    pick(form.get_by_role("combobox", name="Experiment"), "for the group")
    form.get_by_role("button", name="Grant", exact=True).click()
    admin.get_by_role("link", name="for the group").wait_for()
    other.goto("/")
    other.get_by_role("link", name="for the group").wait_for()

    admin.get_by_role("button", name="Rename, describe").click()
    admin.get_by_role("textbox", name="Name").fill("the whole crew")
    admin.get_by_role("button", name="Save").click()
    admin.get_by_role("heading", level=1, name="the whole crew").wait_for()
    admin.goto("/admin/users/gus")
    admin.get_by_role("region", name="Granted by groups").get_by_role("link", name="for the group").wait_for()
    admin.get_by_role("button", name="Take gus out of the whole crew").click()
    admin.get_by_text("This user is in no group.").wait_for()
    pick(admin.get_by_role("combobox", name="Put into a group"), "the whole crew")
    admin.get_by_role("link", name="the whole crew").first.click()
    admin.get_by_role("button", name="Delete").click()
    dialog = admin.get_by_role("dialog", name="Delete the whole crew?")
    expect(dialog.get_by_role("button", name="Delete the group")).to_be_disabled()
    dialog.get_by_label("Type").fill("the whole crew")
    dialog.get_by_role("button", name="Delete the group").click()
    admin.get_by_role("heading", level=1, name="Groups").wait_for()
    expect(admin.get_by_role("link", name="the whole crew")).to_have_count(0)


def test_the_last_administrator_stays(admin: Page) -> None:
    admin.goto(f"/admin/users/{ADMIN}")
    admin.get_by_role("button", name="No longer administrator").click()
    dialog = admin.get_by_role("dialog")
    dialog.get_by_role("button", name="No longer administrator").click()
    dialog.get_by_role("alert").get_by_text("is the last administrator").wait_for()
    dialog.get_by_role("alert").get_by_text("request").wait_for()
    admin.keyboard.press("Escape")
    admin.get_by_role("button", name="Delete").click()
    dialog.get_by_label("Type").fill(ADMIN)
    dialog.get_by_role("button", name="Delete the user").click()
    dialog.get_by_role("alert").get_by_text("You cannot delete yourself").wait_for()


def test_an_administrator_is_made_and_unmade_and_a_user_deleted(admin: Page) -> None:
    add_user(admin, "deputy")
    admin.goto("/admin/users/deputy")
    admin.get_by_role("button", name="Make administrator").click()
    admin.get_by_text("Administrators may do everything").wait_for()
    admin.get_by_role("button", name="No longer administrator").click()
    admin.get_by_role("dialog").get_by_role("button", name="No longer administrator").click()
    admin.get_by_role("button", name="Make administrator").wait_for()
    admin.get_by_role("button", name="Delete").click()
    admin.get_by_role("dialog").get_by_label("Type").fill("deputy")
    admin.get_by_role("dialog").get_by_role("button", name="Delete the user").click()
    admin.get_by_role("heading", level=1, name="Users").wait_for()
    expect(admin.get_by_role("link", name="deputy")).to_have_count(0)


def test_who_steps_back_is_shown_no_more(admin: Page, opening: Opening) -> None:
    password = add_user(admin, "stepping")
    admin.request.patch("/ajax-api/2.0/mlflow/users/update-admin", data={"username": "stepping", "is_admin": True})
    other = opening("stepping", password)
    other.goto("/admin/users/stepping")
    bar = other.get_by_role("navigation", name="Main").get_by_role("link", name="Admin")
    bar.wait_for()
    other.get_by_role("button", name="No longer administrator").click()
    other.get_by_text("This is you").wait_for()
    other.get_by_role("dialog").get_by_role("button", name="No longer administrator").click()
    other.get_by_role("heading", name="For administrators only").wait_for()
    expect(bar).to_have_count(0)


def test_the_audit_log_is_searched_by_its_address_and_downloaded(admin: Page, tmp_path: Path) -> None:
    add_user(admin, "=audited")
    call(admin, "assay/1/tokens/create", name="audited", days=1, username="=audited")
    admin.goto("/admin/audit")
    admin.get_by_label("On what").fill("user =audited")
    admin.wait_for_url("**/admin/audit?resource=*")
    rows = admin.locator("tr.audit-row")
    expect(rows).to_have_count(2)
    admin.get_by_label("Action").select_option("createUser")
    expect(rows).to_have_count(1)
    admin.reload()
    expect(rows).to_have_count(1)
    admin.get_by_role("button", name="Details of entry").click()
    details = admin.locator(".audit-facts")
    expect(details).to_contain_text("admin by session")
    expect(details).to_contain_text("username: =audited")
    assert "words" not in details.inner_text()
    admin.reload()
    details.get_by_role("button", name="Only user =audited").wait_for()
    with admin.expect_download() as downloading:
        admin.get_by_role("button", name="Download").click()
        admin.get_by_role("button", name="Comma-separated values").click()
    file = tmp_path / "audit.csv"
    downloading.value.save_as(file)
    [row] = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (row["actor"], row["action"], row["resource"]) == (ADMIN, "createUser", "user =audited")
    with admin.expect_download() as downloading:
        admin.get_by_role("button", name="Download").click()
        admin.get_by_role("button", name="JSON lines").click()
    downloading.value.save_as(file)
    [line] = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["request_id"] == row["request_id"]
    admin.get_by_role("button", name="Clear the filters").click()
    admin.wait_for_url("**/admin/audit")
    admin.goto("/admin/audit?since=yesterday&actor=nobody-at-all")
    admin.get_by_text("Parts of the address were not understood").wait_for()
    admin.get_by_role("heading", name="Nothing like this was done").wait_for()


def test_a_change_of_the_audit_log_shows(admin: Page, server: RunningServer) -> None:
    admin.goto("/admin/audit")
    admin.get_by_role("button", name="Check the chain").click()
    admin.get_by_text("Whole: ").wait_for()
    admin.keyboard.press("Escape")
    [file] = Path(server.config.backend_store_uri).rglob("*.db")
    with sqlite3.connect(file) as database:
        number, actor = database.execute("select min(entry_no), actor from audit").fetchone()
        database.execute("update audit set actor = 'eve' where entry_no = ?", (number,))
    admin.get_by_role("button", name="Check the chain").click()
    admin.get_by_text(f"Broken at entry {number}:").wait_for()
    with sqlite3.connect(file) as database:
        database.execute("update audit set actor = ? where entry_no = ?", (actor, number))


def test_older_entries_come_page_by_page(admin: Page) -> None:
    for place in range(101):
        call(admin, "3.0/mlflow/roles/create", name=f"crowd-{place}")
    admin.goto("/admin/audit?action=createRole")
    rows = admin.locator("tr.audit-row")
    expect(rows).to_have_count(100)
    admin.get_by_role("button", name="Show older ones").click()
    admin.get_by_text("no older ones").wait_for()
    assert rows.count() >= 101
    numbers = rows.get_by_role("button").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert len(set(numbers)) == len(numbers)


@pytest.fixture(scope="module")
def marked(server: RunningServer, browser: Browser) -> dict[str, str]:
    """Addresses of pages that show markup in the place of every name."""
    context = browser.new_context(base_url=server.url)
    page = context.new_page()
    assert sign_in(page, ADMIN, SECRET).ok
    add_user(page, MARKUP)
    role = call(page, "3.0/mlflow/roles/create", name=MARKUP, description=MARKUP)["role"]["id"]
    call(page, "3.0/mlflow/roles/assign", username=MARKUP, role_id=role)
    experiment = call(page, "2.0/mlflow/experiments/create", name=MARKUP)["experiment_id"]
    granted = {"resource_type": "experiment", "resource_id": experiment, "permission": "READ"}
    call(page, "assay/1/permissions/set", **granted, username=MARKUP)
    call(page, "assay/1/permissions/set", **granted, role_name=MARKUP)
    call(page, "assay/1/tokens/create", name=MARKUP, days=1, username=MARKUP)
    context.close()
    return {
        "users": "/admin/users?q=img",
        "user": f"/admin/users/{quote(MARKUP, safe='')}",
        "groups": "/admin/groups",
        "group": f"/admin/groups/{role}",
        "audit": f"/admin/audit?resource={quote(f'user {MARKUP}')}",
    }


@pytest.mark.parametrize("turned", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_names_are_text_and_pages_accessible(admin: Page, marked: dict[str, str], turned: bool) -> None:
    """Each page on one width, in one theme; turned around, on the other and in the other."""
    for place, (name, address) in enumerate(marked.items()):
        phone, dark = place % 2 == turned, place in (0, 1, 4)
        admin.set_viewport_size({"width": 380, "height": 800} if phone else {"width": 1440, "height": 900})
        admin.emulate_media(color_scheme="dark" if dark != turned else "light", reduced_motion="reduce")
        admin.goto(address)
        admin.get_by_text(MARKUP).first.wait_for()
        admin.wait_for_function("() => !document.querySelector('.skeleton')")
        if name == "audit":
            admin.get_by_role("button", name="Details of entry").first.click()
        admin.evaluate(AXE.read_text())
        assert admin.evaluate(CHECK) == []
        admin.set_viewport_size({"width": 380, "height": 800})
        assert admin.evaluate("document.documentElement.scrollWidth") <= 380
    assert admin.evaluate("window.broken") is None


def test_what_an_identity_provider_gives_is_told(admin: Page, server: RunningServer) -> None:
    def fill(session: Session) -> None:
        user = session.users.create("federica", password_hash="", is_admin=False, origin=OIDC, now=1)
        role = session.roles.create("of the provider", description="", now=1)
        session.roles.assign(role.number, user=user, origin=OIDC)

    write(server, fill)
    admin.goto("/admin/users/federica")
    admin.get_by_text("signs in by OpenID Connect").wait_for()
    expect(admin.get_by_role("region", name="Groups")).to_contain_text("0 grants by OpenID Connect")
    assert admin.get_by_role("button", name="Set password").count() == 0
    admin.get_by_role("link", name="of the provider").click()
    expect(admin.get_by_role("listitem").filter(has_text="federica")).to_contain_text("by OpenID Connect")


def test_thousands_of_users_are_quick(admin: Page, server: RunningServer) -> None:
    def fill(session: Session) -> None:
        for place in range(MANY):
            session.users.create(f"many-{place:04}", password_hash="", is_admin=False, origin=PASSWORD, now=1)

    write(server, fill)
    admin.goto("/admin/audit")
    admin.get_by_role("heading", level=1).wait_for()
    admin.evaluate("performance.mark('asked')")
    admin.get_by_role("link", name="Users", exact=True).click()
    rows = admin.locator(".people-rows [role=row]")
    rows.first.wait_for()
    assert rows.count() < 60
    assert admin.evaluate("performance.measure('shown', 'asked').duration") < 2000
    admin.keyboard.press("/")
    admin.keyboard.type("MANY-1999")
    expect(rows).to_have_count(1)
    admin.get_by_role("link", name="many-1999").wait_for()
    expect(admin.get_by_role("table", name="Users")).to_have_attribute("aria-rowcount", "2")
    admin.goto("/admin/users?q=no-such-user")
    admin.get_by_role("button", name="Show all users").click()
    rows.first.wait_for()


def test_a_server_without_users_says_how_it_gets_some(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path) as plain:
        context = browser.new_context(base_url=plain.url)
        page = context.new_page()
        page.goto("/admin/audit")
        page.get_by_role("heading", name="This server has no users").wait_for()
        page.get_by_text("assay server --auth").wait_for()
        assert page.get_by_role("link", name="Admin", exact=True).count() == 0
        context.close()
