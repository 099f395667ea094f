"""The layout of a journal segment: pure functions between bytes and records.

A segment is a header and then records, all little-endian:

    header  magic `ASSAYJ` · version u16 · writer id 16 bytes · segment number u32 · created ms u64 · crc32 u32
    record  crc32 u32 · marker u16 · kind u16 · length u32 · seq u64 · payload

A record's checksum covers everything after itself and starts from a seed made of the writer id: a copy of another
journal inside a payload can never be taken for records of this one. The marker lets a reader find the next record when
a length is damaged. The header keeps its layout in every version, so that an old reader can always tell a newer file.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from assay.core.errors import InvalidParameterValue, StoreVersionError

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"ASSAYJ"
FORMAT_VERSION = 1
MAX_PAYLOAD = 64 << 20

MARKER = 0xA5C1  # stored as C1 A5: the byte C1 occurs neither in UTF-8 text nor as a MessagePack type
DATA = 0
END = 1

pack_checksum = struct.Struct("<I").pack
pack_fields = struct.Struct("<HHIQ").pack
_unpack_record = struct.Struct("<IHHIQ").unpack_from
_SEGMENT_FIELDS = struct.Struct("<6sH16sIQ")

CHECKSUM_SIZE = 4
RECORD_HEADER_SIZE = 20
SEGMENT_HEADER_SIZE = _SEGMENT_FIELDS.size + CHECKSUM_SIZE
_MARKER_BYTES = MARKER.to_bytes(2, "little")
_FIELDS_SIZE = RECORD_HEADER_SIZE - CHECKSUM_SIZE


class SegmentHeader(msgspec.Struct, frozen=True):
    """What a segment says about itself."""

    writer_id: bytes
    segment: int
    created_ms: int
    version: int = FORMAT_VERSION


class Record(msgspec.Struct, frozen=True, gc=False):
    """One payload and its place in the order of its writer; the first `seq` is 1."""

    seq: int
    payload: bytes


class Decoded(msgspec.Struct, frozen=True):
    """The intact records at the start of a buffer, the bytes they take, and whether the end marker was among them."""

    records: list[Record]
    used: int
    end: bool


def checksum_seed(writer_id: bytes) -> int:
    """The value from which every record checksum of this writer starts."""
    return crc32(writer_id)


def encode_segment_header(header: SegmentHeader) -> bytes:
    """The first `SEGMENT_HEADER_SIZE` bytes of a segment."""
    fields = _SEGMENT_FIELDS.pack(MAGIC, header.version, header.writer_id, header.segment, header.created_ms)
    return fields + pack_checksum(crc32(fields))


def decode_segment_header(data: bytes, *, source: Path) -> SegmentHeader | None:
    """The header in `data`, or None where it is damaged. `source` names the file in the error.

    Raises:
        StoreVersionError: a newer version of Assay wrote the file.
    """
    if len(data) < SEGMENT_HEADER_SIZE:
        return None
    fields = data[: _SEGMENT_FIELDS.size]
    if data[_SEGMENT_FIELDS.size : SEGMENT_HEADER_SIZE] != pack_checksum(crc32(fields)):
        return None
    magic, version, writer_id, segment, created_ms = _SEGMENT_FIELDS.unpack(fields)
    if magic != MAGIC:
        return None
    if version > FORMAT_VERSION:
        raise StoreVersionError(
            f"The journal {source} has format version {version}, and this Assay reads up to version "
            f"{FORMAT_VERSION}. Upgrade Assay on this machine; the journal is kept as it is."
        )
    return SegmentHeader(writer_id, segment, created_ms, version)


def encode_record(seq: int, payload: bytes, *, seed: int = 0, kind: int = DATA) -> bytes:
    """One record, ready to append.

    Raises:
        InvalidParameterValue: the payload is longer than `MAX_PAYLOAD`.
    """
    if len(payload) > MAX_PAYLOAD:
        raise payload_too_long(len(payload))
    fields = pack_fields(MARKER, kind, len(payload), seq)
    return b"".join((pack_checksum(crc32(payload, crc32(fields, seed))), fields, payload))


def payload_too_long(size: int) -> InvalidParameterValue:
    """The error for a payload of `size` bytes."""
    return InvalidParameterValue(
        f"A journal record holds at most {MAX_PAYLOAD} bytes, and this one has {size}. "
        "Log large values as an artifact, or in smaller batches."
    )


def decode_records(buffer: bytes, *, seed: int) -> Decoded:
    """Decode from the start of `buffer` up to the first record that is incomplete or damaged, or the end marker."""
    records: list[Record] = []
    add, checksum, unpack = records.append, crc32, _unpack_record
    at, size = 0, len(buffer)
    last_start = size - RECORD_HEADER_SIZE
    while at <= last_start:
        expected, _, kind, length, seq = unpack(buffer, at)
        end = at + RECORD_HEADER_SIZE + length
        if end > size:
            break
        body = buffer[at + CHECKSUM_SIZE : end]
        if checksum(body, seed) != expected:
            break
        at = end
        if kind == END:
            return Decoded(records, at, end=True)
        add(Record(seq, body[_FIELDS_SIZE:]))
    return Decoded(records, at, end=False)


def record_size(buffer: bytes) -> int | None:
    """The whole size in bytes that the record at the start of `buffer` claims; None where that is not believable."""
    if len(buffer) < RECORD_HEADER_SIZE:
        return None
    _, marker, _, length, _ = _unpack_record(buffer)
    if marker != MARKER or length > MAX_PAYLOAD:
        return None
    return RECORD_HEADER_SIZE + int(length)


def find_record(buffer: bytes, *, start: int, seed: int, after_seq: int) -> tuple[int, int] | None:
    """The offset and `seq` of the first intact record at or behind `start`; None where there is none.

    A candidate counts when its checksum holds and its `seq` is above `after_seq`.
    """
    at = buffer.find(_MARKER_BYTES, start + CHECKSUM_SIZE)
    while at >= 0:
        begin = at - CHECKSUM_SIZE
        seq = _intact_seq(buffer, begin, seed=seed)
        if seq is not None and seq > after_seq:
            return begin, seq
        at = buffer.find(_MARKER_BYTES, at + 1)
    return None


def _intact_seq(buffer: bytes, at: int, *, seed: int) -> int | None:
    if at + RECORD_HEADER_SIZE > len(buffer):
        return None
    expected, _, _, length, seq = _unpack_record(buffer, at)
    end = at + RECORD_HEADER_SIZE + length
    if length > MAX_PAYLOAD or end > len(buffer):
        return None
    if crc32(memoryview(buffer)[at + CHECKSUM_SIZE : end], seed) != expected:
        return None
    return int(seq)
