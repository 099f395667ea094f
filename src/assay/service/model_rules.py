"""Limits and names of logged models and of datasets, as MLflow has them; the client applies the same ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from assay.core.errors import InvalidParameterValue
from assay.store.models import DatasetName
from assay.wire.models import MODEL_STATUS_NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assay.wire.inputs import DatasetInput, ModelInput, ModelOutput
    from assay.wire.models import LoggedModelParameter, LoggedModelTag

MAX_MODEL_ID = 250
MAX_MODEL_NAME = 500
MAX_MODEL_KEY = 255
MAX_MODEL_VALUE = 1_048_575
MAX_MODEL_VALUES = 10_000
MAX_MODEL_TYPE = 500
MAX_SOURCE_RUN_ID = 250
MAX_DATASET_NAME = 500
MAX_DATASET_DIGEST = 36
MAX_INPUT_TAG_KEY = 255
MAX_INPUT_TAG_VALUE = 500
MAX_SEARCHED_EXPERIMENTS = 20
MAX_SEARCHED_DATASETS = 100
MAX_INPUTS = 1000
MAX_INPUT_TAGS = 100
_DATASET_LIMITS = (
    ("name", MAX_DATASET_NAME),
    ("digest", MAX_DATASET_DIGEST),
    ("source_type", 250),
    ("source", 65_535),
    ("schema", 1_048_575),
    ("profile", 16_777_215),
)
_MODEL_ID = re.compile(r"m-[\w\-]{1,240}", re.ASCII)
_UNNAMABLE = "/:.%\"'"


def _fitting(given: str, name: str, limit: int) -> str:
    if len(given) > limit:
        raise InvalidParameterValue(
            f"{name!r} exceeds the maximum length of {limit} characters: {given[:50]!r}... has {len(given)}."
        )
    return given


def new_model_id(given: str) -> str:
    """An id that a client gives to a new logged model.

    Raises:
        InvalidParameterValue: it has another form than `m-` with letters, digits, _ and -.
    """
    if not _MODEL_ID.fullmatch(given):
        raise InvalidParameterValue(
            f"Invalid model id {given[:300]!r}: it must be m- followed by letters, digits, _ and -, at most 240."
        )
    return given


def model_name(given: str) -> str:
    """The name of a logged model.

    Raises:
        InvalidParameterValue: it is too long, or holds a character that paths and URIs give a meaning.
    """
    if not given.strip() or any(sign in given for sign in _UNNAMABLE):
        raise InvalidParameterValue(
            f"Invalid model name {given[:100]!r}: it must not be blank, nor hold one of {' '.join(_UNNAMABLE)}."
        )
    return _fitting(given, "name", MAX_MODEL_NAME)


def model_type(given: str) -> str:
    """What kind of model it is, a text of at most 500 characters; raises InvalidParameterValue for a longer one."""
    return _fitting(given, "model_type", MAX_MODEL_TYPE)


def source_run_id(given: str) -> str:
    """The run a model says it comes from, which need not be known; raises InvalidParameterValue for a long one."""
    return _fitting(given, "source_run_id", MAX_SOURCE_RUN_ID)


def model_status(given: str | int) -> int:
    """The number of a logged model's state, given by name or number.

    Raises:
        InvalidParameterValue: there is no such state.
    """
    number = MODEL_STATUS_NUMBERS.get(str(given))
    if number is None:
        raise InvalidParameterValue(
            f"Invalid value {given!r:.100} for parameter 'status' supplied: use LOGGED_MODEL_READY, "
            "LOGGED_MODEL_UPLOAD_FAILED or LOGGED_MODEL_PENDING."
        )
    return number


def model_params(params: Sequence[LoggedModelParameter]) -> dict[str, str]:
    """Checked params of one request by key.

    Raises:
        InvalidParameterValue: there are too many, or a key is empty, too long or there twice, or a value too long; says
            at which position.
    """
    at_most(params, "params", MAX_MODEL_VALUES)
    found: dict[str, str] = {}
    for position, param in enumerate(params):
        key = _model_key(param.key, f"params[{position}].key")
        if key in found:
            raise InvalidParameterValue(
                f"Param {key!r} stands twice in one request, with values {found[key]!r:.100} and {param.value!r:.100}."
            )
        found[key] = _fitting(param.value, f"params[{position}].value", MAX_MODEL_VALUE)
    return found


def model_tags(tags: Sequence[LoggedModelTag]) -> dict[str, str]:
    """Checked tags by key, the last of a key winning.

    Raises:
        InvalidParameterValue: there are too many, a key is empty, or a key or value too long; says at which position.
    """
    at_most(tags, "tags", MAX_MODEL_VALUES)
    return {
        _model_key(tag.key, f"tags[{position}].key"): _fitting(tag.value, f"tags[{position}].value", MAX_MODEL_VALUE)
        for position, tag in enumerate(tags)
    }


def _model_key(given: str, path: str) -> str:
    if not given:
        raise InvalidParameterValue(f"Missing value for required parameter '{path}'. Give a text that is not empty.")
    return _fitting(given, path, MAX_MODEL_KEY)


def at_most(given: Sequence[object], name: str, limit: int) -> None:
    """Return when a list of a request has no more items than that.

    Raises:
        InvalidParameterValue: it has more.
    """
    if len(given) > limit:
        raise InvalidParameterValue(f"Parameter {name!r} has {len(given)} items; send at most {limit} in a request.")


def models(given: Sequence[ModelInput | ModelOutput]) -> None:
    """Check the logged models that a run read or made, which need not be known.

    Raises:
        InvalidParameterValue: there are too many, or an id is longer than ids are.
    """
    at_most(given, "models", MAX_INPUTS)
    for position, model in enumerate(given):
        _fitting(model.model_id, f"models[{position}].model_id", MAX_MODEL_ID)


def dataset_inputs(datasets: Sequence[DatasetInput]) -> None:
    """Check what a run read.

    Raises:
        InvalidParameterValue: there are too many datasets or tags, or a part of one is too long; names it.
    """
    at_most(datasets, "datasets", MAX_INPUTS)
    for position, given in enumerate(datasets):
        at_most(given.tags, f"datasets[{position}].tags", MAX_INPUT_TAGS)
        for name, limit in _DATASET_LIMITS:
            _fitting(getattr(given.dataset, name), name, limit)
        for tag in given.tags:
            _fitting(tag.key, "key", MAX_INPUT_TAG_KEY)
            _fitting(tag.value, "value", MAX_INPUT_TAG_VALUE)


def measured_on(name: str | None, digest: str | None) -> DatasetName | None:
    """The dataset that a metric names, if it names one.

    Raises:
        InvalidParameterValue: only one of name and digest is given, or one is too long.
    """
    if not name and not digest:
        return None
    if not name or not digest:
        raise InvalidParameterValue("Both dataset_name and dataset_digest must be provided if one is provided.")
    return DatasetName(
        _fitting(name, "dataset_name", MAX_DATASET_NAME), _fitting(digest, "dataset_digest", MAX_DATASET_DIGEST)
    )
