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
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from assay.search.tree import Field, Filter, OrderKey
    from assay.store.audit import Audit
    from assay.store.credentials import LoginSessions, Tokens
    from assay.store.home import Finding, Overview
    from assay.store.inputs import Inputs
    from assay.store.models import Models
    from assay.store.pages import Notes, Reports, SavedViews
    from assay.store.registry import ModelVersions, RegisteredModels
    from assay.store.run_views import RunViews
    from assay.store.trash import Trash
    from assay.store.users import Grants, Reader, Roles, Users
    from assay.store.webhooks import Webhooks
    from assay.wire.experiments import Experiment
    from assay.wire.metrics import Metric
    from assay.wire.runs import Run, RunInfo
    from assay.wire.views import Cell, ExperimentSummary

T = TypeVar("T")

ACTIVE = "active"
DELETED = "deleted"
STAGES = (ACTIVE, DELETED)


class Point(NamedTuple):
    """One point of a metric; `timestamp` in milliseconds, `value` any IEEE double."""

    step: int
    timestamp: int
    value: float


Spot = tuple[int, int, float]
"""A point without the names, which thousands in a request need not pay for: step, timestamp, value."""


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
class ThinCurve:
    """One series thinned for drawing: at most `2 * buckets` points (five if that is less), by step.

    Kept are the first and the last point, the extremes of every bucket, and one point of each bucket that has values
    which are not finite. Where to put the edges of buckets is the store's choice. `count` points are in the range.
    """

    run_id: str
    key: str
    count: int
    points: Sequence[Point]


@dataclass(frozen=True)
class MetricKey:
    """A metric of some runs: how many have it, the most points that one of them has, and the steps it goes over."""

    key: str
    runs: int
    points: int
    first_step: int
    last_step: int


@dataclass(frozen=True)
class Band:
    """One metric of a group of runs, summed up by step: `counts[i]` runs have a finite value at `steps[i]`.

    Where there are more steps than were asked for, a place stands for a stretch of steps and is named by the first one
    that has a point; a run then counts by the mean of its values there. `deviations` are those of a sample (n - 1),
    None for one run; `lows` and `highs` are the extremes of all values. `points` are stored in the range, `finite` of
    them count.
    """

    group: int
    runs: int
    points: int
    finite: int
    steps: Sequence[int]
    counts: Sequence[int]
    means: Sequence[float]
    deviations: Sequence[float | None]
    lows: Sequence[float]
    highs: Sequence[float]


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


class Metrics(Protocol):
    """Metric series. Points are kept as columns; beside each series stand last, min, max, first and count."""

    def append(self, run_id: str, *, points: Mapping[str, Sequence[Spot]]) -> None:
        """Add points by key. A point identical in step, timestamp and value to a stored one is counted once.

        "Last" is the greatest by (step, timestamp, value), NaN comparing as 0, as in MLflow.
        """

    def history(self, run_id: str, *, key: str, limit: int | None = None, offset: int = 0) -> list[Metric]:
        """Points by timestamp, step, value; empty for an unknown run or key."""

    def keys(self, run_ids: Sequence[str]) -> list[MetricKey]:
        """The metrics that some runs have, by key."""

    def curves(
        self,
        run_ids: Sequence[str],
        *,
        keys: Sequence[str],
        buckets: int,
        steps: tuple[int | None, int | None],
        joined: bool = False,
    ) -> list[ThinCurve]:
        """Thinned curves for drawing; no `keys` means all of them; `steps` bounds the range, both ends included.

        With `joined`, what one curve of a run keeps, its others keep too at the same steps, so that their values can
        be reckoned with; a curve may then hold `len(keys)` times as many points.
        """

    def bands(
        self, groups: Mapping[str, int], *, key: str, buckets: int, steps: tuple[int | None, int | None]
    ) -> list[Band]:
        """One metric of groups of runs, by group; `groups` tells the group of each run id."""


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
    """The message for ids that do not exist."""
    return f"No {kind} with id {', '.join(repr(one) for one in ids)} exists. Check the id and the tracking URI."
