"""The exception tree. Each class holds its wire code and HTTP status; a message says what, which one, what to do."""

from __future__ import annotations

import json

NUMBERS = {
    1: "INTERNAL_ERROR",
    2: "TEMPORARILY_UNAVAILABLE",
    4: "BAD_REQUEST",
    13: "UNAUTHENTICATED",
    1000: "INVALID_PARAMETER_VALUE",
    1001: "ENDPOINT_NOT_FOUND",
    1003: "INVALID_STATE",
    1004: "PERMISSION_DENIED",
    1007: "REQUEST_LIMIT_EXCEEDED",
    1008: "RESOURCE_CONFLICT",
    1010: "NOT_IMPLEMENTED",
    1011: "DATA_LOSS",
    3001: "RESOURCE_ALREADY_EXISTS",
    3002: "RESOURCE_DOES_NOT_EXIST",
}
"""Error codes by the numbers that MLflow's protocol gives them."""


class AssayError(Exception):
    """Something went wrong inside Assay."""

    code = "INTERNAL_ERROR"
    status = 500
    retry_after: float | None = None
    """Seconds after which the server asked to try again, where it did."""

    def __init__(self, message: str | None = None, error_code: str | int | None = None) -> None:
        """Say `message`; `error_code` takes the place of the class's own, by name or by MLflow's number."""
        self.message = str(message) if message else (type(self).__doc__ or "").strip()
        if error_code is not None:
            self.code = NUMBERS.get(error_code, AssayError.code) if isinstance(error_code, int) else error_code
            self.status = _BY_CODE.get(self.code, AssayError).status
        super().__init__(self.message)

    @property
    def error_code(self) -> str:
        """The code under the name that MLflow's exceptions give it."""
        return self.code

    @classmethod
    def invalid_parameter_value(cls, message: str) -> AssayError:
        """An error of the code INVALID_PARAMETER_VALUE."""
        return InvalidParameterValue(message)

    def get_http_status_code(self) -> int:
        """The HTTP status that goes with the code."""
        return self.status

    def serialize_as_json(self) -> str:
        """Code and message as MLflow's servers answer them."""
        return json.dumps({"error_code": self.code, "message": self.message})


MlflowException = AssayError
"""The name under which code written for MLflow catches errors."""


class InvalidParameterValue(AssayError):
    """A value in the request is not acceptable."""

    code = "INVALID_PARAMETER_VALUE"
    status = 400


class BadRequest(AssayError):
    """The request cannot be understood."""

    code = "BAD_REQUEST"
    status = 400


class ResourceAlreadyExists(AssayError):
    """A resource of this name exists already."""

    code = "RESOURCE_ALREADY_EXISTS"
    status = 400


class ResourceDoesNotExist(AssayError):
    """There is no such resource."""

    code = "RESOURCE_DOES_NOT_EXIST"
    status = 404


class EndpointNotFound(AssayError):
    """There is no such endpoint."""

    code = "ENDPOINT_NOT_FOUND"
    status = 404


class Unauthenticated(AssayError):
    """Credentials are missing or wrong."""

    code = "UNAUTHENTICATED"
    status = 401


class PermissionDenied(AssayError):
    """The caller may not do this."""

    code = "PERMISSION_DENIED"
    status = 403


class ResourceConflict(AssayError):
    """Somebody else changed the same thing."""

    code = "RESOURCE_CONFLICT"
    status = 409


class InvalidState(AssayError):
    """The resource is in a state that does not allow this: the caller's to mend, so no 5xx, which clients try again."""

    code = "INVALID_STATE"
    status = 400


class RequestLimitExceeded(AssayError):
    """Too many requests at once; try again shortly."""

    code = "REQUEST_LIMIT_EXCEEDED"
    status = 429


class NotSupported(AssayError):
    """Assay does not implement this part of the API."""

    code = "NOT_IMPLEMENTED"
    status = 501


class TemporarilyUnavailable(AssayError):
    """The service cannot answer now; try again shortly."""

    code = "TEMPORARILY_UNAVAILABLE"
    status = 503


class StorageFull(TemporarilyUnavailable):
    """The disk that holds the store is full, or it cannot be written; nothing was changed."""

    status = 507


class DataLoss(AssayError):
    """Stored data is damaged."""

    code = "DATA_LOSS"


class ConfigurationError(AssayError):
    """A setting, an option or the environment does not allow Assay to start."""

    code = "INVALID_PARAMETER_VALUE"
    status = 400


class StoreVersionError(ConfigurationError):
    """The store was written by another version of Assay."""


class ServerUnreachable(TemporarilyUnavailable):
    """The tracking server, or the database, does not answer."""


class ServerNotTrusted(ServerUnreachable):
    """Nobody whom this machine trusts vouches for the certificate of the server."""


def _tree(root: type[AssayError]) -> list[type[AssayError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in _tree(child))]


_BY_CODE: dict[str, type[AssayError]] = {}
for _class in reversed(_tree(AssayError)):
    if _class not in (ConfigurationError, StoreVersionError, ServerUnreachable, ServerNotTrusted, StorageFull):
        _BY_CODE[_class.code] = _class

_BY_STATUS = {
    400: BadRequest,
    401: Unauthenticated,
    403: PermissionDenied,
    404: EndpointNotFound,
    409: ResourceConflict,
    429: RequestLimitExceeded,
    501: NotSupported,
    503: TemporarilyUnavailable,
    507: StorageFull,
}


def from_wire(code: str | None, message: str, status: int) -> AssayError:
    """The exception for an error answer: by its code, else by its HTTP status."""
    kind = _BY_CODE.get(code or "") or _BY_STATUS.get(status, AssayError)
    error = kind(message)
    if code and kind is AssayError:
        error.code = code
    return error
