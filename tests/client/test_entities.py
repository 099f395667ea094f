"""Entities: dictionaries there and back, equality, order, and tables for notebooks that are safe to show."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import assay
from assay import entities
from assay.client.entities import PagedList
from assay.entities import (
    Dataset,
    DatasetInput,
    Experiment,
    ExperimentTag,
    InputTag,
    LifecycleStage,
    LoggedModel,
    LoggedModelInput,
    LoggedModelOutput,
    LoggedModelStatus,
    Metric,
    Param,
    Run,
    RunData,
    RunInfo,
    RunInputs,
    RunOutputs,
    RunStatus,
    RunTag,
    SourceType,
    ViewType,
)

INFO = RunInfo("r1", "1", "me", "FINISHED", 1700000000000, 1700000001000, "active", "/a", "lively <b>run</b>")
RUN = Run(
    INFO,
    RunData([Metric("loss", 0.5, 1, 2)], [Param("lr", "0.1")], [RunTag("team", "a"), RunTag("mlflow.user", "me")]),
    RunInputs([DatasetInput(Dataset("d", "abc", "code", "{}"), [InputTag("mlflow.data.context", "training")])]),
    RunOutputs([LoggedModelOutput("m-1", 4)]),
)
MODEL = LoggedModel(
    experiment_id="1",
    model_id="m-1",
    name="net",
    artifact_location="/a",
    creation_timestamp=1,
    last_updated_timestamp=2,
    status=1,
    params=[entities.LoggedModelParameter("p", "1")],
    metrics=[Metric("acc", 1.0, 1, 2)],
)


def test_runs_are_made_of_lists_or_dictionaries():
    assert RUN.data.metrics == {"loss": 0.5}
    assert RUN.data.params == {"lr": "0.1"}
    assert RunData({"loss": 0.5}, {"lr": "0.1"}, {"team": "a"}).tags == {"team": "a"}
    assert Experiment("1", "e", tags=[ExperimentTag("k", "v")]).tags == {"k": "v"}


def test_dictionaries_lead_there_and_back():
    text = json.dumps(RUN.to_dictionary())
    back = Run.from_dictionary(json.loads(text))
    assert back.to_dictionary() == RUN.to_dictionary()
    assert (back.info, back.inputs, back.outputs) == (RUN.info, RUN.inputs, RUN.outputs)
    assert Metric.from_dictionary({"key": "a", "value": 1.0, "timestamp": 2, "step": 3, "junk": 1}) == Metric(
        "a", 1.0, 2, 3
    )
    with pytest.raises(TypeError, match="key"):
        Metric.from_dictionary({})


def test_fields_come_sorted_and_are_shown():
    assert list(LoggedModelOutput("m-1", 4)) == [("model_id", "m-1"), ("step", 4)]
    assert repr(RunTag("k", "v")) == "<RunTag: key='k', value='v'>"
    assert [name for name, _ in RUN] == ["data", "info", "inputs", "outputs"]
    assert dict(MODEL)["model_uri"] == "models:/m-1"
    assert MODEL.to_dictionary() == {
        "artifact_location": "/a",
        "creation_timestamp": 1,
        "experiment_id": "1",
        "last_updated_timestamp": 2,
        "metrics": [Metric("acc", 1.0, 1, 2).to_dictionary()],
        "model_id": "m-1",
        "model_type": None,
        "name": "net",
        "params": {"p": "1"},
        "source_run_id": None,
        "status": 1,
        "status_message": None,
        "tags": {},
    }


def test_values_are_equal_and_handles_are_not():
    assert LoggedModelInput("m") == LoggedModelInput("m")
    assert Experiment("1", "e") != Experiment("1", "e")


def test_states_have_names_and_numbers():
    assert [RunStatus.to_string(number) for number in RunStatus.all_status()] == list(RunStatus._NAMES)
    assert RunStatus.is_terminated(RunStatus.from_string("KILLED"))
    assert not RunStatus.is_terminated(RunStatus.SCHEDULED)
    assert ViewType.from_string("deleted_only") == 2
    with pytest.raises(ValueError, match="none_at_all"):
        ViewType.from_string("none_at_all")
    assert LifecycleStage.view_type_to_stages(ViewType.ALL) == ["active", "deleted"]
    assert LifecycleStage.matches_view_type(ViewType.DELETED_ONLY, "deleted")
    assert not LifecycleStage.is_valid("gone")
    assert SourceType.to_string(SourceType.LOCAL) == "LOCAL"
    assert LoggedModelStatus.from_int(2) is LoggedModelStatus.READY
    assert (str(LoggedModelStatus.FAILED), LoggedModelStatus.FAILED.to_int()) == ("FAILED", 3)
    assert LoggedModelStatus.is_finalized(LoggedModelStatus.READY)
    with pytest.raises(ValueError, match="9"):
        LoggedModelStatus.from_int(9)


def test_notebooks_show_tables_that_are_safe_and_have_no_colours_of_their_own():
    shown = [RUN, INFO, MODEL, Experiment("1", "<script>alert(1)</script>"), PagedList([RUN, RUN], "next")]
    for one in shown:
        html = one._repr_html_()
        assert "<table" in html
        assert "<script" not in html
        assert "<b>run" not in html
        assert not re.search(r"#[0-9a-f]{3,6}\b|rgb\(|(?<!-)color:(?!inherit)", html)
    assert "lively &lt;b&gt;run&lt;/b&gt;" in RUN._repr_html_()
    assert "2023-11-14 22:13:20 UTC" in INFO._repr_html_()
    assert "0.5" in shown[-1]._repr_html_()
    assert "pass its token" in shown[-1]._repr_html_()
    assert "mlflow.user" not in RUN._repr_html_()


def test_a_long_list_is_cut_and_says_so():
    many = PagedList([Param(f"p{number}", "x" * 1000) for number in range(50)], None)
    html = many._repr_html_()
    assert html.count("<tr>") == 21
    assert "30 more" in html
    assert "x" * 201 not in html


def test_datasets_show_as_tables():
    dataset = assay.data.from_numpy(np.zeros((3, 4)), name="<zeros>", source="s3://bucket/x")
    html = dataset._repr_html_()
    assert "&lt;zeros&gt;" in html
    assert "s3://bucket/x" in html
