"""Files of every kind that a run may hold, well meant and hostile, written where the server keeps them."""

from __future__ import annotations

import base64
import io
import json
import math
import struct
import sys
import wave
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import assay

sys.path.insert(0, str(Path(__file__).parent))
from content import png

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.testing.server import RunningServer

MODEL = """artifact_path: model
flavors:
  python_function:
    env:
      virtualenv: python_env.yaml
    loader_module: assay.sklearn
    python_version: 3.11.4
  sklearn:
    pickled_model: model.pkl
    sklearn_version: 1.9.1
model_size_bytes: 1234
signature:
  inputs: '[{"type": "double", "name": "sepal length", "required": true}, {"type": "string",
    "name": "colour", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-11-03 10:00:00.000000'
"""
MARKDOWN = """# Report

| split | accuracy |
| ----- | -------: |
| val   |     0.91 |

![plot](plots/dot.png) ![spy](http://example.com/spy.png)

[good](https://example.com/) [bad](javascript:document.title='owned')

<script>document.title='owned'</script><img src=x onerror="document.title='owned'">
<form action="/"><input name="a"></form><style>body{display:none}</style>
"""
HOSTILE_PAGE = """<!doctype html><title>page</title><p id="said">nothing</p><script>
const said = [];
const attempt = async (name, work) => {
  try { await work(); said.push(name + " worked"); } catch (error) { said.push(name + " refused"); }
};
(async () => {
  await attempt("parent", () => { parent.document.title = "owned"; });
  await attempt("top", () => { if (top.location.href) top.document.title = "owned"; });
  await attempt("cookie", () => { document.cookie = "a=b"; });
  await attempt("storage", () => localStorage.setItem("a", "b"));
  await attempt("api", async () => { await fetch("/ajax-api/2.0/mlflow/experiments/get?experiment_id=0"); });
  await attempt("beacon", () => {
    return new Promise((resolve, reject) => {
      const image = new Image(); image.onload = resolve; image.onerror = reject; image.src = "/favicon.svg";
    });
  });
  document.getElementById("said").textContent = said.join(", ") + ", origin " + origin;
})();
</script>"""
SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><script>parent.document.title='owned'</script>
<rect width="40" height="20" fill="#2e70f0" onload="document.title='owned'"/></svg>"""
PDF = b"%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF"


class Files(NamedTuple):
    """A run, and the folder in which the server keeps its files."""

    run_id: str
    folder: Path


def artifact_folder(server: RunningServer, run: Any) -> Path:
    """Where the server keeps the files of a run."""
    assert server.config.artifacts_destination is not None
    return Path(server.config.artifacts_destination) / run.info.experiment_id / run.info.run_id / "artifacts"


def new_run(server: RunningServer, files: Mapping[str, bytes | str]) -> Files:
    """A run with these files."""
    run = assay.MlflowClient(tracking_uri=server.url).create_run("0", run_name="files")
    folder = artifact_folder(server, run)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content.encode() if isinstance(content, str) else content)
    return Files(run.info.run_id, folder)


def kinds() -> dict[str, bytes | str]:
    """One file of each kind that has a preview, by path."""
    return {
        "notes.txt": "first line\nsecond <b>line</b>\n" + "\n".join(f"line {number}" for number in range(3, 500)),
        "train.py": "import math\n\n\ndef loss(x):\n    '''A text.'''\n    return math.exp(-x)  # why\n",
        "report.json": json.dumps({"classes": ["cat", "dog"], "threshold": 0.75, "nested": {"deep": {"er": [1]}}}),
        "table.json": json.dumps({"columns": ["text", "score"], "data": [["good", 0.9], ["bad", 0.1]]}),
        "config.yaml": "model:\n  layers: [64, 32]\n  dropout: 0.5\nname: 'it''s'\n",
        "scores.csv": "name,score,when\nalpha,0.5,2026-11-01\nbeta,1e-5,2026-11-02\ngamma,10,\n",
        "scores.tsv": "name\tscore\nalpha\t0.5\n",
        "data.parquet": parquet(rows=5000),
        "report.md": MARKDOWN,
        "plots/dot.png": png(8, 8),
        "plots/drawing.svg": SVG,
        "page.html": HOSTILE_PAGE,
        "paper.pdf": PDF,
        "tone.wav": tone(),
        "clip.mp4": b"no moving picture at all" * 100,
        "study.ipynb": notebook(),
        "weights.npy": array(),
        "weights.safetensors": safetensors(),
        "bundle.zip": bundle(),
        "model/MLmodel": MODEL,
        "model/requirements.txt": "scikit-learn==1.9.1\nnumpy==2.4\n",
        "model/model.pkl": bytes(range(256)),
        "empty.txt": "",
    }


def parquet(*, rows: int) -> bytes:
    """A Parquet file with some types, Snappy inside."""
    numbers = np.arange(rows)
    table = pa.table(
        {
            "step": numbers,
            "loss": np.exp(-numbers / 1000),
            "name": [f"row {number}" for number in numbers],
            "tags": [["a", str(number)] for number in numbers],
        }
    )
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def tone() -> bytes:
    """A tenth of a second of sound."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(at / 5))) for at in range(800)))
    return out.getvalue()


def notebook() -> bytes:
    """A notebook with a text, an image, a table as HTML, and outputs that would like to run."""
    image = base64.b64encode(png(4, 4)).decode()
    frame = "<table><tr><th>frame</th></tr></table><script>document.title='owned'</script>"
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["\x1b[31mprinted\x1b[0m\n"]},
        {"output_type": "display_data", "data": {"image/png": image}},
        {
            "output_type": "display_data",
            "data": {"text/html": [frame, MARKDOWN]},
        },
        {"output_type": "display_data", "data": {"application/javascript": "document.title='owned'"}},
    ]
    cells = [
        {"cell_type": "markdown", "source": ["# Study\n", "[x](javascript:document.title='owned')"]},
        {"cell_type": "code", "execution_count": 7, "source": "print('printed')", "outputs": outputs},
    ]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode()


def array() -> bytes:
    """An array of 3 by 4 numbers as NumPy keeps it."""
    out = io.BytesIO()
    np.save(out, np.arange(12, dtype=np.float32).reshape(3, 4))
    return out.getvalue()


def safetensors() -> bytes:
    """Two tensors in the safetensors format."""
    head = {
        "__metadata__": {"format": "pt"},
        "layer.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
        "layer.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
    }
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + bytes(32)


def bundle() -> bytes:
    """A ZIP file of two files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner/a.txt", "a" * 1000)
        archive.writestr("b.bin", bytes(10))
    return out.getvalue()


def log_images(server: RunningServer, *, runs: int, steps: int) -> list[str]:
    """Runs that logged images under two keys over the steps 0, 10, 20, ...; their ids."""
    client = assay.MlflowClient(tracking_uri=server.url)
    ids = []
    for number in range(runs):
        run_id = client.create_run("0", run_name=f"painter-{number}").info.run_id
        for step in range(0, steps * 10, 10):
            pixels = np.full((12, 12, 3), (60 + 60 * number, step * 2 % 256, 120), dtype=np.uint8)
            pixels[: 3 + step // 10, :4] = 255
            client.log_image(run_id, pixels, key="samples/grid", step=step)
        client.log_image(run_id, pixels, key="mask", step=5)
        ids.append(run_id)
    return ids


def bomb(side: int) -> bytes:
    """A PNG file of black pixels, an eighth of a byte each, that pack a thousand to one."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (side + 7) // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
