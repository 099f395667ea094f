"""Credentials go to the tracking server, and to nobody whom an artifact's URI names."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING

import pytest

from assay.client.proxied import proxied_blobs
from assay.core.errors import AssayError
from assay.core.http import Connections

if TYPE_CHECKING:
    from collections.abc import Iterator


class Listener(http.server.BaseHTTPRequestHandler):
    """Notes what it is told of who asks; sends everybody elsewhere when asked for `/moved`."""

    heard: list[str | None]

    def do_GET(self) -> None:
        self.heard.append(self.headers.get("Authorization"))
        moved = "moved" in self.path
        self.send_response(302 if moved else 200)
        if moved:
            self.send_header("Location", f"http://localhost:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    heard: list[str | None] = []
    monkeypatch.setattr(Listener, "heard", heard, raising=False)
    monkeypatch.setenv("MLFLOW_TRACKING_TOKEN", "secret")
    return heard


@pytest.fixture
def port(heard: list[str | None]) -> Iterator[int]:
    del heard
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("authority", "told"),
    [
        ("", "Bearer secret"),
        ("//127.0.0.1:{port}", "Bearer secret"),
        ("//localhost:{port}", None),
        ("//127.0.0.1@localhost:{port}", "Basic MTI3LjAuMC4xOg=="),
    ],
)
def test_only_the_tracking_server_is_told_who_asks(
    port: int, heard: list[str | None], authority: str, told: str | None
) -> None:
    connections = Connections(f"http://127.0.0.1:{port}")
    blobs = proxied_blobs(connections, f"mlflow-artifacts:{authority.format(port=port)}/0/run/artifacts")
    assert blobs is not None
    assert blobs.list() == []
    assert heard == [told]


def test_nobody_is_followed_elsewhere(port: int, heard: list[str | None]) -> None:
    with pytest.raises(AssayError, match="302"):
        Connections(f"http://127.0.0.1:{port}").request("GET", "/moved")
    assert heard == ["Bearer secret"]
