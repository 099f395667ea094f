"""How much each feature counts in a model: as JSON, and as a picture where Matplotlib is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from assay.autologging import artist, records
from assay.autologging.charts import Bars
from assay.client.api import Client

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from assay.autologging.patching import Call

MOST_SHOWN = 50
"""Bars in a picture, those that count the most; the JSON file has all."""


def log_importance(call: Call, kind: str, importance: Mapping[str, Any]) -> None:
    """Record importances of features: one number each or, for models of several classes, a list with one for each."""
    run = records.run_of(call)
    uri, name = run.connection.transport.uri, f"feature_importance_{kind}"
    Client(uri).log_dict(run.info.run_id, dict(importance), f"{name}.json")
    if importance and find_spec("matplotlib") is not None:
        artist.draw(uri, run.info.run_id, [(f"{name}.png", _chart(kind, importance))])


def _chart(kind: str, importance: Mapping[str, Any]) -> Bars:
    bars = sorted(_bars(importance), key=lambda bar: -abs(bar[1]))[:MOST_SHOWN]
    return Bars(f"Importance of features ({kind})", kind, [name for name, _ in bars], [value for _, value in bars])


def _bars(importance: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, value in importance.items():
        if isinstance(value, list):
            yield from ((f"{name}, class {number}", float(one)) for number, one in enumerate(value))
        else:
            yield name, float(value)
