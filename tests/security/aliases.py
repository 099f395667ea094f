"""Every address under which the server answers an operation, so that no test can forget one."""

from __future__ import annotations

from assay.server.routes import operation_routes
from assay.wire.operations import OPERATIONS, TRANSFERS


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
