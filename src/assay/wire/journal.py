"""What a training run writes: the same wire messages, framed as journal records."""

from __future__ import annotations

from typing import Any

import msgspec

from assay.core.errors import DataLoss
from assay.wire.base import Message, operation
from assay.wire.inputs import LogInputs, LogOutputs
from assay.wire.metrics import LogMetric
from assay.wire.runs import CreateRun, DeleteTag, LogBatch, LogParam, RunTag, SetTag, UpdateRun


class LogArtifact(Message):
    """A file of a run: `blob` names its bytes in the spool, `path` its place below the run's artifacts."""

    run_id: str
    path: str
    blob: str
    size: int
    sha256: str


RECORD_KINDS: dict[int, type[Message]] = {
    1: CreateRun,
    2: LogMetric,
    3: LogBatch,
    4: LogParam,
    5: SetTag,
    6: DeleteTag,
    7: UpdateRun,
    8: LogArtifact,
    9: LogInputs,
    10: LogOutputs,
}
"""The first byte of a record's payload. Numbers are never reused: old journals must stay readable."""

RESTORED = RunTag(key="assay.restored", value="The record that began this run was damaged.")
"""The tag of a run that was made anew."""

_ENCODER = msgspec.msgpack.Encoder()
_PREFIX = {kind: bytes([number]) for number, kind in RECORD_KINDS.items()}
_DECODERS: dict[int, msgspec.msgpack.Decoder[Any]] = {
    number: msgspec.msgpack.Decoder(kind) for number, kind in RECORD_KINDS.items()
}


def encode_payload(message: Message) -> bytes:
    """The journal payload of a message: its kind, then the message as MessagePack."""
    return _PREFIX[type(message)] + _ENCODER.encode(message)


def decode_payload(payload: bytes) -> Message:
    """The message of a journal payload.

    Raises:
        DataLoss: the payload is of an unknown kind or does not parse.
    """
    decoder = _DECODERS.get(payload[0]) if payload else None
    if decoder is None:
        kind = payload[0] if payload else "none"
        raise DataLoss(f"Unknown journal record kind {kind}; it was written by a newer version of Assay.")
    try:
        message: Message = decoder.decode(memoryview(payload)[1:])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DataLoss(f"A journal record of kind {payload[0]} does not parse: {error}.") from error
    return message


def is_artifact(payload: bytes) -> bool:
    """Whether a payload says of itself that it is a `LogArtifact`."""
    return payload.startswith(_PREFIX[LogArtifact])


class Rejection(Message):
    """A record that can never be applied, and why."""

    seq: int
    error_code: str
    message: str


class AppliedResponse(Message):
    """The highest sequence number applied, and the records refused on the way (each told once)."""

    seq: int
    rejected: list[Rejection] = []


@operation("POST", "assay/1/journal/apply", returns=AppliedResponse, access="journal:append")
class ApplyJournal(Message):
    """Apply records of one writer in order, each exactly once: those at or below the stored sequence are skipped.

    `seqs` and `payloads` run in parallel. `lost` marks a writer that died without ending its runs: those still
    running are then ended as KILLED at `ended_at` (milliseconds). `damaged` says that records before these could
    not be read any more: a run whose creation may be among them is made anew.
    """

    writer: str
    seqs: list[int] = []
    payloads: list[bytes] = []
    lost: bool = False
    ended_at: int = 0
    damaged: bool = False
