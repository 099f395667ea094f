"""Experiments through MlflowClient and the fluent functions."""

import time

import mlflow
from checks.setting import client, fresh, refused
from mlflow.entities import ViewType


def check_default_experiment_is_there():
    default = client().get_experiment("0")
    assert (default.experiment_id, default.name, default.lifecycle_stage) == ("0", "Default", "active")


def check_create_and_get():
    name = fresh("created")
    before = int(time.time() * 1000)
    created = client().create_experiment(name, tags={"team": "fraud", "note": "é 漢字 \n"})
    assert isinstance(created, str)
    assert created.isdigit()
    found = client().get_experiment(created)
    assert found.name == name
    assert found.tags == {"team": "fraud", "note": "é 漢字 \n"}
    assert found.artifact_location == f"mlflow-artifacts:/{created}"
    assert before - 1000 <= found.creation_time <= int(time.time() * 1000) + 1000
    assert found.last_update_time >= found.creation_time
    assert client().get_experiment_by_name(name).experiment_id == created
    assert client().get_experiment_by_name(fresh("absent")) is None


def check_names_are_taken_once():
    name = fresh("taken")
    first = client().create_experiment(name)
    with refused("RESOURCE_ALREADY_EXISTS", name):
        client().create_experiment(name)
    client().delete_experiment(first)
    with refused("RESOURCE_ALREADY_EXISTS", name):
        client().create_experiment(name)


def check_missing_and_malformed_ids():
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().get_experiment("999999999")
    with refused("INVALID_PARAMETER_VALUE"):
        client().get_experiment("abc")


def check_rename_delete_restore():
    name, new = fresh("old"), fresh("new")
    created = client().create_experiment(name)
    run_id = client().create_run(created).info.run_id
    client().rename_experiment(created, new)
    assert client().get_experiment(created).name == new
    client().delete_experiment(created)
    assert client().get_experiment(created).lifecycle_stage == "deleted"
    assert client().get_run(run_id).info.lifecycle_stage == "deleted"
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_experiment(created)
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_run(created)
    with refused("INVALID_PARAMETER_VALUE"):
        client().set_experiment_tag(created, "k", "v")
    client().restore_experiment(created)
    assert client().get_experiment(created).lifecycle_stage == "active"
    assert client().get_run(run_id).info.lifecycle_stage == "active"
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().restore_experiment(created)


def check_tags():
    created = client().create_experiment(fresh("tags"))
    client().set_experiment_tag(created, "stage", "a")
    client().set_experiment_tag(created, "stage", "b")
    client().set_experiment_tag(created, "empty", "")
    assert client().get_experiment(created).tags == {"stage": "b", "empty": ""}
    client().delete_experiment_tag(created, "stage")
    assert client().get_experiment(created).tags == {"empty": ""}
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_experiment_tag(created, "stage")


def check_search():
    mark = fresh("mark")
    ids = [client().create_experiment(f"{mark}-{n}", tags={"mark": mark, "n": str(n)}) for n in range(5)]
    client().delete_experiment(ids[4])
    found = client().search_experiments(filter_string=f"tags.mark = '{mark}'")
    assert {one.experiment_id for one in found} == set(ids[:4])
    every = client().search_experiments(ViewType.ALL, filter_string=f"name LIKE '{mark}%'", order_by=["name DESC"])
    assert [one.experiment_id for one in every] == ids[::-1]
    deleted = client().search_experiments(ViewType.DELETED_ONLY, filter_string=f"name ILIKE '{mark.upper()}%'")
    assert [one.experiment_id for one in deleted] == [ids[4]]
    assert not client().search_experiments(filter_string=f"name = '{mark}-4'")
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_experiments(filter_string="colour = 'red'")


def check_search_pages():
    mark = fresh("page")
    names = [f"{mark}-{n}" for n in range(5)]
    for name in names:
        client().create_experiment(name)
    found, token = [], None
    while True:
        page = client().search_experiments(
            max_results=2, filter_string=f"name LIKE '{mark}%'", order_by=["name ASC"], page_token=token
        )
        assert len(page) <= 2
        found += [one.name for one in page]
        token = page.token
        if not token:
            break
    assert found == names


def check_fluent_experiment():
    name = fresh("fluent")
    chosen = mlflow.set_experiment(name)
    assert chosen.name == name
    assert mlflow.set_experiment(name).experiment_id == chosen.experiment_id
    mlflow.set_experiment_tags({"a": 1, "b": "two"})
    assert mlflow.get_experiment_by_name(name).tags == {"a": "1", "b": "two"}
    assert name in {one.name for one in mlflow.search_experiments()}
