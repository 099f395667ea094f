"""Fingerprints of data, equal to those that MLflow 3 computes: at most the first 10,000 rows or values are read."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from assay.core.lazy import require
from assay.data.dataset import DIGEST_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_ROWS = 10_000


def frame_digest(frame: Any) -> str:
    """Of a pandas frame: its texts and numbers (other columns do not count), its length and its column names.

    Raises:
        ConfigurationError: pandas or NumPy is not installed.
    """
    pandas, numpy = require("pandas", extra="pandas"), require("numpy", extra="pandas")
    head = frame.head(MAX_ROWS)
    texts = [_is_text(head.iloc[:, place]) for place in range(head.shape[1])]
    numbers = head.select_dtypes(include=[numpy.number]).columns
    counted = head[head.columns[texts].union(numbers)]
    hashes = pandas.util.hash_pandas_object(counted).values
    return _digest([hashes, numpy.int64(len(frame)), *(str(name).encode() for name in frame.columns)])


def array_digest(features: Any, targets: Any = None) -> str:
    """Of NumPy arrays, or dictionaries of them: their values and shapes.

    Raises:
        ConfigurationError: pandas is not installed.
    """
    parts = [part for one in (features, targets) if one is not None for part in _parts(one)]
    return _digest(parts)


def _is_text(column: Any) -> bool:
    return all(type(value) is str for value in column)


def _parts(given: Any) -> Iterable[Any]:
    if isinstance(given, dict):
        return _parts_of_arrays(given)
    return _parts_of_array(given)


def _parts_of_arrays(arrays: Mapping[str, Any]) -> Iterable[Any]:
    for name in sorted(arrays):
        yield from _parts_of_array(arrays[name])


def _parts_of_array(array: Any) -> Iterable[Any]:
    pandas, numpy = require("pandas", extra="pandas"), require("numpy", extra="pandas")
    head = array.flatten()[:MAX_ROWS]
    try:
        yield pandas.util.hash_array(head)
    except TypeError:  # values that have no order and no hash: their number has to do
        yield numpy.int64(head.size)
    yield from (numpy.int64(length) for length in array.shape)


def _digest(parts: Iterable[Any]) -> str:
    digest = hashlib.md5(usedforsecurity=False)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:DIGEST_LENGTH]
