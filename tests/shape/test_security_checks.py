"""The table of security checks is whole, and names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "internals" / "security-checks.md"
RANGES = ((1, 16), (20, 26), (30, 48), (50, 62), (70, 78), (80, 84))
NUMBERS = [f"S{number:02}" for first, last in RANGES for number in range(first, last + 1)]
NUMBERS += [f"M{number}" for number in range(1, 6)]
ROWS = re.findall(r"^\| (S\d\d|M\d) \| (.+?) \| (.*?) ?\|$", PAGE.read_text("utf-8"), re.MULTILINE)


@cache
def _tests_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_number_has_one_row_in_order() -> None:
    assert [number for number, _, _ in ROWS] == NUMBERS


@pytest.mark.parametrize(("number", "promise", "held"), ROWS, ids=[number for number, _, _ in ROWS])
def test_a_row_names_tests_that_exist(number: str, promise: str, held: str) -> None:
    named = re.findall(r"`([\w./-]+\.py)::(\w+)`", held)
    assert promise
    assert named, f"{number} names no test"
    assert len(named) == held.count("::"), "written as `tests/file.py::test_name`"
    for path, name in named:
        assert name in _tests_of(path), f"{path} has no {name}"
