"""Logged models, and metrics of them, over REST."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest

from assay.wire.journal import encode_payload
from assay.wire.metrics import LogMetric

BASE = "/api/2.0/mlflow/logged-models"


@pytest.fixture
def experiment(http_, request):
    return http_.call("experiments/create", {"name": request.node.name})["experiment_id"]


def create(http_, experiment, **more):
    return http_.call("logged-models", {"experiment_id": experiment, **more})["model"]["info"]["model_id"]


def get(http_, model_id, query=""):
    return http_.get(f"{BASE}/{model_id}{query}").json["model"]


def send(http_, method, path, body):
    return http_.send(method, f"{BASE}/{path}", json.dumps(body), {})


def measure(http_, run_id, model_id, **more):
    point = {"run_id": run_id, "key": "acc", "value": 0.5, "timestamp": 1, "model_id": model_id, **more}
    return http_.post("runs/log-metric", point)


def search(http_, experiment, **more):
    answer = http_.call("logged-models/search", {"experiment_ids": [experiment], **more})
    return [model["info"]["name"] for model in answer.get("models", [])]


def test_the_life_of_a_model(http_, experiment):
    made = http_.call(
        "logged-models",
        {
            "experiment_id": experiment,
            "name": "net",
            "params": [{"key": "depth", "value": "3"}],
            "tags": [{"key": "t", "value": "v"}],
        },
    )["model"]
    model_id = made["info"]["model_id"]
    assert model_id.startswith("m-")
    assert len(model_id) == 34
    assert made["info"] == {
        "model_id": model_id,
        "experiment_id": experiment,
        "name": "net",
        "creation_timestamp_ms": made["info"]["creation_timestamp_ms"],
        "last_updated_timestamp_ms": made["info"]["creation_timestamp_ms"],
        "artifact_uri": f"mlflow-artifacts:/{experiment}/models/{model_id}/artifacts",
        "status": "LOGGED_MODEL_PENDING",
        "model_type": "",
        "source_run_id": "",
        "tags": [{"key": "t", "value": "v"}],
    }
    assert made["data"] == {"params": [{"key": "depth", "value": "3"}]}
    for status, name in ((2, "READY"), ("LOGGED_MODEL_UPLOAD_FAILED", "UPLOAD_FAILED"), ("READY", "READY")):
        answer = send(http_, "PATCH", model_id, {"model_id": model_id, "status": status})
        assert answer.json["model"]["info"]["status"] == f"LOGGED_MODEL_{name}"
    for wrong in (77, "DONE"):
        assert send(http_, "PATCH", model_id, {"status": wrong}).status == 400
    assert send(http_, "DELETE", model_id, {"model_id": model_id}).json == {}
    assert send(http_, "DELETE", model_id, {}).status == 200
    assert http_.get(f"{BASE}/{model_id}").status == 404
    assert get(http_, model_id, "?allow_deleted=true")["info"]["name"] == "net"
    assert http_.get(f"{BASE}/{model_id}?allow_deleted=false").status == 404


def test_names_are_given_or_checked(http_, experiment):
    assert get(http_, create(http_, experiment, name=""))["info"]["name"]
    for sign in "/:.%\"'":
        answer = http_.post("logged-models", {"experiment_id": experiment, "name": f"a{sign}b"})
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert http_.post("logged-models", {"experiment_id": "999"}).status == 404
    assert http_.post("logged-models", {"name": "x"}).status == 400
    http_.call("experiments/delete", {"experiment_id": experiment})
    assert http_.post("logged-models", {"experiment_id": experiment}).status == 400


def test_a_client_may_name_the_model_itself_and_ask_again(http_, experiment):
    assert create(http_, experiment, model_id="m-mine") == "m-mine"
    answer = http_.post("logged-models", {"experiment_id": experiment, "model_id": "m-mine"})
    assert answer.code == "RESOURCE_ALREADY_EXISTS"
    assert http_.post("logged-models", {"experiment_id": experiment, "model_id": "mine"}).status == 400


@pytest.mark.parametrize("key", ["plain", "team/owner", "a b", "ü", "..", "%2F", "tags"])
def test_tags_of_any_name_are_set_and_deleted(http_, experiment, key):
    model_id = create(http_, experiment)
    answer = send(http_, "PATCH", f"{model_id}/tags", {"tags": [{"key": key, "value": "1"}, {"key": "z", "value": ""}]})
    assert {"key": key, "value": "1"} in answer.json["model"]["info"]["tags"]
    segment = "".join(f"%{byte:02X}" for byte in key.encode())
    assert send(http_, "DELETE", f"{model_id}/tags/{segment}", {}).json == {}
    assert get(http_, model_id)["info"]["tags"] == [{"key": "z", "value": ""}]
    missing = send(http_, "DELETE", f"{model_id}/tags/{segment}", {})
    assert (missing.status, missing.code) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_params_are_added_and_never_change(http_, experiment):
    model_id = create(http_, experiment, params=[{"key": "a", "value": "1"}])
    path = f"logged-models/{model_id}/params"
    assert http_.call(path, {"params": [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}]}) == {}
    assert http_.post(path, {"params": [{"key": "c", "value": "1"}, {"key": "b", "value": "3"}]}).status == 400
    assert [one["key"] for one in get(http_, model_id)["data"]["params"]] == ["a", "b"]
    twice = [{"key": "x", "value": "1"}] * 2
    assert http_.post("logged-models", {"experiment_id": experiment, "params": twice}).status == 400


def test_the_address_says_which_model(http_, experiment):
    one, two = create(http_, experiment), create(http_, experiment)
    send(http_, "PATCH", one, {"model_id": two, "status": 2})
    assert get(http_, one)["info"]["status"] == "LOGGED_MODEL_READY"
    assert get(http_, two)["info"]["status"] == "LOGGED_MODEL_PENDING"
    assert http_.send("PUT", f"{BASE}/{one}", b"{}", {"Content-Type": "application/json"}).status == 405
    assert http_.get(f"{BASE}/m-none").code == "RESOURCE_DOES_NOT_EXIST"
    assert http_.get(f"{BASE}/{one}/").code == "ENDPOINT_NOT_FOUND"


def test_metrics_belong_to_the_run_and_to_the_model(http_, experiment):
    run_id, model_id = http_.new_run(experiment_id=experiment), create(http_, experiment)
    assert measure(http_, run_id, model_id, dataset_name="d", dataset_digest="1").status == 200
    batch = [{"key": "acc", "value": "NaN", "timestamp": 2, "step": 1, "model_id": model_id}]
    batch.append({"key": "loss", "value": 1, "timestamp": 2, "step": 1})
    http_.call("runs/log-batch", {"run_id": run_id, "metrics": batch})
    common = {"key": "acc", "model_id": model_id, "run_id": run_id}
    assert get(http_, model_id)["data"]["metrics"] == [
        {**common, "value": 0.5, "timestamp": 1, "step": 0, "dataset_name": "d", "dataset_digest": "1"},
        {**common, "value": "NaN", "timestamp": 2, "step": 1},
    ]
    history = http_.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=acc").json["metrics"]
    assert [(point["value"], point.get("model_id")) for point in history] == [(0.5, None), ("NaN", None)]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"model_id": "m-none"}, "BAD_REQUEST"),
        ({"dataset_name": "d"}, "INVALID_PARAMETER_VALUE"),
        ({"dataset_digest": "1"}, "INVALID_PARAMETER_VALUE"),
        ({"dataset_name": "d" * 501, "dataset_digest": "1"}, "INVALID_PARAMETER_VALUE"),
        ({"dataset_name": "d", "dataset_digest": "1" * 37}, "INVALID_PARAMETER_VALUE"),
    ],
)
def test_a_metric_that_its_model_cannot_take_is_not_stored_at_all(http_, experiment, more, code):
    run_id, model_id = http_.new_run(), create(http_, experiment)
    point = {"key": "acc", "value": 1, "timestamp": 1, "model_id": model_id, **more}
    for answer in (
        measure(http_, run_id, **{"model_id": model_id, **more}),
        http_.post("runs/log-batch", {"run_id": run_id, "metrics": [point]}),
    ):
        assert (answer.status, answer.code) == (400, code)
    assert "metrics" not in http_.run(run_id)["data"]
    assert get(http_, model_id)["data"] == {}


def test_journals_bring_metrics_of_models_and_refuse_unknown_ones_alone(http_, experiment):
    run_id, model_id = http_.new_run(), create(http_, experiment)
    points = [
        LogMetric(run_id=run_id, key="acc", value=value, timestamp=1, step=step, model_id=model)
        for step, (value, model) in enumerate([(0.1, model_id), (0.2, "m-none"), (0.3, None), (0.4, model_id)])
    ]
    payloads = [encode_payload(point) for point in points]
    body = msgspec.msgpack.encode({"writer": "w-models", "seqs": [1, 2, 3, 4], "payloads": payloads})
    for rejected in ([2], []):
        answer = http_.send("POST", "/api/assay/1/journal/apply", body, {"Content-Type": "application/msgpack"})
        assert [one["seq"] for one in answer.json.get("rejected", [])] == rejected
    assert [point["value"] for point in get(http_, model_id)["data"]["metrics"]] == [0.1, 0.4]
    history = http_.get(f"/api/2.0/mlflow/metrics/get-history?run_id={run_id}&metric_key=acc").json["metrics"]
    assert [point["value"] for point in history] == [0.1, 0.3, 0.4]


@pytest.fixture
def measured(http_, experiment):
    run_id = http_.new_run(experiment_id=experiment)
    for number, values in enumerate(([0.1, 0.9], [0.4], [])):
        model_id = create(http_, experiment, name=f"n{number}", params=[{"key": "depth", "value": str(number * 10)}])
        for time, value in enumerate(values):
            measure(http_, run_id, model_id, value=value, timestamp=time, dataset_name="d", dataset_digest=str(time))
    return experiment


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        ({}, ["n2", "n1", "n0"]),
        ({"filter": "metrics.acc > 0.8 OR params.depth >= 20"}, ["n2", "n0"]),
        ({"filter": "NOT metrics.acc < 0.2"}, ["n2", "n1"]),
        ({"filter": "status = PENDING AND name IN ('n1', n2)"}, ["n2", "n1"]),
        ({"filter": "metrics.acc < 0.2", "datasets": [{"dataset_name": "d", "dataset_digest": "1"}]}, []),
        ({"datasets": [{"dataset_name": "d", "dataset_digest": "1"}]}, ["n0"]),
        ({"datasets": [{"dataset_name": "d"}]}, ["n1", "n0"]),
        ({"order_by": [{"field_name": "metrics.acc"}]}, ["n1", "n0", "n2"]),
        ({"order_by": [{"field_name": "metrics.acc", "ascending": False}]}, ["n0", "n1", "n2"]),
        (
            {"order_by": [{"field_name": "metrics.acc", "dataset_name": "d", "dataset_digest": "0"}]},
            ["n0", "n1", "n2"],
        ),
        (
            {"order_by": [{"field_name": "attributes.name"}, {"field_name": "name", "ascending": False}]},
            ["n0", "n1", "n2"],
        ),
        ({"max_results": 0}, ["n2", "n1", "n0"]),
        ({"max_results": 2**31}, ["n2", "n1", "n0"]),
    ],
)
def test_models_are_found(http_, measured, more, wanted):
    assert search(http_, measured, **more) == wanted


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"filter": "nope = 1"}, "position 1"),
        ({"filter": " "}, "position 1"),
        ({"order_by": [{"field_name": "params.depth"}]}, "cannot be ordered"),
        ({"order_by": [{"field_name": "nope"}]}, "unknown attribute"),
        ({"order_by": [{}]}, "order_by[0].field_name"),
        ({"order_by": [{"field_name": "metrics.acc", "dataset_digest": "1"}]}, "order_by[0].dataset_name"),
        ({"datasets": [{"dataset_name": "d"}, {}]}, "datasets[1].dataset_name"),
        ({"datasets": [{"dataset_name": ""}]}, "datasets[0].dataset_name"),
        ({"datasets": [{"dataset_name": "d"}] * 101}, "'datasets' has 101 items"),
        ({"max_results": -1}, "max_results"),
        ({"experiment_ids": ["x"]}, "Invalid experiment id"),
        ({"experiment_ids": None}, "'experiment_ids'"),
        ({"page_token": "x"}, "page_token"),
    ],
)
def test_searches_that_cannot_be_are_refused(http_, more, said):
    answer = http_.post("logged-models/search", {"experiment_ids": ["0"], **more})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert said in answer.json["message"]


def test_a_page_token_goes_with_its_search(http_, measured):
    question = {"experiment_ids": [measured], "order_by": [{"field_name": "name"}], "max_results": 2}
    first = http_.call("logged-models/search", question)
    token = first["next_page_token"]
    held = json.loads(base64.b64decode(token))
    assert (held["experiment_ids"], held["offset"]) == ([measured], 2)
    second = http_.call("logged-models/search", {**question, "page_token": token, "max_results": 5})
    assert [model["info"]["name"] for model in second["models"]] == ["n2"]
    assert "next_page_token" not in second
    others = [
        {"filter": "name = 'x'"},
        {"order_by": []},
        {"experiment_ids": ["0"]},
        {"datasets": [{"dataset_name": "d"}]},
    ]
    for other in others:
        answer = http_.post("logged-models/search", {**question, "page_token": token, **other})
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
        assert next(iter(other)) in answer.json["message"]
    assert http_.call("logged-models/search", {"experiment_ids": []}) == {}


def test_files_of_a_model_are_listed(http_, experiment):
    model_id = create(http_, experiment)
    proxy = f"/api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{model_id}/artifacts"
    assert http_.send("PUT", f"{proxy}/MLmodel", b"flavors: {}").status == 200
    assert http_.send("PUT", f"{proxy}/data/model.bin", b"12345").status == 200
    listed = http_.get(f"{BASE}/{model_id}/artifacts/directories").json
    assert listed["root_uri"].endswith(f"{model_id}/artifacts")
    assert [(file["path"], file["is_dir"]) for file in listed["files"]] == [("MLmodel", False), ("data", True)]
    inner = http_.get(f"{BASE}/{model_id}/artifacts/directories?artifact_directory_path=data").json
    assert inner["files"] == [{"path": "data/model.bin", "is_dir": False, "file_size": 5}]
    assert http_.get(f"{BASE}/{model_id}/artifacts/directories?artifact_directory_path=../x").status == 400
    assert http_.get(f"{BASE}/m-none/artifacts/directories").status == 404
