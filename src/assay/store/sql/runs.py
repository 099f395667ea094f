"""Statements of runs: their state, params and tags. Finding many at once is in `run_search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from assay.core import clock
from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.search.numbers import number_in
from assay.store.base import ACTIVE, DELETED, NewRun, Query, RunTable, unknown
from assay.store.sql import run_search
from assay.store.sql.experiments import NOTE_TAG, experiment_no
from assay.store.sql.run_search import RUN_COLUMNS, run_info
from assay.wire.runs import Run, RunData, RunTag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.search.tree import Field
    from assay.store.sql.database import Transaction
    from assay.store.sql.sight import Sight
    from assay.wire.runs import RunInfo

RUN_NAME_TAG = "mlflow.runName"
_CLIPPED = 200


class Located(NamedTuple):
    """The numbers under which a run's data is stored."""

    run_no: int
    experiment_no: int


class SqlRuns:
    """`base.Runs` over a transaction. Remembers where runs are until the transaction ends."""

    __slots__ = ("_located", "_sight", "_transaction")

    def __init__(self, transaction: Transaction, sight: Sight) -> None:
        self._transaction = transaction
        self._sight = sight
        self._located: dict[str, Located] = {}

    CREATE = """
    insert into runs (run_id, experiment_id, run_name, user_id, status, stage, start_time, artifact_uri)
    select ?, experiment_id, ?, ?, ?, ?, ?, ? from experiments where experiment_id = ?
    on conflict (run_id) do nothing
    """

    def create(self, run: NewRun, *, tags: dict[str, str]) -> Run:
        """Store a run and return it; the tag `mlflow.runName` holds its name."""
        created = self._transaction.run(
            self.CREATE,
            (
                *(run.run_id, run.run_name, run.user_id, run.status, ACTIVE, run.start_time, run.artifact_uri),
                experiment_no(run.experiment_id),
            ),
        )
        if not created and self.find(run.run_id) is not None:
            raise ResourceAlreadyExists(f"A run with id {run.run_id!r} exists already. Choose another id.")
        if not created:
            raise ResourceDoesNotExist(unknown("experiment", [run.experiment_id]))
        info = self.info(run.run_id)
        tags = {**tags, RUN_NAME_TAG: run.run_name}
        self._put_tags(self.locate(run.run_id), tags)
        return Run(info=info, data=RunData(tags=[RunTag(key=key, value=tags[key]) for key in sorted(tags)]))

    EXPERIMENTS_OF = "select run_id, experiment_id from runs where run_id in ({texts})"

    def experiments_of(self, run_ids: Sequence[str]) -> dict[str, str]:
        """The experiment of each of these runs; unknown ones are left out."""
        if not run_ids:
            return {}
        dialect = self._transaction.dialect
        rows = self._transaction.all(self.EXPERIMENTS_OF.format(texts=dialect.texts), (dialect.bound(list(run_ids)),))
        return {run_id: str(number) for run_id, number in rows}

    GET = f"select {RUN_COLUMNS} from runs r where r.run_id = ?"

    def _row(self, run_id: str) -> tuple[Any, ...] | None:
        if run_id not in self._located:
            self._transaction.claim(run_id)
        row = self._transaction.one(self.GET, (run_id,))
        if row is not None:
            self._located[run_id] = Located(row[0], row[3])
        return row

    def locate(self, run_id: str) -> Located:
        """Where the run's data is stored.

        Raises:
            ResourceDoesNotExist: there is no such run.
        """
        located = self._located.get(run_id)
        if located is None:
            self.info(run_id)
            located = self._located[run_id]
        return located

    def forget(self) -> None:
        """Forget where runs are: some have moved."""
        self._located.clear()

    def find(self, run_id: str) -> RunInfo | None:
        """The state of the run, or None when there is no such run."""
        row = self._row(run_id)
        return None if row is None else run_info(row)

    def info(self, run_id: str) -> RunInfo:
        """The state of the run."""
        info = self.find(run_id)
        if info is None:
            raise ResourceDoesNotExist(unknown("run", [run_id]))
        return info

    def get(self, run_id: str) -> Run:
        """The run with last metric values, params and tags, each sorted by key."""
        row = self._row(run_id)
        if row is None:
            raise ResourceDoesNotExist(unknown("run", [run_id]))
        return run_search.with_data(self._transaction, [row])[0]

    UPDATE = """
    update runs set status = coalesce(?, status), end_time = coalesce(?, end_time), run_name = coalesce(?, run_name)
    where run_no = ?
    """

    def update(
        self, run_id: str, *, status: str | None = None, end_time: int | None = None, run_name: str | None = None
    ) -> RunInfo:
        """Change what is given, and return the new state; a new name is put in the tag `mlflow.runName` too."""
        located = self.locate(run_id)
        self._transaction.run(self.UPDATE, (status, end_time, run_name, located.run_no))
        if run_name is not None:
            self._put_tags(located, {RUN_NAME_TAG: run_name})
        return self.info(run_id)

    SET_STAGE = "update runs set stage = ?, deleted_at = ? where run_no = ? and stage <> ?"

    def set_stage(self, run_id: str, *, stage: str, now: int) -> None:
        """Delete or restore the run."""
        run_no = self.locate(run_id).run_no
        self._transaction.run(self.SET_STAGE, (stage, now if stage == DELETED else None, run_no, stage))

    def search(self, query: Query) -> list[Run]:
        """Runs that match, with what they recorded; by default newest first, then by id."""
        return run_search.with_data(self._transaction, run_search.rows(self._transaction, self._sight.among(query)))

    def count(self, query: Query) -> int:
        """How many runs match, whatever the page."""
        return run_search.count(self._transaction, self._sight.among(query))

    def table(self, query: Query, *, columns: Sequence[Field] | None = None) -> RunTable:
        """A page of matching runs as columns, with the total that match."""
        return run_search.table(self._transaction, self._sight.among(query), columns=columns)

    PARAMS_NAMED = "select key, value from params where run_no = ? and key in ({texts})"
    ADD_PARAM = "insert into params (run_no, key, experiment_id, value, number) values (?, ?, ?, ?, ?)"

    def log_params(self, run_id: str, *, params: dict[str, str]) -> None:
        """Store params; equal values again are accepted."""
        run_no, experiment = self.locate(run_id)
        dialect = self._transaction.dialect
        stored = dict(
            self._transaction.all(self.PARAMS_NAMED.format(texts=dialect.texts), (run_no, dialect.bound(list(params))))
        )
        for key, value in stored.items():
            if params[key] != value:
                raise InvalidParameterValue(
                    f"Param {key!r} of run {run_id!r} is {_clipped(value)} already and cannot become "
                    f"{_clipped(params[key])}. Log the new value under another key, or in another run."
                )
        self._transaction.many(
            self.ADD_PARAM,
            [(run_no, key, experiment, value, number_in(value)) for key, value in params.items() if key not in stored],
        )

    RENAME = "update runs set run_name = ? where run_no = ?"

    def set_tags(self, run_id: str, *, tags: dict[str, str]) -> None:
        """Set tags, replacing values; `mlflow.runName` renames the run."""
        located = self.locate(run_id)
        if RUN_NAME_TAG in tags:
            self._transaction.run(self.RENAME, (tags[RUN_NAME_TAG], located.run_no))
        self._put_tags(located, tags)

    PUT_TAG = """
    insert into tags (run_no, key, experiment_id, value) values (?, ?, ?, ?)
    on conflict (run_no, key) do update set value = excluded.value
    """

    def _put_tags(self, located: Located, tags: dict[str, str]) -> None:
        run_no, experiment = located
        if NOTE_TAG in tags:
            self._note(run_no, tags[NOTE_TAG])
        self._transaction.many(self.PUT_TAG, [(run_no, key, experiment, value) for key, value in tags.items()])

    DELETE_TAG = "delete from tags where run_no = ? and key = ?"

    def delete_tag(self, run_id: str, *, key: str) -> bool:
        """Delete one tag; False when there was none."""
        run_no = self.locate(run_id).run_no
        was_there = self._transaction.run(self.DELETE_TAG, (run_no, key)) > 0
        if was_there and key == NOTE_TAG:
            self._note(run_no, "")
        return was_there

    LAST_NOTE = "select note from note_changes where run_no = ? order by change_no desc limit 1"
    CHANGE_NOTE = "insert into note_changes (run_no, changed_at, note) values (?, ?, ?)"

    def _note(self, run_no: int, text: str) -> None:
        """Keep what the note of a run says from now on, for its history."""
        last = self._transaction.one(self.LAST_NOTE, (run_no,))
        if text != (last[0] if last else ""):
            self._transaction.run(self.CHANGE_NOTE, (run_no, clock.now_ms(), text))

    LOST = "select run_no, run_id, start_time from runs where writer = ? and status = 'RUNNING' order by run_no"
    END = "update runs set status = 'KILLED', end_time = ? where run_no = ?"

    def end_lost(self, writer: str, *, ended_at: int) -> list[str]:
        """End the runs this journal writer opened that are still RUNNING, as KILLED; returns their ids."""
        lost = self._transaction.all(self.LOST, (writer,))
        self._transaction.many(self.END, [(max(started, ended_at), run_no) for run_no, _, started in lost])
        return [run_id for _, run_id, _ in lost]

    ADOPT = "update runs set writer = ? where run_no = ?"

    def adopt(self, run_id: str, *, writer: str) -> None:
        """Note that this journal writer opened, or resumed, the run: if it dies, `end_lost` ends the run."""
        self._transaction.run(self.ADOPT, (writer, self.locate(run_id).run_no))


def _clipped(text: str) -> str:
    return repr(text if len(text) <= _CLIPPED else f"{text[:_CLIPPED]}...")
