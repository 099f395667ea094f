"""The parts of a Transformers model: brought together from what the caller gives, written, and loaded again.

Weights are written as safetensors and read from them. Weights in a pickle, and models whose code comes with their
files, are loaded only where the caller or the settings allow it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.blobs.paths import checked_path
from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, NotSupported, ResourceDoesNotExist
from assay.core.lazy import require
from assay.flavors import pickles

if TYPE_CHECKING:
    from collections.abc import Mapping

FLAVOR = "transformers"
MODEL = "model"
COMPONENTS = "components"
PROCESSOR = "processor"
NAMES = ("feature_extractor", "tokenizer", "image_processor")
"""The components of a pipeline beside its model."""

_AUTO = {
    "tokenizer": "AutoTokenizer",
    "feature_extractor": "AutoFeatureExtractor",
    "image_processor": "AutoImageProcessor",
    PROCESSOR: "AutoProcessor",
}
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")


def library() -> Any:
    """Transformers, imported.

    Raises:
        ConfigurationError: it is not installed.
    """
    return require(FLAVOR, extra=FLAVOR)


@dataclass(frozen=True)
class Parts:
    """A model to be saved: a pipeline, or the directory of a checkpoint, which is not loaded for it."""

    task: str
    pipeline: Any
    checkpoint: Path | None = None
    components: Mapping[str, Any] = field(default_factory=dict)
    torch_dtype: str | None = None

    @property
    def model(self) -> Any:
        """The model, None where it is a checkpoint."""
        return None if self.pipeline is None else self.pipeline.model


def gathered(given: Any, *, task: str | None, processor: Any, torch_dtype: Any) -> Parts:
    """The parts of a pipeline, of a dictionary of components, or of a checkpoint in a local directory.

    Raises:
        InvalidParameterValue: it is neither, a part is missing, or the task is not known.
        NotSupported: the task is generative AI's, or the model is of PEFT.
    """
    if task and task.startswith("llm/"):
        raise NotSupported(
            f"The task {task!r} is of generative AI, which is out of scope. Give a task of Transformers."
        )
    kept = {PROCESSOR: processor} if processor is not None else {}
    if isinstance(given, str | Path):
        return _of_checkpoint(Path(given), task=task, kept=kept, torch_dtype=torch_dtype)
    pipeline = _assembled(given, task) if isinstance(given, dict) else given
    if not isinstance(pipeline, library().Pipeline):
        raise InvalidParameterValue(
            f"A {type(given).__name__} is no model of Transformers. Give a pipeline, a dictionary with model and "
            "tokenizer, or the directory of a checkpoint."
        )
    _check(pipeline.model)
    found = {name: part for name in NAMES if (part := getattr(pipeline, name, None)) is not None}
    dtype = torch_dtype or getattr(pipeline.model, "dtype", None)
    return Parts(pipeline.task, pipeline, None, found | kept, None if dtype is None else str(dtype))


def _check(model: Any) -> None:
    if type(model).__module__.partition(".")[0] == "peft":
        raise NotSupported("Models of PEFT are not supported. Save model.merge_and_unload() instead.")
    if len(set(getattr(model, "hf_device_map", {}).values())) > 1:
        raise InvalidParameterValue("The model lies on several devices. Load it without device_map to save it.")


def _assembled(given: Mapping[str, Any], task: str | None) -> Any:
    unknown = set(given).difference((MODEL, "torch_dtype", *NAMES))
    if unknown or MODEL not in given:
        raise InvalidParameterValue(
            f"The dictionary has the keys {', '.join(sorted(given))}. Give model, and of tokenizer, image_processor, "
            "feature_extractor and torch_dtype what there is."
        )
    if task is None:
        raise InvalidParameterValue("A dictionary of components does not say its task. Give task, or a pipeline.")
    parts = dict(given)
    if (dtype := parts.pop("torch_dtype", None)) is not None:
        parts["dtype"] = dtype
    try:
        return library().pipeline(task=task, **parts)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise InvalidParameterValue(f"The components make no pipeline for {task!r}: {error}") from error


def _of_checkpoint(directory: Path, *, task: str | None, kept: dict[str, Any], torch_dtype: Any) -> Parts:
    if not (directory / "config.json").is_file():
        raise InvalidParameterValue(f"The directory {str(directory)!r} is no checkpoint: it has no config.json.")
    if task is None:
        raise InvalidParameterValue("A checkpoint does not say its task. Give task.")
    if not list(directory.glob("*.safetensors")):
        raise InvalidParameterValue(
            f"The checkpoint at {str(directory)!r} has no weights as safetensors. Load it and save it again with "
            "save_pretrained, or give the loaded model."
        )
    transformers = library()
    found: dict[str, Any] = {}
    try:
        found["tokenizer"] = transformers.AutoTokenizer.from_pretrained(str(directory))
    except (OSError, ValueError) as error:
        raise InvalidParameterValue(f"The checkpoint at {str(directory)!r} has no tokenizer: {error}") from error
    dtype = None if torch_dtype is None else str(torch_dtype)
    return Parts(task, None, directory, found | kept, dtype)


def write(parts: Parts, directory: Path, *, weights: bool) -> None:
    """Write the model, its weights as safetensors, and its components; without `weights`, nothing."""
    if not weights:
        return
    if parts.checkpoint is not None:
        shutil.copytree(parts.checkpoint, directory / MODEL, ignore=shutil.ignore_patterns(*_PICKLES))
    else:
        parts.model.save_pretrained(str(directory / MODEL))
    for name, part in parts.components.items():
        part.save_pretrained(str(directory / COMPONENTS / name))


def fields(parts: Parts, *, weights: bool) -> dict[str, Any]:
    """The flavor's keys in the MLmodel file, without the version of the library.

    Raises:
        InvalidParameterValue: a revision of the Hub is needed, and not known.
    """
    if parts.checkpoint is not None:
        config = json.loads((parts.checkpoint / "config.json").read_text(encoding="utf-8"))
        model_type, source = config["architectures"][0], str(parts.checkpoint)
        kind = library().pipelines.check_task(parts.task)[1]["impl"]
        instance = kind if isinstance(kind, str) else kind.__name__
    else:
        model_type, source = type(parts.model).__name__, parts.model.name_or_path
        instance = type(parts.pipeline).__name__
    found = {
        "task": parts.task,
        "instance_type": instance,
        "torch_dtype": parts.torch_dtype,
        "pipeline_model_type": model_type,
        "source_model_name": source,
        COMPONENTS: [name for name in parts.components if name != PROCESSOR],
        **{f"{name}_type": type(part).__name__ for name, part in parts.components.items()},
    }
    if weights:
        return found | {"model_binary": MODEL}
    found["source_model_revision"] = _commit(source, "config.json")
    for name, part in parts.components.items():
        place = getattr(part, "name_or_path", None) or source
        found[f"{name}_name"] = place
        file = "tokenizer_config.json" if name == "tokenizer" else "preprocessor_config.json"
        found[f"{name}_revision"] = found["source_model_revision"] if place == source else _commit(place, file)
    return found


def _commit(repository: str, file: str) -> str:
    """The commit that the main branch of a repository of the Hub is at, in the local cache.

    Raises:
        InvalidParameterValue: the cache does not have it.
    """
    place = require("huggingface_hub", extra=FLAVOR).try_to_load_from_cache(repository, file)
    if not isinstance(place, str):
        raise InvalidParameterValue(
            f"The model {repository!r} was not loaded from the main branch of the Hub, so that there is nothing to "
            "refer to. Leave save_pretrained=False out."
        )
    return Path(place).parent.name


def dtype_of(name: Any) -> Any:
    """The type of numbers called `torch.float16` or `float16`; None for none.

    Raises:
        InvalidParameterValue: there is no such type.
    """
    if not isinstance(name, str):
        return name
    torch = require("torch", extra=FLAVOR)
    found = getattr(torch, name.removeprefix("torch."), None)
    if not isinstance(found, torch.dtype):
        raise InvalidParameterValue(f"There is no torch.dtype {name!r}.")
    return found


def load(directory: Path, said: Mapping[str, Any], *, uri: str, dtype: Any, trust: bool) -> dict[str, Any]:
    """The model and the components of a saved model; `said` is the flavor's part of the MLmodel file.

    Raises:
        ConfigurationError: the model's code comes with its files, or its weights are a pickle, and that is not allowed.
        DataLoss: its files are damaged.
        ResourceDoesNotExist: its files are missing, or the Hub cannot be reached.
        NotSupported: it refers to a model of PEFT.
    """
    if said.get("local_base_model_path") or said.get("peft_adaptor"):
        raise NotSupported(f"The model at {uri!r} is of PEFT, which is not supported.")
    if trust:
        pickles.check_allowed(uri, what="is to be loaded with trust_remote_code")
    names = [*said.get(COMPONENTS, ()), *((PROCESSOR,) if f"{PROCESSOR}_type" in said else ())]
    options = {"trust_remote_code": True} if trust else {}
    found = {MODEL: _model(directory, said, uri=uri, options={"dtype": dtype, **options})}
    for name in names:
        source: dict[str, Any] = {"pretrained_model_name_or_path": str(directory / COMPONENTS / checked_path(name))}
        if _is_reference(said):
            source = _reference(said, f"{name}_name", f"{name}_revision", uri=uri)
        kind = _class(str(said.get(f"{name}_type")), base=None) or getattr(library(), _AUTO[name])
        found[name] = _read(kind, uri, **source, **options)
    return found


def _is_reference(said: Mapping[str, Any]) -> bool:
    return "source_model_revision" in said


def _reference(said: Mapping[str, Any], name: str, commit: str, *, uri: str) -> dict[str, Any]:
    if not said.get(commit):
        raise InvalidParameterValue(f"The model at {uri!r} refers to the Hub without a revision, which may change.")
    return {"pretrained_model_name_or_path": said[name], "revision": said[commit]}


def _model(directory: Path, said: Mapping[str, Any], *, uri: str, options: dict[str, Any]) -> Any:
    if _is_reference(said):
        place = _reference(said, "source_model_name", "source_model_revision", uri=uri)
        safe = True
    else:
        files = directory / checked_path(said.get("model_binary", "pipeline"))
        place, safe = {"pretrained_model_name_or_path": str(files)}, bool(list(files.glob("*.safetensors")))
        if not safe:
            pickles.check_allowed(uri, what="has weights that are a pickle")
    name = str(said.get("pipeline_model_type"))
    kind = _class(name, base=library().PreTrainedModel)
    if kind is None:
        kind = _own_class(name, uri=uri, place=place, trusted="trust_remote_code" in options)
    return _read(kind, uri, **place, **options, use_safetensors=safe)


def _class(name: str, *, base: type | None) -> Any:
    """A class of the library by its name; None for what is no class of its that is loaded from files."""
    kind = getattr(library(), name, None)
    if not isinstance(kind, type) or not hasattr(kind, "from_pretrained"):
        return None
    return kind if base is None or issubclass(kind, base) else None


def _own_class(name: str, *, uri: str, place: Mapping[str, Any], trusted: bool) -> Any:
    """The automatic class for a model whose own class comes with its files."""
    if not trusted:
        raise ConfigurationError(
            f"The model at {uri!r} is a {name!r}, which is no class of Transformers: its code comes with its files. "
            "Where you trust its writer, load it with trust_remote_code=True."
        )
    config = library().AutoConfig.from_pretrained(**place, trust_remote_code=True)
    for automatic, reference in (getattr(config, "auto_map", None) or {}).items():
        if str(reference).rpartition(".")[2] == name:
            return getattr(library(), automatic)
    raise InvalidParameterValue(f"The files of the model at {uri!r} do not say where its class {name!r} is.")


def _read(kind: Any, uri: str, **arguments: Any) -> Any:
    damaged = require("safetensors", extra=FLAVOR).SafetensorError
    try:
        return kind.from_pretrained(**arguments)
    except damaged as error:
        raise DataLoss(f"The weights of the model at {uri!r} are damaged: {error}") from error
    except OSError as error:
        raise ResourceDoesNotExist(f"The model at {uri!r} lacks files of its {kind.__name__}: {error}") from error
