"""The server keeps what its OpenAPI document says: schemathesis sends what that allows, and much that it does not."""

from __future__ import annotations

import json
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what other packages say while they are loaded
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from assay import __version__
from assay.server.routes import operation_routes
from assay.wire.schema import openapi

DOCUMENT = openapi(version=__version__)
CHECKS = (not_a_server_error, content_type_conformance, response_schema_conformance)
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
CASES = sorted((path, method) for path, entry in DOCUMENT["paths"].items() for method in entry)
EXPECTED_FAILURES = (501, 503, 507)
"""Not here; not now; no room: answers that blame nobody's code."""


def test_the_document_is_served(http_):
    answer = http_.get("/api/assay/1/openapi.json")
    assert answer.status == 200
    assert answer.json == json.loads(json.dumps(DOCUMENT))


def test_every_route_of_an_operation_is_in_the_document():
    served = {
        (path.decode().replace("*}", "}"), method.lower())
        for path, methods in operation_routes().items()
        for method in methods
        if not path.startswith(b"/ajax-api/")
    }
    assert served <= set(CASES)


def _names(path, method):
    """The names of what an operation takes."""
    entry = DOCUMENT["paths"][path][method]
    if "requestBody" not in entry or "*/*" in entry["requestBody"]["content"]:
        return {one["name"] for one in entry["parameters"] if one["in"] == "query"}
    schema = entry["requestBody"]["content"]["application/json"]["schema"]
    reference = schema.get("$ref", "").rsplit("/", 1)[-1]
    return set(DOCUMENT["components"]["schemas"].get(reference, schema).get("properties", {}))


@pytest.fixture(scope="module")
def api():
    return schemathesis.openapi.from_dict(DOCUMENT)


@pytest.fixture(scope="module")
def known(http_):
    """Values under which something is found: nobody guesses them."""
    run_id = http_.new_run()
    metrics = [{"key": "m", "value": value, "timestamp": 1, "step": 1} for value in (0.5, "NaN", "Infinity")]
    http_.call("runs/log-batch", {"run_id": run_id, "metrics": metrics, "params": [{"key": "p", "value": "1"}]})
    return {
        **dict.fromkeys(("run_id", "run_uuid"), run_id),
        "experiment_id": "0",
        "experiment_name": "Default",
        "experiment_ids": ["0"],
        "run_ids": [run_id],
        "metric_key": "m",
        "filter": "",
        "order_by": [],
        "max_results": 5,
        "page_token": "",
    }


@pytest.mark.parametrize(("path", "method"), CASES, ids=[f"{method}-{path}" for path, method in CASES])
def test_the_server_answers_as_its_document_says(api, server, known, path, method):
    ask_by_document(api, server, known, path, method, examples=6)


@pytest.mark.slow
@pytest.mark.parametrize(("path", "method"), CASES, ids=[f"{method}-{path}" for path, method in CASES])
def test_the_server_answers_as_its_document_says_at_length(api, server, known, path, method):
    ask_by_document(api, server, known, path, method, examples=100)


def ask_by_document(api, server, known, path, method, *, examples):
    operation = api[path][method]
    cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES])
    names = _names(path, method) & set(known)

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=cases, wise=st.sets(st.sampled_from(sorted(names))) if names else st.just(set()))
    def ask(case, wise):
        given = case.body if isinstance(case.body, dict) else case.query
        if isinstance(given, dict):
            given.update({name: known[name] for name in wise})
        answer = case.call(base_url=server.url)
        if answer.status_code in EXPECTED_FAILURES:
            return
        case.validate_response(answer, checks=CHECKS)

    ask()
