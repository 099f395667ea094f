"""Arguments of MLflow's that are refused when something is given for them, each with the reason."""

from __future__ import annotations

from typing import Any

from assay.core.errors import NotSupported

_HOSTED = "it tells MLflow's hosted service what the model may use"
_UV = "give pip_requirements, which may be the path of a file, or leave it out to have them inferred"
_REASONS = {
    "resources": _HOSTED,
    "auth_policy": _HOSTED,
    "uv_project_path": _UV,
    "uv_groups": _UV,
    "uv_extras": _UV,
    "prompts": "generative AI is out of scope",
}


def refuse(**given: Any) -> None:
    """Return when nothing is given.

    Raises:
        NotSupported: something is; says for which argument, and what to do.
    """
    for name, value in given.items():
        if value is not None:
            raise NotSupported(f"{name} is not supported: {_REASONS[name]}.")
