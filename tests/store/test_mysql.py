"""The contract on MariaDB, and what is MariaDB's and MySQL's own: addresses, faults, processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.store.open import open_store
from assay.testing.store_contract import StoreContract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.store.base import Store


@pytest.fixture
def opened(new_mariadb_uri: Callable[[], str]) -> Iterator[Callable[..., Store]]:
    stores: list[Store] = []
    uri = new_mariadb_uri()

    def open_one() -> Store:
        stores.append(open_store(uri, artifact_root="/artifacts"))
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


class TestMariadb(StoreContract):
    """All promises of a store."""
