"""How results are shown: aligned tables, JSON, CSV."""

from __future__ import annotations

import json
import math
import re
import shutil
import sys
import unicodedata
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

GAP = "  "
_LEAST_WIDTH = 8
_ELLIPSIS = "…"
_SPECIAL = ',"\r\n'
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-](\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-](Infinity|inf)")


def output_option_of(*forms: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option `--output` for these forms, the first one by default; its value arrives as `form`."""
    return click.option(
        "--output", "form", type=click.Choice(forms), default=forms[0], show_default=True, help="How to show it."
    )


output_option = output_option_of("table", "json", "csv")
"""The option `--output table|json|csv`."""


def show_rows(rows: Sequence[Mapping[str, Any]], *, form: str, columns: Mapping[str, str]) -> None:
    """Print rows as a table with a head, a JSON list of objects, or CSV.

    `columns` maps the keys of the rows to the titles that a table gives them. A table is cut to the width of the
    terminal; written to a pipe or a file it is whole.
    """
    if form == "json":
        show_json([dict(row) for row in rows])
    elif form == "csv":
        click.echo(csv_text(rows, list(columns)), nl=False)
    else:
        width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else None
        click.echo("\n".join(table(rows, columns=columns, width=width)))


def show_fields(fields: Mapping[str, Any]) -> None:
    """Print one thing as aligned `Name : value` lines."""
    longest = max(len(name) for name in fields)
    for name, value in fields.items():
        click.echo(f"{name:<{longest}} : {_cell(value)}")


def show_json(value: Any, *, indent: int = 2) -> None:
    """Print a value as JSON. Non-finite numbers are the texts NaN, Infinity and -Infinity, as in the REST API."""
    click.echo(json.dumps(_finite(value), indent=indent, ensure_ascii=False))


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Rows as CSV under a head of the columns' keys; a missing value is an empty field.

    Texts that a spreadsheet would take for a formula begin with an apostrophe, as in the web UI's exports.
    """
    lines = [columns, *([row.get(column) for column in columns] for row in rows)]
    return "".join(f"{','.join(map(_csv_cell, line))}\n" for line in lines)


def table(rows: Sequence[Mapping[str, Any]], *, columns: Mapping[str, str], width: int | None) -> list[str]:
    """The lines of a table: numbers to the right, texts to the left, cut to `width` characters if one is given."""
    cells = [[_cell(row.get(key)) for key in columns] for row in rows]
    titles = list(columns.values())
    widths = [max(map(display_width, column)) for column in zip(titles, *cells, strict=True)]
    if width is not None:
        widths = _shrunk(widths, width)
    right = [_is_numeric([row.get(key) for row in rows]) for key in columns]
    rule = ["-" * wide for wide in widths]
    return [
        GAP.join(
            _fit(cell, wide, right=to_right) for cell, wide, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in (titles, rule, *cells)
    ]


def display_width(text: str) -> int:
    """How many columns of a terminal a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def moment(milliseconds: int | None) -> str:
    """A time as `2026-11-23 14:05:09`, in UTC; empty for none."""
    if not milliseconds:
        return ""
    return datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc).strftime("%Y-%m-%d %H:%M:%S")


def _shrunk(widths: list[int], total: int) -> list[int]:
    """The widest columns are cut, one character at a time, until the line fits or nothing more can be cut."""
    widths = list(widths)
    room = total - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _LEAST_WIDTH:
        widths[widths.index(max(widths))] -= 1
    return widths


def _fit(text: str, width: int, *, right: bool) -> str:
    if display_width(text) > width:
        while display_width(text) > width - 1:
            text = text[:-1]
        text += _ELLIPSIS
    padding = " " * (width - display_width(text))
    return padding + text if right else text + padding


def _is_numeric(values: Sequence[Any]) -> bool:
    present = [value for value in values if value is not None]
    return bool(present) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in present)


def _cell(value: Any) -> str:
    """One line of printable text: control characters are spelled out, so that a name cannot steer the terminal."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(value))


def _csv_cell(value: Any) -> str:
    if isinstance(value, dict | list):
        value = json.dumps(_finite(value), ensure_ascii=False)
    elif isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        value = f"'{value}"
    text = "" if value is None else str(value)
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if any(sign in text for sign in _SPECIAL) else text


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(one) for one in value]
    return value
