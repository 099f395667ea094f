"""Whose UI is measured."""

from benchmarks.ui.products.aim import AimPages
from benchmarks.ui.products.assay import AssayPages
from benchmarks.ui.products.base import Loaded, Product
from benchmarks.ui.products.mlflow import MLflowPages
from benchmarks.ui.products.trackio import TrackioPages

_ALL: tuple[Product, ...] = (AssayPages(), MLflowPages(), AimPages(), TrackioPages())

PRODUCTS: dict[str, Product] = {product.key: product for product in _ALL}

__all__ = ["PRODUCTS", "Loaded", "Product"]
