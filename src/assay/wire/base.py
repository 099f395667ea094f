"""`Message`, the `@operation` declaration, and the one table of operations that everything else is made from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import quote

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

M = TypeVar("M", bound="type[Message]")

_VARIABLE = re.compile(r"\{(\w+)(\*?)\}")


class Message(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One typed message. A field without a default is required; MLflow counts an empty text as missing too.

    A default is left out of the JSON; one that a factory makes is written, for readers who count on the field.
    """

    nullable: ClassVar[bool] = False
    """The answer holds nulls on purpose, and its numbers are finite (others are put as text by who makes it)."""


class Empty(Message):
    """An answer that says no more than that it was done."""


@dataclass(frozen=True)
class Operation:
    """What can be asked of Assay: its message, route, answer, and the permission it needs.

    `path` may hold variables, `{model_id}`: fields of the message that travel in the address, one segment each, or
    `{path*}`, which takes all the rest. One that begins with `/` stands outside of the prefixes.
    `access` is `resource:level`, with MLflow's levels (read, use, edit, manage), or `open` for what anyone may ask.
    `search` is what every user may ask, and answers with what this user may read; `append` needs what `edit` needs, and
    is what a run has to do to be recorded.
    `writes` operations run in one write transaction; the others read one consistent snapshot.
    `resources` operations touch files as well as rows and open their own transactions. `quick` ones read a few rows by
    their key.
    """

    request: type[Message]
    name: str
    methods: tuple[str, ...]
    path: str
    returns: type[Message]
    access: str
    writes: bool
    resources: bool = field(default=False)
    quick: bool = field(default=False)

    @property
    def method(self) -> str:
        """The HTTP method that the client uses."""
        return self.methods[0]

    @property
    def resource(self) -> str:
        """The kind of resource that access is asked for."""
        return self.access.partition(":")[0]

    @property
    def level(self) -> str:
        """What is to be done with it; empty for what is open."""
        return self.access.partition(":")[2]

    @property
    def variables(self) -> tuple[str, ...]:
        """The fields of the message that stand in the path, in order."""
        return tuple(name for name, _ in _VARIABLE.findall(self.path))

    def address(self, values: Mapping[str, Any]) -> str:
        """The path with its variables filled in: each value is one segment, whatever characters it holds."""

        def filled(found: re.Match[str]) -> str:
            value = str(values[found[1]])
            return "/".join(map(_segment, value.split("/") if found[2] else [value]))

        return _VARIABLE.sub(filled, self.path)


def _segment(value: str) -> str:
    return value.replace(".", "%2E") if value in (".", "..") else quote(value, safe="")


OPERATIONS: dict[type[Message], Operation] = {}
TRANSFERS: dict[type[Message], Operation] = {}
_READING = ("search", "get-", "presigned-download")


def operation(
    method: str,
    path: str,
    *,
    returns: type[Message] = Empty,
    access: str,
    also: str = "",
    resources: bool = False,
    quick: bool = False,
) -> Callable[[M], M]:
    """Declare a message as an operation: `path` is below `/api/`, under every prefix that MLflow serves.

    Operations under POST write, unless the path's last part begins with `search`, `get-` or `presigned-download`, or it
    says `views`.
    """

    def declare(message: M) -> M:
        reads = method == "GET" or path.rsplit("/", 1)[-1].startswith(_READING) or "/views/" in path
        OPERATIONS[message] = Operation(
            request=message,
            name=_name(message),
            methods=(method, also) if also else (method,),
            path=path,
            returns=returns,
            access=access,
            writes=not reads,
            resources=resources,
            quick=quick,
        )
        return message

    return declare


def transfer(method: str, path: str, *, access: str) -> Callable[[M], M]:
    """Declare a message that carries a file's bytes, in its body or its answer: the server moves them by itself.

    The fields of the message travel in the address. Access is asked for as for every operation.
    """

    def declare(message: M) -> M:
        TRANSFERS[message] = Operation(
            request=message,
            name=_name(message),
            methods=("GET", "HEAD") if method == "GET" else (method,),
            path=path,
            returns=Empty,
            access=access,
            writes=method != "GET",
            resources=True,
        )
        return message

    return declare


def _name(message: type[Message]) -> str:
    return message.__name__[0].lower() + message.__name__[1:]
