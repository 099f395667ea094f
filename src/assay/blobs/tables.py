"""Tables that several processes append to: each append is a file of its own, and the table is made of them.

A part never changes. `fold` makes the table from all parts, in the order of their names, and looks again after it has
written: whoever writes last has seen every part, so no row is ever lost, without a lock, on any store of files. Rows
that the table has and no part, because something else wrote it, become a part first. Formats are MLflow's: JSON of the
orient "split", or Parquet.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from assay.core.errors import ConfigurationError, DataLoss, InvalidParameterValue, ResourceDoesNotExist
from assay.core.lazy import require

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assay.blobs.base import BlobStore

PARTS = "table_parts"
SUFFIXES = (".json", ".parquet")
_LOOKS = 100
_FOREIGN = "0" * 20

Rows = dict[str, Any]
"""`columns`, a list of names, and `data`, a list of rows."""


def part_path(table: str, moment: int, writer: str) -> str:
    """Where a part goes; `moment` in nanoseconds since the epoch orders it, `writer` tells it from others.

    Raises:
        InvalidParameterValue: a table of this name would be of no known format.
    """
    suffix = PurePosixPath(table).suffix
    if suffix not in SUFFIXES:
        raise InvalidParameterValue(f"The table {table!r} must end in .json or .parquet.")
    return f"{PARTS}/{table}/{moment:020d}-{writer}{suffix}"


def table_of(path: str) -> str | None:
    """The table that a part belongs to; None for other files."""
    directory, _, _ = path.rpartition("/")
    return directory.removeprefix(f"{PARTS}/") if directory.startswith(f"{PARTS}/") else None


def fold(blobs: BlobStore, table: str, known: dict[str, Rows] | None = None) -> None:
    """Make the table from its parts.

    Args:
        blobs: where table and parts are.
        table: the path of the table.
        known: parts that were read before, by path; those that are read now are added.

    Raises:
        DataLoss: a part cannot be read.
    """
    known = {} if known is None else known
    for _ in range(_LOOKS):
        found = _read(blobs, table)  # before the parts: whatever is in it by our doing is in a part then
        names = _names(blobs, table)
        for name in names:
            if name not in known:
                known[name] = _read_part(blobs, name)
        foreign = _without(found, [known[name] for name in names]) if found else None
        if foreign and foreign["data"]:
            data = encode(foreign, path=table)
            blobs.write(part_path(table, int(_FOREIGN), hashlib.sha256(data).hexdigest()[:32]), [data])
            continue
        blobs.write(table, [encode(joined([known[name] for name in names]), path=table)])
        if _names(blobs, table) == names:
            return


def joined(parts: Iterable[Rows]) -> Rows:
    """The rows of all parts; a column that a part lacks is null in its rows."""
    parts = list(parts)
    columns = list(dict.fromkeys(column for part in parts for column in part["columns"]))
    return {"columns": columns, "data": [row for part in parts for row in _aligned(part, columns)]}


def encode(rows: Rows, *, path: str) -> bytes:
    """The file of a table, in the format of its name.

    Raises:
        ConfigurationError: it is Parquet, and pandas or PyArrow is not installed.
    """
    if not path.endswith(".parquet"):
        return json.dumps(rows, separators=(",", ":")).encode()
    return parquet(require("pandas", extra="pandas").DataFrame(rows["data"], columns=rows["columns"]))


def parquet(frame: Any) -> bytes:
    """The Parquet file of a pandas frame.

    Raises:
        ConfigurationError: PyArrow is not installed.
    """
    buffer = io.BytesIO()
    try:
        frame.to_parquet(buffer)
    except ImportError as error:
        raise ConfigurationError(
            "Parquet tables need PyArrow: pip install pyarrow. Or name the table *.json."
        ) from error
    return buffer.getvalue()


def decode(data: bytes, *, path: str) -> Rows:
    """The rows in the file of a table.

    Raises:
        DataLoss: it is no table.
        ConfigurationError: it is Parquet, and pandas or PyArrow is not installed.
    """
    try:
        if path.endswith(".parquet"):
            frame = require("pandas", extra="pandas").read_parquet(io.BytesIO(data))
            cells = frame.astype(object).where(frame.notna(), None)
            return {"columns": [str(name) for name in frame.columns], "data": cells.values.tolist()}
        rows = json.loads(data)
        return {"columns": list(rows["columns"]), "data": list(rows["data"])}
    except ImportError as error:
        raise ConfigurationError("Parquet tables need PyArrow: pip install pyarrow.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataLoss(f"The file {path!r} is no table: {error}.") from error


def _aligned(part: Rows, columns: Sequence[str]) -> list[list[Any]]:
    if part["columns"] == columns:
        return list(part["data"])
    places: Mapping[str, int] = {name: place for place, name in enumerate(part["columns"])}
    return [[row[places[name]] if name in places else None for name in columns] for row in part["data"]]


def _without(table: Rows, parts: Sequence[Rows]) -> Rows:
    """The rows of the table that no part has."""
    columns = joined([*parts, table])["columns"]
    had = Counter(_key(row) for part in parts for row in _aligned(part, columns))
    left = []
    for row, key in zip(table["data"], map(_key, _aligned(table, columns)), strict=True):
        if had[key]:
            had[key] -= 1
        else:
            left.append(row)
    return {"columns": table["columns"], "data": left}


def _key(row: Sequence[Any]) -> str:
    return json.dumps([float(cell) if isinstance(cell, int) else cell for cell in row], default=str, sort_keys=True)


def _names(blobs: BlobStore, table: str) -> list[str]:
    return [file.path for file in blobs.list(f"{PARTS}/{table}") if not file.is_dir]


def _read(blobs: BlobStore, path: str) -> Rows | None:
    try:
        return decode(b"".join(blobs.open(path).chunks()), path=path)
    except ResourceDoesNotExist:
        return None


def _read_part(blobs: BlobStore, path: str) -> Rows:
    rows = _read(blobs, path)
    if rows is None:
        raise DataLoss(f"The part {path!r} of a table is missing.")
    return rows
