"""`import mlflow`, served by Assay."""
