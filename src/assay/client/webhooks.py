"""The client's operations on webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.client import entities
from assay.core.errors import InvalidParameterValue
from assay.wire import webhooks as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.client.connection import Connection

    Event = str | entities.WebhookEvent
    Status = str | entities.WebhookStatus


class WebhookOperations:
    """What a client can do with webhooks: addresses that a server tells of changes to its registry."""

    _registry: Connection

    def create_webhook(
        self,
        name: str,
        url: str,
        events: Sequence[Event],
        description: str | None = None,
        secret: str | None = None,
        status: Status | None = None,
    ) -> entities.Webhook:
        """Tell an address of changes to the registry, such as `["model_version.created"]`.

        With a `secret`, which is never told again, what is sent is signed.

        Raises:
            InvalidParameterValue: name, address or an event is not acceptable.
            NotSupported: no server keeps the registry.
        """
        return self._webhook(
            wire.CreateWebhook(
                name=name,
                url=url,
                events=_events(events),
                description=description,
                secret=secret,
                status=_status(status),
            )
        )

    def _webhook(self, request: wire.CreateWebhook | wire.UpdateWebhook | wire.GetWebhook) -> entities.Webhook:
        return entities.webhook(self._registry.ask(request, wire.WebhookResponse).webhook)

    def get_webhook(self, webhook_id: str) -> entities.Webhook:
        """The webhook of this id.

        Raises:
            ResourceDoesNotExist: there is none.
        """
        return self._webhook(wire.GetWebhook(webhook_id=webhook_id))

    def list_webhooks(
        self, max_results: int | None = None, page_token: str | None = None
    ) -> entities.PagedList[entities.Webhook]:
        """A page of webhooks, the newest first.

        Raises:
            InvalidParameterValue: size or page is not acceptable.
        """
        request = wire.ListWebhooks(max_results=max_results, page_token=page_token or None)
        answer = self._registry.ask(request, wire.ListWebhooksResponse)
        return entities.PagedList([entities.webhook(one) for one in answer.webhooks], answer.next_page_token or None)

    def update_webhook(
        self,
        webhook_id: str,
        name: str | None = None,
        description: str | None = None,
        url: str | None = None,
        events: Sequence[Event] | None = None,
        secret: str | None = None,
        status: Status | None = None,
    ) -> entities.Webhook:
        """Change what is given of a webhook; an empty description is none.

        Raises:
            ResourceDoesNotExist: there is no such webhook.
            InvalidParameterValue: name, address or an event is not acceptable.
            NotSupported: no server keeps the registry.
        """
        return self._webhook(
            wire.UpdateWebhook(
                webhook_id=webhook_id,
                name=name,
                description=description,
                url=url,
                events=_events(events or ()),
                secret=secret,
                status=_status(status),
            )
        )

    def delete_webhook(self, webhook_id: str) -> None:
        """Delete a webhook, and what waits to be sent to it.

        Raises:
            ResourceDoesNotExist: there is no such webhook.
        """
        self._registry.ask(wire.DeleteWebhook(webhook_id=webhook_id), Empty)

    def test_webhook(self, webhook_id: str, event: Event | None = None) -> entities.WebhookTestResult:
        """Send an example of an event, by default of the webhook's first, and say what came of it.

        Raises:
            ResourceDoesNotExist: there is no such webhook.
            InvalidParameterValue: there is no such event.
            NotSupported: no server keeps the registry.
        """
        request = wire.TestWebhook(webhook_id=webhook_id, event=_events([event])[0] if event else None)
        result = self._registry.ask(request, wire.TestWebhookResponse).result
        return entities.WebhookTestResult(
            success=result.success, response_status=result.response_status, error_message=result.error_message
        )


def _events(given: Sequence[Event]) -> list[wire.WebhookEvent]:
    if isinstance(given, str):
        raise InvalidParameterValue(f"The events of a webhook are a list, such as [{given[:50]!r}].")
    parts = [str(one).partition(".") for one in given]
    return [wire.WebhookEvent(entity=entity.upper(), action=action.upper()) for entity, _, action in parts]


def _status(given: Status | None) -> str | None:
    return given.value if isinstance(given, entities.WebhookStatus) else given
