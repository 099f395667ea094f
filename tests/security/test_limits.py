"""S70 to S78: whatever is too much is refused quickly, for users and strangers; errors tell no more than that."""

from __future__ import annotations

import gzip
import json
import math
import socket
import statistics
import time
import unicodedata
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec
import pytest

from assay.server import bodies
from assay.wire.operations import OPERATIONS, TRANSFERS

from .aliases import aliases
from .conftest import Person
from .leaks import leaks
from .lines import Line

CPU_SECONDS = 0.5
"""Of this process, in which the server runs, too: the longest of these requests takes a tenth of it."""
MOST_BODY = 64 << 20


class Costs:
    """Requests whose work is measured."""

    def __init__(self, line, server):
        self.line = line
        self.server = server

    def refused(self, operation, body, *, method="POST", statuses=(400, 413)):
        for alias in aliases(operation):
            begun = time.process_time()
            answer = self.line.send(method, alias, body, Content_Type="application/json")
            assert time.process_time() - begun < CPU_SECONDS, (alias, str(body)[:80])
            assert answer.status in statuses, (alias, str(body)[:80], answer)
            assert len(answer.body) < 2000
            assert leaks(self.server, answer.body) == []


@pytest.fixture
def costs(server, people):
    with Line(people["manager"]) as line:
        yield Costs(line, server)


def nested(levels):
    return f'{{"run_id": "r", "key": {"[" * levels}{"]" * levels}, "value": "v"}}'


def test_s70_what_is_too_much_is_refused_at_once(costs, world):
    run = {"run_id": world.run_id}
    point = {"key": "k", "value": 1, "timestamp": 1}
    too_much = {
        "2.0/mlflow/experiments/create": [{"name": "x" * 501}, {"name": "x" * 10_000_000}],
        "2.0/mlflow/experiments/set-experiment-tag": [
            {"experiment_id": world.experiment_id, "key": "k", "value": "v" * 20_001}
        ],
        "2.0/mlflow/runs/log-batch": [
            {**run, "metrics": [point] * 1001},
            {**run, "params": [{"key": f"k{number}", "value": "v"} for number in range(101)]},
            {**run, "tags": [{"key": f"k{number}", "value": "v"} for number in range(101)]},
        ],
        "2.0/mlflow/runs/set-tag": [{**run, "key": "k" * 251, "value": "v"}, nested(200), nested(2000), nested(90_000)],
        "2.0/mlflow/runs/search": [{"experiment_ids": ["0"], "max_results": 50_001}, {"experiment_ids": [["0"] * 9]}],
        "2.0/mlflow/registered-models/create": [{"name": "x" * 257}],
        "2.0/mlflow/registered-models/set-tag": [{"name": world.model, "key": "k", "value": "v" * 100_001}],
        "2.0/mlflow/runs/delete-tag": [json.dumps({f"k{number}": number for number in range(100_000)})],
    }
    for operation, messages in too_much.items():
        for message in messages:
            costs.refused(operation, message)


def test_s70_what_nobody_needs_is_skipped_at_once(costs, world):
    """As in MLflow, fields that an operation does not have are no error, however many or deep they are."""
    tag = {"run_id": world.run_id, "key": "k", "value": "v"}
    for more in ({f"k{number}": number for number in range(100_000)}, {"unknown": json.loads("[" * 200 + "]" * 200)}):
        costs.refused("2.0/mlflow/runs/set-tag", {**more, **tag}, statuses=(200,))


def test_s70_of_a_key_that_stands_twice_the_last_counts_for_the_right_to_it_and_the_deed(admin, people, world):
    """There is one parser, and what it reads is both judged and done."""
    other = admin.done("experiments/create", name=f"hidden {world.experiment_id}")["experiment_id"]
    hidden = admin.done("runs/create", experiment_id=other)["run"]["info"]["run_id"]

    def tagged(*run_ids):
        names = "".join(f'"run_id": "{run_id}", ' for run_id in run_ids)
        body = f'{{{names}"key": "twice", "value": "{len(run_ids)}"}}'
        return people["editor"].send("POST", "/api/2.0/mlflow/runs/set-tag", body, Content_Type="application/json")

    assert tagged(world.run_id, hidden).status == 404
    assert tagged(hidden, world.run_id).status == 200
    tags = {
        run_id: [one["value"] for one in admin.get(f"runs/get?run_id={run_id}").json["run"]["data"].get("tags", [])]
        for run_id in (hidden, world.run_id)
    }
    assert "2" not in tags[hidden]
    assert "2" in tags[world.run_id]


def test_s70_who_is_nobody_is_refused_before_the_body_is_read(server):
    stranger = Person(server)
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        head = f"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: {MOST_BODY}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 401")
    answer = stranger.send("POST", "/api/2.0/mlflow/runs/create", "x", Content_Length=str(MOST_BODY + 1))
    assert answer.status == 401


def test_s70_a_body_beyond_the_limit_is_refused_by_its_length(server, people):
    with socket.create_connection((server.host, server.port), timeout=5) as connection:
        login = people["manager"].headers["Authorization"]
        head = f"POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nAuthorization: {login}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: {MOST_BODY + 1}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


FILTERED = [
    operation
    for operation in OPERATIONS.values()
    if "filter" in {field.name for field in msgspec.structs.fields(operation.request)}
]
FILTERS = {
    "long": "name = '" + "x" * 100_000 + "'",
    "many": " AND ".join(["name != 'x'"] * 10_000),
    "some": " AND ".join(["name != 'x'"] * 1_001),
    "deep": "(" * 10_000 + "name = 'x'" + ")" * 10_000,
    "not deep": "NOT " * 10_000 + "name = 'x'",
    "quotes": "name = '" + "''" * 40_000,
    "blank": " " * 99_999 + "x",
}


@pytest.mark.parametrize("kind", FILTERS)
def test_s71_filters_that_are_too_much_are_refused_at_once_by_every_search(server, people, world, kind):
    assert len(FILTERED) >= 8
    with Line(people["manager"]) as line:
        for operation in FILTERED:
            asked = {"filter": FILTERS[kind]}
            if any(field.name == "experiment_ids" for field in msgspec.structs.fields(operation.request)):
                asked["experiment_ids"] = [world.experiment_id]
            for alias in aliases(operation):
                begun = time.process_time()
                if operation.method == "GET":
                    answer = line.send("GET", f"{alias}?{urlencode(asked, doseq=True)}")
                else:
                    answer = line.send("POST", alias, asked)
                assert time.process_time() - begun < CPU_SECONDS, alias
                assert answer.status == 400, (alias, answer)
                assert len(answer.body) < 2000
                assert leaks(server, answer.body) == []


PATTERNS = [
    "%a" * 99 + "%b", "_%" * 100 + "b", "%aA" * 100, "%" * 9_000, "%a" * 400 + "%b", "_%" * 400 + "b", "a" * 9_000,
]  # fmt: skip


@pytest.mark.parametrize("operator", ["LIKE", "ILIKE"])
def test_s71_patterns_and_lists_take_no_longer_than_the_text_is_long(people, admin, world, operator):
    admin.done("runs/set-tag", run_id=world.run_id, key="long", value="a" * 8_000)
    filters = [f"tags.long {operator} '{pattern}'" for pattern in PATTERNS]
    lists = [f"run_id IN ({','.join([item] * 20_000)})" for item in ("1", "'a'")]

    def cpu_seconds(text):
        begun = time.process_time()
        answer = people["reader"].post("runs/search", experiment_ids=[world.experiment_id], filter=text)
        assert answer.status in (200, 400)
        return time.process_time() - begun

    for text in (*filters, *lists):  # what other threads of this process do adds to one try, and not to all
        assert any(cpu_seconds(text) < CPU_SECONDS for _ in range(3)), text[:50]


RANGES = {
    "bytes=" + ",".join(f"{number}-{number}" for number in range(1000)): {200},
    "bytes=" + "0-," * 30_000: {200},
    "bytes=9-3": {416},
    f"bytes={'9' * 80}-": {416},
    f"bytes=0-{'9' * 80}": {206},
    f"bytes=-{'9' * 80}": {206},
    f"bytes={'9' * 5000}-{'9' * 5000}": {200, 416},
    "bytes=0-0 0-0": {200, 206},
    "bytes=\u0663-\u0665": {200},
    "bytes=--1": {200},
    "bytes=1.5-2": {200},
}


@pytest.mark.parametrize("asked", RANGES, ids=range(len(RANGES)))
def test_s72_ranges_cost_no_more_than_one_answer(server, people, world, asked):
    content = b"secret content"
    file = f"{world.experiment_id}/{world.run_id}/artifacts/m/f.txt"
    query = urlencode({"name": world.model, "version": "1", "path": "f.txt"})
    targets = [
        *(alias.format(path=file) for alias in aliases("GET 2.0/mlflow-artifacts/artifacts/{path*}")),
        f"/get-artifact?run_id={world.run_id}&path=m/f.txt",
        f"/model-versions/get-artifact?{query}",
    ]
    with Line(people["reader"]) as line:
        for target in targets:
            begun = time.process_time()
            answer = line.send("GET", target, Range=asked.encode())
            assert time.process_time() - begun < CPU_SECONDS
            assert answer.status in RANGES[asked], answer
            assert answer.body in (content, b"")


FORM_PART = b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n'


def test_s73_forms_in_parts_are_no_requests(server, people, world):
    parts = b"".join(FORM_PART % number for number in range(100_000))
    with Line(people["editor"]) as line:
        for kind in ("multipart/form-data; boundary=x", "multipart/form-data", "multipart/mixed; boundary=x", "x/y"):
            for alias in aliases("2.0/mlflow/runs/set-tag"):
                begun = time.process_time()
                answer = line.send("POST", alias, parts, Content_Type=kind)
                assert time.process_time() - begun < CPU_SECONDS
                assert (answer.status, answer.code) == (400, "INVALID_PARAMETER_VALUE")
        for part in (-1, 0, 10_001, 2**63):
            message = {"path": "f", "num_parts": part}
            for alias in aliases("2.0/mlflow-artifacts/mpu/create/{directory*}"):
                target = alias.format(directory=f"{world.experiment_id}/{world.run_id}/artifacts")
                assert line.send("POST", target, message).status in (400, 501)


@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_s73_a_body_that_does_not_come_is_waited_for_a_while(server, people, world, monkeypatch, length):
    monkeypatch.setattr(bodies, "SILENCE_SECONDS", 0.2)
    login = people["editor"].headers["Authorization"]
    file = f"{world.experiment_id}/{world.run_id}/artifacts/late"
    targets = [("POST", alias) for alias in aliases("2.0/mlflow/runs/create")]
    targets += [("PUT", alias.format(path=file)) for alias in aliases("PUT 2.0/mlflow-artifacts/artifacts/{path*}")]
    with ExitStack() as stack:
        waiting = []
        for method, target in targets:
            connection = stack.enter_context(socket.create_connection((server.host, server.port), timeout=5))
            head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {login}\r\n{length}\r\n"
            connection.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode())
            waiting.append(connection)
        assert [connection.recv(100).split()[1] for connection in waiting] == [b"499"] * len(targets)
    assert people["reader"].send("GET", f"/get-artifact?run_id={world.run_id}&path=late").status == 404


def test_s74_two_hundred_silent_connections_slow_nobody_down(server, people, world):
    login = people["reader"].headers["Authorization"]
    begun = "POST /api/2.0/mlflow/runs/create HTTP/1.1\r\nHost: localhost\r\nContent-"
    bodiless = f"{begun}Length: 100\r\nContent-Type: application/json\r\nAuthorization: {login}\r\n\r\n{{"

    def typical(line):
        took = []
        for _ in range(50):
            begun = time.monotonic()
            assert line.send("GET", f"/api/2.0/mlflow/runs/get?run_id={world.run_id}").status == 200
            took.append(time.monotonic() - begun)
        return statistics.median(took)

    with ExitStack() as stack, Line(people["reader"]) as line:
        before = typical(line)
        for head in [begun, bodiless] * 100:
            connection = stack.enter_context(socket.create_connection((server.host, server.port), timeout=5))
            connection.sendall(head.encode())
        assert typical(line) < 10 * before + 0.05


def test_s75_what_is_packed_is_not_unpacked(server, people, world):
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 50_000
    file = f"{world.experiment_id}/{world.run_id}/artifacts/bomb"
    with Line(people["editor"]) as line:
        for alias in aliases("2.0/mlflow/runs/set-tag"):
            begun = time.process_time()
            answer = line.send("POST", alias, bomb, Content_Type="application/json", Content_Encoding="gzip")
            assert time.process_time() - begun < CPU_SECONDS
            assert answer.status == 400
        for alias in aliases("PUT 2.0/mlflow-artifacts/artifacts/{path*}"):
            assert line.send("PUT", alias.format(path=file), bomb, Content_Encoding="gzip").status == 200
            assert line.send("GET", alias.format(path=file)).body == bomb
    assert (Path(server.config.artifacts_destination) / file).read_bytes() == bomb


LOOKALIKES = [
    "a%20b",
    "a%2fb",
    "%41",
    "cafe\u0301",
    " model",
    "model ",
    "mo\u200bdel",
    "mo\u202edel",
    "model\u00ad",
    "a\nb",
]


def test_s76_a_model_gets_no_name_that_passes_for_another(admin, world):
    with Line(admin) as line:
        for name in LOOKALIKES:
            for alias in aliases("2.0/mlflow/registered-models/create"):
                assert line.send("POST", alias, {"name": name}).status == 400, ascii(name)
            for alias in aliases("2.0/mlflow/registered-models/rename"):
                assert line.send("POST", alias, {"name": world.model, "new_name": name}).status == 400, ascii(name)
            assert line.send("GET", f"/api/2.0/mlflow/registered-models/get?name={quote(name)}").status in (400, 404)


def test_s76_other_names_are_one_thing_only_where_they_are_written_alike(people):
    """Experiments keep their names to the letter, as MLflow's clients expect; each is found by its own alone."""
    manager = people["manager"]
    names = [f"s76 {name}" for name in ("a%20b", "a b", "a b ", "b\u00e9ta", "be\u0301ta", "A B")]
    assert unicodedata.normalize("NFC", names[4]) == names[3]
    ids = [manager.done("experiments/create", name=name)["experiment_id"] for name in names]
    assert len(set(ids)) == len(names)
    for name, experiment_id in zip(names, ids, strict=True):
        found = manager.get(f"experiments/get-by-name?{urlencode({'experiment_name': name})}").json["experiment"]
        assert (found["experiment_id"], found["name"]) == (experiment_id, name)


NUMBERS = {
    "value": ["NaN", "Infinity", "-Infinity", '"NaN"', "1e400", "-1e400", str(2**63), str(2**64), "1" * 400, "-0.0",
              "5e-324", "1e-400", "1.7976931348623157e308", "0.1", str(2**53 + 1), "null", "true", '"x"', "[1]"],
    "step": ["-1", str(-(2**63)), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "1" * 400, "1.5", "NaN", "1e400",
             "null"],
    "timestamp": ["0", "-1", str(10**17), str(2**63 - 1), str(2**63), "1" * 400, "1.5", "NaN", "Infinity", "1e400"],
}  # fmt: skip


@pytest.mark.parametrize("field", NUMBERS)
def test_s77_numbers_are_stored_exactly_or_refused(server, people, world, field):
    """`1e400` is infinity, as everybody who reads JSON into floating point has it; MLflow takes it, too."""
    stored = 0
    with Line(people["editor"]) as line:
        for number, text in enumerate(NUMBERS[field]):
            for prefix, alias in enumerate(aliases("2.0/mlflow/runs/log-metric")):
                key = f"{field}-{number}-{prefix}"
                point = {"value": "1", "step": "2", "timestamp": "3", field: text}
                said = ", ".join(f'"{name}": {one}' for name, one in point.items())
                body = f'{{"run_id": "{world.run_id}", "key": "{key}", {said}}}'
                answer = line.send("POST", alias, body, Content_Type="application/json")
                history = line.send(
                    "GET", f"/api/2.0/mlflow/metrics/get-history?run_id={world.run_id}&metric_key={key}"
                )
                found = history.json.get("metrics", [])
                if answer.status != 200:
                    assert (answer.status, found) == (400, []), text
                    assert leaks(server, answer.body) == []
                    continue
                stored += 1
                wanted = json.loads(text)
                if wanted is None:
                    assert (field, found[0]["step"]) == ("step", 0), "a step that is left out"
                elif field == "value" and math.isnan(float(wanted)):
                    assert found[0]["value"] == "NaN"
                else:
                    kept = found[0][field]
                    assert (float(kept) if field == "value" else kept) == (
                        float(wanted) if field == "value" else wanted
                    )
    assert stored >= 4


def test_s78_no_error_tells_of_what_is_behind_the_server(server, people, admin, world):
    """Requests that go wrong in every way there is: by method, body, type, field, query and address."""
    bodies_ = [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"run_id": 1, "experiment_id": {}, "name": []}',
        b"\x00" * 50,
    ]
    count = 0
    with Line(people["reader"]) as line:
        for operation in (*OPERATIONS.values(), *TRANSFERS.values()):
            for alias in aliases(operation)[:1]:
                target = alias.format(**dict.fromkeys(operation.variables, "x' or 1=1 --".replace(" ", "%20")))
                for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
                    for body in bodies_ if method in operation.methods else bodies_[:1]:
                        answer = line.send(
                            method, f"{target}?max_results=x&page_token=%00", body, Content_Type="application/json"
                        )
                        assert leaks(server, answer.body) == [], (method, target, answer)
                        assert answer.status < 500 or answer.status == 501, (method, target, answer)
                        count += 1
    assert count > 1000
