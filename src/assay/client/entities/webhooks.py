"""Webhooks: who is told when the registry changes."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from assay.client.entities.base import Entity

if TYPE_CHECKING:
    from assay.wire import webhooks as wire


class WebhookStatus(str, Enum):
    """Whether a webhook is told anything."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class WebhookEvent(Entity):
    """A kind of change: what changed, such as `model_version`, and how, such as `created`."""

    entity: str
    action: str

    @classmethod
    def from_str(cls, event_str: str) -> WebhookEvent:
        """The event of a text such as `model_version.created`.

        Raises:
            ValueError: there is no dot in it.
        """
        entity, dot, action = event_str.partition(".")
        if not dot:
            raise ValueError(f"{event_str!r} is no event: write one such as model_version.created.")
        return cls(entity, action)

    def __str__(self) -> str:
        return f"{self.entity}.{self.action}"


class Webhook(Entity):
    """An address that is told of some kinds of changes; times in milliseconds since the epoch."""

    webhook_id: str
    name: str
    url: str
    events: list[WebhookEvent]
    creation_timestamp: int
    last_updated_timestamp: int
    description: str | None = None
    status: WebhookStatus = WebhookStatus.ACTIVE


class WebhookTestResult(Entity):
    """What came of a test: the status of the answer, or why there was none."""

    success: bool
    response_status: int | None = None
    response_body: str | None = None
    error_message: str | None = None


def webhook(message: wire.Webhook) -> Webhook:
    """The webhook of a wire message."""
    return Webhook(
        webhook_id=message.webhook_id,
        name=message.name,
        url=message.url,
        events=[WebhookEvent(one.entity.lower(), one.action.lower()) for one in message.events],
        creation_timestamp=message.creation_timestamp,
        last_updated_timestamp=message.last_updated_timestamp,
        description=message.description,
        status=WebhookStatus(message.status),
    )
