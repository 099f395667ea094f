"""The table of operations as an OpenAPI 3.1 document.

It says what a careful client may send and what comes back. The server understands more than that: the looser spellings
of MLflow's dialect, see `wire/codec.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from assay.wire.base import Message
from assay.wire.operations import OPERATIONS, TRANSFERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from assay.wire.base import Operation

Schema = dict[str, Any]

_REFERENCE = "#/components/schemas/{name}"
_FLOAT: Schema = {
    "description": "A number; those that JSON cannot express travel as text.",
    "anyOf": [{"type": "number"}, {"enum": ["NaN", "Infinity", "-Infinity"]}],
}
_BYTES: Schema = {"*/*": {"schema": {"type": "string", "format": "binary"}}}
_PARTS = {"200": "The bytes of the file.", "206": "The bytes of a range.", "304": "The file has not changed."}
_LONG: Schema = {
    "type": "integer",
    "format": "int64",
    "minimum": -(2**63),
    "maximum": 2**63 - 1,
}


class Failure(Message):
    """Why a request was refused: a code that programs read, and a sentence for people."""

    error_code: str
    message: str
    sqlstate: str = ""
    error_class: str = ""


def openapi(*, version: str) -> Schema:
    """The document for the API as this version of Assay serves it under `/api/`.

    Example:
        >>> document = openapi(version="1.0")
        >>> document["paths"]["/api/2.0/mlflow/runs/get"]["get"]["operationId"]
        'getRun'
    """
    operations = sorted((*OPERATIONS.values(), *TRANSFERS.values()), key=lambda operation: operation.path)
    kinds = [kind for one in operations for kind in (one.request, one.returns)]
    _, components = msgspec.json.schema_components([*dict.fromkeys(kinds), Failure], ref_template=_REFERENCE)
    components = {name: _plain(schema) for name, schema in components.items()}
    paths: dict[str, Schema] = {}
    for one in operations:
        path = one.path if one.path.startswith("/") else f"/api/{one.path}"
        entry = paths.setdefault(path.replace("*}", "}"), {})
        for method in one.methods:
            entry[method.lower()] = _operation(one, method, components)
    needed = _needed(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Assay",
            "version": version,
            "description": "Record, find and compare machine-learning experiments. Speaks MLflow's protocol.",
        },
        "paths": paths,
        "components": {
            "schemas": {
                "Float": _FLOAT,
                "Long": _LONG,
                **{name: components[name] for name in sorted(needed)},
            }
        },
    }


def _operation(operation: Operation, method: str, components: Mapping[str, Schema]) -> Schema:
    summary = " ".join((operation.request.__doc__ or "").split("\n\n")[0].split())
    request = components[operation.request.__name__]
    in_path = list(operation.variables)
    entry: Schema = {
        # A method beside the client's own needs a name of its own.
        "operationId": operation.name if method == operation.method else f"{operation.name}By{method.capitalize()}",
        "summary": summary,
        "parameters": [_parameter(name, "path", request["properties"][name], required=True) for name in in_path],
        "responses": {
            "200": _content("The answer.", operation.returns.__name__),
            "default": _content("The request was refused; nothing was changed.", Failure.__name__),
        },
    }
    carries = operation.request in TRANSFERS
    if carries and operation.writes:
        entry["responses"]["200"] = {"description": "It is stored."}
    elif carries:
        entry["responses"] |= {status: {"description": text, "content": _BYTES} for status, text in _PARTS.items()}
    if carries or method == "GET":
        required = request.get("required", ())
        entry["parameters"] += [
            _parameter(name, "query", schema, required=name in required)
            for name, schema in request.get("properties", {}).items()
            if name not in in_path
        ]
    if carries and operation.writes:
        entry["requestBody"] = {"content": _BYTES}
    elif method != "GET" and not carries:
        entry["requestBody"] = {"required": True, **_body(operation, request, in_path)}
    return entry


def _body(operation: Operation, request: Schema, in_path: list[str]) -> Schema:
    """What is sent besides the variables of the path."""
    if not in_path:
        return {"content": {"application/json": {"schema": _reference(operation.request.__name__)}}}
    schema = {
        **request,
        "properties": {name: one for name, one in request["properties"].items() if name not in in_path},
        "required": [name for name in request.get("required", ()) if name not in in_path],
    }
    return {"content": {"application/json": {"schema": schema}}}


def _parameter(name: str, place: str, schema: Schema, *, required: bool) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": _without_null(schema)}


def _without_null(schema: Schema) -> Schema:
    """What a query string can say: an absent value is left out."""
    choices = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if not choices:
        return {name: value for name, value in schema.items() if name != "default" or value is not None}
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _content(description: str, name: str) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": _reference(name)}}}


def _reference(name: str) -> Schema:
    return {"$ref": _REFERENCE.format(name=name)}


def _plain(schema: Any) -> Any:
    """A schema of msgspec's in our words: numbers as they travel, integers of 64 bits."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("type") == "number":
        return _reference("Float")
    if schema.get("type") == "integer":
        return _reference("Long")
    return {name: _plain(value) for name, value in schema.items()}


def _needed(paths: Schema, components: Mapping[str, Schema]) -> set[str]:
    """The components that the paths refer to, at once or through others."""
    found: set[str] = set()
    waiting = list(_references(paths))
    while waiting:
        name = waiting.pop()
        if name in components and name not in found:
            found.add(name)
            waiting += _references(components[name])
    return found


def _references(schema: Any) -> Iterable[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from _references(one)
    elif isinstance(schema, dict):
        for name, value in schema.items():
            if name == "$ref":
                yield value.rsplit("/", 1)[-1]
            else:
                yield from _references(value)
