"""Pictures are drawn elsewhere: training does not wait, and none is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

import assay
from assay.autologging import artist
from assay.autologging.charts import POINTS, Bars, Curves, Matrix, draw, line
from assay.client import children

CHARTS = {
    "curves.png": Curves("Title", "across", "up", [line([0, 1, 2], [3, 4, 5], label="one", steps=True)]),
    "matrix.png": Matrix("Title", "across", "up", [[1, 0], [0.5, 0.5]], ["a", "b"]),
    "bars.png": Bars("Title", "across", ["a", "b"], [2, 1]),
}
TRAINING = """
import sys, assay
from assay.autologging import artist
from assay.autologging.charts import Bars
with assay.start_run() as run:
    artist.draw(run.connection.transport.uri, run.info.run_id, [("late.png", Bars("Title", "across", ["a"], [1]))])
assert "matplotlib" not in sys.modules
print(run.info.run_id)
"""


@pytest.fixture(autouse=True)
def _drawn_elsewhere(_drawn_here, monkeypatch):
    monkeypatch.setattr(artist, "CAN_START", children.CAN_START)


@pytest.fixture
def run():
    with assay.start_run() as run:
        yield run


def ordered(run, pictures):
    artist.draw(run.connection.transport.uri, run.info.run_id, pictures)


def files(run):
    return sorted(one.path for one in assay.MlflowClient().list_artifacts(run.info.run_id))


def test_pictures_are_there_for_who_reads_files(run):
    ordered(run, CHARTS.items())
    assert files(run) == sorted(CHARTS)
    place = assay.artifacts.download_artifacts(run_id=run.info.run_id, artifact_path="bars.png")
    assert Path(place).read_bytes().startswith(b"\x89PNG")


def test_a_picture_outlives_the_training_process():
    done = subprocess.run([sys.executable, "-c", TRAINING], check=True, capture_output=True, text=True)
    run_id = done.stdout.strip()
    deadline = time.monotonic() + 30
    while not assay.MlflowClient().list_artifacts(run_id):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_what_cannot_be_drawn_is_told_by_the_run_and_the_next_is_drawn(run):
    ordered(run, [("broken.wrong", CHARTS["bars.png"]), ("bars.png", CHARTS["bars.png"])])
    assert files(run) == ["bars.png"]
    assert "wrong" in assay.get_run(run.info.run_id).data.tags["assay.not_drawn.broken.wrong"]


def test_orders_after_the_artist_has_left_are_drawn(run, monkeypatch):
    ordered(run, [("bars.png", CHARTS["bars.png"])])
    assert files(run) == ["bars.png"]
    mine = next(one for place, one in artist._artists.items() if place[1] == run.connection.transport.uri)
    deadline = time.monotonic() + 30
    while mine._home.exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    ordered(run, [("more.png", CHARTS["bars.png"])])
    assert files(run) == ["bars.png", "more.png"]


def test_flush_waits_for_pictures(run):
    ordered(run, CHARTS.items())
    assay.flush()
    assert not any(any(one._home.glob(artist._ORDERS)) for one in artist._artists.values())


def test_a_long_line_is_thinned_with_its_ends():
    thin = line(range(10 * POINTS), range(10 * POINTS), label="long", steps=True, faint=True)
    assert (len(thin.x), thin.x[0], thin.x[-1]) == (POINTS, 0, 10 * POINTS - 1)
    assert (thin.label, thin.steps, thin.faint) == ("long", True, True)


def test_a_picture_leaves_pyplot_alone():
    code = "import sys; from assay.autologging.charts import *; draw(Bars('T', 'a', ['x'], [1.0]))"
    subprocess.run([sys.executable, "-c", f"{code}; assert 'matplotlib.pyplot' not in sys.modules"], check=True)
    assert draw(CHARTS["matrix.png"]).axes
