"""Handlers for `wire.pages`."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import msgspec

from assay.core import clock
from assay.core.errors import InvalidParameterValue, ResourceConflict
from assay.search.pages import cut, decode_offset
from assay.service import page_rules, registry_rules, rules
from assay.service.dispatch import Context, handles
from assay.service.holders import permission
from assay.store.users import EXPERIMENT
from assay.wire import pages as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.store.base import Session


@handles(wire.ListSavedViews)
def list_saved_views(context: Context, session: Session, request: wire.ListSavedViews) -> wire.SavedViewsResponse:
    """Get the views of an experiment."""
    del context
    experiment = session.experiments.get(rules.experiment_id(request.experiment_id))
    return wire.SavedViewsResponse(views=session.saved_views.all(experiment.experiment_id))


@handles(wire.ViewExperiment)
def view_experiment(context: Context, session: Session, request: wire.ViewExperiment) -> wire.ExperimentPage:
    """Get an experiment with its views."""
    experiment = session.experiments.get(rules.experiment_id(request.experiment_id))
    return wire.ExperimentPage(
        experiment=experiment,
        views=session.saved_views.all(experiment.experiment_id),
        permission=permission(context, session, kind=EXPERIMENT, target=experiment.experiment_id),
    )


@handles(wire.SetSavedView)
def set_saved_view(context: Context, session: Session, request: wire.SetSavedView) -> wire.SavedViewResponse:
    """Keep a view under a name."""
    experiment_id = _writable(session, request.experiment_id)
    view = wire.SavedView(
        experiment_id=experiment_id, name=request.name, address=request.address, is_default=request.is_default
    )
    _check_number(session, experiment_id, request.name)
    return wire.SavedViewResponse(view=session.saved_views.put(_checked(context, view, by=request.created_by)))


@handles(wire.RenameSavedView)
def rename_saved_view(context: Context, session: Session, request: wire.RenameSavedView) -> wire.SavedViewResponse:
    """Give a view another name."""
    del context
    new_name = page_rules.view_name(request.new_name)
    experiment_id = _writable(session, request.experiment_id)
    renamed = session.saved_views.rename(experiment_id, request.name, new_name=new_name, now=clock.now_ms())
    return wire.SavedViewResponse(view=renamed)


@handles(wire.DeleteSavedView)
def delete_saved_view(context: Context, session: Session, request: wire.DeleteSavedView) -> Empty:
    """Delete a view."""
    del context
    session.saved_views.delete(_writable(session, request.experiment_id), request.name)
    return Empty()


@handles(wire.ReplaceSavedViews)
def replace_saved_views(context: Context, session: Session, request: wire.ReplaceSavedViews) -> wire.SavedViewsResponse:
    """Keep these views of an experiment, and no others."""
    experiment_id = _writable(session, request.experiment_id)
    if len(request.views) > page_rules.MAX_VIEWS:
        raise InvalidParameterValue(
            f"There are {len(request.views)} views; at most {page_rules.MAX_VIEWS} are allowed for one experiment."
        )
    views = [
        _checked(context, msgspec.structs.replace(view, experiment_id=experiment_id), by=request.created_by)
        for view in request.views
    ]
    names = {view.name for view in views}
    if len(names) < len(views) or sum(view.is_default for view in views) > 1:
        raise InvalidParameterValue("Two of the views have the same name, or are the default. Change one of them.")
    session.saved_views.replace(experiment_id, views)
    return wire.SavedViewsResponse(views=session.saved_views.all(experiment_id))


def _writable(session: Session, experiment_id: str) -> str:
    return rules.active_experiment(session.experiments.get(rules.experiment_id(experiment_id))).experiment_id


def _check_number(session: Session, experiment_id: str, name: str) -> None:
    known = {view.name for view in session.saved_views.all(experiment_id)}
    if name not in known and len(known) >= page_rules.MAX_VIEWS:
        raise InvalidParameterValue(f"The experiment has {len(known)} views already. Delete one that nobody needs.")


def _checked(context: Context, view: wire.SavedView, *, by: str) -> wire.SavedView:
    now = clock.now_ms()
    return wire.SavedView(
        experiment_id=view.experiment_id,
        name=page_rules.view_name(view.name),
        address=page_rules.address(view.address),
        is_default=view.is_default,
        created_by=_maker(context, by),
        creation_time=now,
        last_update_time=now,
    )


def _maker(context: Context, given: str) -> str:
    return context.caller.name or registry_rules.short(given, "created_by")


@handles(wire.CreateReport)
def create_report(context: Context, session: Session, request: wire.CreateReport) -> wire.ReportResponse:
    """Make a report of an experiment."""
    now = clock.now_ms()
    report = wire.Report(
        report_id=uuid.uuid4().hex,
        experiment_id=_writable(session, request.experiment_id),
        title=page_rules.title(request.title),
        text=page_rules.text(request.text),
        created_by=_maker(context, request.created_by),
        creation_time=now,
        last_update_time=now,
    )
    session.reports.create(report)
    return wire.ReportResponse(report=report)


@handles(wire.GetReport)
def get_report(context: Context, session: Session, request: wire.GetReport) -> wire.ReportResponse:
    """Get a report."""
    report = session.reports.get(request.report_id)
    held = permission(context, session, kind=EXPERIMENT, target=report.experiment_id)
    return wire.ReportResponse(report=report, permission=held)


@handles(wire.SearchReports)
def search_reports(context: Context, session: Session, request: wire.SearchReports) -> wire.SearchReportsResponse:
    """Get a page of reports."""
    del context
    size = rules.page_size(request.max_results, default=page_rules.DEFAULT_PAGE, most=page_rules.MAX_PAGE)
    offset = decode_offset(request.page_token)
    experiment_id = rules.experiment_id(request.experiment_id) if request.experiment_id else None
    found, token = cut(session.reports.page(experiment_id, limit=size + 1, offset=offset), size=size, offset=offset)
    return wire.SearchReportsResponse(reports=found, next_page_token=token)


@handles(wire.UpdateReport)
def update_report(context: Context, session: Session, request: wire.UpdateReport) -> wire.ReportResponse:
    """Change what is given of a report."""
    del context
    report = session.reports.get(request.report_id)
    _writable(session, report.experiment_id)
    if request.expected_revision not in (None, report.revision):
        raise ResourceConflict(
            f"The report {report.title!r} has been changed since revision {request.expected_revision}, "
            f"it is at {report.revision} now. Read it again, and make your change there."
        )
    changed = msgspec.structs.replace(
        report,
        title=report.title if request.title is None else page_rules.title(request.title),
        text=report.text if request.text is None else page_rules.text(request.text),
        frozen=report.frozen if request.frozen is None else page_rules.frozen(request.frozen),
        revision=report.revision + 1,
        last_update_time=clock.now_ms(),
    )
    session.reports.replace(changed)
    return wire.ReportResponse(report=changed)


@handles(wire.DeleteReport)
def delete_report(context: Context, session: Session, request: wire.DeleteReport) -> Empty:
    """Delete a report."""
    del context
    _writable(session, session.reports.get(request.report_id).experiment_id)
    session.reports.delete(request.report_id)
    return Empty()


@handles(wire.GetNoteHistory)
def get_note_history(context: Context, session: Session, request: wire.GetNoteHistory) -> wire.NoteHistoryResponse:
    """Get what the note of a run has said."""
    del context
    changes = session.notes.changes(rules.run_id(request.run_id), limit=page_rules.MAX_NOTES)
    return wire.NoteHistoryResponse(changes=changes)
