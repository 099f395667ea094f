"""Where data came from: a file or object, an address on the web, or the code that made it."""

from __future__ import annotations

import json
import shutil
import tempfile
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlsplit

from typing_extensions import Self

from assay.blobs.archive import safe_name
from assay.client.artifact_uris import download_artifacts
from assay.client.context import automatic_tags
from assay.core import uri as uris
from assay.core.errors import InvalidParameterValue, NotSupported

if TYPE_CHECKING:
    from collections.abc import Mapping

S = TypeVar("S", bound="DatasetSource")

FILE_SCHEMES = ("s3", "r2", "b2", "gs", "wasbs", "abfss", "ftp", "sftp", "hdfs", "viewfs")
"""Schemes of files elsewhere; each is its own type of source, as in MLflow."""


class DatasetSource:
    """Where data came from. A kind of its own defines `_get_source_type`, `to_dict`, `from_dict` and `load`."""

    _TYPE: ClassVar[str] = ""

    def _get_source_type(self) -> str:
        return self._TYPE

    def to_dict(self) -> dict[str, Any]:
        """What names the source, as JSON can express it."""
        raise NotImplementedError

    def to_json(self) -> str:
        """`to_dict` as text, which is what is stored."""
        return json.dumps(self.to_dict())

    @classmethod
    def from_dict(cls, source_dict: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(**source_dict)

    @classmethod
    def from_json(cls, source_json: str) -> Self:
        """The inverse of `to_json`."""
        return cls.from_dict(json.loads(source_json))

    def load(self, dst_path: str | None = None) -> Any:  # noqa: ARG002 -- for the kinds that can
        """Fetch the data.

        Raises:
            NotSupported: this kind of source cannot be fetched.
        """
        raise NotSupported(f"Data of the source type {self._get_source_type()!r} cannot be fetched; load it yourself.")


class CodeDatasetSource(DatasetSource):
    """The code that made the data: the tags that say which script of which commit, and whose."""

    _TYPE = "code"

    def __init__(self, tags: Mapping[str, str]) -> None:
        self.tags = dict(tags)

    def to_dict(self) -> dict[str, Any]:
        """The tags."""
        return {"tags": self.tags}


class HTTPDatasetSource(DatasetSource):
    """A file on the web."""

    _TYPE = "http"

    def __init__(self, url: str) -> None:
        self.url = url

    def to_dict(self) -> dict[str, Any]:
        """The address."""
        return {"url": self.url}

    def load(self, dst_path: str | None = None) -> str:
        """Fetch the file into `dst_path` (a new temporary directory by default); returns its path.

        Raises:
            InvalidParameterValue: the address is none of the web.
            OSError: it cannot be fetched.
        """
        if uris.scheme(self.url) not in ("http", "https"):
            raise InvalidParameterValue(f"{uris.redact(self.url)!r} is no http or https address.")
        directory = Path(dst_path or tempfile.mkdtemp(prefix="assay-"))
        target = directory / safe_name(urlsplit(self.url).path.rpartition("/")[2] or "dataset_source")
        with urllib.request.urlopen(self.url) as answer, target.open("wb") as file:  # noqa: S310 -- checked above # nosec B310
            shutil.copyfileobj(answer, file)
        return str(target)


class ArtifactDatasetSource(DatasetSource):
    """A file or directory, on this machine or in an object store."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def _get_source_type(self) -> str:
        kind = uris.scheme(self.uri)
        return kind if kind in FILE_SCHEMES else "local"

    def to_dict(self) -> dict[str, Any]:
        """The URI."""
        return {"uri": self.uri}

    def load(self, dst_path: str | None = None) -> str:
        """Fetch file or directory into `dst_path`; what is on this machine stays where it is without one."""
        return download_artifacts(self.uri, dst_path=dst_path)


class UnknownDatasetSource(DatasetSource):
    """A source of a type that Assay does not know; what was stored of it is kept."""

    def __init__(self, kind: str, values: Mapping[str, Any]) -> None:
        self._kind = kind
        self._values = dict(values)

    def _get_source_type(self) -> str:
        return self._kind

    def to_dict(self) -> dict[str, Any]:
        """What was stored."""
        return self._values


_TYPES: dict[str, type[DatasetSource]] = {
    "code": CodeDatasetSource,
    "http": HTTPDatasetSource,
    **dict.fromkeys(("local", *FILE_SCHEMES), ArtifactDatasetSource),
}


def resolve_dataset_source(raw_source: object) -> DatasetSource:
    """The source behind what a caller gives: a source, an address or path, or nothing: then the code that runs.

    Raises:
        InvalidParameterValue: the kind of address is not known.
    """
    if raw_source is None:
        tags = automatic_tags()
        return CodeDatasetSource({key: value for key, value in tags.items() if not key.startswith("assay.")})
    if isinstance(raw_source, DatasetSource) or hasattr(raw_source, "_get_source_type"):
        return raw_source  # type: ignore[return-value]  # a source of another library, which has the same methods
    if not isinstance(raw_source, str | Path):
        raise InvalidParameterValue(f"A {type(raw_source).__name__} is no source of data: give a path, URI or address.")
    text = str(raw_source)
    kind = uris.scheme(text)
    if kind in ("http", "https"):
        return HTTPDatasetSource(text)
    if kind in ("", "file", *FILE_SCHEMES):
        return ArtifactDatasetSource(text)
    raise InvalidParameterValue(
        f"Data cannot come from {uris.redact(text)!r}: give a path, an http(s) address, or a URI of one of "
        f"{', '.join(FILE_SCHEMES)}."
    )


def get_dataset_source_from_json(source_json: str, source_type: str) -> DatasetSource:
    """The source that was stored under a type; one of an unknown type keeps what was stored."""
    values = json.loads(source_json)
    kind = _TYPES.get(source_type)
    return kind.from_dict(values) if kind else UnknownDatasetSource(source_type, values)


def get_registered_sources() -> list[type[DatasetSource]]:
    """The kinds of sources there are."""
    return list(dict.fromkeys(_TYPES.values()))
