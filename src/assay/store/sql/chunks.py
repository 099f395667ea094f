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
from itertools import accumulate, chain, islice, starmap
from operator import itemgetter, le, lt, sub
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core.errors import DataLoss, InvalidParameterValue
from assay.store.metrics import Point, Spot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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

Block = tuple[int, int, int, int, float, int, int, float, int, int, float]
"""Least and greatest step, then three points: the least, the greatest, and one that is not finite.

The value of a missing least point is inf, of a missing greatest one -inf, of a missing third one finite.
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


def merged(parts: Sequence[Columns]) -> Columns:
    """The points of all parts, one part after another."""
    if len(parts) == 1:
        return parts[0]
    return Columns(
        [*chain.from_iterable(part.steps for part in parts)],
        [*chain.from_iterable(part.times for part in parts)],
        [*chain.from_iterable(part.values for part in parts)],
    )


def pack_rows(points: Sequence[Spot]) -> bytes:
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


def identities(columns: Columns) -> Iterator[tuple[int, int, float | None]]:
    """What identifies each point, as `summary.identity` tells it: all NaNs are one."""
    values: Iterable[float | None] = columns.values
    if math.isnan(sum(columns.values)):
        values = [None if math.isnan(value) else value for value in columns.values]
    return zip(columns.steps, columns.times, values, strict=True)


def bounds(rows: bytes) -> tuple[int, int, int, int]:
    """The least and greatest step, and the least and greatest timestamp, of rows."""
    integers = _array("q", rows)
    steps, times = integers[0::3], integers[1::3]
    return min(steps), max(steps), min(times), max(times)


def in_time(columns: Columns) -> Columns:
    """The points by timestamp, step, value; a NaN counts as 0 there, as in MLflow."""
    steps, times, values = columns
    if _rises(times, lt) or (_rises(times, le) and _rises(steps, lt)):
        return columns
    rows = sorted(zip(times, steps, values, strict=True), key=_time_key)
    return Columns([row[1] for row in rows], [row[0] for row in rows], [row[2] for row in rows])


def by_step(columns: Columns) -> Columns:
    """The points by step, then timestamp."""
    steps, times, values = columns
    if _rises(steps, lt) or (_rises(steps, le) and _rises(times, le)):
        return columns
    order = sorted(range(len(steps)), key=list(zip(steps, times, strict=True)).__getitem__)
    return Columns(
        [steps[place] for place in order], [times[place] for place in order], [values[place] for place in order]
    )


def _rises(numbers: list[int], compare: Callable[[int, int], bool]) -> bool:
    return all(map(compare, numbers, islice(numbers, 1, None)))


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
    return _compressed(body)


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


def _compressed(data: bytes) -> bytes:
    """Runs and rare bytes are all that is left to gain after the shuffle: three times as fast as level 1."""
    deflate = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL, zlib.Z_RLE)
    return deflate.compress(data) + deflate.flush()


def _pack_integers(numbers: list[int]) -> bytes:
    """Integers by their differences: one constant, or the narrowest of four widths."""
    differences = list(map(sub, islice(numbers, 1, None), numbers))
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


def _array(code: str, data: bytes) -> array[Any]:
    """Little-endian bytes as numbers."""
    numbers: array[Any] = array(code)
    numbers.frombytes(data)
    if _SWAP:
        numbers.byteswap()
    return numbers


def _bytes(numbers: array[Any]) -> bytes:
    if _SWAP:
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def blocks(columns: Columns) -> list[Block]:
    """The blocks of a chunk."""
    starts = range(0, len(columns.steps), BLOCK_POINTS)
    return [_block(columns.part(start, start + BLOCK_POINTS)) for start in starts]


def _block(columns: Columns) -> Block:
    steps, times, values = columns
    numbers, odd = values, None
    if some_odd(values):
        numbers = [value for value in values if math.isfinite(value)]
        odd = next((place for place, value in enumerate(values) if not math.isfinite(value)), None)
    low, high = (0, 0, math.inf), (0, 0, -math.inf)
    if numbers:
        place = values.index(min(numbers))
        low = steps[place], times[place], values[place]
        place = values.index(max(numbers))
        high = steps[place], times[place], values[place]
    strange = (0, 0, 0.0) if odd is None else (steps[odd], times[odd], values[odd])
    return (min(steps), max(steps), *low, *high, *strange)


def summary(parts: Sequence[Block]) -> Block:
    """Many blocks as one."""
    low, high = min(parts, key=itemgetter(4)), max(parts, key=itemgetter(7))
    odd = next((part for part in parts if has_odd(part)), parts[0])
    start, end = min(part[0] for part in parts), max(part[1] for part in parts)
    return (start, end, *low[2:5], *high[5:8], *odd[8:11])


def pack_blocks(parts: Iterable[Block]) -> bytes:
    """Blocks one after another, for `unpack_blocks`."""
    return b"".join(starmap(_BLOCK.pack, parts))


def pack_outline(parts: Iterable[Block]) -> bytes:
    """Blocks compressed, for `unpack_outline`."""
    return _compressed(_shuffled(pack_blocks(parts), _BLOCK.size))


def unpack_outline(outline: bytes) -> Iterator[Block]:
    """The blocks of a packed outline.

    Raises:
        DataLoss: the outline is damaged.
    """
    try:
        return unpack_blocks(_unshuffled(zlib.decompress(outline), _BLOCK.size))
    except zlib.error as error:
        raise DataLoss(f"The outline of a metric is damaged: {error}. Restore the store from a copy.") from error


def unpack_blocks(packed: bytes) -> Iterator[Block]:
    """The blocks of summaries, one after another."""
    return _BLOCK.iter_unpack(packed)


def has_odd(block: Block) -> bool:
    """Whether a block has a point that is not finite."""
    return not math.isfinite(block[10])


def some_odd(values: Sequence[float]) -> bool:
    """Whether some values may not be finite; cheap, and wrong only for sums beyond the range of doubles."""
    return not math.isfinite(sum(values))
