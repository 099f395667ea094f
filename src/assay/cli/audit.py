"""`assay audit ...`."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from assay.cli import moments, options, output
from assay.cli.asking import asking, store_option
from assay.cli.main import FAILED
from assay.client.entities import PagedList
from assay.wire import audit as wire

COLUMNS = {
    "time": "Time (UTC)",
    "actor": "Who",
    "credential": "By",
    "address": "From",
    "action": "Action",
    "resource": "On",
    "outcome": "Outcome",
}
ALL_COLUMNS = {name: name for name in ("number", *COLUMNS, "detail", "request_id", "digest")}


@click.group(epilog="Example: assay audit search --actor ada --since 7d")
def audit() -> None:
    """See who changed what on a server, and check that nobody changed that."""


@audit.command(epilog="Example: assay audit search --action logIn --outcome UNAUTHENTICATED --since 2026-11-01")
@click.option("--actor", default="", help="Name of the user.")
@click.option("--action", default="", help="Name of the operation, such as deleteRun.")
@click.option("--resource", default="", help='What it was done to, such as "experiment 3".')
@click.option("--address", default="", help="Where it came from.")
@click.option("--outcome", default="", help="done, or the code of an error, such as PERMISSION_DENIED.")
@click.option("--since", callback=moments.past, help=f"From then on: {moments.PAST}.")
@click.option("--until", callback=moments.past, help="Up to then; the same forms.")
@options.max_results
@store_option()
@output.output_option
def search(max_results: int | None, backend_store_uri: str | None, form: str, **wanted: Any) -> None:
    """Find entries of the audit log that are equal in all that is given, the latest first."""
    with asking(backend_store_uri) as answer:

        def page(size: int, token: str | None) -> PagedList[wire.AuditEntry]:
            request = wire.SearchAudit(max_results=size, page_token=token, **wanted)
            found = answer(request, wire.AuditResponse)
            return PagedList(found.entries, found.next_page_token or None)

        rows = [msgspec.to_builtins(entry) for entry in options.pages(page, limit=max_results)]
    if form != "json":
        rows = [{**row, "time": output.moment(row["time"])} for row in rows]
    output.show_rows(rows, form=form, columns=ALL_COLUMNS if form == "csv" else COLUMNS)


@audit.command(epilog="Example: assay audit verify --backend-store-uri ./mlruns")
@click.option("--head", default="", help="The digest that an earlier check told: nothing up to there may be gone.")
@store_option()
def verify(backend_store_uri: str | None, head: str) -> int:
    """Check that no entry of the audit log was changed or taken away; exit with 1 if one was.

    Who can write the database can shorten the log unseen. Keep the digest that is told elsewhere: with --head it shows.
    """
    with asking(backend_store_uri) as answer:
        found = answer(wire.CheckAudit(head=head), wire.AuditCheckResponse)
    if not found.broken:
        click.echo(f"{found.entries} entries, all as they were written.")
        if found.head:
            click.echo(f"The digest of the last one: {found.head}")
        return 0
    if found.broken > 0:
        click.echo(f"Entry {found.broken} is not as it was written, or what stood before it is gone.")
    elif head:
        click.echo(
            f"None of {found.entries} entries has the digest {head[:64]!r}, or those behind the last one are gone."
        )
    else:
        click.echo(f"Behind entry {found.entries}, entries are missing: the log does not end as it was written.")
    return FAILED
