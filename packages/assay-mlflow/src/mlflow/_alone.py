"""MLflow's own distributions bring a package of the same name: one of the two has to go."""

from __future__ import annotations

import os
import sys

RIVALS = ("mlflow", "mlflow_skinny", "mlflow_tracing")


def check_alone() -> None:
    """Refuse to work beside MLflow itself.

    Looks for the directories that installers leave, as `importlib.metadata` does, but without its import, which would
    take longer than the rest of `import mlflow`.

    Raises:
        ImportError: one of MLflow's distributions is installed; names it.
    """
    for directory in sys.path:
        try:
            names = os.listdir(directory or ".")  # noqa: PTH208 -- names alone, and no pathlib
        except OSError:  # no such directory, or a zip file
            continue
        for name in names:
            distribution, _, rest = name.partition("-")
            if distribution in RIVALS and rest.endswith(".dist-info"):
                raise ImportError(
                    f"{distribution.replace('_', '-')} is installed in {directory} beside assay-mlflow, and both bring "
                    "the package `mlflow`. Uninstall one: `pip uninstall assay-mlflow`, or "
                    "`pip uninstall mlflow mlflow-skinny mlflow-tracing` and then "
                    "`pip install --force-reinstall assay-mlflow`."
                )
