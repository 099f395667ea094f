"""The types that signatures are made of, with the nested ones."""

from assay.data.schema import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from assay.data.types import AnyType, Array, DataType, Map, Object, Property

__all__ = [
    "AnyType",
    "Array",
    "ColSpec",
    "DataType",
    "Map",
    "Object",
    "ParamSchema",
    "ParamSpec",
    "Property",
    "Schema",
    "TensorSpec",
]
