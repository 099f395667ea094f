"""What a search over params found: the best candidates as child runs, all of them as a table, the best as a model."""

from __future__ import annotations

import csv
import io
import numbers
from typing import TYPE_CHECKING, Any

from assay.autologging import records
from assay.autologging.patching import AUTOLOGGING_TAG
from assay.autologging.sklearn import models
from assay.client import entities
from assay.client.api import Client
from assay.client.context import automatic_tags
from assay.client.runs import PARENT_TAG
from assay.core.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from assay.autologging.patching import Call
    from assay.autologging.sklearn.training import Data

RESULTS_FILE = "cv_results.csv"
_NO_METRICS = ("param", "split")


def is_search(estimator: Any) -> bool:
    """Whether an estimator is a search over the params of another one."""
    from sklearn.model_selection._search import BaseSearchCV  # type: ignore[import-untyped]

    return isinstance(estimator, BaseSearchCV)


def log_search(call: Call, search: Any, data: Data, dataset: entities.Dataset | None) -> dict[str, float]:
    """Record what a fitted search found; gives the metrics of the search itself."""
    results = search.cv_results_
    model_id = None
    if hasattr(search, "best_estimator_"):
        best = search.best_estimator_
        own = {name: str(value) for name, value in best.get_params(deep=True).items()}
        model_id = models.log_model(call, best, data, name="best_estimator", params=own)
    if hasattr(search, "best_params_"):
        records.log_params(call, {f"best_{name}": value for name, value in search.best_params_.items()})
    with call.attempt(f"{RESULTS_FILE} is not logged"):
        run = records.run_of(call)
        Client(run.connection.transport.uri).log_text(run.info.run_id, _table(results), RESULTS_FILE)
    with call.attempt("The candidates of the search are not logged"):
        for row in _best_rows(results, call.options.max_tuning_runs):
            is_best = row == getattr(search, "best_index_", None)
            _log_candidate(call, search, row, dataset=dataset, model_id=model_id if is_best else None)
    return {"best_cv_score": float(search.best_score_)} if hasattr(search, "best_score_") else {}


def _best_rows(results: Mapping[str, Any], most: int | None) -> list[int]:
    """The candidates that get runs, the best first; with several scores, the best by the first of them."""
    ranks = next(values for name, values in results.items() if name.startswith("rank_test_"))
    return sorted(range(len(ranks)), key=lambda row: int(ranks[row]))[:most]


def _metrics(results: Mapping[str, Any], row: int) -> dict[str, float]:
    """The numbers of one candidate, without those of single folds."""
    return {
        name: float(values[row])
        for name, values in results.items()
        if not name.startswith(_NO_METRICS) and isinstance(values[row], numbers.Real)
    }


def _log_candidate(
    call: Call, search: Any, row: int, *, dataset: entities.Dataset | None, model_id: str | None
) -> None:
    """Record one candidate as a run of its own, below that of the search and with its start.

    Its metrics are also those of its model, where it has one.
    """
    parent = records.run_of(call)
    client = Client(parent.connection.transport.uri)
    tags = {
        **automatic_tags(),
        **models.tags_of(search.estimator),
        PARENT_TAG: parent.info.run_id,
        AUTOLOGGING_TAG: call.kind.flavor,
    }
    run_id = client.create_run(parent.info.experiment_id, parent.info.start_time, tags).info.run_id
    about = {"model_id": model_id} if model_id else {}
    if dataset is not None:
        records.log_input(parent, run_id, dataset, context="train")
        about |= {"dataset_name": dataset.name, "dataset_digest": dataset.digest}
    moment = now_ms()
    params = {**search.estimator.get_params(deep=True), **search.cv_results_["params"][row]}
    client.log_batch(
        run_id,
        [entities.Metric(key, value, moment, 0, **about) for key, value in _metrics(search.cv_results_, row).items()],
        [entities.Param(key, str(value)) for key, value in params.items()],
    )
    client.set_terminated(run_id)


def _table(results: Mapping[str, Any]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(results)
    table.writerows(zip(*results.values(), strict=True))
    return text.getvalue()
