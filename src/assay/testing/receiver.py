"""A receiver of webhooks on this machine, for tests: it keeps what arrives, and answers as it is told."""

from __future__ import annotations

import http.server
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core.egress import Egress

if TYPE_CHECKING:
    from collections.abc import Iterator


class Arrival(NamedTuple):
    """One request: its path, its headers by lower-case name, and its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """What arrived, in order. `statuses` are the answers to come; once they are used up, 200 is answered."""

    port: int
    arrivals: list[Arrival] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Until this is set, requests for a path that begins with `/slow` get no answer."""

    def url(self, path: str = "/") -> str:
        """Where to send."""
        return f"http://127.0.0.1:{self.port}{path}"

    def wait_for(self, count: int, path: str, *, seconds: float = 20.0) -> list[Arrival]:
        """What arrived at the path, once it is so much.

        Raises:
            AssertionError: it was less, all the time.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = [arrival for arrival in self.arrivals if arrival.path == path]
            if len(found) >= count:
                return found
            time.sleep(0.02)
        raise AssertionError(f"Not {count} arrived at {path} within {seconds} s")

    def door(self, **options: Any) -> Egress:
        """An egress that leads here."""
        return Egress(schemes=("http",), ports=(self.port,), networks=(ip_network("127.0.0.0/8"),), **options)


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """A receiver on a free port of this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            receiver.arrivals.append(Arrival(self.path, headers, body))
            if self.path.startswith("/slow"):
                receiver.released.wait(20)
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.end_headers()
            self.wfile.write(b"what only the receiver may know")

        def log_message(self, format: str, *arguments: Any) -> None:
            del format, arguments

    class Server(http.server.ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Whoever asked does not wait for the rest of the answer."""
            del request, client_address

    with Server(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            receiver.released.set()
            server.shutdown()
            thread.join()
