"""Models asked for predictions, in this process."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, NotSupported
from assay.flavors import examples, pyfunc
from assay.serving import files, inputs, scorer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["predict", "validate_serving_input"]

_LOCAL = "local"


def predict(  # noqa: PLR0913, PLR0917 -- MLflow's signature
    model_uri: str,
    input_data: Any = None,
    input_path: str | Path | None = None,
    content_type: str = "json",
    output_path: str | Path | None = None,
    env_manager: str = "virtualenv",
    install_mlflow: bool = False,
    pip_requirements_override: Sequence[str] | None = None,
    extra_envs: Mapping[str, str] | None = None,
) -> None:
    """Write a model's predictions as JSON to `output_path`, or print them, as a server of the model would answer.

    The data comes from a file, or is `input_data`: a data frame, other data that a model takes, or the text of a
    request. With the content type `csv`, it is a data frame or text.

    Raises:
        NotSupported: `env_manager` is not `local`: no environments are made for a model.
        InvalidParameterValue: data is given both ways, or not at all, or does not fit the model; says where.
        ResourceDoesNotExist: there is no such model or file.
    """
    _check_environment(env_manager, install_mlflow, pip_requirements_override, extra_envs)
    if (input_data is None) == (input_path is None):
        raise InvalidParameterValue("Give input_data or input_path: exactly one of the two.")
    if input_path is not None:
        files.predict_file(model_uri, input_path=input_path, output_path=output_path, content_type=content_type)
        return
    if content_type not in files.FORMS:
        raise InvalidParameterValue(f"content_type is {content_type!r}; give one of: {', '.join(files.FORMS)}.")
    answer = scorer.load(model_uri).score(_body(input_data, content_type).encode(), files.FORMS[content_type])
    if output_path is None:
        sys.stdout.write(f"{answer.decode()}\n")
    else:
        Path(output_path).write_bytes(answer + b"\n")


def validate_serving_input(model_uri: str, serving_input: str | dict[str, Any]) -> Any:
    """The predictions of a model for the body of a request, a JSON text or what it says.

    Raises:
        BadRequest: the body is not of a form that model servers read; says how it should be.
        InvalidParameterValue: its data does not fit the model; says where.
    """
    body = serving_input if isinstance(serving_input, str) else json.dumps(serving_input)
    model = pyfunc.load_model(model_uri)
    schema, hinted = model.metadata.get_input_schema(), model.metadata.is_signature_from_type_hint
    data, params = inputs.read(body.encode(), inputs.JSON, schema or None, hinted=hinted)
    return model.predict(data, params)


def _check_environment(env_manager: str, *others: Any) -> None:
    if env_manager != _LOCAL or any(others):
        raise NotSupported(
            "No environments are made for a model: it predicts in this one. Install what pyfunc.get_model_dependencies "
            f"names, and give env_manager={_LOCAL!r} alone."
        )


def _body(data: Any, content_type: str) -> str:
    if isinstance(data, str):
        return data
    if content_type == "csv":
        if not hasattr(data, "to_csv"):
            raise InvalidParameterValue(f"With the content type csv, give a data frame or text, not {data!r:.100}.")
        return str(data.to_csv(index=False))
    if isinstance(data, dict) and any(name in data for name in inputs.FORMATS):
        return json.dumps(data)
    return examples.serving_text(data)
