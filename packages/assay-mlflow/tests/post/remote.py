import mlflow
mlflow.set_tracking_uri("http://mlflow.company.internal:8080")
mlflow.set_experiment("remote-gpu-experiments")
with mlflow.start_run(run_name="resnet50_remote_run"):
    mlflow.log_param("device", "remote_gpu_box")
    mlflow.log_metric("val_accuracy", 0.913)
