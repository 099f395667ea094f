"""A running server, and plain HTTP to it."""

from __future__ import annotations

import http.client
import json
import socket
import time
from typing import NamedTuple

import pytest

from assay.server.config import ServerConfig
from assay.testing.server import running_server


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


class Http:
    """Requests to one server, each over a connection of its own."""

    def __init__(self, port, host="127.0.0.1"):
        self.port = port
        self.host = host

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            names = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, names, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.send("GET", path, None, {name.replace("_", "-"): value for name, value in headers.items()})

    def post(self, operation, message, prefix="/api/2.0/mlflow/", **headers):
        given = {"Content-Type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}}
        body = message if isinstance(message, bytes | str) else json.dumps(message)
        return self.send("POST", prefix + operation, body, given)

    def call(self, operation, message, prefix="/api/2.0/mlflow/"):
        answer = self.post(operation, message, prefix)
        assert answer.status == 200, answer
        return answer.json

    def raw(self, data):
        """Bytes as they are; the whole answer until the server closes or falls silent."""
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            connection.sendall(data)
            connection.settimeout(1)
            received = b""
            try:
                while piece := connection.recv(65536):
                    received += piece
            except TimeoutError:
                pass
            return received

    def new_run(self, **more):
        return self.call("runs/create", {"experiment_id": "0", **more})["run"]["info"]["run_id"]

    def run(self, run_id):
        return self.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").json["run"]


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("server")


def pytest_generate_tests(metafunc):
    """A module that names `DATABASES` runs the tests that need a server on each of them."""
    databases = getattr(metafunc.module, "DATABASES", None)
    if databases and "store_uri" in metafunc.fixturenames:
        metafunc.parametrize("store_uri", databases, indirect=True, scope="module")


@pytest.fixture(scope="module")
def store_uri(request, directory):
    database = getattr(request, "param", "sqlite")
    return str(directory / "mlruns") if database == "sqlite" else request.getfixturevalue(f"new_{database}_uri")()


@pytest.fixture(scope="module")
def server(directory, store_uri):
    config = ServerConfig(
        backend_store_uri=store_uri, artifacts_destination=str(directory / "mlartifacts"), access_log=False
    )
    with running_server(directory, config) as running:
        yield running


@pytest.fixture(scope="module")
def http_(server):
    return Http(server.port)


@pytest.fixture(scope="session")
def eventually():
    """Wait until something holds."""

    def wait(condition, seconds=10.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = condition()
            if value:
                return value
            time.sleep(0.02)
        raise AssertionError(f"Not within {seconds} s: {condition}")

    return wait


@pytest.fixture(scope="session")
def client_for():
    return Http
