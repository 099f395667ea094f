"""What of MLflow is not offered yet, and the error that says so."""

from __future__ import annotations

from assay.core.errors import NotSupported

LATER = frozenset(
    """
doctor import_checkpoints run projects server
create_workspace delete_workspace get_workspace list_workspaces login set_workspace update_workspace
""".split()
)
"""Names that MLflow has and Assay will have."""


GENERATIVE = frozenset("ChatAgent ChatModel ResponsesAgent".split())
"""Names of MLflow's for generative AI, in the modules that also serve other models."""


class NotOffered(NotSupported, AttributeError):
    """A name of MLflow's that is not offered: both an `MlflowException` and an `AttributeError`."""


def missing(module: str, name: str, later: frozenset[str]) -> AttributeError:
    """The error for a name that `module` does not have."""
    if name in GENERATIVE:
        return NotOffered(f"{module}.{name} is for generative AI, which Assay does not cover.")
    if name in later:
        return NotOffered(f"{module}.{name} is not offered by Assay yet; leave it out for now.")
    return AttributeError(f"module {module!r} has no attribute {name!r}")
