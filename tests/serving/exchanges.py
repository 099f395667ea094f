"""What is asked of each model. MLflow's answers are in `recorded.json` under the same names, by record_serving.py."""

from __future__ import annotations

import base64
import io
import json
from typing import Any, NamedTuple

import pandas as pd

JSON = "application/json"
CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"


class Ask(NamedTuple):
    """One request."""

    model: str
    body: str | bytes = ""
    content_type: str | None = JSON
    method: str = "POST"
    path: str = "/invocations"


def ask(model: str, value: Any, content_type: str = JSON) -> Ask:
    return Ask(model, json.dumps(value), content_type)


def split(columns, *rows, **more):
    return {"dataframe_split": {"columns": columns, "data": list(rows), **more}}


def records(*rows, **more):
    return {"dataframe_records": list(rows), **more}


def parquet(**columns):
    file = io.BytesIO()
    pd.DataFrame(columns).to_parquet(file)
    return file.getvalue()


ROW = {"a": 1.0, "b": 2.0, "c": 3.0, "d": 4.0}
TYPED = {
    "integer": 1,
    "long": 2,
    "float": 0.5,
    "double": 1.25,
    "string": "é",
    "boolean": True,
    "datetime": "2026-01-02T03:04:05",
    "binary": base64.b64encode(b"ab\xff").decode(),
}
X = records({"x": 1.0})
MIXED = {"i": 1, "f": 1.5, "s": "a", "b": True, "n": None, "t": "2026-01-02T03:04:05", "l": [1, 2], "o": {"k": 1}}

PATHS = {
    "ping": Ask("iris", method="GET", path="/ping", content_type=None),
    "health": Ask("iris", method="GET", path="/health", content_type=None),
    "version": Ask("iris", method="GET", path="/version", content_type=None),
    "no such path": Ask("iris", method="GET", path="/nothing", content_type=None),
    "invocations by GET": Ask("iris", method="GET", content_type=None),
    "ping by POST": Ask("iris", "{}", path="/ping"),
    "root": Ask("iris", method="GET", path="/", content_type=None),
}
IRIS = {
    "iris split": ask("iris", split(["a", "b", "c", "d"], [1.0, 2.0, 3.0, 4.0], [-1.0, -2.0, 3.0, 4.0])),
    "iris split with index": ask("iris", split(["a", "b", "c", "d"], [1.0, 2.0, 3.0, 4.0], index=[7])),
    "iris split without columns": ask("iris", {"dataframe_split": {"data": [[1.0, 2.0, 3.0, 4.0]]}}),
    "iris split without data": ask("iris", {"dataframe_split": {"columns": ["a"]}}),
    "iris split with more keys": ask("iris", split(["a", "b", "c", "d"], [1.0, 2.0, 3.0, 4.0], extra=1)),
    "iris split ragged": ask("iris", split(["a", "b", "c", "d"], [1.0, 2.0])),
    "iris split of a list": ask("iris", {"dataframe_split": [[1.0, 2.0, 3.0, 4.0]]}),
    "iris split of text": ask("iris", {"dataframe_split": "x"}),
    "iris records": ask("iris", records(ROW, ROW)),
    "iris records in another order": ask("iris", records(dict(reversed(ROW.items())))),
    "iris records empty": ask("iris", records()),
    "iris records of a dictionary": ask("iris", {"dataframe_records": ROW}),
    "iris records of text": ask("iris", {"dataframe_records": "x"}),
    "iris records of numbers": ask("iris", records(1, 2)),
    "iris instances": ask("iris", {"instances": [ROW]}),
    "iris instances of lists": ask("iris", {"instances": [[1.0, 2.0, 3.0, 4.0]]}),
    "iris inputs by column": ask("iris", {"inputs": {name: [value] for name, value in ROW.items()}}),
    "iris inputs of lists": ask("iris", {"inputs": [[1.0, 2.0, 3.0, 4.0]]}),
    "iris inputs of one row": ask("iris", {"inputs": ROW}),
    "iris missing column": ask("iris", records({"a": 1.0, "b": 2.0})),
    "iris extra column": ask("iris", records({**ROW, "e": 5.0})),
    "iris text for a number": ask("iris", records({**ROW, "c": "three"})),
    "iris whole numbers": ask("iris", records({"a": 5, "b": 2, "c": 3, "d": 4})),
    "iris some whole numbers": ask("iris", records({"a": 1.5, "b": 2, "c": 3.5, "d": 4})),
    "iris null": ask("iris", records({**ROW, "c": None})),
    "iris NaN": Ask("iris", '{"dataframe_records": [{"a": NaN, "b": 1.0, "c": 1.0, "d": 1.0}]}'),
    "iris true": ask("iris", records({**ROW, "c": True})),
    "iris list for a number": ask("iris", records({**ROW, "c": [1.0]})),
    "iris params": ask("iris", records(ROW, params={"x": 1})),
    "iris params of a list": ask("iris", records(ROW, params=[1])),
    "iris params null": ask("iris", records(ROW, params=None)),
    "no JSON": Ask("iris", "{not json"),
    "JSON cut off": Ask("iris", '{"dataframe_records": [{"a": 1'),
    "empty body": Ask("iris", ""),
    "JSON list": Ask("iris", "[1, 2]"),
    "JSON null": Ask("iris", "null"),
    "JSON text": Ask("iris", '"x"'),
    "JSON number": Ask("iris", "1"),
    "JSON empty object": Ask("iris", "{}"),
    "JSON not UTF-8": Ask("iris", b'{"dataframe_records": [{"a": "\xff"}]}'),
    "JSON with a byte order mark": Ask("iris", b"\xef\xbb\xbf" + json.dumps(records(ROW)).encode()),
    "JSON with a key twice": Ask("iris", '{"instances": 1, "dataframe_records": [], "instances": 2}'),
    "two formats": ask("iris", {**records(ROW), "instances": [ROW]}),
    "no format": ask("iris", {"data": [ROW]}),
    "format and more keys": ask("iris", {**records(ROW), "more": 1}),
    "params only": ask("iris", {"params": {}}),
    "MLflow 1 split": ask("iris", {"columns": list(ROW), "data": [list(ROW.values())]}),
    "messages": ask("iris", {"messages": [{"role": "user", "content": "hello"}]}),
    "input": ask("iris", {"input": [{"role": "user", "content": "hello"}]}),
    "prompt": ask("iris", {"prompt": "hello"}),
    "charset": Ask("iris", json.dumps(records(ROW)), "application/json; charset=utf-8"),
    "charset in capitals": Ask("iris", json.dumps(records(ROW)), "application/json; charset=UTF-8"),
    "charset quoted": Ask("iris", json.dumps(records(ROW)), 'application/json; charset="utf-8"'),
    "charset latin": Ask("iris", json.dumps(records(ROW)), "application/json; charset=latin-1"),
    "format parameter": Ask("iris", json.dumps(records(ROW)), "application/json; format=pandas-records"),
    "content type in capitals": Ask("iris", json.dumps(records(ROW)), "Application/JSON"),
    "no content type": Ask("iris", json.dumps(records(ROW)), None),
    "unknown content type": Ask("iris", "x", "text/plain"),
    "form": Ask("iris", "a=1", "application/x-www-form-urlencoded"),
    "empty content type": Ask("iris", "x", ""),
    "large split": ask("iris", split(list(ROW), *([n % 7 - 3.0, n % 5 - 2.0, 0.5, 0.25] for n in range(2000)))),
    "parquet": Ask("iris", parquet(a=[1.0, -1.0], b=[2.0, -2.0], c=[3.0, 3.0], d=[4.0, 4.0]), PARQUET),
    "parquet broken": Ask("iris", b"PAR1PAR1", PARQUET),
    "csv": Ask("iris", "a,b,c,d\n1.0,2.0,3.0,4.0\n-1.0,-2.0,3.0,4.0\n", CSV),
    "csv of whole numbers": Ask("iris", "a,b,c,d\n1,2,3,4\n", CSV),
    "csv in Windows lines": Ask("iris", "a,b,c,d\r\n1.0,2.0,3.0,4.0\r\n", CSV),
    "csv with charset": Ask("iris", "a,b,c,d\n1.0,2.0,3.0,4.0\n", "text/csv; charset=utf-8"),
    "csv head only": Ask("iris", "a,b,c,d\n", CSV),
    "csv empty": Ask("iris", "", CSV),
    "csv missing column": Ask("iris", "a,b\n1.0,2.0\n", CSV),
    "csv text for a number": Ask("iris", "a,b,c,d\n1.0,2.0,three,4.0\n", CSV),
    "csv ragged": Ask("iris", "a,b,c,d\n1.0,2.0,3.0,4.0\n1,2,3,4,5,6\n", CSV),
    "csv not UTF-8": Ask("iris", b"a,b,c,d\n\xff,2,3,4\n", CSV),
}
TOLD = {
    "told records": ask("told", records(MIXED)),
    "told records that differ": ask("told", records({"a": 1}, {"b": "x"})),
    "told records of integers and null": ask("told", records({"a": 1}, {"a": None})),
    "told split": ask("told", split(list(MIXED), list(MIXED.values()))),
    "told split with index": ask("told", split(["a"], [1], [2], index=["x", "y"])),
    "told split with whole columns": ask("told", split([0, 1], [1, 2.5])),
    "told split twice the column": ask("told", split(["a", "a"], [1, 2])),
    "told split times": ask(
        "told", split(["timestamp", "date", "created_at"], ["2026-01-02", "2026-01-02", 1700000000])
    ),
    "told split numbers in text": ask("told", split(["a"], ["1"], ["2"])),
    "told split large numbers": ask("told", split(["a", "b"], [2**53 + 1, 0.1], [2**62, 1e300])),
    "told split huge numbers": ask("told", split(["a"], [2**70])),
    "told records huge numbers": ask("told", records({"a": 2**70})),
    "told split precise": ask("told", split(["a"], [0.1234567890123456789], [1e-320])),
    "told instances of numbers": ask("told", {"instances": [1, 2, 3]}),
    "told instances of lists": ask("told", {"instances": [[1, 2], [3, 4]]}),
    "told instances of floats": ask("told", {"instances": [[1.5, 2], [3, 4]]}),
    "told instances ragged": ask("told", {"instances": [[1, 2], [3]]}),
    "told instances of texts": ask("told", {"instances": ["a", "b"]}),
    "told instances of dictionaries": ask("told", {"instances": [{"a": 1, "b": [1, 2]}, {"a": 2, "b": [3, 4]}]}),
    "told instances of unlike dictionaries": ask("told", {"instances": [{"a": 1}, {"b": 2}]}),
    "told instances of a number": ask("told", {"instances": 1}),
    "told instances of text": ask("told", {"instances": "a"}),
    "told instances of a dictionary": ask("told", {"instances": {"a": [1, 2]}}),
    "told instances empty": ask("told", {"instances": []}),
    "told instances null": ask("told", {"instances": None}),
    "told instances mixed": ask("told", {"instances": [1, "a"]}),
    "told instances with null": ask("told", {"instances": [1, None]}),
    "told inputs of numbers": ask("told", {"inputs": [1, 2, 3]}),
    "told inputs of lists": ask("told", {"inputs": [[1.5, 2], [3, 4]]}),
    "told inputs of a dictionary": ask("told", {"inputs": {"a": [1, 2], "b": ["x", "y"]}}),
    "told inputs of unlike lengths": ask("told", {"inputs": {"a": [1, 2], "b": ["x"]}}),
    "told inputs of scalars": ask("told", {"inputs": {"a": 1, "b": "x"}}),
    "told inputs of a number": ask("told", {"inputs": 1}),
    "told inputs of text": ask("told", {"inputs": "a"}),
    "told inputs of dictionaries": ask("told", {"inputs": [{"a": 1}, {"a": 2}]}),
    "told inputs null": ask("told", {"inputs": None}),
    "told records null": ask("told", {"dataframe_records": None}),
    "told split null": ask("told", {"dataframe_split": None}),
    "told csv": Ask("told", "i,f,s,b,n,t\n1,1.5,a,true,,2026-01-02\n2,2.5,007,false,NA,x\n", CSV),
    "told csv quoted": Ask("told", 'a,b\n"x, y","line\nbreak"\n', CSV),
    "told csv with leading zeros": Ask("told", "a\n007\n", CSV),
    "told csv without name": Ask("told", ",a\n0,1\n", CSV),
    "told csv twice the column": Ask("told", "a,a\n1,2\n", CSV),
    "told params": ask("told", records({"a": 1}, params={"x": 1})),
}
TYPES = {
    "typed records": ask("typed", records(TYPED)),
    "typed split": ask("typed", split(list(TYPED), list(TYPED.values()))),
    "typed instances": ask("typed", {"instances": [TYPED]}),
    "typed inputs": ask("typed", {"inputs": {name: [value] for name, value in TYPED.items()}}),
    "typed csv": Ask("typed", f"{','.join(TYPED)}\n{','.join(map(str, TYPED.values()))}\n", CSV),
    "typed with the optional one": ask("typed", records({**TYPED, "maybe": 1.5}, {**TYPED, "maybe": None})),
    "typed floats of whole numbers": ask("typed", records({**TYPED, "float": 1, "double": 3})),
    "typed large for an integer": ask("typed", records({**TYPED, "integer": 2**40})),
    "typed fraction for a long": ask("typed", records({**TYPED, "long": 1.5})),
    "typed whole fraction for a long": ask("typed", records({**TYPED, "long": 1.0})),
    "typed text for a long": ask("typed", records({**TYPED, "long": "2"})),
    "typed null for a long": ask("typed", records({**TYPED, "long": None})),
    "typed null for a text": ask("typed", records({**TYPED, "string": None})),
    "typed number for a text": ask("typed", records({**TYPED, "string": 5})),
    "typed number for a boolean": ask("typed", records({**TYPED, "boolean": 1})),
    "typed text for a boolean": ask("typed", records({**TYPED, "boolean": "true"})),
    "typed date": ask("typed", records({**TYPED, "datetime": "2026-01-02"})),
    "typed time with zone": ask("typed", records({**TYPED, "datetime": "2026-01-02T03:04:05+02:00"})),
    "typed number for a time": ask("typed", records({**TYPED, "datetime": 1700000000000})),
    "typed no time": ask("typed", records({**TYPED, "datetime": "yesterday"})),
    "typed no base64": ask("typed", records({**TYPED, "binary": "§"})),
    "typed text for base64": ask("typed", records({**TYPED, "binary": "abc"})),
    "nested": ask("nested", records({"list": [1.0, 2.0], "object": {"k": 1}})),
    "nested split": ask("nested", split(["list", "object"], [[1.0, 2.0], {"k": 1}])),
    "nested wrong": ask("nested", records({"list": ["x"], "object": {"k": 1}})),
    "nested without key": ask("nested", records({"list": [1.0], "object": {}})),
    "matrix inputs": ask("matrix", {"inputs": [[1.0, 2.0], [3.0, 4.0]]}),
    "matrix instances": ask("matrix", {"instances": [[1.0, 2.0], [3.0, 4.0]]}),
    "matrix whole numbers": ask("matrix", {"inputs": [[1, 2], [3, 4]]}),
    "matrix of another shape": ask("matrix", {"inputs": [[1.0, 2.0, 3.0]]}),
    "matrix of texts": ask("matrix", {"inputs": [["a", "b"]]}),
    "matrix ragged": ask("matrix", {"inputs": [[1.0, 2.0], [3.0]]}),
    "matrix split": ask("matrix", split(["a", "b"], [1.0, 2.0])),
    "matrix csv": Ask("matrix", "a,b\n1.0,2.0\n", CSV),
    "matrix null": ask("matrix", {"inputs": [[1.0, None]]}),
    "arrays inputs": ask("arrays", {"inputs": {"a": [[1.5, 2.0]], "b": [3]}}),
    "arrays instances": ask("arrays", {"instances": [{"a": [1.5, 2.0], "b": 3}, {"a": [2.5, 3.0], "b": 4}]}),
    "arrays missing": ask("arrays", {"inputs": {"a": [[1.5, 2.0]]}}),
    "arrays extra": ask("arrays", {"inputs": {"a": [[1.5, 2.0]], "b": [3], "c": [1]}}),
    "arrays split": ask("arrays", split(["a", "b"], [[1.5, 2.0], 3])),
    "shouted inputs": ask("shouted", {"inputs": ["a", "b"]}),
    "shouted instances": ask("shouted", {"instances": ["a", "b"]}),
    "shouted wrong": ask("shouted", {"inputs": [1]}),
    "shouted split": ask("shouted", split(["x"], ["a"])),
    "shouted records": ask("shouted", records({"x": "a"})),
    "shouted text": ask("shouted", {"inputs": "a"}),
}
PARAMS = {
    "params defaults": ask("params", X),
    "params all": ask(
        "params",
        {
            **X,
            "params": {
                "n": 2,
                "rate": 0.25,
                "mode": "slow",
                "stop": ["a", "b"],
                "since": "2026-02-03T00:00:00",
                "exact": True,
            },
        },
    ),
    "params widened": ask("params", {**X, "params": {"rate": 1}}),
    "params null": ask("params", {**X, "params": None}),
    "params one null": ask("params", {**X, "params": {"n": None}}),
    "params empty": ask("params", {**X, "params": {}}),
    "params unknown": ask("params", {**X, "params": {"other": 1}}),
    "params wrong type": ask("params", {**X, "params": {"n": "two"}}),
    "params two wrong": ask("params", {**X, "params": {"n": 1.5, "exact": "yes"}}),
    "params scalar for a list": ask("params", {**X, "params": {"stop": "a"}}),
    "params list for a scalar": ask("params", {**X, "params": {"n": [1]}}),
    "params no time": ask("params", {**X, "params": {"since": "yesterday"}}),
    "params text": ask("params", {**X, "params": "x"}),
    "params list": ask("params", {**X, "params": [1]}),
    "params csv": Ask("params", "x\n1.0\n", CSV),
}
KINDS = (
    "nan", "nan array", "nan frame", "ints", "floats", "bools", "matrix", "texts", "objects", "bytes", "bytes array",
    "times", "days", "timestamps", "datetimes", "time of day", "timedelta", "series", "nameless series", "frame",
    "frame of times", "frame of lists", "frame of integers that lack", "dict", "dict of frame", "list of dicts",
    "list of arrays",
    "tuple", "number", "numpy number", "text", "none", "set", "decimal", "complex", "object", "int keys", "fault",
    "key fault", "value fault", "unknown",
)  # fmt: skip
ANSWERS = {f"answer {kind}": ask("answered", records({"kind": kind})) for kind in KINDS}
EXCHANGES: dict[str, Ask] = {**PATHS, **IRIS, **TOLD, **TYPES, **PARAMS, **ANSWERS}
