"""Load Trackio's store in bulk, by the call that its own server uses: its client would start a server for each run."""

import time
from importlib import import_module
from typing import Any

from benchmarks.ui import data

_BATCH = 20_000


class Loader:
    """The store."""

    def __init__(self) -> None:
        self.store = import_module("trackio.sqlite_storage").SQLiteStorage

    def load(self, order: data.Order) -> dict[str, Any]:
        """Put everything in and return how it is found again."""
        many = [self.run(data.MANY, run) for run in data.in_time(data.many_runs(order.runs), seconds=order.seconds)]

        def seconds_of(points: int) -> float:
            begun = time.monotonic()
            self.curve("scratch", points)
            return time.monotonic() - begun

        points = data.affordable_points(order, seconds_of)
        self.store.get_project_db_path("scratch").unlink(missing_ok=True)
        long = self.curve(data.LONG, points)
        few = [self.run(data.FEW, run) for run in data.few_runs()]
        return {
            "few": data.FEW,
            "few_runs": few,
            "many": data.MANY,
            "many_count": len(many),
            "long": data.LONG,
            "long_run": long,
            "points": points,
        }

    def run(self, project: str, run: data.Run) -> str:
        """Log one run and return its name; Trackio logs all metrics of a step at once and has no tags."""
        rows: list[dict[str, float]] = [dict(values) for values in _steps(run.curves)] or [{}]
        rows[-1].update(run.metrics)
        config = {**run.params, "_Username": "ada", "_Created": "2026-01-01T00:00:00+00:00", "_Group": None}
        self.store.bulk_log(project, run.name, rows, steps=list(range(len(rows))), config=config)
        return run.name

    def curve(self, project: str, points: int) -> str:
        """Log the long curve and return its run's name."""
        rows = ({data.LONG_CURVE: value} for value in data.long_curve(points))
        for place, batch in enumerate(data.batches(rows, _BATCH)):
            first = place * _BATCH
            self.store.bulk_log(project, "long", batch, steps=list(range(first, first + len(batch))))
        return "long"


def _steps(curves: dict[str, list[float]]) -> list[dict[str, float]]:
    return [dict(zip(curves, values, strict=True)) for values in zip(*curves.values(), strict=True)]


if __name__ == "__main__":
    data.load_by(Loader().load)
