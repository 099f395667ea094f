"""`assay models lineage`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assay.cli import output
from assay.client.api import Client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assay.client.entities import LineageDataset, ModelLineage

COLUMNS = {"what": "What", "name": "Name", "detail": "Detail"}


@click.command(epilog="Example: assay models lineage fraud@champion")
@click.argument("version")
@output.output_option_of("table", "json")
def lineage(version: str, form: str) -> None:
    """Show where a version comes from: its run, logged model, data and code.

    VERSION is NAME/VERSION, NAME@ALIAS or NAME@ALIAS?as_of=DATE, with or without models:/ before it.
    """
    found = Client().get_model_lineage(version if version.startswith("models:") else f"models:/{version}")
    if form == "json":
        output.show_json(found.to_dictionary())
        return
    rows = [{"what": what, "name": name, "detail": detail} for what, name, detail in _rows(found)]
    output.show_rows(rows, form=form, columns=COLUMNS)


def _rows(found: ModelLineage) -> Iterator[tuple[str, str, str]]:
    version, run, model = found.version, found.run, found.logged_model
    yield (
        "Version",
        f"{version.name}/{version.version}",
        f"{version.status}, {output.moment(version.creation_timestamp)}",
    )
    if found.copied_from:
        yield "Copy of", found.copied_from, found.copied_from_server or "on this server"
    if run:
        yield "Run", run.run_id, f"{run.run_name}, {run.status}, {output.moment(run.start_time)}"
    if model:
        yield "Model", model.model_id, f"{model.name}, {model.status.value}"
    for dataset in found.datasets:
        yield "Data", f"{dataset.name} ({dataset.digest})", _uses(dataset)
    for key, value in found.code.items():
        yield "Code", key, value


def _uses(dataset: LineageDataset) -> str:
    read = [f"read for {context}" for context in dataset.contexts] or (["read"] if dataset.source_type else [])
    measured = [f"{', '.join(dataset.metrics)} measured"] if dataset.metrics else []
    return "; ".join([*read, *measured])
