import { type ReactNode, useMemo } from "react";
import type { VersionFiles } from "../../api/generated";
import { Empty, SkeletonRows } from "../../components/states";
import { formatBytes } from "../../lib/format";
import { type ModelCard, parseModelCard, parseRequirements } from "../../lib/mlmodel";
import { ExampleCard } from "./example-card";
import { SideCard } from "./side-cards";
import { SignatureTable } from "./signature-table";

interface Props {
  files: VersionFiles | undefined;
  /** Whether the files are by these names in the page's own browser. */
  linked: boolean;
}

/** Signature, flavors and requirements, from the files of a model. */
export function ModelCards({ files, linked }: Props) {
  const card = useMemo(() => parseModelCard(files?.mlmodel ?? ""), [files]);
  if (!files) return <SkeletonRows rows={8} />;
  if (files.problem) {
    return (
      <SideCard title="Signature">
        <p className="muted">The files cannot be read here: {files.problem}</p>
      </SideCard>
    );
  }
  if (files.mlmodel === "") {
    return (
      <SideCard title="Signature">
        <p className="muted">There is no MLmodel file, so nothing says what the model takes and gives.</p>
      </SideCard>
    );
  }
  return (
    <>
      <SignatureCard card={card} />
      <ExampleCard text={files.example} linked={linked} />
      <FlavorCard card={card} />
      <RequirementCard source={files.requirements} />
    </>
  );
}

function SignatureCard({ card }: { card: ModelCard }) {
  const { signature, problem } = card;
  return (
    <SideCard title="Signature">
      {problem && <p className="notice-text">{problem}</p>}
      {signature ? (
        <SignatureTable signature={signature} />
      ) : (
        !problem && (
          <Empty small title="No signature" icon="file">
            <p className="muted">
              Log the model with <code>input_example=</code> or <code>signature=</code>, and what it takes and gives is
              shown and checked.
            </p>
          </Empty>
        )
      )}
    </SideCard>
  );
}

function FlavorCard({ card: { flavors, python, bytes, created } }: { card: ModelCard }) {
  return (
    <SideCard title="Model card">
      <dl className="pairs">
        {bytes !== undefined && <Pair name="Size">{formatBytes(bytes)}</Pair>}
        {python && <Pair name="Python">{python}</Pair>}
        {created && <Pair name="Saved">{created.slice(0, 19)} UTC</Pair>}
      </dl>
      {flavors.map(({ name, facts }) => (
        <details key={name} className="flavor">
          <summary>
            Flavor <strong>{name}</strong>
          </summary>
          <dl className="pairs">
            {facts.map(([key, fact]) => (
              <Pair key={key} name={key}>
                <code>{fact}</code>
              </Pair>
            ))}
          </dl>
        </details>
      ))}
    </SideCard>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function RequirementCard({ source }: { source: string }) {
  const packages = [...parseRequirements(source)];
  if (packages.length === 0) return null;
  return (
    <SideCard title="Requirements" count={packages.length}>
      <ul className="requirements mono">
        {packages.map(([name, wanted]) => (
          <li key={name}>
            {name}
            <span className="muted">{wanted === "any version" ? "" : wanted}</span>
          </li>
        ))}
      </ul>
    </SideCard>
  );
}
