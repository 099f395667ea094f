"""What saved views and reports may hold."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_NAME = 200
MAX_ADDRESS = 20_000
MAX_VIEWS = 500
MAX_TITLE = 300
MAX_TEXT = 1_000_000
MAX_FROZEN = 10_000_000
DEFAULT_PAGE = 100
MAX_PAGE = 1000
MAX_NOTES = 100

_PART = re.compile(r"[A-Za-z][\w.\-]{0,49}", re.ASCII)
_WORDS_OF_FILES = ("default",)


def view_name(given: str) -> str:
    """The name of a saved view.

    Raises:
        InvalidParameterValue: it is empty, too long, or not printable.
    """
    return _title(given, "The name of a view", limit=MAX_NAME)


def title(given: str) -> str:
    """The title of a report.

    Raises:
        InvalidParameterValue: it is empty, too long, or not printable.
    """
    return _title(given, "The title of a report", limit=MAX_TITLE)


def _title(given: str, what: str, *, limit: int) -> str:
    if not given.strip() or given != given.strip() or not given.isprintable():
        raise InvalidParameterValue(f"{what}, {given[:50]!r}, is not printable text without spaces around it.")
    if len(given) > limit:
        raise InvalidParameterValue(f"{what} has {len(given)} characters; at most {limit} are allowed.")
    return given


def address(given: Mapping[str, str]) -> dict[str, str]:
    """The parts of a page's address that a view keeps, without empty ones.

    Raises:
        InvalidParameterValue: a name is no such part's, or all together are too long.
    """
    for name in given:
        if not _PART.fullmatch(name) or name in _WORDS_OF_FILES:
            raise InvalidParameterValue(f"{name[:50]!r} is no part of a page's address, such as q, sort or cols.")
    size = sum(len(name) + len(value) for name, value in given.items())
    if size > MAX_ADDRESS:
        raise InvalidParameterValue(f"The view holds {size} characters; at most {MAX_ADDRESS} are allowed.")
    return {name: value for name, value in given.items() if value}


def text(given: str) -> str:
    """The Markdown of a report.

    Raises:
        InvalidParameterValue: it is too long.
    """
    return _short(given, "The report", limit=MAX_TEXT)


def frozen(given: str) -> str:
    """The data of frozen charts: a JSON object, or an empty text for none.

    Raises:
        InvalidParameterValue: it is too long, or no JSON object.
    """
    _short(given, "The frozen data of the report", limit=MAX_FROZEN)
    try:
        is_object = isinstance(json.loads(given), dict) if given else True
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise InvalidParameterValue("The frozen data of a report is a JSON object, by the text of its charts.")
    return given


def _short(given: str, what: str, *, limit: int) -> str:
    if len(given) > limit:
        raise InvalidParameterValue(f"{what} has {len(given)} characters; at most {limit} are allowed.")
    return given
