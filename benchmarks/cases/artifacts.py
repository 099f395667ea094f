"""Files up and down, through the server and in a local store."""

import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.field import Field
from benchmarks.processes import sandbox
from benchmarks.rivals import Contestant
from benchmarks.server import Server, serving
from benchmarks.training import Loop

SUMMARY = "a large file and many small ones: up, down, and into a local store; the server's memory meanwhile"

_LOOP = Path(__file__).resolve().parents[1] / "loops" / "transfers.py"
_SECONDS_A_PHASE = 3600.0
_SECONDS_TO_SETTLE = 60.0
_MEBIBYTE = 1 << 20


def measure(field: Field) -> None:
    """Move files with each product's own client, the contestants taking turns."""
    contestants = [contestant for contestant in field.contestants if contestant.has_local_mode]
    field.say(f"  a file of {field.plan.megabytes:,} MB, beside a plain copy of it")
    field.take_turns(1, lambda contestant: _large(field, contestant), among=contestants)
    field.say(f"  {field.plan.files:,} files of 1 KB")
    field.take_turns(1, lambda contestant: _small(field, contestant), among=contestants)


def _large(field: Field, contestant: Contestant) -> None:
    with serving(contestant) as server:
        server.place.wait_until_quiet(seconds=_SECONDS_TO_SETTLE)
        source = server.place.directory / "large.bin"
        size = _fill(source, field.plan.megabytes)
        plain = size / _plain_copy(source)
        before = server.place.peak_memory()
        with _transfers(contestant, server.uri, source, down=True) as loop:
            up = loop.phase("up", seconds=_SECONDS_A_PHASE)
            grown = server.place.peak_memory() - before
            rate = size / up["seconds"]
            field.record("artifact.large.up", contestant, rate / 1e6, call_seconds=up["call_seconds"])
            field.record("artifact.large.share", contestant, 100 * rate / plain, plain_megabytes=plain / 1e6)
            field.record("artifact.large.memory", contestant, grown / 1e6)
            down = loop.phase("down", seconds=_SECONDS_A_PHASE)
            field.record("artifact.large.down", contestant, size / down["seconds"] / 1e6)


def _small(field: Field, contestant: Contestant) -> None:
    count = field.plan.files
    with serving(contestant) as server:
        server.place.wait_until_quiet(seconds=_SECONDS_TO_SETTLE)
        source = _many(server, count)
        with _transfers(contestant, server.uri, source, down=True) as loop:
            up = loop.phase("up", seconds=_SECONDS_A_PHASE)
            field.record("artifact.small.up", contestant, count / up["seconds"], call_seconds=up["call_seconds"])
            down = loop.phase("down", seconds=_SECONDS_A_PHASE)
            field.record("artifact.small.down", contestant, count / down["seconds"])
        with _transfers(contestant, contestant.local_uri(server.place.directory / "store"), source) as loop:
            up = loop.phase("up", seconds=_SECONDS_A_PHASE)
            field.record("artifact.small.local", contestant, count / up["seconds"])


@contextmanager
def _transfers(contestant: Contestant, uri: str, source: Path, *, down: bool = False) -> Iterator[Loop]:
    with sandbox() as place:
        (place.directory / "down").mkdir()
        (source.parent / "store").mkdir(exist_ok=True)
        order = {
            "client": contestant.client,
            "uri": uri,
            "source": str(source),
            "spool": str(place.directory / "spool"),
            "target": str(place.directory / "down") if down else "",
        }
        log = place.directory / "loop.log"
        process = place.converse([str(contestant.python), str(_LOOP), json.dumps(order)], log=log)
        try:
            yield Loop(contestant, process, log)
        finally:
            place.end()
            process.communicate()


def _fill(path: Path, megabytes: int) -> int:
    """Make a file in which no two mebibytes are the same; returns its size in bytes."""
    block = os.urandom(_MEBIBYTE - 8)
    count = max(1, megabytes * 10**6 // _MEBIBYTE)
    with path.open("wb") as file:
        for number in range(count):
            file.write(number.to_bytes(8, "big") + block)
        file.flush()
        os.fsync(file.fileno())
    return count * _MEBIBYTE


def _many(server: Server, count: int) -> Path:
    source = server.place.directory / "many"
    for number in range(count):
        path = source / f"{number % 10}" / f"{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(1024))
    return source


def _plain_copy(source: Path) -> float:
    """Seconds for the bytes to go over one loopback connection into a file that is forced to disk."""
    target = source.with_name("copy.bin")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver = threading.Thread(target=_receive, args=(listener, target))
        receiver.start()
        begun = time.perf_counter()
        with socket.create_connection(listener.getsockname()) as connection, source.open("rb") as file:
            connection.sendfile(file)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)
        took = time.perf_counter() - begun
        receiver.join()
    target.unlink()
    return took


def _receive(listener: socket.socket, target: Path) -> None:
    connection, _ = listener.accept()
    with connection, target.open("wb") as file:
        while chunk := connection.recv(_MEBIBYTE):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
        connection.sendall(b".")
