"""A load generator: a few keep-alive connections in one process, with next to no work of its own.

Requests are ready-made bytes and answers are only measured, so that on two cores the generator leaves nearly one to the
server. Each connection has one request under way at a time, as a training script has.
"""

import gc
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import quantiles

from benchmarks.answers import Answer
from benchmarks.errors import BenchmarkError

_SECONDS_WITHOUT_ANSWER = 120.0
_PIECE = 1 << 18


@dataclass
class Load:
    """What came back while the load lasted.

    Attributes:
        seconds: How long it lasted.
        latencies: Seconds from the first byte sent to the last received, of each answer of status 2xx in that time.
        failures: How many answers were not 2xx; they count nowhere else.
        first_failure: The status and the beginning of the body of the first of them.
        generator_share: The part of one core that the generator itself used, 0 to 1.
        bodies: The bodies of the answers, where they were asked for.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0
    first_failure: str = ""
    generator_share: float = 0.0
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    def percentile(self, percent: int) -> float:
        """A percentile of the latencies, in seconds."""
        if len(self.latencies) < 2:
            return self.latencies[0] if self.latencies else inf
        return quantiles(self.latencies, n=100, method="inclusive")[percent - 1]


def drive(
    address: tuple[str, int], streams: Sequence[Iterator[bytes]], *, seconds: float = inf, keep: bool = False
) -> Load:
    """Send each stream of requests over a connection of its own.

    Args:
        address: Host and port of the server.
        streams: One stream per connection; an endless one is cut off after `seconds`.
        seconds: How long to send. Requests under way at the end are waited for and not counted.
        keep: Keep the bodies of the answers.

    Raises:
        BenchmarkError: The server closed a connection in the middle of an answer, or does not answer.
    """
    load = Load()
    connections = [_Connection(address, stream) for stream in streams]
    gc.disable()
    try:
        _exchange(connections, load, seconds=seconds, keep=keep)
    except OSError as error:
        raise BenchmarkError(f"The connection to port {address[1]} broke: {error}") from error
    finally:
        gc.enable()
        for connection in connections:
            connection.socket.close()
    return load


class _Connection:
    """One keep-alive connection and the request that is under way on it."""

    __slots__ = ("_address", "answer", "rest", "socket", "started", "stream")

    def __init__(self, address: tuple[str, int], stream: Iterator[bytes]) -> None:
        self._address = address
        self.stream = stream
        self.started = 0.0
        self.rest = memoryview(b"")
        self.answer = Answer()
        self.socket = self._connect()

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(self._address, timeout=30)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setblocking(False)
        return connection

    def send_next(self) -> bool:
        """Begin the next request; say whether there was one."""
        request = next(self.stream, None)
        if request is None:
            return False
        self.rest = memoryview(request)
        self.answer = Answer()
        self.started = time.perf_counter()
        self.send_rest()
        return True

    def send_rest(self) -> None:
        try:
            self.rest = self.rest[self.socket.send(self.rest) :]
        except BlockingIOError:
            return

    def events(self) -> int:
        return select.POLLIN | select.POLLOUT if self.rest else select.POLLIN


def _exchange(connections: Sequence[_Connection], load: Load, *, seconds: float, keep: bool) -> None:
    poll = select.poll()
    busy = {connection.socket.fileno(): connection for connection in connections}
    begun, used = time.perf_counter(), time.process_time()
    deadline = begun + seconds
    for number, connection in list(busy.items()):
        if connection.send_next():
            poll.register(number, connection.events())
        else:
            del busy[number]
    while busy:
        ready = poll.poll(_SECONDS_WITHOUT_ANSWER * 1000)
        if not ready:
            raise BenchmarkError(f"No answer in {_SECONDS_WITHOUT_ANSWER:.0f} s.")
        for number, event in ready:
            connection = busy[number]
            if event & select.POLLOUT:
                connection.send_rest()
                poll.modify(number, connection.events())
            if not event & ~select.POLLOUT or not _receive(connection, load, deadline=deadline, keep=keep):
                continue
            if time.perf_counter() < deadline and connection.send_next():
                if connection.rest:
                    poll.modify(number, connection.events())
            else:
                poll.unregister(number)
                del busy[number]
    load.seconds = min(time.perf_counter(), deadline) - begun
    load.generator_share = (time.process_time() - used) / (time.perf_counter() - begun)


def _receive(connection: _Connection, load: Load, *, deadline: float, keep: bool) -> bool:
    """Read what has come; say whether the answer is whole, and count it."""
    data = connection.socket.recv(_PIECE)
    if not data:
        raise BenchmarkError("The server closed a connection before it had answered.")
    answer = connection.answer
    if not answer.feed(data):
        return False
    now = time.perf_counter()
    if not 200 <= answer.status < 300:
        load.failures += 1
        load.first_failure = load.first_failure or f"{answer.status} {answer.body()[:300]!r}"
    elif now <= deadline:
        load.latencies.append(now - connection.started)
    if keep:
        load.bodies.append(answer.body())
    return True
