"""Statements of people's pages: saved views, reports, changes of notes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.store.base import unknown
from assay.store.sql.experiments import experiment_no
from assay.wire.pages import NoteChange, Report, SavedView

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.store.sql.database import Transaction
    from assay.store.sql.runs import Located
    from assay.store.sql.sight import Sight

_VIEW = "experiment_id, name, address, is_default, created_by, creation_time, last_update_time"
_FACTS = "report_id, experiment_id, title, revision, created_by, creation_time, last_update_time"


class SqlSavedViews:
    """`SavedViews` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    ALL = f"select {_VIEW} from saved_views where experiment_id = ? order by name"

    def all(self, experiment_id: str) -> list[SavedView]:
        """The views of an experiment, by name."""
        return [_view(row) for row in self._transaction.all(self.ALL, (experiment_no(experiment_id),))]

    GET = f"select {_VIEW} from saved_views where experiment_id = ? and name = ?"

    def _get(self, experiment_id: str, name: str) -> SavedView:
        row = self._transaction.one(self.GET, (experiment_no(experiment_id), name))
        if row is None:
            raise ResourceDoesNotExist(f"Experiment {experiment_id} has no view {name!r}. Check the name.")
        return _view(row)

    UNSET = "update saved_views set is_default = 0 where experiment_id = ? and is_default = 1"
    PUT = f"""
    insert into saved_views ({_VIEW}) values (?, ?, ?, ?, ?, ?, ?)
    on conflict (experiment_id, name) do update set address = excluded.address, is_default = excluded.is_default,
      last_update_time = excluded.last_update_time
    """

    def put(self, view: SavedView) -> SavedView:
        """Store a view in place of the one of its name, whose maker and time of creation stay; gives it as stored."""
        number = experiment_no(view.experiment_id)
        if view.is_default:
            self._transaction.run(self.UNSET, (number,))
        facts = (json.dumps(view.address), int(view.is_default), view.created_by)
        times = (view.creation_time, view.last_update_time)
        self._transaction.run(self.PUT, (number, view.name, *facts, *times))
        return self._get(view.experiment_id, view.name)

    RENAME = "update saved_views set name = ?, last_update_time = ? where experiment_id = ? and name = ?"

    def rename(self, experiment_id: str, name: str, *, new_name: str, now: int) -> SavedView:
        """Give a view another name."""
        self._get(experiment_id, name)
        number = experiment_no(experiment_id)
        if new_name != name and self._transaction.one(self.GET, (number, new_name)) is not None:
            raise ResourceAlreadyExists(f"Experiment {experiment_id} has a view {new_name!r} already.")
        self._transaction.run(self.RENAME, (new_name, now, number, name))
        return self._get(experiment_id, new_name)

    DELETE = "delete from saved_views where experiment_id = ? and name = ?"

    def delete(self, experiment_id: str, name: str) -> None:
        """Delete a view."""
        self._get(experiment_id, name)
        self._transaction.run(self.DELETE, (experiment_no(experiment_id), name))

    def replace(self, experiment_id: str, views: Sequence[SavedView]) -> None:
        """Store these views as `put` does, and delete all others of the experiment."""
        kept = {view.name for view in views}
        for view in self.all(experiment_id):
            if view.name not in kept:
                self.delete(experiment_id, view.name)
        for view in views:
            self.put(view)


def _view(row: tuple[Any, ...]) -> SavedView:
    experiment, name, address, is_default, created_by, created, updated = row
    return SavedView(
        experiment_id=str(experiment),
        name=name,
        address=json.loads(address),
        is_default=bool(is_default),
        created_by=created_by,
        creation_time=created,
        last_update_time=updated,
    )


class SqlReports:
    """`Reports` over a transaction."""

    __slots__ = ("_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight

    CREATE = f"insert into reports ({_FACTS}, body, frozen) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"

    def create(self, report: Report) -> None:
        """Store a report; its id is new, and its experiment exists."""
        facts = (report.report_id, experiment_no(report.experiment_id), report.title, report.revision)
        times = (report.creation_time, report.last_update_time)
        self._transaction.run(self.CREATE, (*facts, report.created_by, *times, report.text, report.frozen))

    GET = f"select {_FACTS}, body, frozen from reports where report_id = ?"

    def get(self, report_id: str) -> Report:
        """The report, whole."""
        row = self._transaction.one(self.GET, (report_id,))
        if row is None:
            raise ResourceDoesNotExist(unknown("report", [report_id]))
        return _report(row)

    PAGE = f"""
    select {_FACTS}, '', '' from reports
    where {{chosen}} and {{seen}}
    order by last_update_time desc, report_no desc
    limit ? offset ?
    """

    def page(self, experiment_id: str | None, *, limit: int, offset: int) -> list[Report]:
        """Reports without text and frozen data, the last changed first, then the newest."""
        chosen = "1 = 1" if experiment_id is None else "experiment_id = ?"
        values = () if experiment_id is None else (experiment_no(experiment_id),)
        seen = self._sight.experiments("experiment_id")
        sql = self.PAGE.format(chosen=chosen, seen=seen.sql)
        rows = self._transaction.all(sql, (*values, *seen.values, limit, offset))
        return [_report(row) for row in rows]

    REPLACE = """
    update reports set title = ?, body = ?, frozen = ?, revision = ?, last_update_time = ? where report_id = ?
    """

    def replace(self, report: Report) -> None:
        """Store the report in place of the one with its id."""
        self.get(report.report_id)
        content = (report.title, report.text, report.frozen)
        self._transaction.run(self.REPLACE, (*content, report.revision, report.last_update_time, report.report_id))

    DELETE = "delete from reports where report_id = ?"

    def delete(self, report_id: str) -> None:
        """Delete the report."""
        self.get(report_id)
        self._transaction.run(self.DELETE, (report_id,))


def _report(row: tuple[Any, ...]) -> Report:
    report_id, experiment, title, revision, created_by, created, updated, text, frozen = row
    return Report(
        report_id=report_id,
        experiment_id=str(experiment),
        title=title,
        text=text,
        frozen=frozen,
        revision=revision,
        created_by=created_by,
        creation_time=created,
        last_update_time=updated,
    )


class SqlNotes:
    """`Notes` over a transaction; `locate` finds a run's data."""

    __slots__ = ("_locate", "_transaction")

    def __init__(self, transaction: Transaction, locate: Callable[[str], Located]) -> None:
        self._transaction = transaction
        self._locate = locate

    CHANGES = "select changed_at, note from note_changes where run_no = ? order by change_no desc limit ?"

    def changes(self, run_id: str, *, limit: int) -> list[NoteChange]:
        """What the note of a run said, the latest first."""
        rows = self._transaction.all(self.CHANGES, (self._locate(run_id).run_no, limit))
        return [NoteChange(changed_at=changed_at, note=note) for changed_at, note in rows]
