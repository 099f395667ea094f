"""`python -m mlflow` is the `mlflow` command."""

from mlflow._cli import main

if __name__ == "__main__":
    main()
