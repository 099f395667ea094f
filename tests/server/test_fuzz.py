"""Whatever a client sends to an operation, the answer is JSON and no error of the server's own."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assay.server.routes import operation_routes
from assay.wire.operations import OPERATIONS

RUN_ID = "fuzz"
ODD_TEXTS = (
    "0", RUN_ID, "", "9" * 5000, "-1", "NaN", "Infinity", "ACTIVE_ONLY", "FINISHED", "..", "/", "a/b", "\x00", "\ud800",
    "%2e%2e", "`", "' or 1=1 --", "metrics.m > 1", "params.p LIKE '%_'", "tags.`a b` != 'x'", "attributes.start_time",
    "run_id IN ('a')", "m", "mlflow.runName", "eyJvZmZzZXQiOiAxfQ==", "eyJvZmZzZXQiOiA5ZTk5fQ==", "ü", "k" * 251,
)  # fmt: skip
ODD_NUMBERS = (0, 1, -1, 3, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**400, 0.5, 1e308, 1e-320)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from(ODD_NUMBERS)
    | st.floats()
    | st.sampled_from(ODD_TEXTS)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["key", "value", "timestamp"]), inner),
    max_leaves=6,
)
ANSWERED = {name for methods in operation_routes().values() for name in methods.values()}
CASES = sorted(
    ((operation, method) for operation in OPERATIONS.values() if operation in ANSWERED for method in operation.methods),
    key=lambda case: (case[0].name, case[1]),
)


def likely(kind):
    """Values of the right form more often than not, so that they get behind the first checks."""
    if isinstance(kind, msgspec.inspect.StructType):
        fields = {field.name: likely(field.type) for field in kind.fields}
        return st.fixed_dictionaries({}, optional=fields) | VALUES
    if isinstance(kind, msgspec.inspect.ListType):
        return st.lists(likely(kind.item_type), max_size=4) | VALUES
    if isinstance(kind, msgspec.inspect.UnionType):
        return st.one_of([likely(one) for one in kind.types])
    if isinstance(kind, msgspec.inspect.IntType | msgspec.inspect.FloatType):
        return st.integers(0, 5) | st.sampled_from(ODD_NUMBERS) | VALUES
    if isinstance(kind, msgspec.inspect.StrType):
        return st.sampled_from(["0", RUN_ID, "m"]) | st.sampled_from(ODD_TEXTS) | VALUES
    return VALUES


def requests(kind):
    return likely(msgspec.inspect.type_info(kind))


@pytest.mark.parametrize(("operation", "method"), CASES, ids=[f"{one.name}-{method}" for one, method in CASES])
def test_no_request_is_an_error_of_the_server(http_, operation, method):
    http_.post("runs/create", {"experiment_id": "0", "run_id": RUN_ID})
    connection = http.client.HTTPConnection("127.0.0.1", http_.port, timeout=30)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(requests(operation.request))
    def ask(message):
        path, body = f"/ajax-api/{operation.path}", None
        if method == "GET":
            query = message if isinstance(message, dict) else {"q": message}
            path += "?" + urlencode(query, doseq=True, encoding="utf-8", errors="surrogatepass")[:20_000]
        else:
            body = json.dumps(message)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        assert answer.status < 500 or answer.status in (501, 503, 507), content
        assert isinstance(json.loads(content), dict)

    ask()
    connection.close()
