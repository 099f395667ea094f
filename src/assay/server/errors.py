"""Any exception to a status and an error body: the one place where the server catches everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.core.errors import (
    AssayError,
    EndpointNotFound,
    InvalidParameterValue,
    NotSupported,
    RequestLimitExceeded,
    TemporarilyUnavailable,
)
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

T = TypeVar("T")

RETRY_AFTER = b"1"
"""Seconds after which a client may try again when the server was too busy."""
_ERROR_CLASSES = {
    "RESOURCE_DOES_NOT_EXIST": "RESOURCE_NOT_FOUND",
    "INTERNAL_ERROR": "CLIENT_INTERNAL_ERROR",
    "BAD_REQUEST": "INVALID_PARAMETER_VALUE",
}
_encode = msgspec.json.Encoder().encode
_log = logger("server")


class BodyTooLarge(InvalidParameterValue):
    """The request body is larger than the server takes."""

    status = 413


class MethodNotAllowed(EndpointNotFound):
    """The path exists, but not for this method."""

    status = 405


class RequestInterrupted(AssayError):
    """The client went away, or fell silent, before its request was complete."""

    code = "CANCELLED"
    status = 499


def outcome(work: Callable[[], T]) -> tuple[T | None, Exception | None]:
    """Do the work; its result, or the exception that it ended with."""
    try:
        return work(), None
    except Exception as error:  # noqa: BLE001 -- handed on to whoever asked for the work
        return None, error


async def exception_of(work: Awaitable[None]) -> Exception | None:
    """The exception that the work ended with, or None."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 -- becomes the answer of the request
        return error
    return None


def error_answer(
    error: BaseException, request_id: str, *, private: Iterable[tuple[str, str]] = ()
) -> tuple[int, bytes]:
    """Status and JSON body that tell an exception to a client; an unexpected one is logged here under the request's id.

    `private` are texts that clients are not told, each with what stands for it; such an error is logged, too.
    """
    if not isinstance(error, AssayError):
        _log.error("Unexpected error %s", request_id, exc_info=error)
        error = AssayError(f"The server met an unexpected error; its log has the details under {request_id}.")
    message = error.message
    for text, name in private:
        message = message.replace(text, name)
    if message != error.message:
        _log.warning("%s: %s", request_id, error.message)
    body: dict[str, Any] = {"error_code": error.code, "message": message}
    if not isinstance(error, NotSupported):
        body["sqlstate"] = "KAM00" if error.status < 500 else "XXM00"
        body["error_class"] = _ERROR_CLASSES.get(error.code, error.code)
    return error.status, _encode(body)


def may_retry(error: BaseException) -> bool:
    """Whether the same request may succeed shortly."""
    return isinstance(error, (TemporarilyUnavailable, RequestLimitExceeded))
