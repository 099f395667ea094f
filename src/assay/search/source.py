"""The text being parsed, and the one shape that errors about it have."""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.errors import InvalidParameterValue

MAX_LENGTH = 100_000
"""Characters in one filter, or in one order_by item."""

_BEFORE, _AFTER = 60, 40


@dataclass(frozen=True, slots=True)
class Source:
    """A filter or order_by text; `what` names it in errors."""

    text: str
    what: str

    def error(self, position: int, message: str) -> InvalidParameterValue:
        """An error that shows the text around the 1-based `position`, with a caret under it."""
        start = max(0, position - 1 - _BEFORE)
        end = position - 1 + _AFTER
        head = "..." if start else ""
        tail = "..." if end < len(self.text) else ""
        excerpt = "".join(sign if sign.isprintable() else " " for sign in self.text[start:end])
        caret = " " * (len(head) + position - 1 - start) + "^"
        return InvalidParameterValue(
            f"{self.what} error at position {position}: {message}\n  {head}{excerpt}{tail}\n  {caret}"
        )

    def check_length(self) -> None:
        """Raise InvalidParameterValue if the text is longer than MAX_LENGTH."""
        if len(self.text) > MAX_LENGTH:
            raise self.error(
                MAX_LENGTH + 1,
                f"the text has {len(self.text)} characters, at most {MAX_LENGTH} are allowed. "
                "Split the search into several.",
            )
