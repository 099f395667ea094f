"""Statements and messages of webhooks, and of what waits to be sent to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from assay.core.errors import ResourceDoesNotExist
from assay.store.webhooks import ACTIVE, Delivery
from assay.wire.webhooks import Webhook, WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Collection

    from assay.store.sql.database import Transaction

_COLUMNS = "w.webhook_id, w.name, w.description, w.url, w.status, w.creation_time, w.last_update_time"


class SqlWebhooks:
    """`Webhooks` over a transaction."""

    __slots__ = ("_transaction",)

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    CREATE = """
    insert into webhooks (webhook_id, name, description, url, status, creation_time, last_update_time, secret)
    values (?, ?, ?, ?, ?, ?, ?, ?)
    """
    ADD_EVENT = "insert into webhook_events (webhook_id, entity, action) values (?, ?, ?)"

    def create(self, webhook: Webhook, *, secret: str | None) -> None:
        """Store a webhook; its id is new."""
        times = (webhook.creation_timestamp, webhook.last_updated_timestamp)
        values = (webhook.webhook_id, webhook.name, webhook.description, webhook.url, webhook.status, *times, secret)
        self._transaction.run(self.CREATE, values)
        self._add_events(webhook)

    def _add_events(self, webhook: Webhook) -> None:
        kinds = sorted({(event.entity, event.action) for event in webhook.events})
        self._transaction.many(self.ADD_EVENT, [(webhook.webhook_id, *kind) for kind in kinds])

    GET = f"select {_COLUMNS} from webhooks w where w.webhook_id = ?"

    def get(self, webhook_id: str) -> Webhook:
        """The webhook, its events by entity and action."""
        row = self._transaction.one(self.GET, (webhook_id,))
        if row is None:
            raise ResourceDoesNotExist(f"There is no webhook {webhook_id!r}. Check the id.")
        return self._webhooks([row])[0]

    SIGNING = "select secret from webhooks where webhook_id = ?"

    def secret(self, webhook_id: str) -> str | None:
        """What is sent to it is signed with, or None."""
        row = self._transaction.one(self.SIGNING, (webhook_id,))
        return row[0] if row else None

    PAGE = f"""
    select {_COLUMNS} from webhooks w
    order by w.creation_time desc, w.webhook_id
    limit ? offset ?
    """

    def page(self, *, limit: int, offset: int) -> list[Webhook]:
        """Webhooks as `get` gives them, the newest first, then by id."""
        return self._webhooks(self._transaction.all(self.PAGE, (limit, offset)))

    EVENTS = """
    select webhook_id, entity, action from webhook_events
    where webhook_id in ({texts})
    order by entity, action
    """

    def _webhooks(self, rows: list[tuple[Any, ...]]) -> list[Webhook]:
        if not rows:
            return []
        webhooks = {
            webhook_id: Webhook(
                webhook_id=webhook_id,
                name=name,
                description=description,
                url=url,
                events=[],
                status=status,
                creation_timestamp=created,
                last_updated_timestamp=updated,
            )
            for webhook_id, name, description, url, status, created, updated in rows
        }
        dialect = self._transaction.dialect
        bound = (dialect.bound(list(webhooks)),)
        for webhook_id, entity, action in self._transaction.all(self.EVENTS.format(texts=dialect.texts), bound):
            webhooks[webhook_id].events.append(WebhookEvent(entity=entity, action=action))
        return list(webhooks.values())

    REPLACE = """
    update webhooks set name = ?, description = ?, url = ?, status = ?, last_update_time = ?,
      secret = coalesce(?, secret)
    where webhook_id = ?
    """
    DELETE_EVENTS = "delete from webhook_events where webhook_id = ?"

    def replace(self, webhook: Webhook, *, secret: str | None) -> None:
        """Store the webhook in place of the one with its id; a secret of None leaves the old one."""
        self.get(webhook.webhook_id)
        values = (webhook.name, webhook.description, webhook.url, webhook.status, webhook.last_updated_timestamp)
        self._transaction.run(self.REPLACE, (*values, secret, webhook.webhook_id))
        self._transaction.run(self.DELETE_EVENTS, (webhook.webhook_id,))
        self._add_events(webhook)

    DELETE = "delete from webhooks where webhook_id = ?"

    def delete(self, webhook_id: str) -> None:
        """Delete the webhook, and what waits for it."""
        self.get(webhook_id)
        self._transaction.run(self.DELETE, (webhook_id,))

    LISTENING = """
    select w.webhook_id
    from webhook_events e join webhooks w on w.webhook_id = e.webhook_id
    where e.entity = ? and e.action = ? and w.status = ?
    order by w.webhook_id
    """
    ADD_DELIVERY = """
    insert into webhook_deliveries (delivery_id, webhook_id, body, creation_time, due_time, attempts)
    values (?, ?, ?, ?, ?, 0)
    """

    def tell(self, event: WebhookEvent, *, body: str, now: int) -> None:
        """Let `body` wait for each active webhook that is to be told of the event."""
        listening = self._transaction.all(self.LISTENING, (event.entity, event.action, ACTIVE))
        for (webhook_id,) in listening:
            self._transaction.run(self.ADD_DELIVERY, (str(uuid.uuid4()), webhook_id, body, now, now))

    DUE = """
    select webhook_id from webhooks
    where webhook_id in (select webhook_id from webhook_deliveries where due_time <= ?) and status = ?
    order by webhook_id
    """

    def due(self, *, now: int, busy: Collection[str]) -> list[str]:
        """The active webhooks for which something waits that is due, and that are not among the `busy` ones."""
        found = self._transaction.all(self.DUE, (now, ACTIVE))
        return [webhook_id for (webhook_id,) in found if webhook_id not in busy]

    OLDEST = """
    select d.delivery_no, d.delivery_id, d.body, d.attempts
    from webhook_deliveries d join webhooks w on w.webhook_id = d.webhook_id
    where d.webhook_id = ? and d.due_time <= ? and w.status = ?
    order by d.delivery_no
    limit 1
    """
    CLAIM = "update webhook_deliveries set due_time = ?, attempts = ? where delivery_no = ?"

    def claim(self, webhook_id: str, *, now: int, until: int) -> Delivery | None:
        """The oldest that is due for the webhook, or None; nobody else gets it before `until`. Counts as a try."""
        row = self._transaction.one(self.OLDEST, (webhook_id, now, ACTIVE))
        if row is None:
            return None
        number, delivery_id, body, attempts = row
        self._transaction.run(self.CLAIM, (until, attempts + 1, number))
        return Delivery(delivery_id, webhook_id, body, attempts + 1)

    DELIVERED = "delete from webhook_deliveries where delivery_id = ?"

    def delivered(self, delivery_id: str) -> None:
        """Forget what was delivered."""
        self._transaction.run(self.DELIVERED, (delivery_id,))

    POSTPONE = "update webhook_deliveries set due_time = ?, error = ? where delivery_id = ?"

    def postpone(self, delivery_id: str, *, until: int, error: str) -> None:
        """Note why it was not delivered, and when to try again."""
        self._transaction.run(self.POSTPONE, (until, error, delivery_id))

    def give_up(self, delivery_id: str, *, error: str) -> None:
        """Note why it never will be; it is kept, and not due any more."""
        self._transaction.run(self.POSTPONE, (None, error, delivery_id))

    UNDELIVERED = """
    select error from webhook_deliveries
    where webhook_id = ? and due_time is null
    order by delivery_no
    """

    def undelivered(self, webhook_id: str) -> list[str]:
        """Why deliveries to the webhook were given up, the oldest first."""
        return [error for (error,) in self._transaction.all(self.UNDELIVERED, (webhook_id,))]

    FORGET = "delete from webhook_deliveries where creation_time < ?"

    def forget(self, *, before: int) -> None:
        """Forget what waits, or was given up, since before this time."""
        self._transaction.run(self.FORGET, (before,))
