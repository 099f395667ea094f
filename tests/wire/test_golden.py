"""Our server gives the answers that MLflow's own server gave to the same requests; where not, it is meant so.

`golden/` holds what MLflow's server answered (`tools/record_golden.py` records it), `differences.toml` each exchange
in which we differ on purpose, what we answer then, and why, and the fields that we add. Those tables may only shrink.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from assay.server.auth import Auth
from assay.server.config import ServerConfig
from assay.testing.golden import ADMIN, Answer, Player, load, password_of
from assay.testing.server import running_server
from assay.wire.operations import OPERATIONS, TRANSFERS

tomllib = pytest.importorskip("tomllib", reason="tomllib needs Python 3.11")

HERE = Path(__file__).parent
SCENARIOS = sorted((HERE / "golden").glob("*.json"))
MEANT = tomllib.loads((HERE / "differences.toml").read_text("utf-8"))
DIFFERENCES, ADDED = MEANT["difference"], MEANT["added"]
CODES = {row["status"]: row["code"] for row in MEANT["coded"]}


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


def agree(got, expected):
    """Whether the answers are the same, or an error without a code has got that of its status."""
    bare = expected.json is msgspec.UNSET and expected.status in CODES
    return got == (Answer(expected.status, json={"error_code": CODES[expected.status]}) if bare else expected)


def without(added, got, expected):
    """Our answer less the fields that we add, where MLflow's answer has none of that name."""
    if isinstance(got, dict) and isinstance(expected, dict):
        kept = {name: item for name, item in got.items() if name not in added or name in expected}
        return {name: without(added, item, expected.get(name)) for name, item in kept.items()}
    if isinstance(got, list) and isinstance(expected, list):
        return [without(added, item, expected[at] if at < len(expected) else None) for at, item in enumerate(got)]
    return got


@contextmanager
def serving(scenario, directory):
    """A server with nothing in it; with users, if the scenario has them."""
    config = ServerConfig(
        backend_store_uri=str(directory / "mlruns"),
        artifacts_destination=str(directory / "mlartifacts"),
        access_log=False,
        auth=Auth(admin_username=ADMIN, admin_password=password_of(ADMIN)) if scenario.users else None,
    )
    with running_server(directory, config) as server:
        yield Player(server.host, server.port)


@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_answers_are_those_of_mlflow(path, tmp_path):
    scenario = load(path)
    exchanges = scenario.exchanges
    assert len({one.name for one in exchanges}) == len(exchanges)
    with serving(scenario, tmp_path) as player:
        answers = [(one, player.play(one.request)) for one in exchanges]
    added = {name for row in ADDED if path.stem in row["scenarios"] for name in row["fields"]}
    for one, answer in answers:
        answer.json = without(added, answer.json, one.answer.json)
    differ = {one.name: brief(answer) for one, answer in answers if not agree(answer, one.answer)}
    expected = meant(path.stem)
    unmeant = [told(one, answer) for one, answer in answers if differ.get(one.name) != expected.get(one.name)]
    assert not unmeant, "\n".join(
        [f"{len(unmeant)} exchanges differ otherwise than differences.toml says (take out what agrees):", *unmeant]
    )
    assert expected.keys() <= differ.keys()


def test_every_operation_that_mlflow_has_is_played():
    played = {(one.request.method, one.request.path) for path in SCENARIOS for one in load(path).exchanges}
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
