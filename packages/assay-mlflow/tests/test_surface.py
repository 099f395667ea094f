"""What the package offers has MLflow's names and signatures; the rest says that it is not there."""

from __future__ import annotations

import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import mlflow
from mlflow import MlflowClient, MlflowException
from mlflow.exceptions import RestException

SURFACE = json.loads((Path(__file__).parent / "mlflow-3.17.2.json").read_text())
"""MLflow's functions and methods in scope with their parameters, as [name, kind, default] each."""

GENERATIVE = "generative AI is out of scope"
HOSTED = "of MLflow's hosted service"
LATER = "comes later"
PROTOCOL = "Assay's messages are no protocol buffers"
OUT_OF_SCOPE = {
    "mlflow": {
        **dict.fromkeys(
            """
            add_trace context delete_assessment delete_prompt_alias delete_trace_tag flush_trace_async_logging
            get_active_trace_id get_assessment get_current_active_span get_last_active_trace_id get_trace load_prompt
            log_assessment log_expectation log_feedback log_issue log_trace override_feedback register_prompt
            search_prompts search_sessions search_traces set_prompt_alias set_trace_tag start_span start_span_no_context
            test trace update_assessment update_current_trace
            """.split(),
            GENERATIVE,
        ),
        **dict.fromkeys(("import_checkpoints", "login"), HOSTED),
        **dict.fromkeys(
            """
            create_workspace delete_workspace doctor get_workspace list_workspaces run
            set_workspace update_workspace
            """.split(),
            LATER,
        ),
    },
    "MlflowClient": {
        **dict.fromkeys(
            """
            add_dataset_to_experiments create_dataset create_mcp_access_endpoint create_mcp_server
            create_mcp_server_version create_prompt create_prompt_version delete_dataset delete_dataset_tag
            delete_mcp_access_endpoint delete_mcp_server delete_mcp_server_alias delete_mcp_server_tag
            delete_mcp_server_version delete_mcp_server_version_tag delete_prompt delete_prompt_alias delete_prompt_tag
            delete_prompt_version delete_prompt_version_tag delete_trace_tag delete_traces detach_prompt_from_run
            end_span end_trace get_dataset get_latest_mcp_server_version get_mcp_access_endpoint get_mcp_server
            get_mcp_server_version get_mcp_server_version_by_alias get_prompt get_prompt_version
            get_prompt_version_by_alias get_trace link_prompt_version_to_model link_prompt_version_to_run
            link_prompt_versions_to_trace link_traces_to_run list_logged_prompts load_prompt parse_prompt_uri
            refresh_mcp_server_version_tools register_prompt remove_dataset_from_experiments search_datasets
            search_mcp_access_endpoints search_mcp_server_versions search_mcp_servers search_prompt_versions
            search_prompts search_traces set_dataset_tags set_mcp_server_alias set_mcp_server_tag
            set_mcp_server_version_tag set_prompt_alias set_prompt_tag set_prompt_version_tag set_trace_tag start_span
            start_trace unlink_traces_from_run update_mcp_access_endpoint update_mcp_server update_mcp_server_version
            """.split(),
            GENERATIVE,
        ),
        **dict.fromkeys(
            """
            create_workspace delete_workspace get_workspace
            get_workspace_store_uri list_workspaces update_workspace
            """.split(),
            LATER,
        ),
    },
    "entities": {
        "Workspace": LATER,
        **dict.fromkeys(("UCSchemaLocation", "UnityCatalog", "WorkspaceDeletionMode", "TraceArchivalConfig"), HOSTED),
    },
    "entities.model_registry": {
        **dict.fromkeys(("Prompt", "PromptModelConfig", "PromptVersion"), GENERATIVE),
        **dict.fromkeys(("ModelVersionDeploymentJobState", "RegisteredModelDeploymentJobState"), HOSTED),
        **dict.fromkeys(("ModelVersionSearch", "RegisteredModelSearch"), "an internal of MLflow's stores"),
    },
    "data": {
        "from_huggingface": LATER,
        **dict.fromkeys(("from_spark", "from_tensorflow", "load_delta"), "these libraries are out of scope"),
    },
    "pyfunc": {
        **dict.fromkeys(("ChatAgent", "ChatModel", "ResponsesAgent"), GENERATIVE),
        "build_model_env": LATER,
    },
    "models": {
        **dict.fromkeys(("FlavorBackend",), "an internal of MLflow's command line"),
        **dict.fromkeys(("Resource", "ResourceType"), HOSTED),
        "set_retriever_schema": GENERATIVE,
        **dict.fromkeys(("add_libraries_to_model", "build_docker"), LATER),
    },
    "exceptions": {
        **dict.fromkeys(
            """
            MlflowTraceArchivalMalformedTrace MlflowTraceDataCorrupted MlflowTraceDataException MlflowTraceDataNotFound
            MlflowTracingException
            """.split(),
            GENERATIVE,
        ),
        "get_error_code": "an internal of MLflow's client",
    },
}
"""Names of MLflow's that are not there, and why."""

OUT_OF_SCOPE_MEMBERS = {
    "to_proto": PROTOCOL,
    "from_proto": PROTOCOL,
    "to_evaluation_dataset": LATER,
    "to_pyfunc": LATER,
    "SOURCETYPE_TO_STRING": "SourceType.to_string says it",
    "workspace": LATER,
    "trace_location": GENERATIVE,
    "effective_trace_archival_retention": GENERATIVE,
    "ModelVersion.metrics": "those of its logged model",
    "ModelVersion.params": "those of its logged model",
    **dict.fromkeys(("resources", "auth_policy", "env_vars"), HOSTED),
    "ModelInfo.prompts": GENERATIVE,
    "predict_type_hints": "type hints are read where a model is saved and loaded",
    "from_json_dict": "Schema.from_json and ParamSchema.from_json read them all",
    "as_spark_schema": "Spark is out of scope",
    "ParamSpecTypedDict": "a type for MLflow's own checks",
    **dict.fromkeys(("validate_param_spec", "validate_type_and_shape"), "done where a ParamSpec is made"),
    "deployment_job_id": HOSTED,
    "deployment_job_state": HOSTED,
}
"""Members of classes that are not there, and why."""

FEWER = {
    "ActiveModel": "made by set_active_model alone",
    "ActiveRun": "made by start_run alone",
    "EvaluationArtifact": "made by evaluate alone",
    "Model": "the others are for generative AI and for MLflow's hosted service",
    "ModelInfo": "made by log_model and get_model_info alone",
    "PyFuncModel": "made by load_model alone",
    "MlflowException": "SQL states are those of MLflow's hosted service",
    "RestException": "a refusal is raised as the error that it is",
    "ExecutionException": "SQL states are those of MLflow's hosted service",
    "InvalidUrlException": "SQL states are those of MLflow's hosted service",
    "MissingConfigException": "SQL states are those of MLflow's hosted service",
    "MlflowNotImplementedException": "SQL states are those of MLflow's hosted service",
    "evaluate": "one is for MLflow's own evaluation of generative models",
    "resolve_dataset_source": "there is one source for an address, and no candidates",
}
"""What lacks some of MLflow's parameters, and why. The list may only shrink."""

STRICTER = {"log_model", "save_model"}
"""What takes any arguments in MLflow, and here only those that are known: a misspelt one is an error."""

MODULES = {
    home: importlib.import_module("mlflow" if home == "mlflow" else f"mlflow.{home}")
    for home in SURFACE
    if home not in ("MlflowClient", "Model", "constants")
}
OFFERED = [
    (home, name, recorded)
    for home, module in MODULES.items()
    for name, recorded in SURFACE[home].items()
    if name in module.__all__ and recorded
]
FUNCTIONS = [one for one in OFFERED if isinstance(one[2], list)]
CLASSES = [one for one in OFFERED if isinstance(one[2], dict)]


def ids(found):
    return [f"{home}.{name}" for home, name, _ in found]


def parameters(function):
    found = [
        [one.name, one.kind.name.lower(), "<required>" if one.default is one.empty else one.default]
        for one in inspect.signature(function).parameters.values()
    ]
    return json.loads(json.dumps(found))


def check_parameters(name, ours, theirs):
    """Ours are theirs; there may be more that are given by keyword and need not be given."""
    if name in FEWER:
        shared = [one[0] for one in theirs if one[0] in {own[0] for own in ours}]
        assert [one[0] for one in ours if one[0] in shared] == shared
        return
    if name in STRICTER:
        ours, theirs = ([one for one in found if one[1] != "var_keyword"] for found in (ours, theirs))
    names = {one[0] for one in theirs}
    more = [one for one in ours if one[0] not in names]
    assert all(one[1] == "keyword_only" and one[2] != "<required>" for one in more)
    assert [one for one in ours if one[0] in names] == theirs


@pytest.mark.parametrize(("home", "name", "theirs"), FUNCTIONS, ids=ids(FUNCTIONS))
def test_functions_take_what_they_take_in_mlflow(home, name, theirs):
    check_parameters(name, parameters(getattr(MODULES[home], name)), theirs)


@pytest.mark.parametrize("name", sorted(SURFACE["Model"]))
def test_descriptions_of_models_are_used_as_in_mlflow(name):
    ours = getattr(mlflow.models.Model, name)
    check_parameters(name, parameters(ours)[0 if inspect.ismethod(ours) else 1 :], SURFACE["Model"][name])


@pytest.mark.parametrize("name", sorted(set(SURFACE["MlflowClient"]) - set(OUT_OF_SCOPE["MlflowClient"])))
def test_methods_take_what_they_take_in_mlflow(name):
    check_parameters(name, parameters(getattr(MlflowClient, name))[1:], SURFACE["MlflowClient"][name])


@pytest.mark.parametrize(("home", "name", "theirs"), CLASSES, ids=ids(CLASSES))
def test_classes_are_made_and_used_as_in_mlflow(home, name, theirs):
    found = getattr(MODULES[home], name)
    made = getattr(found.__init__, "__code__", None)
    kept = (*getattr(found, "__struct_fields__", ()), *getattr(found, "__dataclass_fields__", ()))
    fields = {*kept, *(made.co_names if made else ())}
    missing = {one for one in theirs["members"] if not hasattr(found, one)} - fields
    assert not {one for one in missing if not {one, f"{name}.{one}"} & set(OUT_OF_SCOPE_MEMBERS)}
    if theirs["init"] and name not in FEWER and not name.endswith(("Stage", "Type", "Status")):
        reasons = set(OUT_OF_SCOPE_MEMBERS)
        wanted = [one[0] for one in theirs["init"] if not {one[0], f"{name}.{one[0]}"} & reasons]
        assert [one[0] for one in parameters_of(found)][: len(wanted)] == wanted


def parameters_of(kind):
    return [[one.name] for one in inspect.signature(kind).parameters.values()]


@pytest.mark.parametrize("home", [*MODULES, "MlflowClient"])
def test_what_is_not_there_is_out_of_scope_for_a_reason(home):
    offered = set(dir(MlflowClient)) if home == "MlflowClient" else set(MODULES[home].__all__)
    reasons = OUT_OF_SCOPE.get(home, {})
    generative = {name for name, recorded in SURFACE[home].items() if home == "entities" and recorded is None}
    assert set(SURFACE[home]) - offered == (set(reasons) | generative) & set(SURFACE[home]) - offered
    assert not set(reasons) & offered, "it is there: take it off the list"


@pytest.mark.parametrize("home", ["utils.mlflow_tags", "utils.validation", "models.model", "pyfunc"])
def test_constants_have_mlflows_values(home):
    ours = vars(importlib.import_module(f"mlflow.{home}"))
    theirs = SURFACE["constants"][home]
    assert len(set(theirs) & set(ours)) >= min(10, len(theirs))
    assert {name: ours[name] for name in theirs if name in ours} == {
        name: theirs[name] for name in theirs if name in ours
    }


def test_what_is_out_of_scope_says_so():
    for module in (mlflow.pyfunc, mlflow.pyfunc.model):
        with pytest.raises(MlflowException, match=r"\.ChatModel is for generative AI"):
            module.ChatModel()
    with pytest.raises(MlflowException, match="Spark is out of scope"):
        mlflow.pyfunc.spark_udf(None, "models:/fraud/1")
    with pytest.raises(MlflowException, match=r"models\.build_docker is not offered"):
        mlflow.models.build_docker("models:/fraud/1")


def test_what_is_not_offered_yet_says_so():
    later = [name for name, reason in OUT_OF_SCOPE["mlflow"].items() if reason == LATER]
    assert "doctor" in later
    for name in later:
        assert not hasattr(mlflow, name)
        with pytest.raises(MlflowException, match=rf"mlflow\.{name} is not offered"):
            getattr(mlflow, name)
    with pytest.raises(MlflowException, match=r"mlflow\.data\.from_spark is not offered"):
        mlflow.data.from_spark(None)


def test_a_misspelt_name_is_a_plain_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'log_metirc'"):
        mlflow.log_metirc("a", 1)


def test_mlflow_exceptions_catch_what_assay_raises():
    client = MlflowClient("runs")
    with pytest.raises(MlflowException) as caught:
        client.get_run("f" * 32)
    assert caught.value.error_code == "RESOURCE_DOES_NOT_EXIST"
    assert caught.value.get_http_status_code() == 404
    with pytest.raises(RestException):
        client.get_experiment("999")


def test_mlflow_exceptions_can_be_raised():
    from mlflow.protos.databricks_pb2 import INVALID_PARAMETER_VALUE, ErrorCode

    error = MlflowException("wrong", error_code=INVALID_PARAMETER_VALUE)
    assert error.error_code == ErrorCode.Name(INVALID_PARAMETER_VALUE) == "INVALID_PARAMETER_VALUE"
    assert MlflowException("odd").error_code == "INTERNAL_ERROR"
    assert MlflowException.invalid_parameter_value("x").error_code == "INVALID_PARAMETER_VALUE"


IMPORTS = {
    "pytorch_lightning": """
from mlflow.entities import Metric, Param
from mlflow.tracking import MlflowClient, context
from mlflow.tracking.context import resolve_tags
from mlflow.tracking.context.registry import resolve_tags as the_same
from mlflow.utils.mlflow_tags import MLFLOW_RUN_NAME
assert context.registry.resolve_tags is resolve_tags is the_same
assert resolve_tags({"mlflow.user": "me"})["mlflow.user"] == "me"
""",
    "transformers and accelerate": """
import mlflow
assert (mlflow.utils.validation.MAX_PARAM_VAL_LENGTH, mlflow.utils.validation.MAX_PARAMS_TAGS_PER_BATCH) == (6000, 100)
assert mlflow.is_tracking_uri_set() is False
""",
    "optuna": """
import mlflow
from mlflow.entities import Metric
assert mlflow.utils.validation.MAX_TAG_VAL_LENGTH == 8000
""",
    "ray": """
from mlflow.entities import Run
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient
""",
    "flaml": """
import mlflow
from mlflow.entities import Metric, Param, RunTag
assert mlflow.tracking.fluent._active_experiment_id is None
mlflow.tracking.MlflowClient, mlflow.exceptions.MlflowException
""",
    "kedro, darts, composer": """
from mlflow.entities import Experiment, RunStatus
from mlflow.entities.logged_model import LoggedModel
from mlflow.entities.metric import Metric
from mlflow.entities.run_status import RunStatus as the_same
from mlflow.models.model import MLMODEL_FILE_NAME
from mlflow.tracking.artifact_utils import _download_artifact_from_uri, get_artifact_uri
from mlflow.tracking.client import MlflowClient
from mlflow.utils.name_utils import _generate_random_name
import mlflow.environment_variables as variables
assert the_same is RunStatus and _generate_random_name().count("-") == 2
assert variables.MLFLOW_TRACKING_URI.name == "MLFLOW_TRACKING_URI"
variables.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.set(2)
assert variables.MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL.get() == 2.0
""",
    "zenml": """
from mlflow.entities import LifecycleStage
from mlflow.store.db.db_types import DATABASE_ENGINES
from mlflow.tracking import MlflowClient, artifact_utils
from mlflow.version import VERSION
assert "postgresql" in DATABASE_ENGINES
""",
    "datasets": """
from mlflow.data.dataset import Dataset
from mlflow.data.dataset_source import DatasetSource
from mlflow.data.dataset_source_registry import resolve_dataset_source
from mlflow.data.code_dataset_source import CodeDatasetSource
from mlflow.data.http_dataset_source import HTTPDatasetSource
from mlflow.data.meta_dataset import MetaDataset
from mlflow.data.numpy_dataset import from_numpy
from mlflow.data.pandas_dataset import PandasDataset
import mlflow
assert mlflow.data.pandas_dataset.PandasDataset is PandasDataset
assert isinstance(resolve_dataset_source("https://x/y"), HTTPDatasetSource)
""",
}


@pytest.mark.parametrize("project", IMPORTS)
def test_paths_that_other_projects_import(project, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORTS[project]],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": "", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr


def test_what_older_paths_give_is_the_same():
    from mlflow.entities import Metric, Param, RunStatus, RunTag, ViewType
    from mlflow.models import Model, ModelSignature, infer_signature
    from mlflow.models.signature import infer_signature as the_same
    from mlflow.store.entities import PagedList
    from mlflow.tracking import MlflowClient as TrackingClient
    from mlflow.tracking.client import MlflowClient as OldClient
    from mlflow.tracking.fluent import log_metric
    from mlflow.types import Schema
    from mlflow.utils.mlflow_tags import MLFLOW_PARENT_RUN_ID
    from mlflow.version import VERSION

    assert TrackingClient is OldClient is MlflowClient
    assert infer_signature is the_same
    assert log_metric is mlflow.log_metric
    assert MLFLOW_PARENT_RUN_ID == "mlflow.parentRunId"
    assert mlflow.__version__ == VERSION == "3.17.2"
    assert (ViewType.ALL, RunStatus.to_string(3)) == (3, "FINISHED")
    assert all((Metric, Param, RunTag, Model, ModelSignature, PagedList, Schema))


def child(code, **environment):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PATH": "", **environment}
    )


def test_import_is_light():
    done = child("import mlflow, mlflow.sklearn, sys; print(len(sys.modules), *sys.modules)")
    assert done.returncode == 0, done.stderr
    heavy = {"sklearn", "numpy", "pandas", "yaml", "click", "ssl", "asyncio", "starlette", "sqlite3"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("distribution", ["mlflow-3.17.2", "mlflow_skinny-2.9.0"])
def test_it_does_not_work_beside_mlflow_itself(tmp_path, distribution):
    (tmp_path / f"{distribution}.dist-info").mkdir()
    done = child("import mlflow", PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "ImportError: " + distribution.split("-")[0].replace("_", "-") in done.stderr
    assert "pip uninstall" in done.stderr


def test_the_command_is_assays():
    command = Path(sys.executable).with_name("mlflow")
    shown = subprocess.run([command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Usage: mlflow" in shown
    assert {"server", "ui", "experiments", "runs", "artifacts"} <= set(shown.split())
    wrong = subprocess.run([command, "runs", "list"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
