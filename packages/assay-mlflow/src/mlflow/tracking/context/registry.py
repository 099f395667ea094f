"""The tags that every run gets: who ran what, from which commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assay.client.context import automatic_tags

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["resolve_tags"]


def resolve_tags(tags: Mapping[str, Any] | None = None, ignore: Any = None) -> dict[str, Any]:
    """The tags of this process, and those given, which win.

    Args:
        tags: further ones.
        ignore: for compatibility; Assay has no providers to leave out.
    """
    del ignore
    return {**automatic_tags(), **(tags or {})}
