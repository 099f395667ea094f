"""Who asks, as a proxy says it, and what processes beside the store say: believed where it should be."""

import socket
import time

import pytest

from assay.core.errors import ConfigurationError
from assay.journal.writer import JournalWriter
from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.proxies import TrustedProxies
from assay.testing.server import running_server
from assay.wire.journal import encode_payload
from assay.wire.runs import CreateRun

from .conftest import ADMIN, SECRET, Person, add_user, basic

SHARED = "what only the proxy knows"
RUN = "a" * 32


@pytest.fixture
def proxied(tmp_path):
    """A server that believes a proxy at one address."""
    proxies = TrustedProxies.configured(["127.9.9.9"], user_header="X-Forwarded-User", secret=SHARED)
    config = ServerConfig(
        backend_store_uri=str(tmp_path / "mlruns"),
        artifacts_destination=str(tmp_path / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET, proxies=proxies),
    )
    with running_server(tmp_path, config) as server:
        for name in ("ada", "ben"):
            add_user(server, name)
        yield server


def told(server, *, address="127.9.9.9", credentials=None, **headers):
    person = Person(server, credentials)
    person.address = address
    answer = person.send("GET", "/api/2.0/mlflow/users/current", **headers)
    return answer.json["user"]["username"] if answer.status == 200 else answer.status


def test_a_trusted_proxy_names_the_user(proxied):
    assert told(proxied, X_Forwarded_User="ada", X_Assay_Proxy_Secret=SHARED) == "ada"
    assert told(proxied, X_Forwarded_User="nobody", X_Assay_Proxy_Secret=SHARED) == 401


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("127.0.0.1", {"X_Forwarded_User": "ada", "X_Assay_Proxy_Secret": SHARED}),
        ("127.9.9.9", {"X_Forwarded_User": "ada"}),
        ("127.9.9.9", {"X_Forwarded_User": "ada", "X_Assay_Proxy_Secret": "guessed, and wrong"}),
        ("127.9.9.9", {"X_Forwarded_User": "", "X_Assay_Proxy_Secret": SHARED}),
        ("127.9.9.9", {"X_Assay_Proxy_Secret": SHARED}),
    ],
)
def test_nobody_else_does(proxied, address, headers):
    assert told(proxied, address=address, **headers) == 401


def test_what_the_proxy_says_outweighs_what_was_remembered(proxied):
    credentials = basic("ben", "the words of ben")
    assert told(proxied, credentials=credentials) == "ben"
    assert told(proxied, credentials=credentials, X_Forwarded_User="ada", X_Assay_Proxy_Secret=SHARED) == "ada"
    assert told(proxied, credentials=credentials) == "ben"


@pytest.mark.parametrize(
    ("networks", "header", "secret"),
    [(["*"], "", ""), (["0.0.0.0/0"], "", ""), ([], "X-User", SHARED), (["10.0.0.1"], "X-User", "short")],
)
def test_a_proxy_that_could_be_anybody_is_refused_at_the_start(networks, header, secret):
    with pytest.raises(ConfigurationError):
        TrustedProxies.configured(networks, user_header=header, secret=secret)


def test_what_processes_beside_the_store_recorded_is_applied(proxied):
    writer = JournalWriter(proxied.config.journal_directory)
    writer.append(encode_payload(CreateRun(run_id=RUN, experiment_id="0", start_time=1)))
    writer.close()
    admin = Person(proxied, basic(ADMIN, SECRET))
    deadline = time.monotonic() + 10
    while admin.get(f"runs/get?run_id={RUN}").status != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


TWINS = [
    (b"X_Forwarded_User: ada", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded_User: ada", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded-User: ada", b"X_Assay_Proxy_Secret: %s"),
    (b"X-Forwarded-User: ada", b"X-Forwarded-User: ben", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded-User: ada", b"X-Assay-Proxy-Secret: wrong", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded-User:   ", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded-User: ada, ben", b"X-Assay-Proxy-Secret: %s"),
    (b"X-Forwarded-User : ada", b"X-Assay-Proxy-Secret: %s"),
]


@pytest.mark.parametrize("lines", TWINS)
def test_s47_a_user_is_named_once_and_by_the_very_header(proxied, lines):
    head = b"\r\n".join([b"GET /api/2.0/mlflow/users/current HTTP/1.1", b"Host: localhost", *lines])
    with socket.create_connection((proxied.host, proxied.port), source_address=("127.9.9.9", 0), timeout=10) as plain:
        plain.sendall(head.replace(b"%s", SHARED.encode()) + b"\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: plain.recv(65536), b""))
    assert answer.split(b" ", 2)[1] in (b"400", b"401"), answer
    assert b"ada" not in answer.partition(b"\r\n\r\n")[2].replace(b"'ada, ben'", b"")
