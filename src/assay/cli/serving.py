"""`assay models serve` and `assay models predict`."""

from __future__ import annotations

from typing import Any

import click

from assay.cli.setting_options import listed, setting_option
from assay.core import log, settings
from assay.core.errors import NotSupported
from assay.core.lazy import require

LOCAL = "local"
ENVIRONMENTS = {
    "virtualenv": "python -m venv env && env/bin/pip install {packages} -r model/requirements.txt",
    "uv": "uv venv env && uv pip install --python env/bin/python {packages} -r model/requirements.txt",
    "conda": "conda env create -p ./env -f model/conda.yaml && env/bin/pip install {packages}",
}
ABSENT = {
    "prepare-env": "Make the environment from the model's requirements.txt: {download} && {install}",
    "build-docker": "Write a Dockerfile that installs the model's requirements.txt and assay[server], and runs: "
    "assay models serve -m model --host 0.0.0.0 --allowed-hosts '*'",
    "generate-dockerfile": "Write one that installs the model's requirements.txt and assay[server], and runs: "
    "assay models serve -m model --host 0.0.0.0 --allowed-hosts '*'",
}
"""What MLflow's command line has and this one has not, and what to do instead."""

_PACKAGES = "'assay[server]'"
_MODEL_URI = click.option(
    "--model-uri", "-m", required=True, help="A models: or runs: URI, another artifact URI, or a path."
)
_ENV_MANAGER = click.option(
    "--env-manager",
    default=LOCAL,
    show_default=True,
    help="Only local: the model runs in this environment. For another, the error says how to make it.",
)
_NO_CONDA = click.option("--no-conda", is_flag=True, hidden=True, help="The same as --env-manager local.")
_INSTALL_MLFLOW = click.option("--install-mlflow", is_flag=True, hidden=True, help="Refused: nothing needs MLflow.")


@click.command(epilog="Example: assay models serve -m models:/fraud@champion -p 5001")
@_MODEL_URI
@setting_option(settings.server_port, "--port", "-p", type=click.IntRange(0, 65535))
@setting_option(settings.server_host, "--host", "-h")
@setting_option(settings.serving_timeout, "--timeout", "-t", type=click.IntRange(1))
@setting_option(settings.serving_workers, "--workers", "-w", type=click.IntRange(1, 64))
@setting_option(settings.serving_threads, "--threads", type=click.IntRange(1, 256))
@setting_option(settings.allowed_hosts, "--allowed-hosts")
@click.option("--access-log/--no-access-log", default=False, show_default=True, help="Log each request on stderr.")
@_ENV_MANAGER
@_NO_CONDA
@_INSTALL_MLFLOW
@click.option("--enable-mlserver", is_flag=True, hidden=True, help="Refused: there is one server.")
def serve(
    model_uri: str, env_manager: str, no_conda: bool, install_mlflow: bool, enable_mlserver: bool, **options: Any
) -> None:
    """Serve a model over HTTP until interrupted, by MLflow's scoring protocol.

    POST /invocations with JSON or CSV answers predictions; GET /ping says that the model is loaded.
    """
    if enable_mlserver:
        raise NotSupported("--enable-mlserver is not supported. Leave it out: --workers and --threads do its work.")
    _check_environment(env_manager, model_uri, no_conda=no_conda, install_mlflow=install_mlflow)
    require("uvicorn", extra="server")
    from assay.serving.config import ServingConfig
    from assay.serving.run import serve as run

    log.set_up(settings.log_level.get())
    options["allowed_hosts"] = listed(options["allowed_hosts"])
    run(ServingConfig(model_uri=model_uri, max_body_bytes=settings.max_body_bytes.get(), **options))


@click.command(epilog="Example: assay models predict -m models:/fraud@champion -i payments.csv -t csv -o scores.json")
@_MODEL_URI
@click.option("--input-path", "-i", help="The file with the data; - or none is stdin.")
@click.option("--output-path", "-o", help="Where the predictions go, as JSON; - or none is stdout.")
@click.option("--content-type", "-t", default="json", show_default=True, help="What the file holds: json or csv.")
@_ENV_MANAGER
@_INSTALL_MLFLOW
@click.option("--pip-requirements-override", "-r", hidden=True, help="Refused: the model runs in this environment.")
@click.option("--env", "variables", multiple=True, hidden=True, help="Refused: set the variables of this process.")
def predict(
    model_uri: str,
    input_path: str | None,
    output_path: str | None,
    content_type: str,
    env_manager: str,
    install_mlflow: bool,
    pip_requirements_override: str | None,
    variables: tuple[str, ...],
) -> None:
    """Write a model's predictions for the data in a file.

    JSON is a request as POST /invocations takes it, CSV a table with a head. Only predictions go to stdout.
    """
    if pip_requirements_override:
        raise NotSupported(
            "--pip-requirements-override is not supported: the model runs in this environment. Install "
            f"{pip_requirements_override} with pip, then run the command without the option."
        )
    if variables:
        raise NotSupported(f"--env is not supported. Set the variable for the command: {variables[0]} assay models ...")
    _check_environment(env_manager, model_uri, install_mlflow=install_mlflow)
    from assay.serving.files import predict_file

    log.set_up(settings.log_level.get())
    predict_file(model_uri, input_path=input_path, output_path=output_path, content_type=content_type)


@click.command(
    "update-pip-requirements",
    epilog="Example: assay models update-pip-requirements -m models:/m-1f0c add 'scikit-learn==1.7.1'",
)
@_MODEL_URI
@click.argument("operation", type=click.Choice(("add", "remove")))
@click.argument("requirements", nargs=-1, required=True, metavar="REQUIREMENT...")
def update_pip_requirements(model_uri: str, operation: str, requirements: tuple[str, ...]) -> None:
    """Change what a logged model says that it needs installed."""
    from assay.flavors.stored import update_model_requirements

    update_model_requirements(model_uri, operation, requirements)


class Models(click.Group):
    """The group `models`: commands of MLflow's that are not there say what to do instead."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command; for one that is not there, the error."""
        if cmd_name in ABSENT:
            advice = ABSENT[cmd_name].format(download=_download("MODEL_URI"), install=_installed("virtualenv"))
            raise NotSupported(f"assay models {cmd_name} is not supported. {advice}")
        return super().get_command(ctx, cmd_name)


def _check_environment(
    env_manager: str, model_uri: str, *, no_conda: bool = False, install_mlflow: bool = False
) -> None:
    if install_mlflow:
        raise NotSupported("--install-mlflow is not supported. Leave it out: models are loaded without MLflow.")
    if env_manager == LOCAL or no_conda:
        return
    if env_manager not in ENVIRONMENTS:
        raise NotSupported(f"--env-manager {env_manager} is not known. Leave it out, or say --env-manager {LOCAL}.")
    raise NotSupported(
        f"--env-manager {env_manager} is not supported: no environment is made behind your back. Make it by: "
        f"{_download(model_uri)} && {_installed(env_manager)} -- and run the command by env/bin/assay, with "
        f"--env-manager {LOCAL}."
    )


def _download(model_uri: str) -> str:
    return f"assay artifacts download -u {model_uri} -d model"


def _installed(env_manager: str) -> str:
    return ENVIRONMENTS[env_manager].format(packages=_PACKAGES)
