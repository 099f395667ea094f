"""What writers that died left in local directories: files under names that no list shows, and nobody touches again."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from assay.blobs.base import PARTIAL_PREFIX

if TYPE_CHECKING:
    from pathlib import Path

ABANDONED_SECONDS = 24 * 3600.0
"""No writer pauses for so long: the server ends an upload after a minute of silence."""
_swept: set[Path] = set()
_NAME = re.compile(re.escape(PARTIAL_PREFIX) + r"[0-9a-f]{32}")


def sweep_tree(root: Path, *, idle_seconds: float = ABANDONED_SECONDS) -> int:
    """Remove what was left anywhere below a root and not written to for so long; returns how many files.

    Directories are entered by descriptor and links are not followed, so nothing outside of the root is touched. What
    belongs to uploads in parts is left: they look after their own.
    """
    removed = 0
    if not root.is_dir():
        return removed
    for _, directories, names, descriptor in os.fwalk(root, follow_symlinks=False):
        directories[:] = [name for name in directories if not name.startswith(PARTIAL_PREFIX)]
        removed += _sweep(descriptor, names, idle_seconds)
    return removed


def sweep_once(root: Path, descriptor: int) -> None:
    """The same for one open directory below the root, at this process's first write there."""
    if root not in _swept:
        _swept.add(root)
        _sweep(descriptor, os.listdir(descriptor), ABANDONED_SECONDS)


def _sweep(directory: int, names: list[str], idle_seconds: float) -> int:
    removed = 0
    for name in names:
        if not _NAME.fullmatch(name):
            continue
        with suppress(FileNotFoundError):  # it got its name, or somebody else swept it
            facts = os.stat(name, dir_fd=directory, follow_symlinks=False)
            if stat.S_ISREG(facts.st_mode) and time.time() - facts.st_mtime > idle_seconds:
                os.unlink(name, dir_fd=directory)
                removed += 1
    return removed
