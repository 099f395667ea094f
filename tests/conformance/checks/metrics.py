"""Metric values and histories."""

import math
import time

from checks.setting import client, refused, run
from mlflow.entities import Metric


def check_values_come_back():
    run_id = run()
    values = [0.0, -0.0, 0.1 + 0.2, 1e308, -5e-324, 3, True, 1 / 3]
    for step, value in enumerate(values):
        client().log_metric(run_id, "m", value, step=step, timestamp=1000 + step)
    history = client().get_metric_history(run_id, "m")
    assert [point.value for point in history] == [float(value) for value in values]
    assert [point.step for point in history] == list(range(len(values)))
    assert [point.timestamp for point in history] == [1000 + n for n in range(len(values))]


def check_nan_and_infinities():
    run_id = run()
    for step, value in enumerate((math.nan, math.inf, -math.inf)):
        client().log_metric(run_id, "m", value, step=step, timestamp=10)
    nan, up, down = (point.value for point in client().get_metric_history(run_id, "m"))
    assert math.isnan(nan)
    assert up >= 1.7976931348623157e308
    assert down <= -1.7976931348623157e308
    client().log_batch(run_id, metrics=[Metric("b", math.nan, 10, 0)])
    assert math.isnan(client().get_run(run_id).data.metrics["b"])


def check_last_value_is_that_of_the_last_step():
    run_id = run()
    for value, timestamp, step in ((5, 50, 2), (9, 40, 2), (1, 99, 1), (7, 50, 2)):
        client().log_metric(run_id, "m", value, timestamp=timestamp, step=step)
    assert client().get_run(run_id).data.metrics == {"m": 7.0}


def check_history_order_and_duplicates():
    run_id = run()
    points = [(3.0, 30, 1), (1.0, 10, 5), (2.0, 10, 4), (2.0, 10, 4), (0.5, 10, 4), (9.0, 20, -3)]
    for value, timestamp, step in points:
        client().log_metric(run_id, "m", value, timestamp=timestamp, step=step)
    found = [(p.value, p.timestamp, p.step) for p in client().get_metric_history(run_id, "m")]
    assert found == sorted(set(points), key=lambda point: (point[1], point[2], point[0]))


def check_long_history():
    run_id = run()
    for begin in range(0, 30_000, 1000):
        client().log_batch(
            run_id, metrics=[Metric("loss", n / 7, 1_000_000 + n, n) for n in range(begin, begin + 1000)]
        )
    history = client().get_metric_history(run_id, "loss")
    assert [point.value for point in history] == [n / 7 for n in range(30_000)]
    assert client().get_run(run_id).data.metrics["loss"] == 29_999 / 7


def check_unknown_key_is_an_empty_history():
    assert client().get_metric_history(run(), "nothing") == []


def check_after_the_end():
    run_id = run()
    client().set_terminated(run_id)
    client().log_metric(run_id, "late", 1.0)
    assert client().get_run(run_id).data.metrics == {"late": 1.0}


def check_times_are_checked():
    run_id = run()
    with refused("INVALID_PARAMETER_VALUE"):
        client().log_metric(run_id, "m", 1.0, timestamp=-5)
    now = int(time.time() * 1000)
    with refused("INVALID_PARAMETER_VALUE"):
        client().log_batch(run_id, metrics=[Metric("m", 1.0, now, 0), Metric("", 1.0, now, 0)])
