"""What every test gets: an environment without anyone's settings, a directory of its own, and databases."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from assay.store.open import open_store
from assay.testing.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from assay.testing.postgres import RunningPostgres


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ASSAY_", "MLFLOW_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSAY_SPOOL_DIR", str(tmp_path / "spool"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPostgres]:
    """A PostgreSQL server, started by the first test that wants one."""
    with running_postgres(tmp_path_factory.mktemp("postgres") / "data", durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def new_postgres_uri(postgres: RunningPostgres) -> Callable[[], str]:
    """Gives addresses of new stores, whose artifact root is `/artifacts`."""
    template = postgres.new_database()
    open_store(postgres.uri(template), artifact_root="/artifacts").close()
    return lambda: postgres.uri(postgres.new_database(template=template))
