"""Write what is made from the wire protocol: `ui/src/api/generated.ts`; with `--check`, say whether it is stale."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec.inspect as inspect_types

from assay.wire.operations import OPERATIONS, Operation

if TYPE_CHECKING:
    from assay.wire.base import Message

TARGET = Path(__file__).parents[1] / "ui/src/api/generated.ts"

HEADER = """\
// Made from assay.wire by tools/gen.py; change the messages there and run it again.

/** A number; those that JSON cannot carry travel as text. */
export type Float = number | "NaN" | "Infinity" | "-Infinity";
"""

_NAMES: dict[type[inspect_types.Type], str] = {
    inspect_types.StrType: "string",
    inspect_types.BytesType: "string",
    inspect_types.BoolType: "boolean",
    inspect_types.IntType: "number",
    inspect_types.FloatType: "Float",
    inspect_types.NoneType: "null",
    inspect_types.AnyType: "unknown",
}


def main() -> int:
    """Write the file, or compare it when called with `--check`; the exit status is 1 when it was stale there."""
    text = generate()
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{TARGET} is stale: run tools/gen.py and commit the result.\n")
    return 1


def generate() -> str:
    """The TypeScript of every message that an operation takes or gives, and the table of operations."""
    operations = sorted(OPERATIONS.values(), key=lambda operation: operation.name)
    interfaces = "\n".join(_interface(kind) for kind in _reachable(operations))
    return f"{HEADER}\n{interfaces}\n{_table(operations)}\n{_types(operations)}"


def _reachable(operations: list[Operation]) -> list[type[Message]]:
    waiting: list[type[Message]] = [kind for item in operations for kind in (item.request, item.returns)]
    found: dict[str, type[Message]] = {}
    while waiting:
        kind = waiting.pop()
        if found.setdefault(kind.__name__, kind) is not kind:
            raise SystemExit(f"Two messages are called {kind.__name__}; rename one of them.")
        nested = [part for field in _fields(kind) for part in _structs(field.type)]
        waiting.extend(part for part in nested if part.__name__ not in found)
    return [found[name] for name in sorted(found)]


def _fields(kind: type[Message]) -> tuple[inspect_types.Field, ...]:
    info = inspect_types.type_info(kind)
    assert isinstance(info, inspect_types.StructType)  # noqa: S101 -- a message is a struct
    return info.fields


def _structs(kind: inspect_types.Type) -> list[Any]:
    match kind:
        case inspect_types.StructType(cls=cls):
            return [cls]
        case inspect_types.ListType(item_type=item):
            return _structs(item)
        case inspect_types.DictType(value_type=value):
            return _structs(value)
        case inspect_types.UnionType(types=types):
            return [found for part in types for found in _structs(part)]
    return []


def _interface(kind: type[Message]) -> str:
    sparse = kind.__struct_config__.omit_defaults
    lines = [
        f"  {field.encode_name}{'' if field.required or not sparse else '?'}: {_typescript(field.type)};"
        for field in _fields(kind)
    ]
    summary = (kind.__doc__ or "").strip().splitlines()[0]
    body = "\n".join(lines)
    return f"/** {summary} */\nexport interface {kind.__name__} {{\n{body}\n}}\n" if lines else _empty(kind, summary)


def _empty(kind: type[Message], summary: str) -> str:
    return f"/** {summary} */\nexport type {kind.__name__} = Record<string, never>;\n"


def _typescript(kind: inspect_types.Type) -> str:
    match kind:
        case inspect_types.StructType(cls=cls):
            return str(cls.__name__)
        case inspect_types.ListType(item_type=item):
            return f"Array<{_typescript(item)}>"
        case inspect_types.DictType(value_type=value):
            return f"Record<string, {_typescript(value)}>"
        case inspect_types.UnionType(types=types):
            return " | ".join(dict.fromkeys(_typescript(part) for part in types))
    if type(kind) not in _NAMES:
        raise SystemExit(f"No TypeScript is known for {kind}; add it to tools/gen.py.")
    return _NAMES[type(kind)]


def _table(operations: list[Operation]) -> str:
    rows = "\n".join(f'  {item.name}: {{ method: "{item.method}", path: "{item.path}" }},' for item in operations)
    summary = "/** Method and path (below the API prefix) of every operation. */"
    return f"{summary}\nexport const OPERATIONS = {{\n{rows}\n}} as const;\n"


def _types(operations: list[Operation]) -> str:
    rows = "\n".join(
        f"  {item.name}: {{ request: {item.request.__name__}; response: {item.returns.__name__} }};"
        for item in operations
    )
    return f"/** What every operation takes and gives. */\nexport interface Operations {{\n{rows}\n}}\n"


if __name__ == "__main__":
    sys.exit(main())
