"""Which hosts and origins are answered: as a table, and over a real socket."""

import re

import pytest

from assay.core.errors import ConfigurationError
from assay.server.config import ServerConfig
from assay.server.hosts import Guard, parse_host
from assay.testing.server import running_server


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:5000",
        "LOCALHOST:1",
        "127.0.0.1",
        "127.0.0.1:5000",
        "127.8.9.10",
        "[::1]",
        "[::1]:5000",
        "0.0.0.0:5000",
        "10.1.2.3",
        "192.168.0.7:5000",
        "172.16.0.1",
        "172.31.255.255",
        "[fd00::1]:5000",
    ],
)
def test_this_machine_and_private_addresses_are_answered(host):
    assert Guard(bound="127.0.0.1").allows_host(host.encode())


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "10.evil.example",
        "192.168.evil.example",
        "172.16.0.1.evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil",
        "evil.localhost",
        "localhost.",
        "8.8.8.8",
        "172.32.0.1",
        "[2001:db8::1]",
        "[::ffff:8.8.8.8]",
        "[::1",
        "::1",
        "[::1]x",
        "[localhost]",
        "localhost:",
        "localhost:x",
        "localhost:123456",
        "localhost:5000:5000",
        "user@localhost",
        "localhost/x",
        "local host",
        " localhost",
        "localhost\x00",
        "10.1",
        "0x7f.1",
        "2130706433",
        "010.0.0.1",
        "127.0.0.1 ",
        "\u217cocalhost",
    ],
)
def test_other_names_and_other_spellings_are_not(host):
    assert not Guard(bound="127.0.0.1").allows_host(host.encode())


def test_the_address_it_is_bound_to_is_answered():
    assert Guard(bound="8.8.4.4").allows_host(b"8.8.4.4:5000")
    assert Guard(bound="lab.example.com").allows_host(b"lab.example.com")
    assert Guard(bound="2001:db8::1").allows_host(b"[2001:db8::1]:5000")
    assert not Guard(bound="0.0.0.0").allows_host(b"8.8.8.8")


def test_more_hosts_are_named_exactly():
    guard = Guard(bound="127.0.0.1", allowed=["lab.example.com", "Other.example:5000", "*.team.example", "9.9.9.9"])
    for host in ("lab.example.com", "LAB.example.com:80", "other.example:5000", "a.team.example", "9.9.9.9:1"):
        assert guard.allows_host(host.encode()), host
    for host in ("x.lab.example.com", "other.example", "other.example:80", "team.example", "xteam.example", "9.9.9.8"):
        assert not guard.allows_host(host.encode()), host
    assert Guard(bound="127.0.0.1", allowed=["*"]).allows_host(b"any.example")


@pytest.mark.parametrize("entry", ["", "a b", "http://x", "x/y", "exa*mple.com", "x:y"])
def test_entries_that_are_no_hosts_are_refused_at_the_start(entry):
    with pytest.raises(ConfigurationError, match="Allowed host"):
        Guard(bound="127.0.0.1", allowed=[entry])


@pytest.mark.parametrize("origin", ["lab.example.com", "ftp://x", "https://", "https://a/b"])
def test_entries_that_are_no_origins_are_refused_at_the_start(origin):
    with pytest.raises(ConfigurationError, match="Allowed origin"):
        Guard(bound="127.0.0.1", origins=[origin])


def test_hosts_are_parsed_into_names_addresses_and_ports():
    assert parse_host("Lab.Example:80") == ("lab.example", 80)
    assert str(parse_host("[::1]:5").name) == "::1"
    assert parse_host("a:b:c") is None


@pytest.fixture(scope="module")
def server(directory):
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        cors_allowed_origins=("https://notebooks.example",),
        access_log=False,
    )
    with running_server(directory, config) as running:
        yield running


def test_a_foreign_host_gets_a_reason_and_health_gets_an_answer(http_):
    answer = http_.get("/api/3.0/mlflow/server-info", Host="10.evil.example")
    assert answer.status == 403
    assert b"--allowed-hosts" in answer.body
    assert http_.get("/", Host="evil.example", Accept="text/html").status == 403
    assert http_.get("/health", Host="evil.example").status == 200
    assert http_.get("/version", Host="evil.example").status == 200
    twice = http_.raw(b"GET /version HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    assert b" 400 " in twice.splitlines()[0]
    none = http_.raw(b"GET / HTTP/1.0\r\n\r\n")
    assert b" 403 " in none.splitlines()[0]


OWN = "http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"Origin": OWN}, True),
        ({"Origin": "http://localhost:3000"}, True),
        ({"Origin": "http://[::1]:3000"}, True),
        ({"Origin": "https://notebooks.example"}, True),
        ({"Origin": "https://notebooks.example", "Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://notebooks.example"}, False),
        ({"Origin": "https://notebooks.example.evil"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "http://localhost.evil"}, False),
        ({"Origin": "http://127.0.0.1.evil"}, False),
        ({"Origin": "http://10.0.0.1"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": ""}, False),
        ({"Origin": "file://"}, False),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
    ],
)
def test_who_may_change_things(http_, headers, allowed):
    given = {name: value.format(port=http_.port) for name, value in headers.items()}
    answer = http_.post("runs/create", {"experiment_id": "0"}, **given)
    assert answer.status == (200 if allowed else 403), answer
    upload = http_.send("PUT", "/api/2.0/mlflow-artifacts/artifacts/o/f", b"x", given)
    assert upload.status == (200 if allowed else 403)


def test_only_allowed_origins_may_read_answers(http_):
    path = "/api/3.0/mlflow/server-info"
    allowed = http_.get(path, Origin="https://notebooks.example")
    assert allowed.headers["access-control-allow-origin"] == "https://notebooks.example"
    assert "Origin" in allowed.headers["vary"]
    foreign = http_.get(path, Origin="https://evil.example")
    assert foreign.status == 200
    assert not [name for name in foreign.headers if name.startswith("access-control")]


def test_preflights_are_answered_for_allowed_origins_only(http_):
    path = "/api/2.0/mlflow/runs/create"
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    allowed = http_.send("OPTIONS", path, None, {**asked, "Origin": "https://notebooks.example"})
    assert allowed.status == 204
    assert "content-type" in allowed.headers["access-control-allow-headers"]
    foreign = http_.send("OPTIONS", path, None, {**asked, "Origin": "https://evil.example"})
    assert foreign.status == 204
    assert "access-control-allow-origin" not in foreign.headers


def test_every_answer_has_an_id_of_its_own_that_no_client_chooses(http_):
    paths = (
        "/",
        "/health",
        "/api/3.0/mlflow/server-info",
        "/api/nonsense",
        "/nonsense",
        "/ajax-api/2.0/mlflow/runs/get",
    )
    ids = [http_.get(path, X_Request_Id="chosen", Accept="text/html").headers["x-request-id"] for path in paths]
    foreign = http_.get("/", Host="evil.example")
    ids += [foreign.headers["x-request-id"], http_.send("OPTIONS", paths[2]).headers["x-request-id"]]
    assert foreign.status == 403
    assert all(re.fullmatch("[0-9a-f]{16}", one) for one in ids)
    assert len(set(ids)) == len(ids)


def test_every_answer_carries_the_security_headers(http_):
    for path in ("/", "/health", "/api/3.0/mlflow/server-info", "/api/nonsense", "/get-artifact", "/nonsense"):
        headers = http_.get(path, Accept="text/html").headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-type"]
        assert "server" not in headers
    policy = http_.get("/", Accept="text/html").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
