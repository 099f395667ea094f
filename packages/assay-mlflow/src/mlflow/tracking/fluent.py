"""The module-level verbs under their older path."""

from assay.client.fluent import NAMES
from assay.client.fluent import __getattr__ as __getattr__  # noqa: PLC0414 -- names are loaded on first use

__all__ = sorted(NAMES)  # noqa: PLE0605
