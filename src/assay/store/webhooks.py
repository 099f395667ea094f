"""The part of the `Store` contract that webhooks are kept in, and what waits to be sent to them.

What is to be sent is stored in the transaction of the change that it tells of: it is sent when the change is committed,
and only then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from assay.wire.webhooks import Webhook, WebhookEvent

ACTIVE = "ACTIVE"
DISABLED = "DISABLED"


@dataclass(frozen=True)
class Delivery:
    """Something to be sent. `attempts` counts the tries with this one; `delivery_id` is the same in each of them."""

    delivery_id: str
    webhook_id: str
    body: str
    attempts: int


class Webhooks(Protocol):
    """Webhooks, and what waits for them. Methods raise ResourceDoesNotExist for an unknown webhook id."""

    def create(self, webhook: Webhook, *, secret: str | None) -> None:
        """Store a webhook; its id is new."""

    def get(self, webhook_id: str) -> Webhook:
        """The webhook, its events by entity and action."""

    def secret(self, webhook_id: str) -> str | None:
        """What is sent to it is signed with, or None."""

    def page(self, *, limit: int, offset: int) -> list[Webhook]:
        """Webhooks as `get` gives them, the newest first, then by id."""

    def replace(self, webhook: Webhook, *, secret: str | None) -> None:
        """Store the webhook in place of the one with its id; a secret of None leaves the old one."""

    def delete(self, webhook_id: str) -> None:
        """Delete the webhook, and what waits for it."""

    def tell(self, event: WebhookEvent, *, body: str, now: int) -> None:
        """Let `body` wait for each active webhook that is to be told of the event."""

    def due(self, *, now: int, busy: Collection[str]) -> list[str]:
        """The active webhooks for which something waits that is due, and that are not among the `busy` ones."""

    def claim(self, webhook_id: str, *, now: int, until: int) -> Delivery | None:
        """The oldest that is due for the webhook, or None; nobody else gets it before `until`. Counts as a try."""

    def delivered(self, delivery_id: str) -> None:
        """Forget what was delivered."""

    def postpone(self, delivery_id: str, *, until: int, error: str) -> None:
        """Note why it was not delivered, and when to try again."""

    def give_up(self, delivery_id: str, *, error: str) -> None:
        """Note why it never will be; it is kept, and not due any more."""

    def undelivered(self, webhook_id: str) -> list[str]:
        """Why deliveries to the webhook were given up, the oldest first."""

    def forget(self, *, before: int) -> None:
        """Forget what waits, or was given up, since before this time."""
