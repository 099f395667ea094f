"""Load an Aim repository with Aim's client, without what it watches and captures by itself."""

import os
import time
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from benchmarks.ui import data


class Loader:
    """A repository that is being filled."""

    def __init__(self) -> None:
        self.aim = import_module("aim")
        self.repository = self.aim.Repo.from_path(os.environ["UI_BENCHMARK_STORE"], init=True)

    def load(self, order: data.Order) -> dict[str, Any]:
        """Put everything in and return how it is found again."""
        many = [self.run(data.MANY, run) for run in data.in_time(data.many_runs(order.runs), seconds=order.seconds)]
        scratch = []

        def seconds_of(points: int) -> float:
            begun = time.monotonic()
            scratch.append(self.curve(points))
            return time.monotonic() - begun

        points = data.affordable_points(order, seconds_of)
        if scratch:
            self.repository.delete_runs(scratch)
        long = self.curve(points)
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

    def run(self, experiment: str, run: data.Run) -> str:
        """Log one run and return its id; Aim keeps numbers of params as numbers, and tags of a run are words."""
        made = self.new(experiment, run.name)
        for key, text in run.params.items():
            made[key] = _number_or_text(text)
        for key, value in run.metrics.items():
            made.track(value, name=key, step=0)
        for word in run.tags.values():
            made.add_tag(word)
        for key, values in run.curves.items():
            self.points(made, key, values)
        made.close()
        identifier: str = made.hash
        return identifier

    def curve(self, points: int) -> str:
        """Log the long curve and return its run's id."""
        made = self.new(data.LONG, "long")
        self.points(made, data.LONG_CURVE, data.long_curve(points))
        made.close()
        identifier: str = made.hash
        return identifier

    def new(self, experiment: str, name: str) -> Any:
        """A new run."""
        made = self.aim.Run(
            repo=self.repository,
            experiment=experiment,
            system_tracking_interval=None,
            log_system_params=False,
            capture_terminal_logs=False,
        )
        made.name = name
        return made

    def points(self, run: Any, key: str, values: Iterable[float]) -> None:
        """Log a curve."""
        for step, value in enumerate(values):
            run.track(value, name=key, step=step)


def _number_or_text(text: str) -> float | int | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


if __name__ == "__main__":
    data.load_by(Loader().load)
