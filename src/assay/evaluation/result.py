"""What an evaluation found, and the files that it logged."""

from __future__ import annotations

import io
import json
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assay.client.artifact_uris import download_artifacts
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd  # type: ignore[import-untyped]

METRICS_FILE = "metrics.json"
DESCRIPTION_FILE = "artifacts_metadata.json"
FILES_DIRECTORY = "artifacts"
TABLE_SUFFIX = ".json"


def _frame(reader: str, data: bytes) -> Any:
    return getattr(require("pandas", extra="pandas"), reader)(io.BytesIO(data))


def _image(data: bytes) -> Any:
    return require("PIL.Image", extra="images").open(io.BytesIO(data))


def _array(data: bytes) -> Any:
    return require("numpy", extra="sklearn").load(io.BytesIO(data), allow_pickle=False)


_KINDS: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    ".csv": ("Csv", lambda data: _frame("read_csv", data)),
    ".parquet": ("Parquet", lambda data: _frame("read_parquet", data)),
    ".json": ("Json", json.loads),
    ".npy": ("Numpy", _array),
    ".txt": ("Text", bytes.decode),
    **dict.fromkeys((".png", ".jpg", ".jpeg"), ("Image", _image)),
}
"""By extension of the name: what MLflow calls the kind, and how a file of it is read."""

EXTENSIONS = frozenset(_KINDS)
"""Extensions of files that an evaluation can hold."""


class EvaluationArtifact:
    """A file of an evaluation: where it is, and what it says."""

    def __init__(self, uri: str, data: bytes | None = None) -> None:
        self._uri = uri
        self._data = data

    @property
    def uri(self) -> str:
        """Where the file is."""
        return self._uri

    @property
    def name(self) -> str:
        """The last part of the URI."""
        return PurePosixPath(urlsplit(self._uri).path).name

    @property
    def data(self) -> bytes:
        """The bytes of the file; fetched where they are not at hand.

        Raises:
            ResourceDoesNotExist: it is not there any more.
        """
        if self._data is None:
            self._data = Path(download_artifacts(artifact_uri=self._uri)).read_bytes()
        return self._data

    @property
    def content(self) -> Any:
        """The file as an object: a pandas frame, a Pillow image, a NumPy array, text, or what JSON says.

        Raises:
            ResourceDoesNotExist: it is not there any more.
            ConfigurationError: the library that reads it is not installed.
        """
        return _kind(self.name)[1](self.data)

    def __repr__(self) -> str:
        return f"EvaluationArtifact(uri={self._uri!r})"


class EvaluationResult:
    """Metrics and artifacts by name, and the run that holds them."""

    def __init__(
        self, metrics: dict[str, float], artifacts: dict[str, EvaluationArtifact], run_id: str | None = None
    ) -> None:
        self._metrics = metrics
        self._artifacts = artifacts
        self._run_id = run_id

    @property
    def metrics(self) -> dict[str, float]:
        """Each metric's value; NaN where the data leave it undefined."""
        return self._metrics

    @property
    def artifacts(self) -> dict[str, EvaluationArtifact]:
        """The files, by what they show: `confusion_matrix`, `per_class_metrics`."""
        return self._artifacts

    @property
    def run_id(self) -> str | None:
        """The run that was logged to."""
        return self._run_id

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of scores row by row, `eval_results_table`, where a metric gives them."""
        frames = require("pandas", extra="pandas")
        found = {name: one.content for name, one in self._artifacts.items() if one.name.endswith(TABLE_SUFFIX)}
        return {
            name: frames.DataFrame(content["data"], columns=content["columns"])
            for name, content in found.items()
            if isinstance(content, dict) and set(content) == {"columns", "data"}
        }

    def save(self, path: str | Path) -> None:
        """Write everything in a directory, in MLflow's form, from which `load` of either brings it back."""
        directory = Path(path)
        (directory / FILES_DIRECTORY).mkdir(parents=True, exist_ok=True)
        (directory / METRICS_FILE).write_text(json.dumps(self._metrics), encoding="utf-8")
        for artifact in self._artifacts.values():
            (directory / FILES_DIRECTORY / artifact.name).write_bytes(artifact.data)
        described = {
            name: {
                "uri": artifact.uri,
                "class_name": f"mlflow.models.evaluation.artifacts.{_kind(artifact.name)[0]}EvaluationArtifact",
            }
            for name, artifact in self._artifacts.items()
        }
        (directory / DESCRIPTION_FILE).write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> EvaluationResult:
        """What `save` wrote.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        directory = Path(path)
        try:
            metrics = json.loads((directory / METRICS_FILE).read_text(encoding="utf-8"))
            described = json.loads((directory / DESCRIPTION_FILE).read_text(encoding="utf-8"))
            artifacts = {name: EvaluationArtifact(facts["uri"]) for name, facts in described.items()}
            files = {name: (directory / FILES_DIRECTORY / one.name).read_bytes() for name, one in artifacts.items()}
        except FileNotFoundError as error:
            raise ResourceDoesNotExist(
                f"There is no evaluation at {str(directory)!r}: {error.filename!r} is missing. Give a directory that "
                "EvaluationResult.save wrote."
            ) from error
        return cls(metrics, {name: EvaluationArtifact(one.uri, files[name]) for name, one in artifacts.items()})

    def __repr__(self) -> str:
        return f"EvaluationResult(metrics={self._metrics}, artifacts={sorted(self._artifacts)}, run_id={self._run_id})"


def _kind(name: str) -> tuple[str, Callable[[bytes], Any]]:
    found = _KINDS.get(PurePosixPath(name).suffix.lower())
    if found is None:
        raise InvalidParameterValue(
            f"{name!r} is of no kind that an evaluation holds. Use one of {', '.join(sorted(_KINDS))}."
        )
    return found
