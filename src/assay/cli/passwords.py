"""How a new password is told: asked for, read from a file, or made here. Never as an argument, which `ps` shows."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

from assay.service.passwords import random_password

if TYPE_CHECKING:
    from collections.abc import Callable


def password_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options for where a new password comes from; what they say arrives as `password_file` and `generate`."""
    function = click.option("--generate", is_flag=True, help="Make a password, and print it this once, alone.")(
        function
    )
    return click.option(
        "--password-file",
        type=click.File(encoding="utf-8"),
        help="A file that holds the password; - for standard input. By default it is asked for.",
    )(function)


def new_password(password_file: TextIO | None, *, generate: bool) -> str:
    """The password from wherever the options say; from the keyboard by default.

    Raises:
        click.UsageError: both options are given, or nobody can be asked.
        click.BadParameter: the file is no text.
    """
    if password_file is not None and generate:
        raise click.UsageError("Give --password-file or --generate, not both.")
    if generate:
        return random_password()
    if password_file is None:
        return asked("Password", option="--password-file or --generate", twice=True)
    try:
        return password_file.read().rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"it is no text in UTF-8: {error}.", param_hint="--password-file") from error


def asked(what: str, *, option: str, twice: bool = False) -> str:
    """A password from the keyboard, not shown.

    Raises:
        click.UsageError: there is no terminal; names what to give instead.
    """
    if not sys.stdin.isatty():
        raise click.UsageError(f"There is no terminal to ask for the password. Give {option}.")
    text: str = click.prompt(what, hide_input=True, confirmation_prompt=twice, err=True)
    return text


def show_made(password: str, *, username: str) -> None:
    """Print a password that was made, alone on stdout, so that a script can keep it."""
    click.echo(f"The password of '{username}' is shown this once:", err=True)
    click.echo(password)
