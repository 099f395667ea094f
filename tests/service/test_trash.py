"""Emptying the trash: rows and files, a dry run, and what was interrupted."""

from __future__ import annotations

import pytest

from assay.blobs.local import LocalBlobs
from assay.client.api import Client
from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist, StorageFull
from assay.service import trash
from assay.wire.base import Empty
from assay.wire.models import CreateLoggedModel, DeleteLoggedModel, LoggedModelResponse


@pytest.fixture
def client(tmp_path):
    return Client(tmp_path / "store")


def logged_run(client, *, experiment_id="0", text="12345"):
    run = client.create_run(experiment_id)
    client.log_metric(run.info.run_id, "loss", 1.0)
    client.log_text(run.info.run_id, text, "deep/file.txt")
    return run.info.run_id


def deleted_run(client, **more):
    run_id = logged_run(client, **more)
    client.delete_run(run_id)
    return run_id


def files_below(tmp_path):
    return sorted(path.name for path in tmp_path.rglob("*.txt"))


def shown(report):
    return [(one.kind, one.id, one.size) for one in report.items]


def test_runs_go_with_their_files_and_others_stay(client, tmp_path):
    gone, kept = deleted_run(client), logged_run(client, text="kept")
    client.flush()
    dry = client.empty_trash(dry_run=True)
    assert shown(dry) == [("run", gone, 5)]
    assert client.get_run(gone).info.lifecycle_stage == "deleted"
    assert shown(client.empty_trash()) == shown(dry)
    with pytest.raises(ResourceDoesNotExist):
        client.get_run(gone)
    assert client.get_run(kept).data.metrics == {"loss": 1.0}
    assert files_below(tmp_path) == ["file.txt"]
    assert not any(gone in str(path) for path in (tmp_path / "store").rglob("*") if "journal" not in str(path))
    assert shown(client.empty_trash()) == []


def test_an_experiment_goes_with_its_runs_and_models(client, tmp_path):
    number = client.create_experiment("gone")
    run_id = logged_run(client, experiment_id=number)
    ask = client._connection.ask
    model = ask(CreateLoggedModel(experiment_id=number, source_run_id=run_id), LoggedModelResponse).model
    client.delete_experiment(number)
    report = client.empty_trash(experiment_ids=[number])
    assert [(one.kind, one.id) for one in report.items] == [
        ("run", run_id),
        ("model", model.info.model_id),
        ("experiment", number),
    ]
    assert client.get_experiment_by_name("gone") is None
    assert client.create_experiment("gone") != number
    assert files_below(tmp_path) == []


def test_only_what_is_named_goes_and_it_must_be_deleted(client):
    one, two, active = deleted_run(client), deleted_run(client), logged_run(client)
    with pytest.raises(InvalidParameterValue, match="not in the deleted stage"):
        client.empty_trash(run_ids=[one, active])
    with pytest.raises(ResourceDoesNotExist, match="nothing"):
        client.empty_trash(run_ids=[one, "nothing"])
    with pytest.raises(InvalidParameterValue, match="deleted later"):
        client.empty_trash(run_ids=[one], deleted_before=1)
    assert client.empty_trash(deleted_before=1).items == []
    assert [item.id for item in client.empty_trash(run_ids=[two]).items] == [two]
    assert client.get_run(one).info.lifecycle_stage == "deleted"


def test_a_model_goes_alone(client):
    ask = client._connection.ask
    ids = [ask(CreateLoggedModel(experiment_id="0"), LoggedModelResponse).model.info.model_id for _ in range(2)]
    for model_id in ids:
        ask(DeleteLoggedModel(model_id=model_id), Empty)
    assert shown(client.empty_trash(model_ids=ids[:1])) == [("model", ids[0], 0)]
    assert shown(client.empty_trash(dry_run=True)) == [("model", ids[1], 0)]


def test_what_was_interrupted_is_finished_the_next_time(client, tmp_path, monkeypatch):
    run_id = deleted_run(client)
    client.flush()

    def refuse(self, path):
        raise StorageFull("The disk is read-only.")

    with monkeypatch.context() as patched:
        patched.setattr(LocalBlobs, "delete", refuse)
        report = client.empty_trash()
    assert [(one.kind, one.id) for one in report.items] == [("run", run_id)]
    assert [one.kind for one in report.kept] == ["files"]
    assert files_below(tmp_path) == ["file.txt"]
    (dry,) = client.empty_trash(dry_run=True).items
    assert (dry.kind, dry.size) == ("files", 5)
    assert [one.kind for one in client.empty_trash().items] == ["files"]
    assert files_below(tmp_path) == []
    assert client.empty_trash().items == []


def test_an_experiment_with_a_restored_run_is_kept_with_the_reason(client):
    number = client.create_experiment("half")
    run_id = logged_run(client, experiment_id=number)
    client.delete_experiment(number)
    client.restore_run(run_id)
    for dry_run in (True, False):
        report = client.empty_trash(dry_run=dry_run)
        assert report.items == []
        assert [(one.kind, one.id) for one in report.kept] == [("experiment", number)]
        assert "stay" in report.kept[0].reason
    assert client.get_run(run_id).info.lifecycle_stage == "active"


def test_many_items_take_several_requests(client, monkeypatch):
    monkeypatch.setattr(trash, "MOST_ITEMS", 2)
    wanted = sorted(deleted_run(client) for _ in range(5))
    assert [item.id for item in client.empty_trash(dry_run=True).items] == wanted
    monkeypatch.setattr(trash, "SECONDS", 0.0)
    assert [item.id for item in client.empty_trash().items] == wanted
    assert client.empty_trash().items == []
