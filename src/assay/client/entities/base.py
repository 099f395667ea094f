"""What all entities share: named fields, iteration, dictionaries, and a table in notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from assay.client.entities import notebook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

E = TypeVar("E", bound="Entity")


class Entity(msgspec.Struct):
    """A value with named fields; iterating gives its (name, value) pairs sorted by name."""

    @classmethod
    def from_dictionary(cls: type[E], values: Mapping[str, Any]) -> E:  # noqa: PYI019 -- typing.Self needs Python 3.11
        """The entity with these fields; others are ignored.

        Raises:
            TypeError: a field without a default is missing.
        """
        return cls(**{name: values[name] for name in cls.__struct_fields__ if name in values})

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        for name in sorted(self.__struct_fields__):
            yield name, getattr(self, name)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self)
        return f"<{type(self).__name__}: {fields}>"

    def to_dictionary(self) -> dict[str, Any]:
        """The fields by name."""
        return dict(self)

    def _repr_html_(self) -> str:
        return notebook.fields(type(self).__name__, dict(self))


class Pair(Entity):
    """A key with a text."""

    key: str
    value: str


def by_key(given: Any) -> dict[str, str]:
    """A dictionary from one, or from entities with `key` and `value`; empty for None."""
    if isinstance(given, dict):
        return given
    return {pair.key: pair.value for pair in given or ()}
