import type { CSSProperties } from "react";
import { Boundary } from "../../components/boundary";
import { defaultRow, moved, type Panel, type Section, toggled } from "../../lib/board-layout";
import { cardsRoom, type RoomFacts } from "../../lib/board-rooms";
import type { ChartState } from "../../lib/chart-state";
import { plural } from "../../lib/format";
import { CurveCard, type Shared } from "./card";
import type { CardActs } from "./card-menu";
import { Grip, useDropTarget } from "./grip";
import { Singles } from "./singles";
import { Stretches } from "./stretches";

interface Props {
  section: Section;
  facts: RoomFacts;
  shared: Shared;
  state: ChartState;
  onState: (next: Partial<ChartState>) => void;
  onEdit: (formula: string) => void;
  /** Puts the section elsewhere; undefined where there is no other place. */
  onMove: ((by: number) => void) | undefined;
  /** Puts the section of a name in the place of this one. */
  onDrop: ((name: string) => void) | undefined;
}

const DRAGGED = "application/x-assay-section";

/** The charts whose metrics share a prefix. */
export function ChartSection({ section, facts, shared, state, onState, onEdit, onMove, onDrop }: Props) {
  const { prefix, name, panels, singles } = section;
  const drop = useDropTarget(DRAGGED, onDrop);
  const { charts } = facts;
  const isOpen = !state.folded.includes(name);
  const row = state.row || defaultRow(panels.length, charts);
  return (
    <section className="board-part" aria-label={name} {...drop}>
      {onMove && <Grip kind={DRAGGED} id={name} name={`the section ${name}`} around="section" onMove={onMove} />}
      <details
        className="board-group"
        open={isOpen}
        onToggle={(event) => {
          if (event.currentTarget.open !== isOpen) onState({ folded: toggled(state.folded, name) });
        }}
      >
        <summary>
          <h2>{name}</h2>
          <span className="muted">
            {plural(panels.length + singles.length, prefix === "Formulas" ? "chart" : "metric")}
          </span>
        </summary>
        {isOpen && singles.length > 0 && <Singles keys={singles} runs={shared.runs} facts={facts} />}
        {isOpen && panels.length > 0 && (
          <div className="board-stretch">
            <Stretches items={panels} roomOf={(part) => cardsRoom(part.length, panels.length, facts)}>
              {(part, from) => (
                <div className="board-cards" style={{ "--row": row } as CSSProperties}>
                  {part.map((panel, at) => (
                    <Boundary key={panel.id} what={`The chart of ${panel.title}`}>
                      <CurveCard
                        panel={panel}
                        size={state.large.includes(panel.id) || charts === 1 ? "large" : "normal"}
                        acts={actsOf({ panel, panels, place: from + at, state, onState, onEdit })}
                        {...shared}
                      />
                    </Boundary>
                  ))}
                </div>
              )}
            </Stretches>
          </div>
        )}
      </details>
    </section>
  );
}

interface ActsRequest {
  panel: Panel;
  panels: Panel[];
  place: number;
  state: ChartState;
  onState: (next: Partial<ChartState>) => void;
  onEdit: (formula: string) => void;
}

function actsOf({ panel, panels, place, state, onState, onEdit }: ActsRequest): CardActs {
  const { id, formula } = panel;
  const ids = panels.map((one) => one.id);
  const put = (other: string, to: number) => onState({ order: moved(ids, state.order, other, to) });
  const alone = panels.length === 1;
  return {
    onMove: alone ? undefined : (by) => put(id, place + by),
    onDrop: alone
      ? undefined
      : (other) => {
          if (other !== id && ids.includes(other)) put(other, place);
        },
    onLarge: alone ? undefined : () => onState({ large: toggled(state.large, id) }),
    large: state.large.includes(id),
    onFull: () => onState({ full: id }),
    onHide: () =>
      onState(
        formula === undefined
          ? { off: [...state.off, id] }
          : { formulas: state.formulas.filter((other) => other !== formula) },
      ),
    onEdit: formula === undefined ? undefined : () => onEdit(formula),
    onRange: rangeAct(id, state, onState),
  };
}

/** Sets the y axis of one chart by hand. */
export function rangeAct(
  id: string,
  state: ChartState,
  onState: (next: Partial<ChartState>) => void,
): (range: [number, number] | undefined) => void {
  return (range) => {
    const { [id]: _, ...others } = state.ranges;
    onState({ ranges: range ? { ...others, [id]: range } : others });
  };
}
