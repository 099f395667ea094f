import mlflow
import mlflow.sklearn
mlflow.set_tracking_uri("https://mlflow.company.com")
mlflow.set_experiment("fraud-detection")
with mlflow.start_run(run_name="alice_xgb_baseline"):
    mlflow.log_param("author", "alice")
    mlflow.log_param("model_family", "xgboost")
    mlflow.log_metric("val_auc", 0.941)
