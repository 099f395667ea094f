"""Logger names and the one-time set-up that the command line uses."""

from __future__ import annotations

import logging
import sys

ROOT = "assay"


def logger(name: str) -> logging.Logger:
    """The logger of a part of Assay, such as `assay.client`."""
    return logging.getLogger(f"{ROOT}.{name}")


def set_up(level: str) -> None:
    """Log to stderr as `time level message`, for the commands; a library never calls this."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)-7s %(message)s", "%H:%M:%S"))
    root = logging.getLogger(ROOT)
    root.handlers[:] = [handler]
    root.propagate = False
    try:
        root.setLevel(level.upper())
    except ValueError:
        root.setLevel(logging.INFO)
        root.warning("Unknown log level %r; using INFO.", level)
