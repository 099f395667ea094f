"""Where versions of models may come from, for callers elsewhere and on this machine."""

from __future__ import annotations

import json

import pytest

from assay.core.errors import AssayError, ConfigurationError, InvalidParameterValue, ResourceDoesNotExist
from assay.service.access import Caller
from assay.service.handlers import Context, dispatch
from assay.store.models import NewModel
from assay.store.open import open_store
from assay.wire import registry as wire
from assay.wire.runs import CreateRun

OTHER_RUN = "0" * 32
MODEL = "m-" + "1" * 32


@pytest.fixture(params=["mlflow-artifacts:/", "local"])
def context(request, tmp_path):
    root = str(tmp_path / "kept") if request.param == "local" else request.param
    store = open_store(str(tmp_path / "store"), artifact_root=root)
    yield Context(store=store, artifact_root=root, store_type="SqlStore")
    store.close()


@pytest.fixture
def run(context):
    dispatch(context, wire.CreateRegisteredModel(name="fraud"))
    return dispatch(context, CreateRun(experiment_id="0", run_id="f" * 32)).run.info


@pytest.fixture
def model(context, run):
    uri = run.artifact_uri.replace(f"{run.run_id}/artifacts", f"models/{MODEL}/artifacts")
    new = NewModel(MODEL, "0", "forest", uri, now=1, source_run_id=run.run_id)
    context.store.write(lambda session: session.models.create(new, params={}, tags={}))
    return uri


def create(context, source, **more):
    return dispatch(context, wire.CreateModelVersion(name="fraud", source=source, **more)).model_version


def location(context, version):
    return dispatch(context, wire.GetModelVersionDownloadUri(name="fraud", version=version.version)).artifact_uri


def refused(context, source, **more):
    with pytest.raises(InvalidParameterValue) as caught:
        create(context, source, **more)
    return caught.value.message


def test_an_artifact_of_the_run_is_accepted(context, run):
    made = create(context, f"{run.artifact_uri}/model", run_id=run.run_id)
    assert (made.version, made.run_id, made.source) == ("1", run.run_id, f"{run.artifact_uri}/model")
    assert location(context, made) == made.source
    assert create(context, run.artifact_uri, run_id=run.run_id).version == "2"


def test_an_artifact_of_no_run_is_refused(context, run):
    other = dispatch(context, CreateRun(experiment_id="0")).run.info
    for source in (
        f"{run.artifact_uri}/../../secret",
        f"{run.artifact_uri}/%2e%2e/secret",
        f"{run.artifact_uri}/model#x",
        f"{run.artifact_uri}/model?x=1",
        f"{run.artifact_uri}/a\\b",
        f"{run.artifact_uri}2/model",
        f"{other.artifact_uri}/model",
        "/etc",
        "/",
        "//etc",
        "//proc/self",
        "file:///etc",
        "file:/etc",
        "relative/model",
        "mlflow-artifacts:/0",
        "mlflow-artifacts:/",
        "mlflow-artifacts://host/0",
        f"mlflow-artifacts://host/0/{run.run_id}/artifacts",
        "http://host/x",
        "https://host/x",
        "ftp://host/x",
        "hdfs://host/x",
        "javascript:alert(1)",
        "data:text/plain,x",
        "s3://",
        "s3://bucket/../x",
        "s3://bucket/%2e%2e/x",
        "s3://bucket/x?y=1",
        "s3://bucket/x#f",
        "x" * 3000,
    ):
        refused(context, source, run_id=run.run_id)
        prompt = [wire.ModelVersionTag(key="mlflow.prompt.is_prompt", value="true")]
        refused(context, source, run_id=run.run_id, tags=prompt)
    for more in ({}, {"run_id": OTHER_RUN}, {"run_id": other.run_id}):
        assert "'run_id'" in refused(context, f"{run.artifact_uri}/model", **more)


def test_runs_uris_name_the_run_of_the_request(context, run):
    made = create(context, f"runs:/{run.run_id}/my model", run_id=run.run_id)
    assert (made.source, made.run_id) == (f"runs:/{run.run_id}/my model", run.run_id)
    assert location(context, made) == made.source
    refused(context, f"runs:/{run.run_id}/model")
    refused(context, f"runs:/{run.run_id}/model", run_id=OTHER_RUN)
    refused(context, f"runs:/{OTHER_RUN}/model", run_id=OTHER_RUN)
    refused(context, f"runs:/{run.run_id}/../x", run_id=run.run_id)
    refused(context, f"runs://host/{run.run_id}/x", run_id=run.run_id)
    refused(context, "runs:/", run_id=run.run_id)


def test_another_version_is_followed_once_and_for_all(context, run):
    first = create(context, f"runs:/{run.run_id}/model", run_id=run.run_id)
    for text in ("models:/fraud/1", "models:/fraud@champion", "models:/fraud/latest", "models:/fraud/staging"):
        if "@" in text:
            dispatch(context, wire.SetRegisteredModelAlias(name="fraud", alias="champion", version="1"))
        if text.endswith("staging"):
            dispatch(context, wire.TransitionModelVersionStage(name="fraud", version="1", stage="Staging"))
        made = create(context, text)
        assert made.run_id == run.run_id
        assert made.source in ("models:/fraud/1", f"models:/fraud/{int(made.version) - 1}")
        assert location(context, made) == first.source
    dispatch(context, wire.DeleteModelVersion(name="fraud", version="1"))
    assert location(context, made) == first.source
    with pytest.raises(ResourceDoesNotExist, match="99"):
        create(context, "models:/fraud/99")
    with pytest.raises(ResourceDoesNotExist, match="none"):
        create(context, "models:/none/1")
    refused(context, "models:/fraud@none")
    refused(context, "models:/fraud/nowhere")
    refused(context, "models:/fraud/production")
    for text in ("models:/", "models:/a/b/c", "models://profile/a/1", "models:/a/", "models:/@b", "models:/a/b@c"):
        with pytest.raises(AssayError) as caught:
            create(context, text)
        assert caught.value.status in (400, 404)


def test_a_logged_model_is_told_of_its_versions(context, run, model):
    made = create(context, f"models:/{MODEL}", model_id=MODEL)
    assert (made.run_id, made.model_id, location(context, made)) == (run.run_id, MODEL, model)
    below = create(context, f"{model}/sub", model_id=MODEL)
    assert below.run_id == ""
    copied = create(context, "models:/fraud/1")
    assert (copied.model_id, location(context, copied)) == (MODEL, model)
    tags = context.store.read(lambda session: session.models.get(MODEL)).info.tags
    known = json.loads(next(tag.value for tag in tags if tag.key == "mlflow.modelVersions"))
    assert known == [{"name": "fraud", "version": version} for version in (1, 2, 3)]


def test_a_logged_model_is_named_by_the_request(context, run, model):
    refused(context, f"models:/{MODEL}")
    refused(context, f"models:/{MODEL}", run_id=run.run_id)
    refused(context, f"models:/{MODEL}", model_id="m-other")
    refused(context, model, run_id=run.run_id)
    refused(context, f"{run.artifact_uri}/model", model_id=MODEL, run_id=run.run_id)
    refused(context, f"runs:/{run.run_id}/m", model_id=MODEL, run_id=run.run_id)
    with pytest.raises(ResourceDoesNotExist, match="m-none"):
        create(context, "models:/m-none", model_id="m-none")


def test_object_stores_are_accepted_also_for_runs_kept_elsewhere(context, run):
    made = create(context, "s3://bucket/models/1", run_id=OTHER_RUN)
    assert (made.source, made.run_id) == ("s3://bucket/models/1", OTHER_RUN)


def test_the_operator_may_accept_some_sources_only(context, run, monkeypatch):
    monkeypatch.setenv("MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX", "^s3://ours/")
    assert create(context, "s3://ours/m").version == "1"
    assert "'^s3://ours/'" in refused(context, "s3://theirs/s3://ours/")
    refused(context, f"{run.artifact_uri}/model", run_id=run.run_id)
    monkeypatch.setenv("MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX", "(")
    with pytest.raises(ConfigurationError, match="no regular expression"):
        create(context, "s3://ours/m")


def test_callers_on_this_machine_may_name_their_own_files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(str(tmp_path / "store"), artifact_root=str(tmp_path / "store"))
    context = Context(store=store, artifact_root=str(tmp_path), store_type="SqlStore", caller=Caller(local=True))
    dispatch(context, wire.CreateRegisteredModel(name="fraud"))
    run = dispatch(context, CreateRun(experiment_id="0")).run.info
    assert create(context, "saved").source == str(tmp_path / "saved")
    assert create(context, f"runs:/{run.run_id}/model").run_id == run.run_id
    refused(context, "saved/../x")
    refused(context, "mlflow-artifacts:/x")
    refused(context, "http://host/x")
    store.close()
