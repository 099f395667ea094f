"""Which metric of an experiment people look at first: the rules of the UI's run table, for pages across experiments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.store.home import MainMetric

if TYPE_CHECKING:
    from collections.abc import Iterable

_LOWER_IS_BETTER = re.compile(
    r"(^|[/_.\-\s])(loss|err|error|rmse|mse|mae|mape|nll|perplexity|ppl|wer|cer|time|latency|seconds|duration|logloss"
    r"|log_loss|brier|regret|fid|bpb|bpc)(?=$|[/_.\-\s\d])",
    re.IGNORECASE,
)
_QUALITY = re.compile(
    r"acc|auc|f1|score|precision|recall|r2|bleu|rouge|map|iou|dice|loss|error|rmse|mse|mae|perplexity", re.IGNORECASE
)
_HELD_OUT = re.compile(r"(^|[/_.\-\s])(val|valid|validation|eval|test|dev|cv)(?=$|[/_.\-\s])", re.IGNORECASE)
_HOUSEKEEPING = re.compile(r"^(system/|epoch$|step$|lr$|learning_rate$|global_step$)", re.IGNORECASE)
_CHOSEN = re.compile(r"(min|max) (.+)", re.DOTALL)


def chosen(tag: str) -> MainMetric | None:
    """The main metric that an experiment's tag names; None where it does not read."""
    found = _CHOSEN.fullmatch(tag)
    return MainMetric(found[2], ascending=found[1] == "min") if found else None


def likeliest(keys: Iterable[str]) -> MainMetric | None:
    """The metric whose name says most plainly that it is what counts; None where all only keep house."""
    ranked = sorted((-_importance(key), key) for key in keys)
    if not ranked or ranked[0][0] > 0:
        return None
    key = ranked[0][1]
    return MainMetric(key, ascending=_falls(key))


def is_judged(main: MainMetric) -> bool:
    """Whether the name of a metric says which way it improves."""
    return bool(_LOWER_IS_BETTER.search(main.key) or _QUALITY.search(main.key))


def _falls(key: str) -> bool:
    return bool(_LOWER_IS_BETTER.search(key))


def _importance(key: str) -> int:
    if _HOUSEKEEPING.search(key):
        return -1
    quality = 2 if _QUALITY.search(key) else 0
    held_out = 2 if _HELD_OUT.search(key) else 0
    return quality + held_out + (quality > 0 and not _falls(key))
