"""CI scans the code and what it is built on; a scanner that could not look is not taken for one that found nothing."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))
from tools.audit import EXPLAINED, ROOT, Outcome, npm_outcome, python_outcome

PINNED = [{"name": "click", "version": "8.5.1", "vulns": []}]
UNTOLD = [{"name": "tqdm", "skip_reason": "Dependency not found on PyPI and could not be audited: tqdm (4.70.1)"}]
WEAK = [
    {
        "name": "jinja2",
        "version": "3.1.2",
        "vulns": [
            {"id": "PYSEC-2024-1", "fix_versions": ["3.1.3"], "aliases": ["CVE-2024-22195"], "description": "..."},
        ],
    }
]
REFUSED = '{"message": "405 Method Not Allowed - POST https://registry.npmjs.org/-/npm/v1/security/advisories/bulk"}'


def pip_audit(*dependencies):
    return json.dumps({"dependencies": [one for some in dependencies for one in some], "fixes": []})


def npm_audit(**vulnerabilities):
    metadata = {"dependencies": {"prod": 19, "dev": 100}}
    return json.dumps({"auditReportVersion": 2, "vulnerabilities": vulnerabilities, "metadata": metadata})


def test_ci_runs_them() -> None:
    assert "\nmake scan\n" in (ROOT / ".ci/run").read_text("utf-8")
    rule = (ROOT / "Makefile").read_text("utf-8").partition("\nscan: ")[2].partition("\n\n")[0]
    assert " bandit " in rule
    assert " tools/audit.py" in rule


def test_what_is_left_out_of_a_scan_has_a_reason() -> None:
    config = (ROOT / "pyproject.toml").read_text("utf-8").partition("[tool.bandit]")[2].partition("\n\n")[0]
    skipped = [line for line in config.splitlines() if '"B' in line]
    assert skipped
    assert all(re.search(r", # \w", line) for line in skipped)
    lines = [line for path in (ROOT / "src").rglob("*.py") for line in path.read_text("utf-8").splitlines()]
    assert not [line for line in lines if "# nosec" in line and not re.search(r" -- \w.* # nosec B\d+$", line)]
    assert all(EXPLAINED.values())


def test_what_was_looked_at_is_told() -> None:
    assert python_outcome(pip_audit(PINNED)).lines("it") == ["it: 1 packages looked at, no known weaknesses"]
    assert npm_outcome(npm_audit()).lines("it") == ["it: 19 packages looked at, no known weaknesses"]


@pytest.mark.parametrize("outcome", [Outcome(reason="no route to host"), python_outcome(""), npm_outcome(REFUSED)])
def test_who_does_not_answer_has_found_nothing_out(outcome: Outcome) -> None:
    (line,) = outcome.lines("it")
    assert line.startswith("it: SKIPPED everything, nobody could tell")


def test_nor_of_single_packages() -> None:
    first, second = python_outcome(pip_audit(PINNED, UNTOLD)).lines("it")
    assert first.startswith("it: SKIPPED 1 packages")
    assert "tqdm (4.70.1)" in first
    assert second == "it: 1 packages looked at, no known weaknesses"


def test_findings_are_told_with_what_mends_them() -> None:
    outcome = python_outcome(pip_audit(PINNED, WEAK))
    assert outcome.findings == ["jinja2 3.1.2: PYSEC-2024-1, mended in 3.1.3"]
    address = "https://github.com/advisories/GHSA-0000-0000-0000"
    advisory = {"title": "a script runs", "url": address, "range": "<3.2.4", "severity": "moderate"}
    report = npm_audit(dompurify={"via": [advisory]}, uses={"via": ["dompurify"]})
    assert npm_outcome(report).findings == [f"dompurify <3.2.4: a script runs, {address}"]


def test_what_is_explained_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.audit.EXPLAINED", {"CVE-2024-22195": "no template is rendered"})
    assert python_outcome(pip_audit(WEAK)).findings == []
