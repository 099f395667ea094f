import { Link } from "wouter";
import { useMedia } from "../../components/media";
import { type Lineage, type LineageLayout, layOut, lineageInWords, type PlacedNode } from "../../lib/lineage";
import { SideCard } from "./side-cards";

const NARROW = "(max-width: 900px)";

/** Where a model comes from, as a picture whose parts are links; and in a sentence. */
export function LineageCard({ lineage }: { lineage: Lineage }) {
  const narrow = useMedia(NARROW);
  const { node: size, nodes, edges, width, height } = layOut(lineage, narrow ? "down" : "right");
  return (
    <SideCard title="Lineage">
      <p className="visually-hidden">{lineageInWords(lineage)}</p>
      <div className="lineage-box" tabIndex={0} role="region" aria-label="Picture of the lineage">
        <div className="lineage" style={{ width, height }}>
          <svg width={width} height={height} aria-hidden="true">
            <defs>
              <marker
                id="lineage-arrow"
                viewBox="0 0 6 6"
                refX="5"
                refY="3"
                markerWidth="6"
                markerHeight="6"
                orient="auto"
              >
                <path d="M0 0 6 3 0 6z" />
              </marker>
            </defs>
            {edges.map((path) => (
              <path key={path} className="lineage-edge" d={path} markerEnd="url(#lineage-arrow)" />
            ))}
          </svg>
          {nodes.map((node) => (
            <Node key={`${node.kind} ${node.id}`} node={node} size={size} />
          ))}
        </div>
      </div>
    </SideCard>
  );
}

function Node({ node, size }: { node: PlacedNode; size: LineageLayout["node"] }) {
  const { kind, name, detail, href, x, y } = node;
  const place = { left: x, top: y, ...size };
  const content = (
    <>
      <span className="lineage-kind">
        {kind}
        {detail && ` · ${detail}`}
      </span>
      <span className="truncate lineage-name">
        <bdi>{name}</bdi>
      </span>
    </>
  );
  const title = `${kind} ${name}`;
  if (!href) {
    return (
      <div className="lineage-node" style={place} title={title}>
        {content}
      </div>
    );
  }
  return (
    <Link className="lineage-node" style={place} href={href} title={title}>
      {content}
    </Link>
  );
}
