"""A server with users, and plain HTTP to it as each of them."""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import re
import secrets
import socket
from contextlib import closing
from typing import NamedTuple

import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.server.passwords import open_passwords
from assay.store.open import open_store
from assay.store.users import EDIT, EXPERIMENT, MANAGE, MODEL, PASSWORD, READ
from assay.testing.processes import ServerProcess
from assay.testing.receiver import Receiver, running_receiver
from assay.testing.server import running_server

from .aliases import elsewhere

ADMIN = "admin"
SECRET = "the admin's own words"
USERS = {"nobody": None, "reader": READ, "editor": EDIT, "manager": MANAGE}
"""Users by name, and what is granted to each on the experiment and the registered model of the tests."""
BESIDE = f"beside-{secrets.token_hex(8)}"
"""What lies on the disk of the server, outside of its data, and nobody is told at all."""
CACHED = ("no-store", "no-cache", "private, no-cache")
"""What is said of keeping an answer: never, or only to ask whether it is still the same."""
_NUMBERS = itertools.count(2)
_KEPT: dict[str, str] = {}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json["error_code"]


def received(answer):
    """An answer, read to its end; what a header says several times is said once, with commas."""
    names = {}
    for name, value in answer.getheaders():
        names[name.lower()] = f"{names[name.lower()]}, {value}" if name.lower() in names else value
    return Answer(answer.status, names, answer.read())


class Person:
    """Requests with somebody's credentials, each over a connection of its own, from an address of the person's own.

    What changes nothing, a reading or a refusal, is asked for at every alias of the address: one answer for all. No
    answer holds one of the marks that this person is `kept_from`, unless the request says it.
    """

    def __init__(self, server, credentials=None, *, kept_from=(BESIDE,)):
        self.server = server
        self.kept_from = kept_from
        self.address = f"127.0.{next(_NUMBERS) // 250}.{next(_NUMBERS) % 250 + 1}"
        self.headers = {"Authorization": credentials} if credentials else {}

    def connect(self):
        return http.client.HTTPConnection(
            self.server.host, self.server.port, timeout=30, source_address=(self.address, 0)
        )

    def send(self, method, path, body=None, **headers):
        answer = self._send(method, path, body, headers)
        if (method == "GET" and answer.status == 200) or answer.status in (403, 404):
            for other in elsewhere(path):
                status = self._send(method, other, body, headers).status
                if status != answer.status:  # unless it has changed meanwhile
                    answer = self._send(method, path, body, headers)
                assert status == answer.status, (method, path, other)
        return answer

    def _send(self, method, path, body, headers):
        connection = self.connect()
        given = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if isinstance(body, dict):
            body = json.dumps(body)
            given.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return self.looked_at(received(answer), path, body)
        finally:
            connection.close()

    def looked_at(self, answer, path, body):
        """The answer to a request, once it is known to give nothing away."""
        check_headers(answer, path)
        asked, told = f"{path} {body}", f"{answer.headers} {answer.body.decode('utf-8', 'replace')}"
        for mark in self.kept_from:
            assert mark in asked or mark not in told, (path, answer)
        return answer

    def get(self, path):
        return self.send("GET", f"/api/2.0/mlflow/{path}")

    def post(self, path, **message):
        return self.send("POST", f"/api/2.0/mlflow/{path}", message)

    def done(self, path, **message):
        answer = self.post(path, **message)
        assert answer.status == 200, answer
        return answer.json


def check_headers(answer, path):
    """What the headers of every answer say, whoever asks and whatever comes of it."""
    headers = answer.headers
    if "x-request-id" not in headers:  # what a proxy before the server says, or its parser of what is no HTTP
        assert "server" in headers or answer.body == b"Invalid HTTP request received.", path[:200]
        return
    assert headers["x-content-type-options"] == "nosniff", path
    assert headers["x-frame-options"] == "SAMEORIGIN", path
    assert headers["referrer-policy"] == "same-origin", path
    assert headers["cache-control"] in CACHED or "static" in path, path
    assert "origin" in headers["vary"].lower(), path
    assert "access-control-allow-origin" not in headers, path
    kind = headers.get("content-type", "")
    assert kind or answer.status in (204, 304) or not answer.body, path
    if kind.startswith("text/html"):
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'self'" in policy or policy.startswith("sandbox;"), path
        assert "default-src" in policy, path


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def kept(password):
    """What is stored of a password; reckoned once for all tests."""
    if password not in _KEPT:
        _KEPT[password] = open_passwords().keep(password)
    return _KEPT[password]


def add_user(server, username, *, is_admin=False):
    store = open_store(server.config.backend_store_uri, artifact_root="mlflow-artifacts:/")
    try:
        return store.write(
            lambda session: session.users.create(
                username, password_hash=kept(f"the words of {username}"), is_admin=is_admin, origin=PASSWORD, now=1
            )
        )
    finally:
        store.close()


def grant(server, username, *, kind, target, level):
    store = open_store(server.config.backend_store_uri, artifact_root="mlflow-artifacts:/")

    def set_level(session):
        role = session.roles.own(session.users.get(username))
        session.grants.set(role.number, kind=kind, target=target, level=level)

    try:
        store.write(set_level)
    finally:
        store.close()


@pytest.fixture(
    scope="session",
    params=[pytest.param("sqlite", id="file"), pytest.param("postgres", id="team", marks=pytest.mark.slow)],
)
def server(request, tmp_path_factory):
    """One server for all tests: each makes experiments of its own."""
    directory = tmp_path_factory.mktemp("secure")
    store = str(directory / "mlruns") if request.param == "sqlite" else request.getfixturevalue("new_postgres_uri")()
    (directory / "beside").mkdir()
    (directory / "beside" / f"{BESIDE}.txt").write_text(BESIDE)
    config = ServerConfig(
        backend_store_uri=store,
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=SECRET),
    )
    with running_server(directory, config) as running:
        for name in USERS:
            add_user(running, name)
        yield running


class Deployed(NamedTuple):
    """`assay server` with two workers and its log, as an operator starts it; `proxy` listens, and hears nothing."""

    host: str
    port: int
    process: ServerProcess
    receiver: Receiver
    proxy: socket.socket

    @property
    def admin(self):
        return Person(self, basic(ADMIN, SECRET))


@pytest.fixture(scope="session")
def deployed(tmp_path_factory):
    """One for all tests; its environment holds a proxy, and a secret that no text of a client may bring out."""
    with running_receiver() as receiver, closing(socket.create_server(("127.0.0.1", 0))) as proxy:
        away = f"http://127.0.0.1:{proxy.getsockname()[1]}"
        environment = {
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), away),
            "AWS_SECRET_ACCESS_KEY": BESIDE,
            "ASSAY_ADMIN_PASSWORD": SECRET,
            "ASSAY_WEBHOOK_ALLOWED_SCHEMES": "http,https",
            "ASSAY_WEBHOOK_ALLOWED_PORTS": f"443,8443,{receiver.port}",
            "ASSAY_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
        }
        directory = tmp_path_factory.mktemp("deployed")
        process = ServerProcess(directory, "--auth", "--workers", "2", environment=environment).start()
        try:
            yield Deployed("127.0.0.1", process.port, process, receiver, proxy)
        finally:
            process.kill()


@pytest.fixture
def admin(server):
    return Person(server, basic(ADMIN, SECRET))


@pytest.fixture
def kept_from():
    """The marks that neither a stranger nor a user without grants is told."""
    return [BESIDE]


@pytest.fixture
def anonymous(server, kept_from):
    return Person(server, kept_from=kept_from)


@pytest.fixture
def people(server, kept_from):
    found = {name: Person(server, basic(name, f"the words of {name}")) for name in USERS}
    found["nobody"].kept_from = kept_from
    return found


class World(NamedTuple):
    """An experiment with a run and its file, and a registered model with a version; `mark` is written all over it."""

    experiment_id: str
    run_id: str
    model: str
    mark: str


@pytest.fixture
def world(request, server, admin, kept_from):
    """Made by the administrator, with a grant for each of `USERS`."""
    made = make_world(server, admin, "secret " + re.sub(r"\W+", "-", request.node.name))
    kept_from.append(made.mark)
    return made


def make_world(server, admin, name):
    """A world of this name."""
    mark = f"canary-{secrets.token_hex(8)}"
    experiment_id = admin.done("experiments/create", name=name)["experiment_id"]
    run_id = admin.done("runs/create", experiment_id=experiment_id, run_name=name, start_time=1)["run"]["info"][
        "run_id"
    ]
    admin.done("runs/log-metric", run_id=run_id, key="secret-metric", value=1.0, timestamp=1)
    admin.done("runs/log-parameter", run_id=run_id, key="secret-param", value=mark)
    path = f"/api/2.0/mlflow-artifacts/artifacts/{experiment_id}/{run_id}/artifacts/m/f.txt"
    assert admin.send("PUT", path, b"secret content").status == 200
    assert admin.send("PUT", path.replace("f.txt", f"{mark}.txt"), mark).status == 200
    admin.done("registered-models/create", name=name, description=mark)
    admin.done("model-versions/create", name=name, source=f"runs:/{run_id}/m", run_id=run_id)
    for user, level in USERS.items():
        if level is not None:
            grant(server, user, kind=EXPERIMENT, target=experiment_id, level=level)
            grant(server, user, kind=MODEL, target=name, level=level)
    return World(experiment_id, run_id, name, mark)
