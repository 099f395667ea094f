"""The files of a model of one's own: its pickle, script or data, what comes with it, and what it needs installed."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client.artifact_uris import download_artifacts
from assay.core import uri
from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require
from assay.flavors import bundle, imports, pickles, python_model, requirements
from assay.flavors.integrity import CODE_DIRECTORY
from assay.flavors.mlmodel import MLMODEL_FILE
from assay.flavors.predictor import PYTHON, SCRIPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODEL_FILE = "python_model.pkl"
ARTIFACTS = "artifacts"
DATA = "data"
ALWAYS = ("cloudpickle", "pandas")
"""What every model of one's own needs."""


@dataclass
class Written:
    """What was written: the keys of the MLmodel file that tell of it, and the modules that its code imports."""

    fields: dict[str, Any]
    modules: set[str] = field(default_factory=set)


def write_python(directory: Path, given: Any) -> Written:
    """Write a `PythonModel` or a function as a pickle, or copy the script that makes it.

    Raises:
        InvalidParameterValue: there is no such script, or the model cannot be pickled.
    """
    version = require("cloudpickle", extra="sklearn").__version__
    if not isinstance(given, str | Path):
        file, imported = directory / MODEL_FILE, set[str]()
        dump = partial(python_model.dump, imported=imported)
        pickles.write(python_model.of(given), file, form=pickles.CLOUDPICKLE, dump=dump)
        fields = {"loader_module": PYTHON, "python_model": MODEL_FILE, "cloudpickle_version": version}
        return Written(fields, imported | pickles.imports(file))
    script = uri.local_path(str(given))
    if not script.is_file():
        raise InvalidParameterValue(f"python_model names the script {str(given)!r}, which does not exist.")
    if script.suffix != ".py":
        raise InvalidParameterValue(f"python_model names {str(given)!r}, which is no script: its name must end in .py.")
    shutil.copy2(script, directory / script.name)
    fields = {"loader_module": SCRIPT, "model_code_path": script.name, "cloudpickle_version": version}
    return Written(fields, imports.of_files(script))


def write_data(directory: Path, loader_module: str, data_path: str | Path | None) -> Written:
    """Copy what a module of the writer's loads.

    Raises:
        InvalidParameterValue: there is no such file.
    """
    written = Written({"loader_module": loader_module}, {loader_module})
    if data_path is None:
        return written
    source, target = uri.local_path(str(data_path)), directory / DATA
    if not source.exists():
        raise InvalidParameterValue(f"data_path names {str(data_path)!r}, which does not exist.")
    target.mkdir()
    if source.is_dir():
        shutil.copytree(source, target / source.name)
    else:
        shutil.copy2(source, target / source.name)
    written.fields["data"] = f"{DATA}/{source.name}"
    return written


def copy_code(directory: Path, code_paths: Sequence[str] | None, *, modules: set[str]) -> str | None:
    """Copy the modules at these paths, and those named that are nowhere installed; returns where they are.

    Raises:
        InvalidParameterValue: there is nothing at a path.
    """
    if isinstance(code_paths, str):
        return bundle.copy_code(directory, code_paths)  # which refuses it
    given = [uri.local_path(str(path)).resolve() for path in code_paths or ()]
    inferred = (path.resolve() for path in imports.local_files(modules))
    return bundle.copy_code(directory, [str(path) for path in dict.fromkeys((*given, *inferred))])


def keep_artifacts(directory: Path, artifacts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Fetch the files that a model finds in its context; returns what the MLmodel file says of them."""
    kept = {}
    for name, source in artifacts.items():
        target = directory / ARTIFACTS
        if (target / str(source).rstrip("/").rpartition("/")[2]).exists():
            target = target / name
        fetched = Path(download_artifacts(str(source), dst_path=str(target)))
        place = fetched.resolve().relative_to(directory.resolve()).as_posix()
        kept[name] = {"path": place, "uri": uri.redact(str(source))}
    return kept


def inferred_requirements(directory: Path, imported: set[str]) -> list[str]:
    """Pins of what the model imports, itself and in the modules saved with it, and what models among its artifacts say.

    Of what is pinned here, other models' pins are left out: only one version can be installed, and this one was there
    when the model was saved.
    """
    code = directory / CODE_DIRECTORY
    found = imported | (imports.of_files(code) if code.is_dir() else set())
    pins = requirements.pins({*ALWAYS, *requirements.providers(imports.foreign(found))})
    known = {requirements.named(line) for line in pins} | imports.OWN
    for other in sorted((directory / ARTIFACTS).rglob(MLMODEL_FILE)):
        for line in requirements.read(other.parent):
            if (name := requirements.named(line)) not in known:
                known.add(name)
                pins.append(line)
    return sorted(pins)
