"""The article's scikit-learn script, run by a case: a training on the wine data, without a tracker or with autologging.

`python autolog.py CLIENT`: the module whose `autolog()` is called first; without it, nothing is recorded.
"""

import importlib
import sys

from sklearn.datasets import load_wine  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import accuracy_score, f1_score  # type: ignore[import-untyped]
from sklearn.model_selection import train_test_split  # type: ignore[import-untyped]
from sklearn.pipeline import Pipeline  # type: ignore[import-untyped]
from sklearn.preprocessing import StandardScaler  # type: ignore[import-untyped]

for client in sys.argv[1:]:
    importlib.import_module(client).autolog()

features, target = load_wine(return_X_y=True, as_frame=True)
for_training, for_test, wanted, wanted_of_test = train_test_split(
    features, target, test_size=0.2, random_state=42, stratify=target
)
pipeline = Pipeline([("scaler", StandardScaler()), ("model", LogisticRegression(max_iter=500, C=1.0))])
pipeline.fit(for_training, wanted)
predictions = pipeline.predict(for_test)
print(accuracy_score(wanted_of_test, predictions), f1_score(wanted_of_test, predictions, average="macro"))
