"""Every operation is handled, guarded, and documented."""

from __future__ import annotations

import pytest

from assay.service.handlers import HANDLERS
from assay.service.needs import NEEDS
from assay.wire.operations import OPERATIONS, TRANSFERS, Operation

LEVELS = {"search", "read", "use", "append", "edit", "manage", "self", "own"}
RESOURCES = {*NEEDS, "workspace", "user", "token", "permission", "audit"}


def test_every_operation_has_a_handler() -> None:
    assert set(HANDLERS) == set(OPERATIONS)


@pytest.mark.parametrize("operation", [*OPERATIONS.values(), *TRANSFERS.values()], ids=lambda operation: operation.name)
def test_every_operation_is_guarded(operation: Operation) -> None:
    if operation.access == "open":
        return
    resource, level = operation.access.split(":")
    assert resource in RESOURCES
    assert level in LEVELS
    assert not (operation.writes and level in ("read", "search")), "a reader may not write"


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
def test_every_operation_is_documented(operation: Operation) -> None:
    assert operation.request.__doc__
    assert HANDLERS[operation.request].__doc__


def test_no_two_operations_share_a_route() -> None:
    operations = [*OPERATIONS.values(), *TRANSFERS.values()]
    routes = [(method, operation.path) for operation in operations for method in operation.methods]
    assert len(routes) == len(set(routes))
