"""The part of the `Store` contract that remembers who did what. Entries are added and read, and nothing else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


DONE = "done"
"""The outcome of what was not refused."""


@dataclass(frozen=True)
class Event:
    """Somebody did something, or tried to.

    `actor` is a user's name, `credential` how it was proved (such as `token ab12`), `address` where it came from;
    `action` is the name of the operation, `resource` what it was done to (such as `experiment 3`), `outcome` is `done`
    or the code of the error; `detail` is what else matters, as JSON, without secrets. `happened_at` is in milliseconds.
    """

    happened_at: int
    request_id: str
    actor: str
    credential: str
    address: str
    action: str
    resource: str
    outcome: str
    detail: str = "{}"


def digest_of(event: Event, *, behind: str) -> str:
    """The SHA-256 of an event and of the digest before it, in hexadecimal digits."""
    said = json.dumps([behind, *astuple(event)], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """An event as it was kept. Its digest is of the event and of the digest before it."""

    number: int
    event: Event
    digest: str


@dataclass(frozen=True)
class Wanted:
    """Which entries to find: those that are equal in all that is given; times in milliseconds, both ends included."""

    actor: str = ""
    action: str = ""
    resource: str = ""
    address: str = ""
    outcome: str = ""
    since: int | None = None
    until: int | None = None
    refused: bool = False
    """Only what was not done."""
    before: int | None = None
    """Only entries with a lower number."""

    def of(self, actor: str) -> Wanted:
        """The same, of one actor."""
        return replace(self, actor=actor)


class Audit(Protocol):
    """The audit log."""

    def add(self, event: Event) -> Entry:
        """Add an entry behind the last one."""

    def find(self, wanted: Wanted, *, limit: int) -> list[Entry]:
        """Entries, the latest first."""

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """All entries from the first on, to be checked one by one; those behind a number."""

    def head(self) -> str:
        """The digest of the last entry, kept apart from it; empty where there is none."""
