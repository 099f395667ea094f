"""MLflow: its server with the workers it comes with, or with one."""

from pathlib import Path

from benchmarks.rivals.environment import environment, install

_VERSION = "3.17.2"


class MLflow:
    """MLflow; `workers` is how many server processes to ask for, None for its own choice."""

    client = "mlflow"
    has_local_mode = True
    logins = ("password",)

    def __init__(self, *, workers: int | None = None) -> None:
        self._workers = workers
        self.key = "mlflow" if workers is None else f"mlflow-{workers}"
        self.title = f"MLflow {_VERSION}" if workers is None else f"MLflow {_VERSION}, {workers} worker"
        self.python = environment("mlflow") / "python"

    def install(self) -> None:
        """Install it on first use."""
        install("mlflow", requirement=f"mlflow[auth]=={_VERSION}")

    def server_command(self, directory: Path, *, port: int) -> list[str]:
        """`mlflow server`."""
        command = [
            *(str(environment("mlflow") / "mlflow"), "server", "--host", "127.0.0.1", "--port", str(port)),
            *("--backend-store-uri", self.local_uri(directory)),
            *("--artifacts-destination", str(directory / "artifacts")),
        ]
        return command if self._workers is None else [*command, "--workers", str(self._workers)]

    def local_uri(self, directory: Path) -> str:
        """A SQLite database."""
        return f"sqlite:///{directory}/mlflow.db"
