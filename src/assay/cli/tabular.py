"""Runs as rows, for tables and CSV."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assay.client.entities import Run

DEFAULT_TITLES = {"run_id": "Run ID", "run_name": "Name", "status": "Status", "start_time": "Started (UTC)"}
ATTRIBUTES = ("run_id", "experiment_id", "status", "artifact_uri", "start_time", "end_time")


def run_rows(runs: Iterable[Run]) -> tuple[list[dict[str, Any]], list[str]]:
    """Runs as rows, and the names of all columns: attributes, then `metrics.*`, `params.*` and `tags.*`, each sorted.

    Columns are those of the frame that `search_runs` gives; times are UTC, to the millisecond.
    """
    rows = []
    names: dict[str, set[str]] = {"metrics": set(), "params": set(), "tags": set()}
    for run in runs:
        row: dict[str, Any] = {name: getattr(run.info, name) for name in ATTRIBUTES}
        row["run_name"] = run.info.run_name
        row["start_time"], row["end_time"] = _timestamp(run.info.start_time), _timestamp(run.info.end_time)
        for kind, seen in names.items():
            values = getattr(run.data, kind)
            seen.update(values)
            row |= {f"{kind}.{key}": value for key, value in values.items()}
        rows.append(row)
    columns = [f"{kind}.{key}" for kind, seen in names.items() for key in sorted(seen)]
    return rows, [*ATTRIBUTES, *columns]


def run_columns(names: Sequence[str], *, wanted: Sequence[str]) -> dict[str, str]:
    """The columns of a table of runs with their titles: those wanted, by default all metrics and params."""
    chosen = wanted or [name for name in names if name.startswith(("metrics.", "params."))]
    return DEFAULT_TITLES | {name: name.removeprefix("metrics.").removeprefix("params.") for name in chosen}


def _timestamp(milliseconds: int | None) -> str | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc).isoformat(sep=" ", timespec="milliseconds")
