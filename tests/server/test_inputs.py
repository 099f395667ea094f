"""What runs read and made, over REST."""

from __future__ import annotations

import json

import msgspec
import pytest

from assay.wire.inputs import Dataset, DatasetInput, LogInputs, LogOutputs, ModelInput, ModelOutput
from assay.wire.journal import encode_payload

CONTEXT = "mlflow.data.context"
DATASET = {"name": "wine", "digest": "0a1b", "source_type": "local", "source": '{"uri": "w.csv"}'}


def given(context="train", **more):
    return {"dataset": {**DATASET, **more}, "tags": [{"key": CONTEXT, "value": context}]}


def test_a_new_run_says_that_it_read_and_made_nothing(http_):
    run = http_.call("runs/create", {"experiment_id": "0"})["run"]
    assert (run["inputs"], run["outputs"]) == ({}, {})
    assert http_.run(run["info"]["run_id"])["outputs"] == {}


def test_inputs_and_outputs_are_with_the_run_and_in_searches(http_):
    experiment = http_.call("experiments/create", {"name": "inputs"})["experiment_id"]
    run_id = http_.new_run(experiment_id=experiment)
    whole = given(schema='{"mlflow_colspec": []}', profile='{"num_rows": 3}')
    http_.call("runs/log-inputs", {"run_id": run_id, "datasets": [whole], "models": [{"model_id": "m-in"}]})
    http_.call("runs/log-inputs", {"runId": run_id, "datasets": [{"dataset": {"name": "bare"}}]})
    http_.call("runs/outputs", {"run_id": run_id, "models": [{"model_id": "m-out", "step": "7"}, {"model_id": "m-2"}]})
    run = http_.run(run_id)
    bare = {"dataset": {"name": "bare", "digest": "", "source_type": "", "source": ""}}
    assert run["inputs"] == {"dataset_inputs": [whole, bare], "model_inputs": [{"model_id": "m-in"}]}
    assert run["outputs"] == {"model_outputs": [{"model_id": "m-out", "step": 7}, {"model_id": "m-2", "step": 0}]}
    found = http_.call(
        "runs/search", {"experiment_ids": [experiment], "filter": "dataset.name = 'wine' AND dataset.context != 'test'"}
    )
    assert found["runs"] == [run]
    nothing = http_.call("runs/search", {"experiment_ids": [experiment], "filter": "datasets.context = 'test'"})
    assert nothing == {}


def test_the_same_again_changes_nothing(http_):
    run_id = http_.new_run()
    for context, step in (("train", 1), ("test", 2)):
        http_.call("runs/log-inputs", {"run_id": run_id, "datasets": [given(context, name="again")]})
        http_.call("runs/outputs", {"run_id": run_id, "models": [{"model_id": "m-1", "step": step}]})
    run = http_.run(run_id)
    assert [one["tags"][0]["value"] for one in run["inputs"]["dataset_inputs"]] == ["train"]
    assert run["outputs"]["model_outputs"] == [{"model_id": "m-1", "step": 1}]


def test_journals_bring_inputs_and_outputs_once(http_):
    run_id = http_.new_run()
    records = [
        LogInputs(
            run_id=run_id, datasets=[DatasetInput(dataset=Dataset(**DATASET))], models=[ModelInput(model_id="m")]
        ),
        LogOutputs(run_id=run_id, models=[ModelOutput(model_id="m-1", step=3)]),
        LogInputs(run_id=run_id, datasets=[DatasetInput(dataset=Dataset(name="x" * 501))]),
        LogInputs(run_id="0" * 32, models=[ModelInput(model_id="m")]),
    ]
    payloads = [encode_payload(record) for record in records]
    body = msgspec.msgpack.encode({"writer": "w-inputs", "seqs": [1, 2, 3, 4], "payloads": payloads})
    for rejected in ([3, 4], []):
        answer = http_.send("POST", "/api/assay/1/journal/apply", body, {"Content-Type": "application/msgpack"})
        assert [one["seq"] for one in answer.json.get("rejected", [])] == rejected
    run = http_.run(run_id)
    assert run["inputs"] == {"dataset_inputs": [{"dataset": DATASET}], "model_inputs": [{"model_id": "m"}]}
    assert run["outputs"] == {"model_outputs": [{"model_id": "m-1", "step": 3}]}


@pytest.mark.parametrize("operation", ["runs/log-inputs", "runs/outputs"])
def test_only_runs_that_are_there_and_not_deleted_take_them(http_, operation):
    run_id = http_.new_run()
    http_.call("runs/delete", {"run_id": run_id})
    assert http_.post(operation, {"run_id": run_id}).status == 400
    assert http_.post(operation, {"run_id": "0" * 32}).status == 404
    answer = http_.post(operation, {})
    assert "'run_id'" in answer.json["message"]


def test_datasets_are_listed_for_the_filter_box(http_):
    experiment = http_.call("experiments/create", {"name": "listed"})["experiment_id"]
    for context in ("train", "test"):
        run_id = http_.new_run(experiment_id=experiment)
        http_.call("runs/log-inputs", {"run_id": run_id, "datasets": [given(context), given(context, name="beer")]})
    body = json.dumps({"experiment_ids": [experiment]})
    answer = http_.send(
        "POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", body, {"Content-Type": "application/json"}
    )
    assert answer.json["dataset_summaries"] == [
        {"experiment_id": experiment, "name": name, "digest": "0a1b", "context": context}
        for name in ("beer", "wine")
        for context in ("test", "train")
    ]
    for wrong in ({}, {"experiment_ids": []}, {"experiment_ids": ["x"]}):
        assert http_.post("experiments/search-datasets", wrong).status == 400
    assert http_.call("experiments/search-datasets", {"experiment_ids": ["99"]}) == {}


def test_older_clients_note_models_in_a_tag(http_):
    run_id = http_.new_run()
    model = {"artifact_path": "model", "flavors": {}, "utc_time_created": "2026-01-01", "run_id": run_id}
    for number in range(2):
        http_.call("runs/log-model", {"run_id": run_id, "model_json": json.dumps({**model, "n": number})})
    tags = {tag["key"]: tag["value"] for tag in http_.run(run_id)["data"]["tags"]}
    assert [one["n"] for one in json.loads(tags["mlflow.log-model.history"])] == [0, 1]
    for wrong in ("{", "[]", '"x"', json.dumps({"flavors": {}})):
        assert http_.post("runs/log-model", {"run_id": run_id, "model_json": wrong}).status == 400
    http_.call("runs/set-tag", {"run_id": run_id, "key": "mlflow.log-model.history", "value": "none"})
    answer = http_.post("runs/log-model", {"run_id": run_id, "model_json": json.dumps(model)})
    assert "no JSON list" in answer.json["message"]


def test_an_unknown_number_of_a_status_is_refused_and_an_unknown_name_ignored(http_):
    run_id = http_.new_run()
    answer = http_.post("runs/update", {"run_id": run_id, "status": 9})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert http_.call("runs/update", {"run_id": run_id, "status": "BOGUS"})["run_info"]["status"] == "RUNNING"
    assert http_.call("runs/update", {"run_id": run_id, "status": 3})["run_info"]["status"] == "FINISHED"


def test_experiments_name_their_workspace(http_):
    answer = http_.get("/api/2.0/mlflow/experiments/get?experiment_id=0")
    assert answer.json["experiment"]["workspace"] == "default"


@pytest.mark.parametrize(
    ("operation", "message", "said"),
    [
        ("runs/log-inputs", {"datasets": [{}] * 1001}, "'datasets' has 1001 items"),
        ("runs/log-inputs", {"datasets": [{"tags": [{"key": "k"}] * 101}]}, "'datasets[0].tags' has 101 items"),
        ("runs/log-inputs", {"models": [{"model_id": "m-1"}] * 1001}, "'models' has 1001 items"),
        ("runs/outputs", {"models": [{"model_id": "m-1"}] * 1001}, "'models' has 1001 items"),
        ("runs/log-inputs", {"models": [{"model_id": "m" * 251}]}, "'models[0].model_id' exceeds"),
        ("runs/outputs", {"models": [{"model_id": "m" * 251}]}, "'models[0].model_id' exceeds"),
    ],
)
def test_one_request_brings_a_bounded_number(http_, operation, message, said):
    answer = http_.post(operation, {"run_id": http_.new_run(), **message})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
    assert said in answer.json["message"]
