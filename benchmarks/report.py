"""The figures of one run as JSON and as Markdown, beside their budgets and an earlier run."""

import json
import os
import platform
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.field import QUICK, Figure, Plan
from benchmarks.measures import MEASURES, Better, Measure
from benchmarks.rivals import CONTESTANTS, USUAL

OURS = "assay"
_WORSE_BY = 1.25


@dataclass(frozen=True)
class Report:
    """One run: what was measured, on what machine, and what went wrong.

    Attributes:
        figures: What was measured.
        troubles: What could not be, and why.
        plan: How much was measured, for the JSON file.
        machine: On what.
        heading: The same for readers, a sentence or two.
        known: Every measure there is, in the order of the table.
        titles: Everyone there is by key, Assay first.
        compared: Whose figures Assay's are set in relation to.
        remarks: Markdown that stands below the table.
    """

    figures: Sequence[Figure]
    troubles: Sequence[str]
    plan: Mapping[str, Any]
    machine: Mapping[str, Any]
    heading: str
    known: Mapping[str, Measure] = field(default_factory=lambda: MEASURES)
    titles: Mapping[str, str] = field(default_factory=lambda: {key: one.title for key, one in CONTESTANTS.items()})
    compared: Sequence[str] = USUAL
    remarks: str = ""

    def as_data(self) -> dict[str, Any]:
        """The report as the JSON file holds it, with each ratio and verdict worked out."""
        return {
            "machine": dict(self.machine),
            "plan": dict(self.plan),
            "titles": {key: self.titles[key] for key in self.contestants()},
            "figures": [asdict(figure) for figure in self.figures],
            "ratios": {
                key: {rival: self.ratio(self.known[key], rival) for rival in self.contestants() if rival != OURS}
                for key in self.measures()
            },
            "budgets_met": {key: self.met(self.known[key]) for key in self.measures()},
            "troubles": list(self.troubles),
        }

    def contestants(self) -> list[str]:
        """Whoever has a figure, Assay first."""
        keys = {figure.contestant for figure in self.figures}
        return [key for key in self.titles if key in keys]

    def measures(self) -> list[str]:
        """What has a figure, in the order of the table of measures."""
        keys = {figure.measure for figure in self.figures}
        return [key for key in self.known if key in keys]

    def figure(self, measure: str, contestant: str) -> Figure | None:
        """One contestant's figure, if it was measured."""
        wanted = (measure, contestant)
        return next((figure for figure in self.figures if (figure.measure, figure.contestant) == wanted), None)

    def ratio(self, measure: Measure, rival: str) -> float | None:
        """How many times better Assay is than a rival, if both were measured and neither has nothing at all."""
        ours, theirs = self.figure(measure.key, OURS), self.figure(measure.key, rival)
        return measure.advantage(ours.value, theirs.value) if ours and theirs and ours.value and theirs.value else None

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
            measure, ours = self.known[key], self.figure(key, OURS)
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
        parts = [self._heading(), self._table(), self.remarks, self._latencies()]
        if baseline is not None:
            worse = self.regressions(baseline) or ["Nothing is clearly worse than the baseline."]
            parts.append("\n".join(["## Against the baseline", "", *(f"- {line}" for line in worse)]))
        if self.troubles:
            parts.append("\n".join(["## Could not be measured", "", *(f"- {_line(text)}" for text in self.troubles)]))
        return "\n\n".join(part for part in parts if part) + "\n"

    def write(self, folder: Path, *, name: str = "", baseline: dict[str, Any] | None = None) -> Path:
        """Write it as JSON and as Markdown, named after the time and `name`, and return the path of the latter."""
        folder.mkdir(exist_ok=True)
        stem = time.strftime("%Y%m%d-%H%M%S") + name
        (folder / f"{stem}.json").write_text(json.dumps(self.as_data(), indent=1) + "\n")
        path = folder / f"{stem}.md"
        path.write_text(self.as_markdown(baseline))
        return path

    def _heading(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.machine.items())
        return f"# Benchmark\n\n{facts}. {self.heading}"

    def _table(self) -> str:
        rivals = [key for key in self.contestants() if key != OURS]
        titles = [self.titles[key] for key in rivals]
        versus = [f"vs {self.titles[key]}" for key in self._compared(rivals)]
        heads = ["measure", "unit", "Assay", *titles, *versus, "budget", "met"]
        rows = [[_cell(cell) for cell in self._row(self.known[key], rivals)] for key in self.measures()]
        return _markdown_table(heads, rows)

    def _row(self, measure: Measure, rivals: Sequence[str]) -> list[str]:
        ratios = [self.ratio(measure, rival) for rival in self._compared(rivals)]
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
                self.known[figure.measure].title,
                self.titles[figure.contestant],
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

    def _compared(self, rivals: Sequence[str]) -> list[str]:
        # A variant that was measured for one figure only gets no column of ratios, unless it stands in for the usual.
        return [key for key in rivals if key in self.compared] or list(rivals)


def load_heading(plan: Plan) -> str:
    """What the loads and loops were, for readers."""
    rough = f" Quick, too rough to quote; the search goes through {plan.searched} runs only." if plan == QUICK else ""
    return f"Median of {plan.rounds} rounds of {plan.seconds:g} s, the contestants taking turns.{rough}"


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
