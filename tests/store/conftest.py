"""Stores at an address: every module says by its fixture `uri` which database it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.store.open import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assay.store.base import Store


@pytest.fixture
def uri(tmp_path: Path) -> str:
    return str(tmp_path / "mlruns")


@pytest.fixture
def opened(uri: str) -> Iterator[Callable[..., Store]]:
    """Opens the store at `uri`, or at another address; all are closed in the end."""
    stores: list[Store] = []

    def open_one(other: str | None = None) -> Store:
        stores.append(open_store(other or uri, artifact_root="/artifacts"))
        return stores[-1]

    yield open_one
    for one in stores:
        one.close()


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened()


@pytest.fixture
def another(opened: Callable[..., Store], store: Store) -> Store:
    return opened()
