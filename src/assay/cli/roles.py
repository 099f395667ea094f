"""`assay roles ...`."""

from __future__ import annotations

import click
import msgspec

from assay.cli import output
from assay.cli.asking import ask
from assay.core.errors import ResourceDoesNotExist
from assay.wire import roles as wire
from assay.wire.base import Empty

COLUMNS = {"name": "Name", "description": "Description", "permissions": "Permissions"}
MEMBER_COLUMNS = {"username": "User", "origin": "Given by"}


@click.group(epilog="Example: assay roles assign trainers ada")
def roles() -> None:
    """Manage the roles of a server: groups of users, to whom permissions are granted together."""


@roles.command("list", epilog="Example: assay roles list --output json")
@output.output_option
def list_roles(form: str) -> None:
    """List roles with what is granted to them."""
    rows = [
        msgspec.to_builtins(role)
        if form == "json"
        else {
            "name": role.name,
            "description": role.description,
            "permissions": ", ".join(
                f"{grant.permission} {grant.resource_type} {grant.resource_pattern}" for grant in role.permissions
            ),
        }
        for role in ask(wire.ListRoles(), wire.RolesResponse).roles
    ]
    output.show_rows(rows, form=form, columns=COLUMNS)


@roles.command(epilog="Example: assay roles create trainers --description 'may log to everything'")
@click.argument("name")
@click.option("--description", help="What it is for.")
def create(name: str, description: str | None) -> None:
    """Make a role, without members and permissions."""
    ask(wire.CreateRole(name=name, description=description), wire.RoleResponse)
    click.echo(f"Role '{name}' was made.")


@roles.command(epilog="Example: assay roles delete trainers")
@click.argument("name")
def delete(name: str) -> None:
    """Delete a role with all that is granted to it."""
    ask(wire.DeleteRole(role_id=role_named(name).id), Empty)
    click.echo(f"Role '{name}' was deleted.")


@roles.command(epilog="Example: assay roles assign trainers ada")
@click.argument("name")
@click.argument("username")
def assign(name: str, username: str) -> None:
    """Give a role to a user."""
    ask(wire.AssignRole(username=username, role_id=role_named(name).id), wire.RoleAssignmentResponse)
    click.echo(f"User '{username}' has the role '{name}'.")


@roles.command(epilog="Example: assay roles unassign trainers ada")
@click.argument("name")
@click.argument("username")
def unassign(name: str, username: str) -> None:
    """Take a role from a user."""
    ask(wire.UnassignRole(username=username, role_id=role_named(name).id), Empty)
    click.echo(f"User '{username}' has the role '{name}' no longer.")


@roles.command(epilog="Example: assay roles members trainers")
@click.argument("name")
@output.output_option
def members(name: str, form: str) -> None:
    """List who has a role."""
    found = ask(wire.ListRoleUsers(role_id=role_named(name).id), wire.RoleAssignmentsResponse).assignments
    output.show_rows([msgspec.to_builtins(one) for one in found], form=form, columns=MEMBER_COLUMNS)


def role_named(name: str) -> wire.Role:
    """The role of this name.

    Raises:
        ResourceDoesNotExist: there is none.
    """
    for role in ask(wire.ListRoles(), wire.RolesResponse).roles:
        if role.name == name:
            return role
    raise ResourceDoesNotExist(f"There is no role {name!r}. `assay roles list` shows those that are.")
