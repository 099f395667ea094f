"""Our server gives the answers that MLflow's own server gave to the same requests; where not, it is meant so.

`golden/` holds what MLflow's server answered (`tools/record_golden.py` records it), `differences.toml` each exchange
in which we differ on purpose, what we answer then, and why. That table may only shrink.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from assay.testing.golden import Player, load
from assay.testing.server import running_server
from assay.wire.operations import OPERATIONS, TRANSFERS

tomllib = pytest.importorskip("tomllib", reason="tomllib needs Python 3.11")

HERE = Path(__file__).parent
SCENARIOS = sorted((HERE / "golden").glob("*.json"))
DIFFERENCES = tomllib.loads((HERE / "differences.toml").read_text("utf-8"))["difference"]


def meant(scenario):
    """What we answer in place of MLflow's answer, by the name of the exchange."""
    rows = [row for row in DIFFERENCES if row["scenario"] == scenario]
    assert all(row["reason"] for row in rows)
    listed = [name for row in rows for name in row["exchanges"]]
    assert len(listed) == len(set(listed)), "an exchange is listed twice"
    return {name: row["ours"] for row in rows for name in row["exchanges"]}


def brief(answer):
    """Status and error code."""
    code = answer.json.get("error_code", "") if answer.status >= 300 and answer.json is not msgspec.UNSET else ""
    return f"{answer.status} {code}".strip()


def told(exchange, answer):
    expected, got = (json.dumps(msgspec.to_builtins(one), ensure_ascii=False) for one in (exchange.answer, answer))
    return f"{exchange.name}\n  MLflow: {expected:.2000}\n  ours:   {got:.2000}"


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_answers_are_those_of_mlflow(path, tmp_path):
    exchanges = load(path)
    assert len({one.name for one in exchanges}) == len(exchanges)
    with running_server(tmp_path) as server:
        player = Player(server.host, server.port)
        answers = [(one, player.play(one.request)) for one in exchanges]
    differ = {one.name: brief(answer) for one, answer in answers if answer != one.answer}
    expected = meant(path.stem)
    unmeant = [told(one, answer) for one, answer in answers if differ.get(one.name) != expected.get(one.name)]
    assert not unmeant, "\n".join(
        [f"{len(unmeant)} exchanges differ otherwise than differences.toml says (take out what agrees):", *unmeant]
    )
    assert expected.keys() <= differ.keys()


def test_every_operation_that_mlflow_has_is_played():
    played = {(one.request.method, one.request.path) for path in SCENARIOS for one in load(path)}
    silent = [
        f"{method} {operation.path}"
        for operation in (*OPERATIONS.values(), *TRANSFERS.values())
        for method in operation.methods
        if method != "HEAD"
        and not operation.path.startswith("assay/")
        and not any(method == given and address(operation).fullmatch(path) for given, path in played)
    ]
    assert silent == []


def address(operation):
    """What paths of an operation look like, variables filled in."""
    parts = re.split(r"(\{\w+\*?\})", operation.path.lstrip("/"))
    patterns = [(".+" if part.endswith("*}") else "[^/]+") if part[:1] == "{" else re.escape(part) for part in parts]
    return re.compile(rf"/(?:(?:ajax-)?api/)?{''.join(patterns)}")
