"""A look at the environment: a misspelt variable would be ignored without a word otherwise."""

from __future__ import annotations

import re
from difflib import get_close_matches

from assay.core import settings

_SERVICE_LINK = re.compile(r"ASSAY_(SERVICE_(HOST|PORT).*|PORT_\d+_.*)")
"""What Kubernetes sets in every pod beside a service that is called assay."""


def known() -> list[settings.Setting[object]]:
    """The settings whose own variables are set."""
    by_variable = {setting.variables[0]: setting for setting in settings.SETTINGS.values()}
    return [by_variable[name] for name in sorted(settings.environment()) if name in by_variable]


def unknown() -> list[str]:
    """What is wrong with each variable that begins with `ASSAY_` and names no setting, and what to do."""
    variables = {setting.variables[0] for setting in settings.SETTINGS.values()}
    return [
        f"{name} is no setting of Assay. {_advice(name)}"
        for name in sorted(settings.environment())
        if name.startswith(settings.PREFIX) and name not in variables and not _SERVICE_LINK.fullmatch(name)
    ]


def _advice(variable: str) -> str:
    names = [name.upper() for name in settings.SETTINGS]
    near = get_close_matches(variable.removeprefix(settings.PREFIX), names, n=1)
    return f"Did you mean {settings.PREFIX}{near[0]}?" if near else "Unset it; the manual lists those there are."
