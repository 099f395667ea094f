"""What a run was started from, kept beside it: packages, command line, script, and the patch of uncommitted changes.

A thread finds it out after the run has started, so that the start pays for the thread alone. A script's code and
packages are found out once, since they are what the process loaded; a notebook's packages for each run. Runs that end
within a second of their start, after another one of the process, keep no copies: their tag names that run.

| artifact | holds |
| --- | --- |
| `assay/environment.json` | Python, platform, hardware, command line, packages, state of the repository |
| `assay/uncommitted.patch` | what tracked files have beyond the commit; absent without changes |
| `assay/source/…` | the script, unless Git ignores it |
"""

from __future__ import annotations

import os
import platform
import re
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from assay.client import changes, context, packages
from assay.core import settings, uri
from assay.core.errors import AssayError
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = "assay"
KEPT_TAG = "assay.environment_run"
"""Names the run of the same process whose files tell of this one, too."""
SHORT_SECONDS = 1.0
_END_SECONDS = 5.0
_MOST_SCRIPT_BYTES = 400_000
_MOST_ARGUMENTS = 200
_MOST_ARGUMENT = 2000
_SECRET = re.compile(
    r"(?:^|[-_.])(?:pass(?:word|wd|phrase)?|secret(?:[-_]?key)?|token|credentials?|auth|(?:api|access|private)[-_]?key)$",
    re.IGNORECASE,
)
"""Names of options whose values are nobody's business."""
_log = logger("client")


class Provenance:
    """Finds out what a run was started from, and keeps it, beside the run."""

    def __init__(
        self, place: str, run_id: str, *, keep: Callable[[str, bytes], None], tag: Callable[[str, str], None]
    ) -> None:
        """Begin; `place` is where runs are kept, `keep` stores a file by its artifact path, `tag` sets a tag."""
        self._place = place
        self._run_id = run_id
        self._keep = keep
        self._tag = tag
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name="assay-provenance", daemon=True)
        self._thread.start()

    def fail(self, error: BaseException) -> None:
        """Nothing to do: how the run ends changes nothing of what it was started from."""

    def stop(self) -> None:
        """End, with everything kept, or after a few seconds."""
        self._ended.set()
        self._thread.join(_END_SECONDS)

    def _work(self) -> None:
        try:
            earlier = _kept.get(self._place)
            if earlier is not None and self._ended.wait(SHORT_SECONDS):
                self._tag(KEPT_TAG, earlier)
                return
            for path, data in _files().items():
                self._keep(f"{FOLDER}/{path}", data)
            _kept[self._place] = self._run_id
        except (AssayError, OSError) as error:
            _log.warning("What run %s was started from cannot be kept: %s", self._run_id, error)


def start(
    place: str, run_id: str, *, keep: Callable[[str, bytes], None], tag: Callable[[str, str], None]
) -> Provenance | None:
    """Keep what a new run is started from, unless both settings say not to."""
    if not settings.log_environment.get() and not settings.log_code.get():
        return None
    return Provenance(place, run_id, keep=keep, tag=tag)


def environment() -> dict[str, Any]:
    """Python, platform, hardware, command line and packages; no environment variable, and no secret of the command."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "machine": platform.machine(),
        "processors": os.cpu_count() or 0,
        "memory_bytes": _memory(),
        "gpus": context.gpus(),
        "command": command_line(sys.orig_argv),
        "directory": str(Path.cwd()),
        "packages": packages.installed_packages(),
    }


def command_line(arguments: list[str]) -> list[str]:
    """A command without the values of options that are named like secrets, and without passwords in addresses."""
    shown: list[str] = []
    hide = False
    for argument in arguments[:_MOST_ARGUMENTS]:
        name, equals, _ = argument.partition("=")
        if hide and not argument.startswith("-"):
            shown.append("***")
        elif _SECRET.search(name) and equals:
            shown.append(f"{name}=***")
        else:
            shown.append(uri.redact(argument)[:_MOST_ARGUMENT])
        hide = argument.startswith("-") and not equals and bool(_SECRET.search(name))
    return shown


def _memory() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has none of them
        return 0


def _files() -> dict[str, bytes]:
    """Files to keep by their path below the folder; those of a script are found out once."""
    with _lock:
        if _found and not context.in_notebook():
            return _found
        found: dict[str, bytes] = {}
        told = environment() if settings.log_environment.get() else {}
        if settings.log_code.get():
            told["repository"], code = _code()
            found.update(code)
        found["environment.json"] = msgspec.json.format(msgspec.json.encode(told), indent=2)
        _found.clear()
        _found.update(found)
        return found


def _code() -> tuple[dict[str, Any], dict[str, bytes]]:
    """The state of the repository that the script lies in, and the files that tell of its code."""
    script = context.script()
    if script is None:
        return {}, {}
    path = script.resolve()
    files = _source(path)
    git = context.git_directory(path.parent)
    if git is None:
        return {"entry_point": path.name}, files
    tree = git[0]
    patch, left_out = changes.uncommitted_patch(tree)
    if patch:
        files["uncommitted.patch"] = patch
    state = {
        "entry_point": path.relative_to(tree).as_posix(),
        "directory": _below(tree),
        "patch_bytes": len(patch),
        "left_out": left_out,
        "untracked": changes.untracked_files(tree),
    }
    return state, files


def _below(tree: Path) -> str:
    """The current directory as seen from the root of the repository; empty there, and outside."""
    here = Path.cwd().resolve()
    return here.relative_to(tree).as_posix() if here.is_relative_to(tree) and here != tree else ""


def _source(path: Path) -> dict[str, bytes]:
    """The script itself, where it is the user's own and Git does not ignore it."""
    if path.suffix != ".py" or path.is_relative_to(sys.prefix) or not path.is_file():
        return {}
    if path.stat().st_size > _MOST_SCRIPT_BYTES or not changes.may_be_kept(path):
        return {}
    return {f"source/{path.name}": path.read_bytes()}


_found: dict[str, bytes] = {}
_kept: dict[str, str] = {}
"""By place, the run of this process that the files were kept with last."""
_lock = threading.Lock()


def _forget_in_child() -> None:
    """A forked child has runs of its own, and the lock may have been held."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    _kept.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_in_child)
