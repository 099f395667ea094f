"""`assay experiments ...`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli import options, output
from assay.cli.tabular import run_rows
from assay.client.api import Client

COLUMNS = {"experiment_id": "Experiment Id", "name": "Name", "artifact_location": "Artifact Location"}


@click.group(epilog="Example: assay experiments search --view all")
def experiments() -> None:
    """Create, find, rename, delete and restore experiments."""


@experiments.command(epilog="Example: assay experiments create --experiment-name fraud-detection")
@click.option("--experiment-name", "-n", required=True, help="Name, not taken by any other, not even a deleted one.")
@click.option("--artifact-location", "-l", help="Where its artifacts go; by default where the store keeps them.")
def create(experiment_name: str, artifact_location: str | None) -> None:
    """Create an experiment."""
    created = Client().create_experiment(experiment_name, artifact_location)
    click.echo(f"Created experiment '{experiment_name}' with id {created}")


@experiments.command(epilog="Example: assay experiments search --view deleted_only --output json")
@options.view
@options.max_results
@click.option("--filter", "filter_string", help="Only those that match, such as \"name LIKE 'fraud%'\".")
@output.output_option
def search(view: int, max_results: int | None, filter_string: str | None, form: str) -> None:
    """List experiments, the newest first."""
    client = Client()
    found = options.pages(
        lambda size, token: client.search_experiments(view, size, filter_string, page_token=token), limit=max_results
    )
    output.show_rows([experiment.to_dictionary() for experiment in found], form=form, columns=COLUMNS)


experiments.add_command(search, "list")


@experiments.command(epilog="Example: assay experiments get --experiment-name fraud-detection --output json")
@options.experiment_id(required=False)
@options.experiment_name
@output.output_option_of("table", "json")
def get(experiment_id: str | None, experiment_name: str | None, form: str) -> None:
    """Show one experiment, a deleted one too."""
    experiment = options.chosen_experiment(Client(), experiment_id, experiment_name)
    if form == "json":
        output.show_json(experiment.to_dictionary())
        return
    output.show_fields(
        {
            "Experiment ID": experiment.experiment_id,
            "Name": experiment.name,
            "Artifact Location": experiment.artifact_location,
            "Lifecycle Stage": experiment.lifecycle_stage,
            "Creation Time": experiment.creation_time,
            "Last Update Time": experiment.last_update_time,
            "Tags": experiment.tags,
        }
    )


@experiments.command(epilog="Example: assay experiments delete --experiment-id 3")
@options.experiment_id()
def delete(experiment_id: str) -> None:
    """Mark an experiment and its runs as deleted. They can be restored."""
    Client().delete_experiment(experiment_id)
    click.echo(f"Experiment with ID {experiment_id} has been deleted.")


@experiments.command(epilog="Example: assay experiments restore --experiment-id 3")
@options.experiment_id()
def restore(experiment_id: str) -> None:
    """Restore a deleted experiment and its runs."""
    Client().restore_experiment(experiment_id)
    click.echo(f"Experiment with ID {experiment_id} has been restored.")


@experiments.command(epilog="Example: assay experiments rename --experiment-id 3 --new-name fraud-2027")
@options.experiment_id()
@click.option("--new-name", required=True, help="The name it gets.")
def rename(experiment_id: str, new_name: str) -> None:
    """Rename an experiment."""
    Client().rename_experiment(experiment_id, new_name)
    click.echo(f"Experiment with ID {experiment_id} has been renamed to {new_name}.")


@experiments.command("csv", epilog="Example: assay experiments csv --experiment-id 3 --filename runs.csv")
@options.experiment_id()
@click.option("--filename", "-o", type=click.Path(path_type=Path, dir_okay=False), help="A file instead of stdout.")
def as_csv(experiment_id: str, filename: Path | None) -> None:
    """Write the runs of an experiment as CSV. A line for each run, a column for each metric, param and tag."""
    client = Client()
    client.get_experiment(experiment_id)
    runs = options.pages(
        lambda size, token: client.search_runs([experiment_id], max_results=size, page_token=token), limit=None
    )
    rows, columns = run_rows(runs)
    text = output.csv_text(rows, columns)
    if filename is None:
        click.echo(text, nl=False)
        return
    filename.write_text(text, encoding="utf-8")
    click.echo(f"{len(rows)} runs of experiment {experiment_id} are in {filename}.")
