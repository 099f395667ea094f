"""Proofs that prove nothing, and providers that are none: a hostile one, which says what a test wants it to say."""

import base64
import hashlib
import hmac
import http.server
import itertools
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import parse_qs, unquote_plus, urlsplit

import pytest
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from assay.server import oidc_provider
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.oidc import Oidc
from assay.server.oidc_attempt import Attempt
from assay.server.oidc_provider import Provider
from assay.service.federated import LoginRefused
from assay.testing.oidc import UserAgent
from assay.testing.server import running_server

from .conftest import ADMIN, SECRET, Person, basic

BEGIN = "/ajax-api/assay/1/session/oidc"
PUBLIC = "https://tracking.example"
CLIENT = "assay"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, auto_kid=False)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, auto_kid=False)
_NUMBERS = itertools.count(1)


class Issuer:
    """Answers as it is told: `answers` are functions by path, that return status, headers and body."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"
        self.seen = []
        self.answers = {}
        self.reset()

    def reset(self):
        self.metadata = {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
        }
        self.keys = [KEY.as_dict(private=False)]
        self.token = {"token_type": "Bearer", "access_token": "an access token"}
        self.seen.clear()
        self.answers.clear()
        self.answers.update(
            {
                "/.well-known/openid-configuration": lambda: (200, {}, self.metadata),
                "/keys": lambda: (200, {}, {"keys": self.keys}),
                "/token": lambda: (200, {}, self.token),
            }
        )

    def count(self, path):
        return sum(seen == path for seen, *_ in self.seen)

    def claims(self, nonce, **changed):
        now = int(time.time())
        claims = {"iss": self.url, "sub": "1", "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": nonce}
        claims.update(preferred_username="ada", **changed)
        return {name: value for name, value in claims.items() if value is not None}


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        issuer = self.server.issuer
        length = int(self.headers.get("Content-Length", 0))
        issuer.seen.append((self.path, dict(self.headers), self.rfile.read(length).decode()))
        status, headers, body = issuer.answers.get(self.path, lambda: (404, {}, ""))()
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = answer  # noqa: N815

    def log_message(self, *_):
        pass


@contextmanager
def running_issuer():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.issuer = Issuer(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.issuer
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def only_issuer():
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(only_issuer):
    only_issuer.reset()
    return only_issuer


def oidc_of(issuer, **options):
    return Oidc(
        **{"issuer": issuer.url, "client_id": CLIENT, "client_secret": "secret", "public_url": PUBLIC, **options}
    )


@pytest.fixture(scope="module")
def server(only_issuer, tmp_path_factory):
    directory = tmp_path_factory.mktemp("attacked")
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        public_url=PUBLIC,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET, oidc=oidc_of(only_issuer)),
    )
    with running_server(directory, config) as running:
        yield running


class Visitor(UserAgent):
    """A browser, each with an address of its own."""

    def __init__(self, server):
        number = next(_NUMBERS)
        super().__init__(address=f"127.2.{number // 250}.{number % 250 + 1}")
        self.server = server

    def begin(self):
        """What is asked of the provider."""
        answer = self.open(self.server.url + BEGIN)
        return {name: value for name, [value] in parse_qs(urlsplit(answer.location).query).items()}

    def come_back(self, state, code="a-code"):
        answer = self.open(f"{self.server.url}{BEGIN}/callback?code={code}&state={state}")
        assert answer.status == 303
        is_in = "assay" in self.cookies[f"{self.server.host}:{self.server.port}"]
        why = parse_qs(urlsplit(answer.location).query).get("sign-in-failed", [""])[0]
        assert is_in is not bool(why)
        return why or "let in"


@pytest.fixture
def visitor(server):
    return Visitor(server)


def signed(claims, key=KEY, header=None):
    return jwt.encode({"alg": "RS256", "kid": "one", **(header or {})}, claims, key)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def unsigned(claims):
    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."


def by_public_key(claims, secret):
    """By hand: the library does not do such a thing."""
    text = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    signature = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).rstrip(b"=").decode()
    return f"{text}.{signature}"


def changed(claims):
    head, _, signature = signed(claims).split(".")
    return f"{head}.{part({**claims, 'sub': 'admin'})}.{signature}"


def half_hash(text):
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()[:16]).rstrip(b"=").decode()


PROOFS = {
    "good": signed,
    "good, with the hash of its access token": lambda claims: signed(
        {**claims, "at_hash": half_hash("an access token")}
    ),
    "good, for two": lambda claims: signed({**claims, "aud": [CLIENT, "other"], "azp": CLIENT}),
    "good, a moment too late": lambda claims: signed({**claims, "exp": int(time.time()) - 10}),
    "of another login": lambda claims: signed({**claims, "nonce": "other"}),
    "of no login": lambda claims: signed({name: claims[name] for name in claims if name != "nonce"}),
    "of another issuer": lambda claims: signed({**claims, "iss": "https://evil.example"}),
    "of an issuer with a slash": lambda claims: signed({**claims, "iss": claims["iss"] + "/"}),
    "of two issuers": lambda claims: signed({**claims, "iss": [claims["iss"], "https://evil.example"]}),
    "for another": lambda claims: signed({**claims, "aud": "other"}),
    "for others": lambda claims: signed({**claims, "aud": ["other", "more"]}),
    "for two, asked by nobody": lambda claims: signed({**claims, "aud": [CLIENT, "other"]}),
    "for two, asked by the other": lambda claims: signed({**claims, "aud": [CLIENT, "other"], "azp": "other"}),
    "for nobody": lambda claims: signed({name: claims[name] for name in claims if name != "aud"}),
    "expired": lambda claims: signed({**claims, "exp": int(time.time()) - 60}),
    "for ever": lambda claims: signed({name: claims[name] for name in claims if name != "exp"}),
    "until a text": lambda claims: signed({**claims, "exp": "tomorrow"}),
    "of the future": lambda claims: signed({**claims, "iat": int(time.time()) + 600}),
    "not yet good": lambda claims: signed({**claims, "nbf": int(time.time()) + 600}),
    "of nobody": lambda claims: signed({name: claims[name] for name in claims if name != "sub"}),
    "of an empty subject": lambda claims: signed({**claims, "sub": ""}),
    "of a number": lambda claims: signed({**claims, "sub": 1}),
    "of a long subject": lambda claims: signed({**claims, "sub": "x" * 256}),
    "of another access token": lambda claims: signed({**claims, "at_hash": half_hash("other")}),
    "unsigned": unsigned,
    "signed by nothing": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "by a public key as a secret": lambda claims: by_public_key(claims, KEY.as_pem(private=False)),
    "by a public key's JSON as a secret": lambda claims: by_public_key(
        claims, json.dumps(KEY.as_dict(private=False)).encode()
    ),
    "by another key of the same name": lambda claims: signed(claims, OTHER_KEY),
    "by an unknown key": lambda claims: signed(claims, OTHER_KEY, {"kid": "two"}),
    "by a key that it brings": lambda claims: signed(claims, OTHER_KEY, {"jwk": OTHER_KEY.as_dict(private=False)}),
    "by a key that it names": lambda claims: signed(claims, OTHER_KEY, {"jku": "https://evil.example/keys"}),
    "changed": changed,
    "a list": lambda claims: jws.serialize_compact({"alg": "RS256", "kid": "one"}, json.dumps([claims]), KEY),
    "no JSON": lambda _: jws.serialize_compact({"alg": "RS256", "kid": "one"}, b"\xff{", KEY),
    "nothing": lambda _: "",
    "no token": lambda _: "a.b.c",
    "no text": lambda claims: claims,
}


@pytest.mark.parametrize("kind", PROOFS)
def test_a_proof_lets_in_where_it_proves_that_it_is_of_this_login(issuer, visitor, kind):
    asked = visitor.begin()
    issuer.token["id_token"] = PROOFS[kind](issuer.claims(asked["nonce"]))
    assert visitor.come_back(asked["state"]) == ("let in" if kind.startswith("good") else "proof")


@pytest.mark.parametrize("name", ["state", "nonce", "verifier"])
def test_nothing_that_a_login_goes_by_is_left_out(issuer, visitor, name):
    asked = visitor.begin()
    jar = visitor.cookies[f"{visitor.server.host}:{visitor.server.port}"]
    kept = {**json.loads(base64.urlsafe_b64decode(jar["assay-oidc"])), name: ""}
    jar["assay-oidc"] = base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()
    issuer.token["id_token"] = signed(issuer.claims(None))
    assert visitor.come_back("" if name == "state" else asked["state"]) == "expired"


TOKENS = {
    "refused": (lambda: (400, {}, {"error": "invalid_grant", "error_description": "<b>x</b>"}), "proof"),
    "no token": (lambda: (200, {}, {"token_type": "Bearer", "access_token": "x"}), "proof"),
    "a list": (lambda: (200, {}, []), "proof"),
    "no JSON": (lambda: (200, {}, b"<html>"), "proof"),
    "elsewhere": (lambda: (302, {"Location": "/other"}, b""), "proof"),
    "broken": (lambda: (500, {}, {}), "provider"),
    "cut": (lambda: (200, {"Content-Length": "1000"}, b"{"), "provider"),
    "large": (lambda: (200, {}, b" " * 1_000_000), "provider"),
}


@pytest.mark.parametrize("kind", TOKENS)
def test_what_is_no_answer_to_a_code_lets_in_nobody(issuer, visitor, kind):
    asked = visitor.begin()
    issuer.answers["/token"], why = TOKENS[kind]
    assert visitor.come_back(asked["state"]) == why
    assert issuer.count("/other") == 0


def test_a_code_is_exchanged_with_what_proves_server_and_browser(issuer):
    attempt = Attempt.new("/")
    issuer.token["id_token"] = signed(issuer.claims(attempt.nonce))
    ways = {
        "basic": ("a+b/c d%", {}),
        "post": ("a+b/c d%", {"token_endpoint_auth_methods_supported": ["client_secret_post"]}),
        "none": ("", {}),
    }
    for way, (secret, more) in ways.items():
        issuer.metadata.update(more)
        proved = Provider(oidc_of(issuer, client_secret=secret)).proved("a-code", attempt)
        assert (proved.issuer, proved.subject, proved.username, proved.groups) == (issuer.url, "1", "ada", None)
        [(_, headers, body)] = [seen for seen in issuer.seen if seen[0] == "/token"]
        form = {name: value for name, [value] in parse_qs(body).items()}
        assert (form["code"], form["code_verifier"]) == ("a-code", attempt.verifier)
        assert form["redirect_uri"] == f"{PUBLIC}{BEGIN}/callback"
        if way == "basic":
            name, _, value = base64.b64decode(headers["Authorization"].removeprefix("Basic ")).decode().partition(":")
            assert (name, unquote_plus(value)) == (CLIENT, secret)
        else:
            assert (form["client_id"], form.get("client_secret", "")) == (CLIENT, secret)
            assert "Authorization" not in headers
        issuer.seen.clear()
        issuer.metadata.pop("token_endpoint_auth_methods_supported", None)


def refused(provider, attempt=None):
    with pytest.raises(LoginRefused) as caught:
        provider.address(Attempt.new("/")) if attempt is None else provider.proved("a-code", attempt)
    return caught.value.reason, caught.value.message


CONFIGURATIONS = {
    "another issuer": lambda issuer: issuer.metadata.update(issuer="https://evil.example"),
    "another slash": lambda issuer: issuer.metadata.update(issuer=issuer.url + "/"),
    "a script": lambda issuer: issuer.metadata.update(authorization_endpoint="javascript:alert(1)"),
    "a relative address": lambda issuer: issuer.metadata.update(authorization_endpoint="/auth"),
    "an unprotected page": lambda issuer: issuer.metadata.update(authorization_endpoint="http://idp.example/auth"),
    "an unprotected code": lambda issuer: issuer.metadata.update(token_endpoint="http://idp.example/token"),
    "unprotected keys": lambda issuer: issuer.metadata.update(jwks_uri="http://10.0.0.1/keys"),
    "keys in a file": lambda issuer: issuer.metadata.update(jwks_uri="file:///etc/passwd"),
    "unprotected facts": lambda issuer: issuer.metadata.update(userinfo_endpoint="http://169.254.169.254/"),
    "a user's address": lambda issuer: issuer.metadata.update(token_endpoint="https://a:b@idp.example/"),
    "no addresses": lambda issuer: issuer.metadata.pop("token_endpoint"),
    "numbers": lambda issuer: issuer.metadata.update(jwks_uri=1),
    "elsewhere": lambda issuer: _answers(issuer, (302, {"Location": "/moved"}, issuer.metadata)),
    "an error": lambda issuer: _answers(issuer, (500, {}, issuer.metadata)),
    "no JSON": lambda issuer: _answers(issuer, (200, {}, b"<html>")),
    "a lot": lambda issuer: _answers(issuer, (200, {}, b" " * 300_000 + json.dumps(issuer.metadata).encode())),
    "a long header": lambda issuer: _answers(issuer, (200, {"X": "x" * 70_000}, issuer.metadata)),
}


def _answers(issuer, answer):
    issuer.answers["/moved"] = lambda: (200, {}, issuer.metadata)
    issuer.answers["/.well-known/openid-configuration"] = lambda: answer


@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_a_provider_that_is_not_the_one_of_the_settings_is_not_asked(issuer, kind):
    CONFIGURATIONS[kind](issuer)
    provider = Provider(oidc_of(issuer))
    assert refused(provider)[0] == "provider"
    assert refused(provider, Attempt.new("/"))[0] == "provider"
    assert {path for path, *_ in issuer.seen} == {"/.well-known/openid-configuration"}
    assert issuer.count("/.well-known/openid-configuration") == 1  # a failure is remembered for a moment


def test_a_provider_over_tls_sends_nobody_where_there_is_none():
    provider = Provider(Oidc(issuer="https://127.0.0.1:1", client_id=CLIENT, public_url=PUBLIC))
    with pytest.raises(LoginRefused, match="https"):
        provider._check("http://127.0.0.1/token")
    assert refused(provider)[1].startswith("The provider cannot be asked.")


def test_proxies_of_the_environment_are_not_used(issuer, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert Provider(oidc_of(issuer)).address(Attempt.new("/")).startswith(f"{issuer.url}/auth?")


@pytest.mark.parametrize("keys", [[], None, {}, [1], [{"kty": "oct", "k": "c2VjcmV0", "kid": "one"}], [{"kty": "RSA"}]])
def test_keys_that_are_none_prove_nothing(issuer, keys):
    attempt = Attempt.new("/")
    issuer.keys, issuer.token["id_token"] = keys, signed(issuer.claims(attempt.nonce))
    assert refused(Provider(oidc_of(issuer)), attempt)[0] in ("provider", "proof")


def test_unknown_keys_are_looked_for_a_few_times_and_a_new_one_is_found(issuer):
    provider, attempt = Provider(oidc_of(issuer)), Attempt.new("/")
    issuer.token["id_token"] = signed(issuer.claims(attempt.nonce))
    for _ in range(3):
        provider.proved("a-code", attempt)
    assert issuer.count("/keys") == 1
    for number in range(20):
        issuer.token["id_token"] = signed(issuer.claims(attempt.nonce), header={"kid": f"x{number}"})
        refused(provider, attempt)
    assert issuer.count("/keys") == 1 + oidc_provider.MOST_RENEWALS
    provider = Provider(oidc_of(issuer))
    issuer.token["id_token"] = signed(issuer.claims(attempt.nonce))
    provider.proved("a-code", attempt)
    issuer.keys = [{**OTHER_KEY.as_dict(private=False), "kid": "two"}]
    issuer.token["id_token"] = signed(issuer.claims(attempt.nonce), OTHER_KEY, {"kid": "two"})
    assert provider.proved("a-code", attempt).subject == "1"
    issuer.token["id_token"] = signed(issuer.claims(attempt.nonce))  # by the key that is no longer there
    assert refused(provider, attempt)[0] == "proof"


def test_what_the_proof_leaves_out_the_provider_is_asked_for(issuer):
    issuer.metadata["userinfo_endpoint"] = f"{issuer.url}/userinfo"
    attempt = Attempt.new("/")
    provider = Provider(oidc_of(issuer, groups_claim="groups", username_claim="email"))
    told = {"sub": "1", "email": "ada@example.com", "email_verified": True, "groups": ["a", "b"]}

    def proved(claims, info):
        issuer.token["id_token"] = signed(issuer.claims(attempt.nonce, **claims))
        issuer.answers["/userinfo"] = lambda: (200, {}, info)
        return provider.proved("a-code", attempt)

    found = proved({}, told)
    assert (found.username, found.groups) == ("ada@example.com", ("a", "b"))
    asked = [headers for path, headers, _ in issuer.seen if path == "/userinfo"]
    assert [headers["Authorization"] for headers in asked] == ["Bearer an access token"]
    found = proved({"email": "eve@example.com", "groups": "c"}, told)  # nothing is left out
    assert (found.username, found.groups) == ("eve@example.com", ("c",))
    assert issuer.count("/userinfo") == 1
    assert proved({"email": "eve@example.com"}, {"sub": "1", "email": "x"}).username == "eve@example.com"
    assert proved({"email": "eve@example.com"}, {"sub": "1"}).groups == ()
    for claims, info, why in (
        ({}, {**told, "sub": "2"}, "proof"),
        ({}, {**told, "sub": None}, "proof"),
        ({}, {**told, "email_verified": False}, "name"),
        ({}, {**told, "groups": {"a": 1}}, "proof"),
        ({}, {**told, "groups": [1]}, "proof"),
        ({}, {"sub": "1"}, "name"),
        ({}, [], "provider"),
    ):
        with pytest.raises(LoginRefused) as caught:
            proved(claims, info)
        assert caught.value.reason == why


def test_a_slow_provider_holds_up_nobody_else(issuer, tmp_path, monkeypatch):
    monkeypatch.setattr(oidc_provider, "SECONDS", 1.0)
    released = threading.Event()
    issuer.answers["/.well-known/openid-configuration"] = lambda: (released.wait(20), (200, {}, issuer.metadata))[1]
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET, oidc=oidc_of(issuer)),
    )
    with running_server(tmp_path, config) as server, ThreadPoolExecutor(40) as pool:
        admin = Person(server, basic(ADMIN, SECRET))
        assert admin.get("users/current").status == 200
        begun = [pool.submit(UserAgent().open, server.url + BEGIN) for _ in range(40)]
        while not issuer.seen:
            time.sleep(0.01)
        for _ in range(10):
            assert admin.get("experiments/get?experiment_id=0").status == 200
        assert sum(one.done() for one in begun) <= 8  # at most those for which there was no room
        for one in begun:
            assert "sign-in-failed=provider" in one.result().location
        assert issuer.count("/.well-known/openid-configuration") <= 2
        released.set()


def test_wrong_logins_from_an_address_are_counted(issuer, server):
    visitor = Visitor(server)
    reasons = [visitor.come_back("x") for _ in range(31)]
    assert reasons == ["expired"] * 30 + ["limit"]
    asked = visitor.begin()
    issuer.token["id_token"] = signed(issuer.claims(asked["nonce"]))
    assert visitor.come_back(asked["state"]) == "limit"
    assert issuer.count("/token") == 0
