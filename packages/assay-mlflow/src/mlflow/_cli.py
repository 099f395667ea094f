"""The `mlflow` command: Assay's, under MLflow's name."""

from typing import NoReturn

from assay.cli.main import main as run


def main() -> NoReturn:
    """Run the command line and exit."""
    run(program="mlflow")
