"""Deleting for good over REST: rows, and the files that the server keeps."""

from __future__ import annotations

import pytest

EMPTY = "trash/empty"
OWN = "/api/assay/1/"


def deleted_run(http_, text=b"12345"):
    run = http_.call("runs/create", {"experiment_id": "0"})["run"]["info"]
    path = run["artifact_uri"].removeprefix("mlflow-artifacts:/")
    assert http_.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{path}/deep/file.bin", text).status == 200
    http_.call("runs/delete", {"run_id": run["run_id"]})
    return run["run_id"]


def test_a_dry_run_tells_and_the_next_deletes(http_, directory):
    run_id = deleted_run(http_)
    wanted = {"kind": "run", "id": run_id, "size": 5}
    for dry_run in (True, True, False):
        assert http_.call(EMPTY, {"run_ids": [run_id], "dry_run": dry_run}, OWN) == {"items": [wanted]}
    assert http_.get(f"/api/2.0/mlflow/runs/get?run_id={run_id}").status == 404
    assert not [path for path in directory.rglob("*") if run_id in path.name]
    again = http_.post(EMPTY, {"run_ids": [run_id]}, OWN)
    assert (again.status, again.code) == (404, "RESOURCE_DOES_NOT_EXIST")


def test_active_runs_and_younger_ones_are_not_touched(http_):
    active, young = http_.new_run(), deleted_run(http_)
    assert http_.post(EMPTY, {"run_ids": [active]}, OWN).status == 400
    assert http_.post(EMPTY, {"run_ids": [young], "deleted_before": 5}, OWN).status == 400
    assert http_.call(EMPTY, {"deleted_before": 5}, OWN) == {}
    for run_id in (active, young):
        assert http_.run(run_id)["info"]["run_id"] == run_id


def test_files_that_the_server_may_not_reach_keep_their_run(http_):
    experiment = http_.call("experiments/create", {"name": "elsewhere", "artifact_location": "s3://not-ours/x"})
    run_id = http_.new_run(**experiment)
    http_.call("runs/delete", {"run_id": run_id})
    report = http_.call(EMPTY, {"run_ids": [run_id]}, OWN)
    (kept,) = report["kept"]
    assert (kept["kind"], kept["id"]) == ("run", run_id)
    assert "not-ours" in kept["reason"]
    assert http_.run(run_id)["info"]["lifecycle_stage"] == "deleted"


def test_a_token_of_another_search_is_refused(http_):
    for token in ("x", "eyJvZmZzZXQiOiAxfQ=="):
        answer = http_.post(EMPTY, {"page_token": token}, OWN)
        assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("run_id", ["models", "0", "artifacts", "A" * 32, "٣" * 32, "a" * 31])
def test_no_run_is_named_as_the_files_of_others_are(http_, run_id):
    answer = http_.post("runs/create", {"experiment_id": "0", "run_id": run_id})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_runs_right_below_the_root_go_alone(http_, directory):
    experiment = http_.call("experiments/create", {"name": "at the root", "artifact_location": "mlflow-artifacts:/"})
    run_id = http_.new_run(**experiment)
    for path in (f"{run_id}/artifacts/f", "0/another/f"):
        assert http_.send("PUT", f"/api/2.0/mlflow-artifacts/artifacts/{path}", b"123").status == 200
    http_.call("runs/delete", {"run_id": run_id})
    assert http_.call(EMPTY, {"run_ids": [run_id]}, OWN) == {"items": [{"kind": "run", "id": run_id, "size": 3}]}
    assert not (directory / "mlartifacts" / run_id).exists()
    assert (directory / "mlartifacts" / "0" / "another" / "f").read_bytes() == b"123"
