export MLFLOW_TRACKING_URI=https://mlflow.company.com
export MLFLOW_TRACKING_USERNAME=alice
export MLFLOW_TRACKING_PASSWORD=your-password
python train.py
