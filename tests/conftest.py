"""What every test gets: an environment without anyone's settings, a directory of its own, and databases."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assay.client import connection
from assay.client.fluent import experiments, models, runs
from assay.store.open import open_store
from assay.testing.mariadb import SERVER, found, running_mariadb
from assay.testing.oidc import running_provider
from assay.testing.postgres import running_postgres
from assay.testing.s3 import running_s3

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from assay.testing.mariadb import RunningMariadb
    from assay.testing.oidc import RunningProvider
    from assay.testing.postgres import RunningPostgres
    from assay.testing.s3 import RunningS3


if importlib.util.find_spec("hypothesis") is not None:  # not in every environment that tests run in
    hypothesis = importlib.import_module("hypothesis")
    hypothesis.settings.register_profile("assay", deadline=None)  # other tests may have the processor
    hypothesis.settings.load_profile("assay")


@pytest.fixture(autouse=True)
def _own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("ASSAY_", "MLFLOW_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ASSAY_SPOOL_DIR", str(tmp_path / "spool"))
    for name in ("ASSAY_LOG_CODE", "ASSAY_LOG_ENVIRONMENT"):  # files beside those that a test keeps
        monkeypatch.setenv(name, "false")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def fresh_library(_own_environment: None) -> Iterator[None]:
    """The library's state is as new: no active run, model, experiment or connection is left over."""
    experiments._active = None
    yield
    while runs.active_run():
        runs.end_run()
    models.clear_active_model()
    connection._close_all()
    experiments._active = None
    for name in ("EXPERIMENT_ID", "EXPERIMENT_NAME", "TRACKING_URI"):
        os.environ.pop(f"ASSAY_{name}", None)
        os.environ.pop(f"MLFLOW_{name}", None)


@pytest.fixture(scope="session")
def postgres() -> Iterator[RunningPostgres]:
    """A PostgreSQL server, started by the first test that wants one.

    It does not run as root, and so not below pytest's own directory, which other sessions close to other users.
    """
    with (
        tempfile.TemporaryDirectory(prefix="assay-postgres-") as directory,
        running_postgres(Path(directory) / "data", durable=False) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def new_postgres_uri(postgres: RunningPostgres) -> Callable[[], str]:
    """Gives addresses of new stores, whose artifact root is `/artifacts`."""
    template = postgres.new_database()
    open_store(postgres.uri(template), artifact_root="/artifacts").close()
    return lambda: postgres.uri(postgres.new_database(template=template))


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningS3]:
    """A real S3 server; `s3.bucket(name)` makes a bucket, `s3.environment` lets a process reach it."""
    with running_s3(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(scope="session")
def oidc_provider() -> Iterator[RunningProvider]:
    """A real OpenID provider."""
    hatch_build = Path(__file__).parents[1] / "hatch_build.py"
    found = subprocess.run(
        [sys.executable, str(hatch_build), "provider"], check=True, stdout=subprocess.PIPE, text=True
    )
    with running_provider(json.loads(found.stdout)) as running:
        yield running


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningMariadb]:
    """A MariaDB server, started by the first test that wants one."""
    if found(SERVER) is None:
        pytest.skip(f"{SERVER} is not installed: apt-get install mariadb-server")
    with running_mariadb(tmp_path_factory.mktemp("m"), durable=False) as running:
        yield running


@pytest.fixture(scope="session")
def new_mariadb_uri(mariadb: RunningMariadb) -> Callable[[], str]:
    """Gives the address of a store as good as new, whose artifact root is `/artifacts`: always the same one, emptied.

    Tables are quicker emptied than made anew.
    """
    database = mariadb.new_database()
    open_store(mariadb.uri(database), artifact_root="/artifacts").close()
    tables = [name for (name,) in mariadb.run("show tables", database=database)]
    kept = ("schema_version", "schema_progress", "claims", "commits")
    filled = " union all ".join(
        f"select '{name}' from (select 1 from {name} limit 1) as one" for name in tables if name not in kept
    )
    (default,) = mariadb.run("select artifact_location from experiments", database=database)

    def emptied() -> str:
        mariadb.run(
            "set foreign_key_checks = 0, sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
            *[f"delete from {name}" for (name,) in mariadb.run(filled, database=database)],
            "alter table experiments auto_increment = 1",
            f"insert into experiments values (0, 'Default', '{default[0]}', 'active', 0, 0)",
            database=database,
        )
        return mariadb.uri(database)

    return emptied
