"""The signature of a model."""

from assay.data.schema import ModelSignature
from assay.data.signature import infer_signature
from assay.flavors.stored import set_signature

__all__ = ["ModelSignature", "infer_signature", "set_signature"]
