"""What the recorded answers do not show: what errors say, limits, hosts, and what happens at the same time."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from assay.flavors.mlmodel import Model
from assay.flavors.predictor import Loaded, PyFuncModel
from assay.serving.scorer import Scorer

pytestmark = pytest.mark.xdist_group("serving")

ROW = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("iris", {"dataframe_records": [{"a": 1.0, "b": 2.0}]}, "['c', 'd']"),
        ("iris", {"dataframe_records": [{**ROW, "c": "three"}]}, "'c'"),
        ("iris", {"dataframe_split": {"columns": list("abcd"), "data": [[1, 2, 3, 4], [1]]}}, "Row 1 has 1 values"),
        ("iris", {"dataframe_split": {"columns": list("abca"), "data": [[1, 2, 3, 4]]}}, "twice"),
        ("iris", {"dataframe_split": {"columns": [["a"]], "data": [[1]]}}, "list of names"),
        ("iris", {"messages": []}, "language models"),
        ("iris", {"columns": [], "data": []}, "MLflow 1"),
        ("iris", {"instances": [], "inputs": []}, "instances and inputs"),
        ("iris", {"rows": []}, "dataframe_split, dataframe_records, instances, inputs"),
        ("iris", "{", "no JSON"),
        ("iris", "[" * 100_000, "no JSON"),
        ("iris", {"dataframe_records": [{**ROW, "c": None}]}, "The model failed on this input: ValueError"),
        ("typed", {"inputs": {"long": [2.5]}}, "lacks columns"),
        ("params", {"inputs": {"x": [1.0]}, "params": {"n": "x", "exact": 2}}, "'exact'"),
        ("matrix", {"inputs": [[1.0, 2.0], [1.0]]}, "The input cannot be read as float64"),
        ("arrays", {"inputs": {"a": [[1.0, 2.0]], "b": [1.5]}}, "'b'"),
        ("arrays", {"inputs": {"a": [[1e300, 2.0]], "b": [1]}}, "too large"),
        ("shouted", {"instances": ["a"]}, "inputs"),
        ("answered", {"dataframe_records": [{"kind": "fault"}]}, "ZeroDivisionError"),
    ],
)
def test_errors_say_what_is_wrong_and_where(http_to, name, value, said):
    answer = http_to(name).predict(value)
    assert answer.status == 400
    assert said in answer.json["message"]
    assert "Traceback" not in answer.body.decode()


@pytest.mark.parametrize("kind", ["complex", "object"])
def test_predictions_that_json_cannot_express_are_a_fault_of_the_server(http_to, kind):
    answer = http_to("answered").predict({"dataframe_records": [{"kind": kind}]})
    assert (answer.status, answer.json["error_code"]) == (500, "INTERNAL_ERROR")
    assert "cannot be written as JSON" in answer.json["message"]


def test_numbers_beyond_what_a_float_holds_are_not_rounded_to_integers(http_to):
    typed = {
        "integer": 1,
        "float": 0.5,
        "double": 1.0,
        "string": "a",
        "boolean": 1,
        "datetime": "2026-01-02",
        "binary": "",
    }
    exact = http_to("typed").predict({"dataframe_records": [{**typed, "long": 2**53 + 1}]})
    assert exact.json["predictions"]["columns"]["long"]["values"] == [str(2**53 + 1)]
    assert http_to("typed").predict({"dataframe_records": [{**typed, "long": float(2**60)}]}).status == 400


def test_what_comes_as_text_is_read_as_the_signature_says(http_to):
    values = {"integer": "1", "long": "-2", "float": "0.5", "double": "1e3", "string": "007", "boolean": "False"}
    rest = {"datetime": "2026-01-02", "binary": "YWI=\n"}
    columns = http_to("typed").predict({"dataframe_records": [{**values, **rest}]}).json["predictions"]["columns"]
    assert {name: column["values"][0] for name, column in columns.items()} == {
        "integer": "1",
        "long": "-2",
        "float": "0.5",
        "double": "1000.0",
        "string": "'007'",
        "boolean": "False",
        "datetime": "Timestamp('2026-01-02 00:00:00')",
        "binary": "b'ab'",
    }


def test_a_body_above_the_limit_is_refused_before_it_is_sent(served, model):
    with served(model("iris"), max_body_bytes=1_000_000) as http:
        assert http.predict({"dataframe_records": [ROW]}).status == 200
        length = {"Content-Type": "application/json", "Content-Length": "1000001"}
        answer = http.send("POST", "/invocations", headers=length)
    assert answer.status == 413
    assert "1000000 bytes" in answer.json["message"]


def test_the_health_is_told_while_predictions_are_made(served):
    begun, end = threading.Semaphore(0), threading.Event()

    def slow(_):
        begun.release()
        assert end.wait(30)
        return [1]

    with served(slow, threads=2) as http:
        threads = [threading.Thread(target=http.predict, args=({"inputs": [1]},)) for _ in range(3)]
        for thread in threads:
            thread.start()
        assert begun.acquire(timeout=10)
        assert begun.acquire(timeout=10)
        assert not begun.acquire(timeout=0.2), "three predictions at once in two threads"
        assert http.get("/ping").status == 200
        end.set()
        for thread in threads:
            thread.join(timeout=10)


def test_a_prediction_that_takes_too_long_is_a_gateway_timeout(served):
    end = threading.Event()
    asked = []

    def slow(data):
        asked.append(data.tolist())
        return end.wait(30) and data

    with served(slow, timeout=1, threads=1) as http:
        begun = time.monotonic()
        first = threading.Thread(target=http.predict, args=({"inputs": ["first"]},))
        first.start()
        answer = http.predict({"inputs": ["waits"]})
        assert time.monotonic() - begun < 5
        assert (answer.status, answer.json["error_code"]) == (504, "TEMPORARILY_UNAVAILABLE")
        assert "--timeout" in answer.json["message"]
        first.join(timeout=10)
        end.set()
        assert http.predict({"inputs": ["later"]}).json == {"predictions": ["later"]}
    assert len(asked) == 2, "what nobody waits for any more is not predicted"


def test_foreign_hosts_are_refused(served, model):
    with served(model("iris"), allowed_hosts=("lab.example.com",)) as http:
        body = json.dumps({"dataframe_records": [ROW]})
        sent = {"Content-Type": "application/json"}
        for host, status in (("evil.example.com", 403), ("lab.example.com", 200), (f"localhost:{http.port}", 200)):
            assert http.send("POST", "/invocations", body, {**sent, "Host": host}).status == status
        assert http.get("/version", Host="evil.example.com").status == 403
        answer = http.send("OPTIONS", "/invocations", headers={"Origin": "http://evil.example.com"})
        assert answer.status == 405
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_ends_after_the_requests_under_way(served):
    begun = threading.Event()
    answers = []

    def slow(data):
        begun.set()
        time.sleep(1)
        return data

    with served(slow) as http:
        thread = threading.Thread(target=lambda: answers.append(http.predict({"inputs": [1]})))
        thread.start()
        assert begun.wait(10)
    thread.join(timeout=10)
    assert answers[0].json == {"predictions": [1]}


def test_no_model_sees_the_frame_of_another_request(served, tmp_path):
    def spoiling(frame):
        frame["x"] = frame["x"] * 2
        return frame["x"].tolist()

    given = {"inputs": '[{"type": "double", "name": "x", "required": true}]', "outputs": None, "params": None}
    loaded = Loaded(None, lambda data, _: spoiling(data))
    model = PyFuncModel(Model.from_dict({"signature": given}), loaded, {}, tmp_path)
    with served(Scorer(model)) as http:
        for _ in range(3):
            assert http.predict({"inputs": {"x": [1.5]}}).json == {"predictions": [3.0]}


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset*=latin-1'en'x", "application/json; a", ";", "/", "text/csv;charset=utf-16", "\xe9"],
)
def test_odd_content_types_are_refused(http_to, content_type):
    answer = http_to("iris").predict({"dataframe_records": [ROW]}, content_type)
    assert (answer.status, answer.json["error_code"]) == (415, "BAD_REQUEST")


def test_two_hosts_are_one_too_many(http_to):
    port = http_to("iris").port
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\nHost: evil.example.com\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
