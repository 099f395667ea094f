"""What every `Store` must keep of webhooks, and of what waits to be sent to them; part of `StoreContract`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ResourceDoesNotExist
from assay.store.webhooks import ACTIVE, DISABLED
from assay.wire.webhooks import Webhook, WebhookEvent

if TYPE_CHECKING:
    from assay.store.base import Session, Store
    from assay.store.webhooks import Delivery

MADE = WebhookEvent(entity="REGISTERED_MODEL", action="CREATED")
TAGGED = WebhookEvent(entity="MODEL_VERSION_TAG", action="SET")
KEY = "$HOME {{x}} é"
UNTAGGED = WebhookEvent(entity="MODEL_VERSION_TAG", action="DELETED")


def add_webhook(
    store: Store, webhook_id: str, *events: WebhookEvent, status: str = ACTIVE, now: int = 1, secret: str | None = None
) -> Webhook:
    """A new webhook, of registered models unless other events are given."""
    webhook = Webhook(
        webhook_id=webhook_id,
        name=f"name-{webhook_id}",
        url="https://example.com/é",
        events=list(events) or [MADE],
        status=status,
        creation_timestamp=now,
        last_updated_timestamp=now,
    )
    store.write(lambda session: session.webhooks.create(webhook, secret=secret))
    return get_webhook(store, webhook_id)


def get_webhook(store: Store, webhook_id: str) -> Webhook:
    """The webhook of this id."""
    return store.read(lambda session: session.webhooks.get(webhook_id))


def tell(store: Store, event: WebhookEvent = MADE, *, body: str = "{}", now: int = 10) -> None:
    """Let something wait for those who are to be told of the event."""
    store.write(lambda session: session.webhooks.tell(event, body=body, now=now))


def claim(store: Store, webhook_id: str, *, now: int, until: int = 1000) -> Delivery | None:
    """What is to be sent next."""
    return store.write(lambda session: session.webhooks.claim(webhook_id, now=now, until=until))


def due(store: Store, *, now: int, busy: tuple[str, ...] = ()) -> list[str]:
    """The webhooks for which something is due."""
    return store.read(lambda session: session.webhooks.due(now=now, busy=busy))


class WebhookContract:
    """Webhooks, and what waits for them."""

    def test_webhooks_are_kept_with_each_event_once(self, store: Store, another: Store) -> None:
        """Sorted by entity and action."""
        made = add_webhook(store, "w", TAGGED, MADE, UNTAGGED, TAGGED, now=5)
        assert made.events == [UNTAGGED, TAGGED, MADE]
        assert (made.name, made.url, made.description) == ("name-w", "https://example.com/é", None)
        assert (made.status, made.creation_timestamp, made.last_updated_timestamp) == (ACTIVE, 5, 5)
        assert get_webhook(another, "w") == made

    def test_the_newest_webhooks_come_first(self, store: Store) -> None:
        """Then by id; in pages."""
        for place, webhook_id in enumerate("cab"):
            add_webhook(store, webhook_id, now=max(1, place))
        pages = store.read(lambda session: [session.webhooks.page(limit=2, offset=offset) for offset in (0, 2, 4)])
        assert [[webhook.webhook_id for webhook in page] for page in pages] == [["b", "a"], ["c"], []]

    def test_a_webhook_is_replaced_but_keeps_its_secret_and_birth(self, store: Store) -> None:
        """Until another secret is given."""
        add_webhook(store, "w", MADE, TAGGED, secret=KEY)
        other = Webhook(
            webhook_id="w",
            name="other",
            description="d",
            url="u",
            events=[UNTAGGED],
            status=DISABLED,
            creation_timestamp=1,
            last_updated_timestamp=9,
        )
        store.write(lambda session: session.webhooks.replace(other, secret=None))
        assert get_webhook(store, "w") == other
        assert store.read(lambda session: session.webhooks.secret("w")) == KEY
        store.write(lambda session: session.webhooks.replace(other, secret=KEY * 2))
        assert store.read(lambda session: session.webhooks.secret("w")) == KEY * 2

    def test_an_unknown_webhook_is_said_to_be(self, store: Store) -> None:
        """To whoever reads or changes it."""
        webhook = add_webhook(store, "w")
        store.write(lambda session: session.webhooks.delete("w"))

        def check(session: Session) -> None:
            with pytest.raises(ResourceDoesNotExist, match="'w'"):
                session.webhooks.get("w")
            with pytest.raises(ResourceDoesNotExist, match="'w'"):
                session.webhooks.replace(webhook, secret=None)
            with pytest.raises(ResourceDoesNotExist, match="'w'"):
                session.webhooks.delete("w")

        store.write(check)

    def test_each_active_listener_is_told(self, store: Store) -> None:
        """With an id of its own each; others are not."""
        for webhook_id, event, status in (
            ("a", MADE, ACTIVE),
            ("b", MADE, ACTIVE),
            ("off", MADE, DISABLED),
            ("tags", TAGGED, ACTIVE),
        ):
            add_webhook(store, webhook_id, event, status=status)
        tell(store, body='{"é": 1}')
        assert due(store, now=9) == []
        assert due(store, now=10) == ["a", "b"]
        assert due(store, now=10, busy=("a",)) == ["b"]
        claimed = [claim(store, webhook_id, now=10) for webhook_id in ("a", "b", "off", "tags")]
        assert [one and (one.webhook_id, one.body, one.attempts) for one in claimed] == [
            ("a", '{"é": 1}', 1),
            ("b", '{"é": 1}', 1),
            None,
            None,
        ]
        assert len({one.delivery_id for one in claimed if one}) == 2

    def test_what_is_told_is_told_with_the_change_or_not_at_all(self, store: Store) -> None:
        """Work that fails tells nobody."""
        add_webhook(store, "w")

        def failing(session: Session) -> None:
            session.webhooks.tell(MADE, body="{}", now=1)
            raise KeyError("mine")

        with pytest.raises(KeyError):
            store.write(failing)
        assert due(store, now=99) == []

    def test_the_oldest_is_claimed_first_and_by_one_only(self, store: Store, another: Store) -> None:
        """Until the claim ends; then anew, under the same id."""
        add_webhook(store, "w")
        for body in "12":
            tell(store, body=body)
        with ThreadPoolExecutor(3) as pool:
            claimed = list(pool.map(partial(claim, webhook_id="w", now=10, until=100), (store, another, store)))
        assert sorted(one.body for one in claimed if one) == ["1", "2"]
        first = next(one for one in claimed if one and one.body == "1")
        assert due(store, now=99) == []
        again = claim(another, "w", now=100)
        assert again
        assert (again.delivery_id, again.body, again.attempts) == (first.delivery_id, "1", 2)

    def test_what_is_delivered_is_forgotten_and_what_is_not_waits_or_is_kept(self, store: Store) -> None:
        """With the reason."""
        add_webhook(store, "w")
        for body in "123":
            tell(store, body=body)
        ids = [one.delivery_id for one in (claim(store, "w", now=10) for _ in range(3)) if one]

        def settle(session: Session) -> None:
            session.webhooks.delivered(ids[0])
            session.webhooks.postpone(ids[1], until=50, error="busy")
            session.webhooks.give_up(ids[2], error="gone")

        store.write(settle)
        assert (due(store, now=49), due(store, now=50)) == ([], ["w"])
        second = claim(store, "w", now=50)
        assert second
        assert (second.body, second.attempts) == ("2", 2)
        assert due(store, now=999) == []
        assert store.read(lambda session: session.webhooks.undelivered("w")) == ["gone"]
        store.write(lambda session: session.webhooks.forget(before=10))
        assert due(store, now=1000) == ["w"]
        store.write(lambda session: session.webhooks.forget(before=11))
        assert due(store, now=1000) == []
        assert store.read(lambda session: session.webhooks.undelivered("w")) == []

    def test_what_waits_goes_with_its_webhook_and_rests_while_it_is_disabled(self, store: Store) -> None:
        """A deleted webhook is told nothing more."""
        made = add_webhook(store, "w")
        tell(store)
        made.status = DISABLED
        store.write(lambda session: session.webhooks.replace(made, secret=None))
        assert due(store, now=10) == []
        assert claim(store, "w", now=10) is None
        made.status = ACTIVE
        store.write(lambda session: session.webhooks.replace(made, secret=None))
        assert due(store, now=10) == ["w"]
        store.write(lambda session: session.webhooks.delete("w"))
        assert due(store, now=10) == []
