"""`assay gc`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from assay.cli import moments, output
from assay.cli.main import FAILED
from assay.client.api import Client
from assay.core import clock, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = {"kind": "Kind", "id": "ID", "size": "Bytes"}


def _ids(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str]:
    return [one.strip() for one in (value or "").split(",") if one.strip()]


@click.command(epilog="Example: assay gc --older-than 30d --dry-run")
@click.option(
    "--older-than", callback=moments.age, help="Only what was deleted longer ago than this, such as 30d or 1d12h."
)
@click.option("--run-ids", callback=_ids, help="Only these runs, separated by commas.")
@click.option("--experiment-ids", callback=_ids, help="Only these experiments with all in them.")
@click.option("--logged-model-ids", callback=_ids, help="Only these logged models.")
@click.option("--dry-run", is_flag=True, help="Tell what would go, and how many bytes; change nothing.")
@click.option("--tracking-uri", help="The store, database or server.")
@click.option("--backend-store-uri", help="The database or store; goes before --tracking-uri.")
@click.option("--artifacts-destination", help="Where a server over that database keeps the files that go through it.")
@output.output_option
def gc(
    older_than: float | None,
    run_ids: Sequence[str],
    experiment_ids: Sequence[str],
    logged_model_ids: Sequence[str],
    **more: Any,
) -> None:
    """Delete for good what is marked as deleted: experiments, runs and logged models, with their files.

    It cannot be undone. When it was interrupted, the next call finishes it. Exits with 1 when something could not go.
    """
    if more["artifacts_destination"]:
        settings.artifacts_destination.set(more["artifacts_destination"])
    client = Client(more["backend_store_uri"] or more["tracking_uri"])
    report = client.empty_trash(
        experiment_ids=experiment_ids,
        run_ids=run_ids,
        model_ids=logged_model_ids,
        deleted_before=None if older_than is None else clock.now_ms() - int(older_than),
        dry_run=more["dry_run"],
    )
    form = more["form"]
    rows = [{"kind": one.kind, "id": one.id, "size": one.size} for one in report.items]
    if rows or form != "table":
        output.show_rows(rows, form=form, columns=COLUMNS)
    if form == "table":
        done = "would be deleted" if more["dry_run"] else "deleted"
        click.echo(f"{len(rows)} items with {sum(one.size for one in report.items):,} bytes of files {done}.")
    for one in report.kept:
        click.echo(f"Kept {one.kind} {one.id}: {one.reason}", err=True)
    if report.kept:
        raise click.exceptions.Exit(FAILED)
