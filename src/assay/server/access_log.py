"""One line a request on stderr, written by a thread of its own: a request pays for adding to a list, no more."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core.redaction import redacted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from assay.server.answers import Answer

_PAUSE = 0.2
_MOST_WAITING = 50_000
_WHOLE_BYTES = 4096
"""What systems write to a pipe in one piece."""
_LONGEST_PATH = 1000


class Entry(NamedTuple):
    """What is said of one request. `path` is as it came, without the query; `seconds` is the time it took."""

    at: float
    client: str
    method: str
    path: bytes
    status: int
    seconds: float
    size: int
    request_id: str


def entry_of(scope: Mapping[str, Any], answer: Answer, begun: float) -> Entry:
    """The entry of a request that has been answered; `begun` is when it came, by `time.perf_counter`."""
    took = time.perf_counter() - begun
    caller = scope.get("state", {}).get("caller")
    client = caller.address if caller is not None else scope["client"][0] if scope["client"] else "-"
    sent = (answer.status, took, answer.size, answer.request_id)
    return Entry(time.time(), client, scope["method"], scope["raw_path"], *sent)


class AccessLog:
    """Writes entries in bulk. When the reader of the log is too slow, the oldest waiting lines are dropped."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._entries: deque[Entry] = deque(maxlen=_MOST_WAITING)
        self._wake = threading.Event()
        self._awake = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="assay-access-log", daemon=True)
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Note a request; it is written within a moment."""
        self._entries.append(entry)
        if not self._awake:
            self._awake = True
            self._wake.set()

    def close(self) -> None:
        """Write what waits."""
        self._closed = True
        self._wake.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        while not self._closed:
            self._wake.wait()
            if not self._closed:
                time.sleep(_PAUSE)
            self._wake.clear()
            self._awake = False  # first: what is added from now on wakes the thread again
            if not self._write():
                return

    def _write(self) -> bool:
        entries = self._entries
        waiting: list[str] = []
        size = 0
        try:
            while entries:
                line = _line(entries.popleft())
                if size + len(line) > _WHOLE_BYTES:
                    self._say(waiting)
                    size = 0
                waiting.append(line)
                size += len(line)
            self._say(waiting)
        except (OSError, ValueError):  # stderr is gone; the requests matter more
            return False
        return True

    def _say(self, waiting: list[str]) -> None:
        """Write lines so that other processes, which write to the same place, do not break into them."""
        self._stream.write("".join(waiting))
        self._stream.flush()
        waiting.clear()


def _line(entry: Entry) -> str:
    when = time.strftime("%H:%M:%S", time.localtime(entry.at))
    path = redacted(entry.path[:_LONGEST_PATH].decode("ascii", errors="backslashreplace"))
    return (
        f"{when} {entry.client} {entry.method} {path} {entry.status} {entry.seconds * 1000:.1f} ms {entry.size} bytes "
        f"{entry.request_id}\n"
    )
