"""What every `Store` must do to remove for good what is marked as deleted; part of `StoreContract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.core.errors import InvalidParameterValue, InvalidState, ResourceDoesNotExist
from assay.store.base import ACTIVE, DELETED
from assay.store.metrics import Point
from assay.store.models import DatasetName, ModelPoint
from assay.store.trash import EXPERIMENT, MODEL, RUN, Choice, Doomed
from assay.testing.model_contract import add_model, append, get_model
from assay.testing.store_content import add_run, create_experiment, dataset_input, get_run

if TYPE_CHECKING:
    from assay.store.base import Store


def delete_run(store: Store, run_id: str, *, now: int) -> None:
    """Mark a run as deleted."""
    store.write(lambda session: session.runs.set_stage(run_id, stage=DELETED, now=now))


def delete_experiment(store: Store, experiment_id: str, *, now: int) -> None:
    """Mark an experiment as deleted."""
    store.write(lambda session: session.experiments.set_stage(experiment_id, stage=DELETED, now=now))


def find(store: Store, choice: Choice, *, after: Doomed | None = None, limit: int = 99) -> list[tuple[str, str]]:
    """What is to go, in short."""
    found = store.read(lambda session: session.trash.find(choice, after=after, limit=limit))
    return [(one.kind, one.id) for one in found]


def remove(store: Store, kind: str, one: str, artifact_uri: str = "") -> int | None:
    """Remove one thing."""
    return store.write(lambda session: session.trash.remove(Doomed(kind, one, artifact_uri)))


def check(store: Store, choice: Choice) -> None:
    """Check what is named."""
    store.read(lambda session: session.trash.check(choice))


class TrashContract:
    """Finding and removing what is marked as deleted."""

    def test_what_was_deleted_before_a_time_is_found(self, store: Store) -> None:
        """By kind and id, page by page; an experiment's models go with it, its active runs keep it."""
        number = create_experiment(store, "gone")
        for run_id, experiment_id in (("b", "0"), ("a", "0"), ("young", "0"), ("active", "0"), ("inner", number)):
            add_run(store, run_id, experiment_id=experiment_id)
        add_model(store, "m-active", experiment_id=number)
        add_model(store, "m-deleted")
        add_model(store, "m-kept")
        for run_id, now in (("a", 5), ("b", 6), ("young", 10)):
            delete_run(store, run_id, now=now)
        store.write(lambda session: session.models.set_stage("m-deleted", stage=DELETED, now=7))
        delete_experiment(store, number, now=8)
        wanted = [
            (RUN, "a"),
            (RUN, "b"),
            (RUN, "inner"),
            (MODEL, "m-active"),
            (MODEL, "m-deleted"),
            (EXPERIMENT, number),
        ]
        assert find(store, Choice(before=10)) == wanted
        assert find(store, Choice(before=7)) == [(RUN, "a"), (RUN, "b")]
        pages = [find(store, Choice(before=10), after=Doomed(*last), limit=2) for last in wanted[1:4:2]]
        assert pages == [wanted[2:4], wanted[4:6]]
        named = Choice(before=99, experiment_ids=[number], run_ids=["young"])
        assert find(store, named) == [(RUN, "inner"), (RUN, "young"), (MODEL, "m-active"), (EXPERIMENT, number)]
        assert find(store, Choice(before=99, model_ids=["m-deleted"])) == [(MODEL, "m-deleted")]

    def test_what_is_named_must_be_deleted_and_long_enough(self, store: Store) -> None:
        """Each kind by its own error."""
        number = create_experiment(store, "e")
        add_run(store, "r")
        add_model(store, "m-1")
        for choice in (Choice(9, run_ids=["none"]), Choice(9, model_ids=["m-0"]), Choice(9, experiment_ids=["77"])):
            with pytest.raises(ResourceDoesNotExist):
                check(store, choice)
        choices = (Choice(9, run_ids=["r"]), Choice(9, model_ids=["m-1"]), Choice(9, experiment_ids=[number]))
        for choice in choices:
            with pytest.raises(InvalidParameterValue, match="not in the deleted stage"):
                check(store, choice)
        delete_run(store, "r", now=9)
        store.write(lambda session: session.models.set_stage("m-1", stage=DELETED, now=9))
        delete_experiment(store, number, now=9)
        for choice in choices:
            with pytest.raises(InvalidParameterValue, match="deleted later"):
                check(store, choice)
        check(store, Choice(10, run_ids=["r"], model_ids=["m-1"], experiment_ids=[number]))

    def test_removed_runs_leave_nothing_but_a_note_of_their_files(self, store: Store) -> None:
        """Series, inputs and points of models go too; the id is free again."""
        add_run(store, "r", params={"p": "1"}, tags={"t": "1"}, metrics={"m": [Point(0, 0, 1.0)]})
        add_run(store, "other")
        add_model(store, "m-1")
        append(store, "r", ModelPoint("m-1", "acc", 0, 0, 1.0, DatasetName("d", "1")))
        append(store, "other", ModelPoint("m-1", "acc", 0, 0, 2.0))
        store.write(lambda session: session.inputs.log_datasets("r", datasets=[dataset_input()]))
        assert remove(store, RUN, "r") is None, "it is active"
        delete_run(store, "r", now=1)
        number = remove(store, RUN, "r", "/artifacts/0/r/artifacts")
        assert number
        assert remove(store, RUN, "r") is None
        assert store.read(lambda session: session.runs.find("r")) is None
        assert store.read(lambda session: session.trash.leftovers()) == [(number, "/artifacts/0/r/artifacts")]
        store.write(lambda session: session.trash.forget(number))
        assert store.read(lambda session: session.trash.leftovers()) == []
        assert [point.value for point in get_model(store, "m-1").data.metrics] == [2.0]
        add_run(store, "r")
        run = get_run(store, "r")
        assert (run.data.metrics, run.data.params, run.inputs.dataset_inputs) == ([], [], [])

    def test_models_and_experiments_are_removed(self, store: Store) -> None:
        """An experiment only when it is empty; its name is free again; the first one stays."""
        number = create_experiment(store, "e")
        add_run(store, "r", experiment_id=number)
        add_model(store, "m-1", experiment_id=number, params={"a": "1"}, tags={"t": "1"})
        assert remove(store, MODEL, "m-1") is None, "it is active"
        delete_experiment(store, number, now=1)
        with pytest.raises(InvalidState, match="holds 2"):
            remove(store, EXPERIMENT, number)
        assert remove(store, MODEL, "m-1") == 0
        store.write(lambda session: session.runs.set_stage("r", stage=ACTIVE, now=2))
        doomed = Doomed(EXPERIMENT, number)
        with pytest.raises(InvalidState, match="holds 1"):
            store.read(lambda session: session.trash.check_removable(doomed, choice=Choice(9)))
        delete_run(store, "r", now=3)
        store.read(lambda session: session.trash.check_removable(doomed, choice=Choice(9)))
        assert remove(store, RUN, "r") == 0
        assert remove(store, EXPERIMENT, number) == 0
        with pytest.raises(ResourceDoesNotExist, match=number):
            store.read(lambda session: session.experiments.get(number))
        assert create_experiment(store, "e") != number
        delete_experiment(store, "0", now=1)
        with pytest.raises(InvalidState, match="stays"):
            remove(store, EXPERIMENT, "0")
