"""Deleting for good what was marked as deleted: experiments, runs and logged models, with their files."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation


class TrashItem(Message):
    """An experiment, run or model (`kind`) that goes, or the files of one that is gone (`files`); size in bytes."""

    kind: str
    id: str
    size: int = msgspec.field(default_factory=int)


class DeletedItem(Message, omit_defaults=False):
    """What is marked as deleted: an `experiment`, a `run` or a `model` (`kind`); `deleted_at` in milliseconds.

    `runs` counts the runs of an experiment, which go with it and are not listed. `permission` is what the caller may do
    with the experiment, empty on a server without users.
    """

    kind: str
    id: str
    name: str
    deleted_at: int
    experiment_id: str
    experiment_name: str
    runs: int = 0
    permission: str = ""


class DeletedItems(Message, omit_defaults=False):
    """What is marked as deleted, the last deleted first."""

    items: list[DeletedItem]
    next_page_token: str = ""


class KeptItem(Message):
    """What could not go, and why."""

    kind: str
    id: str
    reason: str


class TrashReport(Message):
    """What is gone, or would go; with a page token, there is more: ask again with it."""

    items: list[TrashItem] = []
    kept: list[KeptItem] = []
    next_page_token: str = ""


@operation("POST", "assay/1/trash/empty", returns=TrashReport, access="workspace:manage", resources=True)
class EmptyTrash(Message):
    """Delete for good what is marked as deleted, rows and files, some of it a request.

    Without ids, everything that was deleted before `deleted_before` (milliseconds since the epoch; by default now).
    With ids only these, and what is in these experiments. `dry_run` changes nothing.
    """

    experiment_ids: list[str] = []
    run_ids: list[str] = []
    model_ids: list[str] = []
    deleted_before: int | None = None
    dry_run: bool = False
    page_token: str | None = None


@operation("GET", "assay/1/views/trash", returns=DeletedItems, access="experiment:search")
class ViewTrash(Message):
    """What is marked as deleted: experiments, and runs and logged models of active experiments."""

    max_results: int | None = None
    page_token: str | None = None


@operation("POST", "assay/1/logged-models/restore", access="model:manage")
class RestoreLoggedModel(Message):
    """Restore a deleted logged model, whose experiment is active."""

    model_id: str
