"""Records that the server will never take: kept in the spool's `rejected.jsonl`, and told to the process once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from assay.core.clock import now_ms
from assay.core.log import logger
from assay.journal.disk import storage_full, write_all
from assay.wire.journal import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

NAME = "rejected.jsonl"
_log = logger("client")


class Refusal(msgspec.Struct):
    """One record that was refused, whole: `payload` is what the journal held (in base64 in the file)."""

    writer: str
    seq: int
    error_code: str
    message: str
    time_ms: int = 0
    payload: bytes = b""


_decoder = msgspec.json.Decoder(Refusal)


class Refusals:
    """The file of refused records of one spool, written by whoever ships, read by whoever logged."""

    def __init__(self, spool: Path) -> None:
        self._path = spool / NAME
        self._offset = _size(self._path)

    @staticmethod
    def count(spool: Path) -> int:
        """How many records were refused in a spool so far."""
        try:
            return (spool / NAME).read_bytes().count(b"\n")
        except FileNotFoundError:
            return 0

    def keep(self, writer: str, rejections: Iterable[tuple[Rejection, bytes]]) -> None:
        """Append refused records with one write.

        Raises:
            StorageFull: the disk is full or failed.
        """
        lines = [
            msgspec.json.encode(
                Refusal(writer, one.seq, one.error_code, one.message, time_ms=now_ms(), payload=payload)
            )
            for one, payload in rejections
        ]
        if not lines:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                write_all(descriptor, b"\n".join(lines) + b"\n")
            finally:
                os.close(descriptor)
        except OSError as error:
            raise storage_full("keep refused records", self._path.parent, error) from error

    def fresh(self, writer: str) -> list[Rejection]:
        """What was refused of this writer since the last call."""
        if _size(self._path) <= self._offset:
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        found = []
        for line in whole.splitlines():
            try:
                refusal = _decoder.decode(line)
            except msgspec.DecodeError:
                _log.warning("A line of %s cannot be read.", self._path)
                continue
            if refusal.writer == writer:
                found.append(Rejection(seq=refusal.seq, error_code=refusal.error_code, message=refusal.message))
        return found


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
