"""What people keep of an experiment: saved views, reports, and what notes said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client.entities.base import Entity

if TYPE_CHECKING:
    from assay.wire import pages as wire


class SavedView(Entity):
    """A page of an experiment under a name; `address` holds the parts of the page's address. Times are milliseconds."""

    experiment_id: str
    name: str
    address: dict[str, str]
    is_default: bool
    created_by: str
    creation_time: int
    last_update_time: int


class Report(Entity):
    """A page of Markdown with charts; `revision` counts changes. Times are milliseconds since the epoch.

    In a list of reports, `text` and `frozen` are empty.
    """

    report_id: str
    experiment_id: str
    title: str
    text: str
    frozen: str
    revision: int
    created_by: str
    creation_time: int
    last_update_time: int


class NoteChange(Entity):
    """What the note of a run said from `changed_at` on, in milliseconds since the epoch."""

    changed_at: int
    note: str


def saved_view(message: wire.SavedView) -> SavedView:
    """The view of a wire message."""
    return SavedView(
        experiment_id=message.experiment_id,
        name=message.name,
        address=dict(message.address),
        is_default=message.is_default,
        created_by=message.created_by,
        creation_time=message.creation_time,
        last_update_time=message.last_update_time,
    )


def report(message: wire.Report) -> Report:
    """The report of a wire message."""
    return Report(
        report_id=message.report_id,
        experiment_id=message.experiment_id,
        title=message.title,
        text=message.text,
        frozen=message.frozen,
        revision=message.revision,
        created_by=message.created_by,
        creation_time=message.creation_time,
        last_update_time=message.last_update_time,
    )


def note_change(message: wire.NoteChange) -> NoteChange:
    """The change of a wire message."""
    return NoteChange(changed_at=message.changed_at, note=message.note)
