"""What counts as a number when text stored by a user is compared with one."""

from __future__ import annotations

import math
import re

_NUMERAL = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?)", re.IGNORECASE)


def number_in(text: str) -> float | None:
    """The number that the whole of `text` spells in ASCII, or None.

    Decimal and exponent forms, and `inf` or `infinity` in any case, with or without a sign. Not numbers: NaN,
    blanks around the digits, `1_000`, `0x10`, `True`, and digits too large for a double.
    """
    if not _NUMERAL.fullmatch(text):
        return None
    number = float(text)
    if math.isinf(number) and any(sign.isdigit() for sign in text):
        return None
    return number
