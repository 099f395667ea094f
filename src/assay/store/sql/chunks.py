"""How points of a series are packed: rows while they are few, compressed columns once a chunk is sealed.

A sealed chunk is one zlib stream: the count, then steps and timestamps as differences in the narrowest width that
holds them, then values as shuffled bytes (all first bytes, all second bytes, ...), which keeps every bit of a double.
Its outline tells the extremes of each block of 64 points, so that a long curve is drawn without unpacking it.
"""

from __future__ import annotations

import math
import struct
import sys
import zlib
from array import array
from itertools import accumulate, chain, starmap
from operator import sub
from typing import TYPE_CHECKING, NamedTuple

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.store.base import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

ROW = struct.Struct("<qqd")
TAIL_POINTS = 64
CHUNK_POINTS = 4096
BLOCK_POINTS = 64

_COUNT = struct.Struct("<I")
_RUN = struct.Struct("<cqq")
_CONSTANT, _RAW = b"c", b"q"
_WIDTHS = ((b"b", 1 << 7), (b"h", 1 << 15), (b"i", 1 << 31))
_BLOCK = struct.Struct("<qqqqdqqdqqd")
_SWAP = sys.byteorder == "big"
_LEVEL = 1

Block = tuple[int, int, int, int, float, int, int, float, int, int, float]
"""Least and greatest step, then three points: the least, the greatest, and one that is not finite.

A value of NaN marks a missing extreme, a finite value a missing third point.
"""


class Columns(NamedTuple):
    """Points as three lists in step."""

    steps: list[int]
    times: list[int]
    values: list[float]

    def part(self, start: int, stop: int | None) -> Columns:
        """Some of the points, by position."""
        if start == 0 and (stop is None or stop >= len(self.steps)):
            return self
        return Columns(self.steps[start:stop], self.times[start:stop], self.values[start:stop])

    def points(self) -> list[Point]:
        """The points one by one."""
        return list(map(Point, *self))


def merged(parts: Iterable[Columns]) -> Columns:
    """The points of all parts, one part after another."""
    steps, times, values = ([*chain.from_iterable(column)] for column in zip(*parts, strict=True))
    return Columns(steps, times, values)


def pack_rows(points: Sequence[Point]) -> bytes:
    """Points as rows of 24 bytes.

    Raises:
        InvalidParameterValue: a step, timestamp or value does not fit into 64 bits.
    """
    try:
        return b"".join(starmap(ROW.pack, points))
    except (struct.error, OverflowError) as error:
        raise InvalidParameterValue(
            f"A step, timestamp or value of a metric does not fit into 64 bits ({error})."
        ) from error


def unpack_rows(rows: bytes) -> Columns:
    """The points of rows, in their order."""
    integers, doubles = _array("q", rows), _array("d", rows)
    return Columns(integers[0::3].tolist(), integers[1::3].tolist(), doubles[2::3].tolist())


def in_time(columns: Columns) -> Columns:
    """The points by timestamp, step, value; a NaN counts as 0 there, as in MLflow."""
    times, steps = columns.times, columns.steps
    pairs = list(zip(times, steps, strict=True))
    if all(map(tuple.__lt__, pairs, pairs[1:])):
        return columns
    rows = sorted(zip(times, steps, columns.values, strict=True), key=_time_key)
    return Columns([row[1] for row in rows], [row[0] for row in rows], [row[2] for row in rows])


def _time_key(row: tuple[int, int, float]) -> tuple[int, int, float]:
    timestamp, step, value = row
    return timestamp, step, value if value == value else 0.0  # noqa: PLR0124 -- only a NaN differs from itself


def seal(columns: Columns) -> bytes:
    """Points as compressed columns."""
    values = array("d", columns.values)
    body = b"".join(
        (
            _COUNT.pack(len(values)),
            _pack_integers(columns.steps),
            _pack_integers(columns.times),
            _shuffled(_bytes(values), 8),
        )
    )
    return zlib.compress(body, _LEVEL)


def unseal(body: bytes) -> Columns:
    """The points of a sealed chunk, in their order.

    Raises:
        DataLoss: the chunk is damaged.
    """
    try:
        data = zlib.decompress(body)
        (count,) = _COUNT.unpack_from(data)
        steps, position = _unpack_integers(data, _COUNT.size, count)
        times, position = _unpack_integers(data, position, count)
        values = _array("d", _unshuffled(data[position:], 8)).tolist()
    except (zlib.error, struct.error, ValueError) as error:
        raise DataLoss(
            f"A chunk of stored metric points is damaged: {error}. Restore the store from a copy."
        ) from error
    return Columns(steps, times, values)


def unpack(body: bytes, *, sealed: bool | int) -> Columns:
    """The points of a chunk of either kind."""
    return unseal(body) if sealed else unpack_rows(body)


def _pack_integers(numbers: list[int]) -> bytes:
    """Integers by their differences: one constant, or the narrowest of four widths."""
    differences = list(map(sub, numbers[1:], numbers))
    least, most = min(differences, default=0), max(differences, default=0)
    if least == most and -(1 << 63) <= least < 1 << 63:
        return _RUN.pack(_CONSTANT, numbers[0], least)
    for code, limit in _WIDTHS:
        if -limit <= least and most < limit:
            narrow = array(code.decode(), differences)
            return _RUN.pack(code, numbers[0], 0) + _shuffled(_bytes(narrow), narrow.itemsize)
    return _RUN.pack(_RAW, 0, 0) + _shuffled(_bytes(array("q", numbers)), 8)


def _unpack_integers(data: bytes, position: int, count: int) -> tuple[list[int], int]:
    code, first, difference = _RUN.unpack_from(data, position)
    position += _RUN.size
    if code == _CONSTANT:
        return (list(range(first, first + difference * count, difference)) if difference else [first] * count), position
    width = array(code.decode()).itemsize
    end = position + width * (count if code == _RAW else count - 1)
    numbers = _array(code.decode(), _unshuffled(data[position:end], width))
    return (numbers.tolist() if code == _RAW else list(accumulate(numbers, initial=first))), end


def _shuffled(data: bytes, width: int) -> bytes:
    return data if width == 1 else b"".join(data[place::width] for place in range(width))


def _unshuffled(data: bytes, width: int) -> bytes:
    if width == 1:
        return data
    count = len(data) // width
    result = bytearray(len(data))
    for place in range(width):
        result[place::width] = data[place * count : (place + 1) * count]
    return bytes(result)


def _array(code: str, data: bytes) -> array[int]:
    """Little-endian bytes as numbers; the type checker knows arrays of doubles as arrays of numbers too."""
    numbers: array[int] = array(code)
    numbers.frombytes(data)
    if _SWAP:
        numbers.byteswap()
    return numbers


def _bytes(numbers: array[int] | array[float]) -> bytes:
    if _SWAP:
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def summarize(columns: Columns, start: int = 0, stop: int | None = None) -> bytes:
    """The packed `Block` of some points of a chunk."""
    steps, times, values = (column[start:stop] for column in columns)
    odd = None
    numbers = values
    if not math.isfinite(sum(values)):
        numbers = [value for value in values if math.isfinite(value)]
        odd = next((place for place, value in enumerate(values) if not math.isfinite(value)), None)
    points: list[float] = []
    for place in (*_extremes(values, numbers), odd):
        points.extend((0, 0, math.nan) if place is None else (steps[place], times[place], values[place]))
    if odd is None:
        points[8] = 0.0
    return _BLOCK.pack(min(steps), max(steps), *points)


def _extremes(values: list[float], numbers: list[float]) -> tuple[int | None, int | None]:
    if not numbers:
        return None, None
    return values.index(min(numbers)), values.index(max(numbers))


def pack_outline(columns: Columns) -> bytes:
    """The blocks of a chunk, compressed."""
    starts = range(0, len(columns.steps), BLOCK_POINTS)
    blocks = b"".join(summarize(columns, start, start + BLOCK_POINTS) for start in starts)
    return zlib.compress(_shuffled(blocks, _BLOCK.size), _LEVEL)


def unpack_outline(outline: bytes) -> Iterator[Block]:
    """The blocks of a packed outline.

    Raises:
        DataLoss: the outline is damaged.
    """
    try:
        return unpack_blocks(_unshuffled(zlib.decompress(outline), _BLOCK.size))
    except zlib.error as error:
        raise DataLoss(f"The outline of a metric is damaged: {error}. Restore the store from a copy.") from error


def unpack_blocks(blocks: bytes) -> Iterator[Block]:
    """The blocks of summaries, one after another."""
    return _BLOCK.iter_unpack(blocks)  # type: ignore[return-value]


def has_odd(block: Block) -> bool:
    """Whether a block has a point that is not finite."""
    return not math.isfinite(block[10])


def some_odd(points: Iterable[Point]) -> bool:
    """Whether some point is not finite."""
    return not math.isfinite(sum(point[2] for point in points))
