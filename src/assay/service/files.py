"""Handlers for `wire.files`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assay.blobs.pages import Asked, below, page
from assay.blobs.paths import checked_path
from assay.core.errors import InvalidParameterValue
from assay.service.artifacts import blobs_of_model, blobs_of_run
from assay.service.dispatch import Context, handles
from assay.wire import files as wire

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore

SEARCH_SECONDS = 3.0
"""How long a search for names looks through folders."""

_MOST_BEFORE = 2**63 - 1


@handles(wire.ViewRunFiles)
def view_run_files(context: Context, request: wire.ViewRunFiles) -> wire.Files:
    """A part of a folder of a run; a file or a missing path has no entries."""
    return _files(blobs_of_run(context, request.run_id), request)


@handles(wire.ViewModelFiles)
def view_model_files(context: Context, request: wire.ViewModelFiles) -> wire.Files:
    """A part of a folder of a logged model; a file or a missing path has no entries."""
    return _files(blobs_of_model(context, request.model_id), request)


def _files(store: BlobStore, request: wire.FilesAsked) -> wire.Files:
    if not 1 <= request.max_results <= wire.MOST_FILES or not 0 <= request.start <= _MOST_BEFORE:
        raise InvalidParameterValue(
            f"Invalid value {request.max_results} or {request.start}: 'max_results' is 1 to {wire.MOST_FILES}, and "
            f"'start' 0 to {_MOST_BEFORE}."
        )
    path = checked_path(request.path) if request.path else ""
    if request.contains:
        return _searched(store, path, request)
    asked = Asked(request.start, request.max_results, request.around, request.after)
    found = page(store, path, asked)
    cut = len(path) + 1 if path else 0
    return wire.Files(
        names=[file.path[cut:] for file in found.files],
        sizes=[None if file.is_dir else file.file_size or 0 for file in found.files],
        start=found.start,
        total=found.total,
        folders=found.folders,
        bytes=found.bytes,
        complete=found.complete,
    )


def _searched(store: BlobStore, path: str, request: wire.FilesAsked) -> wire.Files:
    entries, complete = _found(store, path, request.contains)
    shown = entries[request.start : request.start + request.max_results]
    return wire.Files(
        names=[name for name, _ in shown],
        sizes=[size for _, size in shown],
        start=request.start,
        total=len(entries),
        folders=0,
        bytes=sum(size for _, size in entries),
        complete=complete,
    )


def _found(store: BlobStore, path: str, contains: str) -> tuple[list[tuple[str, int]], bool]:
    """The files below a folder whose name holds a text, by path, and whether all folders could be looked through."""
    wanted = contains.lower()
    end = time.monotonic() + SEARCH_SECONDS
    cut = len(path) + 1 if path else 0
    found: list[tuple[str, int]] = []
    complete = True
    for name, size in below(store, path):
        if wanted in name.rpartition("/")[2].lower():
            found.append((name[cut:], size))
        if time.monotonic() > end:
            complete = False
            break
    return sorted(found), complete
