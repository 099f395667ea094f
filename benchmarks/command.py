"""The command line of the benchmarks."""

import argparse
import json
import time
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.errors import BenchmarkError
from benchmarks.field import QUICK, Field, Plan
from benchmarks.report import Report, load_baseline, load_heading, machine
from benchmarks.rivals import CONTESTANTS, USUAL, Contestant

_HERE = Path(__file__).resolve().parent
_OUT = _HERE / "out"
_BASELINE = _HERE / "baseline.json"


def main() -> int:
    """Measure, write the report, and say what it is.

    Returns:
        0; with `--check` 1 where something is clearly worse than the baseline.
    """
    options = _options()
    plan = QUICK if options.quick else Plan()
    if options.megabytes:
        plan = replace(plan, megabytes=options.megabytes)
    troubles: list[str] = []
    field = Field(contestants=_installed(options.rivals, troubles), plan=plan, troubles=troubles)
    begun = time.monotonic()
    for number, name in enumerate(options.only, 1):
        field.say(f"[{number}/{len(options.only)}] {name}: {CASES[name].SUMMARY}")
        field.doing = name
        CASES[name].measure(field)
    report = Report(field.figures(), field.troubles, asdict(plan), machine(), heading=load_heading(plan))
    baseline = load_baseline(_BASELINE)
    written = report.write(_OUT, baseline=baseline)
    print(f"\n{written.read_text()}\nTook {time.monotonic() - begun:.0f} s. Written: {written}, {written.stem}.json")
    if options.save_baseline:
        _BASELINE.write_text(json.dumps(report.as_data(), indent=1) + "\n")
        print(f"Saved as {_BASELINE}.")
    return int(options.check and baseline is not None and bool(report.regressions(baseline)))


def _options() -> argparse.Namespace:
    cases = "\n".join(f"  {name:<18}{case.SUMMARY}" for name, case in CASES.items())
    parser = argparse.ArgumentParser(
        description="Measure Assay beside its rivals; each rival is installed on first use.",
        epilog=f"cases:\n{cases}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES), metavar="CASE")
    parser.add_argument("--rivals", type=_contestants, default=",".join(USUAL), help=f"of {', '.join(CONTESTANTS)}")
    parser.add_argument("--quick", action="store_true", help="short and rough, to see that it works")
    parser.add_argument("--megabytes", type=int, help=f"size of the large artifact; {Plan.megabytes} by default")
    parser.add_argument("--save-baseline", action="store_true", help="keep this run as baseline.json")
    parser.add_argument("--check", action="store_true", help="fail where something is clearly worse than baseline.json")
    options = parser.parse_args()
    if options.quick and options.save_baseline:
        parser.error("a quick run is too rough for a baseline: leave out --quick")
    return options


def _contestants(text: str) -> list[Contestant]:
    keys = text.split(",")
    unknown = [key for key in keys if key not in CONTESTANTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; there are {', '.join(CONTESTANTS)}")
    return [CONTESTANTS[key] for key in keys]


def _installed(contestants: list[Contestant], troubles: list[str]) -> list[Contestant]:
    ready = []
    for contestant in contestants:
        try:
            contestant.install()
        except BenchmarkError as error:
            troubles.append(f"{contestant.title} is left out: {error}")
            print(troubles[-1], flush=True)
        else:
            ready.append(contestant)
    return ready
