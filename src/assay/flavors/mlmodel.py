"""The `MLmodel` file: what a saved model is, how to load it, and what it expects.

The keys are MLflow's, so that a model saved by either is loaded by the other. `mlflow_version` names the version
whose format is written, for readers that compare it.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from assay.client.artifact_uris import download_artifacts
from assay.core import uri
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.data.schema import ModelSignature, ParamSchema, Schema
from assay.flavors import examples
from assay.flavors.refused import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.client.entities import LoggedModel

MLMODEL_FILE = "MLmodel"
FORMAT_VERSION = "3.17.2"


def _now() -> str:
    return dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")


@dataclass
class Model:
    """The contents of an MLmodel file; `flavors` says for each way to load the model what that way needs.

    `file_digests` has the SHA-256 of every other file of the model; MLflow passes over it, and does not write it.
    """

    artifact_path: str | None = None
    run_id: str | None = None
    utc_time_created: str = field(default_factory=_now)
    flavors: dict[str, dict[str, Any]] = field(default_factory=dict)
    signature: ModelSignature | None = None
    saved_input_example_info: dict[str, Any] | None = None
    model_uuid: str = field(default_factory=lambda: uuid.uuid4().hex)
    mlflow_version: str = FORMAT_VERSION
    metadata: dict[str, Any] | None = None
    model_size_bytes: int | None = None
    model_id: str | None = None
    file_digests: dict[str, str] | None = None
    is_signature_from_type_hint: bool = False
    is_unsigned_by_choice: bool = False
    """Who saved it wants no signature; not in the file."""

    def add_flavor(self, name: str, **params: Any) -> Model:
        """Add a way to load the model, and return the model."""
        self.flavors[name] = params
        return self

    def get_input_schema(self) -> Schema | None:
        """What the model takes, if that is known."""
        return self.signature.inputs if self.signature else None

    def get_output_schema(self) -> Schema | None:
        """What the model gives, if that is known."""
        return self.signature.outputs if self.signature else None

    def get_params_schema(self) -> ParamSchema | None:
        """The params that a prediction takes, if they are known."""
        return self.signature.params if self.signature else None

    def load_input_example(self, path: str | Path | None = None) -> Any:
        """The data of the input example in the model's directory at `path`, a URI or local, or of its logged model.

        None where no example was saved.

        Raises:
            ResourceDoesNotExist: the file is missing.
        """
        return self._example(path)[0]

    def load_input_example_params(self, path: str | Path) -> dict[str, Any] | None:
        """The params of the input example, None where there are none.

        Raises:
            ResourceDoesNotExist: the file is missing.
        """
        return self._example(path)[1]

    def get_serving_input(self, path: str | Path) -> str | None:
        """The input example as the body of a request to a model server, None where none was saved.

        Raises:
            ResourceDoesNotExist: the file is missing.
        """
        said = self.saved_input_example_info
        return None if said is None else examples.load_serving_text(self._files(path), said)

    def _example(self, path: str | Path | None) -> tuple[Any, dict[str, Any] | None]:
        said = self.saved_input_example_info
        return (None, None) if said is None else examples.load_example(self._files(path), said, self.get_input_schema())

    def _files(self, path: str | Path | None) -> Path:
        if path is None and self.model_id is None:
            raise InvalidParameterValue("The model is no logged model. Give the path of its directory.")
        return Path(download_artifacts(str(path or f"models:/{self.model_id}")))

    def get_tags_dict(self) -> dict[str, Any]:
        """What the description says of the model apart from its files: its flavors, run, id and times."""
        kept = ("run_id", "utc_time_created", "flavors", "artifact_path", "model_uuid", "mlflow_version", "model_id")
        return {name: value for name, value in self.to_dict().items() if name in kept}

    def to_dict(self) -> dict[str, Any]:
        """The contents as plain values; what does not apply is left out."""
        content: dict[str, Any] = {
            "flavors": self.flavors,
            "mlflow_version": self.mlflow_version,
            "model_id": self.model_id,
            "model_uuid": self.model_uuid,
            "utc_time_created": self.utc_time_created,
            "is_signature_from_type_hint": self.is_signature_from_type_hint,
            "type_hint_from_example": False,
        }
        optional = {
            "artifact_path": self.artifact_path,
            "run_id": self.run_id,
            "signature": self.signature.to_dict() if self.signature else None,
            "saved_input_example_info": self.saved_input_example_info,
            "metadata": self.metadata,
            "model_size_bytes": self.model_size_bytes,
            "file_digests": self.file_digests,
        }
        return content | {name: value for name, value in optional.items() if value is not None}

    def to_yaml(self, stream: IO[str] | None = None) -> str:
        """The text of the MLmodel file, which is also written into `stream`, if there is one."""
        text: str = require("yaml", extra="sklearn").safe_dump(self.to_dict(), default_flow_style=False)
        if stream is not None:
            stream.write(text)
        return text

    def to_json(self) -> str:
        """The contents as JSON text."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, model_dict: Mapping[str, Any]) -> Model:
        """The model behind plain values; keys that are not known here are left out.

        Raises:
            InvalidParameterValue: a type in the signature is unknown.
        """
        known = {name: value for name, value in model_dict.items() if name in cls.__dataclass_fields__}
        signature = model_dict.get("signature")
        if signature is not None:
            known["signature"] = ModelSignature.from_dict(signature)
        return cls(**known)

    def save(self, path: str | Path) -> None:
        """Write the MLmodel file at `path`."""
        Path(path).write_text(self.to_yaml(), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read the MLmodel file in a model's directory, which may be given by a URI, or the file itself.

        Raises:
            ResourceDoesNotExist: there is none.
            InvalidParameterValue: it does not hold a model's description.
        """
        if uri.scheme(str(path)):
            path = download_artifacts(str(path))
        file = Path(path) / MLMODEL_FILE if Path(path).is_dir() else Path(path)
        if not file.is_file():
            raise ResourceDoesNotExist(f"There is no {MLMODEL_FILE} file at {str(path)!r}; it holds no saved model.")
        yaml = require("yaml", extra="sklearn")
        try:
            content = yaml.safe_load(file.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise InvalidParameterValue(f"The file {str(file)!r} is damaged: it is no YAML. ({error})") from error
        if not isinstance(content, dict):
            raise InvalidParameterValue(f"The file {str(file)!r} is damaged: it does not describe a model.")
        return cls.from_dict(content)

    @classmethod
    def log(  # noqa: PLR0913, PLR0917 -- MLflow's signature
        cls,
        artifact_path: str | None,
        flavor: Any,
        registered_model_name: str | None = None,
        await_registration_for: int | None = 300,
        metadata: dict[str, Any] | None = None,
        run_id: str | None = None,
        resources: Any = None,
        auth_policy: Any = None,
        prompts: Any = None,
        name: str | None = None,
        model_type: str | None = None,
        params: dict[str, Any] | None = None,
        tags: dict[str, Any] | None = None,
        step: int = 0,
        model_id: str | None = None,
        **kwargs: Any,
    ) -> ModelInfo:
        """Keep a model as a logged model, of the run `run_id` or of the active one when there is one.

        `flavor` is a module, of yours for one, whose `save_model(path=..., mlflow_model=..., **kwargs)` writes the
        model's files. The other arguments are those of `assay.flavors.logged.log`.

        Raises:
            NotSupported: `resources`, `auth_policy` or `prompts` are given.
            AssayError: what `save_model` or the store raises; the logged model is marked as failed.
        """
        del await_registration_for
        refuse(resources=resources, auth_policy=auth_policy, prompts=prompts)

        def save(directory: Path, model: Model) -> None:
            model.metadata = metadata
            flavor.save_model(path=directory, mlflow_model=model, **kwargs)

        logged = importlib.import_module("assay.flavors.logged")  # which logs what this module describes
        info: ModelInfo = logged.log(
            save,
            name=name or artifact_path or "model",
            registered_model_name=registered_model_name,
            params=params,
            tags=tags,
            model_type=model_type,
            step=step,
            model_id=model_id,
            run_id=run_id,
        )
        return info

    def flavor(self, name: str) -> dict[str, Any]:
        """What is needed to load the model as a `name` model.

        Raises:
            InvalidParameterValue: it is a model of other flavors only; says which.
        """
        if name not in self.flavors:
            raise InvalidParameterValue(
                f"The model has no flavor {name!r}; it has: {', '.join(sorted(self.flavors)) or 'none'}. "
                "Load it with one of these."
            )
        return self.flavors[name]

    def get_model_info(self, logged_model: LoggedModel | None = None, *, model_uri: str | None = None) -> ModelInfo:
        """The model as its logger hands it back: at `model_uri`, by default that of the logged model it is."""
        told = ("name", "params", "tags", "metrics", "creation_timestamp") if logged_model else ()
        return ModelInfo(
            model_uri=model_uri or (f"models:/{self.model_id}" if self.model_id else str(self.artifact_path)),
            **{name: getattr(logged_model, name) for name in told},
            run_id=self.run_id,
            artifact_path=self.artifact_path,
            flavors=self.flavors,
            signature=self.signature,
            saved_input_example_info=self.saved_input_example_info,
            model_uuid=self.model_uuid,
            utc_time_created=self.utc_time_created,
            mlflow_version=self.mlflow_version,
            metadata=self.metadata,
            model_id=self.model_id,
        )


@dataclass(frozen=True)
class ModelInfo:
    """A model that was logged. `model_uri` loads it; `artifact_path` says where its files are kept."""

    model_uri: str
    run_id: str | None = None
    artifact_path: str | None = None
    flavors: dict[str, dict[str, Any]] = field(default_factory=dict)
    signature: ModelSignature | None = None
    saved_input_example_info: dict[str, Any] | None = None
    model_uuid: str | None = None
    utc_time_created: str | None = None
    mlflow_version: str | None = None
    metadata: dict[str, Any] | None = None
    model_id: str | None = None
    name: str | None = None
    registered_model_version: int | None = None
    params: dict[str, str] | None = None
    tags: dict[str, str] | None = None
    metrics: list[Any] | None = None
    creation_timestamp: int | None = None
