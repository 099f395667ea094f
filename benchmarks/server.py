"""A contestant's server on a free loopback port, over a fresh store."""

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.processes import Sandbox, log_tail, sandbox
from benchmarks.rivals import Contestant

API = "/api/2.0/mlflow/"
_SECONDS_TO_START = 240.0


class Server:
    """A running server.

    Attributes:
        contestant: Whose server it is.
        place: Its directory and processes.
        address: Host and port.
        health_after: Seconds from start to the first good answer of `GET /health`.
        search_after: Seconds from start to the first good answer of `experiments/search`, asked after that.
    """

    def __init__(self, contestant: Contestant, place: Sandbox) -> None:
        self.contestant = contestant
        self.place = place
        self.address = ("127.0.0.1", free_port())
        self._log = place.directory / "server.log"
        begun = time.perf_counter()
        self._process = place.start(contestant.server_command(place.directory, port=self.address[1]), log=self._log)
        self._wait_for("GET", "/health", None)
        self.health_after = time.perf_counter() - begun
        self._wait_for("POST", f"{API}experiments/search", {"max_results": 1})
        self.search_after = time.perf_counter() - begun

    @property
    def uri(self) -> str:
        """The tracking URI for clients."""
        return f"http://{self.address[0]}:{self.address[1]}"

    def post(self, operation: str, message: dict[str, Any]) -> dict[str, Any]:
        """Send one request of the tracking API and return its answer.

        Raises:
            BenchmarkError: The answer is not of status 2xx.
        """
        status, body = self._request("POST", API + operation, message)
        if not 200 <= status < 300:
            raise BenchmarkError(f"{self.contestant.title} answered {operation} with {status}: {body[:500]!r}")
        answer: dict[str, Any] = json.loads(body or b"{}")
        return answer

    def trouble(self) -> str:
        """The end of the server's log, to explain a failure."""
        return log_tail(self._log)

    def _request(self, method: str, path: str, message: dict[str, Any] | None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            body = None if message is None else json.dumps(message)
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def _wait_for(self, method: str, path: str, message: dict[str, Any] | None) -> None:
        deadline = time.monotonic() + _SECONDS_TO_START
        status = 0
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise BenchmarkError(
                    f"The server of {self.contestant.title} ended at once, with status "
                    f"{self._process.returncode}:\n{self.trouble()}"
                )
            try:
                status, _ = self._request(method, path, message)
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 200:
                return
            time.sleep(0.005)
        raise BenchmarkError(
            f"The server of {self.contestant.title} gave no good answer to {method} {path} in "
            f"{_SECONDS_TO_START:.0f} s (last status {status}):\n{self.trouble()}"
        )

    def end(self) -> None:
        """End it, and every process it started."""
        self.place.end()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired as error:
            raise BenchmarkError(f"The server of {self.contestant.title} does not end.") from error


@contextmanager
def serving(contestant: Contestant) -> Iterator[Server]:
    """Start a contestant's server over a fresh store; it is ended and its store deleted.

    Raises:
        BenchmarkError: It does not start.
    """
    with sandbox() as place:
        server = Server(contestant, place)
        try:
            yield server
        finally:
            server.end()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
