"""Webhooks: who is told when the registry changes. Messages and operations."""

from __future__ import annotations

from assay.wire.base import Message, operation

_WEBHOOKS = "2.0/mlflow/webhooks"
_ONE = f"{_WEBHOOKS}/{{webhook_id}}"


class WebhookEvent(Message, gc=False):
    """A kind of change: `entity` is what changed, such as MODEL_VERSION, and `action` how, such as CREATED."""

    entity: str
    action: str


class Webhook(Message):
    """An address that is told of some kinds of changes. Times are milliseconds since the epoch.

    Its secret is never told again.
    """

    webhook_id: str
    name: str
    url: str
    events: list[WebhookEvent]
    status: str
    creation_timestamp: int
    last_updated_timestamp: int
    description: str | None = None


class WebhookTestResult(Message):
    """What came of a test: the status of the answer, or why there was none. What else was answered is not told."""

    success: bool
    response_status: int | None = None
    error_message: str | None = None


class WebhookResponse(Message):
    """One webhook."""

    webhook: Webhook


class ListWebhooksResponse(Message):
    """A page of webhooks."""

    webhooks: list[Webhook] = []
    next_page_token: str = ""


class TestWebhookResponse(Message):
    """What came of a test."""

    result: WebhookTestResult


@operation("POST", _WEBHOOKS, returns=WebhookResponse, access="workspace:manage", resources=True)
class CreateWebhook(Message):
    """Tell an address of changes to the registry.

    `events` are REGISTERED_MODEL and MODEL_VERSION with CREATED, MODEL_VERSION_TAG with SET or DELETED,
    MODEL_VERSION_ALIAS with CREATED or DELETED. With a `secret`, what is sent is signed. `status` is ACTIVE or
    DISABLED.
    """

    name: str
    url: str
    events: list[WebhookEvent]
    description: str | None = None
    secret: str | None = None
    status: str | None = None


@operation("GET", _WEBHOOKS, returns=ListWebhooksResponse, access="workspace:manage")
class ListWebhooks(Message):
    """List webhooks, the newest first."""

    max_results: int | None = None
    page_token: str | None = None


@operation("GET", _ONE, returns=WebhookResponse, access="workspace:manage", quick=True)
class GetWebhook(Message):
    """Get a webhook."""

    webhook_id: str


@operation("PATCH", _ONE, returns=WebhookResponse, access="workspace:manage", resources=True)
class UpdateWebhook(Message):
    """Change what is given of a webhook; an empty description is none."""

    webhook_id: str
    name: str | None = None
    description: str | None = None
    url: str | None = None
    events: list[WebhookEvent] = []
    secret: str | None = None
    status: str | None = None


@operation("DELETE", _ONE, access="workspace:manage")
class DeleteWebhook(Message):
    """Delete a webhook, and what waits to be sent to it."""

    webhook_id: str


@operation("POST", f"{_ONE}/test", returns=TestWebhookResponse, access="workspace:manage", resources=True)
class TestWebhook(Message):
    """Send an example of an event, by default of the webhook's first one, and say what came of it."""

    webhook_id: str
    event: WebhookEvent | None = None
