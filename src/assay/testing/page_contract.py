"""What every `Store` must keep of saved views, reports and notes; part of `StoreContract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ResourceAlreadyExists, ResourceDoesNotExist
from assay.testing.store_content import add_run, create_experiment
from assay.wire.pages import Report, SavedView

if TYPE_CHECKING:
    from assay.store.base import Store

NOTE = "mlflow.note.content"


def put_view(
    store: Store, experiment_id: str, name: str, *, now: int = 1, is_default: bool = False, **address: str
) -> SavedView:
    """Store a view made by the user `ada`."""
    view = SavedView(
        experiment_id=experiment_id,
        name=name,
        address=address,
        is_default=is_default,
        created_by="ada",
        creation_time=now,
        last_update_time=now,
    )
    return store.write(lambda session: session.saved_views.put(view))


def views(store: Store, experiment_id: str) -> list[SavedView]:
    """The views of an experiment."""
    return store.read(lambda session: session.saved_views.all(experiment_id))


def add_report(store: Store, experiment_id: str, report_id: str, *, now: int = 1) -> Report:
    """A new report."""
    report = Report(
        report_id=report_id,
        experiment_id=experiment_id,
        title=f"title {report_id}",
        text="# Über\n😀",
        frozen="{}",
        created_by="ada",
        creation_time=now,
        last_update_time=now,
    )
    store.write(lambda session: session.reports.create(report))
    return report


def write_note(store: Store, run_id: str, text: str) -> None:
    """Have the note of a run say this."""
    store.write(lambda session: session.runs.set_tags(run_id, tags={NOTE: text, "other": "x"}))


class PageContract:
    """Saved views, reports, notes."""

    def test_views_are_kept_by_name(self, store: Store, another: Store) -> None:
        """Names differ by case and accents; another store over the same database sees them."""
        experiment_id = create_experiment(store, "first")
        for name in ("b", "B", "é", "e"):
            put_view(store, experiment_id, name, q=f"metrics.m > {ord(name)}")
        found = views(another, experiment_id)
        assert [view.name for view in found] == ["B", "b", "e", "é"]
        assert (found[0].address, found[0].created_by) == ({"q": "metrics.m > 66"}, "ada")
        assert views(store, create_experiment(store, "other")) == []

    def test_a_view_replaces_the_one_of_its_name(self, store: Store) -> None:
        """The time of its creation stays."""
        experiment_id = create_experiment(store, "first")
        put_view(store, experiment_id, "v", now=1, q="old", sort="-metrics.m")
        put_view(store, experiment_id, "v", now=5, q="new")
        (view,) = views(store, experiment_id)
        assert (view.address, view.creation_time, view.last_update_time) == ({"q": "new"}, 1, 5)

    def test_one_view_is_the_default(self, store: Store) -> None:
        """The last that was chosen; in another experiment, another."""
        first, second = create_experiment(store, "first"), create_experiment(store, "second")
        put_view(store, first, "a", is_default=True)
        put_view(store, second, "a", is_default=True)
        put_view(store, first, "b", is_default=True)
        assert [(view.name, view.is_default) for view in views(store, first)] == [("a", False), ("b", True)]
        assert views(store, second)[0].is_default
        assert not put_view(store, first, "b").is_default

    def test_a_view_is_renamed(self, store: Store) -> None:
        """Not to the name of another, nor one that is not there."""
        experiment_id = create_experiment(store, "first")
        put_view(store, experiment_id, "a")
        put_view(store, experiment_id, "b")
        store.write(lambda session: session.saved_views.rename(experiment_id, "a", new_name="c", now=2))
        with pytest.raises(ResourceAlreadyExists, match="'b'"):
            store.write(lambda session: session.saved_views.rename(experiment_id, "c", new_name="b", now=3))
        with pytest.raises(ResourceDoesNotExist, match="'a'"):
            store.write(lambda session: session.saved_views.rename(experiment_id, "a", new_name="d", now=3))
        assert [view.name for view in views(store, experiment_id)] == ["b", "c"]

    def test_views_are_deleted_and_replaced(self, store: Store) -> None:
        """What replaces them keeps the time of creation of those that stay."""
        experiment_id = create_experiment(store, "first")
        for name in ("a", "b", "c"):
            put_view(store, experiment_id, name)
        store.write(lambda session: session.saved_views.delete(experiment_id, "a"))
        with pytest.raises(ResourceDoesNotExist, match="'a'"):
            store.write(lambda session: session.saved_views.delete(experiment_id, "a"))
        given = [SavedView(experiment_id=experiment_id, name=name, creation_time=9, address={}) for name in ("b", "d")]
        store.write(lambda session: session.saved_views.replace(experiment_id, given))
        assert [(view.name, view.creation_time) for view in views(store, experiment_id)] == [("b", 1), ("d", 9)]

    def test_reports_are_kept_whole_and_listed_without_their_text(self, store: Store, another: Store) -> None:
        """The last changed first."""
        first, second = create_experiment(store, "first"), create_experiment(store, "second")
        reports = [add_report(store, first, f"r{number}", now=number) for number in range(3)]
        add_report(store, second, "other", now=9)
        assert another.read(lambda session: session.reports.get("r1")) == reports[1]
        page = store.read(lambda session: session.reports.page(first, limit=2, offset=0))
        assert [(one.report_id, one.text, one.frozen) for one in page] == [("r2", "", ""), ("r1", "", "")]
        rest = store.read(lambda session: session.reports.page(first, limit=2, offset=2))
        assert [one.report_id for one in rest] == ["r0"]
        everywhere = store.read(lambda session: session.reports.page(None, limit=1, offset=0))
        assert [one.report_id for one in everywhere] == ["other"]

    def test_a_report_is_replaced_and_deleted(self, store: Store) -> None:
        """An unknown one is told."""
        report = add_report(store, create_experiment(store, "first"), "r")
        changed = Report(
            report_id="r",
            experiment_id=report.experiment_id,
            title="new",
            text="text",
            frozen='{"a": 1}',
            revision=2,
            created_by="ada",
            creation_time=1,
            last_update_time=7,
        )
        store.write(lambda session: session.reports.replace(changed))
        assert store.read(lambda session: session.reports.get("r")) == changed
        store.write(lambda session: session.reports.delete("r"))
        with pytest.raises(ResourceDoesNotExist, match="'r'"):
            store.read(lambda session: session.reports.get("r"))
        with pytest.raises(ResourceDoesNotExist, match="'r'"):
            store.write(lambda session: session.reports.replace(changed))

    def test_what_a_note_said_is_remembered(self, store: Store) -> None:
        """Each change once, deletion too; the latest first."""
        run_id = "r"
        add_run(store, run_id, experiment_id=create_experiment(store, "first"))
        for text in ("one", "one", "two"):
            write_note(store, run_id, text)
        store.write(lambda session: session.runs.delete_tag(run_id, key=NOTE))
        store.write(lambda session: session.runs.set_tags(run_id, tags={"other": "y"}))
        changes = store.read(lambda session: session.notes.changes(run_id, limit=10))
        assert [change.note for change in changes] == ["", "two", "one"]
        assert changes[0].changed_at >= changes[-1].changed_at > 0
        assert len(store.read(lambda session: session.notes.changes(run_id, limit=1))) == 1
        with pytest.raises(ResourceDoesNotExist, match="missing"):
            store.read(lambda session: session.notes.changes("missing", limit=1))
