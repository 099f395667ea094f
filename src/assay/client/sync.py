"""Deliver now what waits on this machine: the work of `assay sync`."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assay.client import spools
from assay.client.courier import Courier
from assay.client.open import open_receiver
from assay.client.refusals import Refusals
from assay.client.shipper import Shipper
from assay.core import uri
from assay.core.errors import AssayError, TemporarilyUnavailable, Unauthenticated
from assay.journal.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_POLL_SECONDS = 0.05
_BUSY_SECONDS = 30.0
_NOT_KEPT = "The password is not kept on this disk: set MLFLOW_TRACKING_URI to the whole address, and sync again."


@dataclass(frozen=True)
class Synced:
    """What was delivered to one server or database.

    Attributes:
        uri: The server or database, without a password.
        directory: The spool.
        records: How many records were sent.
        rejected: How many of them the server refused; `rejected.jsonl` in the spool holds them.
        waiting: Bytes that wait now, in records and files: what could not be sent, or was logged meanwhile.
        error: Why not everything could be delivered; None when it was.
    """

    uri: str
    directory: Path
    records: int
    rejected: int
    waiting: int
    error: AssayError | None = None


def sync(tracking_uri: str | None = None, *, progress: Callable[[str, int, int], object] | None = None) -> list[Synced]:
    """Send everything that waits for a server or database, or for all this user has logged to; returns what was done.

    A password is taken from `tracking_uri`, or from the tracking URI in force when that is the same place.

    Args:
        tracking_uri: The server or database; all of them by default.
        progress: Called now and then with the server, the records sent so far, and the bytes that still wait.

    Example:
        >>> from assay.client.sync import sync
        >>> sync()
        []
    """
    found = [
        _sync_spool(directory, address, spools.with_password(address.uri, tracking_uri), progress)
        for directory, address in spools.known_spools()
        if tracking_uri is None or spools.is_same(address.uri, tracking_uri)
    ]
    return sorted(found, key=lambda one: one.uri)


def _sync_spool(
    directory: Path, address: spools.Address, whole: str, progress: Callable[[str, int, int], object] | None
) -> Synced:
    spool = Spool(directory)
    shown = uri.redact(address.uri)
    rejected_before = Refusals.count(directory)
    receiver = open_receiver(whole, directory, artifact_root=address.artifact_root)
    shipper = Shipper(Courier(receiver, spool), spool)
    records = 0
    error: AssayError | None = None
    deadline = time.monotonic() + _BUSY_SECONDS
    try:
        while True:
            sent = shipper.round()
            records += sent.records
            if progress is not None:
                progress(shown, records, spool.size())
            if sent.complete:
                break
            if sent.records:
                deadline = time.monotonic() + _BUSY_SECONDS
            elif time.monotonic() > deadline:
                raise TemporarilyUnavailable(f"Another process works on {directory}. Try again.")
            else:
                time.sleep(_POLL_SECONDS)
    except AssayError as failure:
        error = failure
        if isinstance(failure, Unauthenticated) and address.has_password and whole == address.uri:
            error = Unauthenticated(f"{failure.message} {_NOT_KEPT}")
    finally:
        receiver.close()
    rejected = Refusals.count(directory) - rejected_before
    return Synced(shown, directory, records, rejected, spool.size(), error)
