"""The library that training code uses."""

from __future__ import annotations

from assay.core.lazy import lazy_names

__getattr__, __dir__ = lazy_names(
    __name__, {"Client": "assay.client.api", "entities": "assay.client.entities", "fluent": "assay.client.fluent"}
)
