"""What a setting is: where its text comes from, what reads it, and what it is when there is none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from assay.core.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_TRUE = ("1", "true", "yes", "on")
_FALSE = ("0", "false", "no", "off")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LONGEST = 1e9


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: what reads its text, default, environment variables in order of precedence, and what it does."""

    name: str
    type: Callable[[str], Any]
    default: T
    variables: tuple[str, ...]
    help: str

    def get(self) -> T:
        """The value in force.

        Raises:
            ConfigurationError: the variable's text is no value of the setting; names variable and text.
        """
        for variable in self.variables:
            text = os.environ.get(variable)
            if text is not None and text != "":
                return self._parse(text, variable)
        return self.default

    def set(self, value: T | None) -> None:
        """Export the value to this process and the ones it starts; None takes it back."""
        for variable in self.variables:
            if value is None:
                os.environ.pop(variable, None)
            else:
                os.environ[variable] = str(value)

    def _parse(self, text: str, variable: str) -> T:
        try:
            return cast("T", _PARSERS.get(self.type, self.type)(text))
        except ValueError as error:
            raise ConfigurationError(f"{variable} is {text!r}, which is not {_ARTICLES[self.type]}.") from error


def secret(text: Setting[str | None], file: Setting[str | None]) -> str | None:
    """A secret that stands in a setting, or in the file that another one names, which wins.

    Raises:
        ConfigurationError: the file cannot be read, or holds nothing; names the setting.
    """
    path = file.get()
    if path is None:
        return text.get()
    try:
        found = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.variables[0]}: {path!r} cannot be read: {error}.") from error
    if not found:
        raise ConfigurationError(f"{file.variables[0]}: {path!r} is empty. Write the secret to it.")
    return found


def environment() -> dict[str, str]:
    """The environment of this process, for one that it starts."""
    return dict(os.environ)


def whole(text: str) -> int:
    """A whole number from 0 on."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def count(text: str) -> int:
    """A whole number from 1 on."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def seconds(text: str) -> float:
    """A number of seconds from 0 on."""
    number = float(text)
    if not 0 <= number <= _LONGEST:
        raise ValueError(text)
    return number


def wait(text: str) -> float:
    """A number of seconds above 0."""
    if not seconds(text):
        raise ValueError(text)
    return seconds(text)


def level(text: str) -> str:
    """The name of a level of logging."""
    if text.upper() not in _LEVELS:
        raise ValueError(text)
    return text


ALWAYS, NEVER, OWN = "true", "false", "own"
"""What a setting of trust says."""


def trust(text: str) -> str:
    """Whose code may run: everybody's, nobody's, or the user's own."""
    return OWN if text.lower() == OWN else ALWAYS if _parse_bool(text) else NEVER


def _parse_bool(text: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise ValueError(text)


_PARSERS: dict[Callable[[str], Any], Callable[[str], Any]] = {bool: _parse_bool}
_ARTICLES: dict[Callable[[str], Any], str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    whole: "a whole number from 0 on",
    count: "a whole number from 1 on",
    seconds: "a number of seconds from 0 on",
    wait: "a number of seconds above 0",
    trust: "true, false or own",
    level: f"one of {', '.join(_LEVELS)}",
}
