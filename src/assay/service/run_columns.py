"""Names of columns, `metrics.loss` or `params.lr`, as the fields that they stand for."""

from __future__ import annotations

from assay.core.errors import InvalidParameterValue
from assay.search.fields import RUNS
from assay.search.tree import Field, Kind

RECORDED = (Kind.METRIC, Kind.METRIC_MIN, Kind.METRIC_MAX, Kind.METRIC_FIRST, Kind.PARAM, Kind.TAG)
GROUPED = (Kind.PARAM, Kind.TAG, Kind.ATTRIBUTE)
_GROUPED_ATTRIBUTES = ("status", "user_id", "run_name")


def parse(name: str) -> Field:
    """The metric, param or tag that a column shows.

    Raises:
        InvalidParameterValue: the name stands for nothing that runs record.
    """
    field = _field(name)
    if field is None or field.kind not in RECORDED:
        raise InvalidParameterValue(
            f"Invalid column {name[:100]!r}: name it metrics.<key>, metrics_min.<key>, metrics_max.<key>, "
            "metrics_first.<key>, params.<key> or tags.<key>."
        )
    return field


def parse_group(name: str) -> Field:
    """The param, tag or attribute that runs are grouped by.

    Raises:
        InvalidParameterValue: runs cannot be grouped by it.
    """
    field = _field(name)
    if field is None or field.kind not in GROUPED:
        raise InvalidParameterValue(
            f"Runs cannot be grouped by {name[:100]!r}: group by params.<key>, tags.<key> or one of "
            f"{', '.join(f'attributes.{one}' for one in _GROUPED_ATTRIBUTES)}."
        )
    return field


def _field(name: str) -> Field | None:
    """All after the first dot is the key, whatever characters it holds."""
    prefix, _, key = name.partition(".")
    entity = RUNS.entities.get(prefix)
    if entity is None or not key or (entity.attributes is not None and key not in _GROUPED_ATTRIBUTES):
        return None
    return Field(entity.kind, key)
