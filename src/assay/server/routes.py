"""The table of operations as routes under every prefix that MLflow serves, and the parts of MLflow's API not here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from assay.core.errors import InvalidParameterValue
from assay.service.handlers import HANDLERS
from assay.wire.operations import OPERATIONS, TRANSFERS

if TYPE_CHECKING:
    from assay.wire.base import Operation

    Methods = dict[str, Operation]

PREFIXES = ("/api/", "/ajax-api/")
ARTIFACT_PATHS = (
    b"/health",
    b"/version",
    *(
        f"{prefix}{path}".encode()
        for prefix in PREFIXES
        for path in ("2.0/mlflow-artifacts/", "3.0/mlflow/server-info", "assay/1/uploads/")
    ),
)
"""How the paths begin that a server with `--artifacts-only` answers."""


class Beside(NamedTuple):
    """A route that is no operation: the methods that it answers, and whether everybody may ask."""

    methods: tuple[str, ...]
    is_open: bool = False


SESSION = "/ajax-api/assay/1/session"
OIDC = f"{SESSION}/oidc"
OIDC_CALLBACK = f"{OIDC}/callback"
EVENTS = "/ajax-api/assay/1/events"
OPENAPI = "/api/assay/1/openapi.json"
BESIDE = {
    "/health": Beside(("GET", "HEAD"), is_open=True),
    "/version": Beside(("GET", "HEAD"), is_open=True),
    SESSION: Beside(("POST", "DELETE"), is_open=True),
    OIDC: Beside(("GET", "HEAD"), is_open=True),
    OIDC_CALLBACK: Beside(("GET", "HEAD"), is_open=True),
    EVENTS: Beside(("GET", "HEAD")),
    OPENAPI: Beside(("GET", "HEAD")),
}
"""The routes beside the table of operations; whatever is neither is a page, or is not there."""

_TRACKING = (
    "runs/create-promptlab-run traces unified-traces get-online-trace-details users/create-ui get-trace-artifact "
    "gateway-proxy ui-telemetry"
).split()
_TRACKING_3 = (
    "traces workspaces issues label-schemas datasets scorers gateway prompt-optimization review-queues "
    "jobs demo genai mcp scorer get-trace-artifact ui-telemetry"
).split()
_ELSEWHERE = ("/graphql", "/metrics", "/signup", "/v1/traces")
_ABSENT = frozenset(
    [
        *(f"2.0/mlflow/{name}" for name in _TRACKING),
        *(f"3.0/mlflow/{name}" for name in _TRACKING_3),
    ]
)


_NOTHING: dict[str, str] = {}


def operation_routes() -> dict[bytes, Methods]:
    """The operation at each path, by method; paths without a query, with their variables as `{name}`."""
    routes: dict[bytes, Methods] = {}
    answered = [operation for operation in OPERATIONS.values() if operation.request in HANDLERS]
    for operation in (*answered, *TRANSFERS.values()):
        for prefix in ("",) if operation.path.startswith("/") else PREFIXES:
            methods = routes.setdefault(f"{prefix}{operation.path}".encode(), {})
            methods.update(dict.fromkeys(operation.methods, operation))
    return routes


class Routes:
    """Finds the operations at a path as it came over the wire."""

    def __init__(self) -> None:
        routes = operation_routes()
        self._fixed = {path: methods for path, methods in routes.items() if b"{" not in path}
        self._patterns = [(_pattern(path), methods) for path, methods in routes.items() if b"{" in path]

    def find(self, path: bytes) -> tuple[Methods, dict[str, str]] | None:
        """The operations at a path, by method, and the values of its variables; None where there are none.

        Raises:
            InvalidParameterValue: a value is no Unicode; replaced, it would be the name of something else.
        """
        methods = self._fixed.get(path)
        if methods is not None:
            return methods, _NOTHING
        for pattern, methods in self._patterns:
            found = pattern.fullmatch(path)
            if found:
                return methods, {name: _decoded(value) for name, value in found.groupdict().items()}
        return None


def _decoded(value: bytes) -> str:
    try:
        return unquote(value.decode("latin-1"), errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidParameterValue(f"{value.decode('latin-1')[:200]!r} in the address is no UTF-8.") from error


def _pattern(path: bytes) -> re.Pattern[bytes]:
    """Values are matched as they came, so that a slash written as %2F parts nothing."""
    whole = re.sub(rb"\\{(\w+)\\\*\\}", rb"(?P<\1>.+)", re.escape(path))
    return re.compile(re.sub(rb"\\{(\w+)\\}", rb"(?P<\1>[^/]+)", whole))


def is_absent(path: str) -> bool:
    """Whether a path belongs to a part of MLflow's API that Assay does not have."""
    if path in _ELSEWHERE:
        return True
    for prefix in PREFIXES:
        if path.startswith(prefix):
            parts = path[len(prefix) :].split("/")
            return any("/".join(parts[:count]) in _ABSENT for count in range(3, min(len(parts), 5) + 1))
    return False
