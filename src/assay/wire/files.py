"""Artifacts as pages look at them: a part of a folder however large, names found below it, a folder as one archive."""

from __future__ import annotations

from typing import ClassVar

from assay.wire.base import Message, operation, transfer

MOST_FILES = 10_000
"""The most entries in one answer."""


class Files(Message, omit_defaults=False):
    """A part of a folder: its folders first, both by name; or of what was found below it, by path.

    `names` are paths from the folder; `sizes[i]` is the size of `names[i]` in bytes, null for a folder. `start` is how
    many of the `total` entries come before them. `bytes` is the size of all files among the total together, null where
    they are too many to measure. `complete` is false for a search that took too long and ended early, and for a folder
    of so many files in an object store that it is told by parts, in the order of the store: `total` is what is known
    then, and `after` leads on.
    """

    names: list[str]
    sizes: list[int | None]
    start: int
    total: int
    folders: int
    bytes: int | None
    complete: bool = True

    nullable: ClassVar[bool] = True


class FilesAsked(Message):
    """Which part of which folder: `contains` finds names at any depth below it, upper and lower case alike.

    `around` is a name in the folder: where there is such a one, the part that holds it is given, not that at `start`.
    `after` is the last name of a part that was not complete, with `/` behind that of a folder; `start` still counts.
    """

    path: str = ""
    contains: str = ""
    around: str = ""
    after: str = ""
    start: int = 0
    max_results: int = 1000


@operation("GET", "assay/1/views/run-files", returns=Files, access="run:read", resources=True)
class ViewRunFiles(FilesAsked, kw_only=True):
    """A part of a folder among a run's artifacts."""

    run_id: str


@operation("GET", "assay/1/views/model-files", returns=Files, access="model:read", resources=True)
class ViewModelFiles(FilesAsked, kw_only=True):
    """A part of a folder among the files of a logged model."""

    model_id: str


@transfer("GET", "assay/1/run-archive", access="run:read")
class GetRunArchive(Message):
    """Fetch a folder of a run's artifacts, or all of them, as one ZIP file."""

    run_id: str
    path: str = ""


@transfer("GET", "assay/1/model-archive", access="model:read")
class GetModelArchive(Message):
    """Fetch a folder of a logged model's files, or all of them, as one ZIP file."""

    model_id: str
    path: str = ""
