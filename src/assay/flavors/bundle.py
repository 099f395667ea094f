"""The directory of a saved model, and its way to a run and back."""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client import fluent
from assay.client.artifact_uris import download_artifacts
from assay.core import ids, uri
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceAlreadyExists
from assay.flavors.mlmodel import MLMODEL_FILE, Model, ModelInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CODE_DIRECTORY = "code"
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
    """Write the MLmodel file, with the size of everything beside it."""
    model.model_size_bytes = sum(file.stat().st_size for file in directory.rglob("*") if file.is_file())
    model.save(directory / MLMODEL_FILE)


def log(save: Callable[[Path, Model], None], *, path: str) -> ModelInfo:
    """Save a model and record it below `path` among the artifacts of the active run.

    Without an active run one is started, as every other logging call does. The model is the run's own file: it is
    loaded by `runs:/<run id>/<path>`.
    """
    run = fluent.active_run() or fluent.start_run()
    model = Model(artifact_path=path, run_id=run.info.run_id)
    with tempfile.TemporaryDirectory(prefix="assay-model-") as scratch:
        directory = Path(scratch, DEFAULT_NAME)
        save(directory, model)
        fluent.log_artifacts(str(directory), path, run_id=run.info.run_id)
    return model.get_model_info(f"runs:/{run.info.run_id}/{path}")


def place(artifact_path: str | None, name: str | None) -> str:
    """The path of a model among a run's artifacts, from both spellings of the argument.

    Raises:
        InvalidParameterValue: they disagree.
    """
    if artifact_path and name and artifact_path != name:
        raise InvalidParameterValue(
            f"The model is called {name!r} by name and {artifact_path!r} by artifact_path, the older spelling. "
            "Give one of them."
        )
    return name or artifact_path or DEFAULT_NAME


def refuse(**later: Any) -> None:
    """Refuse arguments for features that are not there yet, instead of passing over them.

    Raises:
        NotSupported: one of them is given; names it.
    """
    given = [name for name, value in later.items() if value]
    if given:
        raise NotSupported(
            f"{', '.join(given)}: models are kept as artifacts of their run for now; "
            "the model registry and logged models of their own come later. Leave this out."
        )


def fetch(model_uri: str, dst_path: str | None = None) -> Path:
    """The local directory of the model at `runs:/<run id>/<path>`, at another artifact URI, or on this disk.

    Raises:
        ResourceDoesNotExist: there is no such run or artifact.
        NotSupported: the URI is one of the model registry.
    """
    return Path(download_artifacts(artifact_uri=model_uri, dst_path=dst_path))


def use_code(directory: Path, code: str | None) -> None:
    """Make the modules saved with a model importable, after everything else that is."""
    if code and (directory / code).is_dir() and str(directory / code) not in sys.path:
        sys.path.append(str(directory / code))
