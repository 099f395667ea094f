"""Modules of MLflow's that hold a name or two each, made from a table: other projects import from them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from assay.core.lazy import lazy_names

if TYPE_CHECKING:
    from collections.abc import Mapping


def offer(package: str, names: Mapping[str, str], *, home: str) -> None:
    """Add modules to a package: `names` gives the names, with blanks between, that each takes from `home`.

    A `home` that ends in a dot is a package, whose module of that name has them.
    """
    for module, taken in names.items():
        path = f"{package}.{module}"
        source = f"{home}{module}" if home.endswith(".") else home
        made = ModuleType(path, f"Names of `{source}`, where MLflow has them.")
        loaded, listed = lazy_names(path, dict.fromkeys(taken.split(), source))
        made.__dict__.update(__getattr__=loaded, __dir__=listed, __all__=taken.split())
        sys.modules[path] = made
        setattr(sys.modules[package], module, made)
