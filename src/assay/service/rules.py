"""Limits, names and lifecycle, as MLflow has them; the client applies the same ones at the call."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from assay.blobs.base import ARTIFACT_SCHEME
from assay.blobs.open import OBJECT_SCHEMES
from assay.blobs.paths import checked_path
from assay.core import ids, settings, uri
from assay.core.errors import InvalidParameterValue
from assay.core.log import logger
from assay.store.base import ACTIVE, DELETED, STAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assay.wire.experiments import Experiment, ExperimentTag
    from assay.wire.registry import ModelVersionTag, RegisteredModelTag
    from assay.wire.runs import Param, RunInfo, RunTag

    Tag = ExperimentTag | RunTag | RegisteredModelTag | ModelVersionTag

MAX_EXPERIMENT_NAME = 500
MAX_KEY = 250
MAX_PARAM_VALUE = 6000
MAX_TAG_VALUE = 8000
MAX_EXPERIMENT_TAG_VALUE = 20_000
MAX_ARTIFACT_LOCATION = 2048
MAX_METRICS_PER_BATCH = 1000
MAX_PARAMS_PER_BATCH = 100
MAX_TAGS_PER_BATCH = 100
MAX_BATCH = 1000
MAX_TAGS = 10_000
MAX_PAGE = 50_000
DEFAULT_RUNS_PAGE = 1000
RUN_NAME_TAG = "mlflow.runName"
MODEL_HISTORY_TAG = "mlflow.log-model.history"
STATUSES = ("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED")
ENDED = ("FINISHED", "FAILED", "KILLED")

_INT64 = 1 << 63
_EXPERIMENT_ID = re.compile(r"[0-9]{1,100}")
_RUN_ID = re.compile(r"[a-zA-Z0-9][\w\-]{0,255}", re.ASCII)
_NEW_RUN_ID = re.compile(r"[0-9a-f]{32}")
_KEY = re.compile(r"[\w\-. :/]+")
_STATUS_NUMBERS = dict(enumerate(STATUSES, start=1))
_VIEWS: dict[str | int | None, tuple[str, ...]] = {
    **dict.fromkeys((None, "ACTIVE_ONLY", 1, "1"), (ACTIVE,)),
    **dict.fromkeys(("DELETED_ONLY", 2, "2"), (DELETED,)),
    **dict.fromkeys(("ALL", 3, "3"), STAGES),
}
"""Stages by the name of a view or its number, which a query string holds as text."""
_PROXIED = f"{ARTIFACT_SCHEME}:/"
_WITHOUT_ACCOUNT = ("s3", "gs", "gcs", "az")
_known_keys: set[str] = set()
_log = logger("rules")


def run_id(given: str) -> str:
    """The id of a run.

    Raises:
        InvalidParameterValue: it is missing or has a form that no run id has.
    """
    if not given:
        raise InvalidParameterValue("Missing value for required parameter 'run_id'. Name the run.")
    if not _RUN_ID.fullmatch(given):
        raise InvalidParameterValue(
            f"Invalid run id {given[:300]!r}: it must start with a letter or digit, "
            "and hold letters, digits, _ and - only, at most 256."
        )
    return given


def new_run_id(given: str) -> str:
    """An id that a client gives to a new run: it names the directory of its files, so it must be no name of others'.

    Raises:
        InvalidParameterValue: it is none such as MLflow's, which 32 hexadecimal digits make.
    """
    if not _NEW_RUN_ID.fullmatch(given):
        raise InvalidParameterValue(
            f"Invalid id {given[:300]!r} for a new run: give 32 hexadecimal digits in lower case, or none at all."
        )
    return given


def run_name(given: str | None, *, tags: Mapping[str, str]) -> str:
    """The name of a new run: as given, or as its tag says, else a random one.

    Raises:
        InvalidParameterValue: name and tag contradict each other, or it is longer than a tag may be.
    """
    tagged = tags.get(RUN_NAME_TAG)
    if given and tagged and given != tagged:
        raise InvalidParameterValue(
            f"The run is named {given!r} by 'run_name' and {tagged!r} by the tag {RUN_NAME_TAG!r}. Give one name."
        )
    return tag_value(given or tagged or ids.run_name(), RUN_NAME_TAG)


def experiment_id(given: str | None) -> str:
    """The id of an experiment: a whole number as text.

    Raises:
        InvalidParameterValue: it is missing or not a whole number.
    """
    if not given:
        raise InvalidParameterValue("Missing value for required parameter 'experiment_id'. Name the experiment.")
    if not _EXPERIMENT_ID.fullmatch(given) or int(given) >= _INT64:
        raise InvalidParameterValue(f"Invalid experiment id {given[:100]!r}: it must be a whole number.")
    return str(int(given))


def experiment_name(given: Any) -> str:
    """The name of an experiment.

    Raises:
        InvalidParameterValue: it is empty, not text, or longer than 500 characters.
    """
    if not isinstance(given, str) or not given.strip():
        raise InvalidParameterValue(f"Invalid experiment name {given!r}: give a text that is not empty.")
    if len(given) > MAX_EXPERIMENT_NAME:
        raise InvalidParameterValue(
            f"Experiment name {given[:50]!r}... has {len(given)} characters; at most {MAX_EXPERIMENT_NAME} are allowed."
        )
    return given


def key(given: Any, kind: str, *, path: str = "") -> str:
    """The key of a metric, param or tag (`kind`); `path` says where in a request it stands.

    Raises:
        InvalidParameterValue: it is empty, too long, or holds other characters than MLflow allows.
    """
    try:
        if given in _known_keys:
            return given  # type: ignore[no-any-return]
    except TypeError:
        pass
    where = f" at {path}" if path else ""
    if not isinstance(given, str) or not given:
        raise InvalidParameterValue(f"Invalid {kind} name {given!r}{where}: give a text that is not empty.")
    if len(given) > MAX_KEY:
        raise InvalidParameterValue(
            f"{kind.capitalize()} name {given[:50]!r}...{where} has {len(given)} characters; at most {MAX_KEY} may be."
        )
    if not _KEY.fullmatch(given):
        raise InvalidParameterValue(
            f"Invalid {kind} name {given!r}{where}: names may hold letters, digits, _, -, ., spaces, : and / only."
        )
    normal = posixpath.normpath(given)
    if normal != given or given == "." or given.startswith(("..", "/")):
        raise InvalidParameterValue(
            f"Invalid {kind} name {given!r}{where}: names with / must look like relative paths, "
            f"such as {normal.lstrip('./')!r}."
        )
    if len(_known_keys) < 100_000:
        _known_keys.add(given)
    return given


def number(given: Any, name: str) -> float:
    """A metric value as a float: numbers, booleans, NumPy scalars, tensors and arrays of one element.

    Raises:
        InvalidParameterValue: it is none of these; names the metric.
    """
    if isinstance(given, str | bytes):
        raise InvalidParameterValue(f"Invalid value {given[:100]!r} for metric {name!r}: give a number.")
    try:
        return float(given.item()) if hasattr(given, "item") else float(given)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidParameterValue(f"Invalid value {given!r:.100} for metric {name!r}: give a number.") from error


def timestamp(given: int, *, path: str = "timestamp") -> int:
    """Milliseconds since the epoch.

    Raises:
        InvalidParameterValue: negative or beyond 64 bits.
    """
    if not 0 <= given < _INT64:
        raise InvalidParameterValue(
            f"Invalid value {given} for parameter '{path}' supplied: give milliseconds since 1970, not negative."
        )
    return given


def step(given: int, *, path: str = "step") -> int:
    """A training step; it may be negative.

    Raises:
        InvalidParameterValue: beyond 64 bits.
    """
    if not -_INT64 <= given < _INT64:
        raise InvalidParameterValue(
            f"Invalid value {given} for parameter '{path}' supplied: it must fit a signed 64-bit number."
        )
    return given


def param_value(given: str, name: str) -> str:
    """A param's text, cut to 6,000 characters where settings say so.

    Raises:
        InvalidParameterValue: it is longer, and long values are not to be cut.
    """
    return _fit(given, name, "param", MAX_PARAM_VALUE)


def tag_value(given: str, name: str) -> str:
    """A run tag's text, cut to 8,000 characters where settings say so.

    Raises:
        InvalidParameterValue: it is longer, and long values are not to be cut.
    """
    return _fit(given, name, "tag", MAX_TAG_VALUE)


def _fit(given: str, name: str, kind: str, limit: int) -> str:
    if len(given) <= limit:
        return given
    if not settings.truncate_long_values.get():
        raise InvalidParameterValue(
            f"The value of {kind} {name!r} has {len(given)} characters; at most {limit} are allowed. "
            "Log long texts as artifacts."
        )
    _log.warning("The value of %s %r was cut from %d to %d characters.", kind, name, len(given), limit)
    return given[:limit]


def experiment_tag_value(given: str, name: str) -> str:
    """An experiment tag's text.

    Raises:
        InvalidParameterValue: it is longer than 20,000 characters.
    """
    if len(given) > MAX_EXPERIMENT_TAG_VALUE:
        raise InvalidParameterValue(
            f"The value of tag {name!r} has {len(given)} characters; at most {MAX_EXPERIMENT_TAG_VALUE} are allowed."
        )
    return given


def tags(given: Sequence[Tag], value: Callable[[str, str], str]) -> dict[str, str]:
    """Checked tags of one request by key, the last of a key winning; `value` checks a value, given its key.

    Raises:
        InvalidParameterValue: there are too many, or a key or value is not acceptable; says at which position.
    """
    if len(given) > MAX_TAGS:
        raise InvalidParameterValue(f"A request may hold at most {MAX_TAGS} tags; this one has {len(given)}. Split it.")
    return {
        key(tag.key, "tag", path=f"tags[{position}].key"): value(tag.value, tag.key)
        for position, tag in enumerate(given)
    }


def status(given: str | int | None) -> str | None:
    """A run status by name or number; None for a text that names none, which MLflow ignores.

    Raises:
        InvalidParameterValue: a number is none of a status.
    """
    if isinstance(given, int):
        if given not in _STATUS_NUMBERS:
            raise InvalidParameterValue(
                f"Invalid value {given} for parameter 'status' supplied: use {', '.join(STATUSES)}."
            )
        return _STATUS_NUMBERS[given]
    return given if given in STATUSES else None


def stages(view: str | int | None) -> tuple[str, ...]:
    """The lifecycle stages that a view type shows.

    Raises:
        InvalidParameterValue: there is no such view type.
    """
    found = _VIEWS.get(view)
    if found is None:
        raise InvalidParameterValue(f"Invalid view type {view!r}: use ACTIVE_ONLY, DELETED_ONLY or ALL.")
    return found


def page_size(given: int | None, *, default: int | None, least: int = 1, most: int = MAX_PAGE) -> int:
    """How many results a page holds.

    Raises:
        InvalidParameterValue: not between `least` and `most`, or neither given nor `default` is there.
    """
    wanted = default if given is None else given
    if wanted is None or not least <= wanted <= most:
        raise InvalidParameterValue(
            f"Invalid value {wanted or 0} for parameter 'max_results' supplied: give a number from {least} to {most}."
        )
    return wanted


def batch_size(*, metrics: int, params: int, tags: int) -> None:
    """Check the limits of one batch.

    Raises:
        InvalidParameterValue: more items than one request may hold; says which and how many.
    """
    limits = (("metrics", metrics, MAX_METRICS_PER_BATCH), ("params", params, MAX_PARAMS_PER_BATCH))
    for name, count, limit in (*limits, ("tags", tags, MAX_TAGS_PER_BATCH)):
        if count > limit:
            raise InvalidParameterValue(f"A batch may hold at most {limit} {name}; this one has {count}. Split it.")
    if metrics + params + tags > MAX_BATCH:
        raise InvalidParameterValue(
            f"A batch may hold at most {MAX_BATCH} items in all; this one has {metrics + params + tags}. Split it."
        )


def distinct_params(params: Sequence[Param]) -> dict[str, str]:
    """Checked params of one request by key.

    Raises:
        InvalidParameterValue: a key is not acceptable or stands twice.
    """
    found: dict[str, str] = {}
    for position, param in enumerate(params):
        name = key(param.key, "param", path=f"params[{position}].key")
        if name in found:
            raise InvalidParameterValue(
                f"Param {name!r} stands twice in one batch, with values {found[name]!r:.100} and {param.value!r:.100}."
            )
        found[name] = param_value(param.value, name)
    return found


def writable(run: RunInfo) -> RunInfo:
    """The run, when it may be changed.

    Raises:
        InvalidParameterValue: it is deleted.
    """
    if run.lifecycle_stage != ACTIVE:
        raise InvalidParameterValue(
            f"The run {run.run_id!r} must be in the 'active' state to be changed; it is deleted. Restore it first."
        )
    return run


def active_experiment(experiment: Experiment) -> Experiment:
    """The experiment, when it may be changed.

    Raises:
        InvalidParameterValue: it is deleted.
    """
    if experiment.lifecycle_stage != ACTIVE:
        raise InvalidParameterValue(
            f"The experiment {experiment.experiment_id!r} must be in the 'active' state; it is deleted. Restore it."
        )
    return experiment


def artifact_location(given: str, *, trusted: bool) -> str:
    """An artifact location that a caller chose; callers on this machine may name local paths, remote ones may not.

    Raises:
        InvalidParameterValue: too long, of a form that can be read in two ways, or not for this caller to choose.
    """
    shown = repr(given[:200])
    if len(given) > MAX_ARTIFACT_LOCATION:
        raise InvalidParameterValue(
            f"Artifact location {shown} has {len(given)} characters; at most {MAX_ARTIFACT_LOCATION} are allowed."
        )
    if any(c in given for c in "#?;\\%") or any(ord(c) < 32 for c in given) or ".." in given.split("/"):
        raise InvalidParameterValue(
            f"Invalid artifact location {shown}: it may not hold .., \\, %, #, ?, ; or control characters."
        )
    kind = uri.scheme(given)
    if kind in OBJECT_SCHEMES and _names_a_bucket(given, kind):
        return given
    if given.startswith(_PROXIED) and not given.startswith(f"{_PROXIED}/"):
        path = given.removeprefix(_PROXIED)
        return f"{_PROXIED}{checked_path(path)}" if path else given
    if trusted and kind in ("", "file"):
        return str(uri.local_path(given).absolute())
    raise InvalidParameterValue(
        f"Invalid artifact location {shown}: give an object store ({', '.join(OBJECT_SCHEMES)}) or none at all; "
        "the server chooses places on its own disk."
    )


def _names_a_bucket(given: str, kind: str) -> bool:
    """Whether a location is `kind://bucket/path`, written in the one way that everybody reads alike."""
    prefix = f"{kind}://"
    rest = given[len(prefix) :]
    if not given.startswith(prefix) or not rest or rest.startswith("/") or "//" in rest:
        return False
    return "@" not in rest.partition("/")[0] or kind not in _WITHOUT_ACCOUNT
