"""Logger names and the one-time set-up that the command line uses."""

from __future__ import annotations

import logging
import sys

from assay.core.redaction import redacted

ROOT = "assay"


def logger(name: str) -> logging.Logger:
    """The logger of a part of Assay, such as `assay.client`."""
    return logging.getLogger(f"{ROOT}.{name}")


class _Formatter(logging.Formatter):
    """Writes nothing that looks like a key, wherever in a message or a traceback it stands."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record."""
        return redacted(super().format(record))


def set_up(level: str) -> None:
    """Log to stderr as `time level message`, for the commands; a library never calls this."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
    root = logging.getLogger(ROOT)
    root.handlers[:] = [handler]
    root.propagate = False
    try:
        root.setLevel(level.upper())
    except ValueError:
        root.setLevel(logging.INFO)
        root.warning("Unknown log level %r; using INFO.", level)
