"""Histories of many runs at once."""

from __future__ import annotations

import pytest

BULK = "/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=h"
INTERVAL = "/api/2.0/mlflow/metrics/get-history-bulk-interval?metric_key=h"


@pytest.fixture(scope="module")
def runs(http_):
    """Seven points at steps 0, 10, ..., 60, whose times fall; and three."""
    long, short = http_.new_run(), http_.new_run()
    for run_id, count in ((long, 7), (short, 3)):
        points = [
            {"key": "h", "value": "NaN" if step == 3 else step, "timestamp": 10 - step, "step": step * 10}
            for step in range(count)
        ]
        http_.call("runs/log-batch", {"run_id": run_id, "metrics": points})
    return long, short


def test_a_bulk_history_is_one_run_after_another_by_time(http_, runs):
    long, short = runs
    found = http_.get(f"{BULK}&run_id={long}&run_id={short}&run_id=none").json["metrics"]
    counts = {long: 7, short: 3}
    assert [point["run_id"] for point in found] == [run_id for run_id in sorted(runs) for _ in range(counts[run_id])]
    times = [point["timestamp"] for point in found if point["run_id"] == long]
    assert times == sorted(times)
    assert {"key": "h", "value": "NaN", "timestamp": 7, "step": 30, "run_id": long} in found


@pytest.mark.parametrize(("asked", "count"), [("0", 0), ("1", 1), ("4", 4), ("10", 10), ("99999999", 10)])
def test_max_results_bounds_all_runs_together(http_, runs, asked, count):
    long, short = runs
    found = http_.get(f"{BULK}&run_id={long}&run_id={short}&max_results={asked}").json["metrics"]
    assert len(found) == count


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ("", [0, 10, 20, 30, 40, 50, 60]),
        ("&max_results=7", [0, 10, 20, 30, 40, 50, 60]),
        ("&max_results=3", [0, 30, 60]),
        ("&max_results=2", [0, 60]),
        ("&max_results=1", [60]),
        ("&max_results=4&start_step=10&end_step=50", [10, 30, 40, 50]),
        ("&start_step=25&end_step=25", []),
        ("&start_step=-5&end_step=0", [0]),
    ],
)
def test_an_interval_is_spread_over_the_steps(http_, runs, query, steps):
    found = http_.get(f"{INTERVAL}&run_ids={runs[0]}{query}").json["metrics"]
    assert [point["step"] for point in found] == steps
    assert {point["run_id"] for point in found} <= {runs[0]}


def test_an_interval_keeps_the_order_of_the_runs(http_, runs):
    for order in (runs, runs[::-1]):
        asked = "".join(f"&run_ids={run_id}" for run_id in order)
        found = http_.get(f"{INTERVAL}{asked}&max_results=2").json["metrics"]
        assert [point["run_id"] for point in found] == [order[0]] * 2 + [order[1]] * 2


@pytest.mark.parametrize(
    "path",
    [
        BULK,
        BULK.replace("metric_key=h", "run_id=r"),
        f"{BULK}&run_id=r&max_results=-1",
        f"{BULK}&run_id=r&max_results=x",
        INTERVAL,
        f"{INTERVAL}&run_ids=r&max_results=0",
        f"{INTERVAL}&run_ids=r&start_step=1",
        f"{INTERVAL}&run_ids=r&end_step=1",
        f"{INTERVAL}&run_ids=r&start_step=2&end_step=1",
    ],
)
def test_what_is_asked_wrongly_is_refused(http_, path):
    answer = http_.get(path)
    assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
