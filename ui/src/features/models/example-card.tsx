import { useMemo } from "react";
import { Link } from "wouter";
import { exampleOf } from "../../lib/example";
import { SideCard } from "./side-cards";

const FILE = "input_example.json";

/** What the model was shown as an example of its input: a table where it is one. */
export function ExampleCard({ text, linked }: { text: string; linked: boolean }) {
  const example = useMemo(() => exampleOf(text), [text]);
  if (!example) return null;
  return (
    <SideCard title="Input example">
      {"columns" in example ? (
        <div className="table-box" tabIndex={0} role="region" aria-label="Rows of the example">
          <table className="list example">
            <thead>
              <tr>
                {example.columns.map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {example.rows.map((row, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
                <tr key={place}>
                  {row.map((cell, column) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: nor have its columns, which may have equal names
                    <td key={column} className="mono">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <pre className="full-text">{example.text}</pre>
      )}
      <p className="muted">
        From {linked ? <Link href="?tab=files&path=input_example.json">{FILE}</Link> : <code>{FILE}</code>}
      </p>
    </SideCard>
  );
}
