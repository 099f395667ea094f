"""The models of the pictures, and what people wrote beside the runs: views, a report."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from assay.store.models import DatasetName, ModelPoint, NewModel
from assay.store.registry import Change, NewVersion
from assay.wire.inputs import Dataset, DatasetInput, InputTag, ModelOutput
from assay.wire.pages import Report, SavedView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Session

HOUR = 3_600_000
DAY = 24 * HOUR
READY = 2
MODEL = "flower-classifier"
REPORT = uuid.uuid5(uuid.NAMESPACE_URL, "report").hex
SOURCES = (("resnet50", 0), ("vit-s16", 1), ("convnext-t", 0), ("convnext-t", 2))
"""The runs that the versions come from, by backbone and seed, oldest version first."""
ACCURACY = (0.8937, 0.9071, 0.9202, 0.9314)
LATENCY = (11.8, 17.2, 14.1, 14.3)
TRAIN = DatasetName("flowers-train", "8f31c2ab")
TEST = DatasetName("flowers-test", "77d0e914")
DESCRIPTION = """Names the flower on a picture, out of **102 kinds**.

| input | output |
| --- | --- |
| RGB, 224 by 224 | a probability for each kind |

Call `@champion`; ask the vision team before you rely on `@shadow`.
"""
GATES = f"""model {MODEL}

gate @champion
  metrics.test_accuracy >= 0.92
  metrics.latency_ms <= 15
  tags.reviewed = 'yes'
"""
TEXT = """Three backbones, two learning rates, three seeds each. **ConvNeXt wins**, and a small rate with it.

| backbone | val_accuracy | steps to 0.85 |
| --- | ---: | ---: |
| convnext-t | 0.931 | 9 |
| vit-s16 | 0.907 | 12 |
| resnet50 | 0.894 | 15 |

```chart
metric=val_accuracy
q=params.lr = '0.0006' AND params.optimizer = 'adamw'
group=params.backbone
```

## What it cost

All runs took about an hour on one card. The losses part after epoch 20, where ResNet begins to learn by heart:

```chart
metric=val_loss
q=params.lr = '0.0006' AND params.optimizer = 'adamw'
group=params.backbone
```
"""


def model_id(version: int) -> str:
    """The id of the logged model behind a version."""
    return f"m-{uuid.uuid5(uuid.NAMESPACE_URL, f'model {version}').hex}"


LOGGED = model_id(4)


def read_data(session: Session, run_id: str) -> None:
    """Note what a training read."""
    schema = {"mlflow_colspec": [{"type": "binary", "name": "image"}, {"type": "long", "name": "kind"}]}
    session.inputs.log_datasets(
        run_id,
        datasets=[
            DatasetInput(
                tags=[InputTag("mlflow.data.context", context)],
                dataset=Dataset(
                    name=f"flowers-{context}",
                    digest=digest,
                    source_type="s3",
                    source=json.dumps({"uri": f"s3://acme-data/flowers/{context}.parquet"}),
                    schema=json.dumps(schema),
                    profile=json.dumps({"num_rows": rows}),
                ),
            )
            for context, digest, rows in (("train", TRAIN.digest, 6552), ("validation", "1b9e04d7", 818))
        ],
    )


def fill(session: Session, experiment_id: str, runs: Sequence[str], *, now: int) -> None:
    """Log a model for each of these runs and register it; then views and reports."""
    _flower_classifier(session, experiment_id, runs, now)
    _others(session, now)
    _pages(session, experiment_id, now)


def _flower_classifier(session: Session, experiment_id: str, runs: Sequence[str], now: int) -> None:
    made = now - 3 * DAY
    models = session.registered_models
    models.create(MODEL, tags={"team": "vision", "task": "classification"}, description=DESCRIPTION, now=made)
    for version, run_id in enumerate(runs, start=1):
        at = made + version * 15 * HOUR
        _log(session, experiment_id, run_id, version, at)
        backbone, seed = SOURCES[version - 1]
        session.model_versions.create(
            MODEL,
            NewVersion(
                source=f"models:/{model_id(version)}",
                location=_location(experiment_id, version),
                run_id=run_id,
                model_id=model_id(version),
                description=f"{backbone}, seed {seed}",
            ),
            tags={} if version == 1 else {"reviewed": "yes"},
            now=at,
        )
    models.set_alias(MODEL, alias="champion", version=1, change=Change(made + 20 * HOUR, "ada", "the first one"))
    models.set_alias(MODEL, alias="champion", version=3, change=Change(now - 20 * HOUR, "grace", "2.6 points better"))
    models.set_alias(MODEL, alias="shadow", version=4, change=Change(now - 4 * HOUR, "ada", ""))
    models.set_gates(MODEL, rules=GATES, change=Change(now - 2 * DAY, "grace"))


def _location(experiment_id: str, version: int) -> str:
    return f"mlflow-artifacts:/{experiment_id}/models/{model_id(version)}/artifacts"


def _log(session: Session, experiment_id: str, run_id: str, version: int, at: int) -> None:
    key = model_id(version)
    backbone, seed = SOURCES[version - 1]
    new = NewModel(key, experiment_id, backbone, _location(experiment_id, version), at, "torch", run_id)
    tags = {"mlflow.modelVersions": json.dumps([{"name": MODEL, "version": version}])}
    session.models.create(new, params={"backbone": backbone, "seed": str(seed), "image_size": "224"}, tags=tags)
    session.models.set_status(key, status=READY, now=at)
    values = {"test_accuracy": ACCURACY[version - 1], "latency_ms": LATENCY[version - 1]}
    points = [ModelPoint(key, metric, 30, at, value, TEST) for metric, value in values.items()]
    session.models.append(run_id, points=points)
    session.inputs.log_outputs(run_id, models=[ModelOutput(key, 30)])


def _others(session: Session, now: int) -> None:
    for name, team, days, count in (
        ("churn-risk", "tabular", 9, 2),
        ("keyword-spotter", "speech", 5, 3),
        ("sheet-defects", "vision", 30, 1),
    ):
        at = now - days * DAY
        session.registered_models.create(name, tags={"team": team}, description=None, now=at)
        for version in range(count):
            source = f"s3://acme-models/{name}/{version + 1}"
            session.model_versions.create(name, NewVersion(source, source), tags={}, now=at + version * HOUR)
        change = Change(at + count * HOUR, "lin")
        session.registered_models.set_alias(name, alias="champion", version=count, change=change)


def _pages(session: Session, experiment_id: str, now: int) -> None:
    views = {
        "Backbones averaged": {"group": "params.backbone", "q": "params.optimizer = 'adamw'"},
        "Best runs": {"q": "metrics.val_accuracy > 0.9", "sort": "-metrics.val_accuracy"},
        "Losses": {"view": "charts", "q": "params.optimizer = 'adamw'"},
    }
    for number, (name, address) in enumerate(views.items()):
        at = now - (number + 1) * DAY
        view = SavedView(experiment_id, name, address, created_by="ada", creation_time=at, last_update_time=at)
        session.saved_views.put(view)
    for number, (key, title, text) in enumerate(
        (
            (REPORT, "Which backbone for spring?", TEXT),
            (uuid.uuid5(uuid.NAMESPACE_URL, "report 2").hex, "Augmentation: what helped", "To be written."),
        )
    ):
        at = now - (3 + 40 * number) * HOUR
        session.reports.create(
            Report(key, experiment_id, title, text, created_by="grace", creation_time=at - DAY, last_update_time=at)
        )
