"""The files of the runs and models in the pictures: what was printed, code, machine, tables, images."""

from __future__ import annotations

import csv
import io
import json
import math
import random
import uuid
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw
from tools.gallery import registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

KINDS = ("fire lily", "canterbury bells", "sweet pea", "snapdragon", "moon orchid", "globe thistle", "tiger lily")
PALETTE = ("#d1495b", "#6c5ce7", "#e07be0", "#f4a259", "#f2e8ff", "#4d7ea8", "#ef6f2e")
SIDE = 96
GIGABYTE = 1 << 30
SCRIPT = '''"""Train one backbone on pictures of flowers."""

import assay
import torch

from flowers import data, models


def main(backbone: str, lr: float, seed: int) -> None:
    torch.manual_seed(seed)
    model = models.make(backbone, kinds=102)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    with assay.start_run(run_name=f"{backbone}-seed-{seed}"):
        for epoch in range(30):
            loss = model.train_epoch(data.train(seed), optimizer)
            assay.log_metrics({"train_loss": loss, **model.validate(data.validation())}, step=epoch)
'''
PATCH = """diff --git a/src/train.py b/src/train.py
index 83db48f..bf2a1c0 100644
--- a/src/train.py
+++ b/src/train.py
@@ -9,4 +9,5 @@ from flowers import data, models
 def main(backbone: str, lr: float, seed: int) -> None:
     torch.manual_seed(seed)
-    model = models.make(backbone, kinds=102)
+    model = models.make(backbone, kinds=102, dropout=0.1)
+    augment = data.randaugment(strength=9)
     optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
diff --git a/conf/train.yaml b/conf/train.yaml
index 1c2d3e4..5f6a7b8 100644
--- a/conf/train.yaml
+++ b/conf/train.yaml
@@ -6,2 +6,2 @@ schedule: cosine
-augment: flip
+augment: randaugment
 epochs: 30
"""
ENVIRONMENT = {
    "python": "3.12.8",
    "implementation": "CPython",
    "platform": "Linux-6.8.0-x86_64-with-glibc2.39",
    "executable": "/opt/flowers/.venv/bin/python",
    "directory": "/opt/flowers",
    "cpu_count": 32,
    "memory_bytes": 128 * GIGABYTE,
    "gpus": "NVIDIA A100-SXM4-40GB",
    "command": ["python", "src/train.py", "--backbone", "convnext-t", "--lr", "0.0006", "--seed", "2"],
    "packages": {
        "albumentations": "2.0.8",
        "assay": "0.1.0",
        "filelock": "3.20.0",
        "huggingface-hub": "1.1.4",
        "jinja2": "3.1.6",
        "numpy": "2.3.4",
        "pandas": "2.3.3",
        "pillow": "12.0.0",
        "pyarrow": "22.0.0",
        "safetensors": "0.6.2",
        "scikit-learn": "1.7.2",
        "timm": "1.0.22",
        "torch": "2.9.1",
        "torchvision": "0.24.1",
        "triton": "3.5.1",
    },
    "repository": {"entry_point": "src/train.py", "directory": "", "left_out": [], "untracked": ["notes/todo.md"]},
}
CONFIG = """backbone: convnext-t
optimizer:
  name: adamw
  lr: 0.0006
  weight_decay: 0.05
schedule: cosine
augment: randaugment
epochs: 30
batch_size: 64
image_size: 224
"""
TRACEBACK = """\x1b[33mwarning\x1b[0m: loss is nan at step 412
Traceback (most recent call last):
  File "/opt/flowers/src/train.py", line 21, in main
    loss = model.train_epoch(data.train(seed), optimizer)
  File "/opt/flowers/flowers/models.py", line 88, in train_epoch
    loss.backward()
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.25 GiB. GPU 0 has 39.4 GiB, of which 1.1 GiB is free.
"""
MODEL_FILE = """artifact_path: model
flavors:
  python_function:
    loader_module: assay.pytorch
    python_version: 3.12.8
  pytorch:
    model_data: data
    pytorch_version: 2.9.1
model_size_bytes: 114384896
signature:
  inputs: '[{"type": "tensor", "name": "image", "tensor-spec": {"dtype": "float32", "shape": [-1, 3, 224, 224]}}]'
  outputs: '[{"type": "tensor", "name": "probability", "tensor-spec": {"dtype": "float32", "shape": [-1, 102]}}]'
  params: '[{"name": "temperature", "type": "double", "default": 1.0, "shape": null}]'
utc_time_created: '2026-03-11 09:12:00.000000'
"""
REQUIREMENTS = ("numpy==2.3.4\npillow==12.0.0\ntimm==1.0.19\ntorch==2.8.0\n", "timm==1.0.22\ntorch==2.9.1\n")


def write(folder: Path, *, best: str, failed: str, rivals: Sequence[str], ended: int) -> None:
    """Write the files of the best run, of the failed one, of those compared, and of the models."""
    _put(folder / best / "artifacts", _run_files())
    _put(folder / failed / "artifacts", {"console.log": _console(4) + TRACEBACK})
    for place, run_id in enumerate(rivals):
        _images(folder / run_id / "artifacts", place, ended)
    for run_id in rivals[1:]:
        _put(folder / run_id / "artifacts", {"assay/environment.json": json.dumps(ENVIRONMENT), "config.yaml": CONFIG})
    for version in range(1, 1 + len(registry.SOURCES)):
        text = REQUIREMENTS[0] if version < 3 else REQUIREMENTS[0].split("timm")[0] + REQUIREMENTS[1]
        content = {"MLmodel": MODEL_FILE, "requirements.txt": text, "input_example.json": _example()}
        _put(folder / "models" / registry.model_id(version) / "artifacts", content)


def _put(folder: Path, content: Mapping[str, str | bytes]) -> None:
    for path, data in content.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data.encode() if isinstance(data, str) else data)


def _run_files() -> dict[str, str | bytes]:
    return {
        "assay/environment.json": json.dumps(ENVIRONMENT),
        "assay/uncommitted.patch": PATCH,
        "assay/source/src/train.py": SCRIPT,
        "config.yaml": CONFIG,
        "console.log": _console(30) + "best epoch 26, kept as model\n",
        "kinds.json": json.dumps(dict(enumerate(KINDS)), indent=1),
        "mistakes.csv": _mistakes(),
        "plots/confusion.png": _png(_confusion()),
        "predictions/test.csv": _mistakes(rows=12),
        "weights/last.safetensors": bytes(4096),
    }


def _console(epochs: int) -> str:
    chance = random.Random(5)
    lines = [
        "loading s3://acme-data/flowers/train.parquet: 6,552 pictures of 102 kinds",
        "convnext-t: 27.9 M parameters",
    ]
    for epoch in range(epochs):
        loss = 3.9 * math.exp(-epoch / 5) + 0.12 + chance.gauss(0, 0.01)
        bar = "\u2588" * 20
        lines.append(f"epoch {epoch + 1:2d}/30 |{bar}| 103/103 [02:{chance.randrange(10, 40)}]")
        lines.append(f"  loss {loss:.4f}  val_accuracy \x1b[32m{0.93 - 0.8 * math.exp(-epoch / 5):.4f}\x1b[0m")
    return "\n".join(lines) + "\n"


def _mistakes(rows: int = 60) -> str:
    chance = random.Random(9)
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(("picture", "kind", "predicted", "probability", "margin"))
    for row in range(rows):
        kind, other = chance.sample(KINDS, 2)
        sure = chance.uniform(0.4, 0.98)
        table.writerow((f"test/{1000 + row * 7}.jpg", kind, other, f"{sure:.3f}", f"{chance.uniform(0, sure):.3f}"))
    return out.getvalue()


def _example() -> str:
    data = [[f"test/{1000 + row}.jpg", 224, 224] for row in range(3)]
    return json.dumps({"columns": ["image", "height", "width"], "data": data})


def _images(folder: Path, place: int, ended: int) -> None:
    """Samples with what the run sees in them, sharper from step to step."""
    for key in ("samples/attention", "samples/input"):
        for step in range(0, 30, 5):
            picture = _samples(place if key.endswith("attention") else 0, step if key.endswith("attention") else 30)
            same = uuid.uuid5(uuid.NAMESPACE_URL, f"{place} {key} {step}")
            name = f"images/{key.replace('/', '~')}+step+{step}+timestamp+{ended + step}+{same}"
            _put(folder, {f"{name}.png": _png(picture), f"{name}+compressed.webp": _png(picture, "WEBP")})


def _samples(place: int, step: int) -> Image.Image:
    """Four flowers in a square; the lower the step, the more of each is hidden."""
    sheet = Image.new("RGB", (2 * SIDE, 2 * SIDE), "#233a2b")
    draw = ImageDraw.Draw(sheet)
    for number in range(4):
        middle = (SIDE * (number % 2 + 0.5), SIDE * (number // 2 + 0.5))
        petals, colour = 5 + (number + place) % 4, PALETTE[(number + 2 * place) % len(PALETTE)]
        for petal in range(petals):
            angle = 2 * math.pi * petal / petals
            x, y = middle[0] + 24 * math.cos(angle), middle[1] + 24 * math.sin(angle)
            draw.ellipse((x - 15, y - 15, x + 15, y + 15), fill=colour)
        draw.ellipse((middle[0] - 11, middle[1] - 11, middle[0] + 11, middle[1] + 11), fill="#ffd166")
    chance = random.Random(step * 7 + place)
    for x in range(0, 2 * SIDE, 12):
        for y in range(0, 2 * SIDE, 12):
            if chance.random() > (step + 4) / 34:
                draw.rectangle((x, y, x + 11, y + 11), fill="#1b2430")
    return sheet


def _confusion() -> Image.Image:
    count, cell = len(KINDS), 40
    sheet = Image.new("RGB", (count * cell, count * cell), "white")
    draw = ImageDraw.Draw(sheet)
    chance = random.Random(2)
    for row in range(count):
        for column in range(count):
            share = chance.uniform(0.8, 1) if row == column else chance.random() ** 4 * 0.4
            shade = round(255 * (1 - share))
            box = (column * cell, row * cell, column * cell + cell - 2, row * cell + cell - 2)
            draw.rectangle(box, fill=(shade, shade, 255 - round(60 * share)))
    return sheet


def _png(picture: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()
