"""What pipelines of Transformers take and give as functions of data: one form for each task, as MLflow has them.

Input is a text, a list of texts, a data frame of one column, or what the task names its parts; output is a list of
texts, or a data frame where a prediction has several parts.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.core.errors import InvalidParameterValue, NotSupported
from assay.core.lazy import require
from assay.data.schema import ColSpec, ModelSignature, Schema, TensorSpec
from assay.data.types import DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TEMPLATED = ("feature-extraction", "fill-mask", "text-generation")
"""Tasks whose texts a prompt template may wrap."""

_OLDER_NAMES = {"sentiment-analysis": "text-classification", "ner": "token-classification"}
_PAIR = {"text", "text_pair"}


def known(task: str) -> str:
    """The name of a task, where an older name is given."""
    return _OLDER_NAMES.get(task, task)


def predict(pipeline: Any, data: Any, params: Mapping[str, Any], template: str | None = None) -> Any:
    """What a pipeline makes of data; `params` are handed to its call, and `template` wraps each text.

    Raises:
        InvalidParameterValue: the data or a param is not what the task takes.
        NotSupported: the task has no form here.
    """
    form = _FORMS.get(known(pipeline.task))
    if form is None:
        raise NotSupported(
            f"Pipelines for {pipeline.task!r} cannot be used as functions of data; those for {', '.join(_FORMS)} can. "
            "Load the model with assay.transformers.load_model and call it."
        )
    rows = _rows(data)
    if template is not None:
        rows = [template.format(prompt=text) for text in _texts(rows)]
    if not rows:
        raise InvalidParameterValue("The data has no rows.")
    try:
        return form(pipeline, rows, dict(params))
    except ValueError as error:
        if "model_kwargs" not in str(error):
            raise
        raise InvalidParameterValue(f"The params do not fit a pipeline for {pipeline.task!r}: {error}") from error


def _rows(data: Any) -> list[Any]:
    """The examples in data: texts, bytes, or dictionaries where an example has several parts."""
    if hasattr(data, "iloc"):
        frame = data.to_frame() if hasattr(data, "to_frame") else data
        data = frame.to_dict(orient="records")
    if hasattr(data, "tolist"):
        data = data.tolist()
    rows = list(data) if isinstance(data, list | tuple) else [data]
    return [next(iter(row.values())) if isinstance(row, dict) and len(row) == 1 else row for row in rows]


def _texts(rows: Sequence[Any]) -> list[str]:
    for row in rows:
        if not isinstance(row, str):
            raise InvalidParameterValue(f"The model takes texts, not a {type(row).__name__}: {row!r:.100}.")
    return list(rows)


def _called(pipeline: Any, rows: Sequence[Any], params: Mapping[str, Any]) -> list[Any]:
    """What a pipeline says of each row: of a single one, some pipelines give what they say of it alone."""
    found = pipeline(list(rows), **params)
    return list(found) if len(rows) > 1 else [found]


def _frame(rows: Sequence[Any]) -> Any:
    return require("pandas", extra="pandas").DataFrame(list(rows))


def _text_classification(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> Any:
    for row in rows:
        if not isinstance(row, str) and not (isinstance(row, dict) and "text" in row and set(row) <= _PAIR):
            raise InvalidParameterValue(f"The model takes texts, or pairs of text and text_pair, not {row!r:.100}.")
    return _frame(pipeline(list(rows), **params))


def _token_classification(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> list[str]:
    found = _called(pipeline, _texts(rows), params)
    if len(rows) == 1 and found[0] and isinstance(found[0][0], list):
        found = found[0]
    return [",".join(one.get("entity_group", one.get("entity", "")) for one in tokens) for tokens in found]


def _fill_mask(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> list[Any]:
    """The best word for each text; for a text with several masks, that of each."""
    found = [_best(candidates) for candidates in _called(pipeline, _texts(rows), params)]
    return found[0] if len(rows) == 1 and isinstance(found[0], list) else found


def _best(candidates: Any) -> Any:
    first = candidates[0]
    return [_best(one) for one in candidates] if isinstance(first, list) else first["token_str"].strip()


def _feature_extraction(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> Any:
    """The vectors of each text's tokens: one array for a single text, a list of them for several."""
    asarray = require("numpy", extra="transformers").asarray
    found = [asarray(vectors)[0] for vectors in pipeline(_texts(rows), **params)]
    return found[0] if len(found) == 1 else found


def _zero_shot(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> Any:
    """A row for each text and label."""
    flat = []
    for row in rows:
        if not isinstance(row, dict) or not {"sequences", "candidate_labels"} <= set(row):
            raise InvalidParameterValue(f"The model takes sequences and candidate_labels, not {row!r:.100}.")
        given = {"hypothesis_template": row["hypothesis_template"]} if row.get("hypothesis_template") else {}
        texts = row["sequences"] if isinstance(row["sequences"], str) else list(row["sequences"])
        found = pipeline(texts, candidate_labels=_labels(row["candidate_labels"]), **given, **params)
        for one in found if isinstance(found, list) else [found]:
            for label, score in zip(one["labels"], one["scores"], strict=True):
                flat.append({"sequence": one["sequence"], "labels": label, "scores": score})
    return _frame(flat)


def _labels(given: Any) -> Any:
    """Labels as a list, where they may be a JSON list, or one text with commas."""
    if not isinstance(given, str):
        return [str(one) for one in given]
    try:
        return json.loads(given)
    except json.JSONDecodeError:
        return given


def _text_generation(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> list[str]:
    params.pop("include_prompt", None)  # of pipelines that are not part of the library
    collapse = params.pop("collapse_whitespace", False)
    texts = [one["generated_text"].strip() for several in pipeline(_texts(rows), **params) for one in several]
    return [re.sub(r"\s+", " ", text) for text in texts] if collapse else texts


def _image_classification(pipeline: Any, rows: Sequence[Any], params: dict[str, Any]) -> Any:
    return _frame(pipeline([_image(row) for row in rows], **params))


def _image(given: Any) -> Any:
    """What the pipeline reads an image from; nothing is fetched from an address."""
    if isinstance(given, bytes):
        return base64.b64encode(given).decode()
    if not isinstance(given, str) or _is_base64(given) or Path(given).is_file():
        return given
    raise InvalidParameterValue(
        f"There is no image file {given!r:.100}, and it is no image in base64. Addresses are not fetched."
    )


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


_FORMS: dict[str, Callable[[Any, Sequence[Any], dict[str, Any]], Any]] = {
    "text-classification": _text_classification,
    "token-classification": _token_classification,
    "fill-mask": _fill_mask,
    "feature-extraction": _feature_extraction,
    "zero-shot-classification": _zero_shot,
    "text-generation": _text_generation,
    "image-classification": _image_classification,
}


def is_function(task: str) -> bool:
    """Whether pipelines for a task can be used as functions of data."""
    return known(task) in _FORMS


def _columns(**named: DataType) -> Schema:
    return Schema([ColSpec(kind, name) for name, kind in named.items()])


_TEXT = Schema([ColSpec(DataType.string)])
_LABELLED = _columns(label=DataType.string, score=DataType.double)
_SIGNATURES = {
    "text-classification": ModelSignature(_TEXT, _LABELLED),
    "image-classification": ModelSignature(_TEXT, _LABELLED),
    "token-classification": ModelSignature(_TEXT, _TEXT),
    "fill-mask": ModelSignature(_TEXT, _TEXT),
    "text-generation": ModelSignature(_TEXT, _TEXT),
    "feature-extraction": ModelSignature(_TEXT, Schema([TensorSpec("float64", (-1,))])),
    "zero-shot-classification": ModelSignature(
        _columns(sequences=DataType.string, candidate_labels=DataType.string, hypothesis_template=DataType.string),
        _columns(sequence=DataType.string, labels=DataType.string, scores=DataType.double),
    ),
}


def default_signature(task: str) -> ModelSignature | None:
    """The signature of every pipeline for a task."""
    return _SIGNATURES.get(known(task))


def example_of(task: str, example: Any) -> Any:
    """An input example as the signature can describe it: lists of labels as JSON."""
    if known(task) != "zero-shot-classification" or not isinstance(example, dict):
        return example
    labels = example.get("candidate_labels")
    return example | ({"candidate_labels": json.dumps(labels)} if isinstance(labels, list) else {})
