"""Python values as the bytes of an artifact file."""

from __future__ import annotations

import io
import json
from pathlib import PurePosixPath
from typing import Any

from assay.core.errors import InvalidParameterValue
from assay.core.lazy import require


def dictionary(value: dict[str, Any], *, path: str) -> bytes:
    """YAML for `.yaml` and `.yml`, JSON with an indent of 2 for all other names.

    Raises:
        ConfigurationError: it is to be YAML, and PyYAML is not installed.
        InvalidParameterValue: it holds what JSON cannot express.
    """
    if PurePosixPath(path).suffix in (".yaml", ".yml"):
        text: str = require("yaml", extra="sklearn").safe_dump(value, default_flow_style=False, allow_unicode=True)
        return text.encode()
    try:
        return json.dumps(value, indent=2, default=_plain).encode()
    except (TypeError, ValueError) as error:
        raise InvalidParameterValue(f"{path!r} cannot be written as JSON: {error}.") from error


def figure(value: Any, *, path: str, save_kwargs: dict[str, Any] | None = None) -> bytes:
    """A figure of Matplotlib or Plotly, in the format that the name's extension says.

    Raises:
        InvalidParameterValue: it is no figure of these libraries.
    """
    extension = PurePosixPath(path).suffix.lstrip(".").lower()
    options = save_kwargs or {}
    buffer = io.BytesIO()
    if hasattr(value, "savefig"):
        value.savefig(buffer, format=extension or "png", **options)
        return buffer.getvalue()
    if hasattr(value, "write_html"):
        if extension in ("html", "htm"):
            html: str = value.to_html(**{"include_plotlyjs": "cdn", "auto_open": False, **options, "full_html": True})
            return html.encode()
        image: bytes = value.to_image(format=extension or "png", **options)
        return image
    raise InvalidParameterValue(f"A {type(value).__name__} is no figure of Matplotlib or Plotly.")


def _plain(value: Any) -> Any:
    """NumPy scalars and arrays as numbers and lists; dates as text."""
    for method in ("tolist", "isoformat"):
        if hasattr(value, method):
            return getattr(value, method)()
    raise TypeError(f"{type(value).__name__} is not JSON serializable")
