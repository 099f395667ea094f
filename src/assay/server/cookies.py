"""One cookie among what a browser sends, found without taking the others apart.

A stranger may send a megabyte of them, and the event loop has better things to do.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Cookie:
    """A cookie by its name; the first one counts."""

    def __init__(self, name: str) -> None:
        wanted = re.escape(name.encode())
        self._start = len(name) + 1
        self._find = re.compile(rb"%b=(?:(?<=;%b=)|(?<=; %b=))[^; ]+" % (wanted, wanted, wanted)).search

    def said(self, headers: Mapping[bytes, bytes]) -> str:
        """It with its name, as it was sent; empty where it was not, or says nothing."""
        found = self._find(b";" + headers.get(b"cookie", b""))
        return found[0].decode("latin-1") if found else ""

    def value(self, headers: Mapping[bytes, bytes]) -> str:
        """What it says."""
        return self.said(headers)[self._start :]
