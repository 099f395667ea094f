"""Tokens and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.search.lexer import TokenKind, tokenize
from assay.search.source import Source


def scan(text: str):
    return list(tokenize(Source(text, "Filter")))


def test_kinds_values_and_positions():
    tokens = scan("metrics.`a b`>=-1.5e3 AND status IN ('x', \"y\")")
    assert [(token.kind, token.prefix, token.value, token.position) for token in tokens] == [
        (TokenKind.NAME, "metrics", "a b", 1),
        (TokenKind.OPERATOR, None, ">=", 14),
        (TokenKind.NUMBER, None, "-1.5e3", 16),
        (TokenKind.NAME, None, "AND", 23),
        (TokenKind.NAME, None, "status", 27),
        (TokenKind.NAME, None, "IN", 34),
        (TokenKind.OPEN, None, "(", 37),
        (TokenKind.STRING, None, "x", 38),
        (TokenKind.COMMA, None, ",", 41),
        (TokenKind.STRING, None, "y", 43),
        (TokenKind.CLOSE, None, ")", 46),
        (TokenKind.END, None, "", 47),
    ]


@pytest.mark.parametrize(
    ("text", "keyword"),
    [("and", "AND"), ("`and`", ""), ("tags.and", ""), ("'and'", ""), ("5", ""), ("status", "STATUS")],
)
def test_only_a_bare_word_may_be_a_keyword(text, keyword):
    assert scan(text)[0].keyword == keyword


_PIECES = st.sampled_from(
    [*"abé19.,()=<>!`'\"\\ \n-+;/%_", "metrics.", "AND ", "LIKE", " IN ", "1e5", "params.`a b`", "'x y'", "\u2003"]
)


@given(st.lists(_PIECES, max_size=12).map("".join) | st.text(max_size=40))
def test_every_token_is_the_text_at_its_position_and_only_blanks_lie_between(text):
    try:
        tokens = scan(text)
    except InvalidParameterValue:
        return
    end = 0
    for token in tokens:
        start = token.position - 1
        assert text[start : start + len(token.text)] == token.text
        assert text[end:start].strip() == ""
        end = start + len(token.text)
    assert end == len(text)
    assert [token for token in tokens if token.kind is TokenKind.END] == tokens[-1:]
