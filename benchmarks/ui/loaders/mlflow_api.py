"""Load a store through the client of MLflow's API: MLflow's own, or Assay's. Nothing but the client is in between."""

import os
import time
from importlib import import_module
from typing import Any

from benchmarks.ui import data

_BATCH = 1000
_START = 1_700_000_000_000


class Loader:
    """A client and the classes that it takes."""

    def __init__(self) -> None:
        package = os.environ["UI_BENCHMARK_CLIENT"]
        self.entities = import_module(f"{package}.entities")
        self.client = import_module(package).MlflowClient(tracking_uri=os.environ["UI_BENCHMARK_STORE"])

    def load(self, order: data.Order) -> dict[str, Any]:
        """Put everything in and return how it is found again."""
        many, many_runs = self.experiment(data.MANY, data.in_time(data.many_runs(order.runs), seconds=order.seconds))
        scratch = self.client.create_experiment("scratch")

        def seconds_of(points: int) -> float:
            begun = time.monotonic()
            self.curve(scratch, points)
            return time.monotonic() - begun

        points = data.affordable_points(order, seconds_of)
        self.client.delete_experiment(scratch)
        long = self.client.create_experiment(data.LONG)
        run = self.curve(long, points)
        few, few_runs = self.experiment(data.FEW, data.few_runs())
        return {
            "few": few,
            "few_runs": few_runs,
            "many": many,
            "many_count": len(many_runs),
            "long": long,
            "long_run": run,
            "points": points,
        }

    def experiment(self, name: str, runs: Any) -> tuple[str, list[str]]:
        """Create an experiment with runs and return the ids."""
        experiment: str = self.client.create_experiment(name)
        return experiment, [self.run(experiment, place, run) for place, run in enumerate(runs)]

    def run(self, experiment: str, place: int, run: data.Run) -> str:
        """Log one run and return its id."""
        start = _START + place * 60_000
        run_id: str = self.client.create_run(experiment, start_time=start, run_name=run.name).info.run_id
        metric, param, tag = self.entities.Metric, self.entities.Param, self.entities.RunTag
        self.client.log_batch(
            run_id,
            metrics=[metric(key, value, start, 0) for key, value in run.metrics.items()],
            params=[param(key, value) for key, value in run.params.items()],
            tags=[tag(key, value) for key, value in run.tags.items()],
        )
        for key, values in run.curves.items():
            self.points(run_id, key, values, start=start)
        self.client.set_terminated(run_id, end_time=start + 50_000)
        return run_id

    def curve(self, experiment: str, points: int) -> str:
        """Log the long curve and return its run's id."""
        run_id: str = self.client.create_run(experiment, start_time=_START, run_name="long").info.run_id
        self.points(run_id, data.LONG_CURVE, data.long_curve(points), start=_START)
        self.client.set_terminated(run_id, end_time=_START + points)
        return run_id

    def points(self, run_id: str, key: str, values: Any, *, start: int) -> None:
        """Log a curve in batches as large as the API takes."""
        made = (self.entities.Metric(key, value, start + step, step) for step, value in enumerate(values))
        for batch in data.batches(made, _BATCH):
            self.client.log_batch(run_id, metrics=batch)


if __name__ == "__main__":
    data.load_by(Loader().load)
