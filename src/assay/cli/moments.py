"""Ages and times, as options take them."""

from __future__ import annotations

import re

import click

from assay.core import clock
from assay.core.errors import InvalidParameterValue
from assay.service import registry_rules

PAST = "a date or time, such as 2026-11-01 (UTC), or an age, such as 7d or 1d12h"
_AGE = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)d)?(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?"
)
_MILLISECONDS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000}


def age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """Milliseconds in a text such as 1d2.5h; None for none."""
    if value is None:
        return None
    found = _age(value)
    if found is None:
        raise click.BadParameter(f"{value!r} is no age. Write days, hours, minutes, seconds: 30d, or 1d2h30m.")
    return found


def past(_context: click.Context, _parameter: click.Parameter, value: str | None) -> int | None:
    """A time in milliseconds since the epoch, from a date, a time, or how long it is ago; None for none."""
    if value is None:
        return None
    ago = _age(value)
    if ago is not None:
        return clock.now_ms() - int(ago)
    try:
        return registry_rules.moment(value)
    except InvalidParameterValue as error:
        raise click.BadParameter(f"{value!r} is neither: write {PAST}.") from error


def _age(text: str) -> float | None:
    parts = _AGE.fullmatch(text.strip())
    if parts is None or not text.strip():
        return None
    return sum(float(count) * _MILLISECONDS[unit] for unit, count in parts.groupdict().items() if count)
