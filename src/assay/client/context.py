"""Tags that every run of the library gets: who ran what, from which commit, on which machine."""

from __future__ import annotations

import getpass
import json
import platform
import sys
from functools import cache
from pathlib import Path

from assay.core import settings
from assay.core.errors import ConfigurationError

_NVIDIA = Path("/proc/driver/nvidia/gpus")


def automatic_tags() -> dict[str, str]:
    """The tags of a new run, as MLflow names them, and Assay's own beside them.

    Raises:
        ConfigurationError: the run context in the environment is no JSON object.
    """
    return {"mlflow.user": user(), **_process_tags(), **_context_tags()}


def user() -> str:
    """The name of who runs this: as the server knows it, else as the system does."""
    name = settings.tracking_username.get()
    if name:
        return name
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in a container
        return "unknown"


@cache
def _process_tags() -> dict[str, str]:
    name = _script_name()
    tags = {
        "mlflow.source.name": name or "<console>",
        "mlflow.source.type": "NOTEBOOK" if in_notebook() else "LOCAL",
        "assay.host": platform.node(),
        "assay.python": ".".join(map(str, sys.version_info[:3])),
    }
    cards = gpus()
    if cards:
        tags["assay.gpu"] = cards
    path = script()
    if path:
        tags.update(_git_tags(path))
    return tags


def in_notebook() -> bool:
    """Whether this process is the kernel of a notebook."""
    return "ipykernel" in sys.modules


def script() -> Path | None:
    """The file that this process was started with; none for a notebook or a console."""
    name = _script_name()
    return Path(name) if name and not in_notebook() else None


def _script_name() -> str:
    return sys.argv[0] if sys.argv and sys.argv[0] not in ("", "-c") else ""


def _context_tags() -> dict[str, str]:
    text = settings.run_context.get()
    if not text:
        return {}
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ConfigurationError(f"ASSAY_RUN_CONTEXT is {text!r:.100}, which is not JSON.") from error
    if not isinstance(given, dict):
        raise ConfigurationError(f"ASSAY_RUN_CONTEXT is {text!r:.100}, which is not a JSON object.")
    return {str(key): str(value) for key, value in given.items()}


def gpus() -> str:
    """Models of NVIDIA cards from the driver's own files; asking the driver itself can take seconds."""
    models = []
    try:
        for card in sorted(_NVIDIA.iterdir()):
            lines = (card / "information").read_text("utf-8", errors="replace").splitlines()
            models += [line.partition(":")[2].strip() for line in lines if line.startswith("Model:")]
    except OSError:
        return ""
    counted = {model: models.count(model) for model in models}
    return ", ".join(f"{count} x {model}" if count > 1 else model for model, count in counted.items())


def _git_tags(script: Path) -> dict[str, str]:
    """The commit that a script lies in, read from Git's files: starting `git` takes longer than a run's start may."""
    try:
        found = git_directory(script.resolve().parent)
        return _read_repository(found[1]) if found else {}
    except (OSError, UnicodeDecodeError):  # tags are worth no failed start
        return {}


def git_directory(start: Path) -> tuple[Path, Path] | None:
    """The working tree that a directory lies in, and where Git keeps it."""
    for directory in (start, *start.parents):
        entry = directory / ".git"
        if entry.is_dir():
            return directory, entry
        if entry.is_file():
            text = entry.read_text("utf-8").strip()
            git = directory / text.removeprefix("gitdir:").strip()
            return (directory, git) if text.startswith("gitdir:") else None
    return None


def _read_repository(git: Path) -> dict[str, str]:
    common = git
    if (git / "commondir").is_file():
        common = git / (git / "commondir").read_text("utf-8").strip()
    head = (git / "HEAD").read_text("utf-8").strip()
    branch = ""
    commit = head
    if head.startswith("ref:"):
        reference = head.removeprefix("ref:").strip()
        branch = reference.removeprefix("refs/heads/")
        commit = _commit_of(reference, git, common)
    if not commit:
        return {}
    tags = {"mlflow.source.git.commit": commit}
    if branch:
        tags["mlflow.source.git.branch"] = branch
    address = _first_remote(common / "config")
    if address:
        tags["mlflow.source.git.repoURL"] = address
    return tags


def _commit_of(reference: str, git: Path, common: Path) -> str:
    for directory in (git, common):
        loose = directory / reference
        if loose.is_file():
            return loose.read_text("utf-8").strip()
    packed = common / "packed-refs"
    if packed.is_file():
        for line in packed.read_text("utf-8").splitlines():
            commit, _, name = line.partition(" ")
            if name == reference:
                return commit
    return ""


def _first_remote(config: Path) -> str:
    in_remote = False
    for line in config.read_text("utf-8", errors="replace").splitlines():
        text = line.strip()
        if text.startswith("["):
            in_remote = text.startswith("[remote ")
        elif in_remote and text.partition("=")[0].strip() == "url":
            return _without_credentials(text.partition("=")[2].strip())
    return ""


def _without_credentials(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    if not separator:
        return address
    authority, slash, path = rest.partition("/")
    return f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"
