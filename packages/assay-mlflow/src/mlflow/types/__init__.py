"""The types that signatures are made of."""

from assay.data.schema import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from assay.data.types import DataType

__all__ = ["ColSpec", "DataType", "ParamSchema", "ParamSpec", "Schema", "TensorSpec"]
