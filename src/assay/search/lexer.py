"""Text to tokens, each with its position."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.core.errors import InvalidParameterValue
    from assay.search.source import Source


class TokenKind(enum.Enum):
    """The classes of tokens."""

    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    OPERATOR = "operator"
    OPEN = "("
    CLOSE = ")"
    COMMA = ","
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    `text` is the piece as written. `value` is its content: of a literal without its quotes, of a field its key
    without prefix and quotes. `prefix` is what stands before a field's first dot, or None.
    """

    kind: TokenKind
    text: str
    position: int
    value: str
    prefix: str | None = None

    @property
    def keyword(self) -> str:
        """The word in upper case if it may be a keyword (a bare name without a prefix), else an empty text."""
        return self.text.upper() if self.kind is TokenKind.NAME and self.text == self.value else ""


# Quotes have no escapes: a literal ends at the next quote of its own kind, and a backslash is itself.
_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<prefix>[^\W\d]\w*|`[^`]*`)\.(?P<key>\w+(?:\.\w+)*|`[^`]*`|"[^"]*"|'[^']*')
    | (?P<name>[^\W\d]\w*|`[^`]*`)
    | (?P<string>'[^']*'|"[^"]*")
    | (?P<number>-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
    | (?P<operator>[=<>!]+)
    | (?P<mark>[(),])
    """,
    re.VERBOSE,
)
_MARKS = {"(": TokenKind.OPEN, ")": TokenKind.CLOSE, ",": TokenKind.COMMA}
_PLAIN = {
    "name": TokenKind.NAME,
    "string": TokenKind.STRING,
    "number": TokenKind.NUMBER,
    "operator": TokenKind.OPERATOR,
}
_QUOTES = "`\"'"
_AFTER_KEY = re.compile(r"[\s=<>!(),;]|\Z")
_UNQUOTED_KEY = re.compile(r"[^\s=<>!(),;`\"']*")
_UNFINISHED_NUMBER = re.compile(r"[+-]?\.?[0-9][\w.]*")


def tokenize(source: Source) -> Iterator[Token]:
    """The tokens of a text, the last of kind END.

    Raises:
        InvalidParameterValue: at the first character that starts no token, an open quote, a malformed number, or
            a key that needs quotes.
    """
    text = source.text
    index = 0
    while index < len(text):
        match = _TOKEN.match(text, index)
        if match is None:
            raise _unreadable(source, index)
        if match.lastgroup != "blank":
            yield _token(source, match)
        index = match.end()
    yield Token(TokenKind.END, "", len(text) + 1, "")


def _token(source: Source, match: re.Match[str]) -> Token:
    text, position = match.group(), match.start() + 1
    group = match.lastgroup or ""
    if group == "mark":
        return Token(_MARKS[text], text, position, text)
    if group != "key":
        return Token(_PLAIN[group], text, position, _unquoted(text))
    if not _AFTER_KEY.match(source.text, match.end()):
        raise _needs_quotes(source, match)
    return Token(TokenKind.NAME, text, position, _unquoted(match["key"]), _unquoted(match["prefix"]))


def _unquoted(text: str) -> str:
    return text[1:-1] if text[0] in _QUOTES else text


def _needs_quotes(source: Source, match: re.Match[str]) -> InvalidParameterValue:
    stop = match.end()
    if match["key"][0] in _QUOTES:
        return source.error(stop + 1, f"unexpected text directly after {match['key']}. Quote the whole key.")
    rest = _UNQUOTED_KEY.match(source.text, stop)
    whole = match["key"] + (rest.group() if rest else "")
    return source.error(
        stop + 1,
        f"a key that holds {source.text[stop]!r} must be quoted. Write {match['prefix']}.`{whole}`.",
    )


def _unreadable(source: Source, index: int) -> InvalidParameterValue:
    text, sign, position = source.text, source.text[index], index + 1
    following = text[index + 1 : index + 2]
    if sign in _QUOTES or (sign == "." and following and following in _QUOTES):
        quote = sign if sign in _QUOTES else following
        return source.error(
            position + (quote != sign), f"the quote {quote} is not closed. Quotes inside a text cannot be escaped."
        )
    if sign == ";":
        return source.error(position, "only one expression is allowed. Remove the ';' and join clauses with AND.")
    number = _UNFINISHED_NUMBER.match(text, index)
    if number:
        return source.error(position, f"malformed number {number.group()!r}. Write it like 5, -0.1 or 1e-3.")
    if sign == ".":
        return source.error(position, "a key must stand directly after the dot and a prefix before it: metrics.loss.")
    return source.error(position, f"unexpected character {sign!r}. Names and keys that hold it must be quoted with `.")
