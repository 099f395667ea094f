"""`SqlStore`: the resource modules joined into one `Store` over any `Database`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from assay.store.sql.applied import SqlJournals
from assay.store.sql.audit import SqlAudit
from assay.store.sql.credentials import SqlLoginSessions, SqlTokens
from assay.store.sql.experiments import SqlExperiments
from assay.store.sql.finding import SqlFinding
from assay.store.sql.grants import SqlGrants
from assay.store.sql.home import SqlOverview
from assay.store.sql.inputs import SqlInputs
from assay.store.sql.metrics import SqlMetrics
from assay.store.sql.model_versions import SqlModelVersions
from assay.store.sql.models import SqlModels
from assay.store.sql.pages import SqlNotes, SqlReports, SqlSavedViews
from assay.store.sql.registry import SqlRegisteredModels
from assay.store.sql.run_views import SqlRunViews
from assay.store.sql.runs import SqlRuns
from assay.store.sql.sight import Sight
from assay.store.sql.trash import SqlTrash
from assay.store.sql.users import SqlRoles, SqlUsers
from assay.store.sql.webhooks import SqlWebhooks

if TYPE_CHECKING:
    from collections.abc import Callable

    from assay.store.base import Session
    from assay.store.sql.database import Database, Transaction

T = TypeVar("T")


class SqlSession:
    """One transaction seen as resources. What it remembers is forgotten with it."""

    __slots__ = (
        "audit",
        "experiments",
        "finding",
        "grants",
        "inputs",
        "journals",
        "login_sessions",
        "metrics",
        "model_versions",
        "models",
        "notes",
        "overview",
        "registered_models",
        "reports",
        "roles",
        "run_views",
        "runs",
        "saved_views",
        "sight",
        "tokens",
        "trash",
        "users",
        "webhooks",
    )

    def __init__(self, transaction: Transaction) -> None:
        self.grants = SqlGrants(transaction)
        self.sight = sight = Sight(transaction, self.grants)
        self.experiments = SqlExperiments(transaction, sight)
        self.runs = SqlRuns(transaction, sight)
        self.run_views = SqlRunViews(transaction, self.runs, sight)
        self.metrics = SqlMetrics(transaction, self.runs.locate)
        self.inputs = SqlInputs(transaction, self.runs.locate, sight)
        self.models = SqlModels(transaction, runs=self.runs, inputs=self.inputs, sight=sight)
        self.model_versions = SqlModelVersions(transaction, sight)
        self.registered_models = SqlRegisteredModels(transaction, self.model_versions, sight)
        self.overview = SqlOverview(transaction, sight)
        self.finding = SqlFinding(transaction, sight)
        self.trash = SqlTrash(transaction, sight)
        self.saved_views = SqlSavedViews(transaction)
        self.reports = SqlReports(transaction, sight)
        self.notes = SqlNotes(transaction, self.runs.locate)
        self.webhooks = SqlWebhooks(transaction)
        self.journals = SqlJournals(transaction)
        self.users = SqlUsers(transaction)
        self.roles = SqlRoles(transaction)
        self.tokens = SqlTokens(transaction)
        self.login_sessions = SqlLoginSessions(transaction)
        self.audit = SqlAudit(transaction)


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
