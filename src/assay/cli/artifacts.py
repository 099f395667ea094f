"""`assay artifacts ...`."""

from __future__ import annotations

import click

from assay.cli import options, output
from assay.client.api import Client
from assay.client.artifact_uris import download_artifacts

LIST_COLUMNS = {"path": "Path", "is_dir": "Directory", "file_size": "Bytes"}

_artifact_path = click.option("--artifact-path", "-a", help="Path below the run's artifacts.")


@click.group(epilog="Example: assay artifacts list --run-id 4f6c1a0e93d84f7b9b1b2f2f6a1c0d5e")
def artifacts() -> None:
    """List, download and log the files of runs."""


@artifacts.command("list", epilog="Example: assay artifacts list --run-id 4f6c1a0e93d84f7b9b1b2f2f6a1c0d5e")
@options.run_id()
@_artifact_path
@output.output_option_of("json", "table", "csv")
def list_artifacts(run_id: str, artifact_path: str | None, form: str) -> None:
    """List one directory level of a run's artifacts."""
    files = Client().list_artifacts(run_id, artifact_path)
    output.show_rows([file.to_dictionary() for file in files], form=form, columns=LIST_COLUMNS)


@artifacts.command(epilog="Example: assay artifacts download --artifact-uri runs:/4f6c1a0e93d8/model --dst-path out")
@options.run_id(required=False)
@_artifact_path
@click.option("--artifact-uri", "-u", help="Such as runs:/<run id>/<path>, instead of --run-id and --artifact-path.")
@click.option("--dst-path", "-d", type=click.Path(file_okay=False), help="Directory for it; by default a new one.")
def download(run_id: str | None, artifact_path: str | None, artifact_uri: str | None, dst_path: str | None) -> None:
    """Fetch a file or a whole directory. Prints where it lies now."""
    options.one_of(run_id=run_id, artifact_uri=artifact_uri)
    if artifact_uri is not None and artifact_path is not None:
        raise click.UsageError("--artifact-path goes with --run-id; put the path into --artifact-uri instead.")
    click.echo(
        download_artifacts(artifact_uri=artifact_uri, run_id=run_id, artifact_path=artifact_path, dst_path=dst_path)
    )


@artifacts.command(epilog="Example: assay artifacts log-artifact --run-id 4f6c1a0e93d8 --local-file report.html")
@click.option("--local-file", "-l", required=True, type=click.Path(exists=True), help="The file to log.")
@options.run_id()
@_artifact_path
def log_artifact(local_file: str, run_id: str, artifact_path: str | None) -> None:
    """Log one file to a run."""
    client = Client()
    client.log_artifact(run_id, local_file, artifact_path)
    client.flush()
    click.echo(f"Logged artifact from local file {local_file} to {_shown(run_id, artifact_path)}")


@artifacts.command(epilog="Example: assay artifacts log-artifacts --run-id 4f6c1a0e93d8 --local-dir plots -a plots")
@click.option(
    "--local-dir", "-l", required=True, type=click.Path(exists=True, file_okay=False), help="The directory to log."
)
@options.run_id()
@_artifact_path
def log_artifacts(local_dir: str, run_id: str, artifact_path: str | None) -> None:
    """Log all files below a directory to a run."""
    client = Client()
    client.log_artifacts(run_id, local_dir, artifact_path)
    client.flush()
    click.echo(f"Logged artifacts from local directory {local_dir} to {_shown(run_id, artifact_path)}")


def _shown(run_id: str, artifact_path: str | None) -> str:
    return f"artifact_path={artifact_path or ''} of run {run_id}" if artifact_path else f"run {run_id}"
