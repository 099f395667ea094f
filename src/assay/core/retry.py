"""The only retry loop: what is worth trying again, and how long to wait before that."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from assay.core.errors import AssayError, ServerNotTrusted, ServerUnreachable, Unauthenticated

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 507})
"""MLflow's set, and 507: a server whose disk is full takes the same request once there is room again."""


@dataclass(frozen=True)
class Backoff:
    """Waits that double up to a cap, each shortened by chance so that clients do not come back all at once."""

    base: float = 0.25
    cap: float = 30.0

    def seconds(self, attempt: int, *, retry_after: float | None = None) -> float:
        """How long to wait after the failed `attempt` (from 0); a server that says how long is obeyed up to the cap."""
        if retry_after is not None:
            return min(retry_after, self.cap) + random.uniform(0, self.base)  # noqa: S311 -- no secret # nosec B311
        return min(self.cap, self.base * 2.0 ** min(attempt, 20)) * random.uniform(0.5, 1.0)  # noqa: S311 -- no secret # nosec B311


DEFAULT = Backoff()


def is_temporary(error: AssayError) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(error, ServerUnreachable):
        return not isinstance(error, ServerNotTrusted)
    return error.status in RETRIED_STATUSES and error.code not in ("INVALID_STATE", "DATA_LOSS")


def is_about_the_server(error: AssayError) -> bool:
    """Whether what was sent may be taken later: the error is about the server or the credentials now, not about it."""
    return is_temporary(error) or isinstance(error, (Unauthenticated, ServerNotTrusted))


def retry(
    work: Callable[[], T],
    *,
    retries: int,
    backoff: Backoff = DEFAULT,
    deadline: float | None = None,
    when: Callable[[AssayError], bool] = is_temporary,
    sleep: Callable[[float], object] = time.sleep,
) -> T:
    """The result of `work`, tried again up to `retries` times while its error is temporary.

    Args:
        work: what to do; it must be safe to do twice.
        retries: tries after the first one.
        backoff: how long to wait between them.
        deadline: the time of `time.monotonic` after which nothing is tried any more.
        when: says which errors are temporary.
        sleep: what waits.

    Raises:
        AssayError: the last error, when it is not temporary or the tries are used up.
    """
    attempt = 0
    while True:
        try:
            return work()
        except AssayError as error:
            if attempt >= retries or not when(error):
                raise
            pause = backoff.seconds(attempt, retry_after=error.retry_after)
            if deadline is not None and time.monotonic() + pause > deadline:
                raise
            sleep(pause)
            attempt += 1
