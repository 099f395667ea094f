"""A look at the environment before a command runs: a misspelt variable would be ignored without a word otherwise."""

from __future__ import annotations

import re

from assay.core import settings
from assay.core.errors import ConfigurationError

_SERVICE_LINK = re.compile(r"ASSAY_(SERVICE_(HOST|PORT).*|PORT_\d+_.*)")
"""What Kubernetes sets in every pod beside a service that is called assay."""


def check() -> None:
    """Check every variable that begins with `ASSAY_`.

    Raises:
        ConfigurationError: one names no setting, or its text is no value of its setting; says which, and what to do.
    """
    known = {setting.variables[0]: setting for setting in settings.SETTINGS.values()}
    for variable in sorted(settings.environment()):
        if variable in known:
            known[variable].get()
        elif variable.startswith(settings.PREFIX) and not _SERVICE_LINK.fullmatch(variable):
            raise ConfigurationError(f"{variable} is no setting of Assay. {_advice(variable)}")


def _advice(variable: str) -> str:
    from difflib import get_close_matches

    names = [name.upper() for name in settings.SETTINGS]
    near = get_close_matches(variable.removeprefix(settings.PREFIX), names, n=1)
    return f"Did you mean {settings.PREFIX}{near[0]}?" if near else "Unset it; the manual lists those there are."
