"""Reading journals to their end, and building small ones byte by byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from assay.journal.format import END, SegmentHeader, checksum_seed, encode_record, encode_segment_header
from assay.journal.reader import START, Damage, Position, Record, read, segment_path

if TYPE_CHECKING:
    from pathlib import Path


class Everything(NamedTuple):
    """A journal read to its end."""

    records: list[Record]
    damages: list[Damage]
    position: Position
    end: bool

    @property
    def payloads(self) -> list[bytes]:
        return [record.payload for record in self.records]


class Crafted(NamedTuple):
    """The bytes of a one-segment journal, and where each record lies."""

    directory: Path
    data: bytes
    spans: list[tuple[int, int]]

    def write(self, data: bytes) -> None:
        self.directory.mkdir(exist_ok=True)
        segment_path(self.directory, 1).write_bytes(data)


@pytest.fixture(scope="session")
def read_everything():
    def everything(directory, *, final=True, max_bytes=4 << 20, position=START):
        records, damages = [], []
        after = 0
        while True:
            batch = read(directory, position, max_bytes=max_bytes, final=final, after_seq=after)
            records += batch.records
            damages += batch.damages
            moved, position = batch.position != position, batch.position
            if records:
                after = records[-1].seq
            if batch.end or not moved:
                return Everything(records, damages, position, batch.end)

    return everything


@pytest.fixture
def craft(tmp_path):
    def crafted(payloads, *, end=True):
        identity = bytes(range(16))
        seed = checksum_seed(identity)
        pieces = [encode_record(seq, payload, seed=seed) for seq, payload in enumerate(payloads, 1)]
        if end:
            pieces.append(encode_record(len(payloads) + 1, b"", seed=seed, kind=END))
        data = encode_segment_header(SegmentHeader(identity, 1, 1_700_000_000_000))
        spans = []
        for piece in pieces:
            spans.append((len(data), len(data) + len(piece)))
            data += piece
        return Crafted(tmp_path / identity.hex(), data, spans)

    return crafted
