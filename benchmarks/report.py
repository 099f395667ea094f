"""The figures of one run as JSON and as Markdown, beside their budgets and an earlier run."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.field import QUICK, Figure, Plan
from benchmarks.measures import MEASURES, Better, Measure
from benchmarks.rivals import CONTESTANTS, USUAL

OURS = "assay"
_WORSE_BY = 1.25


@dataclass(frozen=True)
class Report:
    """One run: what was measured, on what machine, and what went wrong."""

    figures: Sequence[Figure]
    troubles: Sequence[str]
    plan: Plan
    machine: dict[str, Any]

    def as_data(self) -> dict[str, Any]:
        """The report as the JSON file holds it, with each ratio and verdict worked out."""
        return {
            "machine": self.machine,
            "plan": asdict(self.plan),
            "titles": {key: CONTESTANTS[key].title for key in self.contestants()},
            "figures": [asdict(figure) for figure in self.figures],
            "ratios": {
                key: {rival: self.ratio(MEASURES[key], rival) for rival in self.contestants() if rival != OURS}
                for key in self.measures()
            },
            "budgets_met": {key: self.met(MEASURES[key]) for key in self.measures()},
            "troubles": list(self.troubles),
        }

    def contestants(self) -> list[str]:
        """Whoever has a figure, Assay first."""
        keys = {figure.contestant for figure in self.figures}
        return [key for key in CONTESTANTS if key in keys]

    def measures(self) -> list[str]:
        """What has a figure, in the order of the table of measures."""
        keys = {figure.measure for figure in self.figures}
        return [key for key in MEASURES if key in keys]

    def figure(self, measure: str, contestant: str) -> Figure | None:
        """One contestant's figure, if it was measured."""
        wanted = (measure, contestant)
        return next((figure for figure in self.figures if (figure.measure, figure.contestant) == wanted), None)

    def ratio(self, measure: Measure, rival: str) -> float | None:
        """How many times better Assay is than a rival, if both were measured."""
        ours, theirs = self.figure(measure.key, OURS), self.figure(measure.key, rival)
        return measure.advantage(ours.value, theirs.value) if ours and theirs else None

    def met(self, measure: Measure) -> bool | None:
        """Whether the budget is met; None without a budget or without the figures to tell."""
        ours = self.figure(measure.key, OURS)
        if ours is None or measure.budget is None:
            return None
        if measure.budget.factor is not None:
            ratio = self.ratio(measure, measure.budget.rival)
            return None if ratio is None else ratio >= measure.budget.factor
        limit = measure.budget.limit or 0.0
        return ours.value <= limit if measure.better is Better.LESS else ours.value >= limit

    def regressions(self, baseline: dict[str, Any]) -> list[str]:
        """What is clearly worse than in an earlier run.

        Only ratios are compared where there is a rival, for both ran on the same machine at the same time.
        """
        found = []
        earlier_values = {
            figure["measure"]: figure["value"] for figure in baseline["figures"] if figure["contestant"] == OURS
        }
        for key in self.measures():
            measure, ours = MEASURES[key], self.figure(key, OURS)
            if ours is None or key not in earlier_values:
                continue
            changes = list(self._ratio_changes(measure, baseline["ratios"].get(key, {})))
            changes = changes or [measure.advantage(earlier_values[key], ours.value)]
            if min(changes) > _WORSE_BY:
                found.append(f"{measure.title}: {min(changes):.2f} times worse than the baseline")
        return found

    def _ratio_changes(self, measure: Measure, earlier: dict[str, float | None]) -> list[float]:
        pairs = [(earlier.get(rival), self.ratio(measure, rival)) for rival in self.contestants() if rival != OURS]
        return [before / now for before, now in pairs if before is not None and now]

    def as_markdown(self, baseline: dict[str, Any] | None = None) -> str:
        """The report for people."""
        parts = [self._heading(), self._table(), self._latencies()]
        if baseline is not None:
            worse = self.regressions(baseline) or ["Nothing is clearly worse than the baseline."]
            parts.append("\n".join(["## Against the baseline", "", *(f"- {line}" for line in worse)]))
        if self.troubles:
            parts.append("\n".join(["## Could not be measured", "", *(f"- {_line(text)}" for text in self.troubles)]))
        return "\n\n".join(part for part in parts if part) + "\n"

    def _heading(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        rounds = f"{self.plan.rounds} rounds of {self.plan.seconds:g} s"
        rough = f" Quick, too rough to quote; the search goes through {self.plan.searched} runs only."
        return (
            f"# Benchmark\n\n{facts}. Median of {rounds}, the contestants taking turns."
            f"{rough if self.plan == QUICK else ''}"
        )

    def _table(self) -> str:
        rivals = [key for key in self.contestants() if key != OURS]
        titles = [CONTESTANTS[key].title for key in rivals]
        versus = [f"vs {CONTESTANTS[key].title}" for key in _compared(rivals)]
        heads = ["measure", "unit", "Assay", *titles, *versus, "budget", "met"]
        rows = [[_cell(cell) for cell in self._row(MEASURES[key], rivals)] for key in self.measures()]
        return _markdown_table(heads, rows)

    def _row(self, measure: Measure, rivals: Sequence[str]) -> list[str]:
        ratios = [self.ratio(measure, rival) for rival in _compared(rivals)]
        met = self.met(measure)
        return [
            measure.title,
            measure.unit,
            *(_value(self.figure(measure.key, key)) for key in (OURS, *rivals)),
            *(f"{ratio:,.3g}x" if ratio is not None else "" for ratio in ratios),
            measure.budget.text(measure) if measure.budget else "",
            "" if met is None else "yes" if met else "**no**",
        ]

    def _latencies(self) -> str:
        rows = [
            [
                MEASURES[figure.measure].title,
                CONTESTANTS[figure.contestant].title,
                f"{figure.details['p50_ms']:.2f}",
                f"{figure.details['p99_ms']:.2f}",
                f"{figure.details['generator_share']:.0%}",
                str(figure.details["refused"]),
            ]
            for figure in self.figures
            if "p50_ms" in figure.details
        ]
        if not rows:
            return ""
        heads = ["load", "contestant", "p50 ms", "p99 ms", "generator's use of a core", "refused"]
        return f"## Latency under load (last round)\n\n{_markdown_table(heads, rows)}"


def _compared(rivals: Sequence[str]) -> list[str]:
    # A variant that was measured for one figure only gets no column of ratios, unless it stands in for the usual.
    return [key for key in rivals if key in USUAL] or list(rivals)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def load_baseline(path: Path) -> dict[str, Any] | None:
    """An earlier report, if there is one."""
    if not path.exists():
        return None
    data: dict[str, Any] = json.loads(path.read_text())
    return data


def _value(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    digits = 0 if figure.value >= 100 else 1 if figure.value >= 10 else 2
    return f"{'> ' if figure.details.get('at_least') else ''}{figure.value:,.{digits}f}"


def _cell(text: str) -> str:
    return text or " "


def _line(text: str) -> str:
    return text.replace("\n", "\n  ")


def _markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
