"""The signature of a model."""

from assay.data.schema import ModelSignature
from assay.data.signature import infer_signature

__all__ = ["ModelSignature", "infer_signature"]
