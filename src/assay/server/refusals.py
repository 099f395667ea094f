"""What was refused to whom, for the audit log: enough of it to see who tries what, and no more.

Whoever has an account may ask without end for what is not allowed, and each entry of the log is there for good.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from assay.service.audit_events import event_of

if TYPE_CHECKING:
    from assay.service.access import Caller
    from assay.store.audit import Event
    from assay.wire.base import Operation

MOST_OF_USER = 100
"""Entries of refusals to one user within the time below, in one process."""
WINDOW_SECONDS = 300.0
_MOST_USERS = 4096
_LAST = json.dumps({"further": f"refusals are not kept for {WINDOW_SECONDS / 60:.0f} minutes"})


class Refusals:
    """Counts what each user was refused. For the event loop alone."""

    def __init__(self) -> None:
        self._counted: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def event(self, caller: Caller, operation: Operation, *, code: str) -> Event | None:
        """What is remembered of a refusal; None where the user was refused so much already. The last one says so."""
        now = time.monotonic()
        until, count = self._counted.pop(caller.number, (0.0, 0))
        if until <= now:
            until, count = now + WINDOW_SECONDS, 0
        self._counted[caller.number] = (until, count + 1)
        while len(self._counted) > _MOST_USERS:
            self._counted.popitem(last=False)
        if count >= MOST_OF_USER:
            return None
        event = event_of(caller, operation, outcome=code)
        return replace(event, detail=_LAST) if count == MOST_OF_USER - 1 else event
