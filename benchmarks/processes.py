"""Start, watch and end the processes that a benchmark measures. Needs Linux's /proc."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

REPOSITORY = Path(__file__).resolve().parents[1]
CACHE = REPOSITORY / ".cache"

_MARK = "BENCHMARK_SANDBOX"
_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
_SECONDS_TO_END = 10.0
_QUIET = 0.05


@dataclass(frozen=True)
class Memory:
    """Memory of several processes, in bytes.

    Attributes:
        resident: The sum of what each process has resident; pages that two processes share count twice.
        proportional: The same, with each shared page divided among the processes that share it.
        processes: How many processes were counted.
    """

    resident: int
    proportional: int
    processes: int


class Sandbox:
    """A fresh directory and a clean environment, inherited by every process started in it.

    Processes are found again by a mark in their environment, so that one that detached itself from its parent is
    still counted and still ended.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._mark = uuid.uuid4().hex
        self.environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self.environment |= {
            _MARK: self._mark,
            "HOME": str(directory),
            "DO_NOT_TRACK": "true",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        }

    def start(self, arguments: Sequence[str], *, log: Path) -> "subprocess.Popen[bytes]":
        """Start a process that writes its output and errors to the file `log`."""
        with log.open("ab") as output:
            return self._popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def converse(self, arguments: Sequence[str], *, log: Path) -> "subprocess.Popen[bytes]":
        """Start a process to talk with over its standard input and output; its errors go to the file `log`."""
        with log.open("ab") as errors:
            return self._popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)

    def _popen(
        self, arguments: Sequence[str], *, stdin: int, stdout: int | IO[bytes], stderr: IO[bytes]
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            arguments, stdin=stdin, stdout=stdout, stderr=stderr, cwd=self.directory, env=self.environment
        )

    def processes(self) -> list[int]:
        """The ids of all living processes that were started here, directly or by a descendant."""
        mark = f"{_MARK}={self._mark}".encode()
        return [pid for pid in _all_processes() if mark in _read(pid, "environ").split(b"\0")]

    def memory(self) -> Memory:
        """The memory of all processes of this sandbox."""
        pids = self.processes()
        resident = sum(_kibibytes(pid, "status", b"VmRSS:") for pid in pids)
        proportional = sum(_kibibytes(pid, "smaps_rollup", b"Pss:") for pid in pids)
        return Memory(resident * 1024, proportional * 1024, len(pids))

    def peak_memory(self) -> int:
        """The most that each living process of this sandbox ever had resident, in bytes, summed up."""
        return sum(_kibibytes(pid, "status", b"VmHWM:") for pid in self.processes()) * 1024

    def cpu_seconds(self) -> float:
        """The processor time that the living processes of this sandbox have used so far."""
        ticks = 0
        for pid in self.processes():
            # The name of the program, the second field, may hold spaces; times are counted from after it.
            fields = _read(pid, "stat").rpartition(b")")[2].split()
            ticks += int(fields[11]) + int(fields[12]) if fields else 0
        return ticks / os.sysconf("SC_CLK_TCK")

    def wait_until_quiet(self, *, seconds: float) -> float:
        """Wait until the processes use little of a core, for a server may go on starting after its first answer.

        Args:
            seconds: How long to wait at most.

        Returns:
            The part of one core that was in use in the last second.
        """
        deadline = time.monotonic() + seconds
        while True:
            before = self.cpu_seconds()
            time.sleep(1.0)
            used = max(0.0, self.cpu_seconds() - before)
            if used <= _QUIET or time.monotonic() > deadline:
                return used

    def end(self) -> None:
        """End every process of this sandbox: politely, then by force."""
        self.signal(signal.SIGTERM)
        deadline = time.monotonic() + _SECONDS_TO_END
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process of this sandbox."""
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue


@contextmanager
def sandbox() -> Iterator[Sandbox]:
    """A sandbox in a new directory of the checkout's disk; its processes are ended and its files deleted."""
    parent = CACHE / "benchmarks"
    parent.mkdir(parents=True, exist_ok=True)
    directory = Path(tempfile.mkdtemp(dir=parent))
    place = Sandbox(directory)
    try:
        yield place
    finally:
        place.end()
        shutil.rmtree(directory, ignore_errors=True)


def log_tail(log: Path, *, lines: int = 6) -> str:
    """The last lines of a log file, to show in an error."""
    if not log.exists():
        return "(no output)"
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) or "(no output)"


def _all_processes() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    # A process may end, or belong to someone else, between listing and reading: it then has nothing to tell.
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _kibibytes(pid: int, name: str, field: bytes) -> int:
    for line in _read(pid, name).splitlines():
        if line.startswith(field):
            return int(line.split()[1])
    return 0
