"""The data that every product holds: the same values each time. Imported under each product's own Python.

Three experiments:

- `few`: 40 runs of 8 params, 6 summary metrics, 3 curves of 1,000 points and 3 tags;
- `many`: a sweep of runs of 5 params and 5 metrics;
- `long`: one run with one curve, noise of +-0.05 around 0.5, in which three single steps are 1. Whoever draws the curve
  without one of those steps has lost something that a person would want to see.
"""

import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

FEW, MANY, LONG = "few", "many", "long"
FEW_RUNS = 40
# Their names come before those of other metrics, for some products draw only what is first on a page.
CURVES = ("accuracy", "loss", "loss_val")
SUMMARIES = ("test_accuracy", "test_auc", "test_f1", "test_loss", "test_precision", "test_recall")
CURVE_POINTS = 1000
LONG_CURVE = "signal"
SPIKES = (0.17, 0.5, 0.83)
SHORTENED_POINTS = 200_000

_CHOICES = {"optimizer": ("adam", "sgd", "lamb"), "model": ("small", "base")}


@dataclass(frozen=True)
class Run:
    """One run: what it was given, what it reached, and how; each point of `curves` is one step, counted from 0."""

    name: str
    params: dict[str, str]
    metrics: dict[str, float]
    curves: dict[str, list[float]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Order:
    """What a loader is asked for: how many runs the sweep has, how many points the curve, and the time for each."""

    runs: int
    points: int
    seconds: float


def few_runs() -> Iterator[Run]:
    """The runs of `few`."""
    source = random.Random(40)
    for index in range(FEW_RUNS):
        rate = round(10 ** source.uniform(-5, -1), 7)
        best = source.uniform(0.6, 0.95)
        yield Run(
            name=f"trial-{index:02d}",
            params={
                **{name: source.choice(values) for name, values in _CHOICES.items()},
                "lr": str(rate),
                **{name: str(source.randrange(1, 9)) for name in ("depth", "width", "warmup", "batch")},
                "seed": str(index),
            },
            metrics={name: round(source.random(), 6) for name in SUMMARIES},
            curves={name: list(_curve(source, rises=name == CURVES[0], best=best)) for name in CURVES},
            tags={"team": "vision", "owner": source.choice(("ada", "grace", "alan")), "data": f"v{index % 3}"},
        )


def _curve(source: random.Random, *, rises: bool, best: float) -> Iterator[float]:
    for step in range(CURVE_POINTS):
        progress = 1 - 0.99**step
        value = best * progress if rises else 1 - best * progress
        yield round(value + source.gauss(0, 0.01), 6)


def many_runs(count: int) -> Iterator[Run]:
    """The runs of `many`."""
    source = random.Random(2000)
    for index in range(count):
        yield Run(
            name=f"run-{index:05d}",
            params={f"p{place}": str((index + place) % 8) for place in range(5)},
            metrics={f"m{place}": round(source.random(), 9) for place in range(5)},
        )


def spike_steps(points: int) -> list[int]:
    """The steps of a curve of so many points at which its value is 1."""
    return [int(points * part) for part in SPIKES]


def long_curve(points: int) -> Iterator[float]:
    """The values of the curve of `long`, step by step."""
    source = random.Random(3)
    spikes = set(spike_steps(points))
    for step in range(points):
        noise = source.random()
        yield 1.0 if step in spikes else round(0.45 + 0.1 * noise, 6)


def in_time(items: Iterable[T], *, seconds: float) -> Iterator[T]:
    """As many items as can be worked on within `seconds`."""
    deadline = time.monotonic() + seconds
    for item in items:
        if time.monotonic() > deadline:
            return
        yield item


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items in lists of `size`, the last one shorter."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def affordable_points(order: Order, seconds_of: Callable[[int], float]) -> int:
    """How many points the curve gets: all that are asked for, or 200,000 where those would take too long.

    Args:
        order: What is asked for.
        seconds_of: Log so many points to a run of no account and return how long it took.
    """
    sample = 20_000
    if order.points <= sample:
        return order.points
    return order.points if seconds_of(sample) * order.points / sample <= order.seconds else SHORTENED_POINTS


def load_by(load: Callable[[Order], dict[str, Any]]) -> None:
    """Do what the command line asks for, and print as JSON what `load` returns."""
    report, sys.stdout = sys.stdout, sys.stderr  # clients print for people too
    print(json.dumps(load(Order(**json.loads(sys.argv[1])))), file=report, flush=True)
