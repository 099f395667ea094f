"""The client's operations on what people keep of an experiment: saved views, reports, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client import entities
from assay.client.context import user
from assay.service import page_rules, rules, view_text
from assay.wire import pages as wire
from assay.wire.base import Empty
from assay.wire.experiments import ExperimentResponse, GetExperiment, GetExperimentByName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.client.connection import Connection


class PageOperations:
    """What a client can do with saved views and reports of experiments, and with the history of notes."""

    _connection: Connection

    def list_views(self, experiment_id: str) -> list[entities.SavedView]:
        """The saved views of an experiment, by name.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
        """
        request = wire.ListSavedViews(experiment_id=rules.experiment_id(experiment_id))
        return [entities.saved_view(one) for one in self._connection.ask(request, wire.SavedViewsResponse).views]

    def set_view(
        self, experiment_id: str, name: str, address: Mapping[str, str], *, is_default: bool = False
    ) -> entities.SavedView:
        """Keep a view under a name, in place of the one that had it.

        Args:
            experiment_id: the experiment.
            name: of the view.
            address: the parts of its page's address, such as `{"q": "metrics.loss < 1", "sort": "-metrics.acc"}`.
            is_default: whether it is what the page of the experiment shows at first.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
            InvalidParameterValue: the name or the address is not acceptable.
        """
        request = wire.SetSavedView(
            experiment_id=rules.experiment_id(experiment_id),
            name=page_rules.view_name(name),
            address=page_rules.address(address),
            is_default=is_default,
            created_by=user(),
        )
        return entities.saved_view(self._connection.ask(request, wire.SavedViewResponse).view)

    def rename_view(self, experiment_id: str, name: str, new_name: str) -> entities.SavedView:
        """Give a saved view another name.

        Raises:
            ResourceDoesNotExist: there is no such view.
            ResourceAlreadyExists: another view of the experiment has that name.
        """
        request = wire.RenameSavedView(experiment_id=experiment_id, name=name, new_name=page_rules.view_name(new_name))
        return entities.saved_view(self._connection.ask(request, wire.SavedViewResponse).view)

    def delete_view(self, experiment_id: str, name: str) -> None:
        """Delete a saved view.

        Raises:
            ResourceDoesNotExist: there is no such view.
        """
        self._connection.ask(wire.DeleteSavedView(experiment_id=experiment_id, name=name), Empty)

    def apply_views(self, text: str) -> str:
        """Keep the views that the text of a file describes, and no others of its experiment; gives its name.

        Raises:
            InvalidParameterValue: it is no such text; names the line.
            ResourceDoesNotExist: there is no experiment of that name.
        """
        views = view_text.parse_views(text)
        asked = GetExperimentByName(experiment_name=views.experiment)
        experiment_id = self._connection.ask(asked, ExperimentResponse).experiment.experiment_id
        kept = [
            wire.SavedView(
                experiment_id=experiment_id, name=view.name, address=view.address, is_default=view.is_default
            )
            for view in views.views
        ]
        request = wire.ReplaceSavedViews(experiment_id=experiment_id, views=kept, created_by=user())
        self._connection.ask(request, wire.SavedViewsResponse)
        return views.experiment

    def views_text(self, experiment_id: str) -> str:
        """The saved views of an experiment as text, for `apply_views`.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
        """
        asked = GetExperiment(experiment_id=rules.experiment_id(experiment_id))
        name = self._connection.ask(asked, ExperimentResponse).experiment.name
        views = [view_text.View(one.name, one.address, one.is_default) for one in self.list_views(experiment_id)]
        return view_text.format_views(view_text.Views(name, views))

    def create_report(self, experiment_id: str, title: str, text: str = "") -> entities.Report:
        """Make a report: Markdown, with charts as blocks of code in the language `chart`.

        Raises:
            ResourceDoesNotExist: there is no such experiment.
            InvalidParameterValue: the title or the text is not acceptable.
        """
        request = wire.CreateReport(
            experiment_id=rules.experiment_id(experiment_id),
            title=page_rules.title(title),
            text=page_rules.text(text),
            created_by=user(),
        )
        return entities.report(self._connection.ask(request, wire.ReportResponse).report)

    def get_report(self, report_id: str) -> entities.Report:
        """The report of this id.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return entities.report(self._connection.ask(wire.GetReport(report_id=report_id), wire.ReportResponse).report)

    def search_reports(
        self, experiment_id: str | None = None, *, max_results: int | None = None, page_token: str | None = None
    ) -> entities.PagedList[entities.Report]:
        """A page of reports without their text, of one experiment or of all, the last changed first.

        Raises:
            InvalidParameterValue: the page token or the number of results is not acceptable.
        """
        request = wire.SearchReports(
            experiment_id=experiment_id or "", max_results=max_results, page_token=page_token or ""
        )
        answer = self._connection.ask(request, wire.SearchReportsResponse)
        return entities.PagedList([entities.report(one) for one in answer.reports], answer.next_page_token or None)

    def update_report(
        self, report_id: str, *, title: str | None = None, text: str | None = None, expected_revision: int | None = None
    ) -> entities.Report:
        """Change what is given of a report; with `expected_revision`, only if nobody changed it since.

        Raises:
            ResourceDoesNotExist: there is no such report.
            ResourceConflict: somebody changed it; nothing was changed now.
            InvalidParameterValue: the title or the text is not acceptable.
        """
        request = wire.UpdateReport(report_id=report_id, title=title, text=text, expected_revision=expected_revision)
        return entities.report(self._connection.ask(request, wire.ReportResponse).report)

    def delete_report(self, report_id: str) -> None:
        """Delete a report.

        Raises:
            ResourceDoesNotExist: there is no such report.
        """
        self._connection.ask(wire.DeleteReport(report_id=report_id), Empty)

    def get_note_history(self, run_id: str) -> list[entities.NoteChange]:
        """What the note of a run (its tag `mlflow.note.content`) said, the latest first: of the last 100 changes.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        request = wire.GetNoteHistory(run_id=rules.run_id(run_id))
        return [entities.note_change(one) for one in self._connection.ask(request, wire.NoteHistoryResponse).changes]
