"""Runs, params and tags through MlflowClient and the fluent functions."""

import contextlib
import time

import mlflow
from checks.setting import client, experiment, fresh, refused, run
from mlflow.entities import Metric, Param, RunTag


def check_create_and_get():
    where = experiment()
    created = client().create_run(where, start_time=1_700_000_000_123, tags={"a": "b"}, run_name="first")
    assert len(created.info.run_id) == 32
    found = client().get_run(created.info.run_id)
    assert found.info.run_id == created.info.run_id
    assert found.info.experiment_id == where
    assert found.info.run_name == "first"
    assert found.info.status == "RUNNING"
    assert found.info.lifecycle_stage == "active"
    assert found.info.start_time == 1_700_000_000_123
    assert found.info.end_time is None
    assert found.info.user_id == "unknown"
    assert found.info.artifact_uri == f"mlflow-artifacts:/{where}/{found.info.run_id}/artifacts"
    assert found.data.tags == {"a": "b", "mlflow.runName": "first"}
    assert found.data.params == {}
    assert found.data.metrics == {}
    assert found.inputs.dataset_inputs == []


def check_a_name_is_made_up():
    created = client().create_run(experiment())
    assert created.info.run_name.count("-") == 2
    assert created.data.tags["mlflow.runName"] == created.info.run_name


def check_missing_and_malformed():
    with refused("RESOURCE_DOES_NOT_EXIST", "f" * 32):
        client().get_run("f" * 32)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().create_run("999999999")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().log_metric("f" * 32, "m", 1.0)
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_run(experiment(), tags={"mlflow.runName": "a"}, run_name="b")


def check_update_and_terminate():
    run_id = run(run_name="before")
    client().update_run(run_id, name="after")
    assert client().get_run(run_id).info.run_name == "after"
    assert client().get_run(run_id).data.tags["mlflow.runName"] == "after"
    client().set_tag(run_id, "mlflow.runName", "third")
    assert client().get_run(run_id).info.run_name == "third"
    client().update_run(run_id, status="FAILED")
    assert client().get_run(run_id).info.status == "FAILED"
    client().set_terminated(run_id, end_time=1_800_000_000_000)
    ended = client().get_run(run_id).info
    assert (ended.status, ended.end_time) == ("FINISHED", 1_800_000_000_000)
    client().set_terminated(run_id, "KILLED")
    assert client().get_run(run_id).info.status == "KILLED"


def check_delete_and_restore():
    run_id = run()
    client().delete_run(run_id)
    client().delete_run(run_id)
    assert client().get_run(run_id).info.lifecycle_stage == "deleted"
    for write in (
        lambda: client().log_metric(run_id, "m", 1.0),
        lambda: client().log_param(run_id, "p", 1),
        lambda: client().set_tag(run_id, "t", 1),
        lambda: client().log_batch(run_id, tags=[RunTag("t", "1")]),
        lambda: client().set_terminated(run_id),
    ):
        with refused("INVALID_PARAMETER_VALUE", "active"):
            write()
    client().restore_run(run_id)
    client().log_param(run_id, "p", 1)
    assert client().get_run(run_id).data.params == {"p": "1"}
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_run("f" * 32)


def check_params():
    run_id = run()
    for key, value in {"rate": 0.1, "layers": [1, 2], "none": None, "text": "ü\n'\"", "a/b.c-d e": True}.items():
        client().log_param(run_id, key, value)
    client().log_param(run_id, "rate", 0.1)
    found = client().get_run(run_id).data.params
    assert found == {"rate": "0.1", "layers": "[1, 2]", "none": "None", "text": "ü\n'\"", "a/b.c-d e": "True"}
    with refused("INVALID_PARAMETER_VALUE", "rate", "0.1", "0.2"):
        client().log_param(run_id, "rate", 0.2)
    client().log_param(run_id, "long", "x" * 7000)
    assert client().get_run(run_id).data.params["long"] == "x" * 6000
    with refused("INVALID_PARAMETER_VALUE"):
        client().log_batch(run_id, params=[Param("k", "1"), Param("k", "1")])


def check_tags():
    run_id = run()
    client().set_tag(run_id, "owner", "a")
    client().set_tag(run_id, "owner", "b")
    client().set_tag(run_id, "empty", "")
    tags = client().get_run(run_id).data.tags
    assert tags["owner"] == "b"
    assert tags["empty"] == ""
    client().delete_tag(run_id, "owner")
    assert "owner" not in client().get_run(run_id).data.tags
    with refused("RESOURCE_DOES_NOT_EXIST", "owner"):
        client().delete_tag(run_id, "owner")


def check_batch_is_all_or_nothing():
    run_id = run()
    client().log_param(run_id, "p", "1")
    now = int(time.time() * 1000)
    with refused("INVALID_PARAMETER_VALUE"):
        client().log_batch(
            run_id, metrics=[Metric("m", 1.0, now, 0)], params=[Param("p", "2")], tags=[RunTag("t", "1")]
        )
    found = client().get_run(run_id).data
    assert found.metrics == {}
    assert "t" not in found.tags
    client().log_batch(
        run_id,
        metrics=[Metric("m", float(n), now + n, n) for n in range(300)],
        params=[Param(f"p{n}", str(n)) for n in range(90)],
        tags=[RunTag(f"t{n}", str(n)) for n in range(90)],
    )
    found = client().get_run(run_id).data
    assert found.metrics == {"m": 299.0}
    assert found.params == {"p": "1", **{f"p{n}": str(n) for n in range(90)}}
    assert found.tags["t89"] == "89"


def check_names_are_checked():
    run_id = run()
    for key in ("a" * 251, "../up", "/root", "a//b", "what?", "."):
        with refused("INVALID_PARAMETER_VALUE"):
            client().log_metric(run_id, key, 1.0)
        with refused("INVALID_PARAMETER_VALUE"):
            client().log_param(run_id, key, 1)
        with refused("INVALID_PARAMETER_VALUE"):
            client().set_tag(run_id, key, 1)


def check_fluent_run():
    mlflow.set_experiment(fresh("fluent"))
    with mlflow.start_run(run_name="whole", tags={"k": "v"}, description="what it is") as active:
        mlflow.log_param("p", 1)
        mlflow.log_params({"q": 2, "r": "three"})
        mlflow.log_metric("m", 0.5)
        mlflow.log_metrics({"n": 1.5, "o": 2.5}, step=3)
        mlflow.set_tags({"s": 1, "t": 2})
    found = mlflow.get_run(active.info.run_id)
    assert found.info.status == "FINISHED"
    assert found.info.end_time >= found.info.start_time
    assert found.data.params == {"p": "1", "q": "2", "r": "three"}
    assert found.data.metrics == {"m": 0.5, "n": 1.5, "o": 2.5}
    assert found.data.tags["mlflow.note.content"] == "what it is"
    assert {found.data.tags[key] for key in ("s", "t", "k")} == {"1", "2", "v"}


def check_fluent_failure_and_resume():
    mlflow.set_experiment(fresh("failing"))
    with contextlib.suppress(ValueError), mlflow.start_run() as active:
        int("x")
    run_id = active.info.run_id
    assert client().get_run(run_id).info.status == "FAILED"
    with mlflow.start_run(run_id=run_id):
        assert client().get_run(run_id).info.status == "RUNNING"
        mlflow.log_metric("again", 1)
    assert client().get_run(run_id).info.status == "FINISHED"


def check_nested():
    mlflow.set_experiment(fresh("nested"))
    with mlflow.start_run() as parent, mlflow.start_run(nested=True) as child:
        pass
    assert client().get_run(child.info.run_id).data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert client().get_parent_run(child.info.run_id).info.run_id == parent.info.run_id
    assert client().get_parent_run(parent.info.run_id) is None
    found = client().search_runs([parent.info.experiment_id], f"tags.mlflow.parentRunId = '{parent.info.run_id}'")
    assert [one.info.run_id for one in found] == [child.info.run_id]


def check_asynchronous_logging():
    run_id = run()
    promises = [client().log_metric(run_id, "m", n, step=n, synchronous=False) for n in range(20)]
    for promise in promises:
        promise.wait()
    assert len(client().get_metric_history(run_id, "m")) == 20
