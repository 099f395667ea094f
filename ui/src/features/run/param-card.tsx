import { useMemo, useState } from "react";
import type { Run } from "../../api/generated";
import { CopyButton } from "../../components/copy";
import { Dialog } from "../../components/dialog";
import { LongList } from "../../components/long-list";
import { compareText } from "../../lib/cells";
import { ListCard } from "./list-card";

const ROW = 28;

/** The params of a run; a long value opens in full. */
export function ParamCard({ run }: { run: Run }) {
  const [search, setSearch] = useState("");
  const [opened, setOpened] = useState<{ key: string; value?: string }>();
  const needle = search.toLowerCase();
  const params = useMemo(
    () => [...(run.data.params ?? [])].sort((left, right) => compareText(left.key, right.key)),
    [run],
  );
  const found = params.filter(({ key, value = "" }) => `${key}\n${value}`.toLowerCase().includes(needle));
  return (
    <ListCard title="Params" count={params.length} empty="No params were logged." search={search} onSearch={setSearch}>
      <LongList items={found} rowHeight={ROW} label="Params" keyOf={(param) => param.key}>
        {(param) => (
          <div className="pair-row">
            <span className="truncate muted" title={param.key}>
              {param.key}
            </span>
            <PairValue value={param.value ?? ""} onOpen={() => setOpened(param)} />
          </div>
        )}
      </LongList>
      {opened && (
        <Dialog title={opened.key} onClose={() => setOpened(undefined)}>
          <pre className="full-text">{opened.value}</pre>
          <footer>
            <CopyButton text={opened.value ?? ""} label="Copy the value" />
          </footer>
        </Dialog>
      )}
    </ListCard>
  );
}

const LONG = 48;

function PairValue({ value, onOpen }: { value: string; onOpen: () => void }) {
  if (value === "") return <span className="value-missing">empty</span>;
  if (value.length <= LONG && !value.includes("\n")) {
    return (
      <span className="truncate" title={value}>
        {value}
      </span>
    );
  }
  return (
    <button type="button" className="long-value truncate" title="Show the whole value" onClick={onOpen}>
      {value.slice(0, 200)}
    </button>
  );
}
