"""What every `Store` must do.

Subclass `StoreContract` in a test module and give it two fixtures: `store`, a new store opened with the artifact root
`/artifacts`, and `another`, a second `Store` object over the same data.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from assay.core.errors import InvalidParameterValue, ResourceAlreadyExists, ResourceDoesNotExist
from assay.store.base import ACTIVE, DELETED, Query
from assay.store.metrics import Point
from assay.testing.alias_contract import AliasContract
from assay.testing.audit_contract import AuditContract
from assay.testing.home_contract import HomeContract
from assay.testing.input_contract import InputContract
from assay.testing.metric_contract import MetricContract
from assay.testing.model_contract import ModelContract
from assay.testing.page_contract import PageContract
from assay.testing.registry_contract import RegistryContract
from assay.testing.run_view_contract import RunViewContract
from assay.testing.search_contract import SearchContract
from assay.testing.store_content import add_run, adopt, append_all, create_experiment, get_run
from assay.testing.trash_contract import TrashContract
from assay.testing.user_contract import CredentialContract, GrantContract, UserContract
from assay.testing.webhook_contract import WebhookContract

if TYPE_CHECKING:
    from assay.store.base import Session, Store
    from assay.wire.runs import Run


class ExperimentContract:
    """Experiments and their tags."""

    def test_a_new_store_has_the_default_experiment(self, store: Store) -> None:
        """Id 0, named Default, below the artifact root."""
        default = store.read(lambda session: session.experiments.get("0"))
        assert (default.name, default.lifecycle_stage) == ("Default", ACTIVE)
        assert default.artifact_location == "/artifacts/0"

    def test_an_experiment_comes_back_as_created(self, store: Store) -> None:
        """Location as given, or below the root; tags sorted."""
        number = store.write(
            lambda session: session.experiments.create(
                "vision", artifact_location=None, root="s3://bucket/root", tags={"b": "2", "a": ""}, now=77
            )
        )
        found = store.read(lambda session: session.experiments.get(number))
        assert found.artifact_location == f"s3://bucket/root/{number}"
        assert (found.creation_time, found.last_update_time) == (77, 77)
        assert [(tag.key, tag.value) for tag in found.tags] == [("a", ""), ("b", "2")]
        assert store.read(lambda session: session.experiments.named("vision")) == found
        assert store.read(lambda session: session.experiments.named("Vision")) is None

    def test_a_name_is_taken_once_even_by_a_deleted_experiment(self, store: Store) -> None:
        """Creating and renaming both refuse it."""
        first = create_experiment(store, "one")
        second = create_experiment(store, "two")
        store.write(lambda session: session.experiments.set_stage(first, stage=DELETED, now=1))
        with pytest.raises(ResourceAlreadyExists, match="one"):
            create_experiment(store, "one")
        with pytest.raises(ResourceAlreadyExists, match="one"):
            store.write(lambda session: session.experiments.rename(second, name="one", now=2))
        store.write(lambda session: session.experiments.rename(second, name="two", now=3))
        names = store.read(lambda session: session.experiments.names([second, "999999", "none"]))
        assert names == {second: "two"}
        assert store.read(lambda session: session.experiments.get(second)).last_update_time == 3

    @pytest.mark.parametrize("given", ["99", "", "x", "-1", "9" * 30, "٣"])
    def test_unknown_experiments_are_said_to_be(self, store: Store, given: str) -> None:
        """Every method names the id."""
        works: list[Any] = [
            lambda session: session.experiments.get(given),
            lambda session: session.experiments.rename(given, name="n", now=1),
            lambda session: session.experiments.set_stage(given, stage=DELETED, now=1),
            lambda session: session.experiments.set_tag(given, key="k", value="v"),
            lambda session: session.experiments.delete_tag(given, key="k"),
        ]
        for work in works:
            with pytest.raises(ResourceDoesNotExist):
                store.write(work)

    def test_deleting_an_experiment_deletes_its_runs_and_restoring_revives_all(self, store: Store) -> None:
        """Also runs deleted one by one before."""
        number = create_experiment(store, "e")
        add_run(store, "a", experiment_id=number)
        add_run(store, "b", experiment_id=number)
        store.write(lambda session: session.runs.set_stage("a", stage=DELETED, now=1))

        def stages(session: Session) -> list[str]:
            experiment = session.experiments.get(number).lifecycle_stage
            return [experiment, *(session.runs.info(run).lifecycle_stage for run in "ab")]

        store.write(lambda session: session.experiments.set_stage(number, stage=DELETED, now=2))
        assert store.read(stages) == [DELETED] * 3
        store.write(lambda session: session.experiments.set_stage(number, stage=ACTIVE, now=3))
        assert store.read(stages) == [ACTIVE] * 3
        assert store.read(lambda session: session.experiments.get(number)).last_update_time == 3

    def test_tags_are_set_replaced_and_deleted(self, store: Store) -> None:
        """Deleting says whether there was one."""
        number = create_experiment(store, "e")
        store.write(lambda session: session.experiments.set_tag(number, key="k", value="1"))
        store.write(lambda session: session.experiments.set_tag(number, key="k", value="2"))
        assert [tag.value for tag in store.read(lambda session: session.experiments.get(number)).tags] == ["2"]
        assert store.write(lambda session: session.experiments.delete_tag(number, key="k")) is True
        assert store.write(lambda session: session.experiments.delete_tag(number, key="k")) is False

    def test_summaries_count_active_runs_by_status(self, store: Store) -> None:
        """The last active experiment first; the note is its tag; deleted ones are left out."""
        quiet, busy, gone = (create_experiment(store, name) for name in ("quiet", "busy", "gone"))
        store.write(lambda session: session.experiments.set_stage(gone, stage=DELETED, now=1))
        store.write(lambda session: session.experiments.set_tag(busy, key="mlflow.note.content", value="why"))
        for run_id, status in (("r1", "RUNNING"), ("r2", "FAILED"), ("r3", "FINISHED"), ("r4", "RUNNING")):
            add_run(store, run_id, experiment_id=busy, status=status, start_time=10**13)
        store.write(lambda session: session.runs.set_stage("r4", stage=DELETED, now=1))
        store.write(lambda session: session.runs.update("r3", end_time=10**13 + 5))
        found = store.read(lambda session: session.experiments.summaries())
        assert found[0].experiment_id == busy
        assert (found[0].runs, found[0].running, found[0].failed, found[0].note) == (3, 1, 1, "why")
        assert found[0].last_activity == 10**13 + 5
        assert {row.experiment_id: row.runs for row in found[1:]} == {"0": 0, quiet: 0}

    def test_an_experiment_is_active_while_its_runs_log(self, store: Store) -> None:
        """The last points of runs that go on count; those of ended and deleted ones do not."""
        busy, quiet = (create_experiment(store, name) for name in ("busy", "quiet"))
        for run_id, experiment_id in (("r1", busy), ("r2", quiet), ("r3", quiet)):
            add_run(store, run_id, experiment_id=experiment_id, start_time=10**13)
        store.write(lambda session: session.metrics.append("r1", points={"m": [(1, 10**13 + 7, 0.5)]}))
        store.write(lambda session: session.metrics.append("r2", points={"m": [(1, 10**13 + 9, 0.5)]}))
        store.write(lambda session: session.runs.set_stage("r2", stage=DELETED, now=1))
        found = {row.experiment_id: row for row in store.read(lambda session: session.experiments.summaries())}
        assert (found[busy].last_activity, found[quiet].last_activity) == (10**13 + 7, 10**13)


class RunContract:
    """Runs, params and tags."""

    def test_a_run_comes_back_as_created(self, store: Store) -> None:
        """Its name is a tag too."""
        add_run(store, "r", run_name="brave", user_id="ada", start_time=5, tags={"z": "1", "a": "ü\n"})
        run = store.read(lambda session: session.runs.get("r"))
        info = run.info
        assert (info.run_id, info.run_uuid, info.run_name, info.user_id) == ("r", "r", "brave", "ada")
        assert (info.experiment_id, info.status, info.lifecycle_stage) == ("0", "RUNNING", ACTIVE)
        assert (info.start_time, info.end_time, info.artifact_uri) == (5, None, "/artifacts/0/r")
        assert tags_of(run) == [("a", "ü\n"), ("mlflow.runName", "brave"), ("z", "1")]
        assert (run.data.metrics, run.data.params) == ([], [])

    def test_a_run_id_is_taken_once(self, store: Store) -> None:
        """And its experiment must exist."""
        add_run(store, "r")
        with pytest.raises(ResourceAlreadyExists, match="'r'"):
            add_run(store, "r")
        with pytest.raises(ResourceDoesNotExist, match="'123'"):
            add_run(store, "q", experiment_id="123")
        assert store.read(lambda session: session.runs.find("q")) is None

    def test_unknown_runs_are_said_to_be(self, store: Store) -> None:
        """Every method names the id."""
        works: list[Any] = [
            lambda session: session.runs.info("no"),
            lambda session: session.runs.get("no"),
            lambda session: session.runs.update("no", status="FAILED"),
            lambda session: session.runs.set_stage("no", stage=DELETED, now=1),
            lambda session: session.runs.log_params("no", params={"a": "1"}),
            lambda session: session.runs.set_tags("no", tags={"a": "1"}),
            lambda session: session.runs.delete_tag("no", key="a"),
            lambda session: session.runs.adopt("no", writer="w"),
            lambda session: session.metrics.append("no", points={"a": [Point(0, 0, 1.0)]}),
        ]
        for work in works:
            with pytest.raises(ResourceDoesNotExist, match="'no'"):
                store.write(work)
        assert store.read(lambda session: session.runs.find("no")) is None

    def test_update_changes_only_what_is_given(self, store: Store) -> None:
        """A new name is put in the tag too."""
        add_run(store, "r", run_name="old")
        info = store.write(lambda session: session.runs.update("r", status="FINISHED", end_time=9))
        assert (info.status, info.end_time, info.run_name) == ("FINISHED", 9, "old")
        info = store.write(lambda session: session.runs.update("r", run_name="new"))
        assert (info.status, info.end_time, info.run_name) == ("FINISHED", 9, "new")
        run = store.read(lambda session: session.runs.get("r"))
        assert run.info == info
        assert ("mlflow.runName", "new") in tags_of(run)

    def test_the_name_and_its_tag_mirror_each_other(self, store: Store) -> None:
        """Deleting the tag leaves the name."""
        add_run(store, "r", run_name="old")
        store.write(lambda session: session.runs.set_tags("r", tags={"mlflow.runName": "new", "x": "1"}))
        assert store.read(lambda session: session.runs.info("r")).run_name == "new"
        assert store.write(lambda session: session.runs.delete_tag("r", key="mlflow.runName")) is True
        assert store.write(lambda session: session.runs.delete_tag("r", key="mlflow.runName")) is False
        run = store.read(lambda session: session.runs.get("r"))
        assert (run.info.run_name, tags_of(run)) == ("new", [("x", "1")])

    def test_a_param_never_changes(self, store: Store) -> None:
        """The same value again is accepted; a conflict writes nothing of its transaction."""
        add_run(store, "r")
        store.write(lambda session: session.runs.log_params("r", params={"lr": "0.1", "none": ""}))
        store.write(lambda session: session.runs.log_params("r", params={"lr": "0.1", "new": "1"}))

        def conflicting(session: Session) -> None:
            session.metrics.append("r", points={"loss": [Point(0, 0, 1.0)]})
            session.runs.set_tags("r", tags={"late": "1"})
            session.runs.log_params("r", params={"other": "1", "lr": "0.2"})

        with pytest.raises(InvalidParameterValue, match=r"'lr'.*'0\.1'.*'0\.2'"):
            store.write(conflicting)
        run = store.read(lambda session: session.runs.get("r"))
        assert [(param.key, param.value) for param in run.data.params] == [("lr", "0.1"), ("new", "1"), ("none", "")]
        assert run.data.metrics == []
        assert tags_of(run) == [("mlflow.runName", "run r")]

    def test_a_refused_param_leaves_the_session_usable(self, store: Store) -> None:
        """What refuses writes nothing itself, so that the caller may go on."""
        add_run(store, "r")
        store.write(lambda session: session.runs.log_params("r", params={"a": "1"}))

        def going_on(session: Session) -> None:
            with pytest.raises(InvalidParameterValue):
                session.runs.log_params("r", params={"b": "1", "a": "2"})
            session.runs.log_params("r", params={"c": "1"})

        store.write(going_on)
        run = store.read(lambda session: session.runs.get("r"))
        assert [param.key for param in run.data.params] == ["a", "c"]

    def test_lost_runs_are_killed_once(self, store: Store) -> None:
        """Only running ones of that writer; never ended before their start."""
        for run_id, start_time in (("a", 100), ("b", 300), ("done", 1), ("other", 1), ("none", 1)):
            add_run(store, run_id, start_time=start_time)
        for run_id, writer in (("a", "w"), ("b", "w"), ("done", "w"), ("other", "v")):
            adopt(store, run_id, writer)
        store.write(lambda session: session.runs.update("done", status="FINISHED", end_time=2))
        assert store.write(lambda session: session.runs.end_lost("w", ended_at=200)) == ["a", "b"]
        assert store.write(lambda session: session.runs.end_lost("w", ended_at=900)) == []
        infos = store.read(lambda session: [session.runs.info(run) for run in ("a", "b", "done", "other", "none")])
        assert [info.status for info in infos] == ["KILLED", "KILLED", "FINISHED", "RUNNING", "RUNNING"]
        assert [info.end_time for info in infos] == [200, 300, 2, None, None]

    def test_a_resumed_run_belongs_to_its_last_writer(self, store: Store) -> None:
        """The first one's death no longer matters."""
        add_run(store, "a")
        for writer in ("first", "second"):
            adopt(store, "a", writer)
        assert store.write(lambda session: session.runs.end_lost("first", ended_at=1)) == []
        assert store.write(lambda session: session.runs.end_lost("second", ended_at=1)) == ["a"]


class TransactionContract:
    """Transactions, group commit, journals, more than one at once."""

    def test_write_returns_the_result_and_read_sees_it(self, store: Store, another: Store) -> None:
        """Through another object at once."""
        assert store.write(lambda session: session.experiments.get("0").name) == "Default"
        add_run(store, "r")
        assert another.read(lambda session: session.runs.info("r")).run_id == "r"

    def test_what_raises_changes_nothing(self, store: Store) -> None:
        """The error comes back as it is."""

        def failing(session: Session) -> None:
            session.experiments.create("lost", artifact_location=None, root="/", tags={}, now=1)
            raise KeyError("mine")

        with pytest.raises(KeyError, match="mine"):
            store.write(failing)
        assert store.read(lambda session: session.experiments.named("lost")) is None

    def test_a_read_is_one_snapshot(self, store: Store, another: Store) -> None:
        """A commit in between is not seen."""

        def looking(session: Session) -> tuple[int, int]:
            before = session.runs.count(Query())
            add_run(another, "late")
            return before, session.runs.count(Query())

        assert store.read(looking) == (0, 0)
        assert store.read(lambda session: session.runs.count(Query())) == 1

    def test_version_changes_with_every_commit_of_anyone(self, store: Store, another: Store) -> None:
        """And not without one."""
        seen = [store.version()]
        assert store.version() == seen[0]
        for place, writer in enumerate((store, another, store)):
            add_run(writer, f"r{place}")
            seen.append(store.version())
        assert len(set(seen)) == len(seen)

    def test_of_work_committed_together_one_fails_alone(self, store: Store) -> None:
        """Fifty submitted at once: each is told its own outcome, once, after the commit."""
        outcomes: dict[int, list[Any]] = {place: [] for place in range(50)}
        finished = threading.Semaphore(0)

        def submit(place: int) -> None:
            def work(session: Session) -> str:
                session.experiments.create(f"e{place}", artifact_location=None, root="/", tags={}, now=1)
                if place == 17:
                    session.experiments.get("no such")
                return f"result {place}"

            def done(result: Any, error: BaseException | None) -> None:
                outcomes[place].append((result, type(error)))
                finished.release()

            store.submit(work, done)

        for place in outcomes:
            submit(place)
        assert all(finished.acquire(timeout=30) for _ in outcomes)
        assert outcomes.pop(17) == [(None, ResourceDoesNotExist)]
        assert all(told == [(f"result {place}", type(None))] for place, told in outcomes.items())
        names = {row.name for row in store.read(lambda session: session.experiments.search(Query()))}
        assert names == {"Default", *(f"e{place}" for place in outcomes)}

    def test_threads_write_and_read_at_once(self, store: Store, another: Store) -> None:
        """Eight threads over two objects lose nothing and see only whole commits."""
        for place in range(8):
            add_run(store, f"r{place}")

        def work(place: int) -> None:
            mine, other = (store, another) if place % 2 else (another, store)
            for step in range(20):
                append_all(mine, f"r{place}", {"a": [Point(step, step, 1.0)], "b": [Point(step, step, 2.0)]})
                metrics = get_run(other, f"r{place}").data.metrics
                assert [metric.step for metric in metrics] == [step, step]

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        histories = store.read(lambda session: [session.metrics.history(f"r{place}", key="a") for place in range(8)])
        assert [[metric.step for metric in history] for history in histories] == [list(range(20))] * 8

    def test_close_finishes_what_was_submitted(self, store: Store, another: Store) -> None:
        """Every outcome is told before it returns."""
        told: list[Any] = []

        def create(session: Session, name: str) -> str:
            return session.experiments.create(name, artifact_location=None, root="/", tags={}, now=1)

        for place in range(20):
            store.submit(partial(create, name=f"e{place}"), lambda _, error: told.append(error))
        store.close()
        assert told == [None] * 20
        assert another.read(lambda session: len(session.experiments.search(Query()))) == 21

    def test_journals_only_go_forward(self, store: Store) -> None:
        """The number is stored with the data: applying twice is seen to be so."""

        def apply(session: Session, seq: int) -> bool:
            if session.journals.applied("w") >= seq:
                return False
            session.metrics.append("r", points={"a": [Point(seq, seq, 1.0)]})
            session.journals.advance("w", seq=seq, now=1)
            return True

        add_run(store, "r")
        applied = [store.write(partial(apply, seq=seq)) for seq in (1, 2, 2, 5, 4)]
        assert applied == [True, True, False, True, False]
        store.write(lambda session: session.journals.advance("w", seq=3, now=2))
        assert store.read(lambda session: (session.journals.applied("w"), session.journals.applied("v"))) == (5, 0)


class StoreContract(
    ExperimentContract,
    RunContract,
    MetricContract,
    InputContract,
    ModelContract,
    RegistryContract,
    AliasContract,
    SearchContract,
    TrashContract,
    WebhookContract,
    PageContract,
    RunViewContract,
    HomeContract,
    UserContract,
    GrantContract,
    CredentialContract,
    AuditContract,
    TransactionContract,
):
    """All promises of `store.base`, as tests."""


def tags_of(run: Run) -> list[tuple[str, str]]:
    """The tags of a run as pairs."""
    return [(tag.key, tag.value) for tag in run.data.tags]
