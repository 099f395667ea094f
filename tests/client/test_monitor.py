"""System metrics: MLflow's keys, steps that go on, and no harm to training."""

from __future__ import annotations

import logging
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

import assay
from assay.client import monitor
from assay.core.errors import ConfigurationError

KEYS = {
    "cpu_utilization_percentage",
    "disk_available_megabytes",
    "disk_usage_megabytes",
    "disk_usage_percentage",
    "network_receive_megabytes",
    "network_transmit_megabytes",
    "system_memory_usage_megabytes",
    "system_memory_usage_percentage",
}


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setenv("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "0.05")


def recorded(run_id):
    return {key for key in assay.get_run(run_id).data.metrics if key.startswith("system/")}


def steps(run_id, key="system/cpu_utilization_percentage"):
    return [point.step for point in assay.Client().get_metric_history(run_id, key)]


def test_the_state_of_the_machine_is_recorded_under_mlflows_keys(tracked, quick):
    with assay.start_run(log_system_metrics=True) as run:
        time.sleep(0.4)
    found = recorded(run.info.run_id)
    assert {f"system/{key}" for key in KEYS} <= found
    assert all(key.split("/")[1] in KEYS or key.startswith("system/gpu_") for key in found)
    metrics = assay.get_run(run.info.run_id).data.metrics
    memory = metrics["system/system_memory_usage_megabytes"]
    assert memory == pytest.approx(psutil.virtual_memory().used / 1e6, rel=0.5)
    taken = steps(run.info.run_id)
    assert taken == list(range(len(taken)))
    assert len(taken) >= 2


def test_a_resumed_run_goes_on_after_its_last_step(quick):
    with assay.start_run(log_system_metrics=True) as run:
        assay.log_metric("loss", 1.0, step=1000)
        time.sleep(0.3)
    first = steps(run.info.run_id)
    with assay.start_run(run_id=run.info.run_id, log_system_metrics=True):
        time.sleep(0.3)
    both = steps(run.info.run_id)
    assert len(both) > len(first)
    assert both == list(range(len(both)))


def test_it_is_off_unless_asked_for(quick, monkeypatch):
    with assay.start_run() as run:
        time.sleep(0.15)
    assert not recorded(run.info.run_id)
    assay.system_metrics.enable_system_metrics_logging()
    try:
        with assay.start_run(log_system_metrics=False) as off:
            time.sleep(0.15)
        with assay.start_run() as on:
            time.sleep(0.3)
    finally:
        assay.system_metrics.disable_system_metrics_logging()
    assert not recorded(off.info.run_id)
    assert recorded(on.info.run_id)


def test_samples_are_averaged_and_the_node_is_named(quick):
    assay.system_metrics.set_system_metrics_samples_before_logging(3)
    assay.system_metrics.set_system_metrics_node_id("node-1")
    try:
        with assay.start_run(log_system_metrics=True) as run:
            time.sleep(0.5)
    finally:
        assay.system_metrics.set_system_metrics_samples_before_logging(None)
        assay.system_metrics.set_system_metrics_node_id(None)
    assert {key for key in recorded(run.info.run_id) if "gpu" not in key} == {f"system/node-1/{key}" for key in KEYS}
    assert 1 <= len(steps(run.info.run_id, "system/node-1/cpu_utilization_percentage")) <= 3
    assert monitor.average([{"a": 1.0, "b": 2.0}, {"a": 3.0}]) == {"a": 2.0, "b": 2.0}


def test_without_psutil_asking_is_an_error_and_the_setting_a_warning(monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "psutil", None)
    with pytest.raises(ConfigurationError, match=r"psutil is not installed.*assay\[system\]"):
        assay.start_run(log_system_metrics=True)
    assert assay.active_run() is None
    with pytest.raises(ConfigurationError, match="psutil"):
        assay.system_metrics.enable_system_metrics_logging()
    monkeypatch.setenv("ASSAY_ENABLE_SYSTEM_METRICS_LOGGING", "true")
    with caplog.at_level(logging.WARNING, "assay"), assay.start_run():
        assay.log_metric("loss", 1.0)
    assert "has no system metrics" in caplog.text


def test_a_fault_while_it_looks_harms_nothing(quick, monkeypatch, caplog):
    with assay.start_run(log_system_metrics=True) as run:
        time.sleep(0.1)
        monkeypatch.setattr(psutil, "virtual_memory", lambda: 1 / 0)
        time.sleep(0.2)
        assay.log_metric("loss", 1.0)
    assert assay.get_run(run.info.run_id).info.status == "FINISHED"
    assert "end here" in caplog.text


def test_a_look_costs_next_to_nothing():
    samplers = monitor.machine_samplers()
    monitor.sample(samplers)
    begin = time.process_time()
    for _ in range(20):
        monitor.sample(samplers)
    assert (time.process_time() - begin) / 20 < 0.01, "a look every 10 s takes under a thousandth of one core"


def test_a_card_that_does_not_tell_its_power_tells_the_rest():
    asked = []

    def power(handle):
        asked.append(handle)
        raise OSError("Not Supported")

    driver = SimpleNamespace(
        NVMLError=OSError,
        nvmlDeviceGetHandleByIndex=lambda number: number,
        nvmlDeviceGetMemoryInfo=lambda handle: SimpleNamespace(used=2e9, total=8e9),
        nvmlDeviceGetUtilizationRates=lambda handle: SimpleNamespace(gpu=55),
        nvmlDeviceGetPowerUsage=power,
    )
    card = monitor._Card(driver, 1)
    expected = {
        "gpu_1_memory_usage_percentage": 25.0,
        "gpu_1_memory_usage_megabytes": 2000.0,
        "gpu_1_utilization_percentage": 55,
    }
    assert card.look() == card.look() == expected
    assert asked == [1]
