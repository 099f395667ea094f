"""Models made as MLflow's were for the recorded answers, served by real servers."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest

from assay.flavors.mlmodel import Model
from assay.flavors.predictor import Loaded, PyFuncModel
from assay.server.listening import Server, listen
from assay.serving import scorer
from assay.serving.app import App
from assay.serving.config import ServingConfig
from assay.testing.processes import COMMAND, ServerProcess

MAKER = Path(__file__).parent / "made_models.py"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self):
        return json.loads(self.body, parse_constant=pytest.fail)  # NaN and Infinity are no JSON


class Http:
    """Requests to one server."""

    def __init__(self, port):
        self.port = port

    def send(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body, headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.send("GET", path, headers=headers)

    def predict(self, value, content_type="application/json"):
        body = value if isinstance(value, str | bytes) else json.dumps(value)
        return self.send("POST", "/invocations", body, {"Content-Type": content_type})


@contextmanager
def _served(model, **options):
    """Serve a loaded model for the length of the block, in a thread; requests to it."""
    config = ServingConfig(model_uri="model", **options)
    listener = listen(config.host, 0)
    started = threading.Event()
    server = Server(App(config, model), on_start=started.set, stop_seconds=config.timeout)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        assert started.wait(30)
        yield Http(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    """The directory of the models."""
    directory = tmp_path_factory.mktemp("models")
    subprocess.run([sys.executable, MAKER, "assay", directory], check=True, timeout=120)
    return directory


@pytest.fixture(scope="session")
def model(models):
    """Load one of them by its name, once."""
    loaded = {}

    def model(name):
        if name not in loaded:
            loaded[name] = scorer.load(str(models / name))
        return loaded[name]

    return model


@pytest.fixture(scope="session")
def served():
    """Serve a loaded model, or a function, for the length of a block."""

    def served(given, **options):
        if isinstance(given, scorer.Scorer):
            return _served(given, **options)
        loaded = Loaded(None, lambda data, _: given(data))
        return _served(scorer.Scorer(PyFuncModel(Model(), loaded, {}, Path.cwd())), **options)

    return served


@pytest.fixture(scope="session")
def http_to(model):
    """Requests to the server of a model; it runs until the tests end."""
    running = {}

    def http_to(name):
        if name not in running:
            block = _served(model(name))
            running[name] = (block, block.__enter__())
        return running[name][1]

    yield http_to
    for block, _ in running.values():
        block.__exit__(None, None, None)


@pytest.fixture
def start(tmp_path):
    """Start `assay models serve` as a process: the process, and requests to it."""
    processes = []

    def start(model_uri, *options, **environment):
        command = (*COMMAND, "models", "serve", "--model-uri", str(model_uri))
        processes.append(ServerProcess(tmp_path, *options, command=command, environment=environment))
        return processes[-1].start(), Http(processes[-1].port)

    yield start
    for process in processes:
        process.kill()
