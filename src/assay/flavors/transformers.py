"""Transformers models: pipelines and their components saved, logged and loaded, their weights as safetensors.

Loading one runs no code of its writer, unless `trust_remote_code=True` asks for that and the settings allow it.
"""

from __future__ import annotations

import re
import string
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, NotSupported
from assay.core.lazy import lazy_names, require
from assay.core.log import logger
from assay.flavors import bundle, installed, logged, requirements, saving, transformers_parts, transformers_tasks
from assay.flavors.mlmodel import Model, ModelInfo
from assay.flavors.transformers_parts import FLAVOR, PROCESSOR, Parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.data.schema import ModelSignature

CARD_FILE = "model_card.md"
CARD_DATA_FILE = "model_card_data.yaml"
TEMPLATE = "prompt_template"

_REPOSITORY = re.compile(r"[\w.-]+(/[\w.-]+)?")
_log = logger("flavors")

__getattr__, _ = lazy_names(__name__, {"autolog": "assay.autologging.transformers.autolog"})


def save_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    transformers_model: Any,
    path: str | Path,
    processor: Any = None,
    task: str | None = None,
    torch_dtype: Any = None,
    model_card: Any = None,
    code_paths: Sequence[str] | None = None,
    mlflow_model: Model | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    conda_env: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: dict[str, Any] | None = None,
    prompt_template: str | None = None,
    save_pretrained: bool = True,
    base_model_path: str | None = None,
) -> None:
    """Save a pipeline in a new directory, with its signature, an input example and its requirements.

    Args:
        transformers_model: A pipeline; a dictionary with `model` and of `tokenizer`, `image_processor` and
            `feature_extractor` what there is; or the local directory of a checkpoint.
        path: The directory.
        processor: A processor to be saved too; the model is then loaded as components only.
        task: The task, such as `text-classification`, where no pipeline says it.
        torch_dtype: The type of numbers to load the model in; by default, its present one.
        model_card: A model card of the Hugging Face Hub's library. None is fetched.
        code_paths: Modules that come with the model.
        mlflow_model: The description to fill in.
        signature: By default that of `input_example`, else that of the task; False leaves it out.
        input_example: Data, or a pair of data and params.
        pip_requirements: Requirements, in place of the inferred ones.
        extra_pip_requirements: Requirements beside the inferred ones.
        conda_env: The conda environment.
        metadata: Facts of your own for the MLmodel file.
        model_config: Arguments of the pipeline's call for each prediction, as a function of data.
        prompt_template: A text with `{prompt}`, into which each text is put.
        save_pretrained: False keeps a reference to the Hub, at the commit of the main branch in the local cache.
        base_model_path: Not supported: PEFT is not.

    Raises:
        ResourceAlreadyExists: the directory is there and not empty.
        InvalidParameterValue: the model is none of Transformers, or an argument is not acceptable.
        NotSupported: the task is generative AI's, or the model is of PEFT.
    """
    if base_model_path is not None:
        raise NotSupported("base_model_path is of models of PEFT, which are not supported.")
    parts = transformers_parts.gathered(transformers_model, task=task, processor=processor, torch_dtype=torch_dtype)
    _check_template(prompt_template, parts.task)
    named = {TEMPLATE: prompt_template} if prompt_template is not None else {}
    options = saving.Options(
        conda_env=conda_env,
        code_paths=code_paths,
        signature=signature,
        input_example=transformers_tasks.example_of(parts.task, input_example),
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        metadata={**(metadata or {}), **named} or None,
    )
    config = dict(model_config or {})
    if named and parts.task == "text-generation":
        config.setdefault("return_full_text", False)  # the template is not part of the answer
    contents = _contents(parts, config=config, template=prompt_template, pretrained=save_pretrained, card=model_card)
    saving.save(Path(path), mlflow_model or Model(), contents=contents, options=options)


def log_model(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    transformers_model: Any,
    artifact_path: str | None = None,
    processor: Any = None,
    task: str | None = None,
    torch_dtype: Any = None,
    model_card: Any = None,
    code_paths: Sequence[str] | None = None,
    registered_model_name: str | None = None,
    signature: ModelSignature | bool | None = None,
    input_example: Any = None,
    await_registration_for: int | None = 300,
    pip_requirements: Sequence[str] | str | None = None,
    extra_pip_requirements: Sequence[str] | str | None = None,
    conda_env: Any = None,
    metadata: dict[str, Any] | None = None,
    model_config: dict[str, Any] | None = None,
    prompt_template: str | None = None,
    save_pretrained: bool = True,
    prompts: Sequence[Any] | None = None,
    name: str | None = None,
    params: dict[str, Any] | None = None,
    tags: dict[str, Any] | None = None,
    model_type: str | None = None,
    step: int = 0,
    model_id: str | None = None,
    base_model_path: str | None = None,
) -> ModelInfo:
    """Keep a pipeline as a logged model, of the active run when there is one.

    The model is called `name` (`artifact_path` is the older spelling), and the answer's `model_uri`,
    `models:/<model id>`, loads it. `registered_model_name`, `params`, `tags`, `model_type`, `step` and `model_id` are
    those of `assay.flavors.logged.log`, the other arguments those of `save_model`.

    Raises:
        InvalidParameterValue: the model is none of Transformers, or an argument is not acceptable.
        NotSupported: the task or `prompts` are generative AI's, or the model is of PEFT.
    """
    del await_registration_for
    if prompts:
        raise NotSupported("prompts are of generative AI, which is out of scope. Leave them out.")
    save = partial(
        save_model,
        transformers_model,
        processor=processor,
        task=task,
        torch_dtype=torch_dtype,
        model_card=model_card,
        code_paths=code_paths,
        signature=signature,
        input_example=input_example,
        pip_requirements=pip_requirements,
        extra_pip_requirements=extra_pip_requirements,
        conda_env=conda_env,
        metadata=metadata,
        model_config=model_config,
        prompt_template=prompt_template,
        save_pretrained=save_pretrained,
        base_model_path=base_model_path,
    )
    return logged.log(
        lambda directory, model: save(path=directory, mlflow_model=model),
        name=bundle.place(artifact_path, name),
        registered_model_name=registered_model_name,
        params=params,
        tags=tags,
        model_type=model_type,
        step=step,
        model_id=model_id,
    )


def load_model(
    model_uri: str,
    dst_path: str | None = None,
    return_type: str = "pipeline",
    device: Any = None,
    base_model_path: str | None = None,
    **kwargs: Any,
) -> Any:
    """The pipeline at a `models:` or `runs:` URI, at another artifact URI, or in a local directory.

    `return_type="components"` gives a dictionary with `task`, `model`, `tokenizer` and what else there is.
    `dst_path` is where to download it; by default a temporary directory. `device` is a device of PyTorch's; by default
    Transformers chooses. `torch_dtype` loads the model in another type of numbers, `trust_remote_code=True` a model
    whose code comes with its files; other keyword arguments are handed to `transformers.pipeline`.

    Raises:
        ResourceDoesNotExist: there is no model, or files of its are missing.
        InvalidParameterValue: it is no model of Transformers, or it is loaded as components only.
        ConfigurationError: it runs code of its writer, and that is not allowed; or Transformers is not installed.
        NotSupported: it is of PEFT.
        DataLoss: one of its files is damaged, or has changed since it was saved.
    """
    if return_type not in ("pipeline", "components"):
        raise InvalidParameterValue(f"Unknown return_type {return_type!r}. Use pipeline or components.")
    if base_model_path is not None:
        raise NotSupported("base_model_path is of models of PEFT, which are not supported.")
    directory = bundle.fetch(str(model_uri), dst_path)
    said = Model.load(directory).flavor(FLAVOR)
    if return_type == "pipeline" and f"{PROCESSOR}_type" in said:
        raise InvalidParameterValue(
            f"The model at {str(model_uri)!r} has a processor, which no pipeline takes. Load it with "
            "return_type='components'."
        )
    installed.warn_of_others(directory, str(model_uri))
    bundle.use_code(directory, said.get("code"))
    trust = bool(kwargs.pop("trust_remote_code", False))
    asked = kwargs.pop("dtype", None), kwargs.pop("torch_dtype", None), said.get("torch_dtype")
    dtype = transformers_parts.dtype_of(next((one for one in asked if one is not None), None))
    found = transformers_parts.load(directory, said, uri=str(model_uri), dtype=dtype, trust=trust)
    if return_type == "components":
        return {"task": said["task"], "dtype": dtype, **found}
    return transformers_parts.library().pipeline(task=said["task"], device=device, **found, **kwargs)


def predict(model: Any, data: Any, params: Mapping[str, Any] | None = None) -> Any:
    """What a pipeline makes of a text, a list of texts, or a data frame; `params` are handed to its call.

    Classified texts and images give a data frame of labels and scores, other tasks a list of texts, and the extraction
    of features an array of one vector for each token.

    Raises:
        InvalidParameterValue: the data or a param is not what the task takes.
        NotSupported: pipelines for the task cannot be used so.
    """
    return transformers_tasks.predict(model, data, params or {})


def as_function(directory: Path, config: Mapping[str, Any]) -> tuple[Any, Callable[[Any, dict[str, Any]], Any]]:
    """The pipeline in a model's directory, and how it predicts from data and params, by the template saved with it."""
    pipeline = load_model(str(directory))
    template = (Model.load(directory).metadata or {}).get(TEMPLATE)
    return pipeline, lambda data, params: transformers_tasks.predict(pipeline, data, {**config, **params}, template)


def get_default_pip_requirements(model: Any) -> list[str]:
    """Pins of what a model, which may be None, needs at the least."""
    del model  # which is PyTorch's, as all of Transformers 5 are
    return requirements.pins((FLAVOR, "torch", "accelerate"))


def get_default_conda_env(model: Any) -> dict[str, Any]:
    """The conda environment of a model."""
    return requirements.default_conda_env(get_default_pip_requirements(model))


def _contents(
    parts: Parts, *, config: dict[str, Any], template: str | None, pretrained: bool, card: Any
) -> saving.Contents:
    weights = pretrained or not _is_on_hub(parts)
    fields = transformers_parts.fields(parts, weights=weights)

    def write(directory: Path) -> None:
        transformers_parts.write(parts, directory, weights=weights)
        if card is not None:
            _write_card(card, directory)

    def predict_example(data: Any, params: Mapping[str, Any] | None = None) -> Any:
        if parts.pipeline is None:
            raise InvalidParameterValue(
                "A checkpoint is not loaded to be saved. Give its signature, or signature=False."
            )
        return transformers_tasks.predict(parts.pipeline, data, {**config, **(params or {})}, template)

    return saving.Contents(
        flavor=FLAVOR,
        data=None,
        fields={"transformers_version": transformers_parts.library().__version__, **fields},
        modules=(FLAVOR, "torch", "accelerate", *(("PIL",) if "image" in parts.task else ())),
        write=write,
        predict=predict_example,
        signature=transformers_tasks.default_signature(parts.task),
        config=config,
        is_function=PROCESSOR not in parts.components and transformers_tasks.is_function(parts.task),
    )


def _is_on_hub(parts: Parts) -> bool:
    """Whether a model can be referred to where it came from; a warning says when it is saved after all."""
    if parts.checkpoint is not None:
        raise InvalidParameterValue("A checkpoint in a local directory is saved as it is. Leave save_pretrained out.")
    name = parts.model.name_or_path
    found = bool(_REPOSITORY.fullmatch(name)) and not Path(name).exists()
    if not found:
        _log.warning("The model %r is not from the Hugging Face Hub, so that its weights are saved all the same.", name)
    return found


def _check_template(template: str | None, task: str) -> None:
    if template is None:
        return
    if transformers_tasks.known(task) not in transformers_tasks.TEMPLATED:
        allowed = ", ".join(transformers_tasks.TEMPLATED)
        raise InvalidParameterValue(f"A prompt_template is for {allowed}, and not for {task!r}.")
    try:
        named = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise InvalidParameterValue(f"The prompt_template {template!r} is no template: {error}") from error
    if named != ["prompt"]:
        raise InvalidParameterValue(f"The prompt_template {template!r} must have {{prompt}} in it, once, and no other.")


def _write_card(card: Any, directory: Path) -> None:
    (directory / CARD_FILE).write_text(card.text, encoding="utf-8")
    facts = require("yaml", extra=FLAVOR).safe_dump(card.data.to_dict())
    (directory / CARD_DATA_FILE).write_text(facts, encoding="utf-8")
