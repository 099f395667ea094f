"""The model registry through MlflowClient and the fluent functions."""

import pathlib
import tempfile
import time

import mlflow
from checks.setting import client, experiment, fresh, refused
from mlflow.entities.model_registry import ModelVersion, RegisteredModel


def _registered(name="model", versions=0, **options):
    created = client().create_registered_model(fresh(name), **options)
    for number in range(versions):
        client().create_model_version(created.name, f"s3://bucket/{number + 1}")
    return created.name


def _logged():
    run_id = client().create_run(experiment()).info.run_id
    client().log_text(run_id, "weights", "model/weights.txt")
    return run_id


def check_create_and_get():
    before = int(time.time() * 1000)
    name = fresh("fraud é")
    created = client().create_registered_model(name, {"team": "risk", "size": 3}, "finds fraud")
    assert isinstance(created, RegisteredModel)
    assert (created.name, created.description, created.tags) == (name, "finds fraud", {"team": "risk", "size": "3"})
    assert before - 1000 <= created.creation_timestamp == created.last_updated_timestamp
    found = client().get_registered_model(name)
    assert (found.latest_versions, found.aliases, found.tags) == ([], {}, created.tags)
    with refused("RESOURCE_ALREADY_EXISTS", name):
        client().create_registered_model(name)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().get_registered_model(fresh("absent"))


def check_names():
    for name in (" ", "a/b", "a:b", "..", "."):
        with refused("INVALID_PARAMETER_VALUE"):
            client().create_registered_model(name)
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_registered_model(fresh("tag"), tags={"k" * 251: "v"})
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_registered_model(fresh("tag"), tags={"k": "v" * 100_001})


def check_rename_update_delete():
    name, new = _registered(versions=2, description="old"), fresh("new")
    client().set_registered_model_alias(name, "champion", "1")
    with refused("RESOURCE_ALREADY_EXISTS"):
        client().rename_registered_model(name, _registered())
    client().rename_registered_model(name, new)
    found = client().get_registered_model(new)
    assert (found.aliases, [version.name for version in found.latest_versions]) == ({"champion": "1"}, [new])
    assert client().update_registered_model(new, "because").description == "because"
    assert not client().update_registered_model(new).description
    client().delete_registered_model(new)
    for missing in (name, new):
        with refused("RESOURCE_DOES_NOT_EXIST"):
            client().get_registered_model(missing)
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_registered_model(new)


def check_tags_of_models():
    name = _registered()
    client().set_registered_model_tag(name, "k", "1")
    client().set_registered_model_tag(name, "k", "2")
    client().set_registered_model_tag(name, "empty", "")
    assert client().get_registered_model(name).tags == {"k": "2", "empty": ""}
    client().delete_registered_model_tag(name, "k")
    client().delete_registered_model_tag(name, "k")
    assert client().get_registered_model(name).tags == {"empty": ""}
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().set_registered_model_tag(fresh("absent"), "k", "v")


def check_versions():
    name = _registered()
    made = client().create_model_version(
        name, "s3://bucket/m", tags={"a": 1}, run_link="http://ci/1", description="first"
    )
    assert isinstance(made, ModelVersion)
    assert (made.name, made.version, made.current_stage, made.status) == (name, "1", "None", "READY")
    assert (made.source, made.run_link, made.description) == ("s3://bucket/m", "http://ci/1", "first")
    assert made.tags == {"a": "1"}
    found = client().get_model_version(name, "1")
    assert (found.source, found.tags, found.aliases) == (made.source, made.tags, [])
    assert client().get_model_version_download_uri(name, "1") == "s3://bucket/m"
    assert client().update_model_version(name, "1", "changed").description == "changed"
    client().set_model_version_tag(name, "1", "b", "2")
    client().set_model_version_tag(name, key="c", value="3", stage="None")
    client().delete_model_version_tag(name, "1", "a")
    assert client().get_model_version(name, "1").tags == {"b": "2", "c": "3"}
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().get_model_version(name, "2")
    with refused("INVALID_PARAMETER_VALUE"):
        client().get_model_version(name, "one")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().create_model_version(fresh("absent"), "s3://bucket/m")


def check_numbers_are_never_given_again():
    name = _registered(versions=3)
    client().set_registered_model_alias(name, "champion", "3")
    client().delete_model_version(name, "3")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_model_version(name, "3")
    assert client().get_registered_model(name).aliases == {}
    assert client().create_model_version(name, "s3://bucket/m").version == "4"


def check_sources():
    name, run_id = _registered(), _logged()
    root = client().get_run(run_id).info.artifact_uri
    assert client().create_model_version(name, f"{root}/model", run_id).run_id == run_id
    assert client().create_model_version(name, f"runs:/{run_id}/model", run_id).run_id == run_id
    client().set_registered_model_alias(name, "champion", "1")
    assert client().create_model_version(name, f"models:/{name}@champion").source == f"models:/{name}/1"
    for source in (f"{root}/../../x", "/etc", "file:///etc", "mlflow-artifacts:/0/x", "http://host/x", "relative"):
        with refused("INVALID_PARAMETER_VALUE"):
            client().create_model_version(name, source, run_id)
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_model_version(name, f"{root}/model")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().create_model_version(name, f"models:/{name}/99")


def check_aliases():
    name = _registered(versions=2)
    client().set_registered_model_alias(name, "champion", "1")
    client().set_registered_model_alias(name, "champion", "2")
    client().set_registered_model_alias(name, "also", "2")
    assert client().get_registered_model(name).aliases == {"champion": "2", "also": "2"}
    assert sorted(client().get_model_version_by_alias(name, "champion").aliases) == ["also", "champion"]
    assert client().get_model_version_by_alias(name, "latest").version == "2"
    client().delete_registered_model_alias(name, "also")
    client().delete_registered_model_alias(name, "also")
    with refused("INVALID_PARAMETER_VALUE", "also"):
        client().get_model_version_by_alias(name, "also")
    for alias in ("latest", "v1", "a b", "x" * 256):
        with refused("INVALID_PARAMETER_VALUE"):
            client().set_registered_model_alias(name, alias, "1")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().set_registered_model_alias(name, "champion", "99")


def check_stages():
    name = _registered(versions=4)
    assert client().transition_model_version_stage(name, "1", "production").current_stage == "Production"
    client().transition_model_version_stage(name, "2", "Staging")
    client().transition_model_version_stage(name, "3", "Production", archive_existing_versions=True)
    stages = {version.current_stage: version.version for version in client().get_latest_versions(name)}
    assert stages == {"Archived": "1", "Staging": "2", "Production": "3", "None": "4"}
    assert [version.version for version in client().get_latest_versions(name, ["production"])] == ["3"]
    with refused("INVALID_PARAMETER_VALUE"):
        client().transition_model_version_stage(name, "1", "Nowhere")
    with refused("INVALID_PARAMETER_VALUE"):
        client().get_latest_versions(name, ["Nowhere"])


def check_search_models():
    mark = fresh("search")
    for number in range(4):
        client().create_registered_model(f"{mark}-{number}", {"n": str(number % 2), "mark": mark})
    client().create_registered_model(f"{mark}-prompt", {"mark": mark})
    client().set_registered_model_tag(f"{mark}-prompt", "mlflow.prompt.is_prompt", "true")

    def found(text, **options):
        return [model.name[len(mark) + 1 :] for model in client().search_registered_models(text, **options)]

    assert found(f"tags.mark = '{mark}'") == ["0", "1", "2", "3"]
    assert found(f"name LIKE '{mark}%' AND tags.n = '1'", order_by=["name DESC"]) == ["3", "1"]
    assert found(f"name ILIKE '{mark.upper()}-0'") == ["0"]
    assert found(f"name IN ('{mark}-1', '{mark}-2')") == ["1", "2"]
    assert found(f"tags.mark = '{mark}' AND tags.`mlflow.prompt.is_prompt` = 'true'") == ["prompt"]
    assert found(f"tags.mark = '{mark}' AND tags.`mlflow.prompt.is_prompt` != 'true'") == ["0", "1", "2", "3"]
    page = client().search_registered_models(f"tags.mark = '{mark}'", max_results=3)
    rest = client().search_registered_models(f"tags.mark = '{mark}'", max_results=3, page_token=page.token)
    assert (len(page), [model.name for model in rest], bool(rest.token)) == (3, [f"{mark}-3"], False)
    for text in ("nqme = 'x'", "name > 'x'", "attributes.name = 'x'", "name = x"):
        with refused("INVALID_PARAMETER_VALUE"):
            client().search_registered_models(text)
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_registered_models(order_by=["creation_timestamp"])
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_registered_models(max_results=1001)


def check_search_versions():
    name, run_id = _registered(versions=3), _logged()
    client().create_model_version(name, f"runs:/{run_id}/model", run_id, tags={"q": "1"})

    def found(text, **options):
        return [version.version for version in client().search_model_versions(f"name = '{name}'{text}", **options)]

    assert found("") == ["4", "3", "2", "1"]
    assert found(" AND version_number > 1", order_by=["version_number ASC"]) == ["2", "3", "4"]
    assert found(" AND version_number = '2'") == ["2"]
    assert found(f" AND run_id = '{run_id}'") == ["4"]
    assert found(" AND run_id IN ('none')") == []
    assert found(" AND source_path = 's3://bucket/2'") == ["2"]
    assert found(" AND tags.q = '1'") == ["4"]
    assert found("", max_results=2) == ["4", "3"]
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_model_versions("current_stage = 'None'")
    with refused("INVALID_PARAMETER_VALUE"):
        client().search_model_versions(max_results=200_001)


def check_searches_say_more_than_in_mlflow():
    name = _registered(versions=3)
    client().set_model_version_tag(name, "2", "q", "1")

    def found(text):
        return [version.version for version in client().search_model_versions(f"name = '{name}' AND {text}")]

    assert found("tags.q IS NULL") == ["3", "1"]
    assert found("NOT (version_number = 1 OR tags.q = '1')") == ["3"]
    models = client().search_registered_models(f"name = '{name}' OR name = '{fresh('none')}'")
    assert [model.name for model in models] == [name]


def check_fluent():
    name, run_id = fresh("fluent"), _logged()
    client().create_registered_model(name)
    made = client().create_model_version(name, f"runs:/{run_id}/model", run_id)
    mlflow.set_model_version_tag(name, made.version, "k", 5)
    assert [one.tags for one in mlflow.search_model_versions(filter_string=f"name = '{name}'")] == [{"k": "5"}]
    assert [one.name for one in mlflow.search_registered_models(filter_string=f"name = '{name}'")] == [name]


def check_register_model():
    name, run_id = fresh("registered"), _logged()
    client().log_text(run_id, "flavors: {}", "model/MLmodel")
    made = mlflow.register_model(f"runs:/{run_id}/model", name, tags={"k": "v"})
    assert (made.name, made.version, made.run_id, made.tags) == (name, "1", run_id, {"k": "v"})
    again = mlflow.register_model(f"models:/{name}/1", name)
    assert (again.version, again.source) == ("2", f"models:/{name}/1")


def check_a_logged_model_is_registered():
    name, where = fresh("registered"), experiment()
    run_id = client().create_run(where).info.run_id
    model = client().create_logged_model(where, name="forest", source_run_id=run_id)
    made = mlflow.register_model(f"models:/{model.model_id}", name)
    assert (made.version, made.source, made.run_id) == ("1", f"models:/{model.model_id}", run_id)
    assert client().get_model_version_download_uri(name, "1") == model.artifact_location
    assert name in client().get_logged_model(model.model_id).tags["mlflow.modelVersions"]
    with refused("INVALID_PARAMETER_VALUE"):
        client().create_model_version(name, f"models:/{model.model_id}")


def check_models_are_fetched_by_their_names():
    name, run_id = _registered(), _logged()
    client().create_model_version(name, f"{client().get_run(run_id).info.artifact_uri}/model", run_id)
    client().set_registered_model_alias(name, "champion", "1")
    for uri in (f"models:/{name}/1", f"models:/{name}@champion", f"models:/{name}/latest"):
        with tempfile.TemporaryDirectory() as scratch:
            fetched = pathlib.Path(mlflow.artifacts.download_artifacts(uri, dst_path=scratch))
            assert (fetched / "weights.txt").read_text() == "weights"


def check_copies():
    name, other = _registered(versions=1), fresh("copy")
    client().set_model_version_tag(name, "1", "k", "v")
    copied = client().copy_model_version(f"models:/{name}/1", other)
    assert (copied.name, copied.version, copied.source) == (other, "1", f"models:/{name}/1")
    assert client().get_model_version_download_uri(other, "1") == "s3://bucket/1"
