"""The directory of a saved model, and its way back from where it is kept."""

from __future__ import annotations

import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from assay.blobs.digests import sha256_of
from assay.blobs.paths import checked_path
from assay.client import model_uris
from assay.client.api import Client
from assay.client.artifact_uris import download_artifacts
from assay.core import ids, uri
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists
from assay.flavors import integrity, pickles
from assay.flavors.integrity import CODE_DIRECTORY
from assay.flavors.mlmodel import MLMODEL_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assay.flavors.mlmodel import Model

EXTRA_DIRECTORY = "extra_files"
DEFAULT_NAME = "model"


@contextmanager
def new_directory(path: Path) -> Iterator[Path]:
    """A directory to save a model in, which takes its place at `path` when it is complete, and is gone when it fails.

    Raises:
        ResourceAlreadyExists: something is there already.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise ResourceAlreadyExists(f"The path {str(path)!r} is not empty. Save the model in a new directory.")
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}-{ids.hex_id()[:8]}")
    scratch.mkdir()
    try:
        yield scratch
        if path.exists():
            path.rmdir()
        scratch.rename(path)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def copy_code(directory: Path, code_paths: Sequence[str] | None) -> str | None:
    """Copy modules that the model needs; returns their directory below the model's, None when there are none."""
    if not code_paths:
        return None
    _copy(code_paths, directory / CODE_DIRECTORY, option="code_paths")
    return CODE_DIRECTORY


def copy_files(directory: Path, extra_files: Sequence[str] | None) -> list[dict[str, str]] | None:
    """Copy files that belong to the model; returns what the MLmodel file says of them."""
    if not extra_files:
        return None
    names = _copy(extra_files, directory / EXTRA_DIRECTORY, option="extra_files")
    return [{"path": f"{EXTRA_DIRECTORY}/{name}"} for name in names]


def _copy(paths: Sequence[str], target: Path, *, option: str) -> list[str]:
    if isinstance(paths, str):
        raise InvalidParameterValue(f"{option} must be a list of paths, not the text {paths!r}.")
    sources = [uri.local_path(str(path)) for path in paths]
    target.mkdir()
    for source in sources:
        if source.is_dir():
            shutil.copytree(source, target / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy2(source, target / source.name)
        else:
            raise InvalidParameterValue(f"{option} names {str(source)!r}, which does not exist.")
    return [source.name for source in sources]


def write_description(directory: Path, model: Model) -> None:
    """Write the MLmodel file, with the size and the digests of everything beside it."""
    own = directory / MLMODEL_FILE  # there already when a model is changed
    files = sorted(file for file in directory.rglob("*") if file.is_file() and file != own)
    model.model_size_bytes = sum(file.stat().st_size for file in files)
    model.file_digests = {file.relative_to(directory).as_posix(): sha256_of(file) for file in files}
    model.save(directory / MLMODEL_FILE)


def place(artifact_path: str | None, name: str | None) -> str:
    """The name of a model, from both spellings of the argument; `model` when neither is given.

    Raises:
        InvalidParameterValue: they disagree.
    """
    if artifact_path and name and artifact_path != name:
        raise InvalidParameterValue(
            f"The model is called {name!r} by name and {artifact_path!r} by artifact_path, the older spelling. "
            "Give one of them."
        )
    return name or artifact_path or DEFAULT_NAME


def fetch(model_uri: str, dst_path: str | None = None) -> Path:
    """The local directory of a model, whose files are as they were saved.

    It is named by `models:/<model id>`, `models:/<name>/<version>` or `models:/<name>@<alias>`, by
    `runs:/<run id>/<name>`, by another artifact URI, or by its path on this disk. Models of MLflow say nothing of their
    files, and are taken as they are.

    Raises:
        ResourceDoesNotExist: there is no such run, model or artifact.
        DataLoss: a file has changed since the model was saved, or is missing.
    """
    fixed, tags = model_uris.fixed(Client(), model_uri)
    directory = Path(download_artifacts(artifact_uri=fixed, dst_path=dst_path))
    if (directory / MLMODEL_FILE).is_file():
        integrity.verify(directory, model_uri, tags=tags)
    return directory


def use_code(directory: Path, code: str | None) -> None:
    """Make the modules saved with a model importable, after everything else that is.

    Raises:
        ConfigurationError: there are some, and the settings do not allow to load code: a module that is not installed,
            even the model's own library, would be imported from there.
    """
    if not code or not (directory / checked_path(code)).is_dir():
        return
    pickles.check_allowed(str(directory), what="brings modules of its own")
    if str(directory / code) not in sys.path:
        sys.path.append(str(directory / code))
