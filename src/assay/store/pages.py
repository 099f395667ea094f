"""The part of the `Store` contract that people's pages are kept in: saved views, reports, changes of notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.pages import NoteChange, Report, SavedView


class SavedViews(Protocol):
    """Views of experiments by name. The experiment is one that exists."""

    def all(self, experiment_id: str) -> list[SavedView]:
        """The views of an experiment, by name."""

    def put(self, view: SavedView) -> SavedView:
        """Store a view in place of the one of its name, whose maker and time of creation stay; gives it as stored."""

    def rename(self, experiment_id: str, name: str, *, new_name: str, now: int) -> SavedView:
        """Give a view another name.

        Raises:
            ResourceDoesNotExist: there is no such view.
            ResourceAlreadyExists: another has the name.
        """

    def delete(self, experiment_id: str, name: str) -> None:
        """Delete a view.

        Raises:
            ResourceDoesNotExist: there is no such view.
        """

    def replace(self, experiment_id: str, views: Sequence[SavedView]) -> None:
        """Store these views as `put` does, and delete all others of the experiment."""


class Reports(Protocol):
    """Reports of experiments. Methods raise ResourceDoesNotExist for an unknown report id."""

    def create(self, report: Report) -> None:
        """Store a report; its id is new, and its experiment exists."""

    def get(self, report_id: str) -> Report:
        """The report, whole."""

    def page(self, experiment_id: str | None, *, limit: int, offset: int) -> list[Report]:
        """Reports without text and frozen data, the last changed first, then the newest."""

    def replace(self, report: Report) -> None:
        """Store the report in place of the one with its id."""

    def delete(self, report_id: str) -> None:
        """Delete the report."""


class Notes(Protocol):
    """What the notes of runs said."""

    def changes(self, run_id: str, *, limit: int) -> list[NoteChange]:
        """What the note of a run said, the latest first.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
