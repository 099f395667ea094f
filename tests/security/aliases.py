"""Every address under which the server answers an operation, so that no test can forget one."""

from __future__ import annotations

from assay.server.routes import PREFIXES, Routes, operation_routes
from assay.wire.operations import OPERATIONS, TRANSFERS

_ROUTES = Routes()


def operation_at(path):
    """The operation declared at a path, such as `2.0/mlflow/runs/create`; with its method in front where two share it.

    A path of variables is written as it is declared, `2.0/mlflow-artifacts/artifacts/{path*}`.
    """
    method, _, bare = path.rpartition(" ")
    (found,) = [
        operation
        for operation in (*OPERATIONS.values(), *TRANSFERS.values())
        if operation.path == bare and (not method or method in operation.methods)
    ]
    return found


def aliases(operation):
    """Every address of an operation, its variables as `{name}` for `str.format`; a path stands for its operation."""
    wanted = operation_at(operation) if isinstance(operation, str) else operation
    return [
        path.decode().replace("*}", "}")
        for path, methods in operation_routes().items()
        if any(found is wanted for found in methods.values())
    ]


def elsewhere(address):
    """The other addresses that answer what this one does, its query kept; none where it has only one."""
    path, mark, query = address.partition("?")
    for prefix in PREFIXES:
        if path.startswith(prefix):
            others = [other + path.removeprefix(prefix) for other in PREFIXES if other != prefix]
            return [other + mark + query for other in others if _ROUTES.find(other.encode()) is not None]
    return []


def other_spellings(address):
    """Addresses that look like this one, and are none: in them, nothing but what is public may be answered."""
    path, mark, query = address.partition("?")
    head, _, last = path.rpartition("/")
    spellings = [
        path + "/",
        path + "//",
        "/" + path,
        path.replace("/", "//"),
        head + "//" + last,
        path.upper(),
        path.swapcase(),
        "".join(f"%{ord(sign):02x}" if sign != "/" else sign for sign in path),
        f"/%{ord(path[1]):02x}{path[2:]}",
        path.replace("/", "%2f", 2).replace("%2f", "/", 1),
        path[:1] + path[1:].replace("/", "%2F"),
        "/." + path,
        "/x/.." + path,
        path + "/.",
        path + ";x",
        path + "%00",
        path + "%20",
        path.replace("/2.0/", "/2.0/preview/"),
        path.replace("/2.0/", "/3.0/"),
        path.replace("/3.0/", "/2.0/"),
        path.replace("/assay/1/", "/assay/2/"),
        path.replace("/api/", "/api/api/"),
        "/static-files" + path,
    ]
    return [one + mark + query for one in dict.fromkeys(spellings) if one != path]
