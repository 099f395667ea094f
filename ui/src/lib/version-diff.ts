import { type Cell, compareText } from "./cells";
import type { DiffRow } from "./diff";
import { fieldInWords, parseModelCard, parseRequirements } from "./mlmodel";
import { tagInWords } from "./models";

/** A heading with the lines below it. */
export interface DiffSection {
  title: string;
  noun: string;
  rows: DiffRow[];
}

interface FilesLike {
  mlmodel: string;
  requirements: string;
}

/** Lines by key, in the order in which keys first come, from what each version says under them. */
function linesOf(prefix: string, versions: ReadonlyArray<ReadonlyMap<string, string>>): DiffRow[] {
  const keys = new Set(versions.flatMap((one) => [...one.keys()]));
  return [...keys].map((key) => {
    const cells = versions.map((one): Cell => one.get(key) ?? null);
    return { column: `${prefix}.${key}`, key, cells, differs: cells.some((cell) => cell !== cells[0]) };
  });
}

const PARTS = [
  { part: "inputs", title: "Inputs", noun: "input" },
  { part: "outputs", title: "Outputs", noun: "output" },
  { part: "params", title: "Params of the signature", noun: "param" },
] as const;

/** What versions take and give, and what they need, side by side. */
export function fileSections(files: readonly FilesLike[]): DiffSection[] {
  const cards = files.map((one) => parseModelCard(one.mlmodel));
  const signatures = PARTS.map(({ part, title, noun }) => {
    const fields = cards.map(
      (card) => new Map(card.signature?.[part].map((field) => [field.name || "unnamed", fieldInWords(field)])),
    );
    return { title, noun, rows: linesOf(part, fields) };
  });
  const flavors = cards.map(
    (card) =>
      new Map(
        card.flavors.flatMap(({ name, facts }) => facts.map(([key, fact]) => [`${name}: ${key}`, fact] as const)),
      ),
  );
  const requirements = linesOf(
    "requirements",
    files.map((one) => parseRequirements(one.requirements)),
  );
  requirements.sort((left, right) => compareText(left.key, right.key));
  return [
    ...signatures,
    { title: "Requirements", noun: "package", rows: requirements },
    { title: "Flavors", noun: "fact", rows: linesOf("flavors", flavors) },
  ];
}

interface TaggedLike {
  tags?: Array<{ key: string; value?: string }>;
}

/** Tags of versions side by side. */
export function tagSection(versions: readonly TaggedLike[]): DiffSection {
  const tags = versions.map((one) => new Map(one.tags?.map(tagInWords).map(({ name, value }) => [name, value])));
  return { title: "Tags", noun: "tag", rows: linesOf("tags", tags) };
}
