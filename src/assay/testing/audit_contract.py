"""What every `Store` must keep of the audit log; part of `StoreContract`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.store.audit import Event, Wanted, digest_of

if TYPE_CHECKING:
    from assay.store.base import Store

EVENT = Event(5, "r1", "ada", "password", "127.0.0.1", "deleteRun", "run x", "done", '{"a":"ü"}')


def add_event(store: Store, event: Event) -> None:
    """Put an event in the audit log."""
    store.write(lambda session: session.audit.add(event))


class AuditContract:
    """The audit log."""

    def test_entries_are_a_chain(self, store: Store) -> None:
        """Each digest is of the event and the digest before it; the head is the last."""
        events = [replace(EVENT, happened_at=place, actor=f"u{place % 2}") for place in range(4)]
        assert store.read(lambda session: session.audit.head()) == ""
        for event in events:
            add_event(store, event)
        entries = store.read(lambda session: list(session.audit.entries()))
        assert [entry.event for entry in entries] == events
        behind = ""
        for entry in entries:
            behind = digest_of(entry.event, behind=behind)
            assert entry.digest == behind
        assert store.read(lambda session: session.audit.head()) == behind
        assert store.read(lambda session: list(session.audit.entries(after=entries[2].number))) == entries[3:]

    def test_entries_are_found_the_latest_first(self, store: Store) -> None:
        """By all that is wanted."""
        for place in range(4):
            event = replace(EVENT, happened_at=place, actor=f"u{place % 2}", action=f"a{place}", resource=f"r{place}")
            add_event(store, event)

        def find(wanted: Wanted, limit: int = 9) -> list[int]:
            return [entry.event.happened_at for entry in store.read(lambda s: s.audit.find(wanted, limit=limit))]

        assert find(Wanted()) == [3, 2, 1, 0]
        assert find(Wanted(), limit=2) == [3, 2]
        assert find(Wanted(actor="u1")) == [3, 1]
        assert find(Wanted(action="a2")) == find(Wanted(resource="r2")) == [2]
        assert find(Wanted(since=1, until=2)) == [2, 1]
        last = store.read(lambda session: session.audit.find(Wanted(), limit=1))[0]
        assert find(Wanted(before=last.number)) == [2, 1, 0]
        add_event(store, replace(EVENT, happened_at=4, outcome="PERMISSION_DENIED"))
        assert find(Wanted(refused=True)) == find(Wanted(outcome="PERMISSION_DENIED")) == [4]

    def test_writers_at_once_make_one_chain(self, store: Store, another: Store) -> None:
        """Of every entry once, through two stores."""
        with ThreadPoolExecutor(4) as pool:
            for place in range(20):
                event = replace(EVENT, happened_at=place)
                chosen = (store, another)[place % 2]
                pool.submit(add_event, chosen, event)
        entries = store.read(lambda session: list(session.audit.entries()))
        assert sorted(entry.event.happened_at for entry in entries) == list(range(20))
        behind = ""
        for entry in entries:
            behind = digest_of(entry.event, behind=behind)
            assert entry.digest == behind
