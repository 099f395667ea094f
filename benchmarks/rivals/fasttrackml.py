"""FastTrackML: a server in Go that speaks MLflow's API; its client is MLflow's."""

from pathlib import Path

from benchmarks.rivals.environment import environment, install

_VERSION = "0.6.0"


class FastTrackML:
    """FastTrackML's server, and the MLflow client that it brings along."""

    key = "fasttrackml"
    title = f"FastTrackML {_VERSION}"
    client = "mlflow"
    has_local_mode = False
    logins = ()
    python = environment("fasttrackml") / "python"

    def install(self) -> None:
        """Install it on first use."""
        install("fasttrackml", requirement=f"fasttrackml=={_VERSION}")

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """`fml server`."""
        return [
            *(str(environment("fasttrackml") / "fml"), "server", "--listen-address", f"127.0.0.1:{port}"),
            *("--database-uri", self.local_uri(directory)),
            *("--default-artifact-root", str(directory / "artifacts")),
        ]

    def local_uri(self, directory: Path) -> str:
        """A SQLite database; only its server can open it."""
        return f"sqlite://{directory}/fasttrackml.db"
