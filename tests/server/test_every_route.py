"""Every route, under every prefix: the policy is asked; pages of other sites and other host names are turned away."""

from __future__ import annotations

import json
import re
from urllib.parse import urlencode

import msgspec
import pytest
from msgspec.structs import replace

from assay.core.errors import PermissionDenied
from assay.server import app
from assay.server.config import ServerConfig
from assay.server.routes import operation_routes
from assay.server.services import open_context
from assay.testing.server import running_server
from assay.wire.operations import TRANSFERS

WELL_FORMED = {
    "sha256": "a" * 64,
    "size": 5,
    "part": 0,
    "version": "1",
    "run_id": "a" * 32,
    "run_uuid": "a" * 32,
    "address": {},
}
BY_TYPE = {int: 1, float: 1.0, bool: True}
JSON = {"Content-Type": "application/json"}


class NobodyMay:
    def reader(self, caller):
        return None

    def check(self, session, caller, operation, request):
        raise PermissionDenied(f"{operation.name} needs {operation.access}.")


@pytest.fixture(scope="module")
def http(tmp_path_factory, client_for):
    directory = tmp_path_factory.mktemp("closed")
    (directory / "kept").mkdir()
    (directory / "kept" / "x").write_bytes(b"marker")
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"), artifacts_destination=str(directory / "kept"), access_log=False
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "open_context", lambda config: replace(open_context(config), policy=NobodyMay()))
        with running_server(directory, config) as server:
            yield client_for(server.port)
    assert [path.name for path in (directory / "kept").rglob("*")] == ["x"]


def requests():
    """A request that its route understands, for each route and method: method, address, body."""
    for path, methods in operation_routes().items():
        for method, operation in methods.items():
            fields = msgspec.structs.fields(operation.request)
            message = {
                field.name: WELL_FORMED.get(
                    field.name, BY_TYPE.get(field.type, [] if "list" in str(field.type) else "x")
                )
                for field in fields
                if field.required or field.name in WELL_FORMED
            }
            address = re.sub(r"\{(\w+)\*?\}", lambda found, said=message: str(said[found[1]]), path.decode())
            if method in ("GET", "HEAD") or operation.request in TRANSFERS:
                yield method, f"{address}?{urlencode(message)}", None if method in ("GET", "HEAD") else "x"
            else:
                yield method, address, json.dumps(message)


REQUESTS = list(requests())


def test_whom_the_policy_denies_everything_gets_nothing(http):
    answered = {
        (method, address): answer.status
        for method, address, body in REQUESTS
        if (answer := http.send(method, address, body, JSON)).status != 403 or b"marker" in answer.body
    }
    assert len(REQUESTS) > 150
    assert answered == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Host": "10.evil.example"},
    ],
    ids=str,
)
def test_no_other_site_changes_anything_by_any_method(http, headers):
    for method, address, body in REQUESTS:
        if method not in ("GET", "HEAD"):
            answer = http.send(method, address, body, {**JSON, **headers})
            assert answer.status == 403, (method, address)
            assert answer.headers["content-type"].startswith("text/plain"), "refused before the policy is asked"
