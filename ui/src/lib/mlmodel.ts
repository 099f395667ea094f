import { parseYaml, type Yaml, YamlError } from "./yaml";

/** One input, output or param of a model. */
export interface Field {
  name: string;
  /** "double", "tensor float32 (-1, 28, 28)", "array of string". */
  type: string;
  required: boolean;
  /** Of a param. */
  default?: string;
}

export interface Signature {
  inputs: Field[];
  outputs: Field[];
  params: Field[];
}

export interface Flavor {
  name: string;
  facts: Array<[string, string]>;
}

/** What the `MLmodel` file of a model says. */
export interface ModelCard {
  flavors: Flavor[];
  signature: Signature | undefined;
  /** The file of the input example, below the model's folder. */
  example: string | undefined;
  bytes: number | undefined;
  created: string | undefined;
  python: string | undefined;
  /** Why the file, or its signature, could not be read. */
  problem: string | undefined;
}

type Mapping = { [key: string]: Yaml };

function mapping(value: Yaml | undefined): Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}

function text(value: Yaml | undefined): string | undefined {
  return value === null || value === undefined || typeof value === "object" ? undefined : String(value);
}

const EMPTY: ModelCard = {
  ...{ flavors: [], signature: undefined, example: undefined, bytes: undefined, created: undefined },
  ...{ python: undefined, problem: undefined },
};

/** Read an `MLmodel` file; a broken one gives an empty card that says why. */
export function parseModelCard(source: string): ModelCard {
  try {
    const file = mapping(parseYaml(source));
    const flavors = Object.entries(mapping(file.flavors)).map(([name, facts]) => ({ name, facts: factsOf(facts) }));
    const size = Number(text(file.model_size_bytes) ?? Number.NaN);
    return {
      flavors,
      ...readSignature(file.signature),
      example: text(mapping(file.saved_input_example_info).artifact_path),
      bytes: Number.isFinite(size) ? size : undefined,
      created: text(file.utc_time_created),
      python: text(mapping(mapping(file.flavors).python_function).python_version),
    };
  } catch (error) {
    if (error instanceof YamlError) return { ...EMPTY, problem: `The MLmodel file does not read: ${error.message}.` };
    throw error;
  }
}

function factsOf(value: Yaml): Array<[string, string]> {
  return Object.entries(mapping(value)).map(([key, fact]) => [
    key,
    typeof fact === "object" ? JSON.stringify(fact) : String(fact),
  ]);
}

function readSignature(value: Yaml | undefined): Pick<ModelCard, "signature" | "problem"> {
  if (value === undefined || value === null) return { signature: undefined, problem: undefined };
  const parts = mapping(value);
  try {
    const signature = {
      inputs: fields(parts.inputs),
      outputs: fields(parts.outputs),
      params: fields(parts.params),
    };
    return { signature, problem: undefined };
  } catch (error) {
    if (error instanceof SyntaxError)
      return { signature: undefined, problem: "The signature in the MLmodel file does not read." };
    throw error;
  }
}

function fields(value: Yaml | undefined): Field[] {
  const list: unknown = typeof value === "string" ? JSON.parse(value) : value;
  if (!Array.isArray(list)) return [];
  return list.map((one: Mapping, index) => {
    const field: Field = {
      name: text(one.name) ?? (list.length === 1 ? "" : String(index)),
      type: typeOf(one),
      required: one.required !== false && !("default" in one),
    };
    return "default" in one ? { ...field, default: JSON.stringify(one.default) } : field;
  });
}

/** A type of a schema as a reader would say it. */
function typeOf(spec: Mapping): string {
  const kind = text(spec.type) ?? "any";
  if (kind === "tensor") {
    const { dtype, shape } = mapping(spec["tensor-spec"]);
    return `tensor ${text(dtype) ?? ""} (${Array.isArray(shape) ? shape.join(", ") : ""})`;
  }
  if (kind === "array") return `list of ${typeOf(mapping(spec.items))}`;
  if (kind === "map") return `map to ${typeOf(mapping(spec.values))}`;
  if (kind === "object") {
    const inner = Object.entries(mapping(spec.properties)).map(([name, one]) => `${name}: ${typeOf(mapping(one))}`);
    return `{${inner.join(", ")}}`;
  }
  const shape = Array.isArray(spec.shape) ? ` (${spec.shape.join(", ")})` : "";
  return kind + shape;
}

/** Packages and what is asked of their versions, from the text of a `requirements.txt`. */
export function parseRequirements(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const raw of source.split(/\r\n|\r|\n/)) {
    const line = raw.replace(/(^|\s)#.*$/, "").trim();
    const parts = /^([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)\s*(.*)$/.exec(line);
    if (parts) found.set(parts[1]!.toLowerCase().replace(/[_.]/g, "-"), parts[2] || "any version");
    else if (line !== "") found.set(line, "");
  }
  return found;
}

/** A field's type in words, for a comparison of two signatures. */
export function fieldInWords(field: Field): string {
  const ending = field.default === undefined ? (field.required ? "" : ", optional") : `, default ${field.default}`;
  return field.type + ending;
}
