"""A library that is missing is named with the command that installs it, another version with both versions."""

from __future__ import annotations

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

import assay
from assay.core.errors import ConfigurationError
from assay.flavors import pyfunc, sklearn

SKLEARN = f"scikit-learn=={metadata.version('scikit-learn')}"


@pytest.fixture
def absent(monkeypatch):
    """Make a library absent, with all of its modules."""

    def absent(name):
        for module in [one for one in sys.modules if one.partition(".")[0] == name]:
            monkeypatch.delitem(sys.modules, module)
        monkeypatch.setitem(sys.modules, name, None)

    return absent


@pytest.fixture
def versioned(model, tmp_path):
    """Log the model with these lines in its requirements; its URI."""
    return lambda *lines: sklearn.log_model(model, name="net", pip_requirements=list(lines)).model_uri


def registered():
    return assay.search_registered_models(), assay.search_model_versions()


def test_other_versions_are_warned_about_once(versioned, frame, caplog):
    uri = versioned("scikit-learn==0.1+cpu", f"numpy[extra]=={metadata.version('numpy')}", "absent==1", "scipy>=1", "#")
    for load in (sklearn.load_model, pyfunc.load_model):
        caplog.clear()
        assert len(load(uri).predict(frame)) == 4
        (said,) = [record.getMessage() for record in caplog.records if "saved with" in record.getMessage()]
        assert f"saved with scikit-learn 0.1+cpu (here {metadata.version('scikit-learn')})." in said
        assert re.search(r"pip install -r \S+/requirements\.txt", said)


def test_the_same_versions_are_not(versioned, caplog):
    sklearn.load_model(versioned(SKLEARN + "+cpu ; python_version > '3'"))
    assert "saved with" not in caplog.text


@pytest.mark.parametrize(
    ("lines", "command"),
    [
        ([SKLEARN], f"pip install {SKLEARN}"),
        (["numpy"], r"pip install -r \S+/requirements\.txt"),
    ],
)
def test_a_module_that_a_pickle_needs_is_named(lines, command, monkeypatch, versioned, absent):
    uri = versioned(*lines)
    assay.register_model(uri, "net")
    before = registered()
    monkeypatch.setattr("assay.flavors.sklearn.require", lambda *_, **__: None)
    absent("sklearn")
    with pytest.raises(ConfigurationError, match=rf"'sklearn[\w.]*', which is not installed here.*{command}"):
        sklearn.load_model("models:/net/1")
    assert registered() == before


def test_the_library_of_a_model_is_named(library_model, absent):
    trained = library_model("xgboost_estimator")
    trained.module.save_model(trained.model, "saved")
    absent("xgboost")
    for load in (trained.module.load_model, pyfunc.load_model):
        with pytest.raises(ConfigurationError, match=r"pip install 'assay\[xgboost\]'"):
            load("saved")


def test_a_module_that_a_script_imports_is_named():
    Path("script.py").write_text("import assay\nassay.pyfunc.set_model(lambda model_input: model_input)\n")
    pyfunc.save_model("saved", python_model="script.py", pip_requirements=["some-thing==2.1"])
    script = Path("saved/script.py")
    script.write_text("import some_thing\n")
    description = Path("saved/MLmodel").read_text()
    lines = [line for line in description.splitlines() if not line.startswith("  script.py:")]
    Path("saved/MLmodel").write_text("\n".join(lines))
    with pytest.raises(ConfigurationError, match=r"'some_thing', which .*pip install some-thing==2\.1$"):
        pyfunc.load_model("saved")


def test_a_class_that_is_gone_is_named(monkeypatch):
    from sklearn import dummy

    sklearn.save_model(dummy.DummyClassifier(), "saved", serialization_format="pickle")
    monkeypatch.delattr(dummy, "DummyClassifier")
    with pytest.raises(ConfigurationError, match=r"DummyClassifier.*pip install -r "):
        sklearn.load_model("saved")
