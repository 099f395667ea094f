"""The signature of a model."""

from assay.flavors.schema import ModelSignature
from assay.flavors.signature import infer_signature

__all__ = ["ModelSignature", "infer_signature"]
