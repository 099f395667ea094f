"""`assay models ...`."""

from __future__ import annotations

import click

from assay.cli import model_copies, model_lineage, output, serving
from assay.client.api import Client

COLUMNS = {"date": "Date (UTC)", "version": "Version", "user": "User", "note": "Note"}


@click.group(cls=serving.Models, epilog="Example: assay models serve -m models:/fraud@champion")
def models() -> None:
    """Serve a model, predict with it; show what an alias stood for, and take a step back."""


for command in (
    serving.serve,
    serving.predict,
    serving.update_pip_requirements,
    model_copies.copy,
    model_lineage.lineage,
):
    models.add_command(command)


@models.command("alias-history", epilog="Example: assay models alias-history fraud champion --output json")
@click.argument("name")
@click.argument("alias")
@output.output_option
def alias_history(name: str, alias: str, form: str) -> None:
    """Show each set and deletion of an alias, the last first."""
    rows = [
        {"date": output.moment(change.timestamp), "version": change.version, "user": change.user, "note": change.note}
        for change in Client().get_alias_history(name, alias)
    ]
    output.show_rows(rows, form=form, columns=COLUMNS)


@models.command(epilog="Example: assay models rollback fraud champion --expected-version 7 --note 'too many alarms'")
@click.argument("name")
@click.argument("alias")
@click.option("--expected-version", help="Only if the alias stands for this version now.")
@click.option("--note", default="", help="Why; kept in the history.")
def rollback(name: str, alias: str, expected_version: str | None, note: str) -> None:
    """Make an alias stand for the version that it stood for before."""
    found = Client().rollback_alias(name, alias, expected_version=expected_version, note=note)
    click.echo(f"{name}@{alias} is version {found.version} again.")
