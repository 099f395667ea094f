"""`assay tokens ...`."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from assay.cli import options, output
from assay.cli.asking import ask
from assay.cli.resources import Resource, chosen_resource, resource_options
from assay.service.access import SCOPES, WRITING
from assay.wire import tokens as wire
from assay.wire.base import Empty

COLUMNS = {
    "token_id": "ID",
    "name": "Name",
    "scope": "Scope",
    "resource": "Only for",
    "creation_time": "Made (UTC)",
    "expiry_time": "Expires (UTC)",
    "last_used": "Last used (UTC)",
}
USER = click.option("--user", "username", default="", help="Of this user, as an administrator; by default one's own.")


@click.group(epilog="Example: TOKEN=$(assay tokens create CI --scope append --experiment-name churn)")
def tokens() -> None:
    """Make, list and revoke tokens: what programs log in with."""


@tokens.command(epilog="Example: assay tokens create CI --scope append --experiment-name churn --days 30")
@click.argument("name")
@click.option(
    "--scope", type=click.Choice(SCOPES), default=WRITING, show_default=True, help="What it is good for at most."
)
@resource_options
@options.run_id(required=False)
@click.option("--days", type=click.IntRange(min=1), default=30, show_default=True, help="How long it is good for.")
@USER
def create(name: str, scope: str, days: int, username: str, **named: Any) -> None:
    """Make a token, and print it this once: alone on standard output, all else on standard error.

    It does no more than its user may, and never manages users, permissions and tokens. With --scope append it only
    adds to the run or experiment that is named.
    """
    kind, target = chosen_resource(**named) or Resource("", "")
    made = ask(
        wire.CreateToken(name=name, scope=scope, resource_type=kind, resource_id=target, days=days, username=username),
        wire.NewTokenResponse,
    )
    click.echo(
        f"Token {made.info.token_id} of '{made.info.username}' ends on {output.moment(made.info.expiry_time)} UTC. "
        "It is shown this once:",
        err=True,
    )
    click.echo(made.token)


@tokens.command("list", epilog="Example: assay tokens list --user ada")
@USER
@output.output_option
def list_tokens(username: str, form: str) -> None:
    """List tokens, the newest first; what proves them cannot be shown again."""
    rows = [
        msgspec.to_builtins(token)
        if form == "json"
        else {
            "token_id": token.token_id,
            "name": token.name,
            "scope": token.scope,
            "resource": f"{token.resource_type} {token.resource_id}".strip(),
            "creation_time": output.moment(token.creation_time),
            "expiry_time": output.moment(token.expiry_time),
            "last_used": output.moment(token.last_used),
        }
        for token in ask(wire.ListTokens(username=username), wire.TokensResponse).tokens
    ]
    output.show_rows(rows, form=form, columns=COLUMNS)


@tokens.command(epilog="Example: assay tokens revoke 0a1b2c3d")
@click.argument("token_id")
def revoke(token_id: str) -> None:
    """Revoke a token, by the ID that the list shows."""
    ask(wire.RevokeToken(token_id=token_id), Empty)
    click.echo(f"Token {token_id} was revoked.")
