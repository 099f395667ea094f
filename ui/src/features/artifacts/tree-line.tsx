import { Icon } from "../../components/icons";
import { baseName, visibleName } from "../../lib/files";
import { formatBytes } from "../../lib/format";
import type { TreeRow } from "../../lib/tree";

const INDENT = 14;
const DEEPEST_INDENT = 12;

interface Props {
  id: string;
  row: TreeRow;
  top: number;
  /** In a flat list, what stands before the name tells the folder. */
  flat: boolean;
  open: boolean;
  chosen: boolean;
  active: boolean;
  onAct: () => void;
}

/** One line of the tree; a grey bar while its part of the folder is on its way. */
export function TreeLine({ id, row, top, flat, open, chosen, active, onAct }: Props) {
  const { entry, depth, index, siblings, path } = row;
  const place = { transform: `translateY(${top}px)`, paddingLeft: 8 + Math.min(depth, DEEPEST_INDENT) * INDENT };
  const level = { "aria-level": depth + 1, "aria-posinset": index + 1, "aria-setsize": siblings };
  if (!entry) {
    return (
      <div id={id} role="treeitem" aria-label="Loading" className="tree-line" style={place} {...level}>
        <span className="skeleton tree-skeleton" />
      </div>
    );
  }
  const isFolder = entry.size === null;
  const name = visibleName(flat ? baseName(path) : entry.name);
  const folder = flat ? visibleName(path.slice(0, path.length - baseName(path).length)) : "";
  return (
    <div
      id={id}
      role="treeitem"
      aria-selected={chosen}
      aria-expanded={isFolder ? open : undefined}
      {...level}
      className={active ? "tree-line active" : "tree-line"}
      style={place}
      title={visibleName(path) + (depth > DEEPEST_INDENT ? ` (level ${depth + 1})` : "")}
      onClick={onAct}
    >
      <Icon name={isFolder ? (open ? "down" : "right") : "file"} />
      <span className="truncate tree-name">
        {folder && <span className="muted">{folder}</span>}
        {isFolder ? `${name}/` : name}
      </span>
      {entry.size !== null && <span className="muted number">{formatBytes(entry.size)}</span>}
    </div>
  );
}
