"""`assay users ...`."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

import click
import msgspec

from assay.cli import output
from assay.cli.asking import ask, asking, store_option
from assay.cli.passwords import asked, new_password, password_options, show_made
from assay.core import settings
from assay.wire import users as wire
from assay.wire.base import Empty

if TYPE_CHECKING:
    from assay.cli.asking import Ask

COLUMNS = {"username": "Name", "is_admin": "Administrator", "origin": "Logs in by", "roles": "Roles"}


@click.group(epilog="Example: assay users create ada")
def users() -> None:
    """Manage the users of a server."""


@users.command("list", epilog="Example: assay users list --output json")
@store_option()
@output.output_option
def list_users(backend_store_uri: str | None, form: str) -> None:
    """List users with their roles; of others, only administrators are told them."""
    with asking(backend_store_uri) as answer:
        found = answer(wire.ListUsers(), wire.UsersResponse).users
    rows = [
        {**msgspec.to_builtins(user), "roles": [role.name for role in user.roles]}
        if form == "json"
        else {
            "username": user.username,
            "is_admin": "yes" if user.is_admin else "no",
            "origin": user.origin,
            "roles": ", ".join(role.name for role in user.roles),
        }
        for user in found
    ]
    output.show_rows(rows, form=form, columns=COLUMNS)


@users.command(epilog="Example: assay users create ada --password-file - < password.txt")
@click.argument("name")
@password_options
@click.option("--admin", is_flag=True, help="Make it an administrator.")
@store_option()
def create(name: str, password_file: TextIO | None, generate: bool, admin: bool, backend_store_uri: str | None) -> None:
    """Add a user, who may do nothing yet but what every user may."""
    password = new_password(password_file, generate=generate)
    with asking(backend_store_uri) as answer:
        answer(wire.CreateUser(username=name, password=password), wire.UserResponse)
        if generate:
            show_made(password, username=name)
        if admin:
            answer(wire.UpdateUserAdmin(username=name, is_admin=True), Empty)
    click.echo(f"User '{name}' was made{', an administrator' if admin else ''}.", err=generate)


@users.command(epilog="Example: assay users delete ada")
@click.argument("name")
def delete(name: str) -> None:
    """Delete a user with its grants, tokens and sessions. What it made stays."""
    ask(wire.DeleteUser(username=name), Empty)
    click.echo(f"User '{name}' was deleted.")


@users.command("set-password", epilog="Example: assay users set-password ada --generate")
@click.argument("name")
@password_options
def set_password(name: str, password_file: TextIO | None, generate: bool) -> None:
    """Set a password: one's own, or, as an administrator, anybody's. It ends the user's sessions."""
    present = _present_password(name)
    _set_password(ask, name, password_file, generate=generate, present=present)


@users.command("set-admin", epilog="Example: assay users set-admin ada --no-admin")
@click.argument("name")
@click.option("--admin/--no-admin", "is_admin", default=True, show_default=True, help="An administrator, or no longer.")
def set_admin(name: str, is_admin: bool) -> None:
    """Make a user an administrator, or no longer."""
    ask(wire.UpdateUserAdmin(username=name, is_admin=is_admin), Empty)
    click.echo(f"User '{name}' is {'an' if is_admin else 'no'} administrator.")


@users.command("reset-password", epilog="Example: assay users reset-password admin --backend-store-uri ./mlruns")
@click.argument("name")
@store_option(required=True)
@password_options
def reset_password(name: str, backend_store_uri: str, password_file: TextIO | None, generate: bool) -> None:
    """Set a password without logging in, on the machine that has the store: the way back in.

    It ends the user's sessions, and counts on running servers within a second. The audit log tells it.
    """
    with asking(backend_store_uri) as answer:
        _set_password(answer, name, password_file, generate=generate)


def _set_password(
    answer: Ask, name: str, password_file: TextIO | None, *, generate: bool, present: str | None = None
) -> None:
    password = new_password(password_file, generate=generate)
    answer(wire.UpdateUserPassword(username=name, password=password, current_password=present), Empty)
    if generate:
        show_made(password, username=name)
    click.echo(f"User '{name}' has a new password.", err=generate)


def _present_password(name: str) -> str | None:
    """The password that one logs in by, when it is one's own that is changed."""
    caller = ask(wire.GetCurrentUser(), wire.CurrentUserResponse).user
    if caller.username != name:
        return None
    return settings.tracking_password.get() or asked("Present password", option="MLFLOW_TRACKING_PASSWORD")
