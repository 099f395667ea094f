"""Saved views of an experiment as text, for a file that lives in git.

    # a comment
    experiment wine

    view Best runs
      default
      q metrics.val_acc > 0.9
      sort -metrics.val_acc

    view Losses
      tab charts

Below a view stand, indented, the parts of its page's address, one a line: a name, a space, and what it says. Text that
has other than printable characters, or spaces at an end, is quoted as in JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from assay.core.errors import InvalidParameterValue
from assay.service import page_rules, rules

MAX_LENGTH = 1_000_000
_DEFAULT = "default"


@dataclass(frozen=True)
class View:
    """A view as the text has it."""

    name: str
    address: dict[str, str] = field(default_factory=dict)
    is_default: bool = False


@dataclass(frozen=True)
class Views:
    """All views of the experiment of this name."""

    experiment: str
    views: list[View]


def parse_views(text: str) -> Views:
    """The views that a text describes.

    Raises:
        InvalidParameterValue: it is too long or no such text; names the line.
    """
    if len(text) > MAX_LENGTH:
        raise InvalidParameterValue(f"The views have {len(text)} characters; at most {MAX_LENGTH} are allowed.")
    parser = _Parser()
    for number, line in enumerate(text.split("\n"), start=1):
        written = line.strip()
        if not written or written.startswith("#"):
            continue
        try:
            parser.take(written, indented=line[:1].isspace())
        except InvalidParameterValue as error:
            raise InvalidParameterValue(f"Line {number} of the views, {written[:200]!r}: {error.message}") from error
    if not parser.experiment:
        raise InvalidParameterValue("The views name no experiment. Begin with a line such as: experiment wine")
    return Views(parser.experiment, parser.finished())


def format_views(views: Views) -> str:
    """The text that `parse_views` reads as these views."""
    lines = [f"experiment {_written(views.experiment)}"]
    for view in views.views:
        lines += ["", f"view {_written(view.name)}"]
        lines += [f"  {_DEFAULT}"] if view.is_default else []
        lines += [f"  {name} {_written(value)}" for name, value in sorted(view.address.items())]
    return "\n".join(lines) + "\n"


class _Parser:
    def __init__(self) -> None:
        self.experiment = ""
        self._views: dict[str, dict[str, str]] = {}
        self._open: str | None = None
        self._default: str | None = None

    def take(self, line: str, *, indented: bool) -> None:
        """Take in one line that says something; indented, it is a part of the view above, whatever its name."""
        word, _, rest = line.partition(" ")
        within = indented and self._open is not None
        if word == "experiment" and not within:
            self._name(_read(rest))
        elif word == "view" and not within:
            self._begin(_read(rest))
        elif self._open is None:
            raise InvalidParameterValue("What a view shows stands below its name, such as: view Best runs")
        elif line == _DEFAULT:
            self._choose(self._open)
        else:
            self._add(word, _read(rest), self._views[self._open])

    def finished(self) -> list[View]:
        """The views, in the order of the text."""
        return [
            View(name, page_rules.address(address), is_default=name == self._default)
            for name, address in self._views.items()
        ]

    def _name(self, name: str) -> None:
        if self.experiment:
            raise InvalidParameterValue(
                f"These are the views of {self.experiment!r}. Write those of another in another file."
            )
        self.experiment = rules.experiment_name(name)

    def _begin(self, name: str) -> None:
        if page_rules.view_name(name) in self._views:
            raise InvalidParameterValue(f"There is a view {name!r} above already. Choose another name.")
        self._views[name] = {}
        self._open = name

    def _choose(self, name: str) -> None:
        if self._default is not None:
            raise InvalidParameterValue(f"The default is {self._default!r} already. Choose one.")
        self._default = name

    def _add(self, name: str, value: str, address: dict[str, str]) -> None:
        if name in address:
            raise InvalidParameterValue(f"{name!r} stands twice in this view. Leave one out.")
        address |= page_rules.address({name: value})


def _written(text: str) -> str:
    plain = text.isprintable() and text == text.strip() and not text.startswith('"') and text != ""
    return text if plain else json.dumps(text, ensure_ascii=False)


def _read(text: str) -> str:
    stripped = text.strip()
    if not stripped.startswith('"'):
        return stripped
    try:
        value = json.loads(stripped)
    except ValueError as error:
        raise InvalidParameterValue(f"{stripped[:100]} is no quoted text: {error}.") from error
    return str(value)
