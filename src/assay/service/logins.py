"""How often somebody may be wrong: counted in the audit log, so that all servers over one store count together."""

from __future__ import annotations

import ipaddress
import json
import threading
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from assay.core import clock
from assay.core.errors import RequestLimitExceeded
from assay.store.audit import Event, Wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Store

ACTION = "logIn"
REFUSED = "UNAUTHENTICATED"
MOST_FOR_USER = 5
"""Wrong tries for one name from one address, in the time below."""
MOST_FROM_ADDRESS = 30
WINDOW_MS = 300_000
MOST_REMEMBERED = 16_384
_LONGEST = 250
_NETWORK_BITS = 64


class LoginGuard:
    """Refuses further tries for a while, also right ones: else guessing would only be slower.

    What is counted is one name from one address, so that nobody is shut out by what others try. All that is wrong from
    one address is counted, too, so that a flood of it does not fill the log: what comes beyond is remembered here. Of
    IPv6 a whole network of 64 bits is one address: whoever has one has all of them.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._unlogged: OrderedDict[tuple[str, str], deque[int]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, username: str, address: str) -> None:
        """Return when another try for this name is allowed.

        Raises:
            RequestLimitExceeded: there were too many wrong ones; says when to try again.
        """
        since, place = clock.now_ms() - WINDOW_MS, _place(address)
        with self._lock:
            unlogged = [at for at in self._unlogged.get((username[:_LONGEST], place), ()) if at >= since]
        self._check(_refused(place).of(username[:_LONGEST]), MOST_FOR_USER, unlogged=unlogged)

    def check_address(self, address: str) -> None:
        """Return when another try from this address is allowed.

        Raises:
            RequestLimitExceeded: there were too many wrong ones; says when to try again.
        """
        self._check(_refused(_place(address)), MOST_FROM_ADDRESS)

    def failed(self, username: str, address: str, request_id: str, *, credential: str = "", detail: str = "{}") -> None:
        """Remember a wrong try.

        Raises:
            RequestLimitExceeded: there were too many from this address; says when to try again.
        """
        place = _place(address)
        try:
            self.check_address(address)
        except RequestLimitExceeded:
            self._remember(username[:_LONGEST], place)
            raise
        if place != address:
            detail = json.dumps({**json.loads(detail), "address": address[:_LONGEST]})
        event = Event(
            happened_at=clock.now_ms(),
            request_id=request_id,
            actor=username[:_LONGEST],
            credential=credential,
            address=place,
            action=ACTION,
            resource="",
            outcome=REFUSED,
            detail=detail,
        )
        self._store.write(lambda session: session.audit.add(event))

    def _remember(self, username: str, place: str) -> None:
        """Count what the log has no room for, in this process alone: guessing goes on in it as slowly."""
        with self._lock:
            times = self._unlogged.pop((username, place), None) or deque(maxlen=MOST_FOR_USER)
            times.append(clock.now_ms())
            self._unlogged[username, place] = times
            while len(self._unlogged) > MOST_REMEMBERED:
                self._unlogged.popitem(last=False)

    def _check(self, wanted: Wanted, most: int, *, unlogged: Sequence[int] = ()) -> None:
        found = self._store.read(lambda session: session.audit.find(wanted, limit=most))
        latest = sorted((*unlogged, *(entry.event.happened_at for entry in found)), reverse=True)
        if len(latest) < most:
            return
        error = RequestLimitExceeded("Too many wrong logins. Try again in a few minutes.")
        error.retry_after = max(1.0, (latest[most - 1] + WINDOW_MS - clock.now_ms()) / 1000)
        raise error


def _place(address: str) -> str:
    """What is counted as one address."""
    try:
        given = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:  # a proxy may name it otherwise
        return address[:_LONGEST]
    if isinstance(given, ipaddress.IPv4Address) or given.is_loopback:
        return str(given)
    return str(given.ipv4_mapped or ipaddress.ip_network((int(given), _NETWORK_BITS), strict=False))


def _refused(place: str) -> Wanted:
    """What was wrong from an address lately."""
    return Wanted(action=ACTION, outcome=REFUSED, address=place, since=clock.now_ms() - WINDOW_MS)
