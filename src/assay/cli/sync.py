"""`assay sync`."""

from __future__ import annotations

import sys

import click

from assay.cli import output
from assay.cli.main import FAILED
from assay.client import sync as delivery

COLUMNS = {"server": "Server", "sent": "Sent", "refused": "Refused", "waiting": "Waiting (bytes)"}


@click.command(epilog="Example: assay sync --tracking-uri https://tracking.example.com")
@click.option("--tracking-uri", help="Only what waits for this server or database; by default for all of them.")
@output.output_option
def sync(tracking_uri: str | None, form: str) -> None:
    """Send what was logged while a server was out of reach, and tell what still waits.

    A helper process does so by itself; this does it now. Exits with 1 when something could not be delivered.
    """
    done = delivery.sync(tracking_uri, progress=_show_progress if sys.stderr.isatty() else None)
    rows = [{"server": one.uri, "sent": one.records, "refused": one.rejected, "waiting": one.waiting} for one in done]
    if rows or form != "table":
        output.show_rows(rows, form=form, columns=COLUMNS)
    else:
        click.echo("Nothing waits on this machine.")
    for one in done:
        if one.error is not None:
            click.echo(f"Error: {one.error.message}", err=True)
        if one.rejected:
            click.echo(f"Refused records are in {one.directory / 'rejected.jsonl'}.", err=True)
    if any(one.error is not None or one.rejected for one in done):
        raise click.exceptions.Exit(FAILED)


def _show_progress(server: str, records: int, waiting: int) -> None:
    click.echo(f"\r{server}: {records} records sent, {waiting} bytes wait \033[K", nl=not waiting, err=True)
