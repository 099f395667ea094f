"""A server with users: signing in where one is, what one may not see, tokens, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.oidc import Oidc
from assay.service.federated import GroupRules
from assay.testing.processes import free_port
from assay.testing.server import RunningServer, running_server

from .conftest import AXE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from assay.testing.oidc import RunningProvider

SECRET = "the admin's own words"
FONTS = "https://fonts.googleapis.com/**"


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


def violations(page: Page) -> object:
    page.evaluate(AXE.read_text())
    return page.evaluate(
        "async () => (await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'] })).violations"
    )


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


def test_who_signs_out_leaves_nothing_to_who_comes_next(page: Page) -> None:
    page.goto("/")
    page.get_by_role("heading", name="Sign in").wait_for()
    sign_in(page)
    page.get_by_role("heading", name="Experiments").wait_for()
    answer = page.request.post("/api/2.0/mlflow/experiments/create", data={"name": "of the one before"})
    page.goto(f"/experiments/{answer.json()['experiment_id']}")
    page.wait_for_function("() => localStorage.getItem('assay.visited')?.includes('of the one before')")
    other = page.context.new_page()
    other.goto("/settings")
    other.get_by_role("button", name="Sign out").click()
    for one in (other, page):
        one.get_by_role("heading", name="Sign in").wait_for()
        assert "of the one before" not in one.content()
    assert "of the one before" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.fixture(scope="module")
def team(oidc_provider: RunningProvider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server whose users come from a provider."""
    directory, port = tmp_path_factory.mktemp("team"), free_port()
    oidc = Oidc(
        issuer=oidc_provider.issuer,
        client_id="team",
        client_secret="secret",
        public_url=f"http://127.0.0.1:{port}",
        name="Example SSO",
        scopes="openid profile groups",
        groups_claim="groups",
        rules=GroupRules(allowed=frozenset({"staff"})),
    )
    oidc_provider.register(oidc.client_id, secret=oidc.client_secret, redirect_uri=oidc.redirect_uri)
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username="admin", admin_password=SECRET, oidc=oidc),
    )
    with running_server(directory, config, port=port) as running:
        yield running


@pytest.fixture
def visitor(browser: Browser, team: RunningServer, oidc_provider: RunningProvider) -> Iterator[Page]:
    """A page that fails its test when it asks anybody but the server and its provider."""
    context = browser.new_context(base_url=team.url)
    page = context.new_page()
    page.set_default_timeout(10_000)
    faults: list[str] = []
    context.route(FONTS, lambda route: route.abort())  # what the provider's own pages ask for is not got
    known = (team.url, oidc_provider.issuer, "data:", FONTS.removesuffix("**"))
    page.on("request", lambda request: None if request.url.startswith(known) else faults.append(request.url))
    yield page
    context.close()
    assert not faults


def continue_as(page: Page, account: str) -> None:
    page.get_by_role("link", name="Continue with Example SSO").click()
    page.locator("input[name=login]").fill(account)
    page.locator("input[name=password]").fill("any")
    page.get_by_role("button").first.click()


def test_one_signs_in_with_a_provider_and_is_where_one_was(visitor: Page, oidc_provider: RunningProvider) -> None:
    oidc_provider.tell("ada", preferred_username="ada", groups=["staff"])
    visitor.goto("/settings?a=1")
    continue_as(visitor, "ada")
    visitor.get_by_text("Signed in as ada").wait_for()
    assert visitor.url.endswith("/settings?a=1")
    assert visitor.get_by_role("form", name="Change the password").count() == 0
    visitor.get_by_role("button", name="Sign out").click()
    visitor.get_by_role("link", name="Continue with Example SSO").wait_for()
    visitor.goto("/models")
    visitor.get_by_role("link", name="Continue with Example SSO").wait_for()
    sign_in(visitor)  # a password does, too
    visitor.get_by_role("heading", name="Models", exact=True).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_is_not_let_in_is_told_why(visitor: Page, oidc_provider: RunningProvider, scheme: str) -> None:
    visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    oidc_provider.tell("ben", preferred_username="ben", groups=[])
    visitor.goto("/models?q=x")
    continue_as(visitor, "ben")
    visitor.get_by_role("alert").get_by_text("none of the groups").wait_for()
    assert visitor.url.endswith("/models?q=x")
    assert violations(visitor) == []
    visitor.set_viewport_size({"width": 380, "height": 800})
    assert visitor.evaluate("document.documentElement.scrollWidth") <= 380
    visitor.goto("/?sign-in-failed=<img src=x>Call+me&request=Call+me")
    visitor.get_by_role("heading", name="Sign in").wait_for()
    visitor.get_by_role("link", name="Continue with Example SSO").wait_for()
    assert visitor.get_by_text("Call me").count() == 0


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
    assert violations(page) == []
    sign_in(page)
    page.get_by_text("Signed in as admin").wait_for()
    assert violations(page) == []
    page.set_viewport_size({"width": 380, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 380
