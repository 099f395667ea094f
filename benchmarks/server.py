"""A contestant's server on a free loopback port, over a fresh store."""

import base64
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
ADMIN = "admin"
_PASSWORD = "the words of the administrator"
_USERS = ("--app-name", "basic-auth")
"""What switches users on in MLflow, and in Assay."""
_SECONDS_TO_START = 240.0


class Server:
    """A running server.

    Attributes:
        contestant: Whose server it is.
        place: Its directory and processes.
        address: Host and port.
        authorization: What the administrator's requests say of who sends them; empty on a server without users.
        health_after: Seconds from start to the first good answer of `GET /health`.
        search_after: Seconds from start to the first good answer of `experiments/search`, asked after that.
    """

    def __init__(self, contestant: Contestant, place: Sandbox, *, users: bool = False) -> None:
        self.contestant = contestant
        self.place = place
        self.authorization = basic(ADMIN, _PASSWORD) if users else ""
        self.address = ("127.0.0.1", free_port())
        self._log = place.directory / "server.log"
        command = contestant.server_command(place.directory, port=self.address[1])
        if users:
            command += _USERS
            place.environment |= {
                "MLFLOW_AUTH_ADMIN_PASSWORD": _PASSWORD,
                "MLFLOW_FLASK_SERVER_SECRET_KEY": "for this server alone",
            }
        begun = time.perf_counter()
        self._process = place.start(command, log=self._log)
        self._wait_for("GET", "/health", None)
        self.health_after = time.perf_counter() - begun
        self._wait_for("POST", f"{API}experiments/search", {"max_results": 1})
        self.search_after = time.perf_counter() - begun

    @property
    def uri(self) -> str:
        """The tracking URI for clients."""
        return f"http://{self.address[0]}:{self.address[1]}"

    def post(self, operation: str, message: dict[str, Any]) -> dict[str, Any]:
        """Send one request and return its answer; `operation` is one of the tracking API, or a path that begins with /.

        Raises:
            BenchmarkError: The answer is not of status 2xx.
        """
        path = operation if operation.startswith("/") else API + operation
        status, body = self._request("POST", path, message)
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
            headers = {"Content-Type": "application/json"}
            if self.authorization:
                headers["Authorization"] = self.authorization
            connection.request(method, path, body, headers)
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
def serving(contestant: Contestant, *, users: bool = False) -> Iterator[Server]:
    """Start a contestant's server over a fresh store, with users or without; it is ended and its store deleted.

    Raises:
        BenchmarkError: It does not start.
    """
    with sandbox() as place:
        server = Server(contestant, place, users=users)
        try:
            yield server
        finally:
            server.end()


def basic(username: str, password: str) -> str:
    """A user's name and password as a request says them."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
