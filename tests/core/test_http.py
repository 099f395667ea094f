"""Connections to real sockets: kept alive, safe across threads and forks, over TLS and through proxies."""

from __future__ import annotations

import http.server
import os
import shutil
import socket
import ssl
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, ClassVar

import pytest

from assay.core.bodies import FileSlice
from assay.core.errors import (
    ConfigurationError,
    PermissionDenied,
    ResourceDoesNotExist,
    ServerNotTrusted,
    ServerUnreachable,
)
from assay.core.http import Connections, Timeouts, credentials_header

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with what was asked; counts connections."""

    protocol_version = "HTTP/1.1"
    connections: ClassVar[list[object]] = []
    seen: ClassVar[list[tuple[str, dict[str, str], bytes]]] = []

    def setup(self):
        super().setup()
        self.connections.append(self.client_address)

    def do_GET(self):
        self._answer()

    def do_PUT(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.path, dict(self.headers), body))
        status, answer = 200, body or b"hello"
        if self.path.endswith("/missing"):
            status, answer = 404, b'{"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such thing"}'
        if self.path.endswith("/forbidden"):
            status, answer = 403, b"<html>no</html>"
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        if self.path.endswith("/hangup"):
            self.close_connection = True  # without saying so: the client finds a dead connection
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format, *arguments):
        """Keep quiet."""


@pytest.fixture
def server() -> Iterator[http.server.ThreadingHTTPServer]:
    Echo.connections.clear()
    Echo.seen.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo) as found:
        found.daemon_threads = True
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()


@pytest.fixture
def address(server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_one_connection_serves_many_requests(address):
    connections = Connections(f"{address}/base/")
    for _ in range(5):
        assert connections.request("GET", "/x?q=1").body == b"hello"
    assert connections.request("POST", "/y", body=b"data").body == b"data"
    connections.close()
    assert len(Echo.connections) == 1
    path, headers, _ = Echo.seen[0]
    assert path == "/base/x?q=1"
    assert headers["User-Agent"].startswith("assay-python/")


def test_a_connection_that_the_server_closed_is_replaced(address):
    connections = Connections(address)
    for _ in range(3):
        assert connections.request("GET", "/hangup").body == b"hello"
    assert len(Echo.seen) == 3


def test_threads_share_connections(address):
    connections = Connections(address)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda n: connections.request("POST", "/", body=b"%d" % n).body, range(100)))
    assert bodies == [b"%d" % n for n in range(100)]
    assert len(Echo.connections) <= 8


def test_a_forked_child_opens_connections_of_its_own(address):
    connections = Connections(address)
    connections.request("GET", "/")
    pid = os.fork()
    if not pid:
        os._exit(0 if connections.request("GET", "/").body == b"hello" else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert connections.request("GET", "/").body == b"hello"
    assert len(Echo.connections) == 2


def test_files_are_streamed_both_ways(address, tmp_path):
    source = tmp_path / "big"
    source.write_bytes(os.urandom(5_000_000))
    connections = Connections(address)
    with source.open("rb") as file:
        assert connections.request("PUT", "/file", body=file).body == source.read_bytes()
    assert b"".join(connections.download("/file")) == b"hello"
    with pytest.raises(ResourceDoesNotExist, match="no such thing"):
        list(connections.download("/missing"))


def test_errors_are_of_the_class_that_code_or_status_says(address):
    connections = Connections(address)
    with pytest.raises(ResourceDoesNotExist, match="no such thing"):
        connections.request("GET", "/missing")
    with pytest.raises(PermissionDenied, match="status 403"):
        connections.request("GET", "/forbidden")
    with pytest.raises(ConfigurationError):
        Connections("ftp://example.com")


def test_a_server_that_is_not_there():
    with pytest.raises(ServerUnreachable, match="does not answer"):
        Connections("http://127.0.0.1:9").request("GET", "/", timeouts=Timeouts(1, 1))


def test_credentials(address, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert credentials_header() is None
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "t0ken")
    assert credentials_header() == "Bearer t0ken"
    (tmp_path / ".mlflow").mkdir()
    (tmp_path / ".mlflow" / "credentials").write_text(
        "[mlflow]\nmlflow_tracking_username = ada\nmlflow_tracking_password = 100%\n"
    )
    assert credentials_header() == "Basic YWRhOjEwMCU="
    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "bob")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "x")
    Connections(address).request("GET", "/")
    assert Echo.seen[-1][1]["Authorization"] == "Basic Ym9iOng="


def test_passwords_in_an_address_are_used_and_not_told(address, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    connections = Connections(address.replace("//", "//ada:s3cret@"))
    connections.request("GET", "/")
    assert Echo.seen[-1][1]["Authorization"] == "Basic YWRhOnMzY3JldA=="
    assert "s3cret" not in connections.base_url


def test_the_proxy_of_the_environment_is_used(address, monkeypatch):
    monkeypatch.setenv("http_proxy", address)
    assert Connections("http://tracking.invalid:1234/base").request("GET", "/x").body == b"hello"
    assert Echo.seen[-1][0] == "http://tracking.invalid:1234/base/x"
    assert Echo.seen[-1][1]["Host"] == "tracking.invalid:1234"
    monkeypatch.setenv("no_proxy", "tracking.invalid")
    with pytest.raises(ServerUnreachable):
        Connections("http://tracking.invalid:1234").request("GET", "/", timeouts=Timeouts(1, 1))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl command")
    path = tmp_path / "server.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost"),
            *("-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", str(tmp_path / "only.pem")),
        ],
        check=True,
        capture_output=True,
    )
    path.write_text(path.read_text() + (tmp_path / "only.pem").read_text())
    return path


def test_tls(server, certificate, monkeypatch):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    secure = f"https://localhost:{server.server_address[1]}"
    with pytest.raises(ServerNotTrusted, match="SERVER_CERT_PATH"):
        Connections(secure).request("GET", "/")
    monkeypatch.setenv("MLFLOW_TRACKING_SERVER_CERT_PATH", str(certificate))
    assert Connections(secure).request("GET", "/").body == b"hello"
    monkeypatch.setenv("MLFLOW_TRACKING_INSECURE_TLS", "true")
    with pytest.raises(ConfigurationError, match="contradict"):
        Connections(secure).request("GET", "/")
    monkeypatch.delenv("MLFLOW_TRACKING_SERVER_CERT_PATH")
    assert Connections(secure).request("GET", "/").body == b"hello"


def test_a_part_of_a_file_is_sent_again_over_a_new_connection(address, tmp_path):
    source = tmp_path / "file"
    source.write_bytes(bytes(range(256)) * 4096)
    connections = Connections(address)
    connections.request("GET", "/hangup")
    with source.open("rb") as file:
        answer = connections.request("PUT", "/x", body=FileSlice(file, 1000, 901_000))
    assert answer.body == source.read_bytes()[1000:901_000]


def test_a_body_that_ends_early_is_no_whole_body():
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer():
            client, _ = listener.accept()
            with client:
                client.recv(10_000)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + b"x" * 2_000_000)

        thread = threading.Thread(target=answer)
        thread.start()
        with pytest.raises(ServerUnreachable):
            list(Connections(f"http://127.0.0.1:{listener.getsockname()[1]}").download("/file"))
        thread.join()
