"""S50 to S60: which hosts and pages a server with users answers, and what browsers are told to do with answers."""

from __future__ import annotations

import json
import socket
from urllib.parse import quote, urlencode

import pytest

from .conftest import Person, basic, check_headers

CURRENT = b"/api/2.0/mlflow/users/current"
SESSION = "/ajax-api/assay/1/session"
EVIL = "http://evil.example"


def raw(server, target, *headers):
    """The status of an answer to a request as it is written here, by the administrator."""
    proof = b"Authorization: " + basic("admin", "the admin's own words").encode()
    head = b"\r\n".join([b"GET " + target + b" HTTP/1.1", *headers, proof, b"Connection: close", b"", b""])
    with socket.create_connection((server.host, server.port), timeout=10) as plain:
        plain.sendall(head)
        answer = b"".join(iter(lambda: plain.recv(65536), b""))
    assert b"username" not in answer or answer.startswith(b"HTTP/1.1 200")
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example", b"10.evil.example", b"127.0.0.1.evil.example", b"localhost.evil", b"", b"[::1", b"::1",
        b"[::1]evil.example", b"user@localhost", b"localhost:5000:1", b"localhost\\evil.example", b"localhost#.evil",
    ],
)  # fmt: skip
def test_s50_a_host_that_is_none_of_ours_is_not_answered(server, host):
    assert raw(server, CURRENT, b"Host: " + host) in (400, 403)


@pytest.mark.parametrize(
    ("target", "headers", "status"),
    [
        (b"http://evil.example" + CURRENT, [b"Host: localhost"], 403),
        (b"http://10.evil.example:80" + CURRENT, [b"Host: localhost"], 403),
        (b"http://localhost@evil.example" + CURRENT, [b"Host: localhost"], 403),
        (b"https://evil.example" + CURRENT, [b"Host: localhost"], 403),
        (b"http:" + CURRENT, [b"Host: localhost"], 400),
        (b"http://localhost" + CURRENT, [b"Host: evil.example"], 200),
        (b"http://localhost" + CURRENT, [b"Host: localhost"], 200),
        (CURRENT, [b"Host: localhost", b"Host: localhost"], 400),
        (CURRENT, [b"Host: localhost", b"Host: evil.example"], 400),
        (CURRENT, [b"Host: localhost", b"hOST: evil.example"], 400),
        (CURRENT, [], 403),
        (b"*", [b"Host: localhost"], 403),
    ],
)
def test_s50_a_host_is_said_once_and_counts_where_it_is_said_first(server, target, headers, status):
    assert raw(server, target, *headers) == status


@pytest.mark.parametrize("host", [b"localhost:5000", b"[::1]:5000", b"127.0.0.1", b"LOCALHOST", b"192.168.0.7:80"])
def test_s51_our_own_names_and_addresses_are_answered(server, host):
    assert raw(server, CURRENT, b"Host: " + host) == 200


@pytest.fixture(scope="module")
def page(server):
    """Somebody who is logged in with a browser: who holds a cookie."""
    body = {"username": "manager", "password": "the words of manager"}
    answer = Person(server).send("POST", SESSION, body)
    holder = Person(server)
    holder.headers["Cookie"] = answer.headers["set-cookie"].partition(";")[0]
    return holder


FOREIGN = [
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Sec_Fetch_Site": "cross-site"},
    {"Sec_Fetch_Site": "same-site"},
    {"Origin": EVIL, "Sec_Fetch_Site": "same-origin"},
    {"Origin": EVIL, "Sec_Fetch_Site": "none"},
]


@pytest.mark.parametrize("foreign", FOREIGN, ids=str)
@pytest.mark.parametrize("also", [{}, {"Authorization": basic("manager", "the words of manager")}], ids=["", "S56"])
def test_s52_s56_pages_of_others_change_nothing_whatever_they_send_along(page, admin, world, foreign, also):
    """By any method that changes something, at every address of a few operations."""
    file = f"/api/2.0/mlflow-artifacts/artifacts/{world.experiment_id}/{world.run_id}/artifacts/m/f.txt"
    tag = {"run_id": world.run_id, "key": "foreign", "value": "x"}
    for method, address, body in (
        ("POST", "/api/2.0/mlflow/runs/set-tag", tag),
        ("POST", "/ajax-api/2.0/mlflow/runs/set-tag", tag),
        ("PUT", file, "x"),
        ("DELETE", file, None),
        ("PATCH", "/api/2.0/mlflow/registered-models/update", {"name": world.model, "description": "x"}),
        ("DELETE", "/api/2.0/mlflow/registered-models/delete", {"name": world.model}),
        ("DELETE", SESSION, None),
        ("POST", SESSION, {"username": "manager", "password": "the words of manager"}),
    ):
        answer = page.send(method, address, body, **foreign, **also)
        assert answer.status == 403, (method, address)
        assert "set-cookie" not in answer.headers
    run = admin.get(f"runs/get?run_id={world.run_id}").json["run"]["data"]
    assert "foreign" not in [one["key"] for one in run["tags"]]
    assert page.get("users/current").status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_s53_what_a_form_can_send_is_not_taken(page, admin, world, kind):
    """With 400, as MLflow has it; also where a browser tells no origin."""
    body = json.dumps({"run_id": world.run_id, "key": "form", "value": "x"})
    headers = {"Content_Type": kind} if kind else {}
    for prefix in ("/api/", "/ajax-api/"):
        answer = page.send("POST", f"{prefix}2.0/mlflow/runs/set-tag", body, **headers)
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    login = json.dumps({"username": "manager", "password": "the words of manager"})
    answer = page.send("POST", SESSION, login, **headers)
    assert answer.status == 400
    assert "set-cookie" not in answer.headers
    tags = admin.get(f"runs/get?run_id={world.run_id}").json["run"]["data"]["tags"]
    assert "form" not in [one["key"] for one in tags]


@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost:1", "file://"])
def test_s54_s55_pages_of_others_read_nothing(page, world, origin):
    """`check_headers` looks at every answer here: none lets another origin read it."""
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "authorization"}
    assert page.send("OPTIONS", "/api/2.0/mlflow/runs/set-tag", None, Origin=origin, **asked).status == 204
    for address in (
        "/api/2.0/mlflow/users/current",
        f"/get-artifact?run_id={world.run_id}&path=m/f.txt",
        "/health",
        "/api/nonsense",
    ):
        answer = page.send("GET", address, None, Origin=origin)
        assert not [name for name in answer.headers if name.startswith("access-control")]
    file = page.send("GET", f"/get-artifact?run_id={world.run_id}&path=m/f.txt", None, Sec_Fetch_Site="cross-site")
    assert file.headers["cross-origin-resource-policy"] == "same-origin"


def test_s57_a_sessions_cookie_is_for_this_host_and_for_no_script(server, page):
    answer = Person(server).send("POST", SESSION, {"username": "editor", "password": "the words of editor"})
    name, *attributes = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    found = {one.partition("=")[0].lower(): one.partition("=")[2] for one in attributes}
    assert name.startswith("assay=")
    assert "httponly" in found
    assert (found["samesite"], found["path"]) == ("lax", "/")
    assert "domain" not in found
    assert len(name.partition("=")[2]) >= 40
    chosen = Person(server).send(
        "POST", SESSION, {"username": "editor", "password": "the words of editor"}, Cookie="assay=chosen-by-somebody"
    )
    assert "chosen-by-somebody" not in chosen.headers["set-cookie"]


ECHOES = ["<b>x", "text/html;<script>alert(1)</script>", "application/jsonp<svg onload=1>"]


@pytest.mark.parametrize("said", ECHOES)
def test_s58_what_a_header_says_is_not_told_back_as_a_page(admin, world, said):
    """As JSON or plain text at most, which no browser takes for a page."""
    for method, address in (
        ("POST", "/api/2.0/mlflow/runs/set-tag"),
        ("POST", "/api/2.0/mlflow/users/create"),
        ("PATCH", "/api/2.0/mlflow/users/update-password"),
        ("POST", "/api/2.0/mlflow/experiments/permissions/create"),
        ("POST", SESSION),
        ("POST", "/signup"),
    ):
        for headers in ({"Content_Type": said}, {"Authorization": said}, {"X_Request_Id": said}, {"User_Agent": said}):
            answer = admin.send(method, address, "{}", **headers)
            assert answer.status >= 400
            assert answer.headers["content-type"].partition(";")[0] in ("application/json", "text/plain")
            assert said not in str(answer.headers)
            for name in headers.keys() - {"Content_Type"}:
                assert said.encode() not in answer.body, name


KINDS = [
    "x.html", "x.htm", "x.xhtml", "x.svg", "x.xml", "x.js", "x.mjs", "x.pdf", "x.swf", "x.mht", "x.css", "x", "x.wasm",
    "MLmodel", "x.json", "x.html.txt", "x.HTML", "'onload=1.svg",
]  # fmt: skip
SCRIPT = b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"


@pytest.mark.parametrize("name", KINDS)
def test_s59_a_stored_file_is_an_attachment_that_runs_nothing(admin, world, name):
    where = f"{world.experiment_id}/{world.run_id}/artifacts/m/{name}"
    assert admin.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{where}", SCRIPT).status == 200
    model = world.model.replace(" ", "%20")
    for address in (
        f"/api/2.0/mlflow-artifacts/artifacts/{where}",
        f"/get-artifact?run_id={world.run_id}&path=m/{name}",
        f"/model-versions/get-artifact?name={model}&version=1&path={name}",
        f"/get-artifact?run_id={world.run_id}&path=m/{name}&inline=true",
    ):
        answer = admin.send("GET", address)
        assert (answer.status, answer.body) == (200, SCRIPT), address
        headers = answer.headers
        kind, policy = headers["content-type"].partition(";")[0], headers["content-security-policy"]
        shown = address.endswith("inline=true") and kind in ("text/html", "application/pdf")
        assert headers["content-disposition"].startswith("inline" if shown else "attachment")
        assert "default-src 'none'" in policy
        assert policy.startswith("sandbox") or kind == "application/pdf"
        assert "allow-same-origin" not in policy
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "\n" not in headers["content-disposition"]


@pytest.mark.parametrize("name", ['"><img src=x onerror=1>.svg', "a\r\nSet-Cookie: x=1", 'a"; filename=x.html'])
def test_s59_a_name_that_is_markup_is_refused_or_stays_within_its_header(admin, world, name):
    where = f"{world.experiment_id}/{world.run_id}/artifacts/m/{quote(name)}"
    address = f"/api/2.0/mlflow-artifacts/artifacts/{where}"
    if admin.send("PUT", address, b"x").status == 200:
        told = admin.send("GET", address).headers["content-disposition"]
        assert told == f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    for path in ("/get-artifact", "/api/2.0/mlflow/artifacts/list"):
        answer = admin.send("GET", f"{path}?{urlencode({'run_id': world.run_id, 'path': name})}")
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-type"] in ("application/json", "image/svg+xml", "text/html")
        assert answer.headers["content-type"] == "application/json" or "attachment" in str(answer.headers)


@pytest.mark.parametrize("address", ["/", "/health", "/version", "/nonsense", "/runs/x", "/api/nonsense", "/x.js"])
def test_s60_pages_and_what_is_not_there_carry_the_security_headers(anonymous, admin, address):
    """So does every answer of every operation: `Person` looks at each one."""
    for person in (anonymous, admin):
        for accepted in ("text/html", "*/*"):
            answer = person.send("GET", address, None, Accept=accepted)
            assert answer.headers["x-request-id"]
            assert answer.headers["content-type"]
            check_headers(answer, address)


def test_s60_a_header_that_is_missing_is_noticed(anonymous):
    answer = anonymous.send("GET", "/health")
    for name in ("x-content-type-options", "x-frame-options", "referrer-policy", "cache-control", "vary"):
        less = {key: value for key, value in answer.headers.items() if key != name}
        with pytest.raises(KeyError):
            check_headers(answer._replace(headers=less), "/health")
