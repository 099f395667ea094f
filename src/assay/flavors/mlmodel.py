"""The `MLmodel` file: what a saved model is, how to load it, and what it expects.

The keys are MLflow's, so that a model saved by either is loaded by the other. `mlflow_version` names the version
whose format is written, for readers that compare it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require
from assay.data.schema import ModelSignature, ParamSchema, Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

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

    def to_yaml(self) -> str:
        """The text of the MLmodel file."""
        text: str = require("yaml", extra="sklearn").safe_dump(self.to_dict(), default_flow_style=False)
        return text

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Model:
        """The model behind plain values; keys that are not known here are left out.

        Raises:
            InvalidParameterValue: a type in the signature is unknown.
        """
        known = {name: value for name, value in content.items() if name in cls.__dataclass_fields__}
        signature = content.get("signature")
        if signature is not None:
            known["signature"] = ModelSignature.from_dict(signature)
        return cls(**known)

    def save(self, path: str | Path) -> None:
        """Write the MLmodel file at `path`."""
        Path(path).write_text(self.to_yaml(), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read the MLmodel file in a model's directory, or the file itself.

        Raises:
            ResourceDoesNotExist: there is none.
            InvalidParameterValue: it does not hold a model's description.
        """
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

    def get_model_info(self, model_uri: str) -> ModelInfo:
        """The model as its logger hands it back."""
        return ModelInfo(
            model_uri=model_uri,
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
