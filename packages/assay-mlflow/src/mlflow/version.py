"""The version of MLflow whose API this package offers."""

VERSION = "3.17.2"
