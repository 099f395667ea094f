"""Keep sending what waits for webhooks: at least once each, under one id, and without holding up anybody else."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import AssayError, from_wire
from assay.core.log import logger
from assay.core.retry import Backoff, is_temporary
from assay.server.errors import outcome
from assay.service.webhook_events import headers

if TYPE_CHECKING:
    from assay.core.egress import Egress
    from assay.store.base import Session, Store
    from assay.store.webhooks import Delivery

LOOK_SECONDS = 0.3
MOST_TRIES = 10
BACKOFF = Backoff(base=10.0, cap=3600.0)
"""With ten tries: for about an hour."""
_SENDERS = 8
_AT_ONE_GO = 50
"""So many are sent to one webhook before others have their turn."""
_CLAIM_MS = 60_000
"""How long the others leave alone what a server has begun to send: if it dies meanwhile, it is sent again then."""
_KEEP_MS = 30 * 24 * 3_600_000
_SLOWEST_LOOK_SECONDS = 5.0
_FORGET_EVERY = 100_000
_log = logger("server")


class WebhookSender:
    """A thread that looks for what is due, and a few that send it, one per webhook at a time.

    Args:
        store: Where it waits.
        door: The way out.
        tries: After how many it is given up.
        backoff: How long to wait between them.
    """

    def __init__(self, store: Store, door: Egress, *, tries: int = MOST_TRIES, backoff: Backoff = BACKOFF) -> None:
        self._store = store
        self._door = door
        self._tries = tries
        self._backoff = backoff
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="assay-webhooks", daemon=True)
        self._senders = ThreadPoolExecutor(_SENDERS, thread_name_prefix="assay-webhook")
        self._lock = threading.Lock()
        self._busy: set[str] = set()
        self._pause = LOOK_SECONDS
        self._said = ""

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after what is being sent; the rest waits for the next server."""
        self._stopped.set()
        self._thread.join(timeout=10)
        self._senders.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        looks = 0
        while not self._stopped.is_set():
            if looks % _FORGET_EVERY == 0:
                self._note(outcome(self._forget)[1])
            looks += 1
            self._note(outcome(self._look)[1])
            self._stopped.wait(self._pause)

    def _forget(self) -> None:
        before = clock.now_ms() - _KEEP_MS
        self._store.write(lambda session: session.webhooks.forget(before=before))

    def _look(self) -> None:
        with self._lock:
            busy = frozenset(self._busy)
        now = clock.now_ms()
        for webhook_id in self._store.read(lambda session: session.webhooks.due(now=now, busy=busy)):
            with self._lock:
                self._busy.add(webhook_id)
            self._senders.submit(self._serve, webhook_id)

    def _serve(self, webhook_id: str) -> None:
        for _ in range(_AT_ONE_GO):
            found, error = outcome(partial(self._send_next, webhook_id))
            self._note(error)
            if error is not None or not found or self._stopped.is_set():
                break
        with self._lock:
            self._busy.discard(webhook_id)

    def _send_next(self, webhook_id: str) -> bool:
        """Send the oldest that is due; False where there is none, or it was not taken: the others can wait, too."""
        now = clock.now_ms()

        def claim(session: Session) -> tuple[Delivery, str, str | None] | None:
            delivery = session.webhooks.claim(webhook_id, now=now, until=now + _CLAIM_MS)
            if delivery is None:
                return None
            return delivery, session.webhooks.get(webhook_id).url, session.webhooks.secret(webhook_id)

        claimed = self._store.write(claim)
        if claimed is None:
            return False
        delivery, url, secret = claimed
        try:
            self._send(delivery, url, secret)
        except AssayError as error:
            self._store.write(partial(self._settle, delivery, error))
            return False
        self._store.write(lambda session: session.webhooks.delivered(delivery.delivery_id))
        return True

    def _send(self, delivery: Delivery, url: str, secret: str | None) -> None:
        """Send it.

        Raises:
            AssayError: it was not taken.
        """
        above = headers(delivery.delivery_id, delivery.body, secret=secret)
        status = self._door.post(url, delivery.body.encode(), above)
        if not 200 <= status < 300:
            error = from_wire(None, f"The answer has the status {status}.", status)
            error.status = status
            raise error

    def _settle(self, delivery: Delivery, error: AssayError, session: Session) -> None:
        """Note when to try again, or that nobody will."""
        if is_temporary(error) and delivery.attempts < self._tries:
            pause = self._backoff.seconds(delivery.attempts - 1)
            until = clock.now_ms() + round(pause * 1000)
            session.webhooks.postpone(delivery.delivery_id, until=until, error=error.message)
            _log.info("Webhook %s is told of a change in %.1f s: %s", delivery.webhook_id, pause, error.message)
            return
        session.webhooks.give_up(delivery.delivery_id, error=error.message)
        _log.warning(
            "Webhook %s was not told of a change, after %d tries: %s",
            delivery.webhook_id, delivery.attempts, error.message,
        )  # fmt: skip

    def _note(self, error: Exception | None) -> None:
        """Log a failure of the store once, and wait longer the longer it lasts."""
        if error is None:
            self._pause, self._said = LOOK_SECONDS, ""
            return
        self._pause = min(self._pause * 2, _SLOWEST_LOOK_SECONDS)
        if str(error) != self._said:
            self._said = str(error)
            _log.error("Webhooks wait: %s", error)
