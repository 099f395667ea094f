"""Operations as HTTP requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

import msgspec

from assay.core.errors import AssayError
from assay.wire.base import OPERATIONS, Message
from assay.wire.codec import decode_answer, encode
from assay.wire.journal import AppliedResponse, ApplyJournal

if TYPE_CHECKING:
    from assay.core.http import Connections, Timeouts
    from assay.wire.base import Operation

T = TypeVar("T", bound=Message)

_JSON = {"Content-Type": "application/json"}
_MSGPACK = {"Content-Type": "application/msgpack"}
_pack = msgspec.msgpack.Encoder().encode


def perform(connections: Connections, request: Message, returns: type[T], *, timeouts: Timeouts | None = None) -> T:
    """The answer of the server to a request; one try.

    Raises:
        ServerUnreachable: the server does not answer.
        AssayError: the request was refused.
    """
    operation = OPERATIONS[type(request)]
    path = f"/api/{operation.path}"
    if operation.variables:
        path = f"/api/{operation.address(msgspec.structs.asdict(request))}"
    if operation.method == "GET":
        answer = connections.request("GET", f"{path}?{_query(operation, request)}", timeouts=timeouts)
    else:
        answer = connections.request(operation.method, path, body=encode(request), headers=_JSON, timeouts=timeouts)
    return _decoded(answer.body, returns, connections.base_url)


def _query(operation: Operation, request: Message) -> str:
    given = msgspec.to_builtins(request)
    return urlencode(
        {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in given.items()
            if value is not None and name not in operation.variables
        },
        doseq=True,
    )


def apply(connections: Connections, request: ApplyJournal, *, timeouts: Timeouts | None = None) -> AppliedResponse:
    """Hand journal records to the server, in MessagePack; one try.

    Raises:
        ServerUnreachable: the server does not answer.
        EndpointNotFound: it takes no journals.
        AssayError: the request was refused.
    """
    path = f"/api/{OPERATIONS[ApplyJournal].path}"
    answer = connections.request("POST", path, body=_pack(request), headers=_MSGPACK, timeouts=timeouts)
    return _decoded(answer.body, AppliedResponse, connections.base_url)


def _decoded(body: bytes, returns: type[T], address: str) -> T:
    try:
        return decode_answer(body, returns)
    except msgspec.DecodeError as error:
        raise AssayError(
            f"The answer of {address} cannot be understood: {error}. Check that this is the address of a tracking "
            "server."
        ) from error
