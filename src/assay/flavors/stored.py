"""Models that are kept already: what their MLmodel file says, and its signature and requirements replaced."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client import model_uris
from assay.client.api import Client
from assay.core import uri
from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.flavors import bundle, imports, integrity, pickles, requirements
from assay.flavors.mlmodel import MLMODEL_FILE, Model, ModelInfo
from assay.service.model_sources import MODELS_SCHEME, RUNS_SCHEME, parse_model_uri, parse_run_uri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.data.schema import ModelSignature

    Change = Callable[[Path, Model], Iterable[str]]
    """Changes files in a model's directory, or its description, and tells which files."""

_PICKLES = ("*.pkl", "*.pickle", "*.joblib", "*.statsmodels")


def get_model_info(model_uri: str) -> ModelInfo:
    """What the MLmodel file at a `models:`, `runs:` or other artifact URI, or in a local directory, says.

    Raises:
        ResourceDoesNotExist: there is no model.
    """
    model = Model.load(bundle.fetch(model_uri))
    of_run = model.model_id and uri.scheme(model_uri) == RUNS_SCHEME
    return model.get_model_info(model_uri=None if of_run else model_uri)


def set_signature(model_uri: str, signature: ModelSignature) -> None:
    """Give a logged model, or one in a local directory, another signature.

    Versions of registered models that were made from the logged model have it, too: its files are theirs.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: the URI is that of a version, or of files that are no logged model's.
    """

    def change(_directory: Path, model: Model) -> tuple[str, ...]:
        model.signature = signature
        model.is_signature_from_type_hint = False
        return ()

    _changed(model_uri, change)


def update_model_requirements(model_uri: str, operation: str, requirement_list: Sequence[str]) -> None:
    """Change what a logged model, or one in a local directory, says that it needs installed.

    With the operation `add`, requirements are put in, in place of those of the same distribution; with `remove`, those
    of the distributions named are taken out.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: there is no such operation, or the URI is that of a version, or of files that are no
            logged model's.
    """
    if operation not in ("add", "remove"):
        raise InvalidParameterValue(f"operation is {operation!r}; give `add` or `remove`.")
    named = {requirements.named(line) for line in requirement_list}

    def change(directory: Path, _model: Model) -> tuple[str, ...]:
        kept = [line for line in requirements.read(directory) if requirements.named(line) not in named]
        lines = [*kept, *requirement_list] if operation == "add" else kept
        (directory / requirements.REQUIREMENTS_FILE).write_text(
            "".join(f"{line}\n" for line in lines), encoding="utf-8"
        )
        return (requirements.REQUIREMENTS_FILE, *_conda(directory / requirements.CONDA_FILE, lines))

    _changed(model_uri, change)


def infer_pip_requirements(directory: str | Path, fallback: Sequence[str] = ()) -> list[str]:
    """What the pickles and the Python files in a directory import, as pins, beside those of `fallback`.

    Nothing is loaded: instructions of pickles and texts of programs say what they import.
    """
    found = imports.of_files(Path(directory))
    for pattern in _PICKLES:
        for file in Path(directory).rglob(pattern):
            found |= pickles.imports(file)
    known = {requirements.named(line) for line in fallback}
    pins = requirements.pins(requirements.providers(imports.foreign(found)))
    return [*fallback, *(line for line in pins if requirements.named(line) not in known)]


def _conda(file: Path, lines: Sequence[str]) -> tuple[str, ...]:
    """Put requirements into a conda environment; returns the name of its file, if the model has one."""
    if not file.is_file():
        return ()
    yaml = require("yaml", extra="sklearn")
    content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    others = [one for one in content.get("dependencies", ()) if not (isinstance(one, dict) and "pip" in one)]
    content["dependencies"] = [*others, {"pip": list(lines)}]
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return (file.name,)


def _changed(model_uri: str, change: Change) -> None:
    """Change a copy of a model, and put what is new of it where the model is kept: its description last."""
    if uri.scheme(model_uri) in ("", "file"):
        directory = bundle.fetch(model_uri)
        _rewritten(directory, change)
        return
    client = Client()
    fixed, _ = model_uris.fixed(client, model_uri)
    with tempfile.TemporaryDirectory(prefix="assay-model-") as scratch:
        keep = _keeper(client, fixed)
        directory = bundle.fetch(fixed, scratch)
        for name in (*_rewritten(directory, change), MLMODEL_FILE):
            keep(directory / name)
        if uri.scheme(fixed) == MODELS_SCHEME:
            model_id = str(parse_model_uri(fixed).model_id)
            client.set_logged_model_tags(model_id, integrity.description_tags(directory))


def _rewritten(directory: Path, change: Change) -> list[str]:
    model = Model.load(directory)
    names = list(change(directory, model))
    bundle.write_description(directory, model)
    return names


def _keeper(client: Client, model_uri: str) -> Callable[[Path], object]:
    """What puts a file among those of a model.

    Raises:
        InvalidParameterValue: the files of what the URI names are not to be changed.
    """
    if uri.scheme(model_uri) == MODELS_SCHEME and (model_id := parse_model_uri(model_uri).model_id):
        return lambda file: client.log_model_artifact(model_id, file)
    if uri.scheme(model_uri) == RUNS_SCHEME:
        run_id, path = parse_run_uri(model_uri)
        return lambda file: client.log_artifact(run_id, file, path)
    raise InvalidParameterValue(
        f"The model at {model_uri!r} cannot be changed by this URI. Name the logged model, models:/m-..., that it was "
        "made from: its versions change with it."
    )
