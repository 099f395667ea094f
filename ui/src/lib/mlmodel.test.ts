import { expect, test } from "vitest";
import { fieldInWords, parseModelCard, parseRequirements } from "./mlmodel";

const FILE = `
artifact_path: model
flavors:
  python_function:
    env:
      virtualenv: python_env.yaml
    loader_module: mlflow.sklearn
    python_version: 3.11.4
  sklearn:
    pickled_model: model.pkl
    sklearn_version: 1.9.1
model_size_bytes: 1234
saved_input_example_info:
  artifact_path: input_example.json
  type: dataframe
signature:
  inputs: '[{"type": "double", "name": "age", "required": true}, {"type": "array", "items":
    {"type": "string"}, "name": "words", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: '[{"name": "temperature", "type": "double", "default": 0.5, "shape": null}]'
utc_time_created: '2026-11-03 10:00:00.000000'
`;

test("a model card tells flavors, signature, size, example and time", () => {
  const card = parseModelCard(FILE);
  expect(card.flavors.map((flavor) => flavor.name)).toEqual(["python_function", "sklearn"]);
  expect(card.flavors[1]!.facts).toContainEqual(["sklearn_version", "1.9.1"]);
  expect(card.signature).toEqual({
    inputs: [
      { name: "age", type: "double", required: true },
      { name: "words", type: "list of string", required: false },
    ],
    outputs: [{ name: "", type: "tensor int64 (-1)", required: true }],
    params: [{ name: "temperature", type: "double", required: false, default: "0.5" }],
  });
  expect(card.bytes).toBe(1234);
  expect(card.python).toBe("3.11.4");
  expect(card.example).toBe("input_example.json");
  expect(card.created).toBe("2026-11-03 10:00:00.000000");
});

test("fields in words", () => {
  const { signature } = parseModelCard(FILE);
  expect(signature!.inputs.map(fieldInWords)).toEqual(["double", "list of string, optional"]);
  expect(signature!.params.map(fieldInWords)).toEqual(["double, default 0.5"]);
});

test("a model without a signature, a broken signature, and a broken file", () => {
  expect(parseModelCard("flavors: {}\nsignature: null\n").signature).toBe(undefined);
  expect(parseModelCard("signature:\n  inputs: '[{'\n").problem).toMatch(/signature/);
  expect(parseModelCard("flavors: *x").problem).toMatch(/line 1/);
});

test("requirements by package", () => {
  const text =
    "mlflow==3.17\nScikit_Learn>=1.4,<2  # why\n# a comment\nnumpy\n-e .\npandas[parquet]==2.0; python_version > '3'\n";
  expect([...parseRequirements(text)]).toEqual([
    ["mlflow", "==3.17"],
    ["scikit-learn", ">=1.4,<2"],
    ["numpy", "any version"],
    ["-e .", ""],
    ["pandas[parquet]", "==2.0; python_version > '3'"],
  ]);
});
