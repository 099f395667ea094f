"""Who may do what, decided in one place from the operation table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from assay.wire.base import Message, Operation

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Caller:
    """Who asks. `local` callers run in this process, on this machine's own files."""

    name: str = UNKNOWN
    local: bool = False

    @property
    def known_name(self) -> str:
        """Who it is; empty where nobody has proved it."""
        return "" if self.name == UNKNOWN else self.name


class Policy(Protocol):
    """Decides whether a caller may ask for an operation."""

    def check(self, caller: Caller, operation: Operation, request: Message) -> None:
        """Return when it is allowed.

        Raises:
            PermissionDenied: it is not; names what and which permission is missing.
        """


class _AllowAll:
    def check(self, caller: Caller, operation: Operation, request: Message) -> None:
        """Allow: a server without users, or a store on one's own disk."""


ALLOW_ALL: Policy = _AllowAll()
