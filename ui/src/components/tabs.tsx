import { type KeyboardEvent, type ReactNode, useId } from "react";

export interface Tab {
  name: string;
  label: string;
  count?: string;
  content: () => ReactNode;
}

/** Tabs after the ARIA pattern: arrows move, and only the chosen one is reached by Tab. */
export function Tabs({
  label,
  tabs,
  chosen,
  onChoose,
}: {
  label: string;
  tabs: Tab[];
  chosen: string;
  onChoose: (name: string) => void;
}) {
  const id = useId();
  const current = tabs.find((tab) => tab.name === chosen) ?? tabs[0]!;
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const move = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (move === 0) return;
    const next = tabs[(tabs.indexOf(current) + move + tabs.length) % tabs.length]!;
    onChoose(next.name);
    document.getElementById(`${id}-${next.name}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            type="button"
            role="tab"
            aria-selected={tab === current}
            aria-controls={`${id}-panel`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => onChoose(tab.name)}
          >
            {tab.label}
            {tab.count && <span className="count">{tab.count}</span>}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${current.name}`} className="tab-panel">
        {current.content()}
      </div>
    </>
  );
}
