"""`assay gates ...`."""

from __future__ import annotations

from pathlib import Path

import click

from assay.cli import output
from assay.client.api import Client
from assay.core.errors import InvalidParameterValue

COLUMNS = {"guards": "Gate", "line": "Line", "rule": "Rule", "passed": "Passed", "found": "Found", "wanted": "Wanted"}


@click.group(epilog="Example: assay gates apply gates/fraud.txt")
def gates() -> None:
    """Say what a version must show to be promoted."""


@gates.command(epilog="Example: assay gates apply gates/fraud.txt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def apply(file: Path) -> None:
    """Replace the gates of the model that a file names."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidParameterValue(f"{str(file)!r} is no text in UTF-8: {error}.") from error
    click.echo(f"Model '{Client().set_gates(text)}' has the gates of {file}.")


@gates.command(epilog="Example: assay gates show fraud > gates/fraud.txt")
@click.argument("name")
def show(name: str) -> None:
    """Print the gates of a model as they were applied."""
    click.echo(Client().get_gates(name), nl=False)


@gates.command(epilog="Example: assay gates check fraud 7 --alias champion")
@click.argument("name")
@click.argument("version")
@click.option("--alias", help="Only the gate of this alias.")
@click.option("--stage", help="Only the gate of this stage.")
@output.output_option
def check(name: str, version: str, alias: str | None, stage: str | None, form: str) -> int:
    """Show what a version would find at the gates of its model; exit with 1 if a rule fails."""
    outcomes = Client().check_gates(name, version, alias=alias, stage=stage)
    rows = [{**outcome.to_dictionary(), "passed": "yes" if outcome.passed else "no"} for outcome in outcomes]
    if form == "json":
        rows = [outcome.to_dictionary() for outcome in outcomes]
    output.show_rows(rows, form=form, columns=COLUMNS)
    return 0 if all(outcome.passed for outcome in outcomes) else 1
