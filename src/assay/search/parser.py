"""Tokens to trees. AND binds tighter than OR, NOT tighter than AND; parentheses group.

MLflow's language is the part without OR, NOT, parentheses and numbers beside params. What it accepts means the
same here, also that clauses may follow each other without AND, and that an AND too many is ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assay.search import clauses
from assay.search.lexer import Token, TokenKind, tokenize
from assay.search.source import Source
from assay.search.tree import And, Comparison, Filter, Not, Operator, Or, OrderKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.search.fields import Resource, Terms
    from assay.search.tree import Field

MAX_DEPTH = 100
"""Levels of parentheses and NOT inside each other."""

MAX_COMPARISONS = 500
"""Comparisons in one filter: databases limit the depth of an expression, and a chain of ANDs counts as deep."""

MAX_ORDER_KEYS = 50
"""Items of one order_by."""

_SYMBOLS = {operator.value: operator for operator in Operator if not operator.value[0].isalpha()}


def parse_filter(text: str | None, resource: Resource) -> Filter | None:
    """The tree of a filter; None for no text, which matches everything.

    Raises:
        InvalidParameterValue: the text is no filter for this resource. The message gives the position and what is
            allowed there.
    """
    if not text:
        return None
    source = Source(text, "Filter")
    source.check_length()
    tokens = list(tokenize(source))
    if len(tokens) == 1:
        raise source.error(1, "the filter holds only blanks. Pass an empty text to match everything.")
    tokens = _without_stray_ands(tokens)
    return _Parser(tokens, resource, source).whole() if len(tokens) > 1 else None


def parse_order_by(items: Sequence[str], resource: Resource) -> list[OrderKey]:
    """The order keys of order_by items such as `metrics.loss DESC`; ascending where no direction stands.

    Raises:
        InvalidParameterValue: an item is malformed, names something that results cannot be ordered by, or repeats
            the field of an earlier item; or there are more than MAX_ORDER_KEYS items.
    """
    keys: dict[Field, OrderKey] = {}
    for item in items:
        source = Source(item, "Order_by")
        source.check_length()
        if len(keys) == MAX_ORDER_KEYS:
            raise source.error(1, f"more than {MAX_ORDER_KEYS} order_by items. Leave out the last ones.")
        key = _order_key(source, resource)
        if key.field not in keys:
            keys[key.field] = key
        elif not resource.repeated_order_keys:
            raise source.error(key.field.position, "an earlier order_by item names the same field. Remove one.")
    return list(keys.values())


def complete_order(keys: Sequence[OrderKey], resource: Resource) -> list[OrderKey]:
    """The keys, or the resource's default order if there are none, with the tie-breakers that are not among them."""
    chosen = list(keys or resource.default_order)
    fields = {key.field for key in chosen}
    return chosen + [key for key in resource.tie_breakers if key.field not in fields]


def _order_key(source: Source, resource: Resource) -> OrderKey:
    tokens = list(tokenize(source))
    name, direction = tokens[0], tokens[1] if len(tokens) > 1 else tokens[0]
    if not (clauses.is_name(name) or name.kind is TokenKind.STRING):
        raise clauses.unexpected(name, "a field to order by", source)
    field = clauses.resolve_order_field(name, resource, source)
    if direction.kind is not TokenKind.END and direction.keyword not in ("ASC", "DESC"):
        raise clauses.unexpected(direction, "ASC, DESC or the end", source)
    if direction.kind is not TokenKind.END and tokens[2].kind is not TokenKind.END:
        raise clauses.unexpected(tokens[2], f"the end after {direction.text}", source)
    return OrderKey(field, ascending=direction.keyword != "DESC")


def _without_stray_ands(tokens: list[Token]) -> list[Token]:
    """MLflow ignores an AND at either end of a filter, and one that follows another; scripts rely on it."""
    kept: list[Token] = []
    for token in tokens:
        if token.keyword == "AND" and (not kept or kept[-1].keyword == "AND"):
            continue
        if token.kind is TokenKind.END and kept and kept[-1].keyword == "AND":
            kept.pop()
        kept.append(token)
    return kept


class _Parser:
    def __init__(self, tokens: list[Token], resource: Resource, source: Source) -> None:
        self._tokens = tokens
        self._index = 0
        self._comparisons = 0
        self._resource = resource
        self._source = source

    def whole(self) -> Filter:
        tree = self._disjunction(0)
        if self._token.kind is not TokenKind.END:
            raise clauses.unexpected(self._token, "AND, OR or the end", self._source)
        return tree

    @property
    def _token(self) -> Token:
        return self._tokens[self._index]

    def _advance(self) -> Token:
        """The current token; the next becomes current, and the last stays."""
        token = self._token
        self._index = min(self._index + 1, len(self._tokens) - 1)
        return token

    def _take(self, keyword: str) -> bool:
        if self._token.keyword != keyword:
            return False
        self._advance()
        return True

    def _disjunction(self, depth: int) -> Filter:
        parts = [self._conjunction(depth)]
        while self._take("OR"):
            parts.append(self._conjunction(depth))
        return _joined(Or, parts)

    def _conjunction(self, depth: int) -> Filter:
        parts = [self._unit(depth)]
        while self._take("AND") or self._clause_follows():
            parts.append(self._unit(depth))
        return _joined(And, parts)

    def _clause_follows(self) -> bool:
        """Whether a clause follows without AND. A stray word does not: it gets a better error where AND is expected."""
        token = self._token
        return clauses.is_name(token) and (token.prefix is not None or token.value in self._resource.attributes)

    def _unit(self, depth: int) -> Filter:
        token = self._token
        if depth > MAX_DEPTH:
            raise self._source.error(token.position, f"more than {MAX_DEPTH} levels of parentheses and NOT.")
        if self._take("NOT"):
            return Not(self._unit(depth + 1))
        if token.kind is not TokenKind.OPEN:
            return self._comparison()
        self._advance()
        tree = self._disjunction(depth + 1)
        if self._token.kind is not TokenKind.CLOSE:
            expected = f"AND, OR or the ) for the ( at position {token.position}"
            raise clauses.unexpected(self._token, expected, self._source)
        self._advance()
        return tree

    def _comparison(self) -> Comparison:
        name = self._advance()
        if not clauses.is_name(name) or name.keyword in ("AND", "OR"):
            raise clauses.unexpected(name, "a clause that starts with a field, like metrics.loss < 1", self._source)
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            raise self._source.error(
                name.position, f"more than {MAX_COMPARISONS} comparisons. Use IN, or split the search into several."
            )
        field, terms = clauses.resolve_field(name, self._resource, self._source)
        token = self._token
        operator = self._operator(terms)
        clauses.check_operator(operator, terms, written=name.text, token=token, source=self._source)
        if operator in (Operator.IS_NULL, Operator.IS_NOT_NULL):
            return Comparison(field, operator)
        if operator in (Operator.IN, Operator.NOT_IN):
            return Comparison(field, operator, self._texts(terms))
        return Comparison(field, operator, clauses.literal(self._advance(), operator, terms, source=self._source))

    def _operator(self, terms: Terms) -> Operator:
        token = self._advance()
        if token.kind is TokenKind.OPERATOR and token.text in _SYMBOLS:
            return _SYMBOLS[token.text]
        if token.keyword in ("LIKE", "ILIKE", "IN"):
            return Operator[token.keyword]
        if token.keyword == "IS":
            return self._presence()
        if token.keyword == "NOT":
            return self._not_in()
        if token.kind is TokenKind.OPERATOR or token.keyword:
            raise self._source.error(
                token.position, f"unknown operator {token.text!r}. Use one of {clauses.allowed(terms)}."
            )
        raise clauses.unexpected(token, f"an operator ({clauses.allowed(terms)})", self._source)

    def _presence(self) -> Operator:
        operator = Operator.IS_NOT_NULL if self._take("NOT") else Operator.IS_NULL
        if not self._take("NULL"):
            expected = "NULL" if operator is Operator.IS_NOT_NULL else "NULL or NOT NULL"
            raise clauses.unexpected(self._token, f"{expected} after IS", self._source)
        return operator

    def _not_in(self) -> Operator:
        if self._token.keyword in ("LIKE", "ILIKE"):
            word = self._token.keyword
            raise self._source.error(
                self._token.position, f"there is no NOT {word}. Put NOT before the clause: NOT tags.k {word} '...'."
            )
        if not self._take("IN"):
            raise clauses.unexpected(self._token, "IN after NOT", self._source)
        return Operator.NOT_IN

    def _texts(self, terms: Terms) -> tuple[str, ...]:
        """The texts of a list in parentheses; a comma may follow the last, as Python writes a tuple of one."""
        opening = self._advance()
        if opening.kind is not TokenKind.OPEN:
            raise clauses.unexpected(opening, "a list in parentheses like ('a', 'b')", self._source)
        texts: list[str] = []
        while self._token.kind is not TokenKind.CLOSE or not texts:
            texts.append(clauses.text_item(self._advance(), terms, source=self._source))
            if self._token.kind is TokenKind.COMMA:
                self._advance()
            elif self._token.kind is not TokenKind.CLOSE:
                raise clauses.unexpected(self._token, "a comma or the end of the list", self._source)
        self._advance()
        return tuple(texts)


def _joined(join: Callable[[tuple[Filter, ...]], And | Or], parts: list[Filter]) -> Filter:
    """One part as it is; several joined, with the parts of like joins among them taken in."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Filter] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, (And, Or)) and type(part) is join else (part,))
    return join(tuple(flat))
