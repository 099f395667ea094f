"""A server with users: signing in where one is, what one may not see, tokens, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.testing.server import RunningServer, running_server

from .conftest import AXE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

SECRET = "the admin's own words"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username="admin", admin_password=SECRET),
    )
    with running_server(tmp_path, config) as running:
        yield running


def sign_in(page: Page, password: str = SECRET) -> None:
    page.get_by_label("User").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_one_signs_in_where_one_is_and_out_again(page: Page) -> None:
    page.goto("/settings")
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page, "not the password")
    page.get_by_role("alert").get_by_text("wrong").wait_for()
    sign_in(page)
    page.get_by_role("heading", name="Settings").wait_for()
    page.get_by_text("Signed in as admin, an administrator").wait_for()
    page.goto("/")
    page.get_by_role("heading", name="Experiments").wait_for()
    page.goto("/settings")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()


def test_a_page_of_a_user_at_rest_asks_nothing(page: Page) -> None:
    page.goto("/")
    sign_in(page)
    page.get_by_role("heading", name="Experiments").wait_for()
    page.wait_for_timeout(4_000)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(6_000)
    assert asked == []


def test_a_token_is_made_shown_once_and_revoked(page: Page) -> None:
    page.goto("/settings")
    sign_in(page)
    form = page.get_by_role("form", name="New token")
    form.get_by_label("Name").fill("ci")
    form.get_by_role("button", name="Make a token").click()
    secret = page.get_by_label("The token", exact=True).inner_text().strip()
    assert secret.startswith("assay_")
    page.get_by_role("cell", name="ci", exact=True).wait_for()
    answer = page.request.get("/api/2.0/mlflow/users/current", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["user"]["username"] == "admin"
    page.reload()
    page.get_by_role("cell", name="ci", exact=True).wait_for()
    assert page.get_by_text(secret).count() == 0
    page.get_by_role("button", name="Revoke the token ci").click()
    page.get_by_role("cell", name="ci", exact=True).wait_for(state="detached")


def test_a_new_password_ends_the_session(page: Page) -> None:
    page.goto("/settings")
    sign_in(page)
    form = page.get_by_role("form", name="Change the password")
    form.get_by_label("Present password").fill(SECRET)
    form.get_by_label("New password").fill("other words of the admin")
    form.get_by_role("button", name="Change the password").click()
    page.get_by_text("The password was changed.").wait_for()
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page, "other words of the admin")
    page.get_by_role("heading", name="Experiments").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_is_accessible(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/settings")
    page.get_by_role("heading", name="Sign in").wait_for()
    page.evaluate(AXE.read_text())
    check = "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations"
    assert page.evaluate(check) == []
    sign_in(page)
    page.get_by_text("Signed in as admin").wait_for()
    assert page.evaluate(check) == []
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
