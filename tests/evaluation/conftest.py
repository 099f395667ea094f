"""Real data sets of scikit-learn: a model fitted on the even rows, the odd ones to evaluate on."""

from __future__ import annotations

import pytest
from sklearn import datasets
from sklearn.linear_model import LinearRegression
from sklearn.naive_bayes import GaussianNB


@pytest.fixture(autouse=True)
def _fresh(fresh_library):
    pass


def _halves(frame, model):
    even = frame.iloc[::2]
    fitted = model.fit(even.drop(columns="target"), even["target"])
    return fitted, frame.iloc[1::2].reset_index(drop=True)


@pytest.fixture(scope="session")
def cancer():
    """Two classes, 0 and 1."""
    return _halves(datasets.load_breast_cancer(as_frame=True).frame, GaussianNB())


@pytest.fixture(scope="session")
def cancer_in_words():
    """The same, called malignant and benign."""
    frame = datasets.load_breast_cancer(as_frame=True).frame
    named = frame.assign(target=frame["target"].map({0: "malignant", 1: "benign"}))
    return _halves(named, GaussianNB())


@pytest.fixture(scope="session")
def wine():
    """Three classes."""
    return _halves(datasets.load_wine(as_frame=True).frame, GaussianNB())


@pytest.fixture(scope="session")
def diabetes():
    """Numbers."""
    return _halves(datasets.load_diabetes(as_frame=True).frame, LinearRegression())


@pytest.fixture
def features():
    """The columns without the answers."""
    return lambda data: data.drop(columns="target")
