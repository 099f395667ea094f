"""Every limit of a field: what is just within is taken, one more is refused with the field's name."""

from __future__ import annotations

import itertools
import json

import pytest

COUNTER = itertools.count()


def dataset(**given):
    return {"dataset": {"name": f"d{next(COUNTER)}", "digest": "1", "source_type": "s", "source": "x", **given}}


def tagged(key, value):
    return {**dataset(), "tags": [{"key": key, "value": value}]}


def in_run(http_, operation, **more):
    return http_.post(operation, {"run_id": http_.new_run(), **more})


def metric(**given):
    return {"key": "m", "value": 1, "timestamp": 1, **given}


def pairs(count):
    return [{"key": f"k{number}", "value": "v"} for number in range(count)]


def version(http_, **given):
    name = f"m{next(COUNTER)}"
    http_.call("registered-models/create", {"name": name})
    return http_.post("model-versions/create", {"name": name, "source": "s3://b/m", **given})


def described(text):
    return json.dumps({"run_id": "r", "artifact_path": text, "flavors": {}, "utc_time_created": ""})


LIMITS = {
    "experiment name": (500, lambda h, n: h.post("experiments/create", {"name": f"{next(COUNTER):08}".ljust(n, "x")})),
    "artifact location": (
        2048,
        lambda h, n: h.post(
            "experiments/create", {"name": f"at {next(COUNTER)}", "artifact_location": "s3://b/".ljust(n, "x")}
        ),
    ),
    "experiment tag key": (
        250,
        lambda h, n: h.post("experiments/set-experiment-tag", {"experiment_id": "0", "key": "k" * n, "value": "v"}),
    ),
    "experiment tag value": (
        20_000,
        lambda h, n: h.post("experiments/set-experiment-tag", {"experiment_id": "0", "key": "k", "value": "v" * n}),
    ),
    "metric key": (250, lambda h, n: in_run(h, "runs/log-metric", **metric(key="k" * n))),
    "param key": (250, lambda h, n: in_run(h, "runs/log-parameter", key="k" * n, value="v")),
    "tag key": (250, lambda h, n: in_run(h, "runs/set-tag", key="k" * n, value="v")),
    "metrics of a batch": (1000, lambda h, n: in_run(h, "runs/log-batch", metrics=[metric(step=s) for s in range(n)])),
    "params of a batch": (
        100,
        lambda h, n: in_run(h, "runs/log-batch", params=[{"key": f"p{one}", "value": "v"} for one in range(n)]),
    ),
    "tags of a batch": (
        100,
        lambda h, n: in_run(h, "runs/log-batch", tags=[{"key": f"t{one}", "value": "v"} for one in range(n)]),
    ),
    "items of a batch": (
        1000,
        lambda h, n: in_run(
            h,
            "runs/log-batch",
            metrics=[metric(step=s) for s in range(n - 50)],
            tags=[{"key": f"t{one}", "value": "v"} for one in range(50)],
        ),
    ),
    "dataset name": (500, lambda h, n: in_run(h, "runs/log-inputs", datasets=[dataset(name="x" * n)])),
    "dataset digest": (36, lambda h, n: in_run(h, "runs/log-inputs", datasets=[dataset(digest="x" * n)])),
    "dataset source": (65_535, lambda h, n: in_run(h, "runs/log-inputs", datasets=[dataset(source="x" * n)])),
    "dataset schema": (1_048_575, lambda h, n: in_run(h, "runs/log-inputs", datasets=[dataset(schema="x" * n)])),
    "dataset profile": (16_777_215, lambda h, n: in_run(h, "runs/log-inputs", datasets=[dataset(profile="x" * n)])),
    "input tag key": (255, lambda h, n: in_run(h, "runs/log-inputs", datasets=[tagged("k" * n, "v")])),
    "input tag value": (500, lambda h, n: in_run(h, "runs/log-inputs", datasets=[tagged("k", "v" * n)])),
    "model name": (500, lambda h, n: h.post("logged-models", {"experiment_id": "0", "name": "x" * n})),
    "model type": (500, lambda h, n: h.post("logged-models", {"experiment_id": "0", "model_type": "x" * n})),
    "tags of a new run": (10_000, lambda h, n: h.post("runs/create", {"experiment_id": "0", "tags": pairs(n)})),
    "tag of a new run": (
        100_000,
        lambda h, n: h.post("runs/create", {"experiment_id": "0", "tags": [{"key": "k", "value": "v" * n}]}),
    ),
    "tags of a new experiment": (
        10_000,
        lambda h, n: h.post("experiments/create", {"name": f"t{next(COUNTER)}", "tags": pairs(n)}),
    ),
    "tags of a registered model": (
        10_000,
        lambda h, n: h.post("registered-models/create", {"name": f"t{next(COUNTER)}", "tags": pairs(n)}),
    ),
    "tags of a model": (10_000, lambda h, n: h.post("logged-models", {"experiment_id": "0", "tags": pairs(n)})),
    "params of a model": (10_000, lambda h, n: h.post("logged-models", {"experiment_id": "0", "params": pairs(n)})),
    "user of a run": (1000, lambda h, n: h.post("runs/create", {"experiment_id": "0", "user_id": "x" * n})),
    "registered description": (
        100_000,
        lambda h, n: h.post("registered-models/create", {"name": f"m{next(COUNTER)}", "description": "x" * n}),
    ),
    "version description": (100_000, lambda h, n: version(h, description="x" * n)),
    "link of a version": (1000, lambda h, n: version(h, run_link="x" * n)),
    "models of a run": (
        4 << 20,
        lambda h, n: in_run(h, "runs/log-model", model_json=described("x" * (n - len(described("")) - 2))),
    ),
    "model param key": (
        255,
        lambda h, n: h.post("logged-models", {"experiment_id": "0", "params": [{"key": "k" * n, "value": ""}]}),
    ),
    "model tag key": (
        255,
        lambda h, n: h.post("logged-models", {"experiment_id": "0", "tags": [{"key": "k" * n, "value": ""}]}),
    ),
    "model param value": (
        1_048_575,
        lambda h, n: h.post("logged-models", {"experiment_id": "0", "params": [{"key": "k", "value": "v" * n}]}),
    ),
    "model tag value": (
        1_048_575,
        lambda h, n: h.post("logged-models", {"experiment_id": "0", "tags": [{"key": "k", "value": "v" * n}]}),
    ),
    "runs of a bulk history": (
        100,
        lambda h, n: h.get("/api/2.0/mlflow/metrics/get-history-bulk?metric_key=m" + "&run_id=r" * n),
    ),
    "runs of a bulk interval": (
        100,
        lambda h, n: h.get("/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=m" + "&run_ids=r" * n),
    ),
    "points of a bulk interval": (
        2500,
        lambda h, n: h.get(f"/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=m&run_ids=r&max_results={n}"),
    ),
    "experiments of a search for datasets": (
        20,
        lambda h, n: h.post("experiments/search-datasets", {"experiment_ids": ["0"] * n}),
    ),
    "runs of a page": (50_000, lambda h, n: h.post("runs/search", {"experiment_ids": ["0"], "max_results": n})),
    "experiments of a page": (50_000, lambda h, n: h.post("experiments/search", {"max_results": n})),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_is_kept_to_the_character(http_, name):
    limit, ask = LIMITS[name]
    within = ask(http_, limit)
    assert within.status == 200, within
    beyond = ask(http_, limit + 1)
    assert (beyond.status, beyond.code) == (400, "INVALID_PARAMETER_VALUE")
    assert len(beyond.json["message"]) < 1000


@pytest.mark.parametrize(("kind", "limit"), [("param", 6000), ("tag", 8000)])
def test_long_values_are_cut(http_, kind, limit):
    run_id = http_.new_run()
    for length in (limit, limit + 1):
        values = [{"key": f"{kind}-{length}", "value": "x" * length}]
        http_.call("runs/log-batch", {"run_id": run_id, f"{kind}s": values})
    found = {one["key"]: one["value"] for one in http_.run(run_id)["data"][f"{kind}s"]}
    assert len(found[f"{kind}-{limit}"]) == len(found[f"{kind}-{limit + 1}"]) == limit


@pytest.mark.parametrize("length", [8000, 8001])
def test_long_names_of_runs_are_cut_as_their_tag_is(http_, length):
    made = http_.call("runs/create", {"experiment_id": "0", "run_name": "x" * length})["run"]["info"]
    assert made["run_name"] == "x" * 8000
    both = {"run_name": "x" * length, "tags": [{"key": "mlflow.runName", "value": "x" * length}]}
    assert http_.run(http_.new_run(**both))["info"]["run_name"] == "x" * 8000
    renamed = http_.call("runs/update", {"run_id": made["run_id"], "run_name": "y" * length})["run_info"]
    assert renamed["run_name"] == "y" * 8000


@pytest.mark.parametrize(
    "location",
    [
        "s3://bucket/path#fragment",
        "s3://bucket/path;params",
        "s3://bucket/path?query=1",
        "s3://bucket/a/../b",
        "s3://bucket/%2e%2e/b",
        "s3://",
        "runs:/abc/path",
        "http://elsewhere/path",
        "https://elsewhere/path",
        "ftp://elsewhere/path",
        "sftp://elsewhere/path",
        "hdfs://elsewhere/path",
        "mlflow-artifacts://elsewhere/path",
        "mlflow-artifacts:/../path",
        "/etc",
        "file:///etc",
        "relative/path",
        "s3://bucket/\u0000",
    ],
)
def test_an_artifact_location_that_may_mislead_is_refused(http_, location):
    answer = http_.post("experiments/create", {"name": f"at {location}", "artifact_location": location})
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")


def test_an_error_names_a_few_of_many_ids(http_):
    ids = [f"{number:032x}" for number in range(5000)]
    answer = http_.post("trash/empty", {"run_ids": ids}, "/api/assay/1/")
    assert answer.status == 404
    assert f"{ids[9]!r} and 4990 more exists" in answer.json["message"]
