"""Logging in by OpenID Connect, with a real provider: there and back, who one is then, and with which roles."""

import base64
import hashlib
import itertools
import json
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.oidc import Oidc
from assay.server.proxies import TrustedProxies
from assay.service.federated import GroupRules
from assay.testing.oidc import UserAgent
from assay.testing.server import running_server

from .conftest import ADMIN, SECRET, Person, add_user, basic

BEGIN = "/ajax-api/assay/1/session/oidc"
PUBLIC = "https://tracking.example"
_NUMBERS = itertools.count(1)


def config_of(directory, oidc, **options):
    return ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        public_url=oidc.public_url,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET, oidc=oidc, **options),
    )


def registered(provider, client_id, **options):
    oidc = Oidc(
        issuer=provider.issuer,
        client_id=client_id,
        client_secret="a+secret/of~200%",
        public_url=PUBLIC,
        scopes="openid profile groups",
        **options,
    )
    provider.register(client_id, secret=oidc.client_secret, redirect_uri=oidc.redirect_uri)
    return oidc


@pytest.fixture(scope="module")
def server(oidc_provider, tmp_path_factory):
    """Lets in staff, of whom operators administer, with the roles that are called as their groups."""
    rules = GroupRules(allowed=frozenset({"staff"}), admin="operators")
    oidc = registered(oidc_provider, "assay", groups_claim="groups", rules=rules)
    directory = tmp_path_factory.mktemp("oidc")
    with running_server(directory, config_of(directory, oidc)) as running:
        yield running


@pytest.fixture
def admin(server):
    return Person(server, basic(ADMIN, SECRET))


class Visitor(UserAgent):
    """A browser, each with an address of its own."""

    def __init__(self, server):
        number = next(_NUMBERS)
        super().__init__(address=f"127.1.{number // 250}.{number % 250 + 1}")
        self.server = server

    def begin(self, to="/"):
        answer = self.open(f"{self.server.url}{BEGIN}?{urlencode({'to': to})}")
        assert answer.status == 303, answer
        return answer.location

    def sent_back(self, account, to="/"):
        """Log in with the provider; with what one is sent back."""
        return self.log_in(self.begin(to), account, until=PUBLIC).removeprefix(PUBLIC)

    def come_back(self, address, **headers):
        return self.open(self.server.url + address, **headers)

    def enter(self, account, to="/"):
        return self.come_back(self.sent_back(account, to))

    @property
    def session(self):
        return self.cookies[f"{self.server.host}:{self.server.port}"].get("assay", "")

    def me(self):
        answer = self.open(f"{self.server.url}/api/2.0/mlflow/users/current")
        return json.loads(answer.text)["user"] if answer.status == 200 else None


@pytest.fixture
def visitor(server):
    return Visitor(server)


def why(answer):
    """Why nobody was let in; `let in` where somebody was."""
    assert answer.status == 303
    return parse_qs(urlsplit(answer.location).query).get("sign-in-failed", ["let in"])[0]


def last_login(admin):
    """What the audit log says of it."""
    [entry] = admin.send("GET", "/api/assay/1/audit/search?action=logIn&max_results=1").json["entries"]
    return entry


def test_one_logs_in_with_the_provider_and_is_where_one_wanted_to_be(server, oidc_provider, visitor, admin):
    oidc_provider.tell("ada", preferred_username="ada.l", groups=["staff"])
    address = visitor.begin("/runs/1?tab=files%26x")
    asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}
    kept = json.loads(base64.urlsafe_b64decode(visitor.cookies[f"{server.host}:{server.port}"]["assay-oidc"]))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(kept["verifier"].encode()).digest()).rstrip(b"=").decode()
    assert (asked["code_challenge_method"], asked["code_challenge"]) == ("S256", challenge)
    assert (asked["state"], asked["nonce"]) == (kept["state"], kept["nonce"])
    assert len({*kept.values()}) == 4
    assert asked["redirect_uri"] == f"{PUBLIC}{BEGIN}/callback"
    assert "secret" not in address
    back = visitor.log_in(address, "ada", until=PUBLIC).removeprefix(PUBLIC)
    answer = visitor.come_back(back, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")
    assert (answer.status, answer.headers["location"]) == (303, "/runs/1?tab=files%26x")
    assert answer.headers["cache-control"] == "no-store"
    me = visitor.me()
    assert (me["username"], me["origin"], me["is_admin"]) == ("ada.l", "oidc", False)
    assert set(visitor.cookies[f"{server.host}:{server.port}"]) == {"assay"}
    entry = last_login(admin)
    assert (entry["actor"], entry["credential"], entry["outcome"]) == ("ada.l", "oidc", "done")
    assert json.loads(entry["detail"]) == {"new user": True}


def test_the_session_is_the_one_that_a_password_gives(server, oidc_provider, visitor):
    oidc_provider.tell("bea", preferred_username="bea", groups=["staff"])
    answer = visitor.enter("bea")
    by_password = Person(server).send("POST", BEGIN.removesuffix("/oidc"), {"username": ADMIN, "password": SECRET})
    attributes = [one.headers["set-cookie"].partition(";")[2] for one in (answer, by_password)]
    assert attributes[0] == attributes[1]
    person = Person(server)
    person.headers["Cookie"] = f"assay={visitor.session}"
    assert person.get("users/current").status == 200
    assert person.send("DELETE", BEGIN.removesuffix("/oidc")).status == 200
    assert person.get("users/current").status == 401


def test_who_logs_in_again_is_the_same_user_whatever_the_name_is_by_then(server, oidc_provider, visitor, admin):
    oidc_provider.tell("cem", preferred_username="cem", groups=["staff"])
    visitor.enter("cem")
    first, before = visitor.me(), visitor.session
    oidc_provider.tell("cem", preferred_username="cem.y", groups=["staff"])
    assert why(visitor.enter("cem")) == "let in"
    assert visitor.me() == first
    assert visitor.session != before
    stale = Person(server)
    stale.headers["Cookie"] = f"assay={before}"
    assert stale.get("users/current").status == 401
    assert admin.send("DELETE", "/api/2.0/mlflow/users/delete", {"username": "cem"}).status == 200
    assert why(visitor.enter("cem")) == "let in"
    assert visitor.me()["username"] == "cem.y"


def test_nobody_gets_the_name_of_somebody_else(server, oidc_provider, visitor, admin):
    add_user(server, "dora")
    oidc_provider.tell("other-dora", preferred_username="dora", groups=["staff"])
    for name in ("dora", ADMIN):
        oidc_provider.tell("other-dora", preferred_username=name, groups=["staff", "operators"])
        assert why(visitor.enter("other-dora")) == "name"
        assert visitor.session == ""
    entry = last_login(admin)
    assert (entry["actor"], entry["outcome"]) == (ADMIN, "PERMISSION_DENIED")
    oidc_provider.tell("other-dora", preferred_username="dora.2", groups=["staff"])
    assert why(visitor.enter("other-dora")) == "let in"
    oidc_provider.tell("third-dora", preferred_username="dora.2", groups=["staff"])
    assert why(Visitor(server).enter("third-dora")) == "name"


@pytest.mark.parametrize("name", ["", " x", "a:b", "a\u200bb", "x" * 251, None, 7])
def test_what_is_no_name_is_refused(server, oidc_provider, visitor, name):
    oidc_provider.tell("odd", preferred_username=name, groups=["staff"])
    assert why(visitor.enter("odd")) == "name"
    assert visitor.me() is None


def roles_of(admin, username):
    [user] = [one for one in admin.get("users/list").json["users"] if one["username"] == username]
    return {role["name"] for role in user["roles"]}


def test_roles_follow_the_groups_and_those_given_by_hand_stay(server, oidc_provider, visitor, admin):
    numbers = {}
    for name in ("trainers", "readers", "helpers"):
        made = admin.send("POST", "/api/3.0/mlflow/roles/create", {"name": name, "workspace": "default"})
        numbers[name] = made.json["role"]["id"]
    denied = {"resource_type": "experiment", "resource_pattern": "*", "permission": "DENY"}
    assert admin.send(
        "POST", "/api/3.0/mlflow/roles/permissions/add", {"role_id": numbers["readers"], **denied}
    ).status == 200  # fmt: skip
    oidc_provider.tell("eve", preferred_username="eve", groups=["staff", "trainers", "no-role", "__user_1__"])
    visitor.enter("eve")
    assert roles_of(admin, "eve") == {"trainers"}
    assert visitor.me()["is_admin"] is False
    for name in ("helpers", "readers"):
        given = {"username": "eve", "role_id": numbers[name]}
        assert admin.send("POST", "/api/3.0/mlflow/roles/assign", given).status == 200
    taken = {"username": "eve", "role_id": numbers["readers"]}
    assert admin.send("DELETE", "/api/3.0/mlflow/roles/unassign", taken).status == 200
    oidc_provider.tell("eve", preferred_username="eve", groups=["staff", "readers"])
    visitor.enter("eve")
    assert roles_of(admin, "eve") == {"helpers", "readers"}
    assert visitor.open(f"{server.url}/api/2.0/mlflow/experiments/get?experiment_id=0").status == 404
    assert json.loads(last_login(admin)["detail"]) == {"gained": ["readers"], "lost": ["trainers"]}
    oidc_provider.tell("eve", preferred_username="eve", groups=["staff"])
    visitor.enter("eve")
    assert roles_of(admin, "eve") == {"helpers"}


def test_administrators_are_who_is_in_their_group_at_the_last_login(oidc_provider, visitor):
    for groups, is_admin in ((["staff", "operators"], True), (["staff"], False)):
        oidc_provider.tell("flo", preferred_username="flo", groups=groups)
        visitor.enter("flo")
        assert visitor.me()["is_admin"] is is_admin


def test_who_is_in_no_group_that_is_let_in_is_not(oidc_provider, visitor, admin):
    for groups in ({"groups": ["operators"]}, {"groups": []}, {}, {"groups": "operators"}):
        oidc_provider.tell("gus", preferred_username="gus", **groups)
        assert why(visitor.enter("gus")) == "group"
    assert visitor.session == ""
    entry = last_login(admin)
    assert (entry["actor"], entry["outcome"]) == ("gus", "PERMISSION_DENIED")
    assert json.loads(entry["detail"]) == {"reason": "group"}
    assert "gus" not in {user["username"] for user in admin.get("users/list").json["users"]}


def test_groups_have_the_roles_that_settings_say(oidc_provider, tmp_path):
    rules = GroupRules(roles={"ml": "trainers", "gone": "no-such-role"})
    oidc = registered(oidc_provider, "mapped", groups_claim="groups", rules=rules)
    with running_server(tmp_path, config_of(tmp_path, oidc)) as server:
        admin = Person(server, basic(ADMIN, SECRET))
        for name in ("trainers", "ml"):
            admin.send("POST", "/api/3.0/mlflow/roles/create", {"name": name, "workspace": "default"})
        oidc_provider.tell("hal", preferred_username="hal", groups=["ml", "gone"])
        visitor = Visitor(server)
        assert why(visitor.enter("hal")) == "let in"
        assert roles_of(admin, "hal") == {"trainers"}


def test_without_a_claim_of_groups_they_do_not_matter_and_without_passwords_none_is_taken(oidc_provider, tmp_path):
    oidc = registered(oidc_provider, "plain")
    config = config_of(tmp_path, oidc, takes_passwords=False)
    with running_server(tmp_path, config) as server:
        oidc_provider.tell("ina", preferred_username="ina", groups=["operators"])
        visitor = Visitor(server)
        assert why(visitor.enter("ina")) == "let in"
        assert visitor.me()["is_admin"] is False
        info = json.loads(visitor.open(f"{server.url}/api/3.0/mlflow/server-info").text)
        assert (info["password_login"], info["oidc_name"]) == (False, "OpenID Connect")
        add_user(server, "password", is_admin=True)
        given = {"username": "password", "password": "the words of password"}
        for answer in (
            Person(server).send("POST", BEGIN.removesuffix("/oidc"), given),
            Person(server, basic(*given.values())).get("users/current"),
        ):
            assert answer.status == 401
            assert "takes no passwords" in answer.json["message"]
        made = visitor.open(f"{server.url}/api/2.0/mlflow/users/list")
        assert "admin" not in made.text.replace("is_admin", "")
        with running_server(tmp_path, config) as other:  # another process over the same store goes on
            back = visitor.sent_back("ina")
            visitor.cookies[f"{other.host}:{other.port}"] = visitor.cookies[f"{server.host}:{server.port}"]
            visitor.server = other
            assert why(visitor.come_back(back)) == "let in"


def test_a_code_is_good_once_and_for_the_browser_that_asked_for_it(server, oidc_provider, visitor, admin):
    oidc_provider.tell("jim", preferred_username="jim", groups=["staff"])
    back = visitor.sent_back("jim")
    stranger = Visitor(server)
    assert why(stranger.come_back(back)) == "expired"
    stranger.begin()
    assert why(stranger.come_back(back)) == "expired"
    entry = last_login(admin)
    assert (entry["actor"], entry["outcome"], entry["address"]) == ("", "UNAUTHENTICATED", stranger._address)
    jar = visitor.cookies[f"{server.host}:{server.port}"]
    begun = jar["assay-oidc"]
    assert why(visitor.come_back(back)) == "let in"
    assert "assay-oidc" not in jar
    assert why(visitor.come_back(back)) == "expired"
    jar["assay-oidc"] = begun
    assert why(visitor.come_back(back)) == "proof"


def test_a_code_is_not_good_without_its_verifier(server, oidc_provider, visitor):
    oidc_provider.tell("kim", preferred_username="kim", groups=["staff"])
    for name in ("verifier", "nonce"):
        back = visitor.sent_back("kim")
        jar = visitor.cookies[f"{server.host}:{server.port}"]
        kept = json.loads(base64.urlsafe_b64decode(jar["assay-oidc"]))
        kept[name] = "x" * 43
        jar["assay-oidc"] = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()
        assert why(visitor.come_back(back)) == "proof"
        assert visitor.me() is None


@pytest.mark.parametrize("cookie", ["", "x", "e30=", "bnVsbA==", "x" * 5000, "%%%", "eyJzdGF0ZSI6MX0="])
def test_a_cookie_that_is_none_begins_nothing(visitor, cookie):
    visitor.begin()
    jar = visitor.cookies[f"{visitor.server.host}:{visitor.server.port}"]
    jar["assay-oidc"] = cookie
    assert why(visitor.come_back(f"{BEGIN}/callback?code=x&state=")) == "expired"


FOREIGN = [
    "//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "https:evil.example",
    "evil.example", "javascript:alert(1)", "/\t/evil.example", "/\r\nSet-Cookie:x=y", "/.//evil.example", "", "/ x",
    "/x//evil.example", "/ajax-api/assay/1/session/oidc", "/api/2.0/mlflow/users/current", "/#//evil.example",
    "/x?y\\z", "/\x00", "data:text/html,x", "///evil.example", "/" + "x" * 2000, "/\u2215evil.example",
    " //evil.example", "/;@evil.example\n",
]  # fmt: skip


@pytest.mark.parametrize("page", FOREIGN)
def test_a_login_leads_nowhere_but_to_pages_of_our_own(oidc_provider, visitor, page):
    oidc_provider.tell("lea", preferred_username="lea", groups=["staff"])
    assert visitor.enter("lea", page).headers["location"] == "/"


@pytest.mark.parametrize("page", ["/", "/runs/1?tab=files&path=a%2Fb", "/models/a%20b", "/?q=a:b@c//d"])
def test_a_login_leads_to_the_page_as_it_was(oidc_provider, visitor, page):
    oidc_provider.tell("lea", preferred_username="lea", groups=["staff"])
    assert visitor.enter("lea", page).headers["location"] == page


def test_a_page_that_a_browser_was_made_to_keep_is_looked_at_again(server, oidc_provider, visitor):
    back = visitor.sent_back("lea")
    jar = visitor.cookies[f"{server.host}:{server.port}"]
    kept = json.loads(base64.urlsafe_b64decode(jar["assay-oidc"]))
    kept["page"] = "//evil.example"
    jar["assay-oidc"] = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()
    assert visitor.come_back(back).headers["location"] == "/"


def test_what_a_provider_says_of_an_error_is_shown_to_nobody(visitor):
    for error, reason in (("access_denied", "denied"), ("server_error", "provider"), ("<b>", "provider")):
        state = parse_qs(urlsplit(visitor.begin("/models?q=1")).query)["state"][0]
        said = f"error={error}&error_description=<script>alert(1)</script>&state={state}"
        answer = visitor.come_back(f"{BEGIN}/callback?{said}")
        assert answer.headers["location"].startswith(f"/models?q=1&sign-in-failed={reason}&request=")
        assert "script" not in answer.headers["location"] + answer.text
    state = parse_qs(urlsplit(visitor.begin()).query)["state"][0]
    assert why(visitor.come_back(f"{BEGIN}/callback?code=x&state={state}&iss=https://evil.example")) == "proof"
    state = parse_qs(urlsplit(visitor.begin()).query)["state"][0]
    assert why(visitor.come_back(f"{BEGIN}/callback?state={state}")) == "proof"


def test_only_what_a_browser_opens_is_let_through(server, visitor):
    for mode in ("no-cors", "cors", "websocket"):
        for path in (BEGIN, f"{BEGIN}/callback?code=x&state=y"):
            answer = visitor.come_back(path, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode=mode)
            assert (answer.status, "set-cookie" in answer.headers) == (400, False)
    for path in (BEGIN, f"{BEGIN}/callback"):
        assert visitor.open(server.url + path, form={"code": "x"}, Sec_Fetch_Site="cross-site").status == 403
        assert visitor.open(server.url + path, form={"code": "x"}).status == 405
        assert visitor.open(server.url + path, Host="evil.example").status == 403
    assert visitor.open(server.url + BEGIN, Host="tracking.example").status == 303
    for path in (f"{BEGIN}/", f"{BEGIN}//callback", f"{BEGIN}/other"):
        assert visitor.open(server.url + path).status == 401


def test_logins_go_on_when_the_provider_has_another_key(oidc_provider, visitor):
    oidc_provider.tell("moe", preferred_username="moe", groups=["staff"])
    assert why(visitor.enter("moe")) == "let in"
    oidc_provider.rotate()
    assert why(visitor.enter("moe")) == "let in"


def test_over_tls_the_cookie_is_of_this_host_alone(server, oidc_provider, tmp_path):
    config = config_of(tmp_path, server.config.auth.oidc, proxies=TrustedProxies.configured(["127.0.0.0/8"]))
    with running_server(tmp_path, config) as running:
        visitor = Visitor(running)
        answer = visitor.open(running.url + BEGIN, X_Forwarded_Proto="https")
        kept = answer.headers["set-cookie"]
        assert kept.startswith("__Host-assay-oidc=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in kept.split(";")}
        back = visitor.log_in(answer.location, "lea", until=PUBLIC).removeprefix(PUBLIC)
        oidc_provider.tell("lea", preferred_username="lea", groups=["staff"])
        jar = visitor.cookies[f"{running.host}:{running.port}"]
        jar["assay-oidc"] = jar.pop("__Host-assay-oidc")  # as a page of a neighbouring host can have it
        assert why(visitor.come_back(back, X_Forwarded_Proto="https")) == "expired"
        jar["__Host-assay-oidc"] = jar.pop("assay-oidc", kept.partition(";")[0].partition("=")[2])
        assert why(visitor.come_back(back, X_Forwarded_Proto="https")) == "let in"
        assert list(jar) == ["__Host-assay"]
        person = Person(running)
        for name, status in (("assay", 401), ("__Host-assay", 200)):
            person.headers["Cookie"] = f"{name}={jar['__Host-assay']}"
            assert person.get("users/current").status == status


def test_a_server_without_a_provider_leads_to_none(tmp_path):
    auth = Auth(admin_username=ADMIN, admin_password=SECRET)
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=auth,
    )
    with running_server(tmp_path, config) as server:
        for path in (BEGIN, f"{BEGIN}/callback"):
            answer = Person(server).send("GET", path)
            assert (answer.status, answer.code) == (501, "NOT_IMPLEMENTED")
