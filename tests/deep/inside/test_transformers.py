"""Transformers models go both ways with MLflow and predict as MLflow's do; trainings are recorded."""

from __future__ import annotations

import os

os.environ["HF_HUB_OFFLINE"] = "1"

import base64
import inspect
import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
import transformers
import yaml
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers, processors

import assay
from assay.autologging import patching
from assay.core.errors import (
    ConfigurationError,
    DataLoss,
    InvalidParameterValue,
    NotSupported,
    ResourceDoesNotExist,
)
from assay.data.signature import infer_signature
from assay.flavors import pyfunc
from assay.flavors.mlmodel import Model

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the cat dog sat on a mat good bad what where who".split()
SMALL = {
    "vocab_size": len(WORDS),
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 8,
    "max_position_embeddings": 32,
}
NLI = {"contradiction": 0, "neutral": 1, "entailment": 2}

transformers.utils.logging.disable_progress_bar()


def tokenizer():
    made = Tokenizer(models.WordLevel({word: number for number, word in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    named = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "pad", "cls", "sep", "mask")}
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=32, **named)


def bert(kind, **config):
    torch.manual_seed(3)
    return kind(transformers.BertConfig(**SMALL, initializer_range=0.9, **config)).eval()


def text_pipeline(task):
    if task == "text-generation":
        torch.manual_seed(3)
        config = transformers.GPT2Config(
            vocab_size=len(WORDS), n_embd=8, n_layer=2, n_head=2, n_positions=32, initializer_range=0.9,
            bos_token_id=2, eos_token_id=3, pad_token_id=0,
        )  # fmt: skip
        model = transformers.GPT2LMHeadModel(config).eval()
        model.generation_config.max_length = None
    elif task == "zero-shot-classification":
        labels = {number: name for name, number in NLI.items()}
        model = bert(transformers.BertForSequenceClassification, id2label=labels, label2id=NLI)
    else:
        model = bert(
            {
                "text-classification": transformers.BertForSequenceClassification,
                "token-classification": transformers.BertForTokenClassification,
                "fill-mask": transformers.BertForMaskedLM,
                "feature-extraction": transformers.BertModel,
            }[task]
        )
    return transformers.pipeline(task, model=model, tokenizer=tokenizer(), device="cpu")


def image_pipeline():
    torch.manual_seed(3)
    config = transformers.ViTConfig(
        hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8, image_size=8, patch_size=4,
        num_labels=3, initializer_range=0.9,
    )  # fmt: skip
    model = transformers.ViTForImageClassification(config).eval()
    processor = transformers.ViTImageProcessorPil(size={"height": 8, "width": 8})
    return transformers.pipeline("image-classification", model=model, image_processor=processor, device="cpu")


TEXTS = ["the cat", "a dog sat"]
ZERO_SHOT = {"sequences": "the cat sat", "candidate_labels": ["cat", "dog"], "hypothesis_template": "the {}"}
GREEDY = {"max_new_tokens": 3, "do_sample": False}
CASES = {
    "text-classification": ("the cat", [TEXTS, "the cat"], None),
    "token-classification": ("the cat", [TEXTS, "the cat", [*TEXTS, "dog"]], None),
    "fill-mask": ("the [MASK]", [["the [MASK]", "a [MASK] sat"], "the [MASK]", "[MASK] [MASK]"], None),
    "feature-extraction": ("the cat", ["the cat", ["a dog sat"]], None),
    "zero-shot-classification": (ZERO_SHOT, [{**ZERO_SHOT, "candidate_labels": '["cat", "dog"]'}], None),
    "text-generation": ("the cat", ["the cat", TEXTS], GREEDY),
}
"""For each task an example, inputs to compare with MLflow's outputs, and a configuration."""


def described(value):
    if hasattr(value, "iloc"):
        return {"columns": [str(name) for name in value.columns], "rows": value.to_numpy().tolist()}
    return value.tolist() if hasattr(value, "tolist") else value


def same(ours, theirs):
    if isinstance(theirs, dict):
        return set(ours) == set(theirs) and all(same(ours[name], theirs[name]) for name in theirs)
    if isinstance(theirs, list):
        return len(ours) == len(theirs) and all(same(*pair) for pair in zip(ours, theirs, strict=True))
    return ours == pytest.approx(theirs, rel=1e-4) if isinstance(theirs, float) else ours == theirs


@pytest.fixture(scope="module")
def pipelines():
    return {**{task: text_pipeline(task) for task in CASES}, "image-classification": image_pipeline()}


@pytest.fixture
def classifier(pipelines):
    return pipelines["text-classification"]


def read(path):
    return yaml.safe_load(Path(path, "MLmodel").read_text())


def trainer(output="out", **arguments):
    torch.manual_seed(3)
    model = bert(transformers.BertForSequenceClassification)
    encoded = tokenizer()(["the cat", "a dog", "good mat", "bad cat"], padding=True)
    rows = [
        {"input_ids": ids, "attention_mask": mask, "labels": number % 2}
        for number, (ids, mask) in enumerate(zip(encoded["input_ids"], encoded["attention_mask"], strict=True))
    ]
    settings = transformers.TrainingArguments(
        output, num_train_epochs=2, per_device_train_batch_size=2, logging_steps=1, save_strategy="no",
        disable_tqdm=True, use_cpu=True, seed=3, **arguments,
    )  # fmt: skip
    return transformers.Trainer(model, settings, train_dataset=rows, eval_dataset=rows)


TINY = (
    "import torch, transformers\n"
    "from tokenizers import Tokenizer, models, pre_tokenizers, processors\n"
    f"WORDS = {WORDS!r}\nSMALL = {SMALL!r}\n"
    + "".join(inspect.getsource(one) for one in (described, tokenizer, bert, trainer))
)
"""The tiny models, for processes of their own."""
THEIR_SIDE = (
    f"""
import json
import mlflow
{TINY}
"""
    """
answers = {}
for task, (example, inputs, config) in json.load(open("cases.json")).items():
    model = mlflow.transformers.load_model(f"ours/{task}", device="cpu")
    generic = mlflow.pyfunc.load_model(f"ours/{task}")
    answers[task] = {
        "class": type(model).__name__,
        "weights": float(sum(one.detach().double().sum() for one in model.model.parameters())),
        "outputs": [described(generic.predict(one)) for one in inputs],
        "signature": generic.metadata.signature.to_dict(),
    }
    mlflow.transformers.save_model(
        model, f"theirs/{task}", input_example=example, model_config=config, pip_requirements=["transformers"]
    )
mlflow.set_tracking_uri("sqlite:///theirs.db")
mlflow.transformers.autolog()
trainer().train()
run = mlflow.search_runs(output_format="list")[0]
points = {
    key: [(one.step, one.value) for one in mlflow.MlflowClient().get_metric_history(run.info.run_id, key)]
    for key in run.data.metrics
}
answers["training"] = {"params": run.data.params, "points": points}
print("answers:" + json.dumps(answers))
"""
)


@pytest.fixture(scope="module")
def exchange(pipelines, tmp_path_factory, answers_in):
    """A directory with models that Assay saved and those that MLflow made of them, and what MLflow said."""
    directory = tmp_path_factory.mktemp("exchange")
    for task, (example, _, config) in CASES.items():
        target = directory / "ours" / task
        assay.transformers.save_model(pipelines[task], target, input_example=example, model_config=config)
    image = directory / "image.png"
    Image.new("RGB", (8, 8), (200, 30, 90)).save(image)
    assay.transformers.save_model(pipelines["image-classification"], directory / "ours" / "image-classification")
    encoded = base64.b64encode(image.read_bytes()).decode()
    images = (None, [str(image), encoded, [encoded, encoded]], None)
    (directory / "cases.json").write_text(json.dumps({**CASES, "image-classification": images}))
    answers = answers_in(directory, THEIR_SIDE)
    return SimpleNamespace(directory=directory, answers=answers, inputs={**CASES, "image-classification": images})


@pytest.mark.parametrize("task", [*CASES, "image-classification"])
def test_models_go_both_ways_with_mlflow(exchange, pipelines, task):
    answers = exchange.answers[task]
    weights = float(sum(one.detach().double().sum() for one in pipelines[task].model.parameters()))
    assert answers["class"] == type(pipelines[task]).__name__
    assert answers["weights"] == pytest.approx(weights)
    theirs = assay.transformers.load_model(exchange.directory / "theirs" / task, device="cpu")
    assert type(theirs) is type(pipelines[task])
    assert float(sum(one.detach().double().sum() for one in theirs.model.parameters())) == pytest.approx(weights)


@pytest.mark.parametrize("task", [*CASES, "image-classification"])
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_functions_give_what_they_give_in_mlflow(exchange, task, side):
    loaded = pyfunc.load_model(exchange.directory / side / task)
    outputs = [described(loaded.predict(one)) for one in exchange.inputs[task][1]]
    assert same(json.loads(json.dumps(outputs)), exchange.answers[task]["outputs"])


@pytest.mark.parametrize("task", [*CASES, "image-classification"])
def test_the_mlmodel_file_is_mlflows(exchange, task):
    ours, theirs = (read(exchange.directory / side / task) for side in ("ours", "theirs"))
    place = {"source_model_name"}  # MLflow saved what it had loaded from Assay's directory
    known = {name: value for name, value in theirs["flavors"]["transformers"].items() if name not in place}
    assert known.items() <= ours["flavors"]["transformers"].items()
    assert theirs["flavors"]["python_function"] == ours["flavors"]["python_function"]
    for part in ("inputs", "outputs"):
        if (task, part) != ("feature-extraction", "outputs"):  # MLflow's is that of one token's vector
            assert json.loads(ours["signature"][part]) == json.loads(theirs["signature"][part])
    files = {one.relative_to(exchange.directory / "ours" / task).as_posix()
             for one in (exchange.directory / "ours" / task).rglob("*") if one.is_file()}  # fmt: skip
    expected = {one.relative_to(exchange.directory / "theirs" / task).as_posix()
                for one in (exchange.directory / "theirs" / task).rglob("*") if one.is_file()}  # fmt: skip
    assert expected - {"LICENSE.txt"} == files
    assert "model/model.safetensors" in files


def test_other_forms_of_input(pipelines, exchange):
    def load(task):
        return pyfunc.load_model(exchange.directory / "ours" / task)

    several = load("feature-extraction").predict(TEXTS)
    assert [one.shape for one in several] == [(4, 8), (5, 8)]  # MLflow gives the first alone
    frame = pd.DataFrame({"text": TEXTS})
    assert load("token-classification").predict(frame) == load("token-classification").predict(TEXTS)
    pairs = [{"text": "the cat", "text_pair": "a dog"}, {"text": "bad", "text_pair": "good"}]
    expected = pipelines["text-classification"](pairs)
    assert assay.transformers.predict(pipelines["text-classification"], pairs).to_dict("records") == expected
    assert assay.transformers.predict(pipelines["text-classification"], np.array(TEXTS)).shape == (2, 2)
    zero = pipelines["zero-shot-classification"]
    rows = assay.transformers.predict(zero, {"sequences": TEXTS, "candidate_labels": "cat, dog"})
    assert rows["sequence"].tolist() == [TEXTS[0]] * 2 + [TEXTS[1]] * 2
    assert set(rows["labels"]) == {"cat", "dog"}
    image = (exchange.directory / "image.png").read_bytes()
    assert len(assay.transformers.predict(pipelines["image-classification"], [image, image])) == 2


def test_wrong_input_says_so(pipelines):
    wrong = {
        "text-classification": [{"a": "x", "b": "y"}, 3, []],
        "token-classification": [3, [{"a": 1, "b": 2}]],
        "zero-shot-classification": ["the cat"],
        "image-classification": ["https://example.com/cat.png", "nowhere.png"],
    }
    for task, inputs in wrong.items():
        for one in inputs:
            with pytest.raises(InvalidParameterValue):
                assay.transformers.predict(pipelines[task], one)
    with pytest.raises(InvalidParameterValue, match="do not fit"):
        assay.transformers.predict(pipelines["text-generation"], "the cat", {"no_such_param": 1})
    with pytest.raises(NotSupported, match="cannot be used as functions"):
        assay.transformers.predict(SimpleNamespace(task="depth-estimation"), "the cat")


def test_params_of_a_prediction(pipelines):
    signature = infer_signature(["the cat"], ["the cat sat"], {"max_new_tokens": 1})
    generator = pipelines["text-generation"]
    assay.transformers.save_model(generator, "saved", signature=signature, model_config=GREEDY)
    loaded = pyfunc.load_model("saved")
    assert len(loaded.predict("the cat")[0].split()) <= 3
    longer = loaded.predict("the cat", params={"max_new_tokens": 9})
    assert longer == [one["generated_text"].strip() for one in generator("the cat", do_sample=False, max_new_tokens=9)]
    assay.transformers.save_model(
        generator, "paired", input_example=("the cat", {"max_new_tokens": 2, "do_sample": False})
    )
    params = json.loads(Model.load("paired").signature.to_dict()["params"])
    assert [one["name"] for one in params] == ["max_new_tokens", "do_sample"]


def test_a_prompt_template(pipelines):
    generator = pipelines["text-generation"]
    assay.transformers.save_model(generator, "saved", prompt_template="what {prompt}", model_config=GREEDY)
    content = read("saved")
    assert content["metadata"] == {"prompt_template": "what {prompt}"}
    assert content["flavors"]["python_function"]["config"] == {**GREEDY, "return_full_text": False}
    expected = generator("what the cat", return_full_text=False, **GREEDY)[0]["generated_text"].strip()
    assert pyfunc.load_model("saved").predict("the cat") == [expected]
    for wrong in ("no place", "{other}", "{prompt} {prompt}", "{"):
        with pytest.raises(InvalidParameterValue, match="prompt_template"):
            assay.transformers.save_model(generator, "wrong", prompt_template=wrong)
    with pytest.raises(InvalidParameterValue, match="is for"):
        assay.transformers.save_model(pipelines["text-classification"], "wrong", prompt_template="{prompt}")


def test_components_and_types_of_numbers(classifier):
    parts = {"model": classifier.model, "tokenizer": classifier.tokenizer}
    assay.transformers.save_model(parts, "saved", task="text-classification", torch_dtype=torch.float16)
    assert read("saved")["flavors"]["transformers"]["torch_dtype"] == "torch.float16"
    found = assay.transformers.load_model("saved", return_type="components")
    assert {"task", "dtype", "model", "tokenizer"} == set(found)
    assert (found["task"], found["model"].dtype) == ("text-classification", torch.float16)
    assert assay.transformers.load_model("saved", torch_dtype="float32", device="cpu").model.dtype == torch.float32
    for wrong in ({"torch_dtype": "float3"}, {"return_type": "model"}):
        with pytest.raises(InvalidParameterValue):
            assay.transformers.load_model("saved", **wrong)


def test_with_a_processor_a_model_is_loaded_as_components(classifier):
    assay.transformers.save_model(classifier, "saved", processor=tokenizer())
    assert "python_function" not in read("saved")["flavors"]
    assert set(assay.transformers.load_model("saved", return_type="components")) >= {"processor", "tokenizer"}
    with pytest.raises(InvalidParameterValue, match="processor"):
        assay.transformers.load_model("saved")


def test_a_model_is_logged_and_registered(classifier):
    card = SimpleNamespace(text="# A card", data=SimpleNamespace(to_dict=lambda: {"license": "mit"}))
    with assay.start_run() as run:
        info = assay.transformers.log_model(
            classifier, name="texts", registered_model_name="texts", model_card=card, metadata={"team": "x"}
        )
    assert (info.run_id, info.registered_model_version) == (run.info.run_id, 1)
    assert pyfunc.load_model("models:/texts/1").predict("the cat").columns.tolist() == ["label", "score"]
    local = Path(assay.artifacts.download_artifacts(artifact_uri=info.model_uri))
    assert (local / "model_card.md").read_text() == "# A card"
    assert yaml.safe_load((local / "model_card_data.yaml").read_text()) == {"license": "mit"}
    pins = (local / "requirements.txt").read_text().split()
    assert {pin.partition("==")[0] for pin in pins} == {"accelerate", "torch", "transformers"}
    assert assay.transformers.get_default_pip_requirements(classifier.model) == pins
    with pytest.raises(NotSupported, match="prompts"):
        assay.transformers.log_model(classifier, prompts=["x"])


def test_a_checkpoint_is_copied_without_being_loaded(classifier):
    classifier.model.save_pretrained("checkpoint")
    classifier.tokenizer.save_pretrained("checkpoint")
    Path("checkpoint/training_args.bin").write_bytes(b"a pickle")
    assay.transformers.save_model("checkpoint", "saved", task="text-classification")
    assert not Path("saved/model/training_args.bin").exists()
    expected = assay.transformers.predict(classifier, TEXTS)
    assert np.allclose(pyfunc.load_model("saved").predict(TEXTS)["score"], expected["score"])
    with pytest.raises(InvalidParameterValue, match="Give task"):
        assay.transformers.save_model("checkpoint", "wrong")
    with pytest.raises(InvalidParameterValue, match="save_pretrained"):
        assay.transformers.save_model("checkpoint", "wrong", task="text-classification", save_pretrained=False)
    Path("checkpoint/model.safetensors").unlink()
    with pytest.raises(InvalidParameterValue, match="safetensors"):
        assay.transformers.save_model("checkpoint", "wrong", task="text-classification")
    with pytest.raises(InvalidParameterValue, match=r"config\.json"):
        assay.transformers.save_model("nowhere", "wrong", task="text-classification")
    assert not Path("wrong").exists()


def test_what_is_not_saved(classifier):
    for wrong in (3, classifier.model, {"tokenizer": 1}, {"model": 1, "brain": 2}, {"model": classifier.model}):
        with pytest.raises(InvalidParameterValue):
            assay.transformers.save_model(wrong, "saved")
    with pytest.raises(InvalidParameterValue, match="make no pipeline"):
        assay.transformers.save_model({"model": classifier.model}, "saved", task="no-such-task")
    with pytest.raises(NotSupported, match="generative"):
        assay.transformers.save_model(classifier, "saved", task="llm/v1/chat")
    with pytest.raises(NotSupported, match="PEFT"):
        assay.transformers.save_model(classifier, "saved", base_model_path=".")
    assert not Path("saved").exists()


def without_digests(path, **changes):
    description = read(path)
    del description["file_digests"]
    description["flavors"]["transformers"].update(changes)
    Path(path, "MLmodel").write_text(yaml.safe_dump(description))


def test_changed_and_damaged_files_say_so(classifier):
    assay.transformers.save_model(classifier, "saved")
    weights = Path("saved/model/model.safetensors")
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(DataLoss, match="has changed"):
        assay.transformers.load_model("saved")
    without_digests("saved")
    with pytest.raises(DataLoss, match="are damaged"):
        assay.transformers.load_model("saved")
    shutil.rmtree("saved/components")
    with pytest.raises((ResourceDoesNotExist, DataLoss)):
        assay.transformers.load_model("saved")


def test_weights_in_a_pickle_are_loaded_by_rule(classifier, monkeypatch):
    assay.transformers.save_model(classifier, "saved")
    Path("saved/model/model.safetensors").unlink()
    torch.save(classifier.model.state_dict(), "saved/model/pytorch_model.bin")
    without_digests("saved")
    expected = assay.transformers.predict(classifier, TEXTS)
    again = assay.transformers.load_model("saved", device="cpu")
    assert np.allclose(assay.transformers.predict(again, TEXTS)["score"], expected["score"])
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    for load in (assay.transformers.load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match="weights that are a pickle"):
            load("saved")


CODE = """
import transformers
from pathlib import Path
Path({marker!r}).touch()
class OwnModel(transformers.BertForSequenceClassification):
    pass
"""


def test_code_that_comes_with_a_model_is_run_only_where_it_is_trusted(classifier, tmp_path, monkeypatch):
    monkeypatch.setattr("transformers.dynamic_module_utils.HF_MODULES_CACHE", str(tmp_path / "modules"))
    assay.transformers.save_model(classifier, "saved")
    marker = tmp_path / "was-run"
    Path("saved/model/own.py").write_text(CODE.format(marker=str(marker)))
    config = json.loads(Path("saved/model/config.json").read_text())
    config |= {"architectures": ["OwnModel"], "auto_map": {"AutoModelForSequenceClassification": "own.OwnModel"}}
    Path("saved/model/config.json").write_text(json.dumps(config))
    without_digests("saved", pipeline_model_type="OwnModel")
    for load in (assay.transformers.load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match="trust_remote_code"):
            load("saved")
    monkeypatch.setenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION", "false")
    with pytest.raises(ConfigurationError, match="runs code of whoever wrote it"):
        assay.transformers.load_model("saved", trust_remote_code=True)
    assert not marker.exists()
    monkeypatch.delenv("MLFLOW_ALLOW_PICKLE_DESERIALIZATION")
    found = assay.transformers.load_model("saved", return_type="components", trust_remote_code=True)
    assert type(found["model"]).__name__ == "OwnModel"
    assert marker.exists()


HUB = """
import os, sys
import assay, transformers
classify = transformers.pipeline("text-classification", model="tests/tiny", device="cpu")
assay.transformers.save_model(classify, "referred", save_pretrained=False, input_example="the cat")
assert not os.path.exists("referred/model") and not os.path.exists("referred/components")
again = assay.transformers.load_model("referred", device="cpu")
assert again("the cat") == classify("the cat")
print(assay.pyfunc.load_model("referred").predict("the cat")["label"][0])
"""


def test_a_reference_to_the_hub(classifier, tmp_path, in_process, monkeypatch, caplog):
    commit = "0123456789abcdef0123456789abcdef01234567"
    kept = tmp_path / "hub/models--tests--tiny"
    snapshot = kept / "snapshots" / commit
    classifier.model.save_pretrained(snapshot)
    classifier.tokenizer.save_pretrained(snapshot)
    (kept / "refs").mkdir()
    (kept / "refs/main").write_text(commit)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("PYTHONPATH", str(Path(assay.__file__).parents[1]))
    assert "LABEL_" in in_process(HUB)
    said = read("referred")["flavors"]["transformers"]
    assert (said["source_model_name"], said["source_model_revision"]) == ("tests/tiny", commit)
    assert (said["tokenizer_name"], said["tokenizer_revision"]) == ("tests/tiny", commit)
    assay.transformers.save_model(classifier, "local", save_pretrained=False)
    assert "not from the Hugging Face Hub" in caplog.text
    assert Path("local/model/model.safetensors").is_file()


pin_memory = pytest.mark.filterwarnings("ignore:.*pin_memory.*:UserWarning")


@pytest.fixture
def autologged():
    assay.transformers.autolog()
    yield
    assay.transformers.autolog(disable=True)


@pin_memory
def test_a_training_is_recorded_as_mlflow_records_it(autologged, exchange):
    params, points = (exchange.answers["training"][part] for part in ("params", "points"))
    made = trainer()
    made.train()
    run = assay.last_active_run()
    assert run.data.tags["mlflow.autologging"] == "transformers"
    assert run.info.status == "FINISHED"
    assert set(run.data.params) == set(params)
    differing = {name for name, value in params.items() if run.data.params[name] != value}
    assert differing <= {"logging_dir", "run_name"}
    ours = {
        key: [(point.step, point.value) for point in assay.Client().get_metric_history(run.info.run_id, key)]
        for key in run.data.metrics
    }
    assert set(ours) == set(points)
    for key, theirs in points.items():  # the last epoch is told twice: once, where that is within a millisecond
        assert dict(ours[key]).keys() == {step for step, _ in theirs}
        if key in ("loss", "grad_norm", "epoch", "train_loss", "learning_rate"):
            assert dict(ours[key]) == pytest.approx(dict(theirs), rel=1e-3)
    assert not any(type(one).__name__ == "RecordingCallback" for one in made.callback_handler.callbacks)


@pin_memory
def test_what_is_evaluated_afterwards_belongs_to_the_training(autologged):
    with assay.start_run() as run:
        made = trainer()
        made.train()
    assert "eval_loss" not in assay.get_run(run.info.run_id).data.metrics
    result = made.evaluate()
    assay.flush()
    metrics = assay.get_run(run.info.run_id).data.metrics
    assert metrics["eval_loss"] == pytest.approx(result["eval_loss"])
    (point,) = assay.Client().get_metric_history(run.info.run_id, "eval_loss")
    assert point.step == made.state.global_step == 4
    assert len(assay.search_runs(output_format="list")) == 1


@pin_memory
@pytest.mark.parametrize(
    ("patched", "said"),
    [
        ("assay.autologging.transformers.callback.record", "Metrics are not logged"),
        ("assay.autologging.records.log_params", "params of the training are not logged"),
        ("assay.autologging.transformers.callback.is_recorded_by_itself", "is not logged"),
        ("assay.client.fluent.runs.start_run", "nothing is logged"),
    ],
)
def test_a_fault_in_recording_is_a_warning(patched, said, autologged, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    with patching.quiet():
        expected = trainer().train()
    monkeypatch.setattr(patched, fail)
    assert trainer().train().training_loss == pytest.approx(expected.training_loss)
    assert said in caplog.text
    assert "the disk is full" in caplog.text
    assert assay.active_run() is None


@pin_memory
def test_a_training_that_fails(autologged):
    class Stops(transformers.TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            raise RuntimeError("the user's own")

    made = trainer()
    made.add_callback(Stops)
    with pytest.raises(RuntimeError, match="the user's own"):
        made.train()
    assert assay.last_active_run().info.status == "FAILED"
    assert not any(type(one).__name__ == "RecordingCallback" for one in made.callback_handler.callbacks)


def test_turned_off_the_trainer_is_the_librarys_own():
    before = vars(transformers.Trainer)["train"]
    assay.transformers.autolog()
    assert vars(transformers.Trainer)["train"].__wrapped__ is before
    assay.transformers.autolog(disable=True)
    assert vars(transformers.Trainer)["train"] is before


LATE = f"""
import sys
import assay
assay.autolog(exclude_flavors=["sklearn"])
assert "transformers" not in sys.modules and "torch" not in sys.modules
{TINY}
trainer().train()
print("found:" + assay.last_active_run().data.tags["mlflow.autologging"])
"""


@pytest.mark.slow  # another import of the library; torch's stands for it by default
def test_transformers_imported_after_autolog_is_recorded(in_process, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(Path(assay.__file__).parents[1]))
    assert in_process(LATE).partition("found:")[2].strip() == "transformers"
