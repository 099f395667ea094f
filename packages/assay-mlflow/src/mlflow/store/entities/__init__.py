"""Pages of results."""

from assay.client.entities import PagedList

__all__ = ["PagedList"]
