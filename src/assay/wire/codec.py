"""MLflow's JSON dialect, in one place.

The fast path decodes straight into the message. What it refuses is decoded once more, leniently: invalid JSON counts
as `{}`, a text that holds JSON is opened, `null` counts as absent, lowerCamelCase names are understood. Non-finite
numbers travel as the texts `NaN`, `Infinity` and `-Infinity`.
"""

from __future__ import annotations

import json
import math
import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints
from urllib.parse import parse_qs

import msgspec

from assay.core.errors import InvalidParameterValue
from assay.wire.base import Message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

T = TypeVar("T", bound=Message)

_ENCODER = msgspec.json.Encoder()
_CAMEL_NAME = re.compile(rb'"[a-z]+[A-Z][A-Za-z]*"\s*:')
_CAMEL_SCAN_LIMIT = 4096
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`(?: - at `\$(?P<path>.*)`)?")
_LOCATED = re.compile(r"(?P<reason>.*) - at `\$(?P<path>.*)`", re.DOTALL)


def encode(message: Message) -> bytes:
    """The JSON body of a message: snake_case names, absent fields left out, non-finite numbers as text.

    Raises:
        InvalidParameterValue: a text cannot be written, because it is no valid Unicode.
    """
    try:
        body = _ENCODER.encode(message)
    except UnicodeEncodeError as error:
        raise _no_unicode(error) from error
    if b"null" in body and not message.nullable:
        return _ENCODER.encode(_spell_out(msgspec.to_builtins(message)))
    return body


def decode(body: bytes | memoryview, kind: type[T], in_path: Mapping[str, str] | None = None) -> T:
    """The message of type `kind` in a JSON body; `in_path` are the fields that its address says, which count more.

    Raises:
        InvalidParameterValue: a required parameter is missing or a value is of the wrong type; names the parameter.
    """
    if in_path:
        return _convert({**_snake(_parse(bytes(body)), kind, ""), **in_path}, kind)
    try:
        message: T = decoder(kind).decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # the last for a body that is nested too deeply
        return _decode_leniently(bytes(body), kind)
    if len(body) < _CAMEL_SCAN_LIMIT and _CAMEL_NAME.search(body):
        return _decode_leniently(bytes(body), kind)
    _check_texts(message)
    return message


def parse_query(query: bytes) -> dict[str, list[str]]:
    """The values of each key in a query string.

    Raises:
        InvalidParameterValue: one is no Unicode; replaced, it would be the name of something else.
    """
    try:
        return parse_qs(query.decode("latin-1"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise InvalidParameterValue("A value in the query of the address is no UTF-8.") from error


def decode_query(query: Mapping[str, Sequence[str]], kind: type[T], in_path: Mapping[str, str] | None = None) -> T:
    """The message of type `kind` in a parsed query string: repeated keys make lists, the first one wins elsewhere.

    `in_path` are the fields that its address says, which count more.
    """
    names, lists = _field_names(kind)
    values = {
        names[key]: list(given) if names[key] in lists else given[0] for key, given in query.items() if key in names
    }
    return _convert({**values, **(in_path or {})}, kind)


def decode_answer(body: bytes, kind: type[T]) -> T:
    """The message of type `kind` in a server's answer; an empty body counts as `{}`."""
    message: T = decoder(kind).decode(body or b"{}")
    return message


@cache
def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The cached JSON decoder of a message type; numbers may come as text."""
    return msgspec.json.Decoder(kind, strict=False)


def number_as_json(value: float) -> float | str:
    """A number as JSON can carry it: non-finite ones as text."""
    if math.isfinite(value):
        return value
    if math.isnan(value):
        return "NaN"
    return "Infinity" if value > 0 else "-Infinity"


def numbers_as_json(values: Sequence[float]) -> Sequence[float | str]:
    """Numbers as JSON can carry them: non-finite ones as text."""
    if math.isfinite(sum(values)):
        return values
    return [number_as_json(value) for value in values]


def _spell_out(value: Any) -> Any:
    if isinstance(value, float):
        return number_as_json(value)
    if isinstance(value, list):
        return [_spell_out(item) for item in value]
    if isinstance(value, dict):
        return {key: _spell_out(item) for key, item in value.items() if item is not None}
    return value


def _decode_leniently(body: bytes, kind: type[T]) -> T:
    return _convert(_snake(_parse(body), kind, ""), kind)


def _parse(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
        if isinstance(value, str):
            value = json.loads(value)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _convert(values: dict[str, Any], kind: type[T]) -> T:
    try:
        message = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _explain(str(error), values) from error
    except UnicodeEncodeError as error:
        raise _no_unicode(error) from error
    _check_texts(message)
    return message


def _no_unicode(error: UnicodeEncodeError) -> InvalidParameterValue:
    return InvalidParameterValue(
        f"The text {error.object[:100]!r} is no valid Unicode: it holds a lone surrogate. Give another."
    )


def _explain(reason: str, values: dict[str, Any]) -> InvalidParameterValue:
    missing = _MISSING.fullmatch(reason)
    if missing:
        path = f"{missing['path'] or ''}.{missing['field']}".lstrip(".")
        return missing_parameter(path)
    located = _LOCATED.fullmatch(reason)
    if not located:
        return InvalidParameterValue(f"Invalid request: {reason}.")
    path = located["path"].lstrip(".")
    value = _at(values, path)
    return InvalidParameterValue(f"Invalid value {value!r} for parameter '{path}' supplied: {located['reason']}.")


def missing_parameter(name: str) -> InvalidParameterValue:
    """The error for a required parameter that is absent or empty."""
    return InvalidParameterValue(f"Missing value for required parameter '{name}'. Add it to the request.")


def _at(values: Any, path: str) -> Any:
    for part in re.findall(r"[^.\[\]]+", path):
        try:
            values = values[int(part)] if isinstance(values, list) else values[part]
        except (KeyError, IndexError, ValueError, TypeError):
            return None
    text = repr(values)
    return values if len(text) <= 200 else f"{text[:200]}..."


def _check_texts(message: Message) -> None:
    for name in _required_texts(type(message)):
        if getattr(message, name) == "":
            raise missing_parameter(name)


@cache
def _required_texts(kind: type[Message]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.required and field.type is str)


@cache
def _field_names(kind: type[Message]) -> tuple[dict[str, str], frozenset[str]]:
    """Accepted spelling to field name, and the names of list fields."""
    names: dict[str, str] = {}
    lists: set[str] = set()
    for field in msgspec.structs.fields(kind):
        head, *rest = field.name.split("_")
        names[field.name] = field.name
        names[head + "".join(part.capitalize() for part in rest)] = field.name
        if "list[" in str(field.type):
            lists.add(field.name)
    return names, frozenset(lists)


@cache
def _nested(kind: type[Message]) -> dict[str, type[Message]]:
    nested: dict[str, type[Message]] = {}
    for name, hint in get_type_hints(kind).items():
        for found in _types_in(hint):
            if isinstance(found, type) and issubclass(found, Message):
                nested[name] = found
    return nested


def _types_in(hint: Any) -> list[Any]:
    return [hint, *(inner for argument in get_args(hint) for inner in _types_in(argument))]


def _snake(values: dict[str, Any], kind: type[Message], where: str) -> dict[str, Any]:
    """`values` under field names: unknown names and nulls dropped, nested messages too."""
    names, _ = _field_names(kind)
    result: dict[str, Any] = {}
    for given, value in values.items():
        name = names.get(given)
        if name is None or value is None:
            continue
        if name in result:
            raise InvalidParameterValue(f"Parameter '{where}{name}' is given under two spellings. Send it once.")
        result[name] = value
    for name, inner in _nested(kind).items():
        value = result.get(name)
        if isinstance(value, list):
            result[name] = [
                _snake(item, inner, f"{where}{name}.") if isinstance(item, dict) else item for item in value
            ]
        elif isinstance(value, dict):
            result[name] = _snake(value, inner, f"{where}{name}.")
    return result
