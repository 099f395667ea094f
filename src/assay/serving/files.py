"""Predictions for what lies in a file, by the same rules as the server's."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from assay.core.errors import InvalidParameterValue, ResourceDoesNotExist
from assay.serving import inputs, scorer

FORMS = {"json": inputs.JSON, "csv": inputs.CSV}
STANDARD = "-"


def predict_file(
    model_uri: str,
    *,
    input_path: str | Path | None = None,
    output_path: str | Path | None = None,
    content_type: str = "json",
) -> None:
    """Write a model's predictions for the data in a file, as the server of the model would answer.

    Args:
        model_uri: A `models:` or `runs:` URI, another artifact URI, or a path.
        input_path: The file: a request of the scoring protocol in JSON, or CSV with a head. None and `-` are stdin.
        output_path: Where the JSON goes. None and `-` are stdout; what the model itself prints goes to stderr.
        content_type: `json` or `csv`.

    Raises:
        ResourceDoesNotExist: there is no such file or model.
        InvalidParameterValue: the content type is another, or the data does not fit the model; says where.
        AssayError: the model cannot be loaded, or may not be.
    """
    if content_type not in FORMS:
        raise InvalidParameterValue(f"The content type {content_type!r} is not read. Choose {' or '.join(FORMS)}.")
    body = _read(input_path)
    with contextlib.redirect_stdout(sys.stderr):
        answer = scorer.load(model_uri).score(body, FORMS[content_type])
    if output_path is None or str(output_path) == STANDARD:
        sys.stdout.write(f"{answer.decode()}\n")
    else:
        Path(output_path).write_bytes(answer + b"\n")


def _read(path: str | Path | None) -> bytes:
    if path is None or str(path) == STANDARD:
        return sys.stdin.buffer.read()
    file = Path(path)
    if not file.is_file():
        raise ResourceDoesNotExist(f"There is no input file {str(path)!r}.")
    return file.read_bytes()
