"""Saved views, reports and the history of notes, through the client, locally and over a server."""

from __future__ import annotations

import pytest

import assay
from assay.core.errors import InvalidParameterValue, ResourceConflict, ResourceDoesNotExist
from assay.service import page_rules
from assay.testing.server import running_server


@pytest.fixture(params=["local", "server"])
def client(request, tmp_path):
    if request.param == "local":
        yield assay.Client(tmp_path / "mlruns")
    else:
        with running_server(tmp_path) as server:
            yield assay.Client(server.url)


@pytest.fixture
def experiment_id(client):
    return client.create_experiment("wine")


def test_views_are_set_renamed_and_deleted(client, experiment_id):
    made = client.set_view(experiment_id, "Best", {"q": "metrics.acc > 0.9", "sort": ""}, is_default=True)
    assert (made.address, made.is_default) == ({"q": "metrics.acc > 0.9"}, True)
    assert made.creation_time > 0
    client.rename_view(experiment_id, "Best", "Very best")
    assert [view.name for view in client.list_views(experiment_id)] == ["Very best"]
    client.delete_view(experiment_id, "Very best")
    assert client.list_views(experiment_id) == []


@pytest.mark.parametrize(
    ("name", "address"),
    [("", {}), (" a", {}), ("a\n", {}), ("a" * 201, {}), ("a", {"a b": "x"}), ("a", {"q": "x" * 20_000})],
)
def test_views_that_cannot_be_are_refused(client, experiment_id, name, address):
    with pytest.raises(InvalidParameterValue):
        client.set_view(experiment_id, name, address)
    assert client.list_views(experiment_id) == []


def test_views_of_no_experiment(client):
    for call in (client.list_views, client.views_text, lambda one: client.set_view(one, "a", {})):
        with pytest.raises(ResourceDoesNotExist):
            call("987")


def test_there_is_a_limit_of_views(client, experiment_id, monkeypatch):
    monkeypatch.setattr(page_rules, "MAX_VIEWS", 2)
    for name in ("a", "b", "a"):
        client.set_view(experiment_id, name, {})
    with pytest.raises(InvalidParameterValue, match="2 views already"):
        client.set_view(experiment_id, "c", {})
    with pytest.raises(InvalidParameterValue, match="at most 2"):
        client.apply_views("experiment wine\nview a\nview b\nview c")


def test_a_deleted_experiment_takes_no_views(client, experiment_id):
    client.delete_experiment(experiment_id)
    with pytest.raises(InvalidParameterValue):
        client.set_view(experiment_id, "a", {})


def test_a_report_is_written_and_changed(client, experiment_id):
    made = client.create_report(experiment_id, "Weekly", "# Results")
    changed = client.update_report(made.report_id, text="# Better", expected_revision=1)
    assert (changed.title, changed.text, changed.revision) == ("Weekly", "# Better", 2)
    assert client.get_report(made.report_id) == changed
    assert [(one.title, one.text) for one in client.search_reports(experiment_id)] == [("Weekly", "")]
    client.delete_report(made.report_id)
    with pytest.raises(ResourceDoesNotExist):
        client.get_report(made.report_id)


def test_two_people_do_not_overwrite_each_other(client, experiment_id):
    report_id = client.create_report(experiment_id, "Weekly").report_id
    client.update_report(report_id, text="mine", expected_revision=1)
    with pytest.raises(ResourceConflict, match="revision 1, it is at 2"):
        client.update_report(report_id, text="theirs", expected_revision=1)
    assert client.get_report(report_id).text == "mine"


def test_reports_come_in_pages(client, experiment_id):
    for number in range(3):
        client.create_report(experiment_id, f"r{number}")
    first = client.search_reports(max_results=2)
    rest = client.search_reports(max_results=2, page_token=first.token)
    assert sorted(one.title for one in [*first, *rest]) == ["r0", "r1", "r2"]
    assert rest.token is None


def test_reports_that_cannot_be_are_refused(client, experiment_id):
    for title, text in (("", ""), ("t" * 301, ""), ("t", "x" * 1_000_001)):
        with pytest.raises(InvalidParameterValue):
            client.create_report(experiment_id, title, text)
    assert client.search_reports(experiment_id) == []


def test_what_a_note_said(client, experiment_id):
    run_id = client.create_run(experiment_id).info.run_id
    for note in ("first", "second"):
        client.set_tag(run_id, "mlflow.note.content", note)
        client.flush()
    assert [change.note for change in client.get_note_history(run_id)] == ["second", "first"]
