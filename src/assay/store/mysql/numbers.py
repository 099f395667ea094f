"""Doubles as MariaDB and MySQL can hold them: a column of doubles takes neither infinities nor NaN.

A NaN is null, as in every store. The infinities take the places of the two outermost finite doubles, and those move
in by one unit in the last place, so that every order and every comparison of infinities stays exact and a column is
still plain numbers to whoever reads the tables. What it costs: in summaries and searches ±1.7976931348623157e308 and
its neighbour ±1.7976931348623155e308 are one number. The points of a series are packed and keep every bit.
"""

from __future__ import annotations

import math
import sys

OUTERMOST = sys.float_info.max
_NEXT = math.nextafter(OUTERMOST, 0.0)


def literal(value: float) -> str:
    """A double as SQL."""
    if math.isnan(value):
        return "null"
    if abs(value) >= OUTERMOST:
        value = math.copysign(OUTERMOST if math.isinf(value) else _NEXT, value)
    text = repr(value)
    return text if "e" in text else f"{text}e0"


def double(text: str) -> float:
    """A double from a row."""
    value = float(text)
    return math.copysign(math.inf, value) if abs(value) == OUTERMOST else value


def decimal(text: str) -> int | float:
    """A decimal from a row, the type of sums: an integer where it is one."""
    return float(text) if "." in text else int(text)
