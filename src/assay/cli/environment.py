"""A look at the environment before a command runs."""

from __future__ import annotations

from assay.core import environment
from assay.core.errors import ConfigurationError


def check() -> None:
    """Check every variable that begins with `ASSAY_`.

    Raises:
        ConfigurationError: one names no setting, or its text is no value of its setting; says which, and what to do.
    """
    for wrong in environment.unknown():
        raise ConfigurationError(wrong)
    for setting in environment.known():
        setting.get()
