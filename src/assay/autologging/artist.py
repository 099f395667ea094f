"""Pictures are drawn by a process of their own: importing Matplotlib takes longer than many a training.

The training process leaves orders in a directory; the artist, started by the first of them, draws them with low
priority, logs the files to their runs, and ends when none has come for a while. It outlives the training process.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assay.autologging import charts
from assay.client import connection
from assay.client.api import Client
from assay.client.children import CAN_START, Children
from assay.core import settings
from assay.core.errors import AssayError, ResourceDoesNotExist, TemporarilyUnavailable
from assay.journal.locks import FileLock, is_held

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_DRAWN_TAG = "assay.not_drawn"
"""A tag of a run with this prefix names a picture that could not be drawn, and says why."""
_LOCK_NAME = "lock"
_LOG_NAME = "log"
_ORDERS = "*.order"
_START_SECONDS = 5.0
_IDLE_SECONDS = 5.0
_PAUSE = 0.05
_NICENESS = 10


class _Order(msgspec.Struct):
    """A picture to be drawn, and where it goes."""

    run_id: str
    file: str
    chart: charts.Chart


_order_decoder = msgspec.json.Decoder(_Order)


class Artist:
    """The artist for one tracking URI, as the process that trains sees it."""

    def __init__(self, tracking_uri: str) -> None:
        self._tracking_uri = tracking_uri
        self._home = Path(tempfile.mkdtemp(prefix="assay-pictures-"))
        self._children = Children()
        self._count = 0
        self._started = 0.0

    def draw(self, run_id: str, pictures: Iterable[tuple[str, charts.Chart]]) -> None:
        """Have pictures drawn, each with the name of its file, and kept with the run; does not wait for it.

        Raises:
            OSError: the orders cannot be written, or the artist cannot be started.
        """
        for file, chart in pictures:
            data = msgspec.json.encode(_Order(run_id, file, chart))
            try:
                self._put(data)
            except FileNotFoundError:  # the artist ended, and took the directory away
                self._put(data)
        self._ensure()

    def wait(self, *, seconds: float) -> None:
        """Wait until all that was ordered is drawn and logged.

        Raises:
            TemporarilyUnavailable: it was not done in time; the artist goes on.
        """
        deadline = time.monotonic() + seconds
        while any(self._home.glob(_ORDERS)):
            if time.monotonic() > deadline:
                raise TemporarilyUnavailable(f"Pictures were not drawn within {seconds:g} s; they will be, later.")
            self._ensure()
            time.sleep(_PAUSE)

    def _put(self, order: bytes) -> None:
        self._home.mkdir(mode=0o700, exist_ok=True)
        self._count += 1
        draft = self._home / f"{self._count:08}"
        draft.write_bytes(order)
        draft.rename(draft.with_suffix(".order"))

    def _ensure(self) -> None:
        is_starting = self._children.alive() and time.monotonic() - self._started < _START_SECONDS
        if is_starting or is_held(self._home / _LOCK_NAME) or not any(self._home.glob(_ORDERS)):
            return
        self._started = time.monotonic()
        variables = {settings.tracking_uri.variables[0]: self._tracking_uri}
        self._children.start(__name__, str(self._home), variables=variables, log=self._home / _LOG_NAME)


_artists: dict[tuple[int, str], Artist] = {}


def draw(tracking_uri: str, run_id: str, pictures: Iterable[tuple[str, charts.Chart]]) -> None:
    """Have pictures drawn and kept with a run, by a process of their own where the platform allows.

    Args:
        tracking_uri: where the run is.
        run_id: the run.
        pictures: names of artifact files, and what they show.

    Raises:
        OSError: the orders cannot be written, or the artist cannot be started.
    """
    if not CAN_START:
        for file, chart in pictures:
            Client(tracking_uri).log_figure(run_id, charts.draw(chart), file)
        return
    place = (os.getpid(), tracking_uri)
    if place not in _artists:
        if not _artists:
            connection.wait_also(wait)
        _artists[place] = Artist(tracking_uri)
    _artists[place].draw(run_id, pictures)


def wait(seconds: float) -> None:
    """Wait until all pictures that this process ordered are with their runs.

    Raises:
        TemporarilyUnavailable: it was not done in time; the artists go on.
    """
    for (pid, _), artist in list(_artists.items()):
        if pid == os.getpid():
            artist.wait(seconds=seconds)


def main() -> int:
    """Draw what is ordered in the directory that the arguments name, until no order has come for a while."""
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    home, client = Path(sys.argv[1]), Client(settings.tracking_uri.get())
    while True:
        lock = FileLock.acquire(home / _LOCK_NAME)
        if lock is None:
            return 0
        _work(home, client)
        is_done = _take_away(home)
        lock.release()
        if is_done:
            return 0


def _work(home: Path, client: Client) -> None:
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < _IDLE_SECONDS:
        orders = sorted(home.glob(_ORDERS))
        for path in orders:
            _perform(client, path.read_bytes())
        if orders:
            with contextlib.suppress(AssayError):  # what a server does not take now is delivered later
                connection.flush()
            quiet_since = time.monotonic()
        for path in orders:
            path.unlink()
        time.sleep(_PAUSE)


def _take_away(home: Path) -> bool:
    """Remove the directory; False when an order has come meanwhile. Who orders later makes it again."""
    for name in (_LOCK_NAME, _LOG_NAME):
        (home / name).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        home.rmdir()
    return not any(home.glob(_ORDERS))


def _perform(client: Client, data: bytes) -> None:
    order = _order_decoder.decode(data)
    try:
        client.log_figure(order.run_id, charts.draw(order.chart), order.file)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the run says it, and the next picture is drawn
        with contextlib.suppress(ResourceDoesNotExist):  # deleted meanwhile
            client.set_tag(order.run_id, f"{NOT_DRAWN_TAG}.{order.file}", f"{type(error).__name__}: {error}"[:500])
