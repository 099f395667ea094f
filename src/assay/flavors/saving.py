"""What flavors whose model is one file have in common: each says what is its own, the rest is done here."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.data.signature import infer_signature
from assay.flavors import bundle, examples, installed, pickles, requirements
from assay.flavors.mlmodel import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from assay.data.schema import ModelSignature


@dataclass(frozen=True)
class Contents:
    """A model as its flavor sees it.

    `write` writes the file or directory called `data`, or into the model's directory where that is None; `is_pickle`
    says that it does so as a pickle; `fields` are the flavor's own keys in the MLmodel file; `modules` are what loading
    the model imports, beside what a pickle names itself; `predict` maps an input example to an output, for the
    signature, and `params` of the example by that name; `signature` is that of a model without an example. `config` is
    what the model predicts with by default; `is_function` says that it can predict from data at all.
    """

    flavor: str
    data: str | None
    fields: Mapping[str, Any]
    modules: Iterable[str]
    write: Callable[[Path], object]
    predict: Callable[..., Any]
    is_pickle: bool = False
    signature: ModelSignature | None = None
    config: Mapping[str, Any] | None = None
    is_function: bool = True


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the caller says of a model of any flavor; `save_model` of each has these arguments."""

    conda_env: Any = None
    code_paths: Sequence[str] | None = None
    signature: ModelSignature | bool | None = None
    input_example: Any = None
    pip_requirements: Sequence[str] | str | None = None
    extra_pip_requirements: Sequence[str] | str | None = None
    metadata: dict[str, Any] | None = None
    extra_files: Sequence[str] | None = None


def save(path: Path, model: Model, *, contents: Contents, options: Options) -> None:
    """Save a model in a new directory, with its signature, input example and requirements.

    `model` is the description, which is filled in and written.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: an option is not acceptable.
    """
    if options.signature is True:
        raise InvalidParameterValue("signature=True says nothing. Give a signature, None to infer it, or False.")
    model.signature = _signature(contents, options)
    model.is_unsigned_by_choice = options.signature is False
    model.metadata = options.metadata
    with bundle.new_directory(path) as directory:
        if options.input_example is not None:
            data, params = examples.parts(options.input_example)
            model.saved_input_example_info = examples.save_example(directory, data, params=params)
        place = directory / (contents.data or "")
        contents.write(place)
        code = bundle.copy_code(directory, options.code_paths)
        _describe(model, contents, code=code)
        if extra := bundle.copy_files(directory, options.extra_files):
            model.flavors[contents.flavor]["extra_files"] = extra
        pins = requirements.chosen(
            _requirements(contents, place, example=options.input_example),
            pip_requirements=options.pip_requirements,
            extra_pip_requirements=options.extra_pip_requirements,
        )
        requirements.write_environment(directory, pins, conda_env=options.conda_env)
        bundle.write_description(directory, model)


def _requirements(contents: Contents, file: Path, *, example: Any) -> list[str]:
    frames = ("pandas",) if hasattr(example, "iloc") else ()
    named = pickles.imports(file).difference(sys.stdlib_module_names) if contents.is_pickle else ()
    return requirements.pins(requirements.providers((*contents.modules, *named, *frames)))


def _signature(contents: Contents, options: Options) -> ModelSignature | None:
    if isinstance(options.signature, bool):
        return None
    if options.signature is None and options.input_example is not None:
        data, params = examples.parts(options.input_example)
        given = {"params": params} if params else {}
        return infer_signature(data, contents.predict(data, **given), params)
    return options.signature or contents.signature


def _describe(model: Model, contents: Contents, *, code: str | None) -> None:
    if contents.is_function:
        model.add_flavor(
            "python_function",
            loader_module=f"mlflow.{contents.flavor}",
            **({"data": contents.data} if contents.data else {}),
            **({"config": dict(contents.config)} if contents.config else {}),
            python_version=platform.python_version(),
            env={"conda": requirements.CONDA_FILE, "virtualenv": requirements.PYTHON_FILE},
            **({"code": code} if code else {}),
        )
    model.add_flavor(contents.flavor, **contents.fields, code=code)


def class_name(model: Any) -> str:
    """The class of a model, as the MLmodel file names it."""
    return f"{type(model).__module__}.{type(model).__qualname__}"


@dataclass(frozen=True)
class Saved:
    """A saved model that is at hand: its directory, its data (a file or a directory), the flavor's keys in MLmodel."""

    directory: Path
    file: Path
    fields: Mapping[str, Any]


def find(model_uri: str, *, flavor: str, dst_path: str | None = None, key: str = "data") -> Saved:
    """Fetch the model at a URI or in a local directory, and make the modules saved with it importable.

    `key` is what the flavor calls its file in the MLmodel file. Libraries that were of other versions are warned about.

    Raises:
        ResourceDoesNotExist: there is no model, or its file is missing.
        InvalidParameterValue: it is a model of another flavor, or its description is damaged.
        DataLoss: one of its files has changed since it was saved.
    """
    directory = bundle.fetch(str(model_uri), dst_path)
    fields = Model.load(directory).flavor(flavor)
    name = fields.get(key)
    if not isinstance(name, str):
        raise InvalidParameterValue(f"The MLmodel file of {str(model_uri)!r} is damaged: it does not name a data file.")
    file = directory / checked_path(name)
    if not file.exists():
        raise ResourceDoesNotExist(f"The model at {str(model_uri)!r} lacks its file {name!r}.")
    installed.warn_of_others(directory, str(model_uri))
    bundle.use_code(directory, fields.get("code"))
    return Saved(directory, file, fields)
