"""Options that name what something is granted on, or what a token is good for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from assay.cli import options
from assay.client.api import Client
from assay.store.users import ALL, EVERYTHING, EXPERIMENT, MODEL

if TYPE_CHECKING:
    from collections.abc import Callable

RUN = "run"


class Resource(NamedTuple):
    """A kind of resource, and the id or name of one; `*` for all of them."""

    kind: str
    target: str

    def __str__(self) -> str:
        return "everything" if self.kind == EVERYTHING else f"{self.kind} '{self.target}'"


def resource_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options for an experiment or a registered model."""
    function = click.option("--model", help="Name of the registered model.")(function)
    function = options.experiment_name(function)
    return options.experiment_id(required=False)(function)


def chosen_resource(
    *,
    experiment_id: str | None,
    experiment_name: str | None,
    model: str | None,
    everything: bool = False,
    run_id: str | None = None,
) -> Resource | None:
    """What the options name; None when none is used.

    Raises:
        click.UsageError: several are used.
        ResourceDoesNotExist: there is no experiment of that name.
    """
    given = {
        "experiment_id": experiment_id,
        "experiment_name": experiment_name,
        "model": model,
        "everything": everything or None,
        "run_id": run_id,
    }
    used = {name: value for name, value in given.items() if value is not None}
    if not used:
        return None
    options.one_of(**used)
    if experiment_name is not None:
        return Resource(EXPERIMENT, options.chosen_experiment(Client(), None, experiment_name).experiment_id)
    if everything:
        return Resource(EVERYTHING, ALL)
    kind = {"experiment_id": EXPERIMENT, "model": MODEL, "run_id": RUN}
    [(name, value)] = used.items()
    return Resource(kind[name], str(value))
