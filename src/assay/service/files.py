"""Handlers for `wire.files`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assay.blobs.archive import walk
from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue
from assay.service.artifacts import blobs_of_model, blobs_of_run
from assay.service.dispatch import Context, handles
from assay.wire import files as wire

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore

    Entry = tuple[str, int | None]

SEARCH_SECONDS = 3.0
"""How long a search for names looks through folders."""


@handles(wire.ViewRunFiles)
def view_run_files(context: Context, request: wire.ViewRunFiles) -> wire.Files:
    """A part of a folder of a run; a file or a missing path has no entries."""
    return _files(blobs_of_run(context, request.run_id), request)


@handles(wire.ViewModelFiles)
def view_model_files(context: Context, request: wire.ViewModelFiles) -> wire.Files:
    """A part of a folder of a logged model; a file or a missing path has no entries."""
    return _files(blobs_of_model(context, request.model_id), request)


def _files(store: BlobStore, request: wire.FilesAsked) -> wire.Files:
    if not 1 <= request.max_results <= wire.MOST_FILES or request.start < 0:
        raise InvalidParameterValue(
            f"Invalid value {request.max_results} or {request.start}: 'max_results' is 1 to {wire.MOST_FILES}, and "
            "'start' at least 0."
        )
    path = checked_path(request.path) if request.path else ""
    entries, complete = _found(store, path, request.contains) if request.contains else (_listed(store, path), True)
    start = request.start
    if request.around:
        place = next((place for place, (name, _) in enumerate(entries) if name == request.around), start)
        start = place - place % request.max_results
    shown = entries[start : start + request.max_results]
    return wire.Files(
        names=[name for name, _ in shown],
        sizes=[size for _, size in shown],
        start=start,
        total=len(entries),
        folders=sum(size is None for _, size in entries),
        bytes=sum(size or 0 for _, size in entries),
        complete=complete,
    )


def _listed(store: BlobStore, path: str) -> list[Entry]:
    """What a folder holds, its folders first."""
    cut = len(path) + 1 if path else 0
    listed = store.list(path)
    folders: list[Entry] = [(file.path[cut:], None) for file in listed if file.is_dir]
    return folders + [(file.path[cut:], file.file_size or 0) for file in listed if not file.is_dir]


def _found(store: BlobStore, path: str, contains: str) -> tuple[list[Entry], bool]:
    """The files below a folder whose name holds a text, by path, and whether all folders could be looked through."""
    wanted = contains.lower()
    end = time.monotonic() + SEARCH_SECONDS
    cut = len(path) + 1 if path else 0
    found: list[Entry] = []
    complete = True
    for name, size in walk(store, path):
        if wanted in name.rpartition("/")[2].lower():
            found.append((name[cut:], size))
        if time.monotonic() > end:
            complete = False
            break
    return sorted(found), complete
