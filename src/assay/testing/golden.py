"""Recorded exchanges with a tracking server, played to another one: what differs is told.

A scenario is a JSON file with exchanges, each with a name, a request and the answer it got from an empty server. What a
server chooses by itself stands in them as `<run-1>`, `<model-1>`, `<name-1>`, `<page-1>`, `<user-1>`, numbered by first
appearance, and `<time>`. In requests, `<text:300>` is a text of 300 characters, and `{"<repeat>": 101, "item": ...}` a
list of 101 items in which `<i>` counts.
"""

from __future__ import annotations

import base64
import http.client
import json
import re
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlencode

import msgspec

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = re.compile(r"<text:(\d+)>")
_WIDE_FILENAME = re.compile(r"filename\*=UTF-8''([^;]+)")
_FILENAME = re.compile(r'filename="?([^";]+)')
_LONG = re.compile(r"x{200,}")
_PLACEHOLDER = re.compile(r"<(?:run|model|name|page|user|role|grant|member)-\d+>")
_NUMBER = re.compile(r'"(<(?:user|role|grant|member)-\d+>)"')
"""Placeholders of numbers, which stand in requests without quotes."""
_NUMBERED = {
    **dict.fromkeys(("user", "users", "user_id"), "user"),
    **dict.fromkeys(("role", "roles", "role_id"), "role"),
    **dict.fromkeys(("role_permission", "role_permissions", "permissions"), "grant"),
    **dict.fromkeys(("assignment", "assignments"), "member"),
}
"""Whose number a field is, or the `id` within it."""
_CHOSEN = (
    ("user", re.compile(r"(?<=\b__user_)\d+(?=__)")),
    ("model", re.compile(r"(?<![\w])m-[0-9a-f]{32}(?![0-9a-f])")),
    ("run", re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")),
    ("name", re.compile(r"\b[a-z]+-[a-z]+-\d{1,3}\b")),
)
_TIMES = {
    *("creation_time", "last_update_time", "creation_timestamp", "last_updated_timestamp"),
    *("creation_timestamp_ms", "last_updated_timestamp_ms"),
}
_UNORDERED = {"tags", "params", "aliases", "data.metrics", "dataset_summaries", "users", "roles"}
_LAST = ("data", "metrics")
_NOTHING_MADE: tuple[str, dict[str, Any]] = ("outputs", {})
"""MLflow's server tells it in some answers and leaves it out of others."""
_HEADERS = ("content-disposition", "accept-ranges", "content-range")
ADMIN = "admin"
_PAUSE_SECONDS = 0.002
"""Between requests: what is made one after the other shall have times that differ."""


class Request(msgspec.Struct, omit_defaults=True):
    """A request: `query` gives names and values in order; `json` is a body as JSON, `text` one as it is.

    `user` is who asks, with `password_of(user)` unless another `password` is given; nobody, when empty.
    """

    method: str
    path: str
    user: str = ""
    password: str = ""
    query: list[tuple[str, str]] = []
    json: Any = msgspec.UNSET
    text: str | None = None
    content_type: str | None = "application/json"


class Answer(msgspec.Struct, omit_defaults=True):
    """An answer, normalised. Of an error answer only the code is kept: messages are each server's own."""

    status: int
    type: str = ""
    headers: dict[str, str] = {}
    json: Any = msgspec.UNSET
    text: str | None = None


class Exchange(msgspec.Struct):
    """A request and its answer, under a name that tells what is shown."""

    name: str
    request: Request
    answer: Answer | None = None


class Scenario(msgspec.Struct):
    """Exchanges in order, of which the first finds an empty server.

    Attributes:
        mlflow: The version of MLflow whose answers these are.
        users: Whether the server asks who asks; the administrator `ADMIN` is there, and nothing is granted by default.
    """

    mlflow: str
    users: bool
    exchanges: list[Exchange]


def password_of(user: str) -> str:
    """The password that a user of a scenario has."""
    return f"the words of {user}"


def load(path: Path) -> Scenario:
    """A scenario from its file."""
    return msgspec.json.decode(path.read_bytes(), type=Scenario)


def dump(path: Path, scenario: Scenario) -> None:
    """Write a scenario to its file, a line for each exchange."""
    first, users = json.dumps(scenario.mlflow), json.dumps(scenario.users)
    lines = [json.dumps(msgspec.to_builtins(one), ensure_ascii=False) for one in scenario.exchanges]
    text = f'{{"mlflow": {first}, "users": {users}, "exchanges": [\n' + ",\n".join(lines) + "\n]}\n"
    path.write_text(text, encoding="utf-8")


class Player:
    """Plays requests to the server at `host` and `port`, and normalises its answers."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._values: dict[str, str] = {}
        self._placeholders: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def play(self, request: Request) -> Answer:
        """The server's answer, with placeholders for what it chose."""
        time.sleep(_PAUSE_SECONDS)
        path = self._filled(request.path)
        if request.query:
            pairs = [(name, _expanded_text(self._filled(value))) for name, value in request.query]
            path = f"{path}?{urlencode(pairs)}"
        headers = {"Content-Type": request.content_type} if request.content_type else {}
        if request.user:
            pair = f"{request.user}:{request.password or password_of(request.user)}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        # A connection for each: a server may close the one on which it refused a body without reading it.
        connection = http.client.HTTPConnection(self._host, self._port, timeout=60)
        try:
            connection.request(request.method, path, self._body(request), headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        return self._answer(response, body)

    def _answer(self, response: http.client.HTTPResponse, body: bytes) -> Answer:
        kind = (response.getheader("content-type") or "").partition(";")[0]
        if response.status >= 300:
            return Answer(response.status, json=_error(body))
        if kind == "application/json" or not body:
            return Answer(response.status, json=self._normal(json.loads(body or b"{}")))
        headers = {name: value for name in _HEADERS if (value := response.getheader(name))}
        disposition = headers.get("content-disposition", "")
        if named := _WIDE_FILENAME.search(disposition) or _FILENAME.search(disposition):
            headers["content-disposition"] = f"{disposition.partition(';')[0]}; {unquote(named[1])}"
        return Answer(response.status, kind, headers, text=body.decode())

    def _body(self, request: Request) -> bytes | None:
        if request.text is not None:
            return _expanded_text(self._filled(request.text)).encode()
        if request.json is msgspec.UNSET:
            return None
        text = json.dumps(_expanded(request.json))
        return self._filled(_NUMBER.sub(r"\1", text)).encode()

    def _filled(self, text: str) -> str:
        """The text with what this server chose in place of placeholders; unknown ones stand for something missing."""
        return _PLACEHOLDER.sub(lambda found: self._values.get(found[0], "0" * 32), text)

    def _normal(self, value: Any, name: str = "") -> Any:
        if isinstance(value, dict):
            fields = {
                key: self._normal(item, "data.metrics" if (name, key) == _LAST else name if key == "id" else key)
                for key, item in value.items()
            }
            return {key: item for key, item in fields.items() if (key, item) != _NOTHING_MADE}
        if isinstance(value, list):
            items = [self._normal(item, name) for item in value]
            return sorted(items, key=partial(json.dumps, sort_keys=True)) if name in _UNORDERED else items
        if isinstance(value, int):
            return self._normal_number(value, name)
        if not isinstance(value, str):
            return value
        if name == "next_page_token":
            return self._placeholder("page", value)
        for kind, pattern in _CHOSEN:
            value = pattern.sub(partial(self._chosen, kind), value)
        return _LONG.sub(lambda found: f"<text:{len(found[0])}>", value)

    def _normal_number(self, value: int, name: str) -> Any:
        if name in _NUMBERED:
            return self._placeholder(_NUMBERED[name], str(value))
        return "<time>" if name in _TIMES else value

    def _chosen(self, kind: str, found: re.Match[str]) -> str:
        return self._placeholder(kind, found[0])

    def _placeholder(self, kind: str, value: str) -> str:
        known = self._placeholders.get((kind, value))
        if known is None:
            self._counts[kind] = number = self._counts.get(kind, 0) + 1
            known = self._placeholders[kind, value] = f"<{kind}-{number}>"
            self._values[known] = value
        return known


def _expanded(value: Any) -> Any:
    if isinstance(value, str):
        return _expanded_text(value)
    if isinstance(value, list):
        return [_expanded(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "<repeat>" in value:
        text = json.dumps(_expanded(value["item"]))
        return [json.loads(text.replace("<i>", str(number))) for number in range(value["<repeat>"])]
    return {key: _expanded(item) for key, item in value.items()}


def _expanded_text(text: str) -> str:
    return _TEXT.sub(lambda found: "x" * int(found[1]), text)


def _error(body: bytes) -> Any:
    try:
        return {"error_code": json.loads(body)["error_code"]}
    except (ValueError, KeyError, TypeError):
        return msgspec.UNSET
