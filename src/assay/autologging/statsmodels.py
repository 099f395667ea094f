"""statsmodels' autologging: every `fit` records params, metrics, the summary, data and the results by itself."""

from __future__ import annotations

import numbers
import sys
import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from assay.autologging import imports, kept, patching, records
from assay.autologging.sklearn.training import Data
from assay.client.api import Client
from assay.data.signature import infer_signature
from assay.flavors import statsmodels as flavor

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from types import ModuleType

    from assay.autologging.patching import Call
    from assay.data.dataset import Dataset

KIND = patching.Kind("statsmodels", library="statsmodels", tested=((0, 14), (0, 15)))
METRICS = """
aic bic centered_tss condition_number df_model df_resid ess f_pvalue fvalue llf mse_model mse_resid mse_total rsquared
rsquared_adj scale ssr uncentered_tss
""".split()
"""Attributes of results that are recorded, where results have them as numbers; MLflow records the same."""
SUMMARY_FILE = "model_summary.txt"


def autolog(
    log_models: bool = True,
    log_datasets: bool = True,
    disable: bool = False,
    exclusive: bool = False,
    disable_for_unsupported_versions: bool = False,
    silent: bool = False,
    registered_model_name: str | None = None,
    extra_tags: Mapping[str, str] | None = None,
) -> None:
    """Have every `fit` of statsmodels recorded by itself: in the active run, or in one that is started for it.

    Recorded are the arguments, metrics such as `aic` and `rsquared`, the summary, the data's fingerprint and the
    results. What goes wrong in recording is a warning, and the fit goes on.

    Args:
        log_models: Keep the results.
        log_datasets: Record which data was used.
        disable: Record nothing any more.
        exclusive: Record nothing in runs that the user started.
        disable_for_unsupported_versions: Record nothing with a version of statsmodels that is not tested.
        silent: Warn of nothing.
        registered_model_name: Make each model a new version of this registered model.
        extra_tags: Tags of the runs that are started.

    Example:
        >>> import assay, numpy, statsmodels.api as sm
        >>> assay.statsmodels.autolog()
        >>> times = numpy.arange(10.0)
        >>> _ = sm.OLS(times + times % 2, sm.add_constant(times)).fit()
        >>> round(assay.last_active_run().data.metrics["rsquared"], 3)
        0.973
        >>> assay.statsmodels.autolog(disable=True)
    """
    if disable:
        patching.turn_off(KIND)
        imports.unwatch(KIND.library, _patch_module)
        return
    options = patching.Options(
        log_models=log_models,
        log_datasets=log_datasets,
        log_model_signatures=False,
        exclusive=exclusive,
        disable_for_unsupported_versions=disable_for_unsupported_versions,
        silent=silent,
        registered_model_name=registered_model_name,
        extra_tags=extra_tags,
    )
    patching.turn_on(KIND, options)
    imports.watch(KIND.library, _patch_module)


def _patch_module(module: ModuleType) -> None:
    """Patch the models that a module of statsmodels defines; runs when the module has been imported."""
    with patching.guarded(f"{module.__name__} is not watched"):
        if module.__name__ == KIND.library:
            patching.check_version(KIND, str(module.__version__))
        base = getattr(sys.modules.get("statsmodels.base.model"), "Model", None)
        for value in list(vars(module).values()):
            if base and isinstance(value, type) and value.__module__ == module.__name__ and issubclass(value, base):
                patching.patch_training(KIND, value, "fit", _observe)


def _observe(call: Call) -> Generator[None, Any, None]:
    arguments = records.with_defaults(call)
    records.log_params(call, {name: value for name, value in arguments.items() if name != "self"})
    dataset = records.log_dataset(call, partial(_dataset, call.instance))
    results = yield
    model_id = kept.log_model(call, partial(flavor.log_model, results), lambda: None, infer_signature)
    with call.attempt("The metrics of the results are not logged"):
        records.log_metrics(call, _metrics(results), model_id=model_id, dataset=dataset)
    if hasattr(results, "summary"):
        with call.attempt(f"{SUMMARY_FILE} is not logged"):
            run = records.run_of(call)
            Client(run.connection.transport.uri).log_text(run.info.run_id, _summary(results), SUMMARY_FILE)


def _dataset(model: Any) -> Dataset | None:
    """What explains, and what is explained; in a model of one series, that alone."""
    explaining, explained = model.data.orig_exog, model.data.orig_endog
    return Data(explained).dataset() if explaining is None else Data(explaining, explained).dataset()


def _metrics(results: Any) -> dict[str, float]:
    found = {}
    for name in METRICS:
        with patching.guarded(f"The results have no {name}", silent=True):  # many kinds of results have not all
            value = getattr(results, name, None)
            if isinstance(value, numbers.Real):
                found[name] = float(value)
    return found


def _summary(results: Any) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few observations, say: the user has not asked for a summary
        summary = results.summary()
    return str(summary.as_text()) if hasattr(summary, "as_text") else str(summary)
