"""Models of machine-learning libraries: one file per library, each imported only when it is asked for.

`assay.flavors.sklearn.log_model(model, name="model")` keeps a model, of the active run when there is one;
`assay.flavors.sklearn.load_model` with the `model_uri` of the answer brings it back.
"""

from __future__ import annotations

from dataclasses import dataclass

from assay.core.lazy import lazy_names


@dataclass(frozen=True)
class Flavor:
    """A library whose models can be saved: the module that does it, what it imports, the least version tried."""

    name: str
    module: str
    imports: str
    minimum: str


FLAVORS = {
    flavor.name: flavor
    for flavor in (
        Flavor(name="sklearn", module="assay.flavors.sklearn", imports="sklearn", minimum="1.4"),
        Flavor(name="xgboost", module="assay.flavors.xgboost", imports="xgboost", minimum="2.1"),
        Flavor(name="lightgbm", module="assay.flavors.lightgbm", imports="lightgbm", minimum="4.3"),
        Flavor(name="statsmodels", module="assay.flavors.statsmodels", imports="statsmodels", minimum="0.14"),
        Flavor(name="onnx", module="assay.flavors.onnx", imports="onnx", minimum="1.18"),
        Flavor(name="keras", module="assay.flavors.keras", imports="keras", minimum="3.7"),
        Flavor(name="pytorch", module="assay.flavors.pytorch", imports="torch", minimum="2.5"),
        Flavor(name="transformers", module="assay.flavors.transformers", imports="transformers", minimum="5.0"),
        Flavor(name="catboost", module="assay.flavors.catboost", imports="catboost", minimum="1.2"),
    )
}

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        **{flavor.name: flavor.module for flavor in FLAVORS.values()},
        "lightning": "assay.flavors.lightning",
        "pyfunc": "assay.flavors.pyfunc",
        "infer_signature": "assay.data.signature",
        "Model": "assay.flavors.mlmodel",
        "ModelInfo": "assay.flavors.mlmodel",
        "ModelSignature": "assay.data.schema",
    },
)
