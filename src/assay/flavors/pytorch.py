"""PyTorch modules, LightningModules among them: save, log and load them.

With an input example, a module is traced and kept as a program (`serialization_format="pt2"`), whose loading runs no
code of its writer. As a pickle, which also keeps the class, it is loaded where the settings allow that.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.client import fluent
from assay.client.artifact_uris import download_artifacts
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import lazy_names
from assay.core.log import logger
from assay.flavors import bundle, logged, requirements, saving, torch_formats
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.torch_formats import FLAVOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    from assay.data.schema import ModelSignature

DATA = "data"
PICKLE = "pickle"
PT2 = "pt2"
FORMATS = (PICKLE, PT2)

_log = logger("flavors")

__getattr__, _ = lazy_names(
    __name__,
    {
        "autolog": "assay.autologging.pytorch.autolog",
        "load_checkpoint": "assay.autologging.pytorch.checkpoints",
        "MlflowModelCheckpointCallback": "assay.autologging.pytorch.checkpoints",
    },
)


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    pytorch_model: Any,
    path: str | Path,
    conda_env: Any = None,
    mlflow_model: Model | None = None,
    code_paths: Sequence[str] | None = None,
    pickle_module: ModuleType | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    extra_files: Sequence[str] | None = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    export_model: bool = False,
    serialization_format: str | None = None,
    **kwargs: Any,
) -> None:
    """Save a module in a new directory, with its signature, an input example and its requirements.

    `serialization_format` is `pt2`, which needs an input example (an array or tensor, or a dictionary of them for a
    module that takes several by name), or `pickle`. By default it is `pt2` where that is possible. TorchScript is kept
    as such. `pickle_module` and `kwargs` are those of `torch.save`; `export_model=True` is the older spelling of `pt2`.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is no module, it cannot be kept in the format that is asked for, or an argument
            is not acceptable.
    """
    example = _as_arrays(input_example)
    options = saving.Options(
        conda_env=conda_env,
        code_paths=code_paths,
        signature=signature,
        input_example=example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        extra_files=extra_files,
    )
    form = _format(serialization_format, export=export_model)
    contents = _contents(pytorch_model, example, form=form, pickler=pickle_module, arguments=kwargs)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    pytorch_model: Any,
    artifact_path: str | None = None,
    conda_env: Any = None,
    code_paths: Sequence[str] | None = None,
    pickle_module: ModuleType | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    extra_files: Sequence[str] | None = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    metadata: dict[str, Any] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    export_model: bool = False,
    serialization_format: str | None = None,
    **kwargs: Any,
) -> ModelInfo:
    """Keep a module as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is no module, or an argument is not acceptable.
    """
    del await_registration_for
    example = _as_arrays(input_example)
    options = saving.Options(
        conda_env=conda_env,
        code_paths=code_paths,
        signature=signature,
        input_example=example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata=metadata,
        extra_files=extra_files,
    )
    form = _format(serialization_format, export=export_model)
    contents = _contents(pytorch_model, example, form=form, pickler=pickle_module, arguments=kwargs)
    return logged.log(
        partial(saving.save, contents=contents, options=options),
        name=bundle.place(artifact_path, name),
        registered_model_name=registered_model_name,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
    )


def load_model(model_uri: str, dst_path: str | None = None, **kwargs: Any) -> Any:
    """The module at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `dst_path` is where to download it; by default a temporary directory. `device` moves the module there; the other
    `kwargs` are those of `torch.load`. A program (`pt2`) comes back as a `torch.fx.GraphModule`.

    Raises:
        ResourceDoesNotExist: there is no model.
        InvalidParameterValue: it is not a PyTorch model.
        ConfigurationError: loading it may run code of its writer, and the settings do not allow to load pickles.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    saved = saving.find(model_uri, flavor=FLAVOR, dst_path=dst_path, key="model_data")
    device = kwargs.pop("device", None)
    model = torch_formats.read(saved.file, str(model_uri), kwargs)
    return model if device is None else model.to(device)


def predict(model: Any, data: Any) -> Any:
    """What the module says, in evaluation mode, of an array, of a data frame (as float32), or of arrays by name.

    Raises:
        InvalidParameterValue: the data is none of these, or the module gives neither a tensor nor tensors by name.
    """
    torch = torch_formats.library()
    frame = data if hasattr(data, "iloc") else None
    single = not isinstance(data, dict)
    values = {"": data if frame is None else frame.to_numpy(dtype="float32")} if single else data
    if not all(hasattr(one, "shape") for one in values.values()):
        raise InvalidParameterValue(
            f"A PyTorch model takes an array, a data frame or a dictionary of arrays, not a {type(data).__name__}."
        )
    given = torch_formats.tensors(values, model)
    with torch_formats.evaluating(model), torch.no_grad():
        output = model(given[""]) if single else model(**given)
    found = _as_arrays(output)
    if not all(hasattr(one, "shape") for one in (found.values() if isinstance(found, dict) else (found,))):
        raise InvalidParameterValue(
            f"The model gave a {type(output).__name__}; what predicts must give a tensor, or a dictionary of tensors."
        )
    if frame is None or isinstance(found, dict):
        return found
    return type(frame)(found, index=frame.index)


def save_state_dict(state_dict: Mapping[str, Any], path: str | Path, **kwargs: Any) -> None:
    """Save tensors by name, such as `model.state_dict()`, as `state_dict.pth` in a directory.

    `kwargs` are those of `torch.save`.

    Raises:
        InvalidParameterValue: it is no dictionary.
    """
    if not isinstance(state_dict, dict):
        raise InvalidParameterValue(
            f"A state dict is a dictionary, not a {type(state_dict).__name__}. Give model.state_dict()."
        )
    Path(path).mkdir(parents=True, exist_ok=True)
    torch_formats.library().save(state_dict, Path(path, torch_formats.STATE_FILE), **kwargs)


def log_state_dict(state_dict: Mapping[str, Any], artifact_path: str, **kwargs: Any) -> None:
    """Keep tensors by name as artifacts of the active run, below `artifact_path`; one is started where there is none.

    Raises:
        InvalidParameterValue: it is no dictionary.
    """
    with tempfile.TemporaryDirectory(prefix="assay-state-") as scratch:
        save_state_dict(state_dict, scratch, **kwargs)
        fluent.log_artifacts(scratch, artifact_path)


def load_state_dict(state_dict_uri: str, **kwargs: Any) -> Any:
    """The tensors by name in a local directory, or at an artifact URI such as `runs:/<run id>/<artifact path>`.

    `kwargs` are those of `torch.load`.

    Raises:
        ResourceDoesNotExist: there are none.
        ConfigurationError: there is more than tensors, and the settings do not allow to load pickles.
        DataLoss: the file is damaged.
    """
    file = Path(download_artifacts(artifact_uri=str(state_dict_uri)), torch_formats.STATE_FILE)
    if not file.is_file():
        raise ResourceDoesNotExist(f"There is no file {file.name!r} at {str(state_dict_uri)!r}.")
    return torch_formats.read_state(file, kwargs)


def get_default_pip_requirements() -> list[str]:
    """Pins of what a PyTorch model needs at the least."""
    return requirements.pins(requirements.providers(("torch", "torchvision", "cloudpickle")))


def get_default_conda_env() -> dict[str, Any]:
    """The conda environment of a PyTorch model."""
    return requirements.default_conda_env(get_default_pip_requirements())


def _as_arrays(given: Any) -> Any:
    """Tensors, and those in a dictionary, as arrays; everything else as it is."""
    if isinstance(given, dict):
        return {name: _as_arrays(one) for name, one in given.items()}
    if not hasattr(given, "detach"):
        return given
    held = given.detach().cpu()
    return (held.float() if held.dtype == torch_formats.library().bfloat16 else held).numpy()


def _format(asked: str | None, *, export: bool) -> str | None:
    if asked not in (None, *FORMATS):
        raise InvalidParameterValue(f"Unknown serialization_format {asked!r}. Use one of: {', '.join(FORMATS)}.")
    if export and asked == PICKLE:
        raise InvalidParameterValue("export_model=True is serialization_format='pt2', and not 'pickle'. Give one.")
    return PT2 if export else asked


def _contents(
    model: Any, example: Any, *, form: str | None, pickler: ModuleType | None, arguments: Mapping[str, Any]
) -> saving.Contents:
    torch = torch_formats.library()
    if not isinstance(model, torch.nn.Module):
        raise InvalidParameterValue(f"A {type(model).__name__} is no PyTorch model. Give a torch.nn.Module.")
    possible = _can_be_traced(model, example)
    if form == PT2 and not possible:
        raise InvalidParameterValue(
            "A model in the format pt2 is traced with an input_example: an array, a tensor, or a dictionary of them; "
            "and it is no TorchScript. Give one, or use serialization_format='pickle'."
        )
    modules = {"torch", "numpy"}

    def write(directory: Path) -> None:
        if form == PT2 or (form is None and pickler is None and possible):
            try:
                torch_formats.write_program(model, directory, example=example)
            except InvalidParameterValue as error:
                if form == PT2:
                    raise
                _log.warning("%s It is kept as a pickle: loading it runs code of its writer.", error)
            else:
                return
        modules.update(torch_formats.write_module(model, directory, pickler=pickler, arguments=arguments))

    return saving.Contents(
        flavor=FLAVOR,
        data=DATA,
        fields={"model_data": DATA, "pytorch_version": str(torch.__version__)},
        modules=modules,
        write=write,
        predict=partial(predict, model),
    )


def _can_be_traced(model: Any, example: Any) -> bool:
    """Whether the format pt2 may be tried: a module of Python code, and an example of arrays."""
    if isinstance(model, torch_formats.library().jit.ScriptModule):
        return False
    values = example.values() if isinstance(example, dict) else [example]
    return bool(values) and all(hasattr(one, "shape") and not hasattr(one, "iloc") for one in values)
