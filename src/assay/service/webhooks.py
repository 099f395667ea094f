"""Handlers for `wire.webhooks`. Addresses are looked up before a transaction begins: it must not wait for a network."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import AssayError, NotSupported, ServerUnreachable
from assay.search.pages import cut, decode_offset
from assay.service import rules, webhook_rules
from assay.service.dispatch import Context, handles
from assay.service.webhook_events import example, headers
from assay.store.webhooks import ACTIVE
from assay.wire import webhooks as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.core.egress import Egress
    from assay.store.base import Session


@handles(wire.CreateWebhook)
def create_webhook(context: Context, request: wire.CreateWebhook) -> wire.WebhookResponse:
    """Store a webhook whose address may be spoken to."""
    now = clock.now_ms()
    webhook = wire.Webhook(
        webhook_id=str(uuid.uuid4()),
        name=webhook_rules.name(request.name),
        description=_description(request.description),
        events=webhook_rules.events(request.events),
        url=_allowed(context, request.url),
        status=webhook_rules.status(request.status or ACTIVE),
        creation_timestamp=now,
        last_updated_timestamp=now,
    )
    secret = _secret(request.secret)

    def store(session: Session) -> wire.WebhookResponse:
        session.webhooks.create(webhook, secret=secret)
        return _webhook(session, webhook.webhook_id)

    return context.store.write(store)


def _webhook(session: Session, webhook_id: str) -> wire.WebhookResponse:
    return wire.WebhookResponse(webhook=session.webhooks.get(webhook_id))


def _description(given: str | None) -> str | None:
    return webhook_rules.text(given, "description", limit=webhook_rules.MAX_DESCRIPTION) if given else None


def _secret(given: str | None) -> str | None:
    return webhook_rules.text(given, "secret", limit=webhook_rules.MAX_SECRET) if given else None


def _allowed(context: Context, url: str) -> str:
    """The URL, when it may be spoken to; a name that cannot be found now may be found when there is news."""
    try:
        _door(context).target(webhook_rules.text(url, "URL", limit=webhook_rules.MAX_URL))
    except ServerUnreachable:
        return url
    return url


def _door(context: Context) -> Egress:
    if context.egress is None:
        raise NotSupported("Webhooks are told by a server, and there is none here. Set the tracking URI to one.")
    return context.egress


@handles(wire.ListWebhooks)
def list_webhooks(context: Context, session: Session, request: wire.ListWebhooks) -> wire.ListWebhooksResponse:
    """List a page of webhooks."""
    del context
    size = rules.page_size(request.max_results or None, default=webhook_rules.DEFAULT_PAGE, most=webhook_rules.MAX_PAGE)
    offset = decode_offset(request.page_token)
    page, token = cut(session.webhooks.page(limit=size + 1, offset=offset), size=size, offset=offset)
    return wire.ListWebhooksResponse(webhooks=page, next_page_token=token)


@handles(wire.GetWebhook)
def get_webhook(context: Context, session: Session, request: wire.GetWebhook) -> wire.WebhookResponse:
    """Get a webhook."""
    del context
    return _webhook(session, request.webhook_id)


@handles(wire.UpdateWebhook)
def update_webhook(context: Context, request: wire.UpdateWebhook) -> wire.WebhookResponse:
    """Change what is given; an empty name, address, status or secret counts as not given, as in MLflow."""
    name = webhook_rules.name(request.name) if request.name else None
    url = _allowed(context, request.url) if request.url else None
    status = webhook_rules.status(request.status) if request.status else None
    events = webhook_rules.events(request.events) if request.events else None
    secret = _secret(request.secret)
    description = _description(request.description)

    def store(session: Session) -> wire.WebhookResponse:
        webhook = session.webhooks.get(request.webhook_id)
        webhook.name = name or webhook.name
        webhook.url = url or webhook.url
        webhook.status = status or webhook.status
        webhook.events = events or webhook.events
        webhook.description = webhook.description if request.description is None else description
        webhook.last_updated_timestamp = clock.now_ms()
        session.webhooks.replace(webhook, secret=secret)
        return _webhook(session, webhook.webhook_id)

    return context.store.write(store)


@handles(wire.DeleteWebhook)
def delete_webhook(context: Context, session: Session, request: wire.DeleteWebhook) -> Empty:
    """Delete a webhook."""
    del context
    session.webhooks.delete(request.webhook_id)
    return Empty()


@handles(wire.TestWebhook)
def test_webhook(context: Context, request: wire.TestWebhook) -> wire.TestWebhookResponse:
    """Send an example once, now, whether the webhook is active or not."""
    door = _door(context)
    webhook, secret = context.store.read(
        lambda session: (session.webhooks.get(request.webhook_id), session.webhooks.secret(request.webhook_id))
    )
    body = example(webhook_rules.event(request.event or webhook.events[0]))
    try:
        status = door.post(webhook.url, body.encode(), headers(str(uuid.uuid4()), body, secret=secret))
    except AssayError as error:
        return wire.TestWebhookResponse(result=wire.WebhookTestResult(success=False, error_message=error.message))
    result = wire.WebhookTestResult(success=200 <= status < 300, response_status=status)
    return wire.TestWebhookResponse(result=result)
