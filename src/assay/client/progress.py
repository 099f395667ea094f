"""One line on a terminal that says how far a transfer is."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, TextIO

from assay.core import settings

if TYPE_CHECKING:
    from types import TracebackType

_SILENT_SECONDS = 0.5
_STEP_SECONDS = 0.2
_UNITS = ("B", "kB", "MB", "GB", "TB")


class Progress:
    """Counts bytes and files, and shows them on stderr while it is a terminal and not switched off.

    A transfer of less than half a second shows nothing, and nothing stays on the screen at the end.

    Args:
        title: what is done, such as `Uploading`.
        size: bytes in all; 0 when nobody knows.
        files: files in all.
        stream: where to show it; stderr by default.
    """

    def __init__(self, title: str, *, size: int = 0, files: int = 1, stream: TextIO | None = None) -> None:
        self._title = title
        self._size = size
        self._files = files
        self._stream = stream or sys.stderr
        self._shown = _is_terminal(self._stream) and settings.artifacts_progress_bar.get()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._next = self._began + _SILENT_SECONDS
        self._painted = False
        self.done = 0
        self.done_files = 0

    def __enter__(self) -> Progress:  # noqa: PYI034 -- typing.Self needs Python 3.11
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            if self._painted:
                self._stream.write("\r\033[K")
                self._stream.flush()

    def add(self, size: int, *, files: int = 0) -> None:
        """Count bytes and files that are through; from any thread."""
        with self._lock:
            self.done += size
            self.done_files += files
            now = time.monotonic()
            if self._shown and now >= self._next:
                self._next = now + _STEP_SECONDS
                self._painted = True
                self._stream.write(f"\r{self.line(now - self._began)}\033[K")
                self._stream.flush()

    def line(self, seconds: float) -> str:
        """The line after so many seconds."""
        parts = [self._title]
        if self._files > 1:
            parts.append(f"{self.done_files:,} of {self._files:,} files")
        parts.append(f"{shown_size(self.done)} of {shown_size(self._size)}" if self._size else shown_size(self.done))
        rate = self.done / seconds if seconds else 0.0
        parts.append(f"{shown_size(rate)}/s")
        left = self._seconds_left(seconds, rate)
        if left is not None:
            parts.append(f"{_duration(left)} left")
        return " · ".join(parts)

    def _seconds_left(self, seconds: float, rate: float) -> float | None:
        """By bytes, or by files where those are what takes the time."""
        guesses = []
        if self._size and rate:
            guesses.append((self._size - self.done) / rate)
        if self._files > 1 and self.done_files:
            guesses.append((self._files - self.done_files) * seconds / self.done_files)
        return max(0.0, *guesses) if guesses else None


def shown_size(size: float) -> str:
    """A number of bytes as people read it."""
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} {_UNITS[-1]}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"


def _is_terminal(stream: TextIO) -> bool:
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # something else stands for stderr, or it is closed
        return False
