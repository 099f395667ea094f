"""What every dataset has: a name, a digest, a source, and in most cases a schema and a profile."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from assay.client import entities
from assay.client.entities import notebook
from assay.data.sources import DatasetSource, get_dataset_source_from_json

DEFAULT_NAME = "dataset"
DIGEST_LENGTH = 8


class Dataset:
    """Data that runs read. A kind of its own defines `_compute_digest`, `schema` and `profile`."""

    def __init__(self, source: DatasetSource, name: str | None = None, digest: str | None = None) -> None:
        """Name the data; without a digest, it is computed now."""
        self._source = source
        self._name = name
        self._digest = digest or self._compute_digest()

    def _compute_digest(self) -> str:
        """A fingerprint of the content, of at most 36 characters."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """The name, `dataset` where none was given."""
        return self._name or DEFAULT_NAME

    @property
    def digest(self) -> str:
        """A fingerprint of the content."""
        return self._digest

    @property
    def source(self) -> DatasetSource:
        """Where the data came from."""
        return self._source

    @property
    def schema(self) -> Any:
        """What the data looks like; None where that is not known."""
        return None

    @property
    def profile(self) -> Any:
        """How much data there is; None where that is not known."""
        return None

    def to_dict(self) -> dict[str, str | None]:
        """The fields as they are stored: source, schema and profile are JSON texts."""
        schema, profile = self._schema_dict(), self.profile
        return {
            "name": self.name,
            "digest": self.digest,
            "source": self.source.to_json(),
            "source_type": self.source._get_source_type(),  # noqa: SLF001 -- the name that MLflow's sources share
            "schema": None if schema is None else json.dumps(schema),
            "profile": None if profile is None else json.dumps(profile),
        }

    def to_json(self) -> str:
        """`to_dict` as text."""
        return json.dumps(self.to_dict())

    def _repr_html_(self) -> str:
        return notebook.fields(type(self).__name__, self.to_dict())

    def _schema_dict(self) -> dict[str, Any] | None:
        return None if self.schema is None else {"mlflow_colspec": self.schema.to_dict()}

    def _to_mlflow_entity(self) -> entities.Dataset:
        return entities.Dataset.from_dictionary(self.to_dict())


class MetaDataset(Dataset):
    """Data that is named, but not at hand."""

    def __init__(
        self, source: DatasetSource, name: str | None = None, digest: str | None = None, schema: Any = None
    ) -> None:
        self._schema = schema
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        config = {"name": self.name, "source": self.source.to_json(), "source_type": _type(self.source)}
        schema = self._schema_dict()
        config["schema"] = "" if schema is None else json.dumps(schema)
        return hashlib.sha256(json.dumps(config).encode()).hexdigest()[:DIGEST_LENGTH]

    @property
    def schema(self) -> Any:
        """What the data looks like, where that was said."""
        return self._schema

    def to_dict(self) -> dict[str, str | None]:
        """The fields as they are stored; those that are not known are left out."""
        return {name: value for name, value in super().to_dict().items() if value is not None}

    def _schema_dict(self) -> dict[str, Any] | None:
        if self._schema is None:
            return None
        tensors = hasattr(self._schema, "features")
        key = "mlflow_tensorspec" if tensors else "mlflow_colspec"
        return {key: self._schema.to_dict()}


def get_source(dataset: Any) -> DatasetSource:
    """Where a dataset came from: one at hand, or one that a run names.

    Example:
        >>> import assay
        >>> dataset = assay.data.MetaDataset(assay.data.HTTPDatasetSource("https://example.com/a.csv"))
        >>> assay.data.get_source(dataset).url
        'https://example.com/a.csv'
    """
    if isinstance(dataset, entities.DatasetInput):
        dataset = dataset.dataset
    if isinstance(dataset, entities.Dataset):
        return get_dataset_source_from_json(dataset.source, dataset.source_type)
    source: DatasetSource = dataset.source
    return source


def _type(source: DatasetSource) -> str:
    return source._get_source_type()  # noqa: SLF001 -- the name that MLflow's sources share
