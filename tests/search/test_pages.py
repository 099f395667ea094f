"""Page tokens."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.core.errors import InvalidParameterValue
from assay.search.pages import decode_offset, decode_token, encode_offset, encode_token


def test_an_offset_token_is_the_one_that_mlflow_makes():
    assert encode_offset(1) == "eyJvZmZzZXQiOiAxfQ=="


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_offsets_come_back(offset):
    assert decode_offset(encode_offset(offset)) == offset


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())))
def test_content_comes_back(content):
    assert decode_token(encode_token(content)) == content


@pytest.mark.parametrize("token", [None, ""])
def test_no_token_is_the_first_page(token):
    assert decode_offset(token) == 0


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "%%%%",
        "é",
        "bm90IGpzb24=",
        base64.b64encode(b"\xff").decode(),
        base64.b64encode(b"[" * 200_000).decode(),
        base64.b64encode(b'{"offset": ' + b"1" * 5000 + b"}").decode(),
        encode_token({}),
        base64.b64encode(b"[1]").decode(),
        encode_token({"offset": -1}),
        encode_token({"offset": 2**63}),
        encode_token({"offset": True}),
        encode_token({"offset": 1.0}),
        encode_token({"offset": "1"}),
        encode_token({"offset": None}),
    ],
    ids=lambda token: token[:20],
)
def test_a_bad_token_is_named(token):
    with pytest.raises(InvalidParameterValue, match="Invalid page_token") as caught:
        decode_offset(token)
    assert token[:100] in str(caught.value)
    assert len(str(caught.value)) < 300
