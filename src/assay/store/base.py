"""The `Store` contract. Read this first to write a backend; `testing/store_contract.py` proves one.

Promises that every store keeps:

* **One unit of work is one transaction.** `read(work)` gives `work` a session over one consistent snapshot;
  `write(work)` commits all that `work` did, or nothing when it raises. Work may be retried, so it must have no effect
  outside its session.
* **Said is stored.** `write` returns, and `submit` reports, only after the commit is durable.
* **Errors are of `core.errors`**; anything else that a driver raises is a defect.
* Ids of experiments are decimal text; times are milliseconds; lists are sorted as each method says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from assay.search.tree import Field, Filter, OrderKey
    from assay.store.audit import Audit
    from assay.store.credentials import LoginSessions, Tokens
    from assay.store.home import Finding, Overview
    from assay.store.inputs import Inputs
    from assay.store.metrics import Metrics
    from assay.store.models import Models
    from assay.store.pages import Notes, Reports, SavedViews
    from assay.store.registry import ModelVersions, RegisteredModels
    from assay.store.run_views import RunViews
    from assay.store.trash import Trash
    from assay.store.users import Grants, Reader, Roles, Users
    from assay.store.webhooks import Webhooks
    from assay.wire.experiments import Experiment
    from assay.wire.runs import Run, RunInfo
    from assay.wire.views import Cell, ExperimentSummary

T = TypeVar("T")

ACTIVE = "active"
DELETED = "deleted"
STAGES = (ACTIVE, DELETED)


@dataclass(frozen=True)
class NewRun:
    """A run to be stored. `run_id`, `run_name` and `artifact_uri` are decided by the caller."""

    run_id: str
    run_name: str
    experiment_id: str
    user_id: str
    start_time: int
    artifact_uri: str
    status: str = "RUNNING"


@dataclass(frozen=True)
class Query:
    """What to find, in which order, and which page of it.

    `experiment_ids` None means all experiments; `stages` are the lifecycle stages wanted.
    """

    where: Filter | None = None
    order_by: Sequence[OrderKey] = ()
    stages: Sequence[str] = (ACTIVE,)
    experiment_ids: Sequence[str] | None = None
    run_ids: Sequence[str] | None = None
    limit: int = 1000
    offset: int = 0


@dataclass(frozen=True)
class RunTable:
    """Runs as columns: `columns[name][i]` belongs to `run_ids[i]`; NaN and infinities are text, missing is None."""

    total: int
    run_ids: list[str]
    columns: dict[str, list[Cell]]


class Experiments(Protocol):
    """Experiments and their tags. Each method raises ResourceDoesNotExist for an unknown id."""

    def create(self, name: str, *, artifact_location: str | None, root: str, tags: dict[str, str], now: int) -> str:
        """Store an experiment and return its id; a location of None becomes `root/<id>`.

        Raises:
            ResourceAlreadyExists: the name is taken, by an active or a deleted experiment.
        """

    def get(self, experiment_id: str) -> Experiment:
        """The experiment with its tags, in whichever lifecycle stage."""

    def named(self, name: str) -> Experiment | None:
        """The experiment of this name, in whichever lifecycle stage."""

    def names(self, experiment_ids: Sequence[str]) -> dict[str, str]:
        """The names of those that are there, in whichever lifecycle stage, by id."""

    def search(self, query: Query) -> list[Experiment]:
        """Experiments that match; by default newest first, then by id."""

    def rename(self, experiment_id: str, *, name: str, now: int) -> None:
        """Change the name.

        Raises:
            ResourceAlreadyExists: another experiment has the name.
        """

    def set_stage(self, experiment_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the experiment, and all its runs with it."""

    def set_tag(self, experiment_id: str, *, key: str, value: str) -> None:
        """Set one tag, replacing its value."""

    def delete_tag(self, experiment_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""

    def at(self, locations: Sequence[str]) -> list[str]:
        """The ids of the experiments whose artifact location is one of these."""

    def summaries(self, experiment_ids: Sequence[str] | None = None) -> list[ExperimentSummary]:
        """All active experiments, or those named, with the counts of their active runs, the last active first."""


class Runs(Protocol):
    """Runs with params and tags. Each method raises ResourceDoesNotExist for an unknown run id."""

    def create(self, run: NewRun, *, tags: dict[str, str]) -> Run:
        """Store a run and return it; the tag `mlflow.runName` holds its name.

        Raises:
            ResourceAlreadyExists: the run id is taken.
        """

    def find(self, run_id: str) -> RunInfo | None:
        """The state of the run, or None when there is no such run."""

    def info(self, run_id: str) -> RunInfo:
        """The state of the run."""

    def experiments_of(self, run_ids: Sequence[str]) -> dict[str, str]:
        """The experiment of each of these runs; unknown ones are left out."""

    def get(self, run_id: str) -> Run:
        """The run with last metric values, params and tags, each sorted by key."""

    def update(
        self, run_id: str, *, status: str | None = None, end_time: int | None = None, run_name: str | None = None
    ) -> RunInfo:
        """Change what is given, and return the new state; a new name is put in the tag `mlflow.runName` too."""

    def set_stage(self, run_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the run."""

    def search(self, query: Query) -> list[Run]:
        """Runs that match, with what they recorded; by default newest first, then by id. No N+1 statements."""

    def count(self, query: Query) -> int:
        """How many runs match, whatever the page."""

    def table(self, query: Query, *, columns: Sequence[Field] | None = None) -> RunTable:
        """A page of matching runs as columns, with the total that match.

        Every table has the attributes; then `columns`, or by default the last metrics, the params and the tags.
        """

    def log_params(self, run_id: str, *, params: dict[str, str]) -> None:
        """Store params; equal values again are accepted.

        Raises:
            InvalidParameterValue: a param has another value already; names key, old value and new value.
        """

    def set_tags(self, run_id: str, *, tags: dict[str, str]) -> None:
        """Set tags, replacing values; `mlflow.runName` renames the run."""

    def delete_tag(self, run_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""

    def end_lost(self, writer: str, *, ended_at: int) -> list[str]:
        """End the runs this journal writer opened that are still RUNNING, as KILLED; returns their ids.

        The end time is never before the run's start.
        """

    def adopt(self, run_id: str, *, writer: str) -> None:
        """Note that this journal writer opened, or resumed, the run: if it dies, `end_lost` ends the run."""


class Journals(Protocol):
    """How far each journal writer has been applied: the exactly-once story, stored with the data."""

    def applied(self, writer: str) -> int:
        """The highest sequence number applied, 0 for an unknown writer."""

    def advance(self, writer: str, *, seq: int, now: int) -> None:
        """Store the highest sequence number applied; it never goes back."""


class Sight(Protocol):
    """The eyes of a session: it sees everything, until it is limited to what a reader may read.

    What looks for things by itself (searches, counts, overviews) finds only what is seen. What is named by its id is
    given all the same: whoever names it has asked whether that is allowed.
    """

    def limit(self, reader: Reader | None) -> None:
        """See only what the reader may read; None for everything."""

    def readable(self, experiment_ids: Sequence[str]) -> Sequence[str]:
        """The experiments among these that are seen."""


class Session(Protocol):
    """One transaction over the store."""

    @property
    def experiments(self) -> Experiments:
        """Experiments and their tags."""

    @property
    def runs(self) -> Runs:
        """Runs with params and tags."""

    @property
    def run_views(self) -> RunViews:
        """Families and groups of runs, and changes of many."""

    @property
    def metrics(self) -> Metrics:
        """Metric series."""

    @property
    def registered_models(self) -> RegisteredModels:
        """Registered models with their tags and aliases."""

    @property
    def model_versions(self) -> ModelVersions:
        """Versions of registered models, with their tags."""

    @property
    def inputs(self) -> Inputs:
        """What runs read and made."""

    @property
    def models(self) -> Models:
        """Logged models."""

    @property
    def overview(self) -> Overview:
        """What goes on across experiments."""

    @property
    def finding(self) -> Finding:
        """Finding by a part of a text."""

    @property
    def trash(self) -> Trash:
        """What is marked as deleted."""

    @property
    def webhooks(self) -> Webhooks:
        """Whom to tell of changes to the registry, and what waits to be told."""

    @property
    def saved_views(self) -> SavedViews:
        """Views of experiments under a name."""

    @property
    def reports(self) -> Reports:
        """Reports of experiments."""

    @property
    def notes(self) -> Notes:
        """What the notes of runs said."""

    @property
    def journals(self) -> Journals:
        """How far each journal writer has been applied."""

    @property
    def users(self) -> Users:
        """Users."""

    @property
    def roles(self) -> Roles:
        """Roles, and who has them."""

    @property
    def grants(self) -> Grants:
        """What is granted to roles."""

    @property
    def tokens(self) -> Tokens:
        """Tokens of users."""

    @property
    def login_sessions(self) -> LoginSessions:
        """Who is logged in."""

    @property
    def audit(self) -> Audit:
        """Who did what."""

    @property
    def sight(self) -> Sight:
        """Whose eyes this session sees with."""


class Store(Protocol):
    """Where experiments, runs and models are kept."""

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` over one consistent snapshot and return its result."""

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction; return its result once the commit is durable.

        Raises:
            StorageFull: the disk is full or read-only; nothing was changed.
            TemporarilyUnavailable: another process held the store for too long; nothing was changed.
        """

    def submit(self, work: Callable[[Session], Any], done: Callable[[Any, BaseException | None], None]) -> None:
        """Like `write` without waiting: `done(result, error)` is called once, from the store's writer thread.

        Work submitted at the same moment is committed together (group commit); each piece still succeeds or fails
        alone. `done` must be quick and must not raise.
        """

    def version(self) -> int:
        """A number that changes whenever this or another process commits to the store."""

    def close(self) -> None:
        """Finish what was submitted and let go of the database."""


def unknown(kind: str, ids: Iterable[str]) -> str:
    """The message for ids that do not exist; it names ten of them."""
    named = [repr(one) for one in ids]
    shown = ", ".join(named[:10]) + (f" and {len(named) - 10} more" if len(named) > 10 else "")
    return f"No {kind} with id {shown} exists. Check the id and the tracking URI."


def unknown_name(kind: str, name: str) -> str:
    """The message for a name that does not exist."""
    return f"No {kind} named {name!r} exists. Check the name, or create it."
