"""Page tokens: base64 of a small JSON object, as MLflow's clients have always been handed."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, TypeVar

from assay.core.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_MAX_OFFSET = 2**63 - 1


def encode_token(content: Mapping[str, Any]) -> str:
    """A page token that holds `content`."""
    return base64.b64encode(json.dumps(dict(content)).encode()).decode()


def decode_token(token: str) -> dict[str, Any]:
    """The content of a page token.

    Raises:
        InvalidParameterValue: the token was not made by `encode_token`.
    """
    try:
        content = json.loads(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid(token) from error
    if not isinstance(content, dict):
        raise _invalid(token)
    return content


def encode_offset(offset: int) -> str:
    """The token of the page that starts after `offset` results."""
    return encode_token({"offset": offset})


def decode_offset(token: str | None) -> int:
    """How many results come before the page of this token; 0 without a token.

    Raises:
        InvalidParameterValue: the token was not made by `encode_offset`.
    """
    return offset_in(decode_token(token), token) if token else 0


def cut(found: list[T], *, size: int, offset: int) -> tuple[list[T], str]:
    """The page that starts after `offset` results, and the token of the next one, empty where there is none.

    `found` is what a search gave that was asked for one result more than a page holds.
    """
    return found[:size], encode_offset(offset + size) if len(found) > size else ""


def offset_in(content: Mapping[str, Any], token: str) -> int:
    """How many results come before the page of a token that holds `content`.

    Raises:
        InvalidParameterValue: it does not say.
    """
    offset = content.get("offset")
    if type(offset) is not int or not 0 <= offset <= _MAX_OFFSET:
        raise _invalid(token)
    return offset


def _invalid(token: str) -> InvalidParameterValue:
    shown = token if len(token) <= 100 else f"{token[:100]}..."
    return InvalidParameterValue(
        f"Invalid page_token {shown!r}. Pass the next_page_token of an answer to the same search, or none."
    )
