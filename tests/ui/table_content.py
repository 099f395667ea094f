"""Runs for the table: sweeps of any size, nested and repeated over seeds, put in the store at once."""

from __future__ import annotations

import math
import random
import uuid
from typing import TYPE_CHECKING

from assay.store.base import NewRun
from assay.store.metrics import Point
from assay.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from assay.store.base import Session

PARENT = "mlflow.parentRunId"
START = 1_790_000_000_000
MINUTE = 60_000


class Filler:
    """Puts runs in the store of a server, in one experiment, in one transaction."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.experiment_id = session.experiments.create(
            name, artifact_location=None, root="mlartifacts", tags={}, now=START
        )
        self.count = 0

    def run(
        self,
        name: str,
        *,
        parent: str = "",
        status: str = "FINISHED",
        params: Mapping[str, object] | None = None,
        metrics: Mapping[str, float | Sequence[float]] | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> str:
        """Store a run; a metric of several values has one a step. Each run starts a minute after the last."""
        self.count += 1
        run_id = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.experiment_id} {self.count}").hex
        started = START + self.count * MINUTE
        made = NewRun(
            run_id=run_id,
            run_name=name,
            experiment_id=self.experiment_id,
            user_id="ada",
            start_time=started,
            artifact_uri=f"mlartifacts/{run_id}",
            status=status,
        )
        self.session.runs.create(made, tags={**({PARENT: parent} if parent else {}), **(tags or {})})
        if status != "RUNNING":
            self.session.runs.update(run_id, end_time=started + 1000 * (30 + self.count % 90))
        if params:
            self.session.runs.log_params(run_id, params={key: str(value) for key, value in params.items()})
        if metrics:
            self.session.metrics.append(run_id, points={key: list(spots(value)) for key, value in metrics.items()})
        return run_id


def spots(value: float | Sequence[float]) -> Iterator[Point]:
    """Points of a metric, one a step."""
    values = [value] if isinstance(value, (int, float)) else value
    for step, one in enumerate(values):
        yield Point(step, START + step, one)


def fill(directory: Path, name: str, *contents: object, **options: object) -> str:
    """Put what `contents` (functions of a filler) make in the store below a directory; gives the experiment's id."""
    store = open_store(str(directory / "mlruns"), artifact_root=str(directory / "mlartifacts"))

    def work(session: Session) -> str:
        filler = Filler(session, name)
        for content in contents:
            content(filler, **options)  # type: ignore[operator]
        return filler.experiment_id

    try:
        return store.write(work)
    finally:
        store.close()


def sweep(filler: Filler, *, count: int) -> None:
    """Trials of a search: accuracy is best for a middling learning rate."""
    chance = random.Random(7)
    for number in range(count):
        rate = 10 ** chance.uniform(-5, 0)
        optimizer = chance.choice(["adam", "sgd", "lion"])
        quality = 0.95 - 0.06 * (math.log10(rate) + 2.5) ** 2 - chance.random() / 20
        params = {
            "lr": f"{rate:.3g}",
            "optimizer": optimizer,
            "layers": 2 + number % 6,
            "seed": number % 5,
            "epochs": 90,
        }
        metrics = {
            "val_accuracy": quality,
            "val_loss": 2 - quality,
            "train_loss": 1.6 - quality,
            "minutes": number % 70,
        }
        status = "FAILED" if number % 97 == 5 else "FINISHED"
        filler.run(f"trial-{number:05d}", params=params, metrics=metrics, status=status)


def nested(filler: Filler) -> None:
    """A study of two sweeps of three trials each, one trial with folds; and a run alone."""
    study = filler.run("study")
    for sweep_number, family in enumerate(("tree", "linear")):
        parent = filler.run(f"sweep-{family}", parent=study, params={"family": family})
        for number in range(3):
            accuracy = 0.6 + sweep_number / 10 + number / 100
            trial = filler.run(
                f"{family}-{number}", parent=parent, params={"depth": number + 1}, metrics={"val_accuracy": accuracy}
            )
    for fold in range(2):
        filler.run(f"fold-{fold}", parent=trial, metrics={"val_accuracy": 0.9 + fold / 100})
    filler.run("alone", params={"depth": 9}, metrics={"val_accuracy": 0.5})


def seeds(filler: Filler) -> None:
    """Three rates with four seeds each, curves, odd values, notes, long and foreign names."""
    chance = random.Random(3)
    for rate in ("0.001", "0.01", "10"):
        for seed in range(4):
            best = {"0.001": 0.9, "0.01": 0.8, "10": 0.3}[rate] + seed / 100
            filler.run(
                f"lr-{rate}-seed-{seed}",
                params={"lr": rate, "seed": seed, "epochs": 40},
                tags={"team": "vision" if seed % 2 else "speech"},
                metrics={
                    "val_accuracy": [best - 0.3 * math.exp(-step / 6) + chance.random() / 30 for step in range(30)]
                    + [best],
                    "loss": [2 * math.exp(-step / 8) for step in range(30)],
                },
            )
    filler.run(
        "diverged مرحبا 🧪 " + "long-" * 30,
        params={"lr": "100", "seed": 0, "epochs": 40, "text": "x" * 5000},
        metrics={"val_accuracy": math.nan, "loss": math.inf},
        tags={"mlflow.note.content": "Diverged in the first epoch.\n\nTry a warm-up.", "team": "vision"},
        status="FAILED",
    )
    filler.run("=cmd|' /C calc'!A0", params={"lr": "@SUM(1)", "seed": -1}, metrics={"loss": -0.5}, status="RUNNING")


def wide(filler: Filler, *, columns: int = 12_000) -> None:
    """Two runs with thousands of metrics."""
    for number in range(2):
        metrics = {f"layer_{key:05d}/norm": key + number for key in range(columns)}
        filler.run(f"wide-{number}", params={"seed": number}, metrics={**metrics, "val_accuracy": 0.5 + number})
