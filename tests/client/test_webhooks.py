"""Webhooks through the client: as MLflow's, from a server; a store without one sends nothing, and says so."""

from __future__ import annotations

import pytest

import assay
from assay.core.errors import InvalidParameterValue, NotSupported, ResourceDoesNotExist
from assay.entities import Webhook, WebhookEvent, WebhookStatus
from assay.server.config import ServerConfig
from assay.testing.receiver import running_receiver
from assay.testing.server import running_server


@pytest.fixture(scope="module")
def receiver():
    with running_receiver() as running:
        yield running


@pytest.fixture(scope="module")
def client(tmp_path_factory, receiver):
    directory = tmp_path_factory.mktemp("server")
    config = ServerConfig(backend_store_uri=str(directory / "mlruns"), access_log=False, egress=receiver.door())
    with running_server(directory, config) as running:
        yield assay.MlflowClient(f"http://127.0.0.1:{running.port}")


def test_a_webhook_from_its_making_to_its_end(client, receiver):
    made = client.create_webhook("hook", receiver.url(), ["model_version.created"], secret="s", description="d")
    assert isinstance(made, Webhook)
    assert made.events == [WebhookEvent("model_version", "created")] == [WebhookEvent.from_str("model_version.created")]
    assert made.status is WebhookStatus.ACTIVE
    assert client.get_webhook(made.webhook_id) == made
    changed = client.update_webhook(made.webhook_id, status=WebhookStatus.DISABLED, events=["model_version_tag.set"])
    assert (changed.name, changed.description, changed.status) == ("hook", "d", WebhookStatus.DISABLED)
    assert [str(event) for event in changed.events] == ["model_version_tag.set"]
    result = client.test_webhook(made.webhook_id, WebhookEvent("registered_model", "created"))
    assert (result.success, result.response_status, result.response_body) == (True, 200, None)
    assert receiver.arrivals[-1].said["entity"] == "registered_model"
    assert client.test_webhook(made.webhook_id).success
    assert receiver.arrivals[-1].said["entity"] == "model_version_tag"
    assert [one.webhook_id for one in client.list_webhooks(max_results=1)] == [made.webhook_id]
    client.delete_webhook(made.webhook_id)
    with pytest.raises(ResourceDoesNotExist):
        client.get_webhook(made.webhook_id)
    assert client.list_webhooks() == []


def test_what_is_not_acceptable_is_refused(client, receiver):
    for events in ([], ["model_version"], ["model_version.set"], "model_version.created"):
        with pytest.raises(InvalidParameterValue):
            client.create_webhook("hook", receiver.url(), events)
    with pytest.raises(ValueError, match="no event"):
        WebhookEvent.from_str("model_version")


def test_a_change_in_a_store_without_a_server_waits_for_one(tmp_path, receiver):
    local = assay.MlflowClient(str(tmp_path / "mlruns"))
    with pytest.raises(NotSupported, match="server"):
        local.create_webhook("hook", receiver.url(), ["model_version.created"])
    assert local.list_webhooks() == []
    config = ServerConfig(backend_store_uri=str(tmp_path / "mlruns"), access_log=False, egress=receiver.door())
    with running_server(tmp_path, config) as running:
        remote = assay.MlflowClient(f"http://127.0.0.1:{running.port}")
        remote.create_webhook("hook", receiver.url("/later"), ["registered_model.created"])
    local.create_registered_model("made locally")
    assert not [arrival for arrival in receiver.arrivals if arrival.path == "/later"]
    with running_server(tmp_path, config):
        local.search_registered_models()
        assert receiver.wait_for(1, "/later")[0].said["data"]["name"] == "made locally"
