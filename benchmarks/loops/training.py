"""A training loop that only logs; runs under each client's own Python, so it needs nothing but that client.

It is told what to do as JSON in its first argument and reports each phase as a line of JSON on its standard output:
`start`, then (after a line on its standard input) `calls`, then `end`.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from statistics import quantiles
from typing import Any


def main() -> None:
    """Start a run, log, end the run."""
    order = json.loads(sys.argv[1])
    report, sys.stdout = sys.stdout, sys.stderr  # clients print for people too

    def tell(phase: str, **facts: Any) -> None:
        print(json.dumps({"phase": phase, **facts}), file=report, flush=True)

    tracker = import_module(order["client"])
    begun = time.perf_counter()
    tracker.set_tracking_uri(order["uri"])
    run = tracker.start_run()
    tell("start", seconds=time.perf_counter() - begun)
    sys.stdin.readline()
    with run:
        took = _log(tracker.log_metric, calls=order["calls"], seconds=order["seconds"])
        percentiles = quantiles(took, n=100, method="inclusive")
        tell(
            "calls",
            count=len(took),
            first_us=took[0],
            p50_us=percentiles[49],
            p99_us=percentiles[98],
            peak_kibibytes=_peak_kibibytes(),
        )
        begun = time.perf_counter()
    tell("end", seconds=time.perf_counter() - begun)


def _log(log_metric: Any, *, calls: int, seconds: float) -> list[float]:
    """The microseconds that each call took; as many calls as asked for, or as fit in the time, and at least two."""
    took: list[float] = []
    deadline = time.perf_counter_ns() + seconds * 1e9
    clock = time.perf_counter_ns
    for step in range(calls):
        value = 1.0 / (step + 1)
        before = clock()
        log_metric("loss", value, step=step)
        after = clock()
        took.append((after - before) / 1e3)
        if after > deadline and step:
            break
    return took


def _peak_kibibytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    main()
