"""What a run prints, kept as artifact files that grow while the run goes on.

`print` pays for one more function call: a thread collects what was printed, every two seconds, and writes the files
`console.log`, `console.2.log` and so on, of a megabyte each, so that the last one alone has to be written anew. What
a terminal would show in the end is kept: a progress bar's line counts once, in its last state, and colours are left
out.
"""

from __future__ import annotations

import os
import re
import sys
import threading
import traceback
from collections import deque
from typing import TYPE_CHECKING, Any

from assay.core import settings
from assay.core.errors import AssayError
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

FILE_BYTES = 1 << 20
_FLUSH_SECONDS = 2.0
_FIRST_SECONDS = 0.5
_END_SECONDS = 10.0
_CONTROL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])|[\x00-\x08\x0b\x0c\x0e-\x1f]"
)
"""Sequences that colour text or move the cursor, and other characters that show nothing."""
_STREAMS = ("stdout", "stderr")
_log = logger("client")


class _Tee:
    """A text stream that hands what is written to the listeners besides; everything else is the stream's own."""

    def __init__(self, stream: Any, name: str) -> None:
        self.__dict__.update(_stream=stream, _name=name, _write=stream.write)

    def write(self, text: str) -> int:
        written: int = self._write(text)
        for console in _listeners:
            console.hear(self._name, text)
        return written

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._stream, name, value)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __enter__(self) -> _Tee:  # noqa: PYI034 -- typing.Self needs Python 3.11
        return self

    def __exit__(self, *details: object) -> None:
        self._stream.__exit__(*details)

    def original(self) -> Any:
        return self._stream


class Console:
    """Listens to standard output and standard error until it is stopped."""

    def __init__(self, keep: Callable[[str, bytes], None]) -> None:
        """Begin; `keep` stores a file, given its artifact path and content."""
        self._keep = keep
        self._heard: deque[tuple[str, str]] = deque()
        self._screen = Screen()
        self._file = 1
        self._text = ""
        self._written: bytes | None = None
        self._failed = False
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="assay-console", daemon=True)
        _listen(self)
        self._thread.start()

    def hear(self, stream: str, text: str) -> None:
        """Take what was written to a stream; called by whoever prints."""
        self._heard.append((stream, text))

    def fail(self, error: BaseException) -> None:
        """Add the traceback of the exception that ends the run; the interpreter prints it too late for us."""
        self.hear("stderr", "".join(traceback.format_exception(type(error), error, error.__traceback__)))

    def stop(self) -> None:
        """End, with everything kept."""
        _unlisten(self)
        self._stop.set()
        self._thread.join(_END_SECONDS)
        self.flush()

    def flush(self) -> None:
        """Keep what was heard so far."""
        with self._lock:
            while self._heard:
                self._screen.show(*self._heard.popleft())
            self._text += self._screen.take_lines()
            while len(self._text) >= FILE_BYTES:
                cut = self._text.rfind("\n", 0, FILE_BYTES) + 1 or FILE_BYTES
                self._write(self._text[:cut])
                self._text = self._text[cut:]
                self._file += 1
                self._written = None
            self._write(self._text + self._screen.unfinished())

    def _write(self, text: str) -> None:
        data = text.encode(errors="replace")
        if data == (self._written or b""):
            return
        try:
            self._keep("console.log" if self._file == 1 else f"console.{self._file}.log", data)
        except (AssayError, OSError) as error:
            if not self._failed:
                _log.warning("What the run prints cannot be kept now: %s", error)
            self._failed = True
            return
        self._written = data
        self._failed = False

    def _watch(self) -> None:
        pause = _FIRST_SECONDS
        while not self._stop.wait(pause):
            self.flush()
            pause = _FLUSH_SECONDS


class Screen:
    """What streams of text would show on a terminal, line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._open: dict[str, str] = {}

    def show(self, stream: str, text: str) -> None:
        """Add text of a stream; lines of streams stand in the order in which they end."""
        *ended, rest = (self._open.get(stream, "") + text).split("\n")
        self._lines += [settled(line) for line in ended]
        if rest.count("\r") > 1:  # hold no more of a line than can still be seen
            tail = "\r" if rest.endswith("\r") else ""
            rest = settled(rest) + tail
        self._open[stream] = rest

    def take_lines(self) -> str:
        """The lines that have ended since the last call."""
        lines, self._lines = self._lines, []
        return "".join(f"{line}\n" for line in lines)

    def unfinished(self) -> str:
        """The lines that have not ended."""
        return "\n".join(line for line in map(settled, self._open.values()) if line)


def settled(line: str) -> str:
    """What is left to see of a line with carriage returns: each begins it anew, over what was there."""
    shown = ""
    for part in _CONTROL.sub("", line).split("\r"):
        shown = part + shown[len(part) :] if part else shown
    return shown.rstrip()


def start(keep: Callable[[str, bytes], None], *, asked: bool | None) -> Console | None:
    """A console where the caller or the settings ask for one."""
    wanted = settings.log_console.get() if asked is None else asked
    return Console(keep) if wanted else None


_listeners: list[Console] = []
_lock = threading.Lock()


def _listen(console: Console) -> None:
    with _lock:
        for name in _STREAMS:
            stream = getattr(sys, name)
            if stream is not None and not isinstance(stream, _Tee):
                setattr(sys, name, _Tee(stream, name))
        _listeners.append(console)


def _unlisten(console: Console) -> None:
    with _lock:
        if console in _listeners:
            _listeners.remove(console)
        for name in _STREAMS:
            stream = getattr(sys, name)
            if not _listeners and isinstance(stream, _Tee):
                setattr(sys, name, stream.original())


def _end_in_child() -> None:
    """A forked child has no thread that collects: what it prints is its own."""
    global _lock  # noqa: PLW0603 -- it may have been held when the process was forked
    _lock = threading.Lock()
    for console in _listeners.copy():
        _unlisten(console)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_end_in_child)
