"""Who is measured."""

from benchmarks.rivals.assay import Assay
from benchmarks.rivals.base import Contestant, Named
from benchmarks.rivals.fasttrackml import FastTrackML
from benchmarks.rivals.mlflow import MLflow

_ALL: tuple[Contestant, ...] = (Assay(), MLflow(), FastTrackML(), MLflow(workers=1))

CONTESTANTS: dict[str, Contestant] = {contestant.key: contestant for contestant in _ALL}

USUAL = ("assay", "mlflow", "fasttrackml")

__all__ = ["CONTESTANTS", "USUAL", "Contestant", "Named"]
