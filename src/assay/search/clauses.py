"""The meaning of tokens under a resource's tables: which field a name is, which values and operators it takes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from assay.search.fields import Attribute, Operators, Resource, Terms, ValueType
from assay.search.lexer import Token, TokenKind
from assay.search.tree import Field, Kind, Operator
from assay.wire.models import MODEL_STATUS_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.core.errors import InvalidParameterValue
    from assay.search.source import Source

MAX_WILDCARDS = 100
"""Signs for any text in one pattern: databases look at the rest of it for each, one inside the other."""

_INTEGER = re.compile(r"-?[0-9]{1,20}")
_LITERALS = (TokenKind.STRING, TokenKind.NUMBER)


def is_name(token: Token) -> bool:
    """Whether the token can name a field: a bare name, one with a prefix, or a whole name in double quotes."""
    return token.kind is TokenKind.NAME or (token.kind is TokenKind.STRING and token.text[0] == '"')


def resolve_field(token: Token, resource: Resource, source: Source) -> tuple[Field, Terms]:
    """The field that a token names, and the comparisons it takes.

    Raises:
        InvalidParameterValue: it names nothing that this resource can be filtered by.
    """
    if token.prefix is None:
        attribute = _attribute(token, resource.attributes, resource=resource, source=source)
        return Field(Kind.ATTRIBUTE, attribute.name, token.position), attribute.terms
    entity = resource.entities.get(token.prefix)
    if entity is None:
        raise source.error(
            token.position,
            f"unknown prefix {token.prefix!r}. {_near_miss(token.prefix, resource.entities)}"
            f"Prefixes of {resource.name} are {', '.join(resource.entities)}.",
        )
    if not token.value:
        raise source.error(token.position, f"the key after {token.prefix!r} is empty.")
    if entity.attributes is None:
        return Field(entity.kind, token.value, token.position), entity.terms
    attribute = _attribute(token, entity.attributes, resource=resource, source=source)
    return Field(entity.kind, attribute.name, token.position), attribute.terms


def resolve_order_field(token: Token, resource: Resource, source: Source) -> Field:
    """The field that a token of an order_by item names.

    Raises:
        InvalidParameterValue: results of this resource cannot be ordered by it.
    """
    if token.prefix is None and token.value not in resource.attributes and token.text != token.value:
        token = _opened(token)
    entity = resource.entities.get(token.prefix or "")
    field, _ = resolve_field(token, resource, source)
    named = entity.attributes if entity else resource.attributes
    if (entity and not entity.orderable) or (named and not named[token.value].orderable):
        orderable = sorted({row.name for row in resource.attributes.values() if row.orderable})
        prefixes = [prefix for prefix, row in resource.entities.items() if row.orderable and not row.attributes]
        raise source.error(
            token.position,
            f"{resource.name} cannot be ordered by {token.text}. Order by {', '.join(orderable)}"
            f"{''.join(f', {prefix}.<key>' for prefix in prefixes)}.",
        )
    return field


def _opened(token: Token) -> Token:
    """A name quoted as a whole, `"metrics.a b"`, read as prefix and key: MLflow allows it in order_by only."""
    prefix, dot, key = token.value.partition(".")
    return Token(token.kind, token.text, token.position, key, prefix) if dot else token


def _attribute(token: Token, known: Mapping[str, Attribute], *, resource: Resource, source: Source) -> Attribute:
    attribute = known.get(token.value)
    if attribute is not None:
        return attribute
    names = sorted({row.name for row in known.values()})
    hint = _near_miss(token.value, known) or _entity_hint(token, resource)
    one, many = ("attribute", "Attributes") if known is resource.attributes else ("property", "Properties")
    owner = resource.name if known is resource.attributes else token.prefix
    raise source.error(
        token.position,
        f"unknown {one} {token.value!r}. {hint}{many} of {owner} are {', '.join(names)}.",
    )


def _near_miss(name: str, known: Iterable[str]) -> str:
    by_lower = {candidate.lower(): candidate for candidate in reversed(list(known))}
    close = difflib.get_close_matches(name[:100].lower(), by_lower, n=1, cutoff=0.7)
    return f"Did you mean {by_lower[close[0]]!r}? " if close else ""


def _entity_hint(token: Token, resource: Resource) -> str:
    if token.prefix is not None:
        return ""
    entity = resource.entities.get(token.value)
    if entity is not None and entity.attributes is None:
        return f"Write {token.value}.<key>. "
    prefix, dot, key = token.value.partition(".")
    if dot and prefix in resource.entities:
        return f"Quote the key alone: {prefix}.`{key}`. "
    plain = token.value if token.text == token.value else f"`{token.value}`"
    written: dict[Kind, str] = {}
    for candidate, entity in resource.entities.items():
        if entity.attributes is None and entity.kind in (Kind.METRIC, Kind.PARAM, Kind.TAG):
            written.setdefault(entity.kind, f"{candidate}.{plain}")
    return f"Keys need a prefix: {' or '.join(written.values())}. "


def allowed(terms: Terms) -> str:
    """The operators of a field, in words."""
    return ", ".join(operator.value for operator in _every(terms))


def _every(terms: Terms) -> Operators:
    return tuple(dict.fromkeys(operator for operators in terms.values() for operator in operators))


def check_operator(operator: Operator, terms: Terms, *, written: str, token: Token, source: Source) -> None:
    """Raise InvalidParameterValue if the field written so takes no such operator."""
    if operator not in _every(terms):
        raise source.error(
            token.position,
            f"{written} cannot be compared with {operator.value}. Use one of {allowed(terms)}.",
        )


def literal(token: Token, operator: Operator, terms: Terms, *, source: Source) -> str | int | float:
    """The value of a literal to the right of an operator.

    Raises:
        InvalidParameterValue: it is no literal, or one of a type that the field does not take with this operator, or a
            pattern of too many parts.
    """
    types = [kind for kind, operators in terms.items() if operator in operators]
    for kind in types:
        if _may_be(token, kind):
            if operator in (Operator.LIKE, Operator.ILIKE) and token.value.count("%") > MAX_WILDCARDS:
                raise source.error(token.position, f"more than {MAX_WILDCARDS} % in one pattern. Leave some out.")
            return _value(token, kind, source)
    expected = " or ".join(kind.value for kind in types)
    raise source.error(
        token.position,
        f"expected {expected} after {operator.value}, found {described(token)}.{_literal_hint(token, types)}",
    )


def _may_be(token: Token, kind: ValueType) -> bool:
    """Whether the token is written as a value of the type is."""
    if kind.bare and token.keyword not in ("", "AND", "OR", "NOT"):
        return True
    return token.kind in _LITERALS and (kind.bare or kind.quoted == (token.kind is TokenKind.STRING))


def _literal_hint(token: Token, types: Iterable[ValueType]) -> str:
    takes_quotes = any(kind.quoted for kind in types)
    if token.kind is TokenKind.STRING:
        return " Numbers are written without quotes."
    if takes_quotes and token.kind in (TokenKind.NUMBER, TokenKind.NAME):
        return f" Put it in quotes: '{token.text}'." if "'" not in token.text else ""
    return ""


def _value(token: Token, kind: ValueType, source: Source) -> str | int | float:
    if kind in (ValueType.TEXT, ValueType.WORD):
        return token.value
    if kind is ValueType.STATUS:
        return _status(token, source)
    if kind is ValueType.REAL:
        return float(token.value)
    whole = int(token.value) if _INTEGER.fullmatch(token.value) else None
    if kind is ValueType.NUMBER:
        number = float(token.value) if whole is None else whole
        return int(number) if _fits(number) and number == int(number) else float(number)
    if whole is None or not _fits(whole):
        raise source.error(token.position, f"expected {kind.value} of at most 64 bits, found {described(token)}.")
    return str(whole) if kind is ValueType.DIGITS else whole


def _status(token: Token, source: Source) -> str:
    number = MODEL_STATUS_NUMBERS.get(token.value.upper())
    if number is None:
        raise source.error(
            token.position, f"unknown status {token.text}. A logged model is PENDING, READY, FAILED or UNSPECIFIED."
        )
    return str(number)


def _fits(number: float) -> bool:
    return -(2**63) <= number < 2**63


def text_item(token: Token, terms: Terms, *, source: Source) -> str:
    """One text of an IN list; raises InvalidParameterValue unless it is a quoted string of the field's type."""
    listed = next(kind for kind, operators in terms.items() if Operator.IN in operators)
    if not _may_be(token, listed):
        raise source.error(
            token.position, f"expected a quoted string in the list, found {described(token)}. Write ('a', 'b')."
        )
    return str(_value(token, listed, source))


def described(token: Token) -> str:
    """A token as an error message names it."""
    return token.text or "the end of the text"


def unexpected(token: Token, expected: str, source: Source) -> InvalidParameterValue:
    """The error for a token where something else had to stand."""
    return source.error(token.position, f"expected {expected}, found {described(token)}.")
