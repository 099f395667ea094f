"""`assay views ...`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import click

from assay.cli import options, output
from assay.client.api import Client
from assay.core.errors import InvalidParameterValue

COLUMNS = {"name": "Name", "default": "Default", "shows": "Shows", "by": "By"}


@click.group(epilog="Example: assay views show -n wine > views/wine.txt")
def views() -> None:
    """Keep the saved views of an experiment as text."""


@views.command(epilog="Example: assay views apply views/wine.txt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply(file: Path) -> None:
    """Replace the views of the experiment that a file names."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidParameterValue(f"{str(file)!r} is no text in UTF-8: {error}.") from error
    click.echo(f"Experiment '{Client().apply_views(text)}' has the views of {file}.")


@views.command(epilog="Example: assay views show -n wine > views/wine.txt")
@options.experiment_id(required=False)
@options.experiment_name
def show(experiment_id: str | None, experiment_name: str | None) -> None:
    """Print the views of an experiment as the text of a file."""
    client = Client()
    experiment = options.chosen_experiment(client, experiment_id, experiment_name)
    click.echo(client.views_text(experiment.experiment_id), nl=False)


@views.command("list", epilog="Example: assay views list -n wine")
@options.experiment_id(required=False)
@options.experiment_name
@output.output_option
def list_views(experiment_id: str | None, experiment_name: str | None, form: str) -> None:
    """List the views of an experiment."""
    client = Client()
    experiment = options.chosen_experiment(client, experiment_id, experiment_name)
    rows = [
        {
            "name": view.name,
            "default": "yes" if view.is_default else "no",
            "shows": urlencode(view.address),
            "by": view.created_by,
        }
        for view in client.list_views(experiment.experiment_id)
    ]
    output.show_rows(rows, form=form, columns=COLUMNS)
