"""Child processes that use the `mlflow` of this package, and servers for them."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import ssl
import sys
import threading
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from assay.testing.processes import ServerProcess

HERE = Path(__file__).parent
BINARIES = Path(sys.executable).parent


@pytest.fixture(autouse=True)
def _own_directory(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith(("ASSAY_", "MLFLOW_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def environment(tmp_path):
    """An environment without anyone's settings, in which names of hosts can be led elsewhere."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ASSAY_", "MLFLOW_"))}
    return clean | {
        "PATH": f"{BINARIES}{os.pathsep}{clean.get('PATH', '')}",
        "PYTHONPATH": str(HERE / "hosts"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "ASSAY_SPOOL_DIR": str(tmp_path / "spool"),
    }


class Server(ServerProcess):
    """An `mlflow server` in a process of its own, and its REST API."""

    def get(self, operation, **query):
        with urllib.request.urlopen(f"{self.url}/api/2.0/mlflow/{operation}?{urllib.parse.urlencode(query)}") as answer:
            return json.load(answer)

    def runs(self, experiment):
        found = self.get("experiments/get-by-name", experiment_name=experiment)["experiment"]
        body = json.dumps({"experiment_ids": [found["experiment_id"]]}).encode()
        request = urllib.request.Request(
            f"{self.url}/api/2.0/mlflow/runs/search", data=body, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["runs"]

    def only_run(self, experiment):
        (run,) = self.runs(experiment)
        return run

    def files(self, run_id, path=""):
        listed = self.get("artifacts/list", run_id=run_id, path=path)
        return {file["path"] for file in listed.get("files", [])}


@pytest.fixture
def start_server(environment):
    started = []

    def start(directory, *options):
        server = Server(directory, *options, command=[BINARIES / "mlflow", "server"], environment=environment)
        started.append(server)
        return server.start()

    yield start
    for server in started:
        server.kill()


class TlsFront:
    """Ends TLS before a server, as a reverse proxy does, and remembers the heads of requests."""

    def __init__(self, backend_port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(HERE / "tls/certificate.pem", HERE / "tls/key.pem")
        self._context = context
        self._backend_port = backend_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.received = b""
        self._sockets = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self):
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            try:
                outside = self._context.wrap_socket(plain, server_side=True)
            except OSError:  # a client that does not trust the certificate
                plain.close()
                continue
            inside = socket.create_connection(("127.0.0.1", self._backend_port))
            self._sockets += [outside, inside]
            pair = [(outside, inside, True), (inside, outside, False)]
            threads = [threading.Thread(target=self._pump, args=way) for way in pair]
            self._threads += threads
            for thread in threads:
                thread.start()

    def _pump(self, source, target, keep):
        try:
            while data := source.recv(65536):
                if keep:
                    self.received += data
                target.sendall(data)
        except OSError:  # one side has gone
            pass
        finally:
            for side in (source, target):
                with contextlib.suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(timeout=10)
        for side in self._sockets:
            side.close()


@pytest.fixture
def tls_front():
    started = []

    def start(port):
        started.append(TlsFront(port))
        return started[-1]

    yield start
    for front in started:
        front.close()
