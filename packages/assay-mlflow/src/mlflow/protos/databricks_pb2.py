"""Error codes by number, for code that compares them."""

from __future__ import annotations

from assay.core.errors import NUMBERS

_BY_NAME = {name: number for number, name in NUMBERS.items()}

BAD_REQUEST = 4
DATA_LOSS = 1011
ENDPOINT_NOT_FOUND = 1001
INTERNAL_ERROR = 1
INVALID_PARAMETER_VALUE = 1000
INVALID_STATE = 1003
NOT_IMPLEMENTED = 1010
PERMISSION_DENIED = 1004
REQUEST_LIMIT_EXCEEDED = 1007
RESOURCE_ALREADY_EXISTS = 3001
RESOURCE_CONFLICT = 1008
RESOURCE_DOES_NOT_EXIST = 3002
TEMPORARILY_UNAVAILABLE = 2
UNAUTHENTICATED = 13


class ErrorCode:
    """Names and numbers of error codes."""

    @staticmethod
    def Name(number: int) -> str:  # noqa: N802 -- the name that protocol buffers give it
        """The name of a number; ValueError for others."""
        if number not in NUMBERS:
            raise ValueError(f"There is no error code {number}.")
        return NUMBERS[number]

    @staticmethod
    def Value(name: str) -> int:  # noqa: N802 -- the name that protocol buffers give it
        """The number of a name; ValueError for others."""
        if name not in _BY_NAME:
            raise ValueError(f"There is no error code {name!r}.")
        return _BY_NAME[name]
