"""Assay, as it stands in this checkout."""

import subprocess
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.processes import REPOSITORY

_BINARIES = REPOSITORY / ".venv" / "bin"


class Assay:
    """Assay's server and client, installed by `make init`."""

    key = "assay"
    title = "Assay"
    client = "assay"
    has_local_mode = True
    logins = ("token", "password")
    python = _BINARIES / "python"

    def install(self) -> None:
        """Check that the checkout's environment has it."""
        command = _BINARIES / "assay"
        if not command.exists():
            raise BenchmarkError(f"There is no {command}: run `make init`.")
        done = subprocess.run([str(command), "server", "--help"], capture_output=True, text=True, check=False)
        if done.returncode:
            raise BenchmarkError(f"`assay server --help` fails in this checkout:\n{done.stderr[-500:]}")

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """`assay server`."""
        return [
            *(str(_BINARIES / "assay"), "server", "--host", "127.0.0.1", "--port", str(port)),
            *("--backend-store-uri", self.local_uri(directory)),
            *("--artifacts-destination", str(directory / "artifacts")),
        ]

    def local_uri(self, directory: Path) -> str:
        """A SQLite database."""
        return f"sqlite:///{directory}/assay.db"
