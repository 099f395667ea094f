"""`assay gc`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from assay.cli import output
from assay.cli.main import FAILED
from assay.client.api import Client
from assay.core import clock, settings

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS = {"kind": "Kind", "id": "ID", "size": "Bytes"}
_AGE = re.compile(
    r"(?:(?P<d>\d+(?:\.\d+)?)d)?(?:(?P<h>\d+(?:\.\d+)?)h)?(?:(?P<m>\d+(?:\.\d+)?)m)?(?:(?P<s>\d+(?:\.\d+)?)s)?"
)
_MILLISECONDS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1000}


def _ids(_context: click.Context, _parameter: click.Parameter, value: str | None) -> list[str]:
    return [one.strip() for one in (value or "").split(",") if one.strip()]


def _age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> float | None:
    """Milliseconds in a text such as 1d2.5h."""
    if value is None:
        return None
    parts = _AGE.fullmatch(value.strip())
    if parts is None or not value.strip():
        raise click.BadParameter(f"{value!r} is no age. Write days, hours, minutes, seconds: 30d, or 1d2h30m.")
    return sum(float(count) * _MILLISECONDS[unit] for unit, count in parts.groupdict().items() if count)


@click.command(epilog="Example: assay gc --older-than 30d --dry-run")
@click.option("--older-than", callback=_age, help="Only what was deleted longer ago than this, such as 30d or 1d12h.")
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
