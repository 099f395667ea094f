"""Handlers for `wire.home`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.service import main_metrics, rules
from assay.service.dispatch import Context, handles
from assay.wire import home as wire
from assay.wire.codec import number_as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assay.store.base import Session
    from assay.store.home import MainMetric
    from assay.wire.home import FoundItem, HomeRun

DEFAULT_RUNS = 8
MOST_RUNS = 100
MOST_EXPERIMENTS = 100
MOST_DAYS = 100
MOST_TEXT = 250
DEFAULT_FOUND = 5
MOST_FOUND = 50
_CANDIDATES = 50
_LATEST = 2**53
"""Milliseconds that every language can count."""
_NOBODY = "unknown"
"""What MLflow's client sends where it cannot tell who runs it."""


@handles(wire.ViewHome)
def view_home(context: Context, session: Session, request: wire.ViewHome) -> wire.Home:
    """What goes on, in a fixed number of statements."""
    del context
    size = rules.page_size(request.max_results, default=DEFAULT_RUNS, most=MOST_RUNS)
    running = session.overview.runs("RUNNING", limit=size)
    finished = session.overview.runs("FINISHED", limit=size)
    lost = session.overview.runs("FAILED", limit=size) + session.overview.runs("KILLED", limit=size)
    failed = sorted(lost, key=lambda run: -(run.end_time or 0))[:size]
    _measure(session, [*running, *finished, *failed])
    return wire.Home(running=running, finished=finished, failed=failed, running_total=session.overview.count("RUNNING"))


def _measure(session: Session, runs: Sequence[HomeRun]) -> None:
    """Fill in the main metric of each run's experiment."""
    mains = _main_metrics(session, {run.experiment_id for run in runs})
    for run in runs:
        run.metric = mains[run.experiment_id].key if run.experiment_id in mains else ""
    values = session.overview.last_values({run.run_id: run.metric for run in runs if run.metric})
    for run in runs:
        if run.run_id in values:
            run.value = number_as_json(values[run.run_id])


def _main_metrics(
    session: Session, experiment_ids: Iterable[str], *, only_judged: bool = False
) -> dict[str, MainMetric]:
    """The main metric of each experiment: the one chosen, else the likeliest, if it is known what is better."""
    asked = sorted(experiment_ids)
    tags = session.overview.main_metric_tags(asked)
    found = {one: main_metrics.chosen(tag) for one, tag in tags.items()}
    rest = [one for one in asked if found.get(one) is None]
    for one, keys in session.overview.metric_keys(rest).items():
        likeliest = main_metrics.likeliest(keys)
        if likeliest is not None and (not only_judged or main_metrics.is_judged(likeliest)):
            found[one] = likeliest
    return {one: main for one, main in found.items() if main is not None}


@handles(wire.ViewBest)
def view_best(context: Context, session: Session, request: wire.ViewBest) -> wire.BestRuns:
    """The best runs of some experiments, in a fixed number of statements."""
    del context
    asked = _asked(request.experiment_ids)
    return wire.BestRuns(best=session.overview.best(_main_metrics(session, asked, only_judged=True)))


@handles(wire.ViewActivity)
def view_activity(context: Context, session: Session, request: wire.ViewActivity) -> wire.ExperimentActivities:
    """The days and the people of some experiments, in a fixed number of statements."""
    del context
    asked = sorted(_asked(request.experiment_ids))
    if not 1 <= request.days <= MOST_DAYS:
        raise InvalidParameterValue(
            f"Invalid value {request.days} for parameter 'days' supplied: give 1 to {MOST_DAYS}."
        )
    if not 0 <= request.since <= _LATEST:
        raise InvalidParameterValue(
            f"Invalid value {request.since} for parameter 'since' supplied: give milliseconds since the epoch."
        )
    ends = session.overview.ends(asked)
    starts = session.overview.starts(asked, since=request.since, days=request.days)
    none = [0] * request.days
    return wire.ExperimentActivities(
        activity=[
            wire.ExperimentActivity(
                experiment_id=one,
                owner="" if ends[one].owner == _NOBODY else ends[one].owner,
                newest_run=ends[one].newest_run,
                days=starts.get(one, none),
            )
            for one in asked
            if one in ends
        ]
    )


def _asked(experiment_ids: Sequence[str]) -> set[str]:
    asked = {rules.experiment_id(one) for one in experiment_ids}
    if len(asked) > MOST_EXPERIMENTS:
        raise InvalidParameterValue(
            f"At most {MOST_EXPERIMENTS} experiments can be asked for at once; these are {len(asked)}."
        )
    return asked


@handles(wire.FindAnything)
def find_anything(context: Context, session: Session, request: wire.FindAnything) -> wire.FoundItems:
    """A few of each kind that the words of a text are found in, in their order."""
    del context
    size = rules.page_size(request.max_results, default=DEFAULT_FOUND, most=MOST_FOUND)
    text = " ".join(request.text.split())
    if len(text) > MOST_TEXT:
        raise InvalidParameterValue(f"The text has {len(text)} characters; at most {MOST_TEXT} are searched for.")
    if not text:
        return wire.FoundItems(items=[])
    pattern = f"%{text.replace(' ', '%')}%"
    finding = session.finding
    kinds = (
        finding.runs(text, pattern, limit=_CANDIDATES),
        finding.experiments(pattern, limit=_CANDIDATES),
        finding.models(pattern, limit=_CANDIDATES),
        finding.pages(pattern, limit=_CANDIDATES),
        finding.keys(pattern, limit=_CANDIDATES),
    )
    exact = re.compile(".*".join(map(re.escape, text.split())), re.IGNORECASE | re.DOTALL)
    found = [item for items in kinds for item in items if item.id.startswith(text) or _holds(item, exact)]
    by_kind: dict[str, list[FoundItem]] = {}
    for item in sorted(found, key=lambda item: _distance(item, text)):
        by_kind.setdefault(item.kind, []).append(item)
    return wire.FoundItems(items=[item for items in by_kind.values() for item in items[:size]])


def _holds(item: FoundItem, exact: re.Pattern[str]) -> bool:
    """Whether it was found for its own sake: to the database, an underscore stands for any character."""
    return bool(exact.search(item.label) or exact.search(item.match))


def _distance(item: FoundItem, text: str) -> tuple[int, int]:
    """How far a match is from being the very text: the whole label, how it begins, a word of it, a part, elsewhere."""
    label, wanted = item.label.lower(), text.lower()
    place = label.find(wanted)
    if item.id == text or label == wanted:
        rank = 0
    elif place == 0 or item.id.startswith(text):
        rank = 1
    elif place > 0 and not label[place - 1].isalnum():
        rank = 2
    else:
        rank = 3 if place > 0 else 4
    return rank, -item.time
