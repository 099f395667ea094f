"""Files of a spool on their way to where the artifacts of runs are: several at once, large ones in parts.

A file that was delivered is not sent again when the delivery of those beside it broke off; a large one goes on, after
a break of the network, the server or this process, with the parts that the server has not got.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from zlib import crc32

from assay.blobs.base import CHUNK
from assay.blobs.files import chunks_of
from assay.blobs.partial import Plan
from assay.client.progress import Progress
from assay.client.proxied import ProxiedBlobs
from assay.core import settings
from assay.core.bodies import FileSlice
from assay.core.errors import AssayError, DataLoss, TemporarilyUnavailable
from assay.core.http import Timeouts
from assay.core.parallel import each
from assay.core.retry import is_about_the_server
from assay.wire.codec import decode_answer
from assay.wire.journal import LogArtifact, decode_payload
from assay.wire.uploads import UploadState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from assay.blobs.base import BlobStore
    from assay.core.http import Connections
    from assay.journal.reader import Record
    from assay.journal.spool import Spool

_ENDPOINT = "/api/assay/1/uploads"
_NOT_THERE = (404, 405, 501)
_LARGE_PARTS_AT_ONCE = 4


@dataclass
class Delivery:
    """What was delivered: blobs that are no longer needed, where each file went; and what never can be."""

    blobs: list[str] = field(default_factory=list)
    stored: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[Record, AssayError]] = field(default_factory=list)


@dataclass(frozen=True)
class _Parcel:
    """One file to send."""

    record: Record
    artifact: LogArtifact
    source: Path
    artifact_uri: str
    target: BlobStore


class Uploader:
    """Sends the files of one spool.

    Args:
        spool: holds the files.
        find_uri: gives the artifact URI of a run.
        open_at: gives what is below an artifact URI.
    """

    def __init__(self, spool: Spool, *, find_uri: Callable[[str], str], open_at: Callable[[str], BlobStore]) -> None:
        self._spool = spool
        self._find_uri = find_uri
        self._open_at = open_at
        self._delivered: set[str] = set()

    def deliver(self, records: Sequence[Record], *, deadline: float | None = None) -> Delivery:
        """Send the files of these records; of two with one name, the later one last.

        Args:
            records: of the kind `LogArtifact`.
            deadline: the time of `time.monotonic` after which nothing more is begun.

        Raises:
            ServerUnreachable: the server does not answer.
            TemporarilyUnavailable: it cannot take them now, or not in time; what was sent is not sent again.
        """
        delivery = Delivery()
        parcels = [parcel for record in records if (parcel := self._parcel(record, delivery)) is not None]
        size = sum(parcel.artifact.size for parcel in parcels)
        with Progress("Uploading", size=size, files=len(parcels)) as progress:
            trip = _Trip(delivery, progress, deadline=deadline, delivered=self._delivered)
            for wave in _waves(parcels):
                trip.carry(wave)
        return delivery

    def forget(self, blobs: Sequence[str]) -> None:
        """These are acknowledged."""
        self._delivered.difference_update(blobs)

    def _parcel(self, record: Record, delivery: Delivery) -> _Parcel | None:
        try:
            artifact = decode_payload(record.payload)
            if not isinstance(artifact, LogArtifact):
                raise DataLoss("The record is of another kind than it says.")
            source = self._spool.blob_path(artifact.blob)
            if artifact.blob in self._delivered:
                delivery.blobs.append(artifact.blob)
                return None
            if not source.exists():
                raise DataLoss(f"The bytes of artifact {artifact.path!r} are gone: {source} is missing.")
            location = self._find_uri(artifact.run_id)
            target = self._open_at(location)
        except AssayError as error:
            if is_about_the_server(error):
                raise
            delivery.refused.append((record, error))
            return None
        return _Parcel(record, artifact, source, location, target)


class _Trip:
    """The sending of some files."""

    def __init__(
        self,
        delivery: Delivery,
        progress: Progress,
        *,
        deadline: float | None,
        delivered: set[str],
    ) -> None:
        self._delivery = delivery
        self._progress = progress
        self._deadline = deadline
        self._delivered = delivered
        self._threads = settings.transfer_threads.get()
        self._parts_from = settings.upload_parts_from.get()

    def carry(self, parcels: Sequence[_Parcel]) -> None:
        """Send files of different names: small ones side by side, large ones one after another, by their parts."""
        small = [one for one in parcels if one.artifact.size < self._parts_from]
        each(self._send, small, threads=self._threads)
        for parcel in parcels:
            if parcel.artifact.size >= self._parts_from:
                self._send(parcel)

    def _send(self, parcel: _Parcel) -> None:
        self._check_time()
        artifact = parcel.artifact
        try:
            if not isinstance(parcel.target, ProxiedBlobs):
                parcel.target.write(artifact.path, self._counted(chunks_of(parcel.source)))
            elif artifact.size < self._parts_from or not self._send_parts(parcel, parcel.target):
                parcel.target.send(artifact.path, parcel.source, sha256=artifact.sha256, timeouts=self._timeouts())
                self._progress.add(artifact.size)
        except AssayError as error:
            if is_about_the_server(error):
                raise
            self._delivery.refused.append((parcel.record, error))
            return
        self._progress.add(0, files=1)
        self._delivered.add(artifact.blob)
        self._delivery.stored.append((parcel.artifact_uri, artifact.path))
        self._delivery.blobs.append(artifact.blob)

    def _send_parts(self, parcel: _Parcel, target: ProxiedBlobs) -> bool:
        """Send a file in parts, those that are missing; False when the server does not know how."""
        artifact = parcel.artifact
        query = urlencode({"size": artifact.size, "sha256": artifact.sha256})
        address = f"{_ENDPOINT}/{quote(target.full_path(artifact.path))}?{query}"
        missing_before: list[int] | None = None
        with parcel.source.open("rb") as file:
            while True:
                state = self._state(target.connections, address)
                if state is None or state.stored:
                    return state is not None
                plan = Plan(artifact.sha256, artifact.size, state.part_bytes)
                if missing_before is None:
                    rest = sum(end - start for start, end in map(plan.span, state.missing))
                    self._progress.add(artifact.size - rest)
                elif state.missing and state.missing == missing_before:
                    raise TemporarilyUnavailable(f"The server keeps no parts of {artifact.path!r}. Try again later.")
                missing_before = state.missing
                parts = _Parts(target.connections, address, file, plan)
                each(partial(self._send_part, parts), state.missing, threads=self._at_once())
                self._check_time()

    def _send_part(self, parts: _Parts, number: int) -> None:
        self._check_time()
        self._progress.add(parts.send(number, timeouts=self._timeouts()))

    def _state(self, connections: Connections, address: str) -> UploadState | None:
        try:
            answer = connections.request("POST", address, timeouts=self._timeouts())
        except AssayError as error:
            if error.status in _NOT_THERE:
                return None
            raise
        return decode_answer(answer.body, UploadState)

    def _at_once(self) -> int:
        return min(_LARGE_PARTS_AT_ONCE, self._threads)

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self._progress.add(len(chunk))
            yield chunk

    def _timeouts(self) -> Timeouts:
        """No longer than there is time: whoever waits for a deadline has somebody else who goes on."""
        read = settings.artifact_timeout.get()
        if self._deadline is not None:
            read = min(read, max(1.0, self._deadline - time.monotonic()))
        return Timeouts.within(read)

    def _check_time(self) -> None:
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise TemporarilyUnavailable("The files are not yet all sent; they go on in the background.")


@dataclass(frozen=True)
class _Parts:
    """The parts of one open file, as its server cut it."""

    connections: Connections
    address: str
    file: IO[bytes]
    plan: Plan

    def send(self, number: int, *, timeouts: Timeouts) -> int:
        """Send one part; returns its size in bytes."""
        start, end = self.plan.span(number)
        checksum = 0  # the whole has its SHA-256; this one is to notice damage early, and costs little
        reading = FileSlice(self.file, start, end)
        while chunk := reading.read(CHUNK):
            checksum = crc32(chunk, checksum)
        headers = {"X-Assay-CRC32": f"{checksum:08x}", "Content-Type": "application/octet-stream"}
        body = FileSlice(self.file, start, end)
        self.connections.request("PUT", f"{self.address}&part={number}", body=body, headers=headers, timeouts=timeouts)
        return end - start


def _waves(parcels: Sequence[_Parcel]) -> Iterator[list[_Parcel]]:
    """The files in their order, cut wherever a name comes again."""
    wave: list[_Parcel] = []
    names: set[tuple[str, str]] = set()
    for parcel in parcels:
        name = (parcel.artifact.run_id, parcel.artifact.path)
        if name in names:
            yield wave
            wave, names = [], set()
        wave.append(parcel)
        names.add(name)
    if wave:
        yield wave
