"""What the pictures show: a vision team's work, the same to the last digit whenever it is made."""

from __future__ import annotations

import math
import random
import uuid
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from tools.gallery import files, registry

from assay.store.base import DELETED, NewRun
from assay.store.metrics import Point
from assay.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from assay.store.base import Session

NOW = datetime(2026, 3, 12, 14, 30, tzinfo=timezone.utc)
"""When the pictures are taken, by the clock of the page."""
NOW_MS = int(NOW.timestamp() * 1000)
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
EPOCHS = 30
PARENT = "mlflow.parentRunId"
NOTE = "mlflow.note.content"
FLOWERS = "1"
"""The id of the experiment that most pictures show: the first one that is made."""
BACKBONES = {"convnext-t": 0.921, "resnet50": 0.894, "vit-s16": 0.907}
DESCRIPTION = """Which backbone names 102 kinds of flowers best, on pictures of 224 pixels?

Judged by **val_accuracy** at the last epoch; three seeds for each setting.
"""
BEST_NOTE = """## Best so far

ConvNeXt with **RandAugment** beats ResNet-50 by 2.7 points at half the steps.

- confuses *sweet pea* with *snapdragon*: see `mistakes.csv`
- longer training gained nothing after epoch 26
"""
CHANGED = {"augment": "randaugment", "dropout": "0.1"}


def run_id(name: str) -> str:
    """The id of the run of that name in the experiment of flowers."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"run {name}").hex


BEST = run_id("convnext-t-seed-2")
RIVALS = (BEST, run_id("vit-s16-seed-1"), run_id("resnet50-seed-0"))
FAILED = run_id("convnext-t-large-batch")
SEARCH = run_id("search-lr-dropout")


def build(directory: Path) -> None:
    """Fill a store and the files beside it, where a server keeps them that is started on the directory."""
    store = open_store(str(directory / "mlruns"), artifact_root="mlflow-artifacts:/")
    try:
        store.write(_fill)
    finally:
        store.close()
    files.write(directory / "mlartifacts" / FLOWERS, best=BEST, failed=FAILED, rivals=RIVALS, ended=NOW_MS - 5 * HOUR)


def _fill(session: Session) -> None:
    flowers = Filler(session, "vision/flowers", main="max val_accuracy", note=DESCRIPTION)
    if flowers.experiment_id != FLOWERS:
        raise AssertionError(f"The first experiment of a new store has the id {flowers.experiment_id!r}.")
    _backbones(flowers)
    _search(flowers)
    _troubles(flowers)
    _others(session)
    registry.fill(session, FLOWERS, [run_id(f"{name}-seed-{seed}") for name, seed in registry.SOURCES], now=NOW_MS)


class Filler:
    """Puts the runs of one experiment in the store."""

    def __init__(self, session: Session, name: str, *, main: str, note: str = "", age: int = 20 * DAY) -> None:
        """Make the experiment, whose main metric is told as its tag keeps it."""
        tags = {"assay.main_metric": main, **({NOTE: note} if note else {})}
        self.session = session
        self.experiment_id = session.experiments.create(
            name, artifact_location=None, root="mlflow-artifacts:", tags=tags, now=NOW_MS - age
        )

    def run(
        self,
        name: str,
        *,
        start: int,
        minutes: float,
        params: Mapping[str, object],
        metrics: Mapping[str, Sequence[float]],
        status: str = "FINISHED",
        tags: Mapping[str, str] | None = None,
        user: str = "ada",
    ) -> str:
        """Store a run of that many minutes, over which the values of its metrics are spread, one a step."""
        key = run_id(name)
        where = f"mlflow-artifacts:/{self.experiment_id}/{key}/artifacts"
        new = NewRun(key, name, self.experiment_id, user, start, where, status=status)
        self.session.runs.create(new, tags=dict(tags or {}))
        if status != "RUNNING":
            self.session.runs.update(key, end_time=start + round(minutes * MINUTE))
        self.session.runs.log_params(key, params={param: str(value) for param, value in params.items()})
        points = {metric: _spread(values, start, minutes) for metric, values in metrics.items()}
        self.session.metrics.append(key, points=points)
        return key


def _spread(values: Sequence[float], start: int, minutes: float) -> list[Point]:
    pace = minutes * MINUTE / max(1, len(values))
    return [Point(step, start + round((step + 1) * pace), value) for step, value in enumerate(values)]


def curves(
    best: float, chance: random.Random, *, epochs: int = EPOCHS, speed: float = 5.0, rate: float = 0.0006
) -> dict[str, list[float]]:
    """What a training that gets near an accuracy, if it has the time, logs at each of its epochs."""
    accuracy = [best - (best - 0.12) * math.exp(-epoch / speed) + chance.gauss(0, 0.004) for epoch in range(epochs)]
    if epochs > 3 * speed:
        accuracy[-1] = best
    loss = [3.9 * math.exp(-epoch / speed) + 0.9 * (1 - best) + 0.06 + chance.gauss(0, 0.01) for epoch in range(epochs)]
    return {
        "val_accuracy": [round(value, 4) for value in accuracy],
        "val_loss": [round(value + 0.12 + 0.004 * max(0, epoch - 20), 4) for epoch, value in enumerate(loss)],
        "train_loss": [round(value, 4) for value in loss],
        "learning_rate": [rate / 2 * (1 + math.cos(math.pi * epoch / EPOCHS)) for epoch in range(epochs)],
    }


def _backbones(flowers: Filler) -> None:
    """Three backbones, two rates, three seeds each."""
    chance = random.Random(11)
    start = NOW_MS - 2 * DAY
    for backbone, best in BACKBONES.items():
        for rate, lost in (("0.0006", 0.0), ("0.003", 0.035)):
            for seed in range(3):
                name = f"{backbone}-seed-{seed}" if not lost else f"{backbone}-fast-{seed}"
                score = round(best - lost + chance.gauss(0, 0.004), 4)
                metrics = curves(
                    0.9314 if run_id(name) == BEST else score, chance, speed=4 if lost else 5, rate=float(rate)
                )
                params = {
                    "backbone": backbone,
                    "lr": rate,
                    "seed": seed,
                    "epochs": EPOCHS,
                    "batch_size": 64,
                    "optimizer": "adamw",
                    **(CHANGED if run_id(name) == BEST else {"augment": "flip", "dropout": "0.0"}),
                }
                tags = {"team": "vision", "gpu": "A100" if seed else "L4", **_provenance(name)}
                start += 97 * MINUTE
                if run_id(name) == BEST:
                    metrics |= _machine(chance)
                    tags |= {NOTE: BEST_NOTE, "mlflow.loggedImages": "True"}
                made = flowers.run(name, start=start, minutes=61 + 7 * seed, params=params, metrics=metrics, tags=tags)
                registry.read_data(flowers.session, made)


def _provenance(name: str) -> dict[str, str]:
    return {
        "mlflow.source.name": "src/train.py",
        "mlflow.source.type": "LOCAL",
        "mlflow.source.git.commit": uuid.uuid5(uuid.NAMESPACE_URL, f"commit {name[:6]}").hex + "0a1b2c3d",
        "mlflow.source.git.branch": "backbones",
        "mlflow.source.git.repoURL": "https://github.com/acme/flowers.git",
        "assay.host": "gpu-3",
    }


def _machine(chance: random.Random) -> dict[str, list[float]]:
    """What the machine did meanwhile."""
    return {
        "system/gpu_0_utilization_percentage": [round(91 + chance.gauss(0, 3), 1) for _ in range(60)],
        "system/gpu_0_memory_usage_gigabytes": [round(22 + min(6, tick / 4), 1) for tick in range(60)],
        "system/cpu_utilization_percentage": [round(38 + chance.gauss(0, 6), 1) for _ in range(60)],
    }


def _search(flowers: Filler) -> None:
    """A random search over two params, nested in the run that led it."""
    chance = random.Random(23)
    start = NOW_MS - 22 * HOUR
    flowers.run(
        "search-lr-dropout",
        start=start,
        minutes=21 * 18,
        params={"backbone": "convnext-t", "sampler": "random", "trials": 18},
        metrics={},
        tags={"team": "vision"},
        user="grace",
    )
    for trial in range(18):
        rate, dropout = 10 ** chance.uniform(-4.6, -2), round(chance.uniform(0, 0.5), 2)
        best = 0.927 - 0.05 * (math.log10(rate) + 3.3) ** 2 - 0.2 * (dropout - 0.15) ** 2 + chance.gauss(0, 0.003)
        flowers.run(
            f"trial-{trial:02d}",
            start=start + trial * 21 * MINUTE,
            minutes=20,
            params={"backbone": "convnext-t", "lr": f"{rate:.3g}", "dropout": dropout, "epochs": 12, "seed": trial},
            metrics=curves(round(best, 4), chance, epochs=12, speed=3, rate=rate),
            tags={PARENT: SEARCH, "team": "vision"},
            user="grace",
        )


def _troubles(flowers: Filler) -> None:
    """A run that failed, one that goes on, one that was killed, two in the trash."""
    chance = random.Random(31)
    params = {"backbone": "convnext-t", "lr": "0.0006", "seed": 3, "epochs": EPOCHS, "batch_size": 1024}
    broken = curves(0.92, chance, epochs=4)
    broken["val_loss"][-1] = math.nan
    flowers.run(
        "convnext-t-large-batch",
        start=NOW_MS - 7 * HOUR,
        minutes=9.4,
        params=params,
        metrics=broken,
        status="FAILED",
        tags={"team": "vision", **_provenance("convnext-t")},
    )
    for name, ago, epochs, status in (("vit-s16-long", 50, 21, "RUNNING"), ("resnet50-wide", 600, 8, "KILLED")):
        flowers.run(
            name,
            start=NOW_MS - ago * MINUTE,
            minutes=48,
            params={**params, "backbone": name.rsplit("-", 1)[0], "batch_size": 64, "optimizer": "adamw"},
            metrics=curves(0.9, chance, epochs=epochs),
            status=status,
            tags={"team": "vision"},
            user="grace",
        )
    for number in range(2):
        gone = flowers.run(
            f"smoke-test-{number}",
            start=NOW_MS - 3 * DAY,
            minutes=1,
            params={"backbone": "resnet50", "epochs": 1},
            metrics=curves(0.9, chance, epochs=2),
        )
        flowers.session.runs.set_stage(gone, stage=DELETED, now=NOW_MS - (2 + number) * DAY)


OTHERS = (
    ("vision/defects", "max test_f1", "Scratches and dents on sheet metal, from the line in Graz.", 6, 3.2),
    ("vision/thumbnails", "min val_loss", "", 3, 12.0),
    ("speech/keywords", "max val_accuracy", "Wake words on the device, under 300 kB.", 7, 1.1),
    ("speech/denoise", "max val_sisnr", "", 4, 6.5),
    ("tabular/churn", "max val_auc", "Monthly churn: **who leaves** within 60 days.", 9, 0.4),
)


def _others(session: Session) -> None:
    """Work of other teams, for the tree on the first page, and an experiment in the trash."""
    chance = random.Random(41)
    for name, main, note, count, days in OTHERS:
        metric = main.split(" ")[1]
        filler = Filler(session, name, main=main, note=note, age=round((days + 6) * DAY))
        team, topic = name.split("/")
        for number in range(count):
            values = [round(0.9 - 0.4 * math.exp(-step / 4) + chance.gauss(0, 0.01), 4) for step in range(12)]
            start = NOW_MS - round((days + (count - number) / 3) * DAY)
            state = "FAILED" if (number, topic) == (2, "keywords") else "FINISHED"
            filler.run(
                f"{topic}-{number:02d}",
                start=start,
                minutes=14 + number,
                params={"model": ("gbm", "mlp", "forest")[number % 3], "seed": number},
                metrics={metric: values},
                status=state,
                tags={"team": team},
                user="lin",
            )
    gone = Filler(session, "vision/flowers-pilot", main="max val_accuracy", age=40 * DAY)
    session.experiments.set_stage(gone.experiment_id, stage=DELETED, now=NOW_MS - 6 * DAY)
