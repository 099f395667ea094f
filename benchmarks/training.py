"""Talk with the training loop, which runs in a process of its own under a contestant's Python."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from benchmarks.errors import BenchmarkError
from benchmarks.processes import log_tail, sandbox
from benchmarks.rivals import Contestant

if TYPE_CHECKING:
    import subprocess

_LOOP = Path(__file__).resolve().parent / "loops" / "training.py"


class SlowError(BenchmarkError):
    """A phase of the loop did not end in the time it had."""


class Loop:
    """A training loop under way."""

    def __init__(self, contestant: Contestant, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._contestant = contestant
        self._process = process
        self._log = log
        self._lines: queue.Queue[bytes] = queue.Queue()
        threading.Thread(target=self._collect, args=(process.stdout,), daemon=True).start()

    def _collect(self, output: IO[bytes]) -> None:
        for line in output:
            self._lines.put(line)
        self._lines.put(b"")

    def phase(self, name: str, *, seconds: float) -> dict[str, Any]:
        """Wait for the loop to report a phase.

        Raises:
            SlowError: It did not within `seconds`.
            BenchmarkError: It ended without.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise SlowError(f"phase {name!r} of the training loop took more than {seconds:g} s") from None
        if not line:
            raise BenchmarkError(f"the training loop failed before {name!r}:\n{log_tail(self._log)}")
        facts: dict[str, Any] = json.loads(line)
        return facts

    def go_on(self) -> None:
        """Let the loop make its calls."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()


@contextmanager
def training(contestant: Contestant, *, server_uri: str | None = None, calls: int, seconds: float) -> Iterator[Loop]:
    """Start the loop, against a server or else a store of its own; whatever it leaves running is ended.

    Args:
        contestant: Whose client logs.
        server_uri: The server to log to.
        calls: How many metrics to log.
        seconds: When to stop if they take longer.
    """
    with sandbox() as place:
        order = {
            "client": contestant.client,
            "uri": server_uri or contestant.local_uri(place.directory),
            "calls": calls,
            "seconds": seconds,
        }
        log = place.directory / "loop.log"
        process = place.converse([str(contestant.python), str(_LOOP), json.dumps(order)], log=log)
        try:
            yield Loop(contestant, process, log)
        finally:
            place.end()
            process.communicate()
