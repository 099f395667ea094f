"""Datasets of NumPy arrays."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.data.dataset import Dataset
from assay.data.digests import array_digest
from assay.data.schema import Schema
from assay.data.signature import infer_schema
from assay.data.sources import resolve_dataset_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.data.sources import DatasetSource

_log = logger("data")


class TensorDatasetSchema:
    """The shapes and types of features and, where there are any, of targets."""

    def __init__(self, features: Schema, targets: Schema | None = None) -> None:
        self.features = features
        self.targets = targets

    def to_dict(self) -> dict[str, Any]:
        """Both as JSON texts, in the form in which they are stored."""
        targets = None if self.targets is None else self.targets.to_json()
        return {"mlflow_tensorspec": {"features": self.features.to_json(), "targets": targets}}

    @classmethod
    def from_dict(cls, schema_dict: Mapping[str, Any]) -> TensorDatasetSchema:
        """The inverse of `to_dict`."""
        texts = schema_dict["mlflow_tensorspec"]
        targets = Schema.from_json(texts["targets"]) if texts["targets"] else None
        return cls(Schema.from_json(texts["features"]), targets)

    def __repr__(self) -> str:
        return f"features:\n  {self.features!r}\ntargets:\n  {self.targets!r}\n"


class NumpyDataset(Dataset):
    """NumPy arrays of features, and of targets: each one array, or a dictionary of named ones."""

    def __init__(
        self,
        features: Any,
        source: DatasetSource,
        targets: Any = None,
        name: str | None = None,
        digest: str | None = None,
    ) -> None:
        self._features = features
        self._targets = targets
        super().__init__(source, name, digest)

    def _compute_digest(self) -> str:
        return array_digest(self._features, self._targets)

    @property
    def features(self) -> Any:
        """The features."""
        return self._features

    @property
    def targets(self) -> Any:
        """What is to be predicted."""
        return self._targets

    @property
    def profile(self) -> dict[str, Any]:
        """Shape, number of values and size in bytes, of features and targets."""
        parts = {"features": self._features, "targets": self._targets}
        return {
            f"{part}_{name}": _each(data, attribute)
            for part, data in parts.items()
            if data is not None
            for name, attribute in (("shape", "shape"), ("size", "size"), ("nbytes", "nbytes"))
        }

    @cached_property
    def schema(self) -> TensorDatasetSchema | None:
        """The tensors with their types; None, and a warning, for data that no schema describes."""
        try:
            targets = None if self._targets is None else infer_schema(self._targets)
            return TensorDatasetSchema(infer_schema(self._features), targets)
        except InvalidParameterValue as error:
            _log.warning("The dataset %r is logged without a schema: %s", self.name, error)
            return None

    def _schema_dict(self) -> dict[str, Any] | None:
        return None if self.schema is None else self.schema.to_dict()


def _each(data: Any, attribute: str) -> Any:
    if isinstance(data, dict):
        return {name: _each(one, attribute) for name, one in data.items()}
    value = getattr(data, attribute)
    return list(value) if isinstance(value, tuple) else int(value)


def from_numpy(
    features: Any,
    source: str | DatasetSource | None = None,
    targets: Any = None,
    name: str | None = None,
    digest: str | None = None,
) -> NumpyDataset:
    """The dataset of NumPy arrays.

    Args:
        features: An array whose first length counts the examples, or a dictionary of such arrays.
        source: Where they came from: a path, a URI, an address. By default, the code that runs now.
        targets: What is to be predicted, in the same form.
        name: What the dataset is called; `dataset` by default.
        digest: A fingerprint of the content; computed from the first 10,000 values of each array by default.

    Raises:
        InvalidParameterValue: the kind of source is not known.
        ConfigurationError: NumPy or pandas is not installed.

    Example:
        >>> import assay, numpy
        >>> assay.data.from_numpy(numpy.zeros((3, 4))).profile["features_shape"]
        [3, 4]
    """
    return NumpyDataset(features, resolve_dataset_source(source), targets=targets, name=name, digest=digest)
