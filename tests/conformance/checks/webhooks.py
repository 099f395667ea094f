"""Webhooks through MlflowClient; none of them is active, and no message leaves the machine."""

from mlflow.entities.webhook import WebhookEvent, WebhookStatus

from checks.setting import client, refused

ADDRESS = "https://receiver.invalid/hook"


def _created(**options):
    return client().create_webhook("hook", ADDRESS, ["model_version.created"], status="DISABLED", **options)


def check_create_get_and_delete():
    made = client().create_webhook(
        "ci.hook-1",
        ADDRESS,
        ["model_version_alias.created", WebhookEvent.from_str("registered_model.created")],
        description="tells é",
        secret="secret",
        status=WebhookStatus.DISABLED,
    )
    assert (made.name, made.url, made.description, made.status) == ("ci.hook-1", ADDRESS, "tells é", "DISABLED")
    assert [str(event) for event in made.events] == ["model_version_alias.created", "registered_model.created"]
    assert made.secret is None
    assert made.creation_timestamp == made.last_updated_timestamp > 0
    found = client().get_webhook(made.webhook_id)
    assert (found.name, found.events, found.status) == (made.name, made.events, made.status)
    client().delete_webhook(made.webhook_id)
    for ask in (client().get_webhook, client().delete_webhook, client().test_webhook):
        with refused("RESOURCE_DOES_NOT_EXIST"):
            ask(made.webhook_id)


def check_update():
    made = _created(description="old")
    changed = client().update_webhook(made.webhook_id, name="other", events=["model_version_tag.set"])
    assert (changed.name, changed.description, changed.url) == ("other", "old", ADDRESS)
    assert [str(event) for event in changed.events] == ["model_version_tag.set"]
    assert client().update_webhook(made.webhook_id, url=ADDRESS + "2").url == ADDRESS + "2"


def check_list():
    made = [_created().webhook_id for _ in range(3)]
    found, token = [], None
    while True:
        page = client().list_webhooks(max_results=1, page_token=token)
        found += [webhook.webhook_id for webhook in page]
        token = page.token
        if not token:
            break
    assert set(made) <= set(found)
    assert len(found) == len(set(found))
    with refused("INVALID_PARAMETER_VALUE"):
        client().list_webhooks(max_results=1001)


def check_refusals():
    for name in ("", "-x", "x" * 64, "a b"):
        with refused("INVALID_PARAMETER_VALUE"):
            client().create_webhook(name, ADDRESS, ["model_version.created"])
    for url in ("nope", "http://example.com/", "https://127.0.0.1/", "https://169.254.169.254/", "ftp://example.com/"):
        with refused("INVALID_PARAMETER_VALUE"):
            client().create_webhook("hook", url, ["model_version.created"])
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_webhook("hook", ADDRESS, [])


def check_a_test_that_finds_nobody():
    result = client().test_webhook(_created().webhook_id, "model_version.created")
    assert not result.success
    assert result.response_status is None
    assert "receiver.invalid" in result.error_message
