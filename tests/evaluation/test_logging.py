"""What an evaluation logs, to which run, and linked to what."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt
from sklearn.naive_bayes import GaussianNB

import assay
from assay.core.errors import ConfigurationError, InvalidParameterValue, NotSupported
from assay.evaluation import evaluate, list_evaluators


def wine_result(wine, config=None, **arguments):
    model, data = wine
    return evaluate(model, data, targets="target", model_type="classifier", evaluator_config=config, **arguments)


def test_without_a_run_one_is_started_and_ended(wine):
    result = wine_result(wine)
    assert assay.active_run() is None
    run = assay.get_run(result.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics == pytest.approx(result.metrics)
    kept = {file.path for file in assay.artifacts.list_artifacts(run_id=result.run_id)}
    assert kept == {artifact.name for artifact in result.artifacts.values()}


def test_the_active_run_goes_on(wine):
    with assay.start_run() as run:
        assert wine_result(wine).run_id == run.info.run_id
        assert assay.active_run().info.run_id == run.info.run_id
        assay.log_metric("after", 1)
    assert assay.get_run(run.info.run_id).data.metrics["after"] == 1


def test_two_evaluations_in_one_run_are_told_apart_by_prefix(wine):
    with assay.start_run() as run:
        first = wine_result(wine, {"metric_prefix": "val_"})
        second = wine_result((wine[0], wine[1].head(70)), {"metric_prefix": "test/"})
    kept = assay.get_run(run.info.run_id)
    assert {"val_accuracy_score", "test/accuracy_score"} <= set(kept.data.metrics)
    contexts = {tag.value for one in kept.inputs.dataset_inputs for tag in one.tags}
    assert contexts == {"val_", "test/"}
    assert first.artifacts["confusion_matrix"].uri.endswith("/val_confusion_matrix.png")
    assert second.artifacts["confusion_matrix"].uri.endswith("/test/confusion_matrix.png")


def test_metrics_are_linked_to_dataset_and_model(wine):
    model, data = wine
    dataset = assay.data.from_pandas(data, targets="target", name="odd rows")
    logged = assay.initialize_logged_model("wine")
    assay.finalize_logged_model(logged.model_id, "READY")
    other = assay.initialize_logged_model("another")
    with assay.start_run() as run:
        assay.log_outputs([assay.entities.LoggedModelOutput(other.model_id, 0)])
        evaluate(model, dataset, model_type="classifier", model_id=logged.model_id)
    kept = assay.get_run(run.info.run_id).inputs
    assert [one.dataset.name for one in kept.dataset_inputs] == ["odd rows"]
    assert [one.model_id for one in kept.model_inputs] == [logged.model_id]
    points = {point.key: point for point in assay.get_logged_model(logged.model_id).metrics}
    assert points["accuracy_score"].dataset_digest == dataset.digest
    assert points["accuracy_score"].run_id == run.info.run_id
    assert not assay.get_logged_model(other.model_id).metrics


def test_a_saved_model_is_evaluated_by_its_uri(wine):
    model, data = wine
    info = assay.sklearn.log_model(model, name="wine")
    result = evaluate(info.model_uri, data, targets="target", model_type="classifier")
    assert result.metrics == pytest.approx(wine_result(wine).metrics)
    linked = assay.get_logged_model(info.model_id).metrics
    assert {point.key for point in linked} == set(result.metrics)


def test_a_model_of_ones_own_is_evaluated_by_its_uri(wine, features):
    model, data = wine

    class Fixed(assay.pyfunc.PythonModel):
        def predict(self, context, model_input, params=None):
            return [context.model_config["answer"]] * len(model_input)

    info = assay.pyfunc.log_model(
        name="fixed", python_model=Fixed(), input_example=features(data).head(2), model_config={"answer": 0}
    )
    shared = {"data": data, "targets": "target", "model_type": "classifier"}
    assert evaluate(info.model_uri, **shared).metrics["accuracy_score"] == (data["target"] == 0).mean()
    configured = evaluate(info.model_uri, **shared, model_config={"answer": 1})
    assert configured.metrics["accuracy_score"] == (data["target"] == 1).mean()
    with pytest.raises(InvalidParameterValue, match="model_config is for a model that is loaded by URI"):
        evaluate(model, **shared, model_config={"answer": 1})


def test_autologging_records_nothing_of_an_evaluation(wine, features):
    _, data = wine

    def trains_again(rows):
        return GaussianNB().fit(features(data), data["target"]).predict(rows)

    assay.sklearn.autolog(log_models=False, log_datasets=False)
    try:
        result = evaluate(trains_again, data, targets="target", model_type="classifier")
        assert [run.info.run_id for run in assay.search_runs(output_format="list")] == [result.run_id]
        trains_again(features(data))
        assert len(assay.search_runs(output_format="list")) == 2
    finally:
        assay.sklearn.autolog(disable=True)


def test_pyplot_and_its_settings_stay_as_they_are(cancer):
    mine = plt.figure()
    before = dict(mpl.rcParams)
    evaluate(*cancer, targets="target", model_type="classifier")
    assert plt.get_fignums() == [mine.number]
    assert plt.gcf() is mine
    assert dict(mpl.rcParams) == before
    plt.close(mine)


def test_every_figure_is_a_picture(cancer, diabetes):
    for data, kind in ((cancer, "classifier"), (diabetes, "regressor")):
        result = evaluate(*data, targets="target", model_type=kind)
        pictures = [one for one in result.artifacts.values() if one.name.endswith(".png")]
        assert len(pictures) >= 3
        for picture in pictures:
            assert picture.content.size == (900, 600)
            assert len(picture.content.convert("L").getcolors(maxcolors=256)) > 20


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"data": None}, InvalidParameterValue, "Give the data"),
        ({"model_type": None}, InvalidParameterValue, "model_type='classifier'"),
        ({"model_type": "text"}, NotSupported, "model_type='text'"),
        ({"evaluators": "shap"}, NotSupported, "evaluators='shap'"),
        ({"env_manager": "conda"}, NotSupported, "env_manager='conda'"),
        ({"inference_params": {"a": 1}}, NotSupported, "hosted endpoints"),
        ({"targets": "answer"}, InvalidParameterValue, "no column 'answer'"),
        ({"targets": None}, InvalidParameterValue, "Give targets"),
        ({"model": None}, InvalidParameterValue, "Give a model, or the column"),
        ({"model": 7}, InvalidParameterValue, "A int is no model"),
        ({"extra_metrics": [max]}, InvalidParameterValue, "make_metric"),
        ({"feature_names": ["alcohol", "colour"]}, InvalidParameterValue, "no column 'colour'"),
        ({"data": {"a": 1}}, NotSupported, "A dict cannot be evaluated on"),
        ({"data": []}, InvalidParameterValue, "1 dimensions"),
    ],
)
def test_what_does_not_fit_is_refused(wine, arguments, error, message):
    model, data = wine
    given = {"model": model, "data": data, "targets": "target", "model_type": "classifier", **arguments}
    with pytest.raises(error, match=message):
        evaluate(**given)


def test_no_rows_are_refused(wine):
    model, data = wine
    with pytest.raises(InvalidParameterValue, match="no rows"):
        evaluate(model, data.head(0), targets="target", model_type="classifier")


def test_a_dataset_names_its_columns_itself(wine):
    model, data = wine
    dataset = assay.data.from_pandas(data, targets="target")
    with pytest.raises(InvalidParameterValue, match="names its targets"):
        evaluate(model, dataset, targets="target", model_type="classifier")


def test_a_model_id_that_contradicts_the_model_is_refused(wine):
    model, data = wine

    class Known:
        model_id = "m-1"

        def predict(self, rows):
            return model.predict(rows)

    with pytest.raises(InvalidParameterValue, match="model_id is 'm-2', and the model is 'm-1'"):
        evaluate(Known(), data, targets="target", model_type="classifier", model_id="m-2")


def test_the_evaluators(wine):
    assert list_evaluators() == ["default", "classifier", "regressor"]
    options = {"classifier": {"metric_prefix": "a_"}}
    assert "a_score" in wine_result(wine, options, evaluators=["classifier"]).metrics


def test_its_names_are_light():
    code = "import assay, sys; assay.evaluate, assay.evaluation.make_metric; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "pandas", "sklearn", "matplotlib", "yaml"} & set(loaded)


def test_what_is_not_installed_is_named(wine, monkeypatch):
    monkeypatch.setattr("assay.evaluation.open.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match="pip install matplotlib"):
        wine_result(wine)
