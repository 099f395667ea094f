"""Pages of results."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from assay.client.entities import notebook

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class PagedList(list[T]):
    """A page of results; `token` asks for the next page, None when there is none."""

    def __init__(self, items: Iterable[T], token: str | None) -> None:
        super().__init__(items)
        self.token = token

    def to_list(self) -> list[T]:
        """The items as a plain list."""
        return list(self)

    def _repr_html_(self) -> str:
        lines = [_line(item) for item in self]
        columns = list(dict.fromkeys(name for line in lines for name in line))
        cells = [[notebook.text(line.get(name, ""), name) for name in columns] for line in lines]
        more = "<div><i>There is a next page: pass its token.</i></div>" if self.token else ""
        return f"<div>{len(self)} found{notebook.table(columns, cells)}{more}</div>"


def _line(item: object) -> dict[str, object]:
    summary = getattr(item, "summary", None)
    if callable(summary):
        found: dict[str, object] = summary()
        return found
    pairs = dict(item) if hasattr(item, "__iter__") and hasattr(item, "to_dictionary") else {"": item}
    return {name: value for name, value in pairs.items() if value is None or isinstance(value, str | int | float)}
