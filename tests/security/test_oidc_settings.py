"""What an operator says of a provider: what is not usable is said at the start."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from assay.cli.main import cli as assay
from assay.core.errors import ConfigurationError
from assay.server.oidc import checked_public_url, is_protected

GOOD = {
    "ASSAY_AUTH": "true",
    "ASSAY_PUBLIC_URL": "https://tracking.example/",
    "ASSAY_OIDC_ISSUER": "https://idp.example/realms/team",
    "ASSAY_OIDC_CLIENT_ID": "assay",
}


@pytest.fixture
def configured(monkeypatch):
    """The configuration with which `assay server` would serve."""

    def configured(**changed):
        for name, value in {**GOOD, **changed}.items():
            monkeypatch.setenv(name, value) if value is not None else monkeypatch.delenv(name, raising=False)
        found = []
        monkeypatch.setattr("assay.server.run.serve", found.append)
        CliRunner().invoke(assay, ["server"], catch_exceptions=False, standalone_mode=False)
        return found[0]

    return configured


def test_settings_make_a_provider(configured, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("from a file\n")
    config = configured(
        ASSAY_OIDC_CLIENT_SECRET="from a variable",
        ASSAY_OIDC_CLIENT_SECRET_FILE=str(secret),
        ASSAY_OIDC_GROUPS_CLAIM="groups",
        ASSAY_OIDC_ALLOWED_GROUPS="a, b",
        ASSAY_OIDC_ADMIN_GROUP="ops",
        ASSAY_OIDC_GROUP_ROLES="ml=trainers, cn=x=readers",
        ASSAY_PASSWORD_LOGIN="false",
    )
    oidc = config.auth.oidc
    assert (config.public_url, config.hosts) == ("https://tracking.example", ("tracking.example",))
    assert oidc.redirect_uri == "https://tracking.example/ajax-api/assay/1/session/oidc/callback"
    assert (oidc.client_secret, oidc.username_claim) == ("from a file", "preferred_username")
    assert (oidc.rules.allowed, oidc.rules.admin) == ({"a", "b"}, "ops")
    assert oidc.rules.roles == {"ml": "trainers", "cn=x": "readers"}
    assert config.auth.takes_passwords is False


def test_the_settings_of_the_guide_make_one(configured, tmp_path):
    guide = (Path(__file__).parents[2] / "docs/guide/security.md").read_text()
    block = re.search(r"## OpenID Connect\n.*?```ini\n(.*?)```", guide, re.DOTALL)[1]
    shown = dict(line.split("=", 1) for line in block.splitlines())
    assert shown["ASSAY_OIDC_CLIENT_SECRET_FILE"]
    (tmp_path / "secret").write_text("x")
    shown["ASSAY_OIDC_CLIENT_SECRET_FILE"] = str(tmp_path / "secret")
    oidc = configured(**shown).auth.oidc
    assert (oidc.name, oidc.client_secret) == ("Example SSO", "x")
    assert oidc.redirect_uri in guide
    rows = dict(re.findall(r"^\| `(ASSAY_OIDC_\w+)=(\S+)` \|", guide, re.MULTILINE))
    assert len(rows) == 3
    rules = configured(**shown, ASSAY_OIDC_GROUPS_CLAIM="groups", **rows).auth.oidc.rules
    assert (rules.allowed, rules.admin) == ({"ml", "ops"}, "ops")
    assert rules.roles == {"ml": "trainers", "ops": "operators"}


def test_without_an_issuer_there_is_none(configured):
    assert configured(ASSAY_OIDC_ISSUER=None).auth.oidc is None


BAD = [
    ({"ASSAY_AUTH": "false"}, "no users"),
    ({"ASSAY_PUBLIC_URL": None}, "ASSAY_PUBLIC_URL"),
    ({"ASSAY_PUBLIC_URL": "http://tracking.example"}, "ASSAY_PUBLIC_URL"),
    ({"ASSAY_PUBLIC_URL": "https://tracking.example/path"}, "ASSAY_PUBLIC_URL"),
    ({"ASSAY_PUBLIC_URL": "tracking.example"}, "ASSAY_PUBLIC_URL"),
    ({"ASSAY_OIDC_CLIENT_ID": None}, "ASSAY_OIDC_CLIENT_ID"),
    ({"ASSAY_OIDC_ISSUER": "http://idp.example"}, "ASSAY_OIDC_ISSUER"),
    ({"ASSAY_OIDC_ISSUER": "idp.example"}, "ASSAY_OIDC_ISSUER"),
    ({"ASSAY_OIDC_ISSUER": "https://idp.example/?x"}, "ASSAY_OIDC_ISSUER"),
    ({"ASSAY_OIDC_SCOPES": "profile"}, "ASSAY_OIDC_SCOPES"),
    ({"ASSAY_OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "ASSAY_OIDC_CLIENT_SECRET_FILE"),
    ({"ASSAY_OIDC_CLIENT_SECRET_FILE": "/dev/null"}, "empty"),
    ({"ASSAY_OIDC_ALLOWED_GROUPS": "a"}, "ASSAY_OIDC_GROUPS_CLAIM"),
    ({"ASSAY_OIDC_ADMIN_GROUP": "a"}, "ASSAY_OIDC_GROUPS_CLAIM"),
    ({"ASSAY_OIDC_GROUPS_CLAIM": "g", "ASSAY_OIDC_GROUP_ROLES": "a"}, "group=role"),
    ({"ASSAY_OIDC_GROUPS_CLAIM": "g", "ASSAY_OIDC_GROUP_ROLES": "=a"}, "group=role"),
    ({"ASSAY_PASSWORD_LOGIN": "false"}, "ASSAY_OIDC_ADMIN_GROUP"),
    ({"ASSAY_PASSWORD_LOGIN": "false", "ASSAY_OIDC_ISSUER": None}, "ASSAY_OIDC_ISSUER"),
]


@pytest.mark.parametrize(("changed", "says"), BAD)
def test_what_is_not_usable_is_refused(configured, changed, says):
    with pytest.raises(ConfigurationError, match=says):
        configured(**changed)


def test_without_the_library_it_is_said_how_to_get_it(configured, monkeypatch):
    monkeypatch.setitem(sys.modules, "authlib", None)
    with pytest.raises(ConfigurationError, match=r"assay\[oidc\]"):
        configured()


PROTECTED = [
    "https://a",
    "https://a:8443/b",
    "https://[::1]/",
    "http://localhost:80",
    "http://127.0.0.1/",
    "http://[::1]",
]
OPEN = [
    "http://a", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "https://", "https:///x", "https:a",
    "https://a@b/", "https://a b/", "https://a\\b/", "https://a\n/", "ftp://localhost", "//localhost", "", "https://[::1",
    "https://a:99999999/", "http://0x7f.1/",
]  # fmt: skip


def test_an_address_is_protected_by_tls_or_by_being_on_this_machine():
    assert [url for url in PROTECTED if not is_protected(url)] == []
    assert [url for url in OPEN if is_protected(url)] == []


def test_an_address_of_a_server_ends_with_its_host():
    assert checked_public_url(None) is None
    assert checked_public_url("http://lab:5000/") == "http://lab:5000"
    for given in ("https://lab/x", "https://lab?x", "https://lab#x", "https://u@lab", "https://lab//", "lab:5000"):
        with pytest.raises(ConfigurationError, match="ASSAY_PUBLIC_URL"):
            checked_public_url(given)


def test_a_server_with_a_provider_starts_without_its_library_in_memory():
    heavy = "{'authlib', 'joserfc', 'cryptography'}"
    code = f"import sys, assay.server.app, assay.cli.server; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "[]\n"
