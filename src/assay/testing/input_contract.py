"""What every `Store` must keep of what runs read and made; part of `StoreContract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assay.core.errors import ResourceDoesNotExist
from assay.store.base import Query
from assay.store.inputs import CONTEXT_TAG
from assay.testing.store_content import add_run, create_experiment, dataset_input, get_run
from assay.wire.inputs import Dataset, DatasetInput, InputTag, ModelInput, ModelOutput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.store.base import Store


def log(store: Store, run_id: str, *datasets: DatasetInput) -> None:
    """Note that a run read datasets."""
    store.write(lambda session: session.inputs.log_datasets(run_id, datasets=datasets))


def log_models(store: Store, run_id: str, *, read: Sequence[ModelInput], made: Sequence[ModelOutput]) -> None:
    """Note that a run read and made logged models."""
    store.write(lambda session: session.inputs.log_inputs(run_id, models=read))
    store.write(lambda session: session.inputs.log_outputs(run_id, models=made))


class InputContract:
    """Datasets, and the edges between runs, datasets and logged models."""

    def test_inputs_come_back_as_logged_in_order(self, store: Store) -> None:
        """With every part of the description; tags sorted by key."""
        add_run(store, "r")
        first = DatasetInput(
            dataset=Dataset(
                name="wine", digest="0a", source_type="local", source='{"uri": "w"}', schema='{"a": 1}', profile="{}"
            ),
            tags=[InputTag(key="b", value=""), InputTag(key=CONTEXT_TAG, value="train")],
        )
        log(store, "r", first, dataset_input("a", ""))
        assert get_run(store, "r").inputs.dataset_inputs == [first, dataset_input("a", "")]
        assert store.read(lambda session: session.runs.search(Query()))[0].inputs == get_run(store, "r").inputs

    def test_a_dataset_is_read_once_with_its_first_tags(self, store: Store) -> None:
        """Also in one request; another digest is another dataset."""
        add_run(store, "r")
        first = dataset_input(context="train")
        log(store, "r", first, dataset_input(context="test"))
        log(store, "r", dataset_input(context="eval"), dataset_input(digest="2"))
        assert get_run(store, "r").inputs.dataset_inputs == [first, dataset_input(digest="2")]

    def test_a_dataset_keeps_its_first_description_in_its_experiment(self, store: Store) -> None:
        """Another experiment describes it anew."""
        other = create_experiment(store, "other")
        for run_id, experiment_id in (("a", "0"), ("b", "0"), ("c", other)):
            add_run(store, run_id, experiment_id=experiment_id)
        log(store, "a", dataset_input())
        described = DatasetInput(dataset=Dataset(name="d", digest="1", source_type="local", source="elsewhere"))
        log(store, "b", described)
        log(store, "c", described)
        sources = [get_run(store, run_id).inputs.dataset_inputs[0].dataset.source for run_id in "abc"]
        assert sources == ["{}", "{}", "elsewhere"]

    def test_datasets_are_summed_up_once_for_each_context(self, store: Store) -> None:
        """By experiment, name, digest and context, at most as many as asked for."""
        other = create_experiment(store, "other")
        for run_id, experiment_id in (("a", "0"), ("b", "0"), ("c", other)):
            add_run(store, run_id, experiment_id=experiment_id)
        log(store, "a", dataset_input("z", context="train"), dataset_input("a", "2"))
        log(store, "b", dataset_input("z", context="train"), dataset_input("a", "2", context="test"))
        log(store, "c", dataset_input("m"))

        def found(*experiment_ids: str, limit: int = 10) -> list[tuple[str, str, str, str]]:
            rows = store.read(lambda session: session.inputs.datasets(experiment_ids, limit=limit))
            return [(row.experiment_id, row.name, row.digest, row.context) for row in rows]

        wanted = [("0", "a", "2", ""), ("0", "a", "2", "test"), ("0", "z", "1", "train")]
        assert found("0") == wanted
        assert found(other, "0") == [*wanted, (other, "m", "1", "")]
        assert found("0", limit=2) == wanted[:2]
        assert found("99", "x") == []

    def test_model_edges_come_back_as_logged_in_order(self, store: Store) -> None:
        """Models need not be known; again changes nothing; what was made keeps its first step."""
        add_run(store, "r")
        for steps in ((3, -1), (4, 5)):
            made = [ModelOutput(model_id=one, step=step) for one, step in zip(("m-2", "m-1"), steps, strict=True)]
            log_models(store, "r", read=[ModelInput(model_id="m-1")] * 2, made=made)
        run = get_run(store, "r")
        assert run.outputs.model_outputs == [ModelOutput(model_id="m-2", step=3), ModelOutput(model_id="m-1", step=-1)]
        assert run.inputs.model_inputs == [ModelInput(model_id="m-1")]

    def test_inputs_of_unknown_runs_are_refused(self, store: Store) -> None:
        """Each method names the run."""
        with pytest.raises(ResourceDoesNotExist, match="none"):
            log(store, "none", dataset_input())
        with pytest.raises(ResourceDoesNotExist, match="none"):
            store.write(lambda session: session.inputs.log_inputs("none", models=[ModelInput(model_id="m")]))
        with pytest.raises(ResourceDoesNotExist, match="none"):
            store.write(lambda session: session.inputs.log_outputs("none", models=[ModelOutput(model_id="m")]))
