"""ONNX models keep their large tensors beside them, and run on frames, arrays and dictionaries of arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skl2onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LinearRegression

import assay
from assay.core.errors import InvalidParameterValue


def large_model():
    """The matrix product of two inputs, plus a constant large enough to be kept beside the model."""
    constant = numpy_helper.from_array(np.arange(1024, dtype="float32").reshape(32, 32), "constant")
    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [32, 32]) for name in ("a", "b", "sum")]
    nodes = [helper.make_node("MatMul", ["a", "b"], ["c"]), helper.make_node("Add", ["c", "constant"], ["sum"])]
    graph = helper.make_graph(nodes, "large", value[:2], value[2:], [constant])
    opset = [helper.make_opsetid("", 18)]
    return helper.make_model(graph, opset_imports=opset, ir_version=9)


def tensor(model):
    """The bytes of the constant, which the caller's model keeps when it is saved without them."""
    return model.graph.initializer[0].raw_data


@pytest.mark.parametrize("external", [True, False])
def test_large_tensors_of_onnx_go_beside_the_model(external):
    model = large_model()
    ones = np.eye(32)
    assay.onnx.save_model(
        model, "saved", save_as_external_data=external, onnx_session_options={"intra_op_num_threads": 1}
    )
    assert Path("saved/model.onnx.data").exists() == external
    expected = np.eye(32) + np.arange(1024).reshape(32, 32)
    for runner in (model, assay.onnx.load_model("saved"), assay.onnx.session("saved")):
        assert np.allclose(assay.onnx.predict(runner, {"a": ones, "b": ones})["sum"], expected)
    assert tensor(model) == tensor(assay.onnx.load_model("saved")) == tensor(large_model())


def test_onnx_takes_frames_and_names_what_is_missing():
    frame = pd.DataFrame({"depth": [0.0, 1.0, 2.0], "width": [1.0, 0.0, 1.0]})
    line = LinearRegression().fit(frame.to_numpy(), [1.0, 2.0, 5.0])
    found = assay.onnx.predict(skl2onnx.to_onnx(line, frame.to_numpy().astype("float32")), frame)
    assert np.allclose(found["variable"], [1.0, 2.0, 5.0], atol=1e-5)
    with pytest.raises(InvalidParameterValue, match="several inputs: a, b"):
        assay.onnx.predict(large_model(), np.eye(32))
    with pytest.raises(InvalidParameterValue, match="takes as: b"):
        assay.onnx.predict(large_model(), {"a": np.eye(32)})
    with pytest.raises(InvalidParameterValue, match="threads"):
        assay.onnx.save_model(large_model(), "saved", onnx_session_options={"threads": 1})


def test_an_onnx_model_that_is_not_valid_is_not_saved():
    model = large_model()
    model.graph.node[0].op_type = "Nothing"
    with pytest.raises(InvalidParameterValue, match="not valid"):
        assay.onnx.save_model(model, "saved")
    assert not Path("saved").exists()
