"""Keep-alive HTTP connections over the standard library's `http.client`: TLS, proxies, credentials, timeouts.

urllib3 would come on top of `http.client`, not in its place: it imports it (and with it `ssl`), and takes 20 ms more to
start. A pool that is safe across threads and forks, and proxies from the environment, are all that was missing.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import threading
import urllib.request
from base64 import b64encode
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

import msgspec

from assay import __version__
from assay.core import settings, uri
from assay.core.bodies import FileSlice, Incoming, lower_headers
from assay.core.errors import ConfigurationError, ServerNotTrusted, ServerUnreachable, from_wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Body = bytes | IO[bytes] | FileSlice | None

USER_AGENT = f"assay-python/{__version__}"
_MAX_IDLE = 16
_CONNECT_SECONDS = 10.0
_BLOCK = 256 << 10
_CREDENTIALS_FILE = Path("~/.mlflow/credentials")
_DROPPED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError, http.client.CannotSendRequest)


@dataclass(frozen=True)
class Answer:
    """What the server said; `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Timeouts(msgspec.Struct, frozen=True):
    """Seconds to wait for a connection, and for each part of the answer."""

    connect: float
    read: float

    @classmethod
    def within(cls, seconds: float) -> Timeouts:
        """At most so many seconds for each part of the answer, and no more than ten for the connection."""
        return cls(min(_CONNECT_SECONDS, seconds), seconds)


@dataclass
class _Pool:
    """Idle connections of one process: a forked child must not write into its parent's."""

    pid: int = field(default_factory=os.getpid)
    idle: list[http.client.HTTPConnection] = field(default_factory=list)


class Connections:
    """Requests to one server, from any thread and across forks.

    Args:
        base_url: the address of the server; a path in it is kept in front of every request's path.
        credentials: gives the `Authorization` header, or None; asked anew for every request.
    """

    def __init__(self, base_url: str, *, credentials: Callable[[], str | None] | None = None) -> None:
        parts = _address(base_url)
        self.base_url = uri.redact(base_url)
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname or "", parts.port or (443 if self._secure else 80)
        self._prefix = parts.path.rstrip("/")
        self._own = _basic(parts.username, parts.password or "") if parts.username else None
        self.credentials = credentials or credentials_header
        self._proxy = _proxy_for(parts.scheme, self._host)
        self._pool = _Pool()
        self._lock = threading.Lock()
        self._tls: ssl.SSLContext | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        body: Body = None,
        headers: Mapping[str, str] | None = None,
        timeouts: Timeouts | None = None,
    ) -> Answer:
        """Send one request and read the whole answer. A body that is a file is streamed.

        Raises:
            ServerUnreachable: no connection, or it broke before the answer was complete.
            AssayError: the answer is an error; of the class that its code or status names.
        """
        with _Exchange(self, method, path, body, headers=headers or {}, timeouts=timeouts) as response:
            answer = Answer(response.status, lower_headers(response), response.read())
        return checked(answer, f"{self.base_url}{path.partition('?')[0]}")

    def download(
        self, path: str, *, headers: Mapping[str, str] | None = None, timeouts: Timeouts | None = None
    ) -> Iterator[bytes]:
        """The body of a GET in chunks of at most a mebibyte.

        Raises:
            ServerUnreachable: no connection, or it broke before the answer was complete.
            AssayError: the answer is an error.
        """
        with self.incoming(path, headers=headers, timeouts=timeouts) as answer:
            yield from answer

    @contextmanager
    def incoming(
        self, path: str, *, headers: Mapping[str, str] | None = None, timeouts: Timeouts | None = None
    ) -> Iterator[Incoming]:
        """The answer to a GET, to be read within the block.

        Raises:
            ServerUnreachable: no connection, or it broke before the answer was complete.
            AssayError: the answer is an error.
        """
        with _Exchange(self, "GET", path, None, headers=headers or {}, timeouts=timeouts) as response:
            if response.status >= 300:
                checked(Answer(response.status, lower_headers(response), response.read()), f"{self.base_url}{path}")
            yield Incoming(response)

    def close(self) -> None:
        """Close idle connections."""
        with self._lock:
            pool, self._pool = self._pool, _Pool()
        if pool.pid == os.getpid():
            for connection in pool.idle:
                connection.close()

    def __del__(self) -> None:
        if hasattr(self, "_lock"):
            self.close()

    def target(self, path: str) -> str:
        """What stands in the request line: a path, or the whole address when a proxy forwards plain HTTP."""
        path = self._prefix + path
        if self._proxy and not self._secure:
            return f"http://{self._authority()}{path}"
        return path

    def standard_headers(self) -> dict[str, str]:
        """The headers of every request."""
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
        authorization = self.credentials() or self._own
        if authorization:
            headers["Authorization"] = authorization
        if self._proxy and not self._secure and self._proxy.username:
            headers["Proxy-Authorization"] = _basic(self._proxy.username, self._proxy.password or "")
        return headers

    def take(self, timeouts: Timeouts | None) -> tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it was used before."""
        limits = timeouts or Timeouts.within(settings.http_timeout.get())
        if self._pool.pid != os.getpid():  # a forked child: its parent may have held the lock
            self._lock, self._pool = threading.Lock(), _Pool()
        with self._lock:
            connection = self._pool.idle.pop() if self._pool.idle else None
        if connection is not None and connection.sock is not None:
            connection.sock.settimeout(limits.read)
            return connection, True
        return self._connect(limits), False

    def give(self, connection: http.client.HTTPConnection) -> None:
        """Keep a connection whose answer was read to its end."""
        with self._lock:
            if self._pool.pid == os.getpid() and len(self._pool.idle) < _MAX_IDLE and connection.sock is not None:
                self._pool.idle.append(connection)
                return
        connection.close()

    def _authority(self) -> str:
        host = f"[{self._host}]" if ":" in self._host else self._host
        return host if self._port == (443 if self._secure else 80) else f"{host}:{self._port}"

    def _connect(self, limits: Timeouts) -> http.client.HTTPConnection:
        host, port = self._host, self._port
        if self._proxy:
            host, port = self._proxy.hostname or "", self._proxy.port or 80
        if self._secure:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=limits.connect, context=self._context(), blocksize=_BLOCK
            )
            if self._proxy:
                headers = {}
                if self._proxy.username:
                    headers["Proxy-Authorization"] = _basic(self._proxy.username, self._proxy.password or "")
                connection.set_tunnel(self._host, self._port, headers)
        else:
            connection = http.client.HTTPConnection(host, port, timeout=limits.connect, blocksize=_BLOCK)
        try:
            connection.connect()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise unreachable(self.base_url, error) from error
        connection.sock.settimeout(limits.read)
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return connection

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = _tls_context()
        return self._tls


class _Exchange:
    """One request and its response; a kept connection that the server had closed meanwhile is replaced once."""

    def __init__(
        self,
        connections: Connections,
        method: str,
        path: str,
        body: Body,
        *,
        headers: Mapping[str, str],
        timeouts: Timeouts | None,
    ) -> None:
        self._connections = connections
        self._request = (method, connections.target(path), body)
        self._headers = {**connections.standard_headers(), **headers}
        self._timeouts = timeouts
        self._connection: http.client.HTTPConnection | None = None
        self._response: http.client.HTTPResponse | None = None

    def __enter__(self) -> http.client.HTTPResponse:
        while True:
            self._connection, used = self._connections.take(self._timeouts)
            try:
                return self._send(self._connection)
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                if used and isinstance(error, _DROPPED) and self._rewind():
                    continue
                raise unreachable(self._connections.base_url, error) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        connection = self._connection
        if connection is None:
            return
        if kind is None and self._response is not None and self._response.isclosed():
            self._connections.give(connection)
            return
        connection.close()
        if isinstance(error, OSError | http.client.HTTPException):
            raise unreachable(self._connections.base_url, error) from error

    def _send(self, connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
        method, target, body = self._request
        headers = self._headers
        if body is not None and not isinstance(body, bytes):
            length = len(body) if isinstance(body, FileSlice) else os.fstat(body.fileno()).st_size - body.tell()
            headers = {**headers, "Content-Length": str(length)}
        connection.request(method, target, body=body, headers=headers)
        self._response = connection.getresponse()
        return self._response

    def _rewind(self) -> bool:
        body = self._request[2]
        if body is not None and not isinstance(body, bytes):
            body.seek(0)
        return True


def checked(answer: Answer, address: str) -> Answer:
    """The answer, when it is no error.

    Raises:
        AssayError: it is one; `retry_after` on it holds the seconds that the server asked to wait.
    """
    if answer.status < 300:
        return answer
    code, message = _error_fields(answer.body)
    if not message:
        message = f"{address} answered with status {answer.status}. Check the address of the server."
    error = from_wire(code, message, answer.status)
    error.status = answer.status
    seconds = answer.headers.get("retry-after", "")
    error.retry_after = float(seconds) if seconds.isdecimal() else None
    raise error


def _error_fields(body: bytes) -> tuple[str | None, str]:
    try:
        fields = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None, ""
    if not isinstance(fields, dict) or not isinstance(fields.get("error_code"), str):
        return None, ""
    return fields["error_code"], str(fields.get("message", ""))


def unreachable(address: str, error: BaseException) -> ServerUnreachable:
    """The error for a server that cannot be spoken to."""
    reason = str(error) or type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        return ServerNotTrusted(
            f"The certificate of the server {address} is not trusted: {error.verify_message or reason}. Set "
            "MLFLOW_TRACKING_SERVER_CERT_PATH to the certificate of whoever signed it."
        )
    return ServerUnreachable(f"The server {address} does not answer: {reason}. Check its address and that it runs.")


def credentials_header() -> str | None:
    """The `Authorization` header from the settings; user name and password win over a token.

    User name and password may also stand in `~/.mlflow/credentials`, where MLflow keeps them.
    """
    username, password = settings.tracking_username.get(), settings.tracking_password.get()
    if not (username and password):
        stored = _stored_credentials()
        username, password = username or stored[0], password or stored[1]
    if username and password:
        return _basic(username, password)
    token = settings.tracking_token.get()
    return f"Bearer {token}" if token else None


def _stored_credentials() -> tuple[str | None, str | None]:
    try:
        text = _CREDENTIALS_FILE.expanduser().read_text("utf-8")
    except (OSError, RuntimeError):
        return None, None
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        section = parser["mlflow"]
    except (ConfigParserError, KeyError) as error:
        raise ConfigurationError(f"{_CREDENTIALS_FILE} has no readable section [mlflow]. Mend or remove it.") from error
    return section.get("mlflow_tracking_username"), section.get("mlflow_tracking_password")


def _address(base_url: str) -> SplitResult:
    try:
        parts = urlsplit(base_url)
        if parts.scheme in ("http", "https") and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # the port is no number, or a bracket is open
        pass
    raise ConfigurationError(f"{uri.redact(base_url)!r} is not the address of a server. Write http://host:port.")


def _basic(username: str, password: str) -> str:
    return "Basic " + b64encode(f"{username}:{password}".encode()).decode("ascii")


def _proxy_for(scheme: str, host: str) -> SplitResult | None:
    proxies = urllib.request.getproxies_environment()
    address = proxies.get(scheme)
    if not address or urllib.request.proxy_bypass(host):
        return None
    return urlsplit(address if "://" in address else f"http://{address}")


def _tls_context() -> ssl.SSLContext:
    authorities = settings.tracking_server_cert_path.get()
    insecure = settings.tracking_insecure_tls.get()
    if authorities and insecure:
        raise ConfigurationError(
            "ASSAY_TRACKING_INSECURE_TLS and ASSAY_TRACKING_SERVER_CERT_PATH contradict each other. Set one of them."
        )
    context = ssl.create_default_context(cafile=authorities)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    certificate = settings.tracking_client_cert_path.get()
    if certificate:
        context.load_cert_chain(certificate)
    return context
