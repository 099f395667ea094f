"""Entities as HTML for notebooks: tables that take the colours of the page they stand in, light or dark."""

from __future__ import annotations

from datetime import datetime, timezone
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MAX_ROWS = 20
MAX_TEXT = 200
_TABLE = "border-collapse:collapse;color:inherit;background:transparent;margin:.3em 0"
_CELL = (
    "text-align:left;vertical-align:top;padding:.15em .8em .15em 0;color:inherit;background:transparent;"
    "border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)"
)


def fields(title: str, values: Mapping[str, Any]) -> str:
    """A heading above a table of names and values."""
    shown = [(name, value) for name, value in values.items() if value not in (None, "", {}, [])]
    return f"<div><b>{escape(title)}</b>{rows(shown)}</div>"


def sections(title: str, parts: Mapping[str, Mapping[str, Any]]) -> str:
    """A heading above one folded table for each part that is not empty; the first one is open."""
    blocks = [
        f"<details{' open' if index == 0 else ''}><summary>{escape(name)} ({len(values)})</summary>"
        f"{rows(values.items())}</details>"
        for index, (name, values) in enumerate((name, values) for name, values in parts.items() if values)
    ]
    return f"<div><b>{escape(title)}</b>{''.join(blocks)}</div>"


def rows(pairs: Iterable[tuple[str, Any]]) -> str:
    """Names and values, one below the other."""
    return table((), [(name, text(value, name)) for name, value in pairs])


def table(header: Sequence[str], lines: Sequence[Sequence[Any]]) -> str:
    """Lines of texts below a header; at most `MAX_ROWS` of them, and how many there are."""
    head = "".join(f'<th style="{_CELL}">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{escape(str(cell))}</td>' for cell in line) + "</tr>"
        for line in lines[:MAX_ROWS]
    )
    more = f"<div><i>{len(lines) - MAX_ROWS} more</i></div>" if len(lines) > MAX_ROWS else ""
    return f'<table style="{_TABLE}">{f"<tr>{head}</tr>" if head else ""}{body}</table>{more}'


def text(value: Any, name: str = "") -> str:
    """A value in few characters; a time in milliseconds, which its name tells, as date and time (UTC)."""
    if isinstance(value, int) and value and name.endswith(("_time", "_timestamp")):
        moment = datetime.fromtimestamp(value / 1000, tz=timezone.utc)
        return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, float):
        return f"{value:.6g}"
    shown = str(value)
    return shown if len(shown) <= MAX_TEXT else f"{shown[:MAX_TEXT]}…"
