"""Addresses with variables: values are decoded, and never become paths."""

from __future__ import annotations

import pytest

from assay.wire.base import Message, Operation
from assay.wire.codec import decode, decode_query


class DropTag(Message):
    """Delete a tag."""

    model_id: str
    tag_key: str
    force: bool = False


OPERATION = Operation(
    request=DropTag,
    name="dropTag",
    methods=("DELETE",),
    path="2.0/mlflow/logged-models/{model_id}/tags/{tag_key}",
    returns=Message,
    access="experiment:edit",
    writes=True,
)


def test_a_path_names_its_variables_in_order() -> None:
    assert OPERATION.variables == ("model_id", "tag_key")


@pytest.mark.parametrize(
    ("key", "segment"),
    [("plain", "plain"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), (".", "%2E"), ("ü ?#%", "%C3%BC%20%3F%23%25")],
)
def test_each_value_is_one_segment(key: str, segment: str) -> None:
    address = OPERATION.address({"model_id": "m-1", "tag_key": key})
    assert address == f"2.0/mlflow/logged-models/m-1/tags/{segment}"


def test_the_address_counts_more_than_the_body() -> None:
    body = b'{"model_id": "m-2", "tagKey": "b", "force": true}'
    assert decode(body, DropTag, {"model_id": "m-1"}) == DropTag(model_id="m-1", tag_key="b", force=True)
    assert decode(b"", DropTag, {"model_id": "m-1", "tag_key": "a"}) == DropTag(model_id="m-1", tag_key="a")


def test_the_address_counts_more_than_the_query() -> None:
    found = decode_query({"model_id": ["m-2"], "force": ["true"]}, DropTag, {"model_id": "m-1", "tag_key": "a"})
    assert found == DropTag(model_id="m-1", tag_key="a", force=True)
