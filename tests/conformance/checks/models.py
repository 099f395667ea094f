"""Logged models, and what runs read and make."""

import tempfile
from pathlib import Path

from checks.setting import client, experiment, fresh, refused, run
from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelStatus,
    Metric,
)


def dataset(name="wine", digest="0a1b", **more):
    return Dataset(name=name, digest=digest, source_type="local", source='{"uri": "w.csv"}', **more)


def model(experiment_id=None, **options):
    return client().create_logged_model(experiment_id or experiment(), **options)


def measure(run_id, model_id, value):
    client().log_metric(
        run_id, "acc", value, timestamp=10, step=1, model_id=model_id, dataset_name="wine", dataset_digest="0a1b"
    )


def named(found):
    return [one.name for one in found]


def check_inputs_come_back():
    run_id = run()
    read = DatasetInput(dataset(schema="{}", profile='{"num_rows": 3}'), [InputTag("mlflow.data.context", "train")])
    client().log_inputs(run_id, datasets=[read, DatasetInput(dataset("bare"), [])])
    client().log_inputs(run_id, datasets=[DatasetInput(dataset(), [InputTag("mlflow.data.context", "test")])])
    first, second = client().get_run(run_id).inputs.dataset_inputs
    assert first.to_dictionary() == read.to_dictionary()
    assert (second.dataset.name, second.dataset.schema, second.tags) == ("bare", None, [])


def check_models_read_and_made():
    run_id = run()
    client().log_inputs(run_id, models=[LoggedModelInput("m-read")])
    client().log_outputs(run_id, [LoggedModelOutput("m-made", 7)])
    found = client().get_run(run_id)
    assert [one.model_id for one in found.inputs.model_inputs] == ["m-read"]
    assert [(one.model_id, one.step) for one in found.outputs.model_outputs] == [("m-made", 7)]


def check_runs_are_found_by_dataset():
    experiment_id = experiment()
    run_id = client().create_run(experiment_id).info.run_id
    client().create_run(experiment_id)
    client().log_inputs(run_id, [DatasetInput(dataset(), [InputTag("mlflow.data.context", "train")])])
    for text, count in (
        ("dataset.name = 'wine'", 1),
        ("datasets.digest LIKE '0a%'", 1),
        ("dataset.context IN ('train', 'test')", 1),
        ("dataset.name = 'beer'", 0),
    ):
        found = client().search_runs([experiment_id], text)
        assert [one.info.run_id for one in found] == [run_id] * count, text
        assert all(one.inputs.dataset_inputs[0].dataset.name == "wine" for one in found)


def check_life_of_a_model():
    name = fresh("net")
    experiment_id = experiment()
    made = model(experiment_id, name=name, model_type="agent", params={"a": "1"}, tags={"t": "v"})
    assert made.status == LoggedModelStatus.PENDING
    assert made.artifact_location == f"mlflow-artifacts:/{experiment_id}/models/{made.model_id}/artifacts"
    assert (made.name, made.model_type, made.params, made.tags) == (name, "agent", {"a": "1"}, {"t": "v"})
    for status in (LoggedModelStatus.FAILED, LoggedModelStatus.READY):
        assert client().finalize_logged_model(made.model_id, status).status == status
    client().set_logged_model_tags(made.model_id, {"t": "w", "other": ""})
    client().delete_logged_model_tag(made.model_id, "other")
    assert client().get_logged_model(made.model_id).tags == {"t": "w"}
    client().log_model_params(made.model_id, {"b": "2"})
    assert client().get_logged_model(made.model_id).params == {"a": "1", "b": "2"}
    client().delete_logged_model(made.model_id)
    with refused("RESOURCE_DOES_NOT_EXIST", made.model_id):
        client().get_logged_model(made.model_id)


def check_wrong_models_are_refused():
    with refused("INVALID_PARAMETER_VALUE"):
        model(name="a/b")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        model("999999999")
    with refused("RESOURCE_DOES_NOT_EXIST"):
        client().delete_logged_model_tag(model().model_id, "none")
    with refused("BAD_REQUEST"):
        client().log_metric(run(), "acc", 1.0, model_id="m-none")


def check_metrics_of_models():
    run_id, made = run(), model()
    measure(run_id, made.model_id, 0.5)
    client().log_batch(run_id, metrics=[Metric("acc", 0.7, 11, 2, model_id=made.model_id), Metric("loss", 1.0, 11, 2)])
    found = [
        (point.key, point.value, point.step, point.dataset_name, point.dataset_digest, point.run_id)
        for point in client().get_logged_model(made.model_id).metrics
    ]
    assert found == [("acc", 0.5, 1, "wine", "0a1b", run_id), ("acc", 0.7, 2, None, None, run_id)]
    assert client().get_run(run_id).data.metrics == {"acc": 0.7, "loss": 1.0}


def check_searches_for_models():
    experiment_id = experiment()
    run_id = client().create_run(experiment_id).info.run_id
    for number, value in enumerate((0.9, 0.4)):
        made = model(experiment_id, name=f"n{number}", params={"p": str(number)}, source_run_id=run_id)
        measure(run_id, made.model_id, value)
    model(experiment_id, name="n2")

    def search(**options):
        return named(client().search_logged_models([experiment_id], **options))

    assert search() == ["n2", "n1", "n0"]
    assert search(filter_string="metrics.acc > 0.5") == ["n0"]
    assert search(filter_string="params.p = '1' AND name != 'n0'") == ["n1"]
    assert search(filter_string=f"source_run_id = '{run_id}' AND name IN ('n0', 'n2')") == ["n0"]
    assert search(filter_string="status = 1") == ["n2", "n1", "n0"]
    assert search(datasets=[{"dataset_name": "wine", "dataset_digest": "0a1b"}]) == ["n1", "n0"]
    order = {"field_name": "metrics.acc", "ascending": False, "dataset_name": "wine", "dataset_digest": "0a1b"}
    assert search(order_by=[order]) == ["n0", "n1", "n2"]
    first = client().search_logged_models([experiment_id], max_results=2)
    rest = client().search_logged_models([experiment_id], max_results=2, page_token=first.token)
    assert (named(first), named(rest), rest.token) == (["n2", "n1"], ["n0"], None)
    with refused("INVALID_PARAMETER_VALUE"):
        search(filter_string="name = 'x'", page_token=first.token)
    with refused("INVALID_PARAMETER_VALUE"):
        search(order_by=[{"field_name": "params.p"}])


def check_files_of_models():
    made = model()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "weights.txt")
        path.write_text("12345")
        client().log_model_artifact(made.model_id, str(path))
    (listed,) = client().list_logged_model_artifacts(made.model_id)
    assert (listed.path, listed.file_size) == ("weights.txt", 5)


def check_many_params():
    params = {f"p{number}": "v" * 250 for number in range(150)}
    assert client().get_logged_model(model(params=params).model_id).params == params
