"""`assay models copy`."""

from __future__ import annotations

import click

from assay.flavors.copies import copy_model_version


@click.command("copy", epilog="Example: assay models copy models:/fraud@champion fraud --to https://production:5000")
@click.argument("source")
@click.argument("name")
@click.option("--from", "from_uri", help="Tracking URI where the model is. Default: the one in use.")
@click.option("--to", "to_uri", help="Tracking URI where it is copied to. Default: the one in use.")
@click.option("--experiment-name", "-n", help="Experiment of its run there. Default: the name of the one it is from.")
@click.option("--aliases", is_flag=True, help="Set the aliases of the version there, too, if the gates let it pass.")
def copy(
    source: str, name: str, from_uri: str | None, to_uri: str | None, experiment_name: str | None, aliases: bool
) -> None:
    """Make a model a version of the registered model NAME, on this server or on another.

    SOURCE is models:/NAME/VERSION, models:/NAME@ALIAS or models:/MODEL_ID.
    """
    made = copy_model_version(
        source, name, from_uri=from_uri, to_uri=to_uri, experiment_name=experiment_name, with_aliases=aliases
    )
    click.echo(f"Version {made.version} of '{made.name}' was made from {source}.")
