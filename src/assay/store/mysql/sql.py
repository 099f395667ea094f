"""The shared SQL as MariaDB and MySQL take it: a statement is rewritten once and remembered.

| shared | here |
| --- | --- |
| `?`, and a `%` in a text | `%s`, `%%` |
| the column `key` | `` `key` ``, a reserved word |
| `on conflict (a) do update set b = excluded.b` | `on duplicate key update b = values(b)` |
| `on conflict (a) do nothing` | a plain insert whose duplicate counts as no row |
| `insert ... returning id` | the last id that was given out |
| `x asc nulls last`, `x desc nulls last` | `x is null, x asc`, `x desc`: a null is less than anything |
| `(number) asc nulls last` | `-(number) desc` |
| `a cross join b`, which keeps the order | `a straight_join b` |
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core.errors import AssayError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

REMEMBERED = 4096
LARGEST_INSERT = 500_000
"""Characters after which rows of one insert go into the next."""

_QUOTED = re.compile(r"('(?:[^']|'')*'|`[^`]*`)")
_DO_NOTHING = re.compile(r"\s+on conflict \((\w+)[^)]*\) do nothing\b")
_DO_UPDATE = re.compile(r"\bon conflict \([^)]*\) do update set\b")
_EXCLUDED = re.compile(r"\bexcluded\.(\w+)")
_RETURNING = re.compile(r"\s+returning\s+\w+\s*\Z")
_KEY = re.compile(r"(?<!primary )(?<!foreign )(?<!unique )(?<!duplicate )\bkey\b")
_NULLS_LAST = re.compile(r"(?P<term>[\w.`]*[\w`]|\))(?P<direction> asc| desc) nulls last\b")
_CROSS_JOIN = re.compile(r"\bcross join\b")
_INSERT = re.compile(r"\A(\s*insert .*?\bvalues\s*)(\([^()]*\))(\s*|\s+on duplicate .*)\Z", re.DOTALL)
_WITHOUT_COUNTERPART = ("on conflict", "returning", "nulls last", "nulls first")
_MARK = re.compile(r"(?<!%)%s")


def collated(sql: str, *, is_mariadb: bool) -> str:
    """A statement of a migration with the server's own collation by code point that does not pad with spaces."""
    return sql if is_mariadb else sql.replace("utf8mb4_nopad_bin", "utf8mb4_0900_bin")


class Statement(NamedTuple):
    """A statement for the driver."""

    text: str
    gives_id: bool = False
    """Its one row is the id that the insert was given."""
    unless_exists: str = ""
    """What to put after an insert of many rows, of which those that exist are to stay; empty if none may exist."""
    insert: tuple[str, str, str] | None = None
    """Of an insert of one row: what stands before the row, the row, and what stands after it."""


class Listed(tuple[Any, ...]):
    """A list that is bound as one value: an index is followed only for literals between the parentheses."""

    __slots__ = ()


@lru_cache(REMEMBERED)
def rewritten(sql: str) -> Statement:
    """The shared `sql` for this database.

    Raises:
        AssayError: it says something that has no counterpart; a defect of the statement.
    """
    nothing = _DO_NOTHING.search(sql)
    text = _DO_NOTHING.sub("", sql)
    text, returned = _RETURNING.subn("", _with_nulls_last(text))
    pieces = _QUOTED.split(text)
    pieces[::2] = [_reworded(piece).replace("%", "%%").replace("?", "%s") for piece in pieces[::2]]
    pieces[1::2] = [piece.replace("%", "%%") for piece in pieces[1::2]]
    text = "".join(pieces)
    for words in _WITHOUT_COUNTERPART:
        if any(words in piece for piece in pieces[::2]):
            raise AssayError(f"MariaDB and MySQL have no such {words!r}. Reword the statement: {sql.strip()}")
    unless_exists = ""
    if nothing:
        column = _KEY.sub("`key`", nothing[1])
        unless_exists = f" on duplicate key update {column} = {column}"
    insert = _INSERT.match(text)
    parts = (insert[1], insert[2], insert[3] + unless_exists) if insert else None
    return Statement(text, gives_id=bool(returned), unless_exists=unless_exists, insert=parts)


def _reworded(text: str) -> str:
    text = _DO_UPDATE.sub("on duplicate key update", text)
    text = _EXCLUDED.sub(r"values(\1)", text)
    text = _CROSS_JOIN.sub("straight_join", text)
    return _KEY.sub("`key`", text)


def _with_nulls_last(text: str) -> str:
    """Without `nulls last`: descending order has them last anyway, and the negative of a number does."""
    found = _NULLS_LAST.search(text)
    while found:
        term, direction = found["term"], found["direction"]
        start = _opening(text, found.start()) if term == ")" else found.start()
        expression = text[start : found.end("term")]
        if direction == " asc":
            expression = f"-{expression}" if term == ")" else f"{term} is null, {term} asc"
        text = f"{text[:start]}{expression}{'' if expression.endswith(' asc') else ' desc'}{text[found.end() :]}"
        found = _NULLS_LAST.search(text)
    return text


def _opening(text: str, closing: int) -> int:
    """Where the parenthesis opens that closes at `closing`."""
    depth = 0
    for place in range(closing, -1, -1):
        depth += {")": 1, "(": -1}.get(text[place], 0)
        if not depth:
            return place
    raise AssayError(f"The parentheses of a statement do not match: {text}")


def expanded(text: str, values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """The statement and its values with each `Listed` as so many values of their own."""
    if not any(isinstance(value, Listed) for value in values):
        return text, values
    first, *parts = _MARK.split(text)
    pieces: list[str] = [first]
    flat: list[Any] = []
    for value, part in zip(values, parts, strict=True):
        several = value if isinstance(value, Listed) else (value,)
        flat += several
        pieces += (", ".join(["%s"] * len(several)) or "select 1 from dual where 1 = 0", part)
    return "".join(pieces), flat


def inserts(insert: tuple[str, str, str], rows: Iterable[str]) -> Iterator[str]:
    """Statements that insert rows, each given as it is to stand in the statement, many rows at a time."""
    before, _, after = insert
    gathered: list[str] = []
    size = 0
    for row in rows:
        if gathered and size + len(row) > LARGEST_INSERT:
            yield f"{before}{','.join(gathered)}{after}"
            gathered, size = [], 0
        gathered.append(row)
        size += len(row)
    if gathered:
        yield f"{before}{','.join(gathered)}{after}"
