"""Options that several commands share, and checks that click does not make by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from assay.client.entities import ViewType
from assay.core.errors import ResourceDoesNotExist

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from assay.client.api import Client
    from assay.client.entities import Experiment, PagedList, Run

    Command = Callable[..., Any]

T = TypeVar("T")

PAGE = 1000
VIEWS = ("active_only", "deleted_only", "all")


def experiment_id(*, required: bool = True, variable: str | None = None) -> Callable[[Command], Command]:
    """The option that names an experiment by its id."""
    return click.option("--experiment-id", "-x", required=required, envvar=variable, help="Id of the experiment.")


def experiment_name(function: Command) -> Command:
    """The option that names an experiment by its name."""
    return click.option("--experiment-name", "-n", help="Name of the experiment.")(function)


def run_id(*, required: bool = True) -> Callable[[Command], Command]:
    """The option that names a run."""
    return click.option("--run-id", "-r", required=required, help="Id of the run.")


def view(function: Command) -> Command:
    """The option for which lifecycle stages are shown; its value arrives as the number that the client takes."""
    return click.option(
        "--view",
        "-v",
        type=click.Choice(VIEWS, case_sensitive=False),
        default=VIEWS[0],
        show_default=True,
        callback=lambda _context, _parameter, value: ViewType.from_string(value.lower()),
        help="What to show: not deleted, deleted, or both.",
    )(function)


def filtering(function: Command) -> Command:
    """The options for which runs are wanted, and in which order."""
    function = click.option(
        "--order-by", multiple=True, help='What comes first, such as "metrics.loss ASC". Repeatable.'
    )(function)
    return click.option(
        "--filter", "filter_string", default="", help='Only runs that match, such as "metrics.loss < 0.1".'
    )(function)


def max_results(function: Command) -> Command:
    """The option for how many results are shown at most."""
    return click.option("--max-results", type=click.IntRange(min=1), help="Show no more than this many.")(function)


def one_of(**given: Any) -> None:
    """Check that exactly one option was used.

    Raises:
        click.UsageError: none was, or several; names them.
    """
    if sum(value is not None for value in given.values()) != 1:
        names = " or ".join(f"--{name.replace('_', '-')}" for name in given)
        raise click.UsageError(f"Give exactly one of {names}.")


def chosen_experiment(client: Client, experiment_id: str | None, experiment_name: str | None) -> Experiment:
    """The experiment that is named by exactly one of id and name, a deleted one too.

    Raises:
        click.UsageError: both are given, or none.
        ResourceDoesNotExist: there is no such experiment.
    """
    one_of(experiment_id=experiment_id, experiment_name=experiment_name)
    if experiment_id is not None:
        return client.get_experiment(experiment_id)
    found = client.get_experiment_by_name(experiment_name or "")
    if found is None:
        raise ResourceDoesNotExist(
            f"No experiment named {experiment_name!r} exists. `assay experiments search` lists those that do."
        )
    return found


def found_runs(
    client: Client,
    experiment_ids: Sequence[str],
    *,
    filter_string: str,
    order_by: Sequence[str],
    view: int,
    max_results: int | None,
) -> Iterator[Run]:
    """The runs that the options of a search ask for.

    Raises:
        InvalidParameterValue: the filter or the order is not acceptable.
    """
    return pages(
        lambda size, token: client.search_runs(
            experiment_ids, filter_string, view, max_results=size, order_by=order_by, page_token=token
        ),
        limit=max_results,
    )


def pages(search: Callable[[int, str | None], PagedList[T]], limit: int | None) -> Iterator[T]:
    """Every result of a search that takes a page size and a page token, at most `limit`."""
    token: str | None = None
    left = limit
    while left is None or left > 0:
        page = search(PAGE if left is None else min(PAGE, left), token)
        yield from page
        token = page.token
        if not token:
            return
        left = None if left is None else left - len(page)
