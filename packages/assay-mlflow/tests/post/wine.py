from pathlib import Path
import json
import mlflow
import mlflow.sklearn
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
# Load a small built-in dataset so the example is runnable as-is.
X, y = load_wine(return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(
    X,
    y,
    test_size=0.2,
    random_state=42,
    stratify=y,
)
experiment_name = "mlflow-wine-demo"
mlflow.set_experiment(experiment_name)
max_iter, C = 500, 1.0
pipeline = Pipeline(
    steps=[
        ("scaler", StandardScaler()),
        ("model", LogisticRegression(max_iter=max_iter, C=C)),
    ]
)
with mlflow.start_run(run_name="logreg_baseline"):
    pipeline.fit(X_train, y_train)
    predictions = pipeline.predict(X_test)
    accuracy = accuracy_score(y_test, predictions)
    macro_f1 = f1_score(y_test, predictions, average="macro")
    mlflow.log_param("model_type", "logistic_regression")
    mlflow.log_param("max_iter", max_iter)
    mlflow.log_param("C", C)
    mlflow.log_param("dataset", "sklearn_wine")
    mlflow.log_metric("accuracy", float(accuracy))
    mlflow.log_metric("macro_f1", float(macro_f1))
    metrics_report = {
        "accuracy": float(accuracy),
        "macro_f1": float(macro_f1),
        "n_train_rows": int(len(X_train)),
        "n_test_rows": int(len(X_test)),
    }
    output_dir = Path("artifacts")
    output_dir.mkdir(exist_ok=True)
    report_path = output_dir / "metrics_summary.json"
    feature_path = output_dir / "feature_sample.csv"
    report_path.write_text(json.dumps(metrics_report, indent=2), encoding="utf-8")
    X_test.head(10).assign(target=y_test.head(10).values).to_csv(feature_path, index=False)
    mlflow.log_artifact(str(report_path))
    mlflow.log_artifact(str(feature_path))
    mlflow.sklearn.log_model(pipeline, artifact_path="model")
    mlflow.set_tag("owner", "ml-team")
    mlflow.set_tag("purpose", "baseline classification experiment")
    print(f"accuracy={accuracy:.4f}, macro_f1={macro_f1:.4f}")
