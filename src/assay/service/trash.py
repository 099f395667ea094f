"""Handlers for `wire.trash`: rows go first, in one transaction with a note of their files, then the files.

So nobody reads a run whose files are half gone, what is restored meanwhile stays whole, and whatever is interrupted is
finished the next time.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import AssayError, InvalidParameterValue
from assay.search import pages
from assay.service import rules
from assay.service.artifacts import blobs_at
from assay.service.dispatch import Context, handles
from assay.service.holders import permissions
from assay.store.base import ACTIVE
from assay.store.trash import EXPERIMENT, KINDS, Choice, Doomed
from assay.store.users import EXPERIMENT as IN_EXPERIMENT
from assay.wire import trash as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.blobs.base import BlobStore
    from assay.store.base import Session

MOST_ITEMS = 500
DEFAULT_PAGE = 200
SECONDS = 10.0
"""How much one request does: clients do not wait for long, and ask again."""
FILES = "files"


@handles(wire.ViewTrash)
def view_trash(context: Context, session: Session, request: wire.ViewTrash) -> wire.DeletedItems:
    """What can be restored."""
    size = rules.page_size(request.max_results, default=DEFAULT_PAGE)
    offset = pages.decode_offset(request.page_token)
    found, token = pages.cut(session.trash.deleted(limit=size + 1, offset=offset), size=size, offset=offset)
    levels = permissions(context, session, kind=IN_EXPERIMENT, targets=[one.experiment_id for one in found])
    for item, level in zip(found, levels, strict=True):
        item.permission = level
    return wire.DeletedItems(items=found, next_page_token=token)


@handles(wire.RestoreLoggedModel)
def restore_logged_model(context: Context, session: Session, request: wire.RestoreLoggedModel) -> Empty:
    """Restore a model whose experiment is active."""
    del context
    model = session.models.get(request.model_id, deleted=True)
    rules.active_experiment(session.experiments.get(model.info.experiment_id))
    session.models.set_stage(request.model_id, stage=ACTIVE, now=clock.now_ms())
    return Empty()


@handles(wire.EmptyTrash)
def empty_trash(context: Context, request: wire.EmptyTrash) -> wire.TrashReport:
    """Remove what is marked as deleted, or tell what would go."""
    choice = Choice(
        before=clock.now_ms() + 1 if request.deleted_before is None else request.deleted_before,
        experiment_ids=[rules.experiment_id(one) for one in request.experiment_ids],
        run_ids=request.run_ids,
        model_ids=request.model_ids,
    )
    after = _after(request.page_token)
    report = wire.TrashReport()
    if after is None:
        _clear_leftovers(context, report, dry_run=request.dry_run)
        context.store.read(lambda session: session.trash.check(choice))
    found = context.store.read(lambda session: session.trash.find(choice, after=after, limit=MOST_ITEMS))
    begun = time.monotonic()
    for place, doomed in enumerate(found, start=1):
        if request.dry_run:
            _foresee(context, doomed, report, choice=choice)
        else:
            _remove(context, doomed, report)
        late = time.monotonic() - begun > SECONDS
        if place == MOST_ITEMS or (late and place < len(found)):
            report.next_page_token = pages.encode_token({"kind": doomed.kind, "id": doomed.id})
            break
    return report


def _after(token: str | None) -> Doomed | None:
    if not token:
        return None
    content = pages.decode_token(token)
    kind, last = content.get("kind"), content.get("id")
    if kind not in KINDS or not isinstance(last, str):
        raise InvalidParameterValue(f"Invalid page_token {token[:100]!r}. Pass the one of an answer, or none.")
    return Doomed(kind, rules.experiment_id(last) if kind == EXPERIMENT else last)


def _foresee(context: Context, doomed: Doomed, report: wire.TrashReport, *, choice: Choice) -> None:
    try:
        context.store.read(lambda session: session.trash.check_removable(doomed, choice=choice))
        size = _size(*_files(context, doomed.artifact_uri)) if doomed.artifact_uri else 0
    except AssayError as error:
        report.kept.append(wire.KeptItem(kind=doomed.kind, id=doomed.id, reason=error.message))
    else:
        report.items.append(wire.TrashItem(kind=doomed.kind, id=doomed.id, size=size))


def _remove(context: Context, doomed: Doomed, report: wire.TrashReport) -> None:
    """Remove rows where their files can be reached, and then the files."""
    try:
        size = _size(*_files(context, doomed.artifact_uri)) if doomed.artifact_uri else 0
        number = context.store.write(lambda session: session.trash.remove(doomed))
    except AssayError as error:
        report.kept.append(wire.KeptItem(kind=doomed.kind, id=doomed.id, reason=error.message))
        return
    if number is None:
        return
    report.items.append(wire.TrashItem(kind=doomed.kind, id=doomed.id, size=size))
    if number:
        _delete_files(context, number, doomed.artifact_uri, report)


def _clear_leftovers(context: Context, report: wire.TrashReport, *, dry_run: bool) -> None:
    """Delete files whose rows are gone; those that cannot be deleted now are tried again the next time."""
    for number, artifact_uri in context.store.read(lambda session: session.trash.leftovers()):
        try:
            size = _size(*_files(context, artifact_uri))
        except AssayError as error:
            report.kept.append(wire.KeptItem(kind=FILES, id=artifact_uri, reason=error.message))
            continue
        if dry_run or _delete_files(context, number, artifact_uri, report):
            report.items.append(wire.TrashItem(kind=FILES, id=artifact_uri, size=size))


def _delete_files(context: Context, number: int, artifact_uri: str, report: wire.TrashReport) -> bool:
    try:
        store, path = _files(context, artifact_uri)
        store.delete(path)
        context.store.write(lambda session: session.trash.forget(number))
    except AssayError as error:
        report.kept.append(wire.KeptItem(kind=FILES, id=artifact_uri, reason=error.message))
        return False
    return True


def _files(context: Context, artifact_uri: str) -> tuple[BlobStore, str]:
    """The directory that is a run's or a model's own: above `artifacts`, named by its id."""
    base, _, name = artifact_uri.rstrip("/").removesuffix("/artifacts").rpartition("/")
    return blobs_at(context, base), name


def _size(store: BlobStore, path: str) -> int:
    """The bytes of all files below a directory."""
    total = 0
    waiting = [path]
    while waiting:
        for file in store.list(waiting.pop()):
            if file.is_dir:
                waiting.append(file.path)
            total += file.file_size or 0
    return total
