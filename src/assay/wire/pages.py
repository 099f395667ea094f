"""What people keep of an experiment beside its runs: saved views, reports, and what notes said before."""

from __future__ import annotations

import msgspec

from assay.wire.base import Message, operation
from assay.wire.experiments import Experiment

_VIEWS = "assay/1/saved-views"
_REPORTS = "assay/1/reports"


class SavedView(Message):
    """A page of an experiment under a name: `address` holds the parts of the page's address that say what is shown.

    The default view of an experiment is what its page shows when the address says nothing. Times are milliseconds
    since the epoch.
    """

    experiment_id: str
    name: str
    address: dict[str, str] = msgspec.field(default_factory=dict)
    is_default: bool = msgspec.field(default_factory=bool)
    created_by: str = ""
    creation_time: int = 0
    last_update_time: int = 0


class SavedViewResponse(Message):
    """One saved view."""

    view: SavedView


class SavedViewsResponse(Message):
    """All saved views of an experiment, by name."""

    views: list[SavedView] = msgspec.field(default_factory=list)


class ExperimentPage(Message):
    """An experiment with its saved views, by name.

    `permission` is what the caller may do with it, empty on a server without users.
    """

    experiment: Experiment
    views: list[SavedView] = msgspec.field(default_factory=list)
    permission: str = ""


@operation("GET", "assay/1/views/experiment", returns=ExperimentPage, access="experiment:read", quick=True)
class ViewExperiment(Message):
    """What stands at the head of an experiment's page, deleted or not."""

    experiment_id: str


@operation("GET", f"{_VIEWS}/list", returns=SavedViewsResponse, access="experiment:read", quick=True)
class ListSavedViews(Message):
    """Get the saved views of an experiment, by name."""

    experiment_id: str


@operation("POST", f"{_VIEWS}/set", returns=SavedViewResponse, access="experiment:edit")
class SetSavedView(Message):
    """Keep a view under a name, in place of the one that had it. As the default view, it takes that from another."""

    experiment_id: str
    name: str
    address: dict[str, str]
    is_default: bool = False
    created_by: str = ""


@operation("POST", f"{_VIEWS}/rename", returns=SavedViewResponse, access="experiment:edit")
class RenameSavedView(Message):
    """Give a saved view another name, which no other view of the experiment has."""

    experiment_id: str
    name: str
    new_name: str


@operation("POST", f"{_VIEWS}/delete", access="experiment:edit")
class DeleteSavedView(Message):
    """Delete a saved view."""

    experiment_id: str
    name: str


@operation("POST", f"{_VIEWS}/replace", returns=SavedViewsResponse, access="experiment:edit")
class ReplaceSavedViews(Message):
    """Keep these views of an experiment, and no others."""

    experiment_id: str
    views: list[SavedView]
    created_by: str = ""


class Report(Message):
    """A page of Markdown with charts, which stand in it as blocks of code in the language `chart`.

    `frozen` holds, by the text of such a block, the data that the chart shows instead of the present one. `revision`
    counts changes. Lists of reports leave out `text` and `frozen`.
    """

    report_id: str
    experiment_id: str
    title: str
    text: str = ""
    frozen: str = ""
    revision: int = 1
    created_by: str = ""
    creation_time: int = 0
    last_update_time: int = 0


class ReportResponse(Message):
    """One report.

    Who reads it is told by `permission` what the caller may do with its experiment; empty on a server without users.
    """

    report: Report
    permission: str = ""


class SearchReportsResponse(Message):
    """A page of reports, the last changed first."""

    reports: list[Report] = msgspec.field(default_factory=list)
    next_page_token: str = ""


@operation("POST", f"{_REPORTS}/create", returns=ReportResponse, access="experiment:edit")
class CreateReport(Message):
    """Make a report of an experiment."""

    experiment_id: str
    title: str
    text: str = ""
    created_by: str = ""


@operation("GET", f"{_REPORTS}/get", returns=ReportResponse, access="experiment:read", quick=True)
class GetReport(Message):
    """Get a report."""

    report_id: str


@operation("GET", f"{_REPORTS}/search", returns=SearchReportsResponse, access="experiment:search")
class SearchReports(Message):
    """Get reports, of one experiment or of all, the last changed first."""

    experiment_id: str = ""
    max_results: int | None = None
    page_token: str = ""


@operation("POST", f"{_REPORTS}/update", returns=ReportResponse, access="experiment:edit")
class UpdateReport(Message):
    """Change what is given of a report.

    With `expected_revision`, only if nobody changed it since: else the error says so, and nothing is changed.
    """

    report_id: str
    title: str | None = None
    text: str | None = None
    frozen: str | None = None
    expected_revision: int | None = None


@operation("POST", f"{_REPORTS}/delete", access="experiment:edit")
class DeleteReport(Message):
    """Delete a report."""

    report_id: str


class NoteChange(Message):
    """What the note of a run said from `changed_at` on, in milliseconds since the epoch; empty where it was deleted."""

    changed_at: int
    note: str = msgspec.field(default_factory=str)


class NoteHistoryResponse(Message):
    """What the note of a run said, the latest first."""

    changes: list[NoteChange] = msgspec.field(default_factory=list)


@operation("GET", "assay/1/runs/note-history", returns=NoteHistoryResponse, access="run:read")
class GetNoteHistory(Message):
    """Get what the note of a run has said, the latest first: of the last 100 changes."""

    run_id: str
