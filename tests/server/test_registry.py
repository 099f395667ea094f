"""The model registry over plain HTTP: what MLflow's server answers, ours does."""

from __future__ import annotations

import json
import uuid
from urllib.parse import urlencode

import pytest

ROOT = "/api/2.0/mlflow/"


class Registry:
    """Requests to a server's registry, as MLflow's clients send them."""

    def __init__(self, http):
        self.http = http

    def ask(self, method, path, body=None, **query):
        address = f"{ROOT}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        headers = {"Content-Type": "application/json"} if body is not None else {}
        return self.http.send(method, address, None if body is None else json.dumps(body), headers)

    def post(self, path, **body):
        return self.ask("POST", path, body)

    def get(self, path, **query):
        return self.ask("GET", path, **query)

    def model(self, versions=0, **more):
        name = f"m-{uuid.uuid4().hex}"
        assert self.post("registered-models/create", name=name, **more).status == 200
        for number in range(versions):
            assert self.post("model-versions/create", name=name, source=f"s3://b/{number}").status == 200
        return name


@pytest.fixture
def registry(http_):
    return Registry(http_)


def test_a_model_as_json(registry):
    name = registry.model(description="d", tags=[{"key": "a", "value": "1"}, {"key": "e"}], deployment_job_id="j")
    found = registry.get("registered-models/get", name=name).json["registered_model"]
    created = found.pop("creation_timestamp")
    assert found == {
        "name": name,
        "last_updated_timestamp": created,
        "description": "d",
        "tags": [{"key": "a", "value": "1"}, {"key": "e", "value": ""}],
    }


def test_a_version_as_json(registry):
    name = registry.model()
    made = registry.post("model-versions/create", name=name, source="s3://b/m").json["model_version"]
    created = made.pop("creation_timestamp")
    assert made == {
        "name": name,
        "version": "1",
        "last_updated_timestamp": created,
        "current_stage": "None",
        "description": "",
        "source": "s3://b/m",
        "run_id": "",
        "status": "READY",
        "run_link": "",
    }
    registry.post("registered-models/alias", name=name, alias="champion", version="1")
    model = registry.get("registered-models/get", name=name).json["registered_model"]
    assert model["aliases"] == [{"alias": "champion", "version": "1"}]
    assert [version["version"] for version in model["latest_versions"]] == ["1"]
    aliased = registry.get("registered-models/alias", name=name, alias="champion").json["model_version"]
    assert aliased["aliases"] == ["champion"]
    assert registry.get("model-versions/get-download-uri", name=name, version="1").json == {"artifact_uri": "s3://b/m"}


def test_changes_come_by_post_patch_and_delete(registry):
    name = registry.model(versions=2)
    answers = [
        registry.post("registered-models/set-tag", name=name, key="k", value="v"),
        registry.ask("DELETE", "registered-models/delete-tag", {"name": name, "key": "k"}),
        registry.post("model-versions/set-tag", name=name, version="1", key="k"),
        registry.ask("DELETE", "model-versions/delete-tag", {"name": name, "version": "1", "key": "none"}),
        registry.post("registered-models/alias", name=name, alias="a", version="2"),
        registry.ask("DELETE", "registered-models/alias", {"name": name, "alias": "a"}),
        registry.ask("DELETE", "model-versions/delete", {"name": name, "version": "2"}),
    ]
    assert [(answer.status, answer.json) for answer in answers] == [(200, {})] * 7
    described = registry.ask("PATCH", "registered-models/update", {"name": name, "description": "why"}).json
    assert described["registered_model"]["description"] == "why"
    changed = registry.ask("PATCH", "model-versions/update", {"name": name, "version": "1", "description": "x"}).json
    assert changed["model_version"]["description"] == "x"
    assert changed["model_version"]["tags"] == [{"key": "k", "value": ""}]
    cleared = registry.ask("PATCH", "registered-models/update", {"name": name}).json["registered_model"]
    assert "description" not in cleared
    moved = registry.post("model-versions/transition-stage", name=name, version="1", stage="staging").json
    assert moved["model_version"]["current_stage"] == "Staging"
    renamed = registry.post("registered-models/rename", name=name, new_name=f"{name}2").json["registered_model"]
    assert (renamed["name"], renamed["latest_versions"][0]["name"]) == (f"{name}2", f"{name}2")
    assert registry.ask("DELETE", "registered-models/delete", {"name": f"{name}2"}).json == {}
    assert registry.get("registered-models/get", name=f"{name}2").code == "RESOURCE_DOES_NOT_EXIST"


def test_latest_versions_by_both_methods(registry):
    name = registry.model(versions=3)
    registry.post("model-versions/transition-stage", name=name, version="2", stage="Production")
    by_post = registry.post("registered-models/get-latest-versions", name=name, stages=["production", "none"]).json
    by_get = registry.get("registered-models/get-latest-versions", name=name, stages=["Production", "None"]).json
    assert by_post == by_get
    assert [version["version"] for version in by_get["model_versions"]] == ["2", "3"]
    everything = registry.get("registered-models/get-latest-versions", name=name).json
    assert len(everything["model_versions"]) == 2


@pytest.mark.parametrize(
    ("method", "path", "message", "code"),
    [
        ("POST", "registered-models/create", {}, "INVALID_PARAMETER_VALUE"),
        ("POST", "registered-models/create", {"name": "a/b"}, "INVALID_PARAMETER_VALUE"),
        ("POST", "registered-models/create", {"name": "n", "tags": [{"value": "v"}]}, "INVALID_PARAMETER_VALUE"),
        ("POST", "registered-models/rename", {"name": "none"}, "INVALID_PARAMETER_VALUE"),
        ("POST", "registered-models/rename", {"name": "none", "new_name": "x"}, "RESOURCE_DOES_NOT_EXIST"),
        ("PATCH", "registered-models/update", {"name": "none"}, "RESOURCE_DOES_NOT_EXIST"),
        ("DELETE", "registered-models/delete", {"name": "none"}, "RESOURCE_DOES_NOT_EXIST"),
        ("DELETE", "registered-models/delete", {}, "INVALID_PARAMETER_VALUE"),
        ("DELETE", "registered-models/alias", {"name": "none", "alias": "a"}, "RESOURCE_DOES_NOT_EXIST"),
        ("POST", "registered-models/set-tag", {"name": "none", "key": "k"}, "RESOURCE_DOES_NOT_EXIST"),
        ("POST", "registered-models/alias", {"name": "none", "alias": "v1", "version": "1"}, "INVALID_PARAMETER_VALUE"),
        ("POST", "registered-models/alias", {"name": "none", "alias": "a", "version": "1"}, "RESOURCE_DOES_NOT_EXIST"),
        ("POST", "model-versions/create", {"name": "none"}, "INVALID_PARAMETER_VALUE"),
        ("POST", "model-versions/create", {"name": "none", "source": "s3://b/m"}, "RESOURCE_DOES_NOT_EXIST"),
        ("PATCH", "model-versions/update", {"name": "none", "version": "x"}, "INVALID_PARAMETER_VALUE"),
        ("DELETE", "model-versions/delete", {"name": "none", "version": "1"}, "RESOURCE_DOES_NOT_EXIST"),
        (
            "POST",
            "model-versions/transition-stage",
            {"name": "none", "version": "1", "stage": "None", "archive_existing_versions": True},
            "INVALID_PARAMETER_VALUE",
        ),
    ],
)
def test_what_cannot_be_done_is_said(registry, method, path, message, code):
    answer = registry.ask(method, path, message)
    assert answer.code == code
    assert answer.status == (404 if code == "RESOURCE_DOES_NOT_EXIST" else 400)


def test_reads_of_what_is_not_there(registry):
    name = registry.model()
    assert registry.get("registered-models/alias", name=name, alias="none").code == "INVALID_PARAMETER_VALUE"
    assert registry.get("registered-models/alias", name=name, alias="latest").code == "INVALID_PARAMETER_VALUE"
    assert registry.get("registered-models/alias", name="none", alias="a").code == "RESOURCE_DOES_NOT_EXIST"
    assert registry.get("registered-models/get", name="a:b").code == "INVALID_PARAMETER_VALUE"
    assert registry.get("model-versions/get", name=name, version="1").code == "RESOURCE_DOES_NOT_EXIST"
    assert registry.get("model-versions/get", name=name, version="9" * 40).code == "INVALID_PARAMETER_VALUE"
    assert registry.get("model-versions/get", name=name).code == "INVALID_PARAMETER_VALUE"


def test_pages(registry):
    mark = uuid.uuid4().hex
    for number in range(3):
        name = f"{mark}-{number}"
        registry.post("registered-models/create", name=name)
        registry.post("model-versions/create", name=name, source="s3://b/m")
    where = f"name LIKE '{mark}%'"
    for path, key in (("registered-models", "registered_models"), ("model-versions", "model_versions")):
        first = registry.get(f"{path}/search", filter=where, max_results=2, order_by="name").json
        assert [one["name"] for one in first[key]] == [f"{mark}-0", f"{mark}-1"]
        token = first["next_page_token"]
        rest = registry.get(f"{path}/search", filter=where, max_results=2, order_by="name", page_token=token).json
        assert [one["name"] for one in rest[key]] == [f"{mark}-2"]
        assert "next_page_token" not in rest
        assert registry.get(f"{path}/search", filter="name = 'none'").json == {}
        for wrong in ({"max_results": -1}, {"max_results": 200_001}, {"page_token": "xx"}, {"filter": "nqme = 'x'"}):
            assert registry.get(f"{path}/search", **wrong).code == "INVALID_PARAMETER_VALUE"
    assert registry.get("registered-models/search", max_results=1001).status == 400
    assert registry.get("registered-models/search", max_results=1000).status == 200
    assert registry.get("registered-models/search", max_results=0).json == {"next_page_token": "eyJvZmZzZXQiOiAwfQ=="}
    assert registry.get("model-versions/search", max_results=0).status == 400
    assert registry.get("model-versions/search", max_results=200_000).status == 200


def test_prompts_are_found_by_their_tag_only(registry):
    mark = uuid.uuid4().hex
    for kind, tags in (("model", []), ("prompt", [("true")]), ("other", [("false")])):
        tagged = [{"key": "mlflow.prompt.is_prompt", "value": value} for value in tags]
        registry.post("registered-models/create", name=f"{mark}-{kind}", tags=tagged)

    def found(text):
        answer = registry.get("registered-models/search", filter=f"name LIKE '{mark}%'{text}").json
        return [model["name"].rpartition("-")[2] for model in answer.get("registered_models", ())]

    assert found("") == ["model", "other"]
    assert found(" AND tags.`mlflow.prompt.is_prompt` = 'true'") == ["prompt"]
    assert found(" AND tags.`mlflow.prompt.is_prompt` != 'true'") == ["model", "other"]
    assert found(" AND tags.`mlflow.prompt.is_prompt` = 'false'") == ["model", "other"]
    assert found(" AND tags.`mlflow.prompt.is_prompt` IS NOT NULL") == ["other", "prompt"]
    assert found(" AND NOT (tags.`mlflow.prompt.is_prompt` = 'true' OR name LIKE '%model')") == ["other"]


def test_files_of_a_version(registry, http_):
    run = http_.call("runs/create", {"experiment_id": "0"})["run"]["info"]
    put = http_.send(
        "PUT", f"/api/2.0/mlflow-artifacts/artifacts/0/{run['run_id']}/artifacts/model/MLmodel", b"flavors:"
    )
    assert put.status == 200
    name = registry.model()
    for source in (f"{run['artifact_uri']}/model", f"runs:/{run['run_id']}/model", f"models:/{name}/1"):
        registry.post("model-versions/create", name=name, source=source, run_id=run["run_id"])

    def fetched(version, path, model=name):
        return http_.get(f"/model-versions/get-artifact?{urlencode({'name': model, 'version': version, 'path': path})}")

    for version in ("1", "2", "3"):
        answer = fetched(version, "MLmodel")
        assert (answer.status, answer.body) == (200, b"flavors:")
        assert answer.headers["content-disposition"] == 'attachment; filename="MLmodel"'
    for path in ("../MLmodel", "/etc/passwd", "a/../../x", "..%2fMLmodel", "//etc/passwd", ""):
        assert fetched("1", path).status == 400
    assert fetched("1", "none").status == 404
    assert fetched("9", "MLmodel").status == 404
    assert fetched("1", "MLmodel", model="none").status == 404
    assert fetched("x", "MLmodel").status == 400
    bucket = registry.model(versions=1)
    assert fetched("1", "MLmodel", model=bucket).code == "PERMISSION_DENIED"


def test_a_gate_refuses_and_lets_pass_what_mlflows_clients_ask(registry):
    name = registry.model(versions=1)
    rules = f"model {name}\ngate @champion\ntags.reviewed = 'yes'\nsignature\ngate Production\ntags.reviewed = 'yes'\n"
    assert (
        registry.http.send(
            "POST",
            "/api/assay/1/registry/set-gates",
            json.dumps({"rules": rules}),
            {"Content-Type": "application/json"},
        ).json
        == {}
    )
    alias = {"name": name, "alias": "champion", "version": "1"}
    refused = registry.post("registered-models/alias", **alias)
    assert (refused.status, refused.code) == (400, "INVALID_STATE")
    assert "2 of 2 rules fail" in refused.json["message"]
    assert "found no tag 'reviewed'; wanted = 'yes'" in refused.json["message"]
    assert registry.get("registered-models/alias", name=name, alias="champion").code == "INVALID_PARAMETER_VALUE"
    stage = {"name": name, "version": "1", "stage": "Production"}
    assert registry.post("model-versions/transition-stage", **stage).code == "INVALID_STATE"
    registry.post("model-versions/set-tag", name=name, version="1", key="reviewed", value="yes")
    moved = registry.post("model-versions/transition-stage", **stage).json["model_version"]
    assert moved["current_stage"] == "Production"
    assert "1 of 2 rules fail" in registry.post("registered-models/alias", **alias).json["message"]
    address = f"/api/assay/1/registry/check-gates?{urlencode({'name': name, 'version': '1', 'alias': 'champion'})}"
    outcomes = registry.http.send("GET", address, None, {}).json["outcomes"]
    assert [(one["rule"], one["passed"]) for one in outcomes] == [("tags.reviewed = 'yes'", True), ("signature", False)]
