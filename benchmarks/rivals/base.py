"""What a contestant has to tell: how it is installed, how its server starts, which client speaks to it."""

from pathlib import Path
from typing import Protocol


class Named(Protocol):
    """Whoever has figures."""

    @property
    def key(self) -> str:
        """Its name on the command line and in the JSON file."""

    @property
    def title(self) -> str:
        """Its name and version, for readers."""


class Contestant(Named, Protocol):
    """One product under measurement."""

    @property
    def python(self) -> Path:
        """The Python interpreter that has its client."""

    @property
    def client(self) -> str:
        """The module that training code imports to log to it."""

    @property
    def has_local_mode(self) -> bool:
        """Whether that client can write to a store without a server, and is this product's own."""

    @property
    def logins(self) -> tuple[str, ...]:
        """How users log in to its server, `token` or `password`; empty where it has no users."""

    def install(self) -> None:
        """Make sure it can run.

        Raises:
            BenchmarkError: It cannot; the message says what to do.
        """

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """The command that serves 127.0.0.1:`port` from a SQLite store in `directory`, everything else as it comes."""

    def local_uri(self, directory: Path) -> str:
        """The tracking URI of a SQLite store in `directory`, for use without a server."""
