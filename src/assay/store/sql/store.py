"""`SqlStore`: the resource modules joined into one `Store` over any `Database`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from assay.store.sql.applied import SqlJournals
from assay.store.sql.experiments import SqlExperiments
from assay.store.sql.finding import SqlFinding
from assay.store.sql.home import SqlOverview
from assay.store.sql.inputs import SqlInputs
from assay.store.sql.metrics import SqlMetrics
from assay.store.sql.model_versions import SqlModelVersions
from assay.store.sql.models import SqlModels
from assay.store.sql.pages import SqlNotes, SqlReports, SqlSavedViews
from assay.store.sql.registry import SqlRegisteredModels
from assay.store.sql.run_views import SqlRunViews
from assay.store.sql.runs import SqlRuns
from assay.store.sql.trash import SqlTrash
from assay.store.sql.webhooks import SqlWebhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.store.base import Session
    from assay.store.sql.database import Database, Transaction

T = TypeVar("T")


class SqlSession:
    """One transaction seen as resources. What it remembers is forgotten with it."""

    __slots__ = (
        "experiments",
        "finding",
        "inputs",
        "journals",
        "metrics",
        "model_versions",
        "models",
        "notes",
        "overview",
        "registered_models",
        "reports",
        "run_views",
        "runs",
        "saved_views",
        "trash",
        "webhooks",
    )

    def __init__(self, transaction: Transaction) -> None:
        self.experiments = SqlExperiments(transaction)
        self.runs = SqlRuns(transaction)
        self.run_views = SqlRunViews(transaction, self.runs)
        self.metrics = SqlMetrics(transaction, self.runs.locate)
        self.inputs = SqlInputs(transaction, self.runs.locate)
        self.models = SqlModels(transaction, runs=self.runs, inputs=self.inputs)
        self.model_versions = SqlModelVersions(transaction)
        self.registered_models = SqlRegisteredModels(transaction, self.model_versions)
        self.overview = SqlOverview(transaction)
        self.finding = SqlFinding(transaction)
        self.trash = SqlTrash(transaction)
        self.saved_views = SqlSavedViews(transaction)
        self.reports = SqlReports(transaction)
        self.notes = SqlNotes(transaction, self.runs.locate)
        self.webhooks = SqlWebhooks(transaction)
        self.journals = SqlJournals(transaction)


class SqlStore:
    """A `Store` in a relational database; see `assay.store.open` to get one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` over one consistent snapshot and return its result."""
        return self._database.read(lambda transaction: work(SqlSession(transaction)))

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction; return its result once the commit is durable."""
        return self._database.write(lambda transaction: work(SqlSession(transaction)))

    def submit(self, work: Callable[[Session], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        """Like `write` without waiting: `done(result, error)` is called once it is committed, or failed."""
        self._database.submit(lambda transaction: work(SqlSession(transaction)), done)

    def version(self) -> int:
        """A number that changes whenever this or another process commits to the store."""
        return self._database.version()

    def close(self) -> None:
        """Finish what was submitted and let go of the database."""
        self._database.close()
