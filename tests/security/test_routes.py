"""Every address that the server answers, and those that only look like one."""

from __future__ import annotations

import pytest

from assay.server.routes import BESIDE, EVENTS, OPENAPI, operation_routes
from assay.wire.operations import OPERATIONS, TRANSFERS

from .aliases import aliases, elsewhere, other_spellings


def test_every_operation_has_an_address_and_every_address_an_operation():
    declared = {one.name: aliases(one) for one in (*OPERATIONS.values(), *TRANSFERS.values())}
    assert all(declared.values())
    found = {path.decode().replace("*}", "}") for path in operation_routes()}
    assert {path for paths in declared.values() for path in paths} == found
    assert elsewhere("/api/2.0/mlflow/runs/get?run_id=a") == ["/ajax-api/2.0/mlflow/runs/get?run_id=a"]


@pytest.mark.parametrize("address", [EVENTS, OPENAPI, "/api/2.0/mlflow/users/current", "/get-artifact?run_id=a&path=b"])
def test_s32_no_other_spelling_of_an_address_leads_past_the_login(anonymous, address):
    assert anonymous.send("GET", address).status == 401
    for spelling in other_spellings(address):
        assert anonymous.send("GET", spelling).status in (401, 404), spelling


def test_s54_what_may_be_sent_is_told_without_credentials_and_to_allowed_origins_only(anonymous):
    for address in ("/api/2.0/mlflow/runs/create", *(path for path in BESIDE if not BESIDE[path].is_open)):
        answer = anonymous.send("OPTIONS", address)
        assert answer.status in (204, 405)
        assert not [name for name in answer.headers if name.startswith("access-control")]
