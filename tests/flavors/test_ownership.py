"""Whose code is run by loading: one's own by itself, everybody else's only when asked for."""

from __future__ import annotations

import shutil

import pytest

import assay
from assay.core.errors import ConfigurationError
from assay.flavors import pyfunc, sklearn
from assay.testing.server import running_server

REFUSED = "not known to be your own"


@pytest.fixture(params=["local", "server"])
def tracking_uri(request, tmp_path):
    if request.param == "local":
        yield str(tmp_path / "mlruns")
    else:
        with running_server(tmp_path) as server:
            yield server.url


@pytest.fixture
def logged(tracking_uri, model, monkeypatch):
    """Log a pickle as some user; registered as `fraud`."""
    assay.set_tracking_uri(tracking_uri)

    def log(user):
        with monkeypatch.context() as patch:
            patch.setenv("MLFLOW_TRACKING_USERNAME", user)
            with assay.start_run():
                return sklearn.log_model(model, name="model", registered_model_name="fraud")

    return log


def uris(info):
    client = assay.Client()
    client.set_registered_model_alias("fraud", "champion", "1")
    return (info.model_uri, f"runs:/{info.run_id}/model", "models:/fraud/1", "models:/fraud@champion")


def test_ones_own_models_are_loaded(logged):
    info = logged(assay.client.context.user())
    for uri in uris(info):
        assert sklearn.load_model(uri) is not None
        assert pyfunc.load_model(uri) is not None


def test_somebody_elses_are_refused_before_anything_of_them_runs(logged, monkeypatch):
    info = logged("somebody-else")
    for uri in uris(info):
        for load in (sklearn.load_model, pyfunc.load_model):
            with pytest.raises(ConfigurationError, match=REFUSED):
                load(uri)
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "true")
    assert sklearn.load_model(info.model_uri) is not None


def test_a_download_stays_somebody_elses(logged, tmp_path):
    info = logged("somebody-else")
    for place in (None, str(tmp_path)):
        fetched = assay.artifacts.download_artifacts(artifact_uri="models:/fraud/1", dst_path=place)
        with pytest.raises(ConfigurationError, match=REFUSED):
            sklearn.load_model(fetched)
    with pytest.raises(ConfigurationError, match=REFUSED):
        sklearn.load_model(assay.artifacts.download_artifacts(artifact_uri=info.model_uri))


def test_a_version_of_ones_own_that_points_to_anothers_model_is_refused(logged):
    info = logged("somebody-else")
    client = assay.Client()
    client.create_registered_model("mine")
    version = client.create_model_version("mine", info.model_uri, model_id=info.model_id)
    with pytest.raises(ConfigurationError, match=REFUSED):
        sklearn.load_model(f"models:/mine/{version.version}")


def test_a_place_that_tells_no_user_is_refused(logged):
    info = logged(assay.client.context.user())
    location = assay.Client().get_logged_model(info.model_id).artifact_location
    if location.startswith("mlflow-artifacts:"):
        with pytest.raises(ConfigurationError, match=REFUSED):
            sklearn.load_model(location)


def test_a_directory_on_this_disk_is_of_who_put_it_there(model, tmp_path):
    sklearn.save_model(model, tmp_path / "saved")
    assert sklearn.load_model(str(tmp_path / "saved")) is not None
    shutil.copytree(tmp_path / "saved", tmp_path / "copied")
    assert pyfunc.load_model((tmp_path / "copied").as_uri()) is not None


def test_nothing_is_loaded_where_it_is_forbidden(model, tmp_path, monkeypatch):
    sklearn.save_model(model, tmp_path / "saved")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="forbidden here"):
        sklearn.load_model(str(tmp_path / "saved"))
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "perhaps")
    with pytest.raises(ConfigurationError, match="true, false or own"):
        sklearn.load_model(str(tmp_path / "saved"))
