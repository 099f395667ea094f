"""Every operation over a real socket, and the quirks of MLflow's REST dialect."""

import base64
import gzip
import json
from functools import partial

import msgspec
import pytest

from assay.core.errors import StorageFull
from assay.server.errors import error_answer
from assay.wire.journal import ApplyJournal, encode_payload
from assay.wire.metrics import LogMetric
from assay.wire.operations import OPERATIONS
from assay.wire.runs import CreateRun

DATABASES = ["sqlite", "postgres"]


@pytest.mark.parametrize("prefix", ["/api/", "/ajax-api/"])
def test_every_operation_has_its_route_and_answers_in_json(http_, prefix):
    """Whatever it says to an empty request, it is not that there is no such endpoint."""
    for operation in OPERATIONS.values():
        for method in operation.methods:
            answer = http_.send(method, prefix + operation.path, b"{}", {"Content-Type": "application/json"})
            known = answer.status in (200, 400) or answer.code in ("RESOURCE_DOES_NOT_EXIST", "NOT_IMPLEMENTED")
            assert known, (operation.name, answer)
            assert isinstance(answer.json, dict)
            assert answer.headers["content-type"] == "application/json"
            assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_life_of_an_experiment(http_):
    created = http_.call("experiments/create", {"name": "life", "tags": [{"key": "a", "value": "1"}]})
    named = {"experiment_id": created["experiment_id"]}
    http_.call("experiments/set-experiment-tag", {**named, "key": "b", "value": ""})
    http_.call("experiments/delete-experiment-tag", {**named, "key": "a"})
    http_.call("experiments/update", {**named, "new_name": "renamed"})
    found = http_.get("/api/2.0/mlflow/experiments/get-by-name?experiment_name=renamed").json["experiment"]
    assert found["experiment_id"] == created["experiment_id"]
    assert [tag["key"] for tag in found["tags"]] == ["b"]
    http_.call("experiments/delete", named)
    assert (
        http_.get(f"/api/2.0/mlflow/experiments/get?experiment_id={named['experiment_id']}").json["experiment"][
            "lifecycle_stage"
        ]
        == "deleted"
    )
    http_.call("experiments/restore", named)
    listed = http_.call("experiments/search", {"max_results": 1, "filter": "name = 'renamed'"})
    assert [one["name"] for one in listed["experiments"]] == ["renamed"]
    assert http_.get("/api/2.0/mlflow/experiments/search?max_results=5").status == 200


def test_the_life_of_a_run(http_):
    run_id = http_.new_run(run_name="life", tags=[{"key": "t", "value": "1"}], start_time=1000)
    point = {"run_id": run_id, "key": "loss", "value": 0.5, "timestamp": 1001, "step": 1}
    http_.call("runs/log-metric", point)
    http_.call("runs/log-metric", point)
    http_.call("runs/log-parameter", {"run_id": run_id, "key": "lr", "value": "0.1"})
    http_.call("runs/set-tag", {"run_id": run_id, "key": "u", "value": "2"})
    http_.call("runs/delete-tag", {"run_id": run_id, "key": "t"})
    batch = {"metrics": [{"key": "loss", "value": 0.25, "timestamp": 1002, "step": 2}]}
    http_.call("runs/log-batch", {"run_id": run_id, **batch, "params": [{"key": "n", "value": "3"}]})
    updated = http_.call("runs/update", {"run_id": run_id, "status": "FINISHED", "end_time": 2000})
    assert updated["run_info"]["status"] == "FINISHED"
    run = http_.run(run_id)
    assert run["info"]["end_time"] == 2000
    assert run["data"]["metrics"] == [{"key": "loss", "value": 0.25, "timestamp": 1002, "step": 2}]
    assert run["data"]["params"] == [{"key": "lr", "value": "0.1"}, {"key": "n", "value": "3"}]
    assert {tag["key"] for tag in run["data"]["tags"]} == {"u", "mlflow.runName"}
    history = http_.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=loss").json
    assert [point["value"] for point in history["metrics"]] == [0.5, 0.25]
    found = http_.call("runs/search", {"experiment_ids": ["0"], "filter": "metrics.loss < 0.3 and params.n = '3'"})
    assert [one["info"]["run_id"] for one in found["runs"]] == [run_id]
    http_.call("runs/delete", {"run_id": run_id})
    assert http_.run(run_id)["info"]["lifecycle_stage"] == "deleted"
    http_.call("runs/restore", {"run_id": run_id})


def test_views_answer_columns(http_):
    run_id = http_.new_run()
    http_.call("runs/log-metric", {"run_id": run_id, "key": "m", "value": "NaN", "timestamp": 1})
    table = http_.call("assay/1/views/runs", {"experiment_ids": ["0"]}, prefix="/ajax-api/")
    assert run_id in table["run_ids"]
    curves = http_.call("assay/1/views/curves", {"run_ids": [run_id]}, prefix="/ajax-api/")
    assert curves["curves"][0]["values"] == ["NaN"]
    assert http_.get("/ajax-api/assay/1/views/experiments").json["experiments"][0]["name"]


def test_large_views_are_packed_for_pages_that_can_unpack_them(http_):
    """Small answers, other operations, and clients that do not ask get plain JSON."""
    run_id = http_.new_run()
    metrics = [{"key": "packed", "value": step, "timestamp": 1, "step": step} for step in range(1000)]
    http_.call("runs/log-batch", {"run_id": run_id, "metrics": metrics})
    curves = partial(http_.post, "assay/1/views/curves", {"run_ids": [run_id]}, "/ajax-api/")
    plain, packed = curves(), curves(Accept_Encoding="br, gzip;q=0.5")
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body) / 2
    assert "content-encoding" not in curves(Accept_Encoding="gzip;q=0").headers
    history = f"/api/2.0/mlflow/metrics/get-history?metric_key=packed&run_id={run_id}"
    small = http_.post("assay/1/views/curves", {"run_ids": ["none"]}, "/ajax-api/", Accept_Encoding="gzip")
    for answer in (plain, small, http_.get(history, accept_encoding="gzip")):
        assert "content-encoding" not in answer.headers


def test_numbers_that_json_has_not_travel_as_text(http_):
    run_id = http_.new_run()
    for key, value in (("nan", "NaN"), ("up", "Infinity"), ("down", "-Infinity"), ("text", "1.5")):
        http_.call("runs/log-metric", {"run_id": run_id, "key": key, "value": value, "timestamp": "5", "step": "2"})
    metrics = {one["key"]: one for one in http_.run(run_id)["data"]["metrics"]}
    assert {key: one["value"] for key, one in metrics.items()} == {
        "nan": "NaN",
        "up": "Infinity",
        "down": "-Infinity",
        "text": 1.5,
    }
    assert metrics["nan"]["timestamp"] == 5


@pytest.mark.parametrize(
    ("body", "part"),
    [
        (b"not json", "Missing value for required parameter 'key'"),
        (b"", "Missing value for required parameter 'key'"),
        (b"{", "Missing value"),
        (b"[1, 2]", "Missing value"),
        (b'{"key": "a", "value": 1}', "Missing value for required parameter 'timestamp'"),
        (b'{"key": "", "value": 1, "timestamp": 1}', "Missing value for required parameter 'key'"),
        (b'{"key": "a", "value": null, "timestamp": 1}', "Missing value for required parameter 'value'"),
        (b'{"key": "a", "value": "x", "timestamp": 1}', "Invalid value 'x' for parameter 'value' supplied"),
        (b'{"key": "a", "value": 1, "timestamp": 1, "run_id": "../x"}', "Invalid run id"),
        (b'{"key": "a", "value": 1, "timestamp": 1, "runId": "x", "run_id": "x"}', "two spellings"),
    ],
)
def test_requests_that_cannot_be_meant_say_what_is_wrong(http_, body, part):
    answer = http_.post("runs/log-metric", body)
    assert answer.status == 400
    assert part in answer.json["message"]
    assert answer.json["sqlstate"] == "KAM00"


def test_the_dialect_is_generous_where_mlflow_is(http_):
    run_id = http_.new_run()
    inside = json.dumps({"run_uuid": run_id, "key": "k", "value": "v", "unknown": [1]})
    assert http_.post("runs/set-tag", json.dumps(inside)).status == 200
    assert http_.post("runs/setTag", inside).status == 404
    assert http_.post("runs/set-tag", {"runId": run_id, "key": "k2", "value": ""}).status == 200
    assert http_.call("runs/update", {"run_id": run_id, "status": "BOGUS"})["run_info"]["status"] == "RUNNING"
    typed = http_.post("runs/set-tag", inside, Content_Type="Application/JSON; charset=utf-8")
    assert typed.status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_posts_that_a_web_form_could_make_are_refused(http_, kind):
    answer = http_.post("runs/create", {"experiment_id": "0"}, Content_Type=kind)
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert "Content-Type" in answer.json["message"]


def test_errors_have_mlflows_codes_and_status(http_):
    http_.call("experiments/create", {"name": "taken"})
    taken = http_.post("experiments/create", {"name": "taken"})
    assert (taken.status, taken.code) == (400, "RESOURCE_ALREADY_EXISTS")
    missing = http_.get("/api/2.0/mlflow/runs/get?run_id=" + "0" * 32)
    assert (missing.status, missing.code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert missing.json["error_class"] == "RESOURCE_NOT_FOUND"
    assert http_.post("experiments/search", {}).status == 400
    assert http_.get("/api/2.0/mlflow/experiments/search?max_results=5&view_type=3").status == 200


@pytest.mark.parametrize("digits", ["9" * 5000, "0" * 5000, "9" * 19, "-1", "٣", "1e3"])
def test_no_text_passes_for_an_experiment_id_but_a_whole_number(http_, digits):
    answer = http_.post("runs/create", {"experiment_id": digits})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert "whole number" in answer.json["message"]


def test_a_batch_is_applied_whole_or_not_at_all(http_):
    run_id = http_.new_run()
    http_.call("runs/log-parameter", {"run_id": run_id, "key": "p", "value": "1"})
    answer = http_.post(
        "runs/log-batch",
        {
            "run_id": run_id,
            "metrics": [{"key": "m", "value": 1, "timestamp": 1}],
            "params": [{"key": "q", "value": "1"}, {"key": "p", "value": "2"}],
        },
    )
    assert answer.status == 400
    assert "metrics" not in http_.run(run_id)["data"]
    assert len(http_.run(run_id)["data"]["params"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/2.0/mlflow/nonsense", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/api/2.0/mlflow/runs/get/", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/api/2.0/preview/mlflow/runs/get", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/api/2.1/mlflow/runs/get", 404, "ENDPOINT_NOT_FOUND"),
        ("POST", "/api/2.0/mlflow/tracesnonsense", 404, "ENDPOINT_NOT_FOUND"),
        ("GET", "/api/2.0/mlflow/runs/create", 405, "ENDPOINT_NOT_FOUND"),
        ("DELETE", "/api/2.0/mlflow/runs/get", 405, "ENDPOINT_NOT_FOUND"),
        ("POST", "/nonsense", 404, "ENDPOINT_NOT_FOUND"),
        ("POST", "/api/2.0/mlflow/traces", 501, "NOT_IMPLEMENTED"),
        ("PATCH", "/api/3.0/mlflow/traces/tr-1/tags", 501, "NOT_IMPLEMENTED"),
        ("POST", "/api/3.0/mlflow/traces/search", 501, "NOT_IMPLEMENTED"),
        ("GET", "/ajax-api/3.0/mlflow/scorers/list", 501, "NOT_IMPLEMENTED"),
        ("GET", "/api/2.0/mlflow/users/get?username=x", 501, "NOT_IMPLEMENTED"),
        ("GET", "/api/2.0/mlflow-artifacts/presigned/x/y", 501, "NOT_IMPLEMENTED"),
        ("POST", "/v1/traces", 501, "NOT_IMPLEMENTED"),
        ("POST", "/graphql", 501, "NOT_IMPLEMENTED"),
    ],
)
def test_paths_that_are_not_here(http_, method, path, status, code):
    answer = http_.send(method, path, b"{}", {"Content-Type": "application/json"})
    assert (answer.status, answer.code) == (status, code)


def test_methods_are_told(http_):
    answer = http_.send("OPTIONS", "/api/2.0/mlflow/experiments/search")
    assert (answer.status, answer.headers["allow"]) == (204, "POST, GET, OPTIONS")


def test_small_answers_about_itself(http_):
    assert http_.get("/health").body == b"OK"
    assert http_.get("/version").body == b"3.17.2"
    info = http_.get("/api/3.0/mlflow/server-info").json
    assert info["store_type"] == "SqlStore"
    assert info["workspaces_enabled"] is False
    assert info["journal"] is True


def test_a_journal_is_applied_once_in_json_and_messagepack(http_):
    run_id = "a" * 32
    payloads = [
        encode_payload(CreateRun(run_id=run_id, experiment_name="journal", start_time=1)),
        *(encode_payload(LogMetric(run_id=run_id, key="m", value=n, timestamp=n, step=n)) for n in range(1, 4)),
    ]
    packed = msgspec.msgpack.encode(ApplyJournal(writer="w1", seqs=[1, 2, 3], payloads=payloads[:3]))
    headers = {"Content-Type": "application/msgpack"}
    for _ in range(2):
        answer = http_.send("POST", "/api/assay/1/journal/apply", packed, headers)
        assert (answer.status, answer.json) == (200, {"seq": 3}), answer
    plain = {"writer": "w1", "seqs": [3, 4], "payloads": [base64.b64encode(one).decode() for one in payloads[2:]]}
    assert http_.call("assay/1/journal/apply", plain, prefix="/api/") == {"seq": 4}
    assert http_.run(run_id)["data"]["metrics"] == [{"key": "m", "value": 3.0, "timestamp": 3, "step": 3}]
    broken = http_.send("POST", "/api/assay/1/journal/apply", b"\x93\x01", headers)
    assert (broken.status, broken.code) == (400, "BAD_REQUEST")
    elsewhere = http_.send("POST", "/api/2.0/mlflow/runs/create", b"\x80", headers)
    assert elsewhere.status == 400


def test_unexpected_errors_keep_their_details_to_the_log(caplog):
    status, body = error_answer(RuntimeError("select secret from somewhere"), "4711")
    said = json.loads(body)
    assert (status, said["error_code"]) == (500, "INTERNAL_ERROR")
    assert "secret" not in said["message"]
    assert said["message"].split()[-1] == "4711."
    assert "Unexpected error 4711" in caplog.text
    assert error_answer(StorageFull("full"), "4712")[0] == 507


def test_requests_may_be_pipelined_and_connections_kept(http_):
    request = b"GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n"
    assert http_.raw(request * 3).count(b"HTTP/1.1 200 OK") == 3
