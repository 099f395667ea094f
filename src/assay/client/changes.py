"""What a working tree holds beyond its commit: the patch of tracked files, and the names of untracked ones.

`git` is asked, from a thread in the background: with its hooks, file system monitors and converters left out, without
taking a lock, and for no longer than a few seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from assay.core.settings import environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATCH_BYTES = 400_000
"""A patch is cut, between files, where it would be longer."""
_NAMES_BYTES = 4_000
_SECONDS = 4.0
_PAUSE_SECONDS = 0.05
_BEGINNING = b"diff --git "
_DIFF = ("diff", "HEAD", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
_UNTRACKED = ("ls-files", "--others", "--exclude-standard", "--directory", "-z")


def uncommitted_patch(tree: Path) -> tuple[bytes, list[str]]:
    """A patch for `git apply` from the commit to the tracked files as they are, and which files it leaves out.

    Binary files are left out, and files beyond `PATCH_BYTES`. Both are empty without changes, commit, or `git`.
    """
    output, whole = _git(tree, *_DIFF, limit=PATCH_BYTES)
    if not output.startswith(_BEGINNING):
        return b"", []
    sections = [_BEGINNING + part for part in (b"\n" + output).split(b"\n" + _BEGINNING)[1:]]
    sections = [part if part.endswith(b"\n") else part + b"\n" for part in sections]
    left_out = [] if whole else [f"{_name(sections.pop())} and what follows"]
    binary = [part for part in sections if b"\nBinary files " in part]
    left_out = [*map(_name, binary), *left_out]
    return b"".join(part for part in sections if part not in binary), left_out


def untracked_files(tree: Path) -> list[str]:
    """Files and directories that `git` neither tracks nor ignores, as far as they fit into a few thousand bytes."""
    output, whole = _git(tree, *_UNTRACKED, limit=_NAMES_BYTES)
    names = output.decode(errors="replace").split("\0")
    return names[:-1] if whole else [*names[:-1], "…"]


def may_be_kept(file: Path) -> bool:
    """Whether a file is not one that `git` ignores; outside of any repository, too."""
    command = _command(file.parent, "check-ignore", "--quiet", "--", file.name)
    if command is None:
        return True
    try:
        done = subprocess.run(  # noqa: S603 -- git itself
            command, env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode != 0


def _name(section: bytes) -> str:
    first = section.split(b"\n", 1)[0].removeprefix(_BEGINNING)
    return first.decode(errors="replace").partition(" b/")[0].removeprefix("a/")


def _git(tree: Path, *arguments: str, limit: int) -> tuple[bytes, bool]:
    """The first bytes of what git prints, and whether that is all; nothing where it fails or takes too long."""
    command = _command(tree, *arguments)
    if command is None:
        return b"", True
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(  # noqa: S603 -- git itself
                command, env=_environment(), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
            )
        except OSError:
            return b"", True
        ended = _await(process, lambda: os.fstat(output.fileno()).st_size > limit)
        output.seek(0)
        printed = output.read(limit + 1)
    if len(printed) > limit:
        return printed[:limit], False
    return (printed if ended and process.returncode == 0 else b""), True


def _await(process: subprocess.Popen[bytes], enough: Callable[[], bool]) -> bool:
    """Whether a process ends by itself, in time and before it has said enough; no thread: the program may be ending."""
    deadline = time.monotonic() + _SECONDS
    while True:
        try:
            process.wait(_PAUSE_SECONDS)
        except subprocess.TimeoutExpired:
            if time.monotonic() < deadline and not enough():
                continue
            process.kill()
            process.wait()
            return False
        return True


def _command(tree: Path, *arguments: str) -> list[str] | None:
    program = shutil.which("git")
    if program is None:
        return None
    return [program, "-C", str(tree), "-c", "core.fsmonitor=false", "-c", "core.quotePath=false", *arguments]


def _environment() -> dict[str, str]:
    return {**environment(), "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
