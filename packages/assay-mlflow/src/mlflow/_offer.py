"""What of MLflow is not offered yet, and the error that says so."""

from __future__ import annotations

from assay.core.errors import NotSupported

LATER = frozenset(
    """
doctor import_checkpoints run projects pyfunc server
create_workspace delete_workspace get_workspace list_workspaces login set_workspace update_workspace
""".split()
)
"""Names that MLflow has and Assay will have."""


class NotOffered(NotSupported, AttributeError):
    """A name of MLflow's that is not offered: both an `MlflowException` and an `AttributeError`."""


def missing(module: str, name: str, later: frozenset[str]) -> AttributeError:
    """The error for a name that `module` does not have."""
    if name in later:
        return NotOffered(f"{module}.{name} is not offered by Assay yet; leave it out for now.")
    return AttributeError(f"module {module!r} has no attribute {name!r}")
