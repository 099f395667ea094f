"""How busy the machine is while a run goes on: processors, memory, disk, network, and NVIDIA cards.

Keys, units and steps are MLflow's. A fault in here is logged once, and never harms the training.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from assay.core import settings
from assay.core.clock import now_ms
from assay.core.errors import AssayError
from assay.core.lazy import require
from assay.core.log import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.client.recorder import Recorder

PREFIX = "system/"
_MEGABYTE = 1e6
_END_SECONDS = 2.0
_log = logger("client")


class Monitor:
    """A thread that records the state of the machine as metrics of a run, until it is stopped."""

    def __init__(self, recorder: Recorder, *, first_step: int = 0) -> None:
        """Begin.

        Raises:
            ConfigurationError: psutil is not installed.
        """
        self._recorder = recorder
        self._step = first_step
        self._interval = settings.system_metrics_sampling_interval.get()
        self._samples = settings.system_metrics_samples_before_logging.get()
        node = settings.system_metrics_node_id.get()
        self._prefix = f"{PREFIX}{node}/" if node else PREFIX
        self._samplers = [*machine_samplers(), *card_samplers()]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="assay-monitor", daemon=True)
        self._thread.start()

    def fail(self, error: BaseException) -> None:
        """Nothing to do: how the run ends is no state of the machine."""

    def stop(self) -> None:
        """End; what was sampled since the last point is dropped."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join(_END_SECONDS)

    def _watch(self) -> None:
        collected: list[dict[str, float]] = []
        try:
            while not self._stop.wait(self._interval):
                collected.append(sample(self._samplers))
                if len(collected) >= self._samples:
                    self._record(average(collected))
                    collected.clear()
        except Exception:  # noqa: BLE001 -- whatever a driver does, training goes on
            _log.exception("System metrics of run %s end here.", self._recorder.run_id)

    def _record(self, values: Mapping[str, float]) -> None:
        moment = now_ms()
        points = [(f"{self._prefix}{key}", value, self._step, moment) for key, value in values.items()]
        self._recorder.metrics(points)
        self._step += 1


def start(recorder: Recorder, *, first_step: int, asked: bool | None) -> Monitor | None:
    """A monitor where the caller or the settings ask for one.

    Raises:
        ConfigurationError: the caller asks for it, and psutil is not installed.
    """
    if asked is False or (asked is None and not settings.enable_system_metrics_logging.get()):
        return None
    try:
        return Monitor(recorder, first_step=first_step)
    except AssayError as error:
        if asked:
            raise
        _log.warning("The run has no system metrics: %s", error)
        return None


def next_step(steps: Mapping[str, int]) -> int:
    """The step that follows those of the system metrics among the last steps of a run's metrics."""
    return max((step + 1 for key, step in steps.items() if key.startswith(PREFIX)), default=0)


def sample(samplers: Sequence[Callable[[], dict[str, float]]]) -> dict[str, float]:
    """One look at the machine."""
    return {key: value for look in samplers for key, value in look().items()}


def average(samples: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The mean of each key over the samples that have it."""
    keys = dict.fromkeys(key for one in samples for key in one)
    values = {key: [one[key] for one in samples if key in one] for key in keys}
    return {key: sum(found) / len(found) for key, found in values.items()}


def machine_samplers() -> list[Callable[[], dict[str, float]]]:
    """What looks at processors, memory, disk and network.

    Raises:
        ConfigurationError: psutil is not installed.
    """
    psutil = require("psutil", extra="system")
    begin = psutil.net_io_counters()
    psutil.cpu_percent()  # the first call has nothing to compare with

    def machine() -> dict[str, float]:
        memory, disk = psutil.virtual_memory(), psutil.disk_usage(os.sep)
        return {
            "cpu_utilization_percentage": psutil.cpu_percent(),
            "system_memory_usage_megabytes": memory.used / _MEGABYTE,
            "system_memory_usage_percentage": memory.percent,
            "disk_usage_percentage": disk.percent,
            "disk_usage_megabytes": disk.used / _MEGABYTE,
            "disk_available_megabytes": disk.free / _MEGABYTE,
        }

    def network() -> dict[str, float]:
        now = psutil.net_io_counters()
        return {
            "network_receive_megabytes": (now.bytes_recv - begin.bytes_recv) / _MEGABYTE,
            "network_transmit_megabytes": (now.bytes_sent - begin.bytes_sent) / _MEGABYTE,
        }

    return [machine, network] if begin is not None else [machine]


def card_samplers() -> list[Callable[[], dict[str, float]]]:
    """What looks at each NVIDIA card; none without a card or its driver."""
    try:
        driver = require("pynvml", extra="system")
        driver.nvmlInit()
        return [_Card(driver, number).look for number in range(driver.nvmlDeviceGetCount())]
    except Exception as error:  # noqa: BLE001 -- no driver, no card, no package: a machine without cards
        _log.debug("No NVIDIA cards are watched: %s", error)
        return []


class _Card:
    """One card; what it does not tell is asked for once, and then left out."""

    def __init__(self, driver: Any, number: int) -> None:
        self._driver = driver
        self._handle = driver.nvmlDeviceGetHandleByIndex(number)
        self._prefix = f"gpu_{number}_"
        self._looks = [self._memory, self._utilization, self._power]

    def look(self) -> dict[str, float]:
        values: dict[str, float] = {}
        for one in self._looks.copy():
            try:
                values |= one()
            except self._driver.NVMLError as error:
                _log.warning("The card %s does not tell its%s: %s", self._prefix, one.__name__.replace("_", " "), error)
                self._looks.remove(one)
        return {f"{self._prefix}{key}": value for key, value in values.items()}

    def _memory(self) -> dict[str, float]:
        memory = self._driver.nvmlDeviceGetMemoryInfo(self._handle)
        return {
            "memory_usage_percentage": round(memory.used / memory.total * 100, 1),
            "memory_usage_megabytes": memory.used / _MEGABYTE,
        }

    def _utilization(self) -> dict[str, float]:
        return {"utilization_percentage": self._driver.nvmlDeviceGetUtilizationRates(self._handle).gpu}

    def _power(self) -> dict[str, float]:
        used = self._driver.nvmlDeviceGetPowerUsage(self._handle)
        limit = self._driver.nvmlDeviceGetEnforcedPowerLimit(self._handle)
        return {"power_usage_watts": used / 1000, "power_usage_percentage": used / limit * 100}
