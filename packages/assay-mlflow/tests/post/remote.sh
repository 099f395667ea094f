export MLFLOW_TRACKING_URI=http://mlflow.company.internal:8080
python train.py
