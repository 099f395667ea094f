"""The exception tree. Each class holds its wire code and HTTP status; a message says what, which one, what to do."""

from __future__ import annotations


class AssayError(Exception):
    """Something went wrong inside Assay."""

    code = "INTERNAL_ERROR"
    status = 500
    retry_after: float | None = None
    """Seconds after which the server asked to try again, where it did."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        super().__init__(self.message)

    @property
    def error_code(self) -> str:
        """The code under the name that MLflow's exceptions give it."""
        return self.code


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
    """The resource is in a state that does not allow this."""

    code = "INVALID_STATE"
    status = 500


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
    """The tracking server does not answer."""


def _tree(root: type[AssayError]) -> list[type[AssayError]]:
    return [root, *(leaf for child in root.__subclasses__() for leaf in _tree(child))]


_BY_CODE: dict[str, type[AssayError]] = {}
for _class in reversed(_tree(AssayError)):
    if _class not in (ConfigurationError, StoreVersionError, ServerUnreachable, StorageFull):
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
