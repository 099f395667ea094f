"""`assay runs ...`."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from assay.cli import options, output
from assay.cli.tabular import run_columns, run_rows
from assay.client import fluent
from assay.client.api import Client
from assay.client.entities import ViewType

if TYPE_CHECKING:
    from collections.abc import Sequence

LIST_COLUMNS = {"date": "Date (UTC)", "name": "Name", "status": "Status", "run_id": "ID"}


@click.group(epilog="Example: assay runs list --experiment-name fraud-detection")
def runs() -> None:
    """List, describe, create, delete and restore runs."""


@runs.command("list", epilog="Example: assay runs list --experiment-name fraud-detection --filter 'metrics.auc > 0.9'")
@options.experiment_id(required=False, variable="MLFLOW_EXPERIMENT_ID")
@options.experiment_name
@options.filtering
@options.max_results
@options.view
@output.output_option
def list_runs(
    experiment_id: str | None,
    experiment_name: str | None,
    form: str,
    **query: Any,
) -> None:
    """List the runs of an experiment, the newest first."""
    client = Client()
    experiment = options.chosen_experiment(client, experiment_id, experiment_name)
    found = options.found_runs(client, [experiment.experiment_id], **query)
    rows = [
        {
            "date": output.moment(run.info.start_time),
            "name": run.info.run_name,
            "status": run.info.status,
            "run_id": run.info.run_id,
        }
        for run in found
    ]
    output.show_rows(rows, form=form, columns=LIST_COLUMNS)


@runs.command(epilog="Example: assay runs search --filter 'metrics.auc > 0.9' --column params.depth")
@click.option("--experiment-id", "-x", "experiment_ids", multiple=True, help="Look in this experiment. Repeatable.")
@click.option("--experiment-name", "-n", "experiment_names", multiple=True, help="Look in this one. Repeatable.")
@click.option("--column", "columns", multiple=True, help="Show this column, such as metrics.loss. Repeatable.")
@options.filtering
@options.max_results
@options.view
@output.output_option
def search(
    experiment_ids: Sequence[str],
    experiment_names: Sequence[str],
    columns: Sequence[str],
    form: str,
    **query: Any,
) -> None:
    """Find runs and show their metrics and params. All experiments are searched unless some are named."""
    client = Client()
    chosen = [
        *experiment_ids,
        *(options.chosen_experiment(client, None, name).experiment_id for name in experiment_names),
    ]
    if not chosen:
        every = options.pages(
            lambda size, token: client.search_experiments(ViewType.ALL, size, page_token=token), limit=None
        )
        chosen = [experiment.experiment_id for experiment in every]
    rows, names = run_rows(options.found_runs(client, chosen, **query))
    shown = run_columns(names, wanted=columns)
    if form == "table":
        rows = [{**row, "start_time": row["start_time"][:19]} for row in rows]
    output.show_rows([{name: row.get(name) for name in shown} for row in rows], form=form, columns=shown)


@runs.command(epilog="Example: assay runs describe --run-id 4f6c1a0e93d84f7b9b1b2f2f6a1c0d5e")
@options.run_id()
def describe(run_id: str) -> None:
    """Show all that is known of a run, as JSON."""
    output.show_json(Client().get_run(run_id).to_dictionary(), indent=4)


@runs.command(epilog="Example: assay runs create --experiment-name fraud-detection --run-name import --tags source=csv")
@options.experiment_id(required=False, variable="MLFLOW_EXPERIMENT_ID")
@click.option("--experiment-name", "-n", envvar="MLFLOW_EXPERIMENT_NAME", help="Name; created when missing.")
@click.option("--run-name", help="Name of the run; a random one by default.")
@click.option("--description", help="What the run is about.")
@click.option("--tags", "-t", multiple=True, help="A tag as key=value. Repeatable.")
@click.option(
    "--status",
    type=click.Choice(("FINISHED", "FAILED", "KILLED")),
    default="FINISHED",
    show_default=True,
    help="How it ended.",
)
@click.option("--parent-run-id", help="Nest it in this run.")
def create(
    experiment_id: str | None,
    experiment_name: str | None,
    run_name: str | None,
    description: str | None,
    tags: Sequence[str],
    status: str,
    parent_run_id: str | None,
) -> None:
    """Create a run that has ended, for what something else measured."""
    options.one_of(experiment_id=experiment_id, experiment_name=experiment_name)
    fluent.set_experiment(experiment_name, experiment_id)
    run = fluent.start_run(run_name=run_name, description=description, tags=_parsed(tags), parent_run_id=parent_run_id)
    with contextlib.redirect_stdout(sys.stderr):  # the addresses of the run are for people, the JSON for programs
        fluent.end_run(status)
    fluent.flush()
    output.show_json(
        {
            "run_id": run.info.run_id,
            "experiment_id": run.info.experiment_id,
            "status": status,
            "run_name": run.info.run_name,
        }
    )


@runs.command(epilog="Example: assay runs delete --run-id 4f6c1a0e93d84f7b9b1b2f2f6a1c0d5e")
@options.run_id()
def delete(run_id: str) -> None:
    """Mark a run as deleted; restore brings it back."""
    Client().delete_run(run_id)
    click.echo(f"Run with ID {run_id} has been deleted.")


@runs.command(epilog="Example: assay runs restore --run-id 4f6c1a0e93d84f7b9b1b2f2f6a1c0d5e")
@options.run_id()
def restore(run_id: str) -> None:
    """Restore a deleted run."""
    Client().restore_run(run_id)
    click.echo(f"Run with ID {run_id} has been restored.")


def _parsed(tags: Sequence[str]) -> dict[str, str]:
    for tag in tags:
        if "=" not in tag.lstrip("="):
            raise click.BadParameter(f"{tag!r} is not of the form key=value.", param_hint="--tags")
    return {key: value for key, _, value in (tag.partition("=") for tag in tags)}
