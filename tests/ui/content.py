"""Runs to look at: a few with everything a page shows."""

from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING

import assay

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE_NAME = "<img src=x onerror=\"document.title='owned'\"> " + "long-" * 40 + "مرحبا 🧪"


def log_runs(url: str, folder: Path) -> list[str]:
    """Three runs in the experiment `pages`; returns their ids, the first one logged first."""
    assay.set_tracking_uri(url)
    assay.set_experiment("pages")
    ids = []
    for number, rate in enumerate((0.00001, 0.001, 10)):
        with assay.start_run(run_name=f"trial-{number}", tags={"owner": "ada"}) as run:
            ids.append(run.info.run_id)
            assay.log_params({"lr": rate, "optimizer": "adam", "seed": number})
            for step in range(50):
                assay.log_metrics(
                    {"val/accuracy": 0.5 + number / 10 + step / 1000, "train/loss": math.exp(-step / 10) + number},
                    step=step,
                )
            assay.log_metric("final_score", 0.25 * (number + 1))
            if number == 0:
                log_files(folder)
    assay.set_tracking_uri(None)
    return ids


def log_files(folder: Path) -> None:
    """One file of each kind that has a preview, and one that has none."""
    assay.log_text("first line\nsecond line <b>not bold</b>\n", "notes.txt")
    assay.log_dict({"classes": ["cat", "dog"], "threshold": 0.75}, "report.json")
    assay.log_text("name,score\nalpha,0.5\nbeta,0.75\n", "tables/scores.csv")
    (folder / "dot.png").write_bytes(png(8, 8))
    assay.log_artifact(str(folder / "dot.png"), "plots")
    (folder / "weights.bin").write_bytes(bytes(range(256)) * 16)
    assay.log_artifact(str(folder / "weights.bin"))


def png(width: int, height: int) -> bytes:
    """A small red picture."""
    rows = b"".join(b"\0" + b"\xd0\x20\x20" * width for _ in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
