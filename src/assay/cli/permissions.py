"""`assay permissions ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import msgspec

from assay.cli import options, output
from assay.cli.asking import ask
from assay.cli.resources import Resource, chosen_resource, resource_options
from assay.cli.roles import role_named
from assay.store.users import LEVELS, NOTHING
from assay.wire import holders as wire
from assay.wire.base import Empty
from assay.wire.permissions import (
    EffectivePermissionResponse,
    GetUserPermission,
    ListUserPermissions,
    UserPermissionsResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assay.wire.base import Message

GRANT = {"resource_type": "On", "resource_pattern": "Which", "permission": "Permission"}
TO_WHOM = {"username": "User", "role_name": "Role"}
HOLDER = {"username": "User", "permission": "Permission", "is_admin": "Administrator"}
GRANTED = tuple(name for name, level in LEVELS.items() if level != NOTHING)


def _whom(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--role", help="Name of the role.")(function)
    return click.option("--user", "username", help="Name of the user.")(function)


def _everything(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--everything", is_flag=True, help="All experiments and registered models.")(function)


@click.group(epilog="Example: assay permissions grant EDIT --user ada --experiment-name churn")
def permissions() -> None:
    """Say who may do what with which experiments and registered models."""


@permissions.command("list", epilog="Example: assay permissions list --experiment-name churn")
@_whom
@resource_options
@output.output_option
def list_permissions(username: str | None, role: str | None, form: str, **named: Any) -> None:
    """List what is granted to a user or a role, or on an experiment or a registered model."""
    resource = chosen_resource(**named)
    options.one_of(user=username, role=role, experiment_id=resource)
    columns = GRANT
    found: Sequence[Message] = []
    if username is not None:
        columns = {**GRANT, "role_name": "By role"}
        found = ask(ListUserPermissions(username=username), UserPermissionsResponse).permissions
    elif role is not None:
        found = role_named(role).permissions
    elif resource is not None:
        columns = {**TO_WHOM, **GRANT}
        found = _holders(resource).grants
    output.show_rows([msgspec.to_builtins(one) for one in found], form=form, columns=columns)


@permissions.command(epilog="Example: assay permissions holders --experiment-name churn")
@resource_options
@output.output_option
def holders(form: str, **named: Any) -> None:
    """List which users may do what with something in the end: all grants, roles and the default considered."""
    found = _holders(_one_resource(**named))
    rows = [msgspec.to_builtins(one) for one in found.holders]
    if form != "json":
        rows = [{**row, "is_admin": "yes" if row["is_admin"] else "no"} for row in rows]
    output.show_rows(rows, form=form, columns=HOLDER)
    if form == "table":
        click.echo(f"All others: {found.default_permission}.")
    if found.total > len(found.holders):
        click.echo(f"These are the first {len(found.holders)} of {found.total}.", err=True)


@permissions.command(epilog="Example: assay permissions show ada --experiment-name churn")
@click.argument("username")
@resource_options
def show(username: str, **named: Any) -> None:
    """Print what a user may do with something in the end: all grants, roles and the default considered."""
    kind, target = _one_resource(**named)
    request = GetUserPermission(username=username, resource_type=kind, resource_id=target)
    click.echo(ask(request, EffectivePermissionResponse).permission)


@permissions.command(epilog="Example: assay permissions grant EDIT --user ada --experiment-name churn")
@click.argument("permission", type=click.Choice(GRANTED, case_sensitive=False))
@_whom
@resource_options
@_everything
def grant(permission: str, username: str | None, role: str | None, **named: Any) -> None:
    """Grant a permission to a user or a role, in place of what was granted to it there before.

    An id or a name of * stands for all experiments, or all registered models.
    """
    options.one_of(user=username, role=role)
    resource = _one_resource(**named)
    request = wire.SetResourceGrant(
        resource_type=resource.kind,
        resource_id=resource.target,
        permission=permission,
        username=username or "",
        role_name=role or "",
    )
    ask(request, Empty)
    click.echo(f"'{username or role}' has {permission} on {resource}.")


@permissions.command(epilog="Example: assay permissions revoke --user ada --experiment-name churn")
@_whom
@resource_options
@_everything
def revoke(username: str | None, role: str | None, **named: Any) -> None:
    """Take back what is granted to a user or a role on something."""
    options.one_of(user=username, role=role)
    resource = _one_resource(**named)
    request = wire.RemoveResourceGrant(
        resource_type=resource.kind, resource_id=resource.target, username=username or "", role_name=role or ""
    )
    ask(request, Empty)
    click.echo(f"What was granted to '{username or role}' on {resource} is taken back.")


def _holders(resource: Resource) -> wire.ResourceHoldersResponse:
    request = wire.ListResourceHolders(resource_type=resource.kind, resource_id=resource.target)
    return ask(request, wire.ResourceHoldersResponse)


def _one_resource(**named: Any) -> Resource:
    found = chosen_resource(**named)
    if found is None:
        forms = " or ".join(f"--{name.replace('_', '-')}" for name in named)
        raise click.UsageError(f"Give exactly one of {forms}.")
    return found
